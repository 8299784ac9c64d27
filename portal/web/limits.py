"""Limits counted in the database: they hold over processes and restarts, and fail closed when the database does."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.web.models import LimitEvent
from portal.web.tokens import hashed


@dataclass(frozen=True)
class Limit:
    """At most `count` tries within `window` for one key."""

    name: str
    count: int
    window: timedelta


class LimitReached(Exception):
    """Too many tries; `seconds` tells when to try again."""

    def __init__(self, limit: Limit, seconds: int) -> None:
        super().__init__(f"limit {limit.name} reached")
        self.seconds = seconds


def count_try(records: Session, limit: Limit, key: str, moment: datetime) -> None:
    """Count one try. Raises LimitReached, counting nothing, when the limit is used up.

    Tries for one key wait for each other until the transaction ends, so that none slips in between count and record.
    """
    _wait_in_line(records, limit, key)
    since = moment - limit.window
    mine = sa.and_(LimitEvent.name == limit.name, LimitEvent.key_hash == hashed(key), LimitEvent.at > since)
    number, oldest = records.execute(sa.select(sa.func.count(), sa.func.min(LimitEvent.at)).where(mine)).one()
    if number >= limit.count:
        raise LimitReached(limit, max(1, int((oldest + limit.window - moment).total_seconds()) + 1))
    records.add(LimitEvent(name=limit.name, key_hash=hashed(key), at=moment))
    records.execute(sa.delete(LimitEvent).where(LimitEvent.name == limit.name, LimitEvent.at <= since))
    records.flush()


def _wait_in_line(records: Session, limit: Limit, key: str) -> None:
    """SQLite has one writing transaction at a time anyway; PostgreSQL locks by a number that stands for the key."""
    if records.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(bytes.fromhex(hashed(limit.name, key))[:8], signed=True)
        records.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.literal(number, sa.BigInteger))))


def forgive(records: Session, limit: Limit, key: str) -> None:
    """Forget the tries of a key: the last one was right."""
    records.execute(sa.delete(LimitEvent).where(LimitEvent.name == limit.name, LimitEvent.key_hash == hashed(key)))
