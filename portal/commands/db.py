"""`coverwright db`: bring the tables to the shape that this version needs."""

import click
from sqlalchemy.exc import OperationalError

from portal import migrations


@click.group()
def db() -> None:
    """Tables of the database."""


@db.command()
def upgrade() -> None:
    """Apply all migrations that are missing. Safe to repeat."""
    from portal.cli import Refused, records

    engine = records().engine
    try:
        migrations.upgrade(engine)
    except OperationalError as error:
        raise Refused(f"The database does not answer: {error.orig}") from None
    click.echo(f"Database is at {migrations.current(engine)}.", err=True)


@db.command()
def current() -> None:
    """Print the revision of the database and the newest one."""
    from portal.cli import records

    click.echo(f"{migrations.current(records().engine) or 'empty'} (newest: {migrations.head()})")


@db.command()
@click.argument("slug")
def revision(slug: str) -> None:
    """Write a migration from the difference between code and database. For developers."""
    from portal.cli import records

    migrations.new_revision(records().engine, slug)


def register(cli: click.Group) -> None:
    """Add the group."""
    cli.add_command(db)
