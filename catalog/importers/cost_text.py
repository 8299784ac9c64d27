"""Copay and coinsurance as templates, tables and the Marketplace write them, to one ``CostShare``."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from catalog.importers.text import REMEMBERED, UnreadableText, is_missing, money, percent, squeeze
from catalog.terms import ZERO, CopayUnit, CostShare, DeductibleTiming


class UnreadableCostShare(UnreadableText):
    """Not a copay or coinsurance as the templates write it."""

    code = "unreadable-cost-share"


class _Charge(NamedTuple):
    amount: Decimal
    unit: CopayUnit
    timing: DeductibleTiming


_TIMING = r"(?: (?P<timing>before|after|with)(?: the)? deductible)?"
_COPAY = re.compile(
    r"(?:no charge|\$\s?(?P<amount>\d[\d,]*(?:\.\d{1,2})?)(?: copay(?:ment)?)?)"
    r"(?: per (?P<unit>day|stay|service|visit))?" + _TIMING,
    re.IGNORECASE,
)
_COINSURANCE = re.compile(
    r"(?:no charge|(?P<percent>\d{1,3}(?:\.\d+)?)\s?%(?: coinsurance)?)" + _TIMING,
    re.IGNORECASE,
)
_UNITS = {"day": CopayUnit.DAY, "stay": CopayUnit.STAY}


def _timing(word: str | None) -> DeductibleTiming:
    return DeductibleTiming(word.lower()) if word else DeductibleTiming.NONE


def _copay(text: str) -> _Charge | None:
    if is_missing(text):
        return None
    found = _COPAY.fullmatch(squeeze(text))
    if not found:
        raise UnreadableCostShare(text, "a copay such as $20.00, $250.00 Copay after deductible, or No Charge")
    amount = money(found["amount"] or "0") or ZERO
    return _Charge(amount, _UNITS.get((found["unit"] or "").lower(), CopayUnit.SERVICE), _timing(found["timing"]))


def _coinsurance(text: str) -> _Charge | None:
    if is_missing(text):
        return None
    found = _COINSURANCE.fullmatch(squeeze(text))
    if not found:
        raise UnreadableCostShare(text, "coinsurance such as 25.00% Coinsurance after deductible, or No Charge")
    part = percent(f"{found['percent'] or 0}%")
    return _Charge(part, CopayUnit.SERVICE, _timing(found["timing"]))


@lru_cache(REMEMBERED)
def cost_share(copay: str, coinsurance: str) -> CostShare | None:
    """The two cells of one network tier; None where both are empty, no amount where both are not applicable.

    ``No Charge`` is a copay or coinsurance of zero; without words on the deductible it does not apply.
    """
    if not squeeze(copay) and not squeeze(coinsurance):
        return None
    fixed, part = _copay(copay), _coinsurance(coinsurance)
    return CostShare(
        copay=fixed.amount if fixed else None,
        copay_unit=fixed.unit if fixed else CopayUnit.SERVICE,
        copay_timing=fixed.timing if fixed else DeductibleTiming.NONE,
        coinsurance=part.amount if part else None,
        coinsurance_timing=part.timing if part else DeductibleTiming.NONE,
        filed_copay=squeeze(copay),
        filed_coinsurance=squeeze(coinsurance),
    )


_NOT_COVERED = frozenset({"not covered", "benefit not covered"})


@lru_cache(REMEMBERED)
def display_cost_share(text: str) -> CostShare | None:
    """One display text of the Marketplace: ``"$500 Copay after deductible/25% Coinsurance after deductible"``.

    None for "Not Covered". A lone "No Charge" is a copay of zero.
    """
    cell = squeeze(text)
    if cell.lower() in _NOT_COVERED:
        return None
    parts = [part.strip() for part in cell.split("/")]
    copays = [part for part in parts if "%" not in part]
    percents = [part for part in parts if "%" in part]
    if len(copays) > 1 or len(percents) > 1:
        raise UnreadableCostShare(text, "at most one copay and one coinsurance with a slash between")
    return cost_share("".join(copays), "".join(percents))
