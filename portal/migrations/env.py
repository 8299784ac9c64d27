"""Runs the revisions: one transaction each, with time limits on PostgreSQL, by table copy on SQLite."""

from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeDecorator

from catalog.store.base import Base
from portal.web.features import load_models

LOCK_SECONDS = 4
STATEMENT_SECONDS = 60
_TRUTHS = {sa.false().__class__: "sa.false()", sa.true().__class__: "sa.true()"}


def render_item(kind: str, item: Any, _: AutogenContext) -> str | bool:
    """Write our column types as the plain types underneath, and yes-or-no defaults so that both engines take them.

    A revision must not change when the code does.
    """
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    if kind == "server_default":
        return _TRUTHS.get(type(getattr(item, "arg", None)), False)
    return False


def run(connection: Connection) -> None:
    """Apply what is missing on this connection."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SET lock_timeout = '{LOCK_SECONDS}s'"))
        connection.execute(sa.text(f"SET statement_timeout = '{STATEMENT_SECONDS}s'"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transaction_per_migration=True,
        render_item=render_item,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


load_models()
with context.config.attributes["engine"].connect() as bound:
    run(bound)
