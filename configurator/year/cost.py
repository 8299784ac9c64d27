"""What a year costs: one plan in full detail, the whole bundle as a range, and the curve between no care and much care.

Yearly cost = premiums of all policies - tax credit + expected cost sharing - what fixed-amount policies pay back. It is
an estimate: `YearlyCost` carries the version of its assumptions and a range, never a bare number.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from catalog.parameters import Law
from catalog.terms import ZERO, Money
from configurator.cost_sharing import (
    Accumulators,
    Adjudication,
    CoveredPerson,
    Design,
    LineResult,
    ServiceLine,
    adjudicate,
)
from configurator.year.services import Care

PARTS = ("deductible", "copay", "coinsurance", "not_covered", "over_limit")


@dataclass(frozen=True, slots=True)
class Driver:
    """What one service comes to in a year: how often, its price, and the member's part."""

    category: str
    times: int
    allowed: Money
    member_owes: Money


@dataclass(frozen=True, slots=True)
class YearCost:
    """A year of services under one plan. ``parts`` sums the member's part by kind; ``drivers`` come dearest first.

    ``missing`` names services that the plan covers without a filed amount: their full price stands in the sums.
    """

    done: Adjudication
    allowed: Money
    plan_pays: Money
    member_owes: Money
    parts: Mapping[str, Money]
    drivers: tuple[Driver, ...]
    missing: tuple[str, ...] = ()


def year_cost(design: Design, people: Sequence[CoveredPerson], lines: Iterable[ServiceLine]) -> YearCost:
    """Adjudicate a year from its start and sum it up."""
    done = adjudicate(design, Accumulators(tuple(people)), lines)
    results = done.lines
    return YearCost(
        done,
        _sum(each.line.allowed for each in results),
        _sum(each.plan_pays for each in results),
        _sum(each.member_owes for each in results),
        {name: _sum(getattr(each, name) for each in results) for name in PARTS},
        _drivers(results),
        tuple(sorted({each.line.category for each in results if not each.certain})),
    )


def _sum(amounts: Iterable[Money]) -> Money:
    return sum(amounts, ZERO)


def _drivers(results: Sequence[LineResult]) -> tuple[Driver, ...]:
    groups: dict[str, list[LineResult]] = {}
    for each in results:
        groups.setdefault(each.line.category, []).append(each)
    found = [_driver(category, rows) for category, rows in groups.items()]
    return tuple(sorted(found, key=lambda each: (-each.member_owes, -each.allowed, each.category)))


def _driver(category: str, rows: Sequence[LineResult]) -> Driver:
    times = sum(each.line.units for each in rows)
    return Driver(category, times, _sum(e.line.allowed for e in rows), _sum(e.member_owes for e in rows))


@dataclass(frozen=True, slots=True)
class Level:
    """One level of care: cost sharing, what is paid back, and the year's total in dollars."""

    care: Care
    cost_sharing: Money
    paid_back: Money
    total: Money


@dataclass(frozen=True, slots=True)
class YearlyCost:
    """The cost of a bundle for a year as a range.

    ``fixed`` is what is paid without any care: premiums less the credit. ``expected`` is the middle level, or the
    household's own list. ``low`` to ``high`` is the range; ``bad`` the year in which every maximum is reached.
    """

    premiums: Money
    credit: Money
    levels: tuple[Level, ...]
    expected: Money
    assumptions: str
    missing: tuple[str, ...] = ()

    @property
    def fixed(self) -> Money:
        """What the year costs without any care."""
        return self.premiums - self.credit

    @property
    def low(self) -> Money:
        """The least total of the levels that are no bad year."""
        return min(each.total for each in self.levels if each.care is not Care.BAD)

    @property
    def high(self) -> Money:
        """The largest total of the levels that are no bad year."""
        return max(each.total for each in self.levels if each.care is not Care.BAD)

    @property
    def bad(self) -> Money | None:
        """The total of the bad year; None where it was not worked out."""
        return next((each.total for each in self.levels if each.care is Care.BAD), None)


def yearly_cost(
    premiums: Money,
    credit: Money,
    cost_sharing: Mapping[Care, Money],
    law: Law,
    on: date,
    *,
    paid_back: Mapping[Care, Money] | None = None,
    expected: Care = Care.MEDIUM,
    missing: Sequence[str] = (),
) -> YearlyCost:
    """The bundle's year from yearly premiums, credit, and cost sharing and pay-outs at each level.

    Raises `ValueError` where the expected level is not among them.
    """
    if expected not in cost_sharing:
        raise ValueError(f"the expected level {expected} has no cost sharing")
    back = paid_back or {}
    levels = tuple(_level(care, premiums - credit, owed, back.get(care, ZERO)) for care, owed in cost_sharing.items())
    middle = next(each.total for each in levels if each.care is expected)
    return YearlyCost(premiums, credit, levels, middle, law.value("utilization.version", on), tuple(missing))


def _level(care: Care, fixed: Money, cost_sharing: Money, paid_back: Money) -> Level:
    return Level(care, cost_sharing, paid_back, fixed + cost_sharing - paid_back)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the cost curve: care received so far, and all that was spent, in dollars."""

    care: Money
    spent: Money


def cost_curve(year: YearCost, fixed: Money, paid_back: Mapping[date, Money] | None = None) -> tuple[Point, ...]:
    """What a bundle costs against the care needed: after each service of a year, the care so far and all spent so far.

    Starts with no care (``fixed``: premiums less credit); what policies pay back counts from its day on.
    """
    back = dict(paid_back or {})
    points, care, owed = [Point(ZERO, fixed)], ZERO, ZERO
    for each in year.done.lines:
        care, owed = care + each.line.allowed, owed + each.member_owes
        returned = _sum(amount for day, amount in back.items() if day <= each.line.on)
        points.append(Point(care, fixed + owed - returned))
    return tuple(points)
