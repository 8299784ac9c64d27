"""Filed limits and benefits of many variants, one statement each, and what limits come to for a household."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.store.mapping import NounTable
from catalog.store.tables import benefits, limits, number_of
from catalog.terms import ZERO, Benefit, CostLimit, LimitKind, LimitScope, Money, NetworkTier, format_dollars

# A plan that files one amount for inside and outside together files it as combined.
_IN_NETWORK = (NetworkTier.IN_1, NetworkTier.COMBINED)
NONE_FILED = "None filed"


@dataclass(frozen=True, slots=True)
class Amount:
    """A yearly amount: ``total`` for the people who buy together, ``person`` for one of them; None: not filed."""

    total: Money | None = None
    person: Money | None = None

    @property
    def words(self) -> str:
        """``$700 a person, $1,400 for the family``, or one amount where there is only one."""
        if self.total is None:
            return NONE_FILED if self.person is None else f"{format_dollars(self.person)} a person"
        if self.person is None or self.person == self.total:
            return format_dollars(self.total)
        return f"{format_dollars(self.person)} a person, {format_dollars(self.total)} for the family"


@dataclass(frozen=True, slots=True)
class Figures:
    """In-network amounts of a variant. ``drugs`` is a deductible of its own for drugs, where there is one."""

    deductible: Amount = Amount()
    drugs: Amount | None = None
    limit: Amount = Amount()
    drug_limit: Amount | None = None

    @property
    def deductible_total(self) -> Money | None:
        """Both deductibles together; None where none is filed."""
        return _sum(self.deductible, self.drugs)

    @property
    def limit_total(self) -> Money | None:
        """The most for care and drugs together; None where none is filed."""
        return _sum(self.limit, self.drug_limit)


def read_limits(
    session: Session, release_id: str, variant_ids: Collection[str], *, every_tier: bool = False
) -> dict[str, tuple[CostLimit, ...]]:
    """Limits by variant id, in one statement; a variant that files none is absent. In-network ones unless asked."""
    columns = limits.table.c
    amounts = (columns[name] for name in ("individual", "per_person", "per_group"))
    narrowed = (sa.or_(*(amount.is_not(None) for amount in amounts)),)
    if not every_tier:
        narrowed = (*narrowed, columns.tier.in_(_IN_NETWORK))
    return _by_variant(session, limits, release_id, variant_ids, *narrowed)


def read_benefits(
    session: Session, release_id: str, variant_ids: Collection[str], categories: Collection[str] | None = None
) -> dict[str, tuple[Benefit, ...]]:
    """Benefits by variant id, in one statement; None reads every category."""
    narrowed = () if categories is None else (benefits.table.c.category.in_(list(categories)),)
    return _by_variant(session, benefits, release_id, variant_ids, *narrowed)


def _by_variant(
    session: Session, table: NounTable, release_id: str, variant_ids: Collection[str], *narrowed: sa.ColumnElement[bool]
) -> dict[str, tuple[Any, ...]]:
    columns = table.table.c
    query = (
        sa.select(*table.columns)
        .where(table.release_no == number_of(release_id), columns.variant_id.in_(list(variant_ids)), *narrowed)
        .order_by(*(columns[name] for name in table.key))
    )
    found: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        noun = table.read(row)
        found[noun.variant_id].append(noun)
    return {key: tuple(rows) for key, rows in found.items()}


def figures_of(rows: Iterable[CostLimit], *, family: bool) -> Figures:
    """What filed limits come to for a family, or for one person who buys alone."""
    held = tuple(rows)
    deductible, drugs = _pair(held, LimitKind.DEDUCTIBLE, family)
    limit, drug_limit = _pair(held, LimitKind.MOOP, family)
    return Figures(deductible, drugs, limit, drug_limit)


def amount_of(row: CostLimit | None, *, family: bool) -> Amount:
    """The amount for a family, or for one person who buys alone. A family amount that is not filed stays unknown."""
    if row is None:
        return Amount()
    single = row.individual if row.individual is not None else row.per_person
    if not family:
        return Amount(single, single)
    person = row.per_person if row.per_person is not None else row.individual
    return Amount(row.per_group, person)


def _pair(rows: tuple[CostLimit, ...], kind: LimitKind, family: bool) -> tuple[Amount, Amount | None]:
    """The amount for care (or for everything), and the one for drugs where it is separate."""
    together = _in_network(rows, kind, LimitScope.COMBINED)
    if together is not None:
        return amount_of(together, family=family), None
    drugs = _in_network(rows, kind, LimitScope.DRUG)
    care = amount_of(_in_network(rows, kind, LimitScope.MEDICAL), family=family)
    return care, None if drugs is None else amount_of(drugs, family=family)


def _in_network(rows: tuple[CostLimit, ...], kind: LimitKind, scope: LimitScope) -> CostLimit | None:
    found = {row.tier: row for row in rows if (row.kind, row.scope) == (kind, scope) and _has_amount(row)}
    return next((found[tier] for tier in _IN_NETWORK if tier in found), None)


def _has_amount(row: CostLimit) -> bool:
    return (row.individual, row.per_person, row.per_group) != (None, None, None)


def _sum(first: Amount, second: Amount | None) -> Money | None:
    totals = [amount.total for amount in (first, second) if amount is not None and amount.total is not None]
    return sum(totals, ZERO) if totals else None
