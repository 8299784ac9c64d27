"""The household: who wants cover, where they live, what they earn. Everything else is priced from it."""

from flask import Flask

from portal.household.views import blueprint
from portal.web.registries import on_navigation


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(blueprint)
    on_navigation("Your household", "household.show", order=20)
