"""Ancillary products as our own CSV set carries them: options, riders, rates, pay-outs, underwriting."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from catalog.terms.keyed import NO_SOURCE, Keyed, Source
from catalog.terms.kinds import ProductLine


class OptionKind(StrEnum):
    """A choice of its own, or a rider on another option."""

    CHOICE = "choice"
    RIDER = "rider"


class PersonRole(StrEnum):
    """Who a rate, a limit or a question is about; rates also know the whole policy and the family tiers."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    ANY = "any"
    POLICY = "policy"
    TIER_SELF = "self_only"
    TIER_SPOUSE = "self_spouse"
    TIER_CHILDREN = "self_children"
    TIER_FAMILY = "family"


class RateUnit(StrEnum):
    """What one amount pays for."""

    PER_PERSON = "per_person"
    PER_POLICY = "per_policy"
    PER_TIER = "per_tier"
    PER_1000 = "per_1000"  # per 1,000 dollars of the person's own face amount


AttributeValue = str | Decimal | bool | date


@dataclass(frozen=True, slots=True)
class Option(Keyed):
    """One thing that can be chosen in a line: a plan, a face amount, a rider."""

    KEY: ClassVar = ("option_id",)

    option_id: str
    product_id: str
    line: ProductLine
    name: str
    kind: OptionKind = OptionKind.CHOICE
    base_option_id: str = ""
    description: str = ""
    order: int = 0
    attributes: tuple[tuple[str, AttributeValue], ...] = ()  # sorted by name
    source: Source = field(default=NO_SOURCE, compare=False)

    def attribute(self, name: str) -> AttributeValue | None:
        """The attribute's value, or None where the option has no such attribute."""
        return dict(self.attributes).get(name)


@dataclass(frozen=True, slots=True)
class OptionRate(Keyed):
    """Filed monthly premium of an option for a role, age band and area; ``rating_area`` empty means everywhere."""

    KEY: ClassVar = ("option_id", "role", "rating_area", "age_low", "age_high", "tobacco", "effective_from")

    option_id: str
    role: PersonRole
    unit: RateUnit
    amount: Decimal  # dollars a month; per 1,000 up to four decimals
    effective_from: date
    effective_until: date
    age_low: int = 0
    age_high: int = 999
    max_charged: int | None = None  # charge at most this many people of the role
    rating_area: str = ""
    tobacco: str = "any"  # any, yes, no
    source: Source = field(default=NO_SOURCE, compare=False)

    def covers(self, age: int, tobacco_user: bool, rating_area: str, on: date) -> bool:
        """Whether this row holds the premium for that person, place and date."""
        return (
            self.age_low <= age <= self.age_high
            and self.rating_area in ("", rating_area)
            and self.tobacco in ("any", "yes" if tobacco_user else "no")
            and self.effective_from <= on <= self.effective_until
        )


@dataclass(frozen=True, slots=True)
class OptionBenefit(Keyed):
    """What an option covers or pays out, as one row of its schedule."""

    KEY: ClassVar = ("option_id", "benefit", "network_tier")

    option_id: str
    benefit: str
    text: str = ""
    member_pays: str = ""  # "$10.00 copay", "20 %" - for options that share cost
    pays_amount: Decimal | None = None  # what the option pays out, dollars unless the unit says percent
    pays_unit: str = ""  # "per_event", "per_day", "percent_of_face" (then pays_amount is a percentage)
    limit_quantity: Decimal | None = None
    limit_unit: str = ""
    waiting_days: int | None = None
    waived_with_prior_cover: bool | None = None
    network_tier: str = ""  # "in_network", "out_of_network", "any"
    order: int = 0
    source: Source = field(default=NO_SOURCE, compare=False)


@dataclass(frozen=True, slots=True)
class OptionEligibility(Keyed):
    """Who may be covered by an option: ages in whole years at the effective date, and how many in that role."""

    KEY: ClassVar = ("option_id", "role")

    option_id: str
    role: PersonRole
    min_age: int = 0
    max_age: int = 999
    max_count: int | None = None
    requires_role: str = ""
    requires_option_id: str = ""
    requires_fact: str = ""
    text: str = ""
    source: Source = field(default=NO_SOURCE, compare=False)


@dataclass(frozen=True, slots=True)
class UnderwritingQuestion(Keyed):
    """A question asked before an ancillary product is issued, and what another answer leads to."""

    KEY: ClassVar = ("product_id", "question_id")

    product_id: str
    question_id: str
    text: str
    role: PersonRole = PersonRole.SELF
    expected_answer: str = "no"
    on_other_answer: str = "decline"  # decline or refer
    filed_form: str = ""
    order: int = 0
    source: Source = field(default=NO_SOURCE, compare=False)
