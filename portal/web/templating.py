"""What every template may use: globals, filters, and strictness about names that do not exist."""

import secrets

from flask import Flask, current_app
from jinja2 import StrictUndefined

from catalog.store.base import new_public_id
from portal.web import clock, formats
from portal.web.branding import branding
from portal.web.registries import exists, link_to, navigation, offers


def init_templating(app: Flask) -> None:
    """Register globals and filters."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(
        brand=branding(),
        link_to=link_to,
        page_exists=exists,
        navigation=navigation,
        offers=offers,
        today=clock.today,
        new_key=new_public_id,
        unique=_unique,
        is_demo=lambda: current_app.extensions["settings"].demo,
    )
    environment.filters.update(
        dollars=formats.dollars, whole_dollars=formats.whole_dollars, day=formats.day, count_of=formats.count_of
    )


def _unique(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(3)}"
