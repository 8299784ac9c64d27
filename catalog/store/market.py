"""What one address can buy on one day: the few statements behind every price.

Releases never change, so what was read for a place is kept for the next person there, within bounds.

    info, where = locate_published(session, plan_year=2027, market=Market.INDIVIDUAL, zip_code="45202")
    here = local_market(session, info.release_id, where.location, on=date(2027, 1, 1), ages={34, 36, 5})
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.store.cache import ReleaseCache
from catalog.store.checks import present
from catalog.store.designs import (
    Twin,
    crosswalk_rows,
    design,
    designs,
    networks_of,
    not_sellable,
    plans_of,
    rate_row,
    tier_rate_row,
    twins,
    variants_of,
)
from catalog.store.mapping import NounTable
from catalog.store.release_info import ReleaseInfo, UnknownReleaseError, current_release, release_info
from catalog.store.shelf import shelf_at
from catalog.store.tables import (
    business_rules,
    coverage,
    issuers,
    number_of,
    plans,
    rates,
    release,
    service_areas,
    tier_rates,
    variants,
)
from catalog.store.whereabouts import Whereabouts, locate, locate_published
from catalog.terms import (
    BusinessRule,
    Issuer,
    LocalMarket,
    Location,
    Market,
    Metal,
    Plan,
    PlanVariant,
    ProductLine,
    Rate,
    TierRate,
)

__all__ = [
    "ReleaseInfo",
    "Twin",
    "UnknownReleaseError",
    "Whereabouts",
    "crosswalk_rows",
    "current_release",
    "design",
    "designs",
    "local_market",
    "locate",
    "locate_published",
    "networks_of",
    "not_sellable",
    "plans_of",
    "rate_row",
    "release_info",
    "shelf_at",
    "tier_rate_row",
    "twins",
    "variants_of",
]

Areas = frozenset[tuple[str, str]]  # (issuer, service area) pairs that hold an address
RatesByPlan = dict[str, tuple[Rate, ...]]

_ADDRESSES_KEPT = 1_000
_PLACES_KEPT = 16
_AGES_KEPT = 256
_EVERY_AGE = None


@dataclass(frozen=True)
class _Place:
    """What does not depend on ages or the date. ``complete`` is false where any silver plan lacks its price."""

    plan_year: int
    market: Market
    complete: bool
    issuers: dict[str, Issuer]
    plans: tuple[Plan, ...]
    variants: dict[str, tuple[PlanVariant, ...]]
    tier_rates: dict[str, tuple[TierRate, ...]]
    business_rules: tuple[BusinessRule, ...]
    with_pediatric_dental: frozenset[str]


@dataclass(frozen=True)
class _Found:
    """A plan, why it cannot be sold, whether it covers a child's dental check-up, whether its area is filed."""

    plan: Plan
    reason: str
    dental: bool
    placed: bool


_areas: ReleaseCache[Areas] = ReleaseCache(_ADDRESSES_KEPT)
_places: ReleaseCache[_Place] = ReleaseCache(_PLACES_KEPT)
_rates: ReleaseCache[RatesByPlan] = ReleaseCache(_AGES_KEPT)


def local_market(
    session: Session, release_id: str, location: Location, *, on: date, ages: Collection[int] | None = None
) -> LocalMarket:
    """Every plan that can be sold at a location, ours or not, with the rates in force on a date.

    ``ages`` are whole years on that date; None reads the rates of all ages. Plans without rates are absent, see
    `not_sellable`. Raises UnknownReleaseError.
    """
    areas = _areas.get(session, (release_id, location), lambda: _areas_at(session, release_id, location))
    place_key = (release_id, location.state, location.county_fips, location.rating_area, areas)
    place = _places.get(session, place_key, lambda: _read_place(session, release_id, location, areas))
    return LocalMarket(
        release_id=release_id,
        plan_year=place.plan_year,
        market=place.market,
        location=location,
        complete=place.complete,
        issuers=place.issuers,
        plans=place.plans,
        variants=place.variants,
        rates=_rates_for(session, place_key, place, on, ages),
        tier_rates=_in_force(place.tier_rates, on),
        business_rules=place.business_rules,
        with_pediatric_dental=place.with_pediatric_dental,
        shelf=shelf_at(session, release_id, areas=areas, state=location.state, on=on),
    )


# --- the place --------------------------------------------------------------------------------------------------------


def _areas_at(session: Session, release_id: str, location: Location) -> Areas:
    part = service_areas.table.c
    query = sa.select(part.issuer_id, part.service_area_id, part.partial, part.zip_codes).where(
        part.release_no == number_of(release_id),
        part.state == location.state,
        sa.or_(part.entire_state, part.county_fips == location.county_fips),
    )
    return frozenset(
        (issuer_id, area)
        for issuer_id, area, partial, zip_codes in session.execute(query)
        if not partial or location.zip_code in zip_codes
    )


def _read_place(session: Session, release_id: str, location: Location, areas: Areas) -> _Place:
    number, plan_year, market, complete = _release_at(session, release_id, location)
    found = _plans_at(session, number, location, areas)
    sold = tuple(each.plan for each in found if not each.reason and _area(each.plan) in areas)
    ids, owners = [plan.plan_id for plan in sold], sorted({plan.issuer_id for plan in sold})
    return _Place(
        plan_year=plan_year,
        market=market,
        complete=bool(complete) and not any(_hides_a_price(each, areas) for each in found),
        issuers={each.issuer_id: each for each in _read(session, issuers, number, "issuer_id", owners)},
        plans=sold,
        variants=_grouped(_read(session, variants, number, "plan_id", ids)),
        tier_rates=_grouped(_read(session, tier_rates, number, "plan_id", ids, rating_area=location.rating_area)),
        business_rules=tuple(_read(session, business_rules, number, "issuer_id", owners)),
        with_pediatric_dental=frozenset(
            each.plan.plan_id for each in found if each.dental and each.plan.line is ProductLine.MEDICAL
        ).intersection(ids),
    )


def _release_at(session: Session, release_id: str, location: Location) -> tuple[int, int, Market, bool | None]:
    known = coverage.table.c
    query = (
        sa.select(release.c.number, release.c.plan_year, release.c.market, known.complete)
        .outerjoin(
            coverage.table,
            sa.and_(known.release_no == release.c.number, known.county_fips == location.county_fips),
        )
        .where(release.c.release_id == release_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise UnknownReleaseError(release_id)
    return tuple(row)


def _plans_at(session: Session, number: int, location: Location, areas: Areas) -> list[_Found]:
    """Plans whose area may hold the place, and those of the state that lack something."""
    columns = plans.table.c
    placed = present(plans, service_areas, issuer_id="issuer_id", service_area_id="service_area_id")
    query = (
        sa.select(*plans.columns, columns.not_sellable_reason, columns.pediatric_dental, placed)
        .where(
            columns.release_no == number,
            columns.state == location.state,
            sa.or_(columns.service_area_id.in_(sorted({area for _, area in areas})), columns.not_sellable_reason != ""),
        )
        .order_by(columns.plan_id)
    )
    return [_Found(plans.read(row), *row[-3:]) for row in session.execute(query)]


def _area(plan: Plan) -> tuple[str, str]:
    return plan.issuer_id, plan.service_area_id


def _hides_a_price(found: _Found, areas: Areas) -> bool:
    """A silver plan that may be sold here but has no price: the benchmark could be another one than we would find."""
    plan = found.plan
    silver = plan.line is ProductLine.MEDICAL and plan.metal is Metal.SILVER and plan.on_exchange
    return bool(found.reason) and silver and (_area(plan) in areas or not found.placed)


# --- rates ------------------------------------------------------------------------------------------------------------


def _rates_for(
    session: Session, place_key: tuple, place: _Place, on: date, ages: Collection[int] | None
) -> RatesByPlan:
    wanted = [_EVERY_AGE] if ages is None else sorted(set(ages))
    by_age = {age: _rates.find(session, (place_key, on, age)) for age in wanted}
    missing = [age for age, found in by_age.items() if found is None]
    if missing:
        ids = [plan.plan_id for plan in place.plans]
        rows = _rate_rows(session, place_key, ids, on, missing)
        for age in missing:
            by_age[age] = _grouped([row for row in rows if age is _EVERY_AGE or row.age_low <= age <= row.age_high])
            _rates.keep(session, (place_key, on, age), by_age[age])
    return by_age[wanted[0]] if len(wanted) == 1 else _together(by_age.values())


def _rate_rows(session: Session, place_key: tuple, ids: list[str], on: date, ages: list[int | None]) -> list[Rate]:
    release_id, _, _, rating_area, _ = place_key
    columns = rates.table.c
    covering = [sa.and_(columns.age_low <= age, columns.age_high >= age) for age in ages if age is not _EVERY_AGE]
    query = (
        sa.select(*rates.columns)
        .where(
            columns.release_no == number_of(release_id),
            columns.plan_id.in_(ids),
            columns.rating_area == rating_area,
            columns.effective_from <= on,
            columns.effective_until >= on,
            sa.or_(*covering) if covering else sa.true(),
        )
        .order_by(columns.plan_id, columns.age_low)
    )
    return [rates.read(row) for row in session.execute(query)]


def _together(parts: Iterable[RatesByPlan]) -> RatesByPlan:
    """Rates of several ages; a row that covers two of them stands once."""
    rows: dict[str, dict[int, Rate]] = defaultdict(dict)
    for part in parts:
        for plan_id, found in part.items():
            rows[plan_id].update((row.age_low, row) for row in found)
    return {plan_id: tuple(found.values()) for plan_id, found in rows.items()}


def _in_force(found: dict[str, tuple[TierRate, ...]], on: date) -> dict[str, tuple[TierRate, ...]]:
    covering = {key: tuple(row for row in rows if row.covers(on)) for key, rows in found.items()}
    return {key: rows for key, rows in covering.items() if rows}


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(session: Session, table: NounTable, number: int, field: str, ids: Iterable[str], **same: str) -> list[Any]:
    columns = table.table.c
    query = (
        sa.select(*table.columns)
        .where(
            table.release_no == number,
            columns[field].in_(ids),
            *(columns[name] == value for name, value in same.items()),
        )
        .order_by(*(columns[name] for name in table.key))
    )
    return [table.read(row) for row in session.execute(query)]


def _grouped(rows: list[Any]) -> dict[str, tuple[Any, ...]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.plan_id].append(row)
    return {key: tuple(each) for key, each in groups.items()}
