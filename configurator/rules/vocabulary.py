"""What rules may speak of: attributes of each product line, and household facts, with their types.

An attribute of a line in which nothing is chosen is ``no``, ``0`` or ``'none'``. A household fact may be
unknown; it then stays open instead of counting as any of these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from catalog.terms import Metal, ProductLine

Value = Decimal | str | bool


class Kind(StrEnum):
    """Type of a value in a rule."""

    YES_NO = "yes or no"
    NUMBER = "number"
    TEXT = "text"


ABSENT: dict[Kind, Value] = {Kind.YES_NO: False, Kind.NUMBER: Decimal(0), Kind.TEXT: "none"}


@dataclass(frozen=True, slots=True)
class Type:
    """Type of an attribute or fact; ``values`` closes a text."""

    kind: Kind
    values: tuple[str, ...] = ()
    unit: str = ""
    meaning: str = ""


def yes_no(meaning: str) -> Type:
    """Type of a yes-or-no attribute."""
    return Type(Kind.YES_NO, meaning=meaning)


def number(meaning: str, unit: str = "") -> Type:
    """Type of a number; ``unit`` says of what."""
    return Type(Kind.NUMBER, unit=unit, meaning=meaning)


def text(meaning: str, *values: str) -> Type:
    """Type of a closed text; ``none`` stands for nothing chosen."""
    return Type(Kind.TEXT, values=(*values, "none"), meaning=meaning)


# What every policy tells about itself and the people on it, whatever its line.
POLICY: dict[str, Type] = {
    "selected": yes_no("an option of this line is in the bundle"),
    "people": number("people covered", "people"),
    "adults": number("adults covered, as rating counts them", "people"),
    "oldest_age": number("age of the oldest person covered, at the start of coverage", "years"),
    "youngest_age": number("age of the youngest person covered, at the start of coverage", "years"),
    "oldest_child_age": number("age of the oldest child covered", "years"),
    "covers_applicant": yes_no("the applicant is covered"),
    "covers_spouse": yes_no("a spouse or partner is covered"),
    "covers_children": yes_no("at least one child is covered"),
    "policies_per_person": number("most policies of this line that one person has", "policies"),
    "guaranteed_issue": yes_no("issued without health questions"),
    "face_amount": number("face amount of the applicant", "dollars"),
    "unaccepted_relationship": yes_no("somebody covered has a relationship that the issuer does not accept"),
    "outside_age_limits": yes_no("somebody covered is outside the age limits filed for this option"),
    "days_before_medical": number("how long before the medical policy of the bundle this policy starts", "days"),
    "coordinates_with_medical": yes_no("what it pays is cut by what medical cover pays, or the other way round"),
}

SAVINGS = ("standard", "zero", "limited", "73", "87", "94")

MEDICAL: dict[str, Type] = {
    "metal": text("metal level", *(metal.value for metal in Metal if metal.level is metal)),
    "sold_at_address": yes_no("the plan is sold and rated at the address"),
    "on_exchange": yes_no("bought through the Exchange"),
    "hdhp": yes_no("filed as a high-deductible plan that goes with a health savings account"),
    "pediatric_dental": yes_no("includes dental check-ups for children"),
    "csr": text("cost-sharing reduction of the variant", *SAVINGS),
    "credit": number("premium tax credit used on this plan", "dollars a month"),
    "under_19": number("people under 19 covered", "people"),
    "oldest_unexempt_age": number(
        "age, on the first day of the plan year, of the oldest person covered without a hardship exemption", "years"
    ),
    "oldest_age_at_year_start": number("age of the oldest person covered, on the first day of the plan year", "years"),
    "child_only": yes_no("the plan is sold to children alone"),
    "adult_only": yes_no("the plan is not sold to children alone"),
    "medicare_entitled": number("people covered who have Medicare", "people"),
    "shared_savings": text("cost-sharing reduction that all people on this policy may have", *SAVINGS),
    "levels_from_current": number("metal levels between this plan and the one that the household has now", "levels"),
    "current_level_sold": yes_no("a plan of the metal level that the household has now is sold at the address"),
    "requires_another_line": yes_no("the plan is sold only together with a policy of another line"),
}

DENTAL: dict[str, Type] = {"under_19": MEDICAL["under_19"], "sold_at_address": MEDICAL["sold_at_address"]}

ILLNESS: dict[str, Type] = {
    "spouse_percent": number("face amount of a covered spouse against the applicant's", "percent"),
    "child_percent": number("face amount of a covered child against the applicant's", "percent"),
    "aggregate_face_amount": number("most that one person is covered for over all policies of this line", "dollars"),
    "aggregate_limit": number("most that the issuer files for one person over all policies; 0 for none", "dollars"),
}

_OF_LINE: dict[str, dict[str, Type]] = {
    ProductLine.MEDICAL: MEDICAL,
    ProductLine.DENTAL: DENTAL,
    ProductLine.CRITICAL_ILLNESS: ILLNESS,
}

# Lines that rules speak of and nothing is filed in yet; no bundle holds a policy of them.
NOT_SOLD: dict[str, dict[str, Type]] = {
    "medigap": POLICY
    | {
        "without_both_parts": number("people covered who lack Medicare Part A or Part B", "people"),
        "with_advantage": number("people covered who have a Medicare Advantage plan", "people"),
    },
    "short_term": POLICY | {"banned_in_state": yes_no("the state of the address does not allow short-term plans")},
    "small_group": POLICY
    | {
        "participation_percent": number("employees who join, of those who could", "percent"),
        "in_free_window": yes_no("the group joins in the time of year without a participation share"),
        "composite_rate": yes_no("one average rate for adults and one for children"),
        "tobacco_in_composite": yes_no("tobacco use raises the average rate of all"),
    },
}


@dataclass(frozen=True)
class Vocabulary:
    """Attributes by line and household facts by name."""

    lines: Mapping[str, Mapping[str, Type]]
    facts: Mapping[str, Type] = field(default_factory=dict)

    def type_of(self, scope: str, member: str) -> Type | None:
        """Type of ``scope.member``, or None where there is no such thing."""
        if scope == "household":
            return self.facts.get(member)
        return self.lines.get(scope, {}).get(member)


def standard_vocabulary(facts: Mapping[str, Type]) -> Vocabulary:
    """The attributes of every product line, sold and not sold yet, with the given household facts."""
    sold = {line.value: POLICY | _OF_LINE.get(line, {}) for line in ProductLine}
    return Vocabulary(sold | NOT_SOLD, dict(facts))
