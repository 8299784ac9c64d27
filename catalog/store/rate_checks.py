"""Filed rates of a draft as a whole: areas that nobody described, rates that overlap, ages that have none.

What cannot be right is taken out and reported; a gap between ages is a note.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, groupby
from operator import attrgetter

import sqlalchemy as sa

from catalog.store import tables
from catalog.store.loading import BATCH, Loader
from catalog.store.mapping import NounTable
from catalog.store.row_checks import finding
from catalog.terms import Problem, Rate, Severity

# The last age band of the law is "64 and over" (45 CFR 147.102(d)(1)(iii)); 65 stands for all who are older.
OLDER = 65
# Who a plan is not offered to needs no rate.
_PART_OF_AGES = ("allows child-only", "allows adult-only")


def check_rates(loader: Loader) -> None:
    """Quarantine rates of unknown areas and those that overlap; note ages without a rate."""
    _remove_unknown_areas(loader)
    _remove_overlaps(loader)
    _note_gaps(loader)


# --- areas that nobody described --------------------------------------------------------------------------------------


def _remove_unknown_areas(loader: Loader) -> None:
    """Where the import describes rating areas of a state, no address leads to a rate of another area there."""
    known = _known_areas(loader)
    for table in (tables.rates, tables.tier_rates) if known else ():
        for state, area in _rated_areas(loader, table):
            if state in known and area not in known[state]:
                expected = f"a rating area of {state} that the imported files describe"
                condition = sa.and_(table.table.c.rating_area == area, _of_state(loader, table, state))
                loader.leave_out_all(table, condition, field="rating_area", code="rate-area-unknown", expected=expected)


def _known_areas(loader: Loader) -> dict[str, set[str]]:
    part = tables.rating_areas.table.c
    query = sa.select(part.state, part.rating_area).where(part.release_no == loader.release_no).distinct()
    known: dict[str, set[str]] = defaultdict(set)
    for state, area in loader.connection.execute(query):
        known[state].add(area)
    return known


def _rated_areas(loader: Loader, table: NounTable) -> list[tuple[str, str]]:
    rate, plan = table.table.c, tables.plans.table.c
    query = (
        sa.select(plan.state, rate.rating_area)
        .join_from(
            table.table,
            tables.plans.table,
            sa.and_(plan.release_no == rate.release_no, plan.plan_id == rate.plan_id),
        )
        .where(rate.release_no == loader.release_no)
        .distinct()
        .order_by(plan.state, rate.rating_area)
    )
    return [tuple(row) for row in loader.connection.execute(query)]


def _of_state(loader: Loader, table: NounTable, state: str) -> sa.ColumnElement[bool]:
    plan = tables.plans.table.c
    ids = sa.select(plan.plan_id).where(plan.release_no == loader.release_no, plan.state == state)
    return table.table.c.plan_id.in_(ids)


# --- rates that overlap -----------------------------------------------------------------------------------------------


def _remove_overlaps(loader: Loader) -> None:
    rates = tables.rates
    for plan_id, area in _suspects(loader):
        rows = loader.read(rates, _place(plan_id, area))
        for key, (rate, other) in _overlapping(rows).items():
            loader.remove(rates, loader.with_key(rates, key))
            problem = finding(
                rate,
                "rates-overlap",
                "age_low",
                f"{_span(rate)} for {plan_id} in rating area {area}",
                f"one rate for an age and a date; {other.source} says {_span(other)}",
            )
            loader.leave_out(rates, problem)


def _place(plan_id: str, area: str) -> sa.ColumnElement[bool]:
    columns = tables.rates.table.c
    return sa.and_(columns.plan_id == plan_id, columns.rating_area == area)


def _suspects(loader: Loader) -> list[tuple[str, str]]:
    """Plans and areas where a row begins before its neighbour ends; every true overlap is among them."""
    rate = tables.rates.table.c
    neighbours = {"partition_by": (rate.plan_id, rate.rating_area)}
    neighbours["order_by"] = (rate.age_low, rate.age_high, rate.effective_from)
    before = (
        sa.select(
            rate.plan_id,
            rate.rating_area,
            rate.age_low,
            rate.age_high,
            rate.effective_from,
            sa.func.lag(rate.age_low).over(**neighbours).label("low"),
            sa.func.lag(rate.age_high).over(**neighbours).label("high"),
            sa.func.lag(rate.effective_until).over(**neighbours).label("until"),
        )
        .where(rate.release_no == loader.release_no)
        .subquery()
        .c
    )
    same_band_later = sa.and_(
        before.low == before.age_low, before.high == before.age_high, before.until < before.effective_from
    )
    query = (
        sa.select(before.plan_id, before.rating_area)
        .where(before.high >= before.age_low, ~same_band_later)
        .distinct()
        .order_by(before.plan_id, before.rating_area)
    )
    return [tuple(row) for row in loader.connection.execute(query)]


def _overlapping(rows: Iterator[Rate]) -> dict[tuple, tuple[Rate, Rate]]:
    """Each row that overlaps, by key, with one that it overlaps."""
    found: dict[tuple, tuple[Rate, Rate]] = {}
    for one, other in combinations(rows, 2):
        ages = one.age_low <= other.age_high and other.age_low <= one.age_high
        if ages and one.effective_from <= other.effective_until and other.effective_from <= one.effective_until:
            found.setdefault(one.key, (one, other))
            found.setdefault(other.key, (other, one))
    return found


def _span(rate: Rate) -> str:
    return f"ages {rate.age_low} to {rate.age_high}, {rate.effective_from} to {rate.effective_until}"


# --- ages without a rate ----------------------------------------------------------------------------------------------


def _note_gaps(loader: Loader) -> None:
    """One note for each file and gap, however many plans and areas have it."""
    groups: dict[tuple[str, str], list[Rate]] = defaultdict(list)
    rows = loader.read(tables.rates, _with_gaps(loader), yield_per=BATCH)
    for _, found in groupby(rows, attrgetter("plan_id", "rating_area")):
        rates = tuple(found)
        missing = _missing(rates)
        if missing:
            groups[rates[0].source.file, missing].append(rates[0])
    for (_, missing), firsts in groups.items():
        loader.report(_gap(missing, firsts))


def _gap(missing: str, firsts: list[Rate]) -> Problem:
    first = firsts[0]
    plans = len({each.plan_id for each in firsts})
    lack = "1 plan lacks" if plans == 1 else f"{plans} plans lack"
    message = f"{lack} them, first {first.plan_id} in rating area {first.rating_area}; there is no price at these ages"
    expected = "a rate for each age from 0 to 64 and over"
    return finding(first, "age-gap", "age_low", f"no rate for {missing}", expected, message, Severity.NOTE)


def _with_gaps(loader: Loader) -> sa.ColumnElement[bool]:
    """Rates of plans and areas where the ages of one beginning do not add up; every true gap is among them."""
    rate, plan = tables.rates.table.c, tables.plans.table.c
    last = sa.case((rate.age_high > OLDER, OLDER), else_=rate.age_high)
    whole = sa.select(plan.plan_id).where(
        plan.release_no == loader.release_no, sa.func.lower(plan.child_only_offering).not_in(_PART_OF_AGES)
    )
    suspects = (
        sa.select(rate.plan_id, rate.rating_area)
        .where(rate.release_no == loader.release_no, rate.age_low <= OLDER, rate.plan_id.in_(whole))
        .group_by(rate.plan_id, rate.rating_area, rate.effective_from)
        .having(sa.func.sum(last - rate.age_low + 1) != OLDER + 1)
    )
    return sa.tuple_(rate.plan_id, rate.rating_area).in_(suspects)


def _missing(rates: Iterable[Rate]) -> str:
    """Ages without a rate on the first day that lacks any, such as ``ages 15 to 20, 65 and over``; empty for none."""
    rates = tuple(rates)
    for day in sorted({rate.effective_from for rate in rates}):
        in_force = [rate for rate in rates if rate.effective_from <= day <= rate.effective_until]
        ages = [age for age in range(OLDER + 1) if not any(each.age_low <= age <= each.age_high for each in in_force)]
        if ages:
            return "ages " + ", ".join(_runs(ages))
    return ""


def _runs(ages: list[int]) -> Iterator[str]:
    """Neighbouring ages together."""
    for _, run in groupby(enumerate(ages), lambda pair: pair[1] - pair[0]):
        found = [age for _, age in run]
        if found[-1] == OLDER:
            yield f"{found[0]} and over"
        else:
            yield str(found[0]) if len(found) == 1 else f"{found[0]} to {found[-1]}"
