"""From last year's plans to this year's: same plan, withdrawn, changed metal, merged product, a county that was left.

Levels and reasons are spelled as in the crosswalk template; every link says where a member goes who does nothing
(45 CFR 155.335(j)).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.demo.dental import dental_plans
from catalog.demo.geography import ASHTABULA, COLUMBIANA, STATE, service_areas
from catalog.demo.lineup import ISSUER_ID, YEARS, plans

PREFIX = f"{ISSUER_ID}{STATE}"
SAME = "Crosswalking to same Plan ID"
PLAN_LEVEL = "Crosswalking at the Plan ID level"
COUNTY_LEVEL = "Crosswalking at the Plan ID and county coverage level"
ENDED = "Discontinuing plan with no crosswalk (no re-enrollment option)"

_REASON_SAME = "Renewing exact same product/plan combination (Same {old} Plan ID)"
_REASON_PLAN = "Renewing product; renewal in a different plan within the product"
_REASON_PRODUCT = "Discontinuing product; enrollment in a different product"
_REASON_COUNTY = "Continuing product with no plan available in the service area; enrollment in a different product"
_REASON_LEFT = "Continuing product with no plan available in the service area; no enrollment option"

# Withdrawn plans and the merged product: from -> (to, reason).
_MOVED = {
    "0010013": ("0010006", _REASON_PLAN),
    "0030004": ("0030003", _REASON_PLAN),
    "0060001": ("0010001", _REASON_PRODUCT),
    "0060002": ("0010006", _REASON_PRODUCT),
    "0060003": ("0010009", _REASON_PRODUCT),
}
# In Ashtabula the Select plans end and Choice plans follow.
_IN_ASHTABULA = {
    "0010001": "0020001", "0010002": "0020003", "0010003": "0020004", "0010004": "0020005", "0010005": "0020005",
    "0010006": "0020006", "0010007": "0020006", "0010008": "0020007", "0010009": "0020008", "0010010": "0020008",
    "0010011": "0020001", "0010012": "0020009", "0010013": "0020006",
}  # fmt: skip
# Where people go who are too old for a catastrophic plan or a plan for children only.
_AGE_OFF = {"0010011": "0010002", "1040001": "1010002"}
_AGE_OFF_IN_ASHTABULA = {"0010011": "0020003"}


@dataclass(frozen=True)
class Link:
    """Where one plan of last year leads, everywhere or in one county; ``to`` empty: nowhere."""

    plan: str
    to: str
    level: str
    reason: str
    county_fips: str = ""
    age_off: str = ""


def links(year: int) -> tuple[Link, ...]:
    """All links into a plan year, county rows after the plan's own row; none before 2027."""
    return tuple(_links(year)) if year > YEARS[0] else ()


def _links(year: int) -> Iterator[Link]:
    areas = service_areas(year - 1)
    for plan in plans(year - 1):
        yield _plan_link(plan.number, year)
        if ASHTABULA in areas[plan.product.area_id].counties and plan.number in _IN_ASHTABULA:
            to, age_off = _IN_ASHTABULA[plan.number], _AGE_OFF_IN_ASHTABULA.get(plan.number, "")
            yield Link(plan.number, to, COUNTY_LEVEL, _REASON_COUNTY, ASHTABULA, age_off)
        if COLUMBIANA in areas[plan.product.area_id].counties:
            yield Link(plan.number, "", ENDED, _REASON_LEFT, COLUMBIANA)
    for plan in dental_plans(year - 1):
        yield _plan_link(plan.number, year)


def _plan_link(number: str, year: int) -> Link:
    if number in _MOVED:
        to, reason = _MOVED[number]
        return Link(number, to, PLAN_LEVEL, reason)
    return Link(number, number, SAME, _REASON_SAME.format(old=year - 1), age_off=_AGE_OFF.get(number, ""))


def _facts(number: str, year: int) -> tuple[str, bool]:
    """(metal, child only) of a plan number; empty metal where there is no such plan."""
    by_number: dict[str, tuple[str, bool]] = {plan.number: (plan.metal, False) for plan in plans(year)}
    by_number |= {plan.number: (plan.level, plan.child_only) for plan in dental_plans(year)}
    return by_number.get(number, ("", False))


def _plan_columns(kind: str, id_column: str, number: str, year: int) -> dict[str, object]:
    if not number:
        return {}
    metal, child_only = _facts(number, year)
    return {
        id_column: PREFIX + number,
        f"IssuerID_{kind}": ISSUER_ID,
        f"MultistatePlan_{kind}": "No",
        f"MetalLevel_{kind}": metal,
        f"ChildAdultOnly_{kind}": "1" if child_only else "0",
    }


def puf_row(link: Link, year: int) -> dict[str, object]:
    """A link as a row of the Plan ID Crosswalk file; empty county and ZIP mean everywhere."""
    return {
        "State": STATE,
        "DentalPlan": "Yes" if is_dental(link.plan) else "No",
        "FIPSCode": link.county_fips,
        "CrosswalkLevel": link.level,
        "ReasonForCrosswalk": link.reason,
        **_plan_columns(str(year - 1), f"PlanID_{year - 1}", link.plan, year - 1),
        **_plan_columns(str(year), f"PlanID_{year}", link.to, year),
        **_plan_columns(f"AgeOff{year}", f"AgeOffPlanID_{year}", link.age_off, year),
    }


def is_dental(number: str) -> bool:
    """Whether a plan number belongs to a stand-alone dental product."""
    return number.startswith("10")


def is_age_limited(number: str) -> bool:
    """Whether the plan is catastrophic or for children only, by its number."""
    return number in _AGE_OFF
