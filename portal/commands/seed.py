"""`coverwright seed-demo`: invented people with their sign-ins, and the invented content of every feature."""

import json
from dataclasses import dataclass

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.accounts.operations import create
from portal.web.database import sessions
from portal.web.features import load_seeders
from portal.web.permissions import Role
from portal.web.scope import everything
from portal.web.seeding import seeders
from portal.web.settings import Mode

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Person:
    """An invented person who can sign in to the demo."""

    role: Role
    name: str
    email: str
    password: str


PEOPLE = (
    Person(Role.MEMBER, "Dana Whitfield", "dana@lakewright.example", "quiet river morning 27"),
    Person(Role.BROKER, "Marcus Bell", "marcus@lakewright.example", "paper kite broker 27"),
    Person(Role.SERVICE, "Ines Porter", "ines@lakewright.example", "patient listener 27"),
    Person(Role.PRODUCT, "Theo Marsh", "theo@lakewright.example", "filed template office 27"),
    Person(Role.ADMIN, "Ruth Calloway", "ruth@lakewright.example", "keeper of the keys 27"),
)


@click.command("seed-demo")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
@with_appcontext
def seed_demo(as_json: bool) -> None:
    """Fill the database with invented people and content. Safe to repeat; refused in production mode."""
    _refuse_in_production()
    load_seeders()
    with sessions().write() as records, everything(records, "seeding the demo"):
        accounts = {person.role.value: _account(records, person) for person in PEOPLE}
        for seed in seeders():
            seed(records, accounts)
    _print_json() if as_json else _print_words()


def _refuse_in_production() -> None:
    from portal.cli import Refused

    mode = current_app.extensions["settings"].mode
    if mode is Mode.PRODUCTION:
        raise Refused(
            "seed-demo makes accounts with public passwords; it does not run in production mode, which is the default. "
            "For the demo set COVERWRIGHT_MODE=demo."
        )


def _account(records: Session, person: Person) -> str:
    known = records.scalars(sa.select(Account).where(Account.email == person.email)).one_or_none()
    return (known or create(records, person.email, person.name, person.password, person.role)).id


def _print_json() -> None:
    sign_ins = [
        {"role": person.role.value, "name": person.name, "email": person.email, "password": person.password}
        for person in PEOPLE
    ]
    click.echo(json.dumps({"schema_version": SCHEMA_VERSION, "invented": True, "sign_ins": sign_ins}))


def _print_words() -> None:
    click.echo("Everybody here is invented. Sign-ins of the demo:")
    for person in PEOPLE:
        click.echo(f"  {person.role.value:<8} {person.email:<28} {person.password}")


def register(cli: click.Group) -> None:
    """Add the command."""
    cli.add_command(seed_demo)
