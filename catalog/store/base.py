"""One metadata, column types, engines and sessions for every table of the project.

Nothing above this package knows which database is underneath: SQLite (write-ahead log) by default, PostgreSQL by URL.
SQLite needs care that its driver does not take: without BEGIN IMMEDIATE two read-then-write transactions lose updates,
so the two kinds of session (`Sessions.read`, `Sessions.write`) are kept apart on purpose.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Dialect, Engine, make_url
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, sessionmaker
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

SQLITE_BUSY_MILLISECONDS = 15_000
_PUBLIC_ID = re.compile("[0-9a-f]{32}")
_LARGEST_AMOUNT = 10**12  # millionths of it still fit a 64-bit integer
_SQLITE_PRAGMAS = (
    f"PRAGMA busy_timeout = {SQLITE_BUSY_MILLISECONDS}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
)


class Base(DeclarativeBase):
    """Parent of every table; one metadata with names for all constraints, so that migrations can address them."""

    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)


class Scaled(TypeDecorator[Decimal]):
    """Exact decimal kept as a big integer of `places` decimal places.

    Takes `Decimal` or `int` only; a float raises TypeError, a value with more places than the column ValueError.
    """

    impl = sa.BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """Decimal to integer units; refuses what would have to be rounded."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
            raise TypeError(f"expected a Decimal, found {value!r}")
        amount = Decimal(value)
        if not amount.is_finite() or abs(amount) >= _LARGEST_AMOUNT:
            raise ValueError(f"{value} does not fit a column of {self.places} decimal places")
        units = amount.scaleb(self.places)
        if units != units.to_integral_value() or units.scaleb(-self.places) != amount:
            raise ValueError(f"{value} has more than {self.places} decimal places; round it in a named function first")
        return int(units)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Integer units back to a Decimal with exactly `places` places."""
        return None if value is None else Decimal(int(value)).scaleb(-self.places)


class Cents(Scaled):
    """Dollars as Decimal in code, integer cents in the table."""

    cache_ok = True

    def __init__(self) -> None:
        super().__init__(places=2)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept and returned in UTC on both engines; a naive datetime raises ValueError."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware datetime to UTC; SQLite has no time zone, so there the mark is dropped after conversion."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"expected a datetime with a time zone, found {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_public_id() -> str:
    """A random 128-bit identifier as 32 hex digits; the only kind of id that may appear outside."""
    return secrets.token_hex(16)


def is_public_id(text: str) -> bool:
    """Whether a text could be a `new_public_id()`: 32 lower-case hex digits."""
    return _PUBLIC_ID.fullmatch(text) is not None


class PublicId(TypeDecorator[str]):
    """Column for `new_public_id()`: 32 lower-case hex digits. Anything else simply matches no row.

    A comparison with anything else is made with an empty text, so that what one of the databases refuses (such as NUL)
    never reaches it and both answer alike.
    """

    impl = sa.String(32)
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[str]):
        """Compares with possible ids only."""

        def __eq__(self, other: object) -> Any:
            impossible = isinstance(other, str) and not is_public_id(other)
            return super().__eq__("" if impossible else other)

        __hash__ = TypeDecorator.Comparator.__hash__

    comparator_factory = Comparator


class JsonDocument(TypeDecorator[Any]):
    """A JSON text. Decimals become strings, dates ISO; keys are sorted so that equal content has equal bytes.

    With `JsonDocument(SomeDataclass)` the value is read back as that type, else as plain dicts and lists.
    """

    impl = sa.Text
    cache_ok = True

    def __init__(self, document_type: Any = Any) -> None:
        super().__init__()
        self.document_type = document_type

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Encode deterministically."""
        return None if value is None else msgspec.json.encode(value, order="deterministic").decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Decode into `document_type`."""
        return None if value is None else msgspec.json.decode(value, type=self.document_type)


def choice(members: type[Enum], length: int = 40) -> sa.Enum:
    """Column type for an enumeration: its *values* are stored as text, so that renaming a member moves no data."""
    return sa.Enum(
        members,
        native_enum=False,
        length=length,
        validate_strings=True,
        values_callable=lambda kind: [member.value for member in kind],
    )


def normalise_url(url: str | URL) -> URL:
    """Accept `sqlite:///...`, `postgresql://...` and the older `postgres://...`; others raise ValueError."""
    parsed = make_url(url.replace("postgres://", "postgresql://", 1) if isinstance(url, str) else url)
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return parsed
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise ValueError(f"DATABASE_URL starts with {backend!r}; expected sqlite or postgresql")


def make_engine(url: str | URL, **options: Any) -> Engine:
    """An engine set up so that acknowledged writes are neither lost nor doubled on either database.

    Its errors never quote the values of a statement: they are people's data, and errors end in logs.
    """
    parsed = normalise_url(url)
    options = options | {"hide_parameters": True}
    if parsed.get_backend_name() == "sqlite":
        return _make_sqlite_engine(parsed, options)
    return sa.create_engine(parsed, pool_pre_ping=True, **options)


def _make_sqlite_engine(url: URL, options: dict[str, Any]) -> Engine:
    if url.database in (None, "", ":memory:"):
        options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}} | options
    engine = sa.create_engine(url, **options)
    event.listen(engine, "connect", _prepare_sqlite_connection)
    event.listen(engine, "begin", _begin_sqlite_transaction)
    return engine


def _prepare_sqlite_connection(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver must not open transactions of its own
    cursor = connection.cursor()
    for pragma in _SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite_transaction(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


_READING_ONLY = "this session was opened for reading; use Sessions.write() to change records"


class ReadOnlySession(Session):
    """A session that refuses to flush: what is opened for reading cannot write by accident."""

    def flush(self, objects: Any = None) -> None:
        """Raise RuntimeError when there is anything to write."""
        if self.new or self.deleted or any(self.is_modified(each) for each in self.dirty):
            raise RuntimeError(_READING_ONLY)
        super().flush(objects)


@event.listens_for(ReadOnlySession, "do_orm_execute")
def _refuse_bulk_writes(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise RuntimeError(_READING_ONLY)


class Sessions:
    """The two kinds of transaction over one engine: `read()` never writes, `write()` commits or leaves nothing."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.reader = sessionmaker(engine.execution_options(reading=True), class_=ReadOnlySession)
        self.writer = sessionmaker(engine, expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A consistent view of the records; rolled back at the end."""
        with self.reader() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        with self.writer.begin() as session:
            yield session
