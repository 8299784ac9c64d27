"""The landing page, help, service health: pages that belong to no feature."""

from flask import Flask

from portal.pages.views import blueprint


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(blueprint)
