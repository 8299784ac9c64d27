"""Exact column types and the two kinds of session, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Mapped, mapped_column

from catalog.store.base import (
    Base,
    Cents,
    JsonDocument,
    PublicId,
    Scaled,
    Sessions,
    UtcDateTime,
    choice,
    new_public_id,
    normalise_url,
)

MOMENT = datetime(2026, 11, 15, 12, 30, 15, 123456, tzinfo=UTC)
EDITORS, EDITS = 4, 25


class Colour(Enum):
    DEEP_RED = "deep red"


@dataclass(frozen=True)
class Detail:
    amount: Decimal


class Thing(Base):
    """A row with one column of each type."""

    __tablename__ = "sample_thing"

    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_public_id)
    amount: Mapped[Decimal] = mapped_column(Cents, default=Decimal(0))
    rate: Mapped[Decimal] = mapped_column(Scaled(6), default=Decimal(0))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=MOMENT)
    colour: Mapped[Colour] = mapped_column(choice(Colour), default=Colour.DEEP_RED)
    detail: Mapped[Detail] = mapped_column(JsonDocument(Detail), default=Detail(Decimal("1.10")))
    number: Mapped[int] = mapped_column(default=0)


@pytest.fixture
def sessions(engine):
    Base.metadata.create_all(engine, tables=[Thing.__table__])
    return Sessions(engine)


def test_every_value_comes_back_as_it_went(sessions):
    with sessions.write() as records:
        records.add(Thing(amount=Decimal("-12345678901.23"), rate=Decimal("0.0996")))
    with sessions.read() as records:
        thing = records.scalars(sa.select(Thing)).one()
        assert (str(thing.amount), str(thing.rate)) == ("-12345678901.23", "0.099600")
        assert thing.at == MOMENT
        assert thing.at.tzinfo is UTC
        assert thing.colour is Colour.DEEP_RED
        assert thing.detail == Detail(Decimal("1.10"))
        assert len(thing.id) == 32
        stored = records.execute(sa.text("SELECT amount, colour, detail FROM sample_thing")).one()
        assert stored == (-1234567890123, "deep red", '{"amount":"1.10"}')


def test_a_moment_of_any_zone_is_kept_in_utc(sessions):
    with sessions.write() as records:
        records.add(Thing(at=MOMENT.astimezone(timezone(timedelta(hours=-5)))))
    with sessions.read() as records:
        assert records.scalar(sa.select(Thing.at)) == MOMENT
        assert records.scalars(sa.select(Thing).where(Thing.at <= MOMENT)).one()


@pytest.mark.parametrize(
    "wrong", [{"amount": 1.5}, {"amount": Decimal("0.001")}, {"amount": True}, {"at": MOMENT.replace(tzinfo=None)}]
)
def test_what_is_not_exact_is_refused(sessions, wrong):
    with sessions.writer() as records:
        records.add(Thing(**wrong))
        with pytest.raises(StatementError):
            records.flush()


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**11), max_value=10**11))
def test_cents_are_exact(amount):
    column = Cents()
    units = column.process_bind_param(amount, None)
    assert units == amount * 100
    assert column.process_result_value(units, None) == amount


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_a_scaled_column_refuses_rather_than_rounds(value):
    column = Scaled(4)
    try:
        units = column.process_bind_param(value, None)
    except ValueError:
        return
    assert column.process_result_value(units, None) == value


def test_a_reading_session_refuses_to_write(sessions):
    with sessions.write() as records:
        records.add(Thing())
    with sessions.read() as records:
        records.scalars(sa.select(Thing)).one().number = 5
        with pytest.raises(RuntimeError, match=r"Sessions\.write"):
            records.flush()
    with sessions.read() as records, pytest.raises(RuntimeError, match=r"Sessions\.write"):
        records.execute(sa.delete(Thing))


def test_a_writing_session_leaves_all_or_nothing(sessions):
    def write_and_fail():
        with sessions.write() as records:
            records.add(Thing())
            records.flush()
            raise LookupError

    with pytest.raises(LookupError):
        write_and_fail()
    with sessions.read() as records:
        assert records.scalars(sa.select(Thing)).all() == []


def test_no_edit_is_lost_when_many_edit_at_once(sessions):
    with sessions.write() as records:
        records.add(Thing(id="x"))

    def edit(_):
        for _ in range(EDITS):
            with sessions.write() as records:
                thing = records.get_one(Thing, "x", with_for_update=True)
                thing.number += 1

    with ThreadPoolExecutor(EDITORS) as pool:
        list(pool.map(edit, range(EDITORS)))
    with sessions.read() as records:
        assert records.scalar(sa.select(Thing.number)) == EDITORS * EDITS


def test_sqlite_is_set_up_to_keep_what_it_acknowledged(engine):
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            settings = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        assert settings == ["wal", 2, 1]


@pytest.mark.parametrize("url", ["mysql://host/name", "oracle://host/name"])
def test_other_databases_are_refused(url):
    with pytest.raises(ValueError, match="expected sqlite or postgresql"):
        normalise_url(url)


def test_ids_are_random():
    assert len({new_public_id() for _ in range(1000)}) == 1000
