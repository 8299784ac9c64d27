"""The life of a release: published as a whole in place of its predecessor, and rolled back as a whole.

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
    release_info,
)
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
    "Preview",
    "ReleaseInfo",
    "ReleaseRefused",
    "ReleaseState",
    "UnknownReleaseError",
    "current_release",
    "diff",
    "discard",
    "list_releases",
    "preview",
    "problems_of",
    "publish",
    "release_info",
    "rollback",
]

_PUBLISHABLE = (ReleaseState.DRAFT, ReleaseState.WITHDRAWN)


class ReleaseRefused(Exception):
    """Nothing was done; the message says why and what to do."""


@dataclass(frozen=True)
class Preview:
    """What publishing a release would do.

    ``replaces`` is the published release whose place it takes; ``changes`` compares the two, None where it is the
    first. ``beside`` are other published releases of its plan year and market that share an issuer: they stay.
    ``refusal`` says why it cannot be published; empty where it can.
    """

    release: ReleaseInfo
    replaces: ReleaseInfo | None
    changes: Diff | None
    beside: tuple[ReleaseInfo, ...]
    refusal: str


def preview(session: Session, release_id: str) -> Preview:
    """What publishing would change; nothing is written. Raises UnknownReleaseError."""
    info = release_info(session, release_id)
    replaced = _published(session, info)
    return Preview(
        release=info,
        replaces=replaced,
        changes=diff(session, replaced.release_id, release_id) if replaced else None,
        beside=_beside(session, info),
        refusal=_refusal(session, info),
    )


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
    info = release_info(session, release_id)
    if info.state is not ReleaseState.PUBLISHED:
        raise ReleaseRefused(f"Release {release_id} is {info.state}; only a published one can be rolled back.")
    if info.predecessor_id is None:
        raise ReleaseRefused(f"Release {release_id} is the first of its kind; there is none to go back to.")
    predecessor = release_info(session, info.predecessor_id)
    try:
        with session.begin_nested():
            _move(session, info, ReleaseState.WITHDRAWN)
            _move(session, predecessor, ReleaseState.PUBLISHED, published_at=on)
    except IntegrityError:
        raise ReleaseRefused(_overtaken(predecessor)) from None
    return release_info(session, predecessor.release_id)


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


def _beside(session: Session, info: ReleaseInfo) -> tuple[ReleaseInfo, ...]:
    return tuple(
        each
        for each in list_releases(session)
        if each.state is ReleaseState.PUBLISHED
        and each.lineage != info.lineage
        and (each.plan_year, each.market) == (info.plan_year, info.market)
        and set(each.issuer_set) & set(info.issuer_set)
    )


def _refusal(session: Session, info: ReleaseInfo) -> str:
    if info.state not in (*_PUBLISHABLE, ReleaseState.PUBLISHED):
        return f"Release {info.release_id} is {info.state}. Roll back to it, or import its files again."
    if info.plan_year is None:
        return f"The plan year of release {info.release_id} is unknown. Import it again with --plan-year."
    if info.market is None:
        return f"The market of release {info.release_id} is unknown. Import it again with --market."
    if not _sells(session, info.release_id):
        return f"Release {info.release_id} holds nothing that can be sold: nothing of ours has rates and an area."
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
