"""From a ZIP code to the release that sells there, one county and one rating area: never guessed."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.store.release_info import COLUMNS, ReleaseInfo, newest_first, published
from catalog.store.tables import counties, number_of, rating_areas, release, zip_counties
from catalog.terms import County, Location, Market

ZIP3 = 3


@dataclass(frozen=True)
class Whereabouts:
    """``location`` where the address is known; else ``counties`` to choose from, or the reason in ``refusal``."""

    counties: tuple[County, ...] = ()
    location: Location | None = None
    refusal: str = ""

    @property
    def asks(self) -> bool:
        """Whether somebody must choose one of several counties."""
        return self.location is None and not self.refusal


def locate_published(
    session: Session, *, plan_year: int, market: Market, zip_code: str, county_fips: str | None = None
) -> tuple[ReleaseInfo, Whereabouts] | None:
    """The release that people at a ZIP code shop from, and where they are; None where nothing is published.

    The one rule of portal and command line: of the published releases of a plan year and market the newest that knows
    the ZIP code. Where none knows it, the place is a refusal.
    """
    zips = zip_counties.table.c
    knows = sa.exists().where(zips.release_no == release.c.number, zips.zip_code == zip_code)
    query = sa.select(*COLUMNS).where(published(plan_year, market)).order_by(sa.desc(knows), *newest_first()).limit(1)
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    info = ReleaseInfo(*row)
    return info, locate(session, info.release_id, zip_code, county_fips)


def locate(session: Session, release_id: str, zip_code: str, county_fips: str | None = None) -> Whereabouts:
    """Where a ZIP code is, in the words of a release. ``county_fips`` is the county that was chosen or supplied."""
    found = _counties(session, release_id, zip_code)
    if not found:
        return Whereabouts(refusal=f"ZIP code {zip_code} is not in our list of places. Please check the five digits.")
    if county_fips:
        chosen = tuple(county for county in found if county.fips == county_fips)
        if not chosen:
            names = " or ".join(county.name or county.fips for county in found)
            text = f"ZIP code {zip_code} is not in the county {county_fips}. It is in {names}. Please choose again."
            return Whereabouts(counties=found, refusal=text)
    else:
        chosen = found
    return Whereabouts(counties=found) if len(chosen) > 1 else _rated(session, release_id, zip_code, found, chosen[0])


def _counties(session: Session, release_id: str, zip_code: str) -> tuple[County, ...]:
    zips, known = zip_counties.table.c, counties.table.c
    query = (
        sa.select(zips.county_fips, known.name, known.state)
        .outerjoin(counties.table, sa.and_(known.release_no == zips.release_no, known.fips == zips.county_fips))
        .where(zips.release_no == number_of(release_id), zips.zip_code == zip_code)
        .order_by(known.name, zips.county_fips)
    )
    return tuple(County(fips, name or "", state or "") for fips, name, state in session.execute(query))


def _rated(session: Session, release_id: str, zip_code: str, found: tuple[County, ...], county: County) -> Whereabouts:
    part = rating_areas.table.c
    by_zip = sa.and_(part.zip3 == zip_code[:ZIP3], part.zip3 != "", part.state == county.state)
    query = (
        sa.select(part.state, part.rating_area)
        .where(part.release_no == number_of(release_id), sa.or_(part.county_fips == county.fips, by_zip))
        .distinct()
    )
    areas = session.execute(query).all()
    if len(areas) == 1:
        state, area = areas[0]
        return Whereabouts(found, Location(zip_code, county.fips, county.name, county.state or state, area))
    name = county.name or county.fips
    why = "no rating area is filed for it" if not areas else "more than one rating area is filed for it"
    return Whereabouts(found, refusal=f"We cannot price plans in {name} (ZIP code {zip_code}): {why}.")
