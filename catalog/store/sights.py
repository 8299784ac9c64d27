"""Which release people see at each ZIP code, and what changes when a release comes or goes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.store.release_info import ReleaseInfo
from catalog.store.tables import release, zip_counties

Sights = dict[str, tuple[str, frozenset[str]]]  # ZIP code -> release that is seen there, counties it names
_NOWHERE: tuple[None, frozenset[str]] = (None, frozenset())


@dataclass(frozen=True)
class Move:
    """Places where people see one release now and another one then; None where they see none."""

    now_id: str | None
    then_id: str | None
    zip_codes: int
    counties: int


def moves(session: Session, now: Sequence[ReleaseInfo], then: Sequence[ReleaseInfo]) -> tuple[Move, ...]:
    """Every change of what people see between two lists of releases, each newest first."""
    known = {each.release_id: _places(session, each.release_id) for each in (*now, *then)}
    before, after = _sights(now, known), _sights(then, known)
    zips: dict[tuple, int] = defaultdict(int)
    counties: dict[tuple, set[str]] = defaultdict(set)
    for zip_code in before.keys() | after.keys():
        (now_id, was), (then_id, becomes) = before.get(zip_code, _NOWHERE), after.get(zip_code, _NOWHERE)
        if now_id != then_id:
            zips[now_id, then_id] += 1
            counties[now_id, then_id] |= becomes or was
    found = (Move(*pair, number, len(counties[pair])) for pair, number in zips.items())
    return tuple(sorted(found, key=lambda each: (each.then_id or "", each.now_id or "")))


def _places(session: Session, release_id: str) -> dict[str, frozenset[str]]:
    """Counties of each ZIP code that a release knows."""
    zips = zip_counties.table.c
    query = (
        sa.select(zips.zip_code, zips.county_fips)
        .join(release, release.c.number == zips.release_no)
        .where(release.c.release_id == release_id)
    )
    found: dict[str, set[str]] = defaultdict(set)
    for zip_code, fips in session.execute(query):
        found[zip_code].add(fips)
    return {zip_code: frozenset(each) for zip_code, each in found.items()}


def _sights(releases: Sequence[ReleaseInfo], known: dict[str, dict[str, frozenset[str]]]) -> Sights:
    """The newest release that knows a ZIP code is the one seen there, as in `locate_published`."""
    seen: Sights = {}
    for info in reversed(releases):
        seen |= {zip_code: (info.release_id, counties) for zip_code, counties in known[info.release_id].items()}
    return seen
