"""Cost shares, limits and riders in plain words. Pure: a figure reads the same on page, CSV and paper."""

import re
from collections.abc import Collection
from decimal import Decimal

from catalog.terms import (
    Benefit,
    CopayUnit,
    CostShare,
    Csr,
    DeductibleTiming,
    Metal,
    Source,
    format_dollars,
    spoken_list,
)

NOT_COVERED = "Not covered"
NOT_FILED = "No figure filed"
NO_CHARGE = "No charge"
FULL_COST = "You pay the full cost"
NO_LIMIT = "No limit filed"

_TIMINGS = {
    DeductibleTiming.NONE: "",
    DeductibleTiming.AFTER: " after the deductible",
    DeductibleTiming.BEFORE: ", then the deductible",
    DeductibleTiming.WITH: ", which counts toward the deductible",
}
_UNITS = {CopayUnit.DAY: "a day", CopayUnit.STAY: "a stay"}
_VISITS = frozenset(
    {
        "primary_care",
        "specialist",
        "other_practitioner",
        "preventive_care",
        "emergency_room",
        "urgent_care",
        "mental_health_outpatient",
        "substance_use_outpatient",
        "prenatal_care",
        "home_health",
        "rehabilitation",
        "habilitation",
        "rehabilitative_speech",
        "rehabilitative_therapy",
        "chiropractic",
        "acupuncture",
        "child_dental_checkup",
        "adult_dental_routine",
        "child_eye_exam",
        "adult_eye_exam",
        "well_baby",
        "nutrition_counseling",
        "diabetes_education",
        "routine_foot_care",
        "cardiac_rehabilitation",
        "pulmonary_rehabilitation",
    }
)
_PRESCRIPTIONS = frozenset({"generic_drugs", "preferred_brand_drugs", "non_preferred_brand_drugs", "specialty_drugs"})
_ITEMS = {"child_glasses": "a pair", "adult_glasses": "a pair", "ambulance": "a trip", "laboratory": "a test"}
_RIDERS = (
    ("adult dental", frozenset({"adult_dental_routine", "adult_dental_basic", "adult_dental_major"})),
    ("adult braces", frozenset({"adult_orthodontia"})),
    ("adult vision", frozenset({"adult_eye_exam", "adult_glasses"})),
    ("fitness", frozenset({"fitness", "weight_loss"})),
)
_SAVINGS = {
    Csr.ZERO: "No cost sharing (tribal members)",
    Csr.LIMITED: "Limited cost sharing (tribal members)",
    Csr.SILVER_73: "Extra savings included",
    Csr.SILVER_87: "Extra savings included",
    Csr.SILVER_94: "Extra savings included",
}


def percent(share: Decimal) -> str:
    """A share of one as a percentage without idle zeros: ``25%``, ``12.5%``."""
    text = f"{share * 100:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def cost_words(share: CostShare | None, category: str = "", *, out_of_network: bool = False) -> str:
    """What the member pays for one service of a category.

    Out of the network, 100 % coinsurance without a copay is how tables say that nothing is covered.
    """
    if share is None or not share.is_filed:
        return NOT_FILED
    if share.member_pays_all:
        return NOT_COVERED if out_of_network else FULL_COST
    copay = _copay_words(share, category)
    coinsurance = _coinsurance_words(share)
    return " and ".join(part for part in (copay, coinsurance) if part) or _free_words(share)


def _copay_words(share: CostShare, category: str) -> str:
    if not share.copay:
        return ""
    return f"{format_dollars(share.copay)} {_unit_words(share, category)}{_TIMINGS[share.copay_timing]}"


def _coinsurance_words(share: CostShare) -> str:
    return f"{percent(share.coinsurance)}{_TIMINGS[share.coinsurance_timing]}" if share.coinsurance else ""


def _free_words(share: CostShare) -> str:
    after = DeductibleTiming.AFTER in (share.copay_timing, share.coinsurance_timing)
    return f"{NO_CHARGE}{_TIMINGS[DeductibleTiming.AFTER]}" if after else NO_CHARGE


def _unit_words(share: CostShare, category: str) -> str:
    if share.copay_unit in _UNITS:
        return _UNITS[share.copay_unit]
    if category in _VISITS:
        return "a visit"
    if category in _PRESCRIPTIONS:
        return "a prescription"
    return _ITEMS.get(category, "each time")


def in_network_words(benefit: Benefit | None) -> str:
    """First-tier cost of a benefit; a benefit that is not filed or not covered says so."""
    if benefit is None:
        return NOT_FILED
    return cost_words(benefit.in_1, benefit.category) if benefit.covered else NOT_COVERED


def second_tier_words(benefit: Benefit | None) -> str:
    """Second-tier cost of a benefit; empty where the plan has one tier for it."""
    if benefit is None or not benefit.covered or benefit.in_2 is None:
        return ""
    return cost_words(benefit.in_2, benefit.category)


def out_of_network_words(benefit: Benefit | None) -> str:
    """Cost of a benefit outside the network."""
    if benefit is None:
        return NOT_FILED
    return cost_words(benefit.out, benefit.category, out_of_network=True) if benefit.covered else NOT_COVERED


def quantity_words(benefit: Benefit) -> str:
    """A filed limit on how much is covered: ``30 visits a year``, ``$3,000 a year``; empty where there is none."""
    if benefit.limit_quantity is None:
        return ""
    thing, _, period = benefit.limit_unit.partition(" per ")
    number = f"{benefit.limit_quantity.normalize():,f}"
    if thing.strip().lower().startswith("dollar"):
        amount = format_dollars(benefit.limit_quantity)
    else:
        amount = f"{number} {_plural(thing.strip().lower(), benefit.limit_quantity)}".strip()
    return f"{amount} {_period_words(period.strip().lower())}".strip()


def _plural(filed: str, quantity: Decimal) -> str:
    """``visit(s)`` and ``days`` in the number wanted."""
    one = re.sub(r"\(s\)$|s$", "", filed)
    return one if quantity == 1 or not one else f"{one}s"


def _period_words(period: str) -> str:
    if not period:
        return ""
    if period[0].isdigit():
        return f"every {period}"
    return f"in a {period}" if period == "lifetime" else f"a {period}"


def rider_words(riders: Collection[str]) -> str:
    """The riders of a plan in words: ``Adult dental and adult vision``; ``No rider`` for none."""
    held = frozenset(riders)
    names = [name for name, slugs in _RIDERS if held & slugs]
    known = frozenset().union(*(slugs for _, slugs in _RIDERS))
    names += [slug.replace("_", " ") for slug in sorted(held - known)]
    text = spoken_list(names)
    return text[:1].upper() + text[1:] if text else "No rider"


def metal_words(metal: Metal | None) -> str:
    """The metal level of a medical plan, or high and low of a dental plan: ``Expanded bronze``, ``High option``."""
    if metal is None:
        return "No metal level"
    name = metal.value.replace("_", " ").capitalize()
    return f"{name} option" if metal in (Metal.LOW, Metal.HIGH) else name


def savings_words(csr: Csr) -> str:
    """What a cost-sharing variant gives, in a few words; empty for the standard one."""
    return _SAVINGS.get(csr, "")


def source_words(source: Source) -> str:
    """File and place of a filed figure; empty where none is known."""
    return str(source) if source.file else ""
