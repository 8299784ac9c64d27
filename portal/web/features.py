"""Finds the features: every package of portal/ that has pages (views.py), and every module that holds tables.

A feature's `__init__` has `register(app)`, which adds its blueprint.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

import catalog.store

FOLDER = Path(__file__).resolve().parents[1]


def feature_names() -> list[str]:
    """Names of the feature packages, in alphabetical order."""
    return sorted(views.parent.name for views in FOLDER.glob("*/views.py"))


def register_features(app: Flask) -> None:
    """Call `register(app)` of each feature."""
    for name in feature_names():
        importlib.import_module(f"portal.{name}").register(app)


def load_models() -> None:
    """Import every module with tables, so that the one metadata is complete."""
    for name in _model_modules():
        importlib.import_module(name)


def load_seeders() -> None:
    """Import the ``seeding`` module of each feature that has one: only the demo needs them."""
    for feature in feature_names():
        name = f"portal.{feature}.seeding"
        if importlib.util.find_spec(name):
            importlib.import_module(name)


def _model_modules() -> Iterator[str]:
    for module in pkgutil.iter_modules(catalog.store.__path__):
        yield f"catalog.store.{module.name}"
    yield "portal.web.models"
    for feature in feature_names():
        if (FOLDER / feature / "models.py").exists():
            yield f"portal.{feature}.models"
