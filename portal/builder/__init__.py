"""The builder: a bundle put together step by step, priced and checked at every click."""

from flask import Flask

from portal.builder.views import blueprint
from portal.web.registries import on_navigation


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(blueprint)
    on_navigation("Your bundle", "builder.show", order=30)
