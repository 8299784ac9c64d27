"""The life of a release: published as a whole in place of its predecessor, rolled back or withdrawn as a whole.

Rows of a release are written once, while it is a draft in the making, and never again: nothing here changes more than
the state of a release. At most one release of a lineage (issuers, market, plan year) is published; the database
holds to that too.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.store.diffs import Diff, diff
from catalog.store.release_info import (
    COLUMNS,
    ReleaseInfo,
    UnknownReleaseError,
    current_release,
    list_releases,
    problems_of,
    published_releases,
    release_info,
)
from catalog.store.sights import Move, moves
from catalog.store.tables import (
    NOUN_TABLES,
    ReleaseState,
    issuers,
    number_of,
    options,
    plans,
    problem,
    products,
    release,
)

__all__ = [
    "Diff",
    "Move",
    "Preview",
    "ReleaseInfo",
    "ReleaseRefused",
    "ReleaseState",
    "UnknownReleaseError",
    "check_rollback",
    "current_release",
    "diff",
    "discard",
    "list_releases",
    "preview",
    "problems_of",
    "publish",
    "refusal",
    "release_info",
    "rollback",
    "withdraw",
    "without",
]


class ReleaseRefused(Exception):
    """Nothing was done; the message says why and what to do."""


@dataclass(frozen=True)
class Preview:
    """What publishing a release would do.

    ``replaces`` is the published release whose place it takes; ``changes`` compares the two, None where it is the
    first. ``beside`` are the other published releases of its plan year and market: they stay. ``moves`` say in how
    many places people would see another release than now. ``refusal`` says why it cannot be published; empty where it
    can.
    """

    release: ReleaseInfo
    replaces: ReleaseInfo | None
    changes: Diff | None
    beside: tuple[ReleaseInfo, ...]
    moves: tuple[Move, ...]
    refusal: str


def preview(session: Session, release_id: str) -> Preview:
    """What publishing would change; nothing is written. Raises UnknownReleaseError."""
    info = release_info(session, release_id)
    replaced, now = _published(session, info), _rivals(session, info)
    stay = tuple(each for each in now if each.lineage != info.lineage)
    then = now if info.state is ReleaseState.PUBLISHED else (info, *stay)
    return Preview(
        release=info,
        replaces=replaced,
        changes=diff(session, replaced.release_id, release_id) if replaced else None,
        beside=stay,
        moves=moves(session, now, then),
        refusal=_refusal(session, info),
    )


def without(session: Session, release_id: str) -> tuple[Move, ...]:
    """What people see instead when a release is withdrawn. Raises ReleaseRefused and UnknownReleaseError."""
    info = release_info(session, release_id)
    _check_withdraw(info)
    now = _rivals(session, info)
    return moves(session, now, tuple(each for each in now if each.release_id != release_id))


def refusal(session: Session, release_id: str) -> str:
    """Why a release cannot be published; empty where it can. Raises UnknownReleaseError."""
    return _refusal(session, release_info(session, release_id))


def publish(session: Session, release_id: str, on: datetime) -> ReleaseInfo:
    """Publish a release in place of its predecessor; the caller commits. A published one stays as it is.

    Raises ReleaseRefused (nothing to sell, plan year or market unknown, superseded) and UnknownReleaseError.
    """
    info = release_info(session, release_id)
    if info.state is ReleaseState.PUBLISHED:
        return info
    refusal = _refusal(session, info)
    if refusal:
        raise ReleaseRefused(refusal)
    replaced = _published(session, info, lock=True)
    try:
        with session.begin_nested():
            if replaced:
                _move(session, replaced, ReleaseState.SUPERSEDED)
            before = replaced.release_id if replaced else None
            _move(session, info, ReleaseState.PUBLISHED, published_at=on, predecessor_id=before)
    except IntegrityError:
        raise ReleaseRefused(_overtaken(info)) from None
    return release_info(session, release_id)


def rollback(session: Session, release_id: str, on: datetime) -> ReleaseInfo:
    """Withdraw a published release and publish its predecessor again, which is returned; the caller commits.

    Raises ReleaseRefused where it is not published or nothing came before it, and UnknownReleaseError.
    """
    info = check_rollback(session, release_id)
    predecessor = release_info(session, info.predecessor_id)
    try:
        with session.begin_nested():
            _move(session, info, ReleaseState.WITHDRAWN)
            _move(session, predecessor, ReleaseState.PUBLISHED, published_at=on)
    except IntegrityError:
        raise ReleaseRefused(_overtaken(predecessor)) from None
    return release_info(session, predecessor.release_id)


def check_rollback(session: Session, release_id: str) -> ReleaseInfo:
    """The release, if it can be rolled back. Raises ReleaseRefused and UnknownReleaseError."""
    info = release_info(session, release_id)
    if info.state is not ReleaseState.PUBLISHED:
        raise ReleaseRefused(f"Release {release_id} is {info.state}; only a published one can be rolled back.")
    if info.predecessor_id is None:
        raise ReleaseRefused(
            f"Release {release_id} is the first of its kind; there is none to go back to. "
            f"To stop selling from it: coverwright catalog withdraw {release_id}"
        )
    return info


def withdraw(session: Session, release_id: str) -> ReleaseInfo:
    """Stop selling from a published release, and put none in its place; the caller commits. A withdrawn one stays so.

    Raises ReleaseRefused where it was never published or another one took its place, and UnknownReleaseError.
    """
    info = release_info(session, release_id)
    _check_withdraw(info)
    if info.state is ReleaseState.PUBLISHED:
        _move(session, info, ReleaseState.WITHDRAWN)
    return release_info(session, release_id)


def discard(session: Session, release_id: str) -> None:
    """Delete a draft with its rows; the caller commits. Raises ReleaseRefused where it ever was published."""
    info = release_info(session, release_id)
    if info.state is not ReleaseState.DRAFT:
        raise ReleaseRefused(f"Release {release_id} is {info.state}; only a draft can be thrown away.")
    number = session.scalar(sa.select(number_of(release_id)))
    for table in (*(each.table for each in NOUN_TABLES), problem):
        session.execute(sa.delete(table).where(table.c.release_no == number))
    session.execute(sa.delete(release).where(release.c.number == number))


def _move(session: Session, info: ReleaseInfo, state: ReleaseState, **changes: Any) -> None:
    """Change the state, unless somebody else changed it since it was read."""
    moved = session.execute(
        sa.update(release)
        .where(release.c.release_id == info.release_id, release.c.state == info.state)
        .values(state=state, **changes)
    )
    if moved.rowcount != 1:
        raise ReleaseRefused(_overtaken(info))


def _overtaken(info: ReleaseInfo) -> str:
    return (
        f"Somebody else changed release {info.release_id} or one of its kind just now. Look at the list and try again."
    )


def _published(session: Session, info: ReleaseInfo, *, lock: bool = False) -> ReleaseInfo | None:
    """The published release of the same lineage, if it is another one."""
    query = sa.select(*COLUMNS).where(
        release.c.lineage == info.lineage,
        release.c.state == ReleaseState.PUBLISHED,
        release.c.release_id != info.release_id,
    )
    row = session.execute(query.with_for_update() if lock else query).one_or_none()
    return ReleaseInfo(*row) if row else None


def _rivals(session: Session, info: ReleaseInfo) -> tuple[ReleaseInfo, ...]:
    """What is published for the plan year and market of a release, newest first."""
    return published_releases(session, info.plan_year, info.market)


def _check_withdraw(info: ReleaseInfo) -> None:
    if info.state not in (ReleaseState.PUBLISHED, ReleaseState.WITHDRAWN):
        raise ReleaseRefused(f"Release {info.release_id} is {info.state}; only a published one can be withdrawn.")


def _refusal(session: Session, info: ReleaseInfo) -> str:
    if info.state is ReleaseState.SUPERSEDED and (newer := _published(session, info)):
        return f"Release {info.release_id} is superseded by {newer.release_id}. Roll that one back, or withdraw it."
    if not _sells(session, info.release_id):
        return f"Release {info.release_id} holds nothing that can be sold: nothing of ours has rates and an area."
    if info.plan_year is None:
        return f"The plan year of release {info.release_id} is unknown. Import it again with --plan-year."
    if info.market is None:
        return f"The market of release {info.release_id} is unknown. Import it again with --market."
    return ""


def _sells(session: Session, release_id: str) -> bool:
    number = number_of(release_id)
    ours = sa.select(issuers.table.c.issuer_id).where(issuers.release_no == number, issuers.table.c.sold_by_us)
    plan = sa.exists().where(
        plans.release_no == number,
        plans.table.c.not_sellable_reason == "",
        plans.table.c.issuer_id.in_(ours),
    )
    option = sa.exists().where(
        options.release_no == number,
        options.table.c.not_sellable_reason == "",
        products.release_no == number,
        products.table.c.product_id == options.table.c.product_id,
        products.table.c.issuer_id.in_(ours),
    )
    return bool(session.scalar(sa.select(sa.or_(plan, option))))
