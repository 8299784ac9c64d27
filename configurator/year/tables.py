"""Terms of many plans as columns of integers (cents, parts per million), for one service in one network tier each.

Rows are kept in a design's ``memo``, so that a design that is kept between requests is read once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from catalog.terms import CopayUnit, Money, NetworkTier, ProductLine, to_cents
from configurator.cost_sharing import Coverage, Design, Period, Pool, Terms, Unit

Array = np.ndarray
MILLION = 1_000_000
NO_LIMIT = 1 << 60  # cents: larger than any sum of a year
NO_SLOT = 0  # the pool that nothing bounds
_SENTINEL = object()


@dataclass(frozen=True, slots=True)
class Row:
    """One plan's terms: numbers in the order of `COLUMNS`, and the pools that they name."""

    numbers: tuple[int, ...]
    deductible: Pool | None
    moops: tuple[Pool, ...]
    maximums: tuple[Pool, ...]
    units: str


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
    units = "" if terms.units is None else terms.units.key
    return Row(_numbers(design, terms), terms.deductible, terms.moops, terms.maximums, units)


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


def _cents(amount: Money | Decimal | None, missing: int) -> int:
    return missing if amount is None else to_cents(amount)


@dataclass(slots=True)
class Table:
    """The columns of one service and tier over all plans, the pools' slots, and which features occur at all."""

    columns: dict[str, Array]
    any: dict[str, bool]
    deductible: Array
    moops: list[Array]
    maximums: list[Array]
    units: Array

    def __getattr__(self, name: str) -> Array:
        try:
            return self.columns[name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(slots=True)
class Slots:
    """Numbers for pools that plans share by key, with each plan's limits in cents; slot 0 bounds nothing."""

    plans: int
    numbers: dict[str, int] = field(default_factory=dict)
    person: list[Array] = field(default_factory=list)
    family: list[Array] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._new("")

    def _new(self, key: str) -> int:
        self.numbers[key] = len(self.person)
        self.person.append(np.full(self.plans, NO_LIMIT, np.int64))
        self.family.append(np.full(self.plans, NO_LIMIT, np.int64))
        return self.numbers[key]

    def of_pool(self, pool: Pool | None, plan: int) -> int:
        """The slot of a pool, with this plan's limits written into it."""
        if pool is None:
            return NO_SLOT
        number = self.of_key(pool.key)
        self.person[number][plan] = _cents(pool.person, NO_LIMIT)
        self.family[number][plan] = _cents(pool.family, NO_LIMIT)
        return number

    def of_key(self, key: str) -> int:
        """The slot of a key; a new one where it has none."""
        number = self.numbers.get(key)
        return self._new(key) if number is None else number


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
        np.array([slots.of_pool(row.deductible, plan) for plan, row in enumerate(rows)], np.int64),
        _pools([row.moops for row in rows], slots),
        _pools([row.maximums for row in rows], slots),
        np.array([slots.of_key(row.units) if row.units else NO_SLOT for row in rows], np.int64),
    )


def _pools(held: list[tuple[Pool, ...]], slots: Slots) -> list[Array]:
    """The first pools of all plans, the second ones and so on, in the order in which the scalar engine takes them."""
    return [
        np.array([slots.of_pool(pools[nth] if nth < len(pools) else None, plan) for plan, pools in enumerate(held)])
        for nth in range(max(map(len, held), default=0))
    ]
