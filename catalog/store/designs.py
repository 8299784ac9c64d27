"""Plans with their cost sharing, their twins, where they lead next year, and the one row behind a premium."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.store.mapping import NounTable
from catalog.store.tables import (
    benefits,
    crosswalks,
    limits,
    networks,
    number_of,
    options,
    plans,
    rates,
    tier_rates,
    variants,
)
from catalog.terms import Crosswalk, Network, Plan, PlanDesign, PlanVariant, Rate, TierRate


@dataclass(frozen=True)
class Twin:
    """Plans with the same ``design_key`` differ in ``riders`` only (slugs of covered rider benefits)."""

    plan_id: str
    design_key: str
    riders: tuple[str, ...]


def designs(
    session: Session, release_id: str, variant_ids: Collection[str], categories: Collection[str] | None = None
) -> dict[str, PlanDesign]:
    """Variants with plan, limits and benefits, by variant id, in the order asked for; unknown ids are absent.

    ``categories`` narrows the benefits; None reads all of them. Four statements for any number of variants.
    """
    ids = list(variant_ids)
    found = {each.variant_id: each for each in _read(session, release_id, variants, variant_id=ids)}
    of_plan = {each.plan_id: each for each in _read(session, release_id, plans, plan_id=_plan_ids(found.values()))}
    held = _grouped(_read(session, release_id, limits, variant_id=ids))
    wanted = {} if categories is None else {"category": list(categories)}
    covered = _grouped(_read(session, release_id, benefits, variant_id=ids, **wanted))
    return {
        each: PlanDesign(of_plan[found[each].plan_id], found[each], tuple(held[each]), tuple(covered[each]))
        for each in ids
        if each in found
    }


def design(session: Session, release_id: str, variant_id: str) -> PlanDesign | None:
    """One variant with everything that belongs to it, or None."""
    return designs(session, release_id, [variant_id]).get(variant_id)


def plans_of(session: Session, release_id: str, plan_ids: Collection[str] | None = None) -> dict[str, Plan]:
    """Plans by id; None reads every plan of the release."""
    narrowed = {} if plan_ids is None else {"plan_id": list(plan_ids)}
    return {each.plan_id: each for each in _read(session, release_id, plans, **narrowed)}


def variants_of(session: Session, release_id: str, plan_id: str) -> tuple[PlanVariant, ...]:
    """Variants of a plan, ordered by suffix."""
    return tuple(_read(session, release_id, variants, plan_id=[plan_id]))


def networks_of(session: Session, release_id: str) -> dict[tuple[str, str], Network]:
    """Networks by issuer and network id."""
    return {(each.issuer_id, each.network_id): each for each in _read(session, release_id, networks)}


def twins(session: Session, release_id: str, plan_ids: Collection[str]) -> dict[str, Twin]:
    """Design key and riders of each plan, by plan id."""
    columns = plans.table.c
    query = sa.select(columns.plan_id, columns.design_key, columns.riders).where(
        plans.release_no == number_of(release_id), columns.plan_id.in_(list(plan_ids))
    )
    return {row.plan_id: Twin(*row) for row in session.execute(query)}


def not_sellable(session: Session, release_id: str) -> dict[str, str]:
    """Why a plan or an option cannot be sold, in plain words, by its id; what can be sold is absent."""
    reasons: dict[str, str] = {}
    for table in (plans, options):
        columns = table.table.c
        query = sa.select(columns[table.key[0]], columns.not_sellable_reason).where(
            table.release_no == number_of(release_id), columns.not_sellable_reason != ""
        )
        reasons |= dict(session.execute(query).all())
    return reasons


def crosswalk_rows(
    session: Session, release_id: str, from_plans: Collection[str] | None = None
) -> tuple[Crosswalk, ...]:
    """Where last year's plans lead, from the release of the new year; None reads every row."""
    narrowed = {} if from_plans is None else {"from_plan": list(from_plans)}
    return tuple(_read(session, release_id, crosswalks, **narrowed))


def rate_row(session: Session, release_id: str, plan_id: str, *, rating_area: str, age: int, on: date) -> Rate | None:
    """The filed row behind one person's premium, with its source; None where nothing is filed."""
    rows = _read(session, release_id, rates, plan_id=[plan_id], rating_area=[rating_area])
    return next((each for each in rows if each.covers(age, on)), None)


def tier_rate_row(session: Session, release_id: str, plan_id: str, *, rating_area: str, on: date) -> TierRate | None:
    """The filed row behind a family-tier premium, with its source; None where nothing is filed."""
    rows = _read(session, release_id, tier_rates, plan_id=[plan_id], rating_area=[rating_area])
    return next((each for each in rows if each.covers(on)), None)


def _read(session: Session, release_id: str, table: NounTable, **narrowed: list[str]) -> list[Any]:
    columns = table.table.c
    query = (
        sa.select(*table.columns)
        .where(table.release_no == number_of(release_id), *(columns[name].in_(ids) for name, ids in narrowed.items()))
        .order_by(*(columns[name] for name in table.key))
    )
    return [table.read(row) for row in session.execute(query)]


def _plan_ids(found: Iterable[PlanVariant]) -> list[str]:
    return sorted({each.plan_id for each in found})


def _grouped(rows: list[Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.variant_id].append(row)
    return groups
