"""Whether a plan may stand beside a health savings account: by its metal level, or by its own cost sharing.

A high-deductible plan pays nothing but preventive care (and telehealth, where the law lets it) before its deductible,
has a deductible of at least the yearly minimum and a maximum of at most the yearly one (26 USC 223(c)(2)). In family
cover no person's own deductible may be below the family minimum. Individual-market bronze and catastrophic plans count
from 2026 whatever their cost sharing (IRS Notice 2026-5).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from catalog.parameters import Law
from catalog.terms import (
    Benefit,
    CostShare,
    LimitKind,
    Market,
    Money,
    NetworkTier,
    PlanDesign,
    format_dollars,
)
from configurator.cost_sharing.mapping import IN_NETWORK, PREVENTIVE, amounts, deductible_applies, share_of

TELEHEALTH = frozenset({"telehealth", "virtual_care", "telemedicine"})
# Counseling that issuers file as preventive (26 USC 223(c)(2)(C)), and dental and vision care, which do not count as
# other health coverage (26 USC 223(c)(1)(B)).
_ALLOWED = frozenset(
    {
        "diabetes_education", "diabetes_care_management", "nutrition_counseling", "child_eye_exam", "child_glasses",
        "adult_eye_exam", "adult_glasses", "child_dental_checkup", "child_dental_basic", "child_dental_major",
        "child_orthodontia",
    }
)  # fmt: skip
_VARIANT_OF_ZERO = "02"


@dataclass(frozen=True, slots=True)
class HsaStanding:
    """``by``: "metal", "design" or empty; ``against`` says in plain words what rules the own design out."""

    by: str
    against: tuple[str, ...]
    cite: str

    @property
    def qualifies(self) -> bool:
        """Whether the plan may stand beside an account."""
        return bool(self.by)


def hsa_standing(filed: PlanDesign, law: Law, on: date, *, family: bool) -> HsaStanding:
    """How a plan stands for one person or a family. Raises `MissingParameter` for a year whose amounts are not held."""
    against = tuple(_against(filed, law, on, family))
    if _by_metal(filed, law, on):
        return HsaStanding("metal", against, "IRS Notice 2026-5")
    return HsaStanding("" if against else "design", against, "26 USC 223(c)(2)")


def _by_metal(filed: PlanDesign, law: Law, on: date) -> bool:
    """A variant without any cost sharing is no high-deductible plan whatever its metal."""
    metal = filed.plan.metal
    individual = filed.plan.market is Market.INDIVIDUAL and filed.variant.csr != _VARIANT_OF_ZERO
    return individual and metal is not None and metal.level.value in law.value("hsa.qualifying_metals", on)


def _against(filed: PlanDesign, law: Law, on: date, family: bool) -> Iterator[str]:
    who = "family" if family else "self"
    least, most = (law.value(f"hdhp.{name}.{who}", on) for name in ("min_deductible", "max_oop"))
    yield from _deductible_problems(filed, family, least)
    if (highest := _highest_maximum(filed, family)) is None or highest > most:
        yield f"The most you pay may not be above {format_dollars(most)}."
    early = sorted(each.name for each in filed.benefits if _before_deductible(each, law, on))
    if early:
        yield f"Paid before the deductible: {', '.join(early)}."


def _highest_maximum(filed: PlanDesign, family: bool) -> Money | None:
    """The largest maximum for care in the network; None where none is filed."""
    inside = (*IN_NETWORK, NetworkTier.COMBINED)
    rows = [row for row in filed.limits if row.kind is LimitKind.MOOP and row.tier in inside]
    return max((each for row in rows for each in amounts(row, family) if each is not None), default=None)


def _deductible_problems(filed: PlanDesign, family: bool, least: Money) -> Iterator[str]:
    rows = [row for row in filed.limits if row.kind is LimitKind.DEDUCTIBLE and row.tier in IN_NETWORK]
    held = [each for row in rows for each in amounts(row, family) if each is not None]
    if not held or min(held) < least:
        yield f"No deductible, also of one person in a family, may be below {format_dollars(least)}."


def _before_deductible(benefit: Benefit, law: Law, on: date) -> bool:
    free = PREVENTIVE | _ALLOWED | (TELEHEALTH if law.value("hsa.telehealth_before_deductible", on) else frozenset())
    if not benefit.covered or benefit.category in free or benefit.ehb is False:
        return False
    return any(_pays_early(share_of(benefit, tier)) for tier in IN_NETWORK)


def _pays_early(share: CostShare | None) -> bool:
    return share is not None and share.is_filed and not share.member_pays_all and not deductible_applies(share)
