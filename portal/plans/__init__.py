"""Plans: list, compare, plan page; and the shop that prices them."""

from flask import Flask

from portal.plans.views import blueprint
from portal.web.registries import on_navigation


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(blueprint)
    on_navigation("Plans and prices", "plans.index", order=25)
