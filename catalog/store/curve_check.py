"""Filed rates against the age curve of their state: a note where they differ, for prices are looked up, never computed.

A rate should be the rate at 21 times the ratio of the two curve factors (45 CFR 147.102(e)), rounded to the cent.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from catalog.parameters import MissingParameter, age_curve, load
from catalog.store.loading import Loader
from catalog.store.row_checks import finding
from catalog.store.tables import plans, rates
from catalog.terms import Market, Plan, ProductLine, Severity, format_money, from_cents, round_cent

REFERENCE_AGE = 21
TOLERANCE_CENTS = 5
_FACTOR_UNITS = 1_000_000


def note_rates_off_curve(loader: Loader, plan_year: int | None, market: Market | None) -> None:
    """One note for each medical plan with rates more than five cents off the curve, naming the first of them."""
    if plan_year is None or market is None:
        return
    on = date(plan_year, 1, 1)
    for state in _states(loader):
        try:
            curve = age_curve(load(), state, on, market)
        except MissingParameter:
            continue  # nothing to check against; the rates stand as filed
        _note_state(loader, state, curve)


def _states(loader: Loader) -> list[str]:
    """States of medical plans that file a rate for the reference age."""
    plan, rate = plans.table.c, rates.table.c
    rated = sa.exists().where(
        rate.release_no == plan.release_no, rate.plan_id == plan.plan_id, rate.age_low == REFERENCE_AGE
    )
    query = (
        sa.select(plan.state)
        .where(plan.release_no == loader.release_no, plan.line == ProductLine.MEDICAL, rated)
        .distinct()
    )
    return sorted(loader.connection.scalars(query))


def _note_state(loader: Loader, state: str, curve: Mapping[int, Decimal]) -> None:
    differing = _differing(loader, state, curve)
    ids = [plan_id for plan_id, *_ in differing]
    known = {each.plan_id: each for each in loader.read(plans, plans.table.c.plan_id.in_(ids))}
    for plan_id, number, area, age, filed, reference in differing:
        _note_plan(loader, known[plan_id], state, number, (area, age, filed, reference), curve)


def _note_plan(
    loader: Loader, plan: Plan, state: str, number: int, first: tuple[str, int, int, int], curve: Mapping[int, Decimal]
) -> None:
    area, age, filed, reference = first
    expected = round_cent(from_cents(reference) * curve[age] / curve[REFERENCE_AGE])
    loader.report(
        finding(
            plan,
            "rates-off-curve",
            "individual",
            f"{format_money(from_cents(filed))} at age {age} in rating area {area}",
            f"about {format_money(expected)} by the age curve of {state}",
            f"{number} rates of plan {plan.plan_id} differ by more than {TOLERANCE_CENTS} cents; they stand as filed",
            Severity.NOTE,
        )
    )


def _differing(loader: Loader, state: str, curve: Mapping[int, Decimal]) -> list[sa.Row]:
    """Plans with rates off the curve: plan id, how many, then area, age, filed and reference cents of the first."""
    rate, base = rates.table.alias("rate"), rates.table.alias("base")
    factor = _factors(curve)
    units = int(curve[REFERENCE_AGE] * _FACTOR_UNITS)
    filed, reference = (sa.type_coerce(each.c.individual, sa.BigInteger) for each in (rate, base))
    off = sa.func.abs(filed * units - reference * factor.c.factor) > TOLERANCE_CENTS * units
    place = {"partition_by": rate.c.plan_id}
    found = (
        sa.select(
            rate.c.plan_id,
            sa.func.count().over(**place).label("number"),
            rate.c.rating_area,
            rate.c.age_low,
            filed.label("filed"),
            reference.label("reference"),
            sa.func.row_number().over(**place, order_by=(rate.c.rating_area, rate.c.age_low)).label("position"),
        )
        .join(factor, factor.c.age == rate.c.age_low)
        .join(
            base,
            sa.and_(
                *(base.c[name] == rate.c[name] for name in ("release_no", "plan_id", "rating_area", "effective_from")),
                base.c.age_low == REFERENCE_AGE,
            ),
        )
        .join(plans.table, sa.and_(plans.release_no == rate.c.release_no, plans.table.c.plan_id == rate.c.plan_id))
        .where(
            rate.c.release_no == loader.release_no,
            plans.table.c.state == state,
            plans.table.c.line == ProductLine.MEDICAL,
            off,
        )
        .subquery()
    )
    columns = [each for each in found.c if each.name != "position"]
    query = sa.select(*columns).where(found.c.position == 1).order_by(found.c.plan_id)
    return list(loader.connection.execute(query))


def _factors(curve: Mapping[int, Decimal]) -> sa.CTE:
    rows = [(age, int(factor * _FACTOR_UNITS)) for age, factor in curve.items()]
    return (
        sa.values(sa.column("age", sa.Integer), sa.column("factor", sa.BigInteger), name="curve")
        .data(rows)
        .cte("curve")
    )
