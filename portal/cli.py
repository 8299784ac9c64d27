"""The console command `coverwright`. Each module of portal/commands adds its verbs with `register(cli)`."""

import importlib
import pkgutil

import click
from flask.cli import FlaskGroup

from catalog.store.base import Sessions
from portal import commands, create_app
from portal.web.database import open_sessions
from portal.web.settings import SettingsError, read_settings

DONE, DONE_WITH_PROBLEMS, REFUSED = 0, 1, 2


class Refused(click.ClickException):
    """The command did nothing; the message says why and what to do. Exit code 2."""

    exit_code = REFUSED


@click.group(cls=FlaskGroup, create_app=create_app, add_default_commands=False, load_dotenv=False)
def main() -> None:
    """Member portal and plan configurator for a health-insurance payer."""


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
