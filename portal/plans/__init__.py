"""Plans: list, compare, plan page; and the shop that prices them."""

from flask import Flask


def register(app: Flask) -> None:
    """Add the pages."""
    from portal.plans.views import blueprint

    app.register_blueprint(blueprint)
