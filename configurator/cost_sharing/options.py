"""From an option of our own CSV set that shares cost (vision, telehealth, wellness) to its adjudication design.

A benefit's row says what the member pays ("$15.00", "20 %", "No Charge"), or an allowance: the most the plan pays, the
rest being the member's. Rows that pay cash are not cost sharing (see `configurator.year.payouts`). In- and
out-of-network rows are told apart; ``any`` holds for both. Options have no deductible and no maximum.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from catalog.terms import ZERO, Money, NetworkTier, Option, OptionBenefit, category_of
from configurator.cost_sharing.design import (
    Bucket,
    Coverage,
    Design,
    Measure,
    Period,
    Quantity,
    Terms,
    Unit,
    Waiting,
)

ALLOWANCE = "allowance"
_TIERS = {
    "in_network": (NetworkTier.IN_1, NetworkTier.IN_2),
    "out_of_network": (NetworkTier.OUT,),
    "any": (NetworkTier.IN_1, NetworkTier.IN_2, NetworkTier.OUT),
    "": (NetworkTier.IN_1, NetworkTier.IN_2, NetworkTier.OUT),
}
_DOLLARS = re.compile(r"\$\s?(\d[\d,]*(?:\.\d{1,2})?)")
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s?%")


def from_option(option: Option, benefits: Iterable[OptionBenefit], *, family: bool) -> Design:
    """The design of one option; what it pays in cash is left out.

    ``gaps`` name benefits whose words cannot be read, and limits that run longer than a year: within one year they
    hold as filed.
    """
    rows = [row for row in benefits if row.pays_amount is None or row.pays_unit == ALLOWANCE]
    terms = {(each.category, each.tier): each for row in rows for each in _terms(row)}
    return Design(option.option_id, option.line, family, terms, tuple(sorted(_gaps(rows))))


def _gaps(rows: list[OptionBenefit]) -> Iterator[str]:
    for row in rows:
        if _share(row) is None:
            yield category_of(row.benefit)
        if row.limit_quantity is not None and not _yearly(row.limit_unit):
            yield f"limit of {category_of(row.benefit)}: {row.limit_unit}"


def _yearly(unit: str) -> bool:
    return unit.strip().lower() in ("per year", "per lifetime")


def _terms(row: OptionBenefit) -> Iterator[Terms]:
    share = _share(row)
    category, limit = category_of(row.benefit), _quantity(row)
    for tier in _TIERS.get(row.network_tier, ()):
        if share is None:
            yield Terms(category, tier, Coverage.NOT_FILED)
            continue
        yield Terms(
            category=category,
            tier=tier,
            copay=share[0],
            rate=share[1],
            allowance=row.pays_amount if row.pays_unit == ALLOWANCE else None,
            quantity=limit,
            waiting=_waiting(row),
            units=Bucket(Measure.UNITS, name=category, period=limit.period) if limit else None,
            filed=f"Filed: {row.member_pays}." if row.member_pays else "",
        )


def _share(row: OptionBenefit) -> tuple[Money, Decimal] | None:
    """(copay, rate) of the words; None where they say neither."""
    words = row.member_pays.strip()
    if words.lower() == "no charge" or (not words and row.pays_unit == ALLOWANCE):
        return ZERO, Decimal(0)
    if found := _PERCENT.search(words):
        return ZERO, Decimal(found[1]) / 100
    found = _DOLLARS.search(words)
    return (Decimal(found[1].replace(",", "")), Decimal(0)) if found else None


def _quantity(row: OptionBenefit) -> Quantity | None:
    if row.limit_quantity is None:
        return None
    period = Period.LIFETIME if "lifetime" in row.limit_unit.lower() else Period.YEAR
    return Quantity(row.limit_quantity, Unit.COUNT, period, f"{row.limit_quantity:f} {row.limit_unit}")


def _waiting(row: OptionBenefit) -> Waiting | None:
    if not row.waiting_days:
        return None
    return Waiting(days=row.waiting_days, waived_with_prior_cover=bool(row.waived_with_prior_cover))
