"""Terms of many plans as columns of integers (cents, parts per million), for one service in one network tier each.

Rows are kept in a design's ``memo``, so that a design that is kept between requests is read once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np

from catalog.terms import CopayUnit, Money, NetworkTier, ProductLine, to_cents
from configurator.cost_sharing import Coverage, Design, Period, Pool, Terms, Unit

Array = np.ndarray
MILLION = 1_000_000
NO_LIMIT = 1 << 60  # cents: larger than any sum of a year
_SENTINEL = object()


Held = tuple[str, int, int]
"""A pool as (key, each person's limit, the family's limit) in cents."""

NO_POOL: Held = ("", NO_LIMIT, NO_LIMIT)


@dataclass(frozen=True, slots=True)
class Row:
    """One plan's terms: numbers in the order of `COLUMNS`, and the pools that they name."""

    numbers: tuple[int, ...]
    deductible: Held
    moops: tuple[Held, ...]
    maximums: tuple[Held, ...]
    units: Held


COLUMNS = (
    "covered", "free", "certain", "copay", "per_day", "per_stay", "copay_days", "copay_first", "copay_counts",
    "deductible_applies", "rate", "least", "most", "waived", "free_visits", "copay_visits", "limited", "by_days",
    "within_stay", "quantity", "allowance", "no_deductible", "medical",
)  # fmt: skip


def row_of(design: Design, category: str, tier: NetworkTier) -> Row | None:
    """The row of a design; None where its terms need the scalar engine."""
    key = (category, tier)
    found = design.memo.get(key, _SENTINEL)
    if found is _SENTINEL:
        found = design.memo[key] = _row(design, design.terms_of(category, tier))
    return found


def _row(design: Design, terms: Terms) -> Row | None:
    rate = terms.rate * MILLION
    month = terms.units is not None and terms.units.period is Period.MONTH
    if terms.waiting or terms.credits or month or rate != int(rate) or not _whole(terms):
        return None
    return Row(
        _numbers(design, terms),
        _held(design, terms.deductible),
        tuple(_held(design, pool) for pool in terms.moops),
        tuple(_held(design, pool) for pool in terms.maximums),
        NO_POOL if terms.units is None else (terms.units.key, NO_LIMIT, NO_LIMIT),
    )


def _held(design: Design, pool: Pool | None) -> Held:
    if pool is None:
        return NO_POOL
    found = design.memo.get(pool.key)
    if found is None:
        limits = (_cents(pool.person, NO_LIMIT), _cents(pool.family, NO_LIMIT))
        found = design.memo[pool.key] = (pool.key, *limits)
    return found


def _whole(terms: Terms) -> bool:
    """Limits counted in whole units, maximums that start again each year or never."""
    months = any(pool.bucket.period not in (Period.YEAR, Period.LIFETIME) for pool in terms.maximums)
    return not months and (terms.quantity is None or terms.quantity.amount == int(terms.quantity.amount))


def _numbers(design: Design, terms: Terms) -> tuple[int, ...]:
    limit = terms.quantity if terms.quantity and terms.quantity.unit is not Unit.DOLLARS else None
    return (
        terms.coverage is Coverage.COVERED,
        terms.preventive and design.line is ProductLine.MEDICAL and terms.tier is not NetworkTier.OUT,
        terms.coverage is not Coverage.NOT_FILED,
        to_cents(terms.copay),
        terms.copay_unit is CopayUnit.DAY,
        terms.copay_unit is CopayUnit.STAY,
        terms.copay_days or NO_LIMIT,
        terms.copay_first,
        terms.copay_counts,
        terms.deductible_applies,
        int(terms.rate * MILLION),
        _cents(terms.least, 0),
        _cents(terms.most, NO_LIMIT),
        terms.waived_if_admitted,
        terms.free_visits,
        terms.copay_visits,
        limit is not None,
        limit is not None and limit.unit is Unit.DAYS,
        limit is not None and limit.period is Period.STAY,
        int(limit.amount) if limit else NO_LIMIT,
        _cents(terms.allowance, NO_LIMIT),
        terms.deductible is None,
        design.line is ProductLine.MEDICAL,
    )


@lru_cache(4096)
def _cents(amount: Money | Decimal | None, missing: int) -> int:
    return missing if amount is None else to_cents(amount)


Slot = int | Array
"""One slot for all plans, or one for each."""


@dataclass(slots=True)
class Table:
    """The columns of one service and tier over all plans, the pools' slots, and which features occur at all."""

    columns: dict[str, Array]
    any: dict[str, bool]
    deductible: Slot
    moops: list[Slot]
    maximums: list[Slot]
    units: Slot

    def __getattr__(self, name: str) -> Array:
        try:
            return self.columns[name]
        except KeyError:
            raise AttributeError(name) from None


class Slots:
    """Numbers for pools that plans share by key, with each plan's limits in cents; slot 0 bounds nothing."""

    def __init__(self, plans: int) -> None:
        self.plans = plans
        self._numbers: dict[str, int] = {}
        self._person: list[list[int]] = []
        self._family: list[list[int]] = []
        self.number("")

    def number(self, key: str) -> int:
        """The slot of a key; a new one where it has none."""
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self._person)
            self._person.append([NO_LIMIT] * self.plans)
            self._family.append([NO_LIMIT] * self.plans)
        return found

    def of(self, held: Sequence[Held]) -> Slot:
        """The slot of each plan's pool, with the plan's limits written into it."""
        numbers = []
        for plan, (key, person, family) in enumerate(held):
            number = self.number(key)
            self._person[number][plan], self._family[number][plan] = person, family
            numbers.append(number)
        return numbers[0] if len(set(numbers)) == 1 else np.array(numbers, np.int64)

    def limits(self) -> Array:
        """Limits in cents by [0 for the family or 1 for each person, slot, plan]."""
        return np.array([self._family, self._person], np.int64)


def table(designs: Sequence[Design], category: str, tier: NetworkTier, slots: Slots) -> Table | None:
    """The table of a service; None where a plan needs the scalar engine for it."""
    rows = [row_of(design, category, tier) for design in designs]
    if any(row is None for row in rows):
        return None
    matrix = np.array([row.numbers for row in rows], np.int64).T.copy()
    columns = dict(zip(COLUMNS, matrix, strict=True))
    return Table(
        columns,
        {name: bool(column.any()) for name, column in columns.items()},
        slots.of([row.deductible for row in rows]),
        _each(slots, [row.moops for row in rows]),
        _each(slots, [row.maximums for row in rows]),
        slots.of([row.units for row in rows]),
    )


def _each(slots: Slots, pools: list[tuple[Held, ...]]) -> list[Slot]:
    """The first pools of all plans, the second ones and so on, in the order in which the scalar engine takes them."""
    most = max(map(len, pools), default=0)
    return [slots.of([held[nth] if nth < len(held) else NO_POOL for held in pools]) for nth in range(most)]
