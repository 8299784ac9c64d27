"""A draft is made in a private database beside the records, so that people can write while files are read.

Reading and checking filed files takes minutes, and SQLite has one write lock. So everything slow happens in a
temporary SQLite file; what is kept then moves over as finished rows, in one short transaction.

with staged(read(paths), made_on=now) as stage:
    report = stage.keep(sessions)  # or, for a dry run: stage.report_for(sessions)
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine

from catalog.store.base import Base, Sessions, make_engine
from catalog.store.drafts import DraftReport, is_known, write_draft
from catalog.store.tables import NOUN_TABLES, problem, release
from catalog.terms import Noun, Problem

_TABLES = (release, problem, *(each.table for each in NOUN_TABLES))
_ROWS = _TABLES[1:]
_BATCH = 5_000
_ATTACHED = "staged"


class Stage:
    """A finished draft in a database of its own."""

    def __init__(self, engine: Engine, report: DraftReport) -> None:
        self._engine = engine.execution_options(reading=True)
        self._report = report
        with self._engine.connect() as own:
            self._release = dict(own.execute(sa.select(release)).mappings().one())
        del self._release["number"]

    def report_for(self, sessions: Sessions) -> DraftReport:
        """What keeping it would do; nothing is written and no write lock is taken."""
        with sessions.read() as session:
            return self._told(session.connection())

    def keep(self, sessions: Sessions) -> DraftReport:
        """Move the draft to the records: all of it or, where the same content is there already, nothing."""
        with sessions.engine.connect() as connection:
            return self._attach(connection) if connection.dialect.name == "sqlite" else self._transfer(connection)

    def _transfer(self, connection: Connection) -> DraftReport:
        with connection.begin(), self._engine.connect() as own:
            return self._move(connection, lambda table, number: _send(own, connection, table, number))

    def _attach(self, connection: Connection) -> DraftReport:
        """SQLite moves rows between two of its files on its own, which keeps its one write lock short."""
        self._engine.dispose()  # a transaction that writes locks every attached file
        cursor = connection.connection.cursor()
        cursor.execute(f"ATTACH DATABASE ? AS {_ATTACHED}", (self._engine.url.database,))
        try:
            with connection.begin():
                return self._move(connection, lambda table, number: _pull(connection, table, number))
        finally:
            cursor.execute(f"DETACH DATABASE {_ATTACHED}")
            cursor.close()

    def _move(self, connection: Connection, move: Callable[[sa.Table, int], None]) -> DraftReport:
        report = self._told(connection)
        if not report.already:
            number = connection.execute(sa.insert(release).values(self._release)).inserted_primary_key[0]
            for table in _ROWS:
                move(table, number)
        return report

    def _told(self, connection: Connection) -> DraftReport:
        return replace(self._report, already=is_known(connection, self._report.release_id))


@contextmanager
def staged(found: Iterable[Noun | Problem], **options: Any) -> Iterator[Stage]:
    """Read, check and write a draft as `write_draft` does, into a temporary database that is gone after the block.

    ``options`` are those of `write_draft`. Raises FileRefused, and then there is nothing to keep.
    """
    with TemporaryDirectory(prefix="coverwright-import-") as folder:
        engine = _temporary_engine(Path(folder))
        try:
            Base.metadata.create_all(engine, tables=_TABLES)
            with Sessions(engine).write() as session:
                report = write_draft(session, found, **options)
            yield Stage(engine, report)
        finally:
            engine.dispose()


def _temporary_engine(folder: Path) -> Engine:
    engine = make_engine(URL.create("sqlite", database=str(folder / "draft.db")))
    event.listen(engine, "connect", _careless)
    return engine


def _careless(connection: Any, _: Any) -> None:
    """Nobody needs this file after a crash, so nothing waits for the disk."""
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA journal_mode = DELETE")


def _columns(table: sa.Table) -> list[sa.Column]:
    return [column for column in table.columns if column.name != "release_no"]


def _pull(connection: Connection, table: sa.Table, number: int) -> None:
    """Rows from the attached file, as they are stored."""
    names = [column.name for column in _columns(table)]
    source = sa.table(table.name, *map(sa.column, names), schema=_ATTACHED)
    rows = sa.select(sa.literal(number, sa.Integer), *(source.c[name] for name in names))
    connection.execute(sa.insert(table).from_select(["release_no", *names], rows, include_defaults=False))


def _send(own: Connection, connection: Connection, table: sa.Table, number: int) -> None:
    """Rows as values, for a database that cannot read the file; memory stays flat."""
    found = own.execution_options(yield_per=_BATCH).execute(sa.select(*_columns(table)))
    for rows in found.mappings().partitions():
        connection.execute(sa.insert(table), [{**row, "release_no": number} for row in rows])
