"""Saved configurations: immutable versions of a bundle, with copy, undo and resume links."""

from flask import Flask

from portal.configurations.views import blueprint
from portal.web.registries import on_navigation


def register(app: Flask) -> None:
    """Add the pages."""
    app.register_blueprint(blueprint)
    on_navigation("Saved bundles", "configurations.index", order=40)
