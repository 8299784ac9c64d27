"""What is known about each release: its state, what it holds and where it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.store.tables import ReleaseState, number_of, problem, release
from catalog.terms import Market, Problem, Severity


@dataclass(frozen=True)
class ReleaseInfo:
    """A release without its rows. ``counts`` are rows by table; ``files`` hold ``name`` and ``sha256``."""

    release_id: str
    state: ReleaseState
    plan_year: int | None
    market: Market | None
    states: tuple[str, ...]
    issuer_set: tuple[str, ...]
    lineage: str
    counts: Mapping[str, int]
    content_hash: str
    files: tuple[Mapping[str, str], ...]
    predecessor_id: str | None
    created_at: datetime
    published_at: datetime | None


class UnknownReleaseError(LookupError):
    """There is no release of that id; the message is for people."""

    def __init__(self, release_id: str) -> None:
        super().__init__(f"There is no release {release_id}. `coverwright catalog list` shows those that there are.")


COLUMNS = tuple(release.c[name] for name in ReleaseInfo.__dataclass_fields__)


def release_info(session: Session, release_id: str) -> ReleaseInfo:
    """The release of that id. Raises UnknownReleaseError."""
    row = session.execute(sa.select(*COLUMNS).where(release.c.release_id == release_id)).one_or_none()
    if row is None:
        raise UnknownReleaseError(release_id)
    return ReleaseInfo(*row)


def list_releases(session: Session) -> tuple[ReleaseInfo, ...]:
    """Every release, newest first."""
    query = sa.select(*COLUMNS).where(release.c.release_id.is_not(None)).order_by(release.c.number.desc())
    return tuple(ReleaseInfo(*row) for row in session.execute(query))


def published(plan_year: int | None, market: Market | None) -> sa.ColumnElement[bool]:
    """Condition for the published releases of a plan year and market."""
    columns = release.c
    return sa.and_(columns.state == ReleaseState.PUBLISHED, columns.plan_year == plan_year, columns.market == market)


def newest_first() -> tuple[sa.ColumnElement, sa.ColumnElement]:
    """Order of published releases: the one published last comes first."""
    return release.c.published_at.desc(), release.c.number.desc()


def published_releases(session: Session, plan_year: int | None, market: Market | None) -> tuple[ReleaseInfo, ...]:
    """The published releases of a plan year and market, newest first."""
    query = sa.select(*COLUMNS).where(published(plan_year, market)).order_by(*newest_first())
    return tuple(ReleaseInfo(*row) for row in session.execute(query))


def current_release(
    session: Session, *, plan_year: int, market: Market, state: str | None = None
) -> ReleaseInfo | None:
    """The published release for a plan year and market (and state), the latest where several issuers have one.

    What one address sees is another question: `locate_published`.
    """
    found = published_releases(session, plan_year, market)
    return next((each for each in found if state is None or state in each.states), None)


def problems_of(session: Session, release_id: str) -> tuple[Problem, ...]:
    """What the import of the release reported, in the order in which it was found."""
    columns = (problem.c[name] for name in Problem.__dataclass_fields__)
    query = sa.select(*columns).where(problem.c.release_no == number_of(release_id)).order_by(problem.c.position)
    return tuple(Problem(*row) for row in session.execute(query))


def left_out(problems: tuple[Problem, ...]) -> int:
    """How many findings left something out."""
    return sum(each.severity is Severity.QUARANTINED for each in problems)
