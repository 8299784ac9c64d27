"""The console command `coverwright`. Each module of portal/commands adds its verbs with `register(cli)`."""

import importlib
import pkgutil

import click
from flask import Flask
from flask.cli import ScriptInfo

from catalog.store.base import Sessions
from portal import commands, create_app
from portal.web.database import open_sessions
from portal.web.settings import SettingsError, read_settings

DONE, DONE_WITH_PROBLEMS, REFUSED = 0, 1, 2


class Refused(click.ClickException):
    """The command did nothing; the message says why and what to do. Exit code 2."""

    exit_code = REFUSED


@click.group()
@click.pass_context
def main(context: click.Context) -> None:
    """Member portal and plan configurator for a health-insurance payer.

    Settings come from the environment: DATABASE_URL (default: a SQLite file in COVERWRIGHT_DATA), COVERWRIGHT_DATA
    (folder of releases and documents, default: var), COVERWRIGHT_MODE (production, demo or test), SECRET_KEY (needed
    to serve in production), COVERWRIGHT_HOSTS (host names that the portal answers to, separated by spaces; set it
    wherever strangers can reach the portal). Exit codes: 0 done, 1 done with reported problems, 2 refused. With --json
    one documented object goes to standard output and everything else to standard error.
    """
    # The application is made only by commands that need it, so that help and catalogue work need no secret.
    context.obj = ScriptInfo(create_app=_application)


def _application() -> Flask:
    try:
        return create_app()
    except SettingsError as error:
        raise Refused(str(error)) from None


def records() -> Sessions:
    """The database that the environment names, for commands that need no web application."""
    try:
        return open_sessions(read_settings(needs_secret=False))
    except SettingsError as error:
        raise Refused(str(error)) from None


def _load_commands() -> None:
    for module in sorted(pkgutil.iter_modules(commands.__path__), key=lambda each: each.name):
        importlib.import_module(f"portal.commands.{module.name}").register(main)


_load_commands()
