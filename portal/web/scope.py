"""Row scope: a personal row is visible to its owner and to nobody else, whatever the query says.

Every table of people's data mixes in `Personal`. A session that queries such a table without a scope raises
`Unscoped`: a forgotten check becomes a failing page, never a leak. Raw SQL and Core selects escape this hook, so
features use neither on personal tables.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import abort, g
from sqlalchemy import event
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria
from sqlalchemy.sql import visitors

from catalog.store.base import PublicId, is_public_id
from portal.web.database import db

NOT_FOUND = 404
AnyModel = TypeVar("AnyModel")


class Unscoped(Exception):
    """A personal table was queried or written with no scope set, or for somebody else."""


@dataclass(frozen=True)
class Scope:
    """Whose rows a session may touch: a member's, a shopper's, or (`everything`) all, for named internal work."""

    account_id: str | None = None
    shopper_id: str | None = None
    everything: str = ""

    @property
    def empty(self) -> bool:
        """True for a visitor who owns nothing yet."""
        return not (self.account_id or self.shopper_id or self.everything)


class Personal:
    """Mixin: the owner of the row, exactly one of the two columns. Filled from the scope when left out."""

    member_account_id: Mapped[str | None] = mapped_column(
        PublicId, sa.ForeignKey("account.id", ondelete="CASCADE"), index=True, default=None
    )
    shopper_id: Mapped[str | None] = mapped_column(
        PublicId, sa.ForeignKey("shopper.id", ondelete="CASCADE"), index=True, default=None
    )


def set_scope(scope: Scope) -> None:
    """Fix the scope of this request's session."""
    g.scope = scope
    if "db" in g:
        g.db.info["scope"] = scope


def current_scope() -> Scope:
    """The scope of this request; empty for a visitor who owns nothing."""
    return g.get("scope") or Scope()


@contextmanager
def everything(session: Session, reason: str) -> Iterator[None]:
    """Lift the scope for internal work (merging, seeding, purging); `reason` says which, for the reader and the log."""
    before = session.info.get("scope")
    session.info["scope"] = Scope(everything=reason)
    try:
        yield
        session.flush()
    finally:
        session.info["scope"] = before


def get_or_404(model: type[AnyModel], public_id: str, *options: Any) -> AnyModel:
    """The row with this public id if it is the person's own; a foreign id answers exactly as a missing one.

    A text that cannot be an id is not asked for.
    """
    if not is_public_id(public_id):
        abort(NOT_FOUND)
    found = db().scalars(sa.select(model).where(model.id == public_id).options(*options)).one_or_none()
    if found is None:
        abort(NOT_FOUND)
    return found


@event.listens_for(Session, "do_orm_execute")
def _filter_personal_rows(state: ORMExecuteState) -> None:
    if not _touches_personal(state):
        return
    scope = state.session.info.get("scope")
    if scope is None:
        raise Unscoped("a personal table was queried with no scope set; see portal/web/scope.py")
    if not scope.everything:
        account_id, shopper_id = scope.account_id or "", scope.shopper_id or ""
        state.statement = state.statement.options(
            with_loader_criteria(
                Personal,
                lambda row: sa.or_(row.member_account_id == account_id, row.shopper_id == shopper_id),
                include_aliases=True,
            )
        )


def _touches_personal(state: ORMExecuteState) -> bool:
    if state.is_column_load:
        return False
    if state.is_insert:
        return state.bind_mapper is not None and issubclass(state.bind_mapper.class_, Personal)
    return any(issubclass(mapper.class_, Personal) for mapper in state.all_mappers) or _reads_personal_table(state)


def _reads_personal_table(state: ORMExecuteState) -> bool:
    """Look into joins, subqueries and lone columns too, where no mapper stands at the top."""
    guarded = personal_tables()
    return any(_table_name(element) in guarded for element in visitors.iterate(state.statement))


def _table_name(element: Any) -> str:
    table = element if isinstance(element, sa.Table) else getattr(element, "table", None)
    return table.name if isinstance(table, sa.Table) else ""


def personal_models() -> list[type]:
    """Every mapped class whose rows belong to a person."""
    found, waiting = [], Personal.__subclasses__()
    while waiting:
        model = waiting.pop()
        waiting.extend(model.__subclasses__())
        if hasattr(model, "__table__"):
            found.append(model)
    return sorted(found, key=lambda model: model.__tablename__)


def personal_tables() -> frozenset[str]:
    """Names of the personal tables."""
    return frozenset(model.__tablename__ for model in personal_models())


@event.listens_for(Session, "before_flush")
def _own_new_rows(session: Session, *_: Any) -> None:
    touched = [row for row in (*session.new, *session.dirty, *session.deleted) if isinstance(row, Personal)]
    if not touched:
        return
    scope = session.info.get("scope")
    if scope is None or scope.empty:
        raise Unscoped(f"a {type(touched[0]).__name__} was written with no scope set")
    for row in touched:
        _own(row, scope)


def _own(row: Personal, scope: Scope) -> None:
    if scope.everything:
        return
    if row.member_account_id is None and row.shopper_id is None:
        row.member_account_id = scope.account_id
        row.shopper_id = None if scope.account_id else scope.shopper_id
    mine = row.member_account_id == scope.account_id if row.member_account_id else row.shopper_id == scope.shopper_id
    if not mine:
        raise Unscoped(f"a {type(row).__name__} was written for somebody else")
