"""Accounts: register, sign in and out, change the password, keep what was started before signing in."""

from flask import Flask

from portal.accounts.operations import load_account
from portal.accounts.views import blueprint


def register(app: Flask) -> None:
    """Add the pages and tell the sign-in library how to find an account."""
    app.register_blueprint(blueprint)
    app.extensions["login"].user_loader(load_account)
