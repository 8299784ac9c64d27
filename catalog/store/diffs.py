"""What differs between two releases, row by row: added, removed, changed, with old and new values and their sources."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import NamedFromClause

from catalog.store.mapping import NounTable
from catalog.store.release_info import release_info
from catalog.store.tables import NOUN_TABLES, number_of
from catalog.terms import Noun

DETAILS = 20


@dataclass(frozen=True)
class FieldChange:
    """One field of a row that differs."""

    field: str
    old: Any
    new: Any


@dataclass(frozen=True)
class RowChange:
    """A row that differs. ``old`` is None where it was added, ``new`` where it was removed."""

    key: str
    old: Noun | None
    new: Noun | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def kind(self) -> str:
        """``added``, ``removed`` or ``changed``."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"


@dataclass(frozen=True)
class TableDiff:
    """Numbers of rows, and the first few of each kind."""

    added: int
    removed: int
    changed: int
    rows: tuple[RowChange, ...]


@dataclass(frozen=True)
class Diff:
    """Differences by table name; tables without any are absent."""

    old_id: str
    new_id: str
    tables: Mapping[str, TableDiff]

    @property
    def empty(self) -> bool:
        """Whether both releases hold the same content."""
        return not self.tables


def diff(session: Session, old_id: str, new_id: str, *, details: int = DETAILS) -> Diff:
    """Compare two releases. ``details`` limits the rows shown of each kind and table. Raises UnknownReleaseError."""
    for release_id in (old_id, new_id):
        release_info(session, release_id)
    compared = ((table, _table_diff(session, table, old_id, new_id, details)) for table in NOUN_TABLES)
    return Diff(old_id, new_id, {table.name: found for table, found in compared if found.rows})


def _table_diff(session: Session, table: NounTable, old_id: str, new_id: str, details: int) -> TableDiff:
    removed, gone = _only_in(session, table, old_id, new_id, details)
    added, come = _only_in(session, table, new_id, old_id, details)
    changed = list(_changed(session, table, old_id, new_id))
    rows = (
        *(RowChange(_key(noun), noun, None) for noun in gone),
        *(RowChange(_key(noun), None, noun) for noun in come),
        *changed[:details],
    )
    return TableDiff(added, removed, len(changed), rows)


def _only_in(session: Session, table: NounTable, here_id: str, there_id: str, details: int) -> tuple[int, list[Noun]]:
    here, there = table.table, table.table.alias("there")
    absent = ~sa.exists().where(there.c.release_no == number_of(there_id), *_same_key(table, here, there))
    condition = sa.and_(table.release_no == number_of(here_id), absent)
    number = session.scalar(sa.select(sa.func.count()).select_from(here).where(condition))
    query = sa.select(*table.columns).where(condition).order_by(*_keys(table, here)).limit(details)
    return number, [table.read(row) for row in session.execute(query)] if number else []


def _changed(session: Session, table: NounTable, old_id: str, new_id: str) -> Iterator[RowChange]:
    old, new = table.table.alias("old"), table.table.alias("new")
    others = [name for name in table.field_names if name not in table.key]
    if not others:
        return
    query = (
        sa.select(*table.columns_of(old), *table.columns_of(new))
        .where(
            old.c.release_no == number_of(old_id),
            new.c.release_no == number_of(new_id),
            *_same_key(table, old, new),
            sa.or_(*(old.c[name].is_distinct_from(new.c[name]) for name in others)),
        )
        .order_by(*_keys(table, new))
    )
    for row in session.execute(query):
        width = len(table.columns)
        before, after = table.read(row[:width]), table.read(row[width:])
        if before != after:  # texts as filed may differ where the values they stand for are equal
            yield RowChange(_key(after), before, after, tuple(_field_changes(before, after, others)))


def _field_changes(old: Noun, new: Noun, names: Iterable[str]) -> Iterator[FieldChange]:
    for name in names:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield FieldChange(name, before, after)


def _same_key(table: NounTable, one: NamedFromClause, other: NamedFromClause) -> Iterator[sa.ColumnElement[bool]]:
    return (one.c[name] == other.c[name] for name in table.key)


def _keys(table: NounTable, source: NamedFromClause) -> list[sa.ColumnElement]:
    return [source.c[name] for name in table.key]


def _key(noun: Noun) -> str:
    return " ".join(str(part) for part in noun.key if part != "")
