"""Filed premiums: looked up by plan, rating area, age, tobacco and date, never computed."""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from catalog.terms.keyed import NO_SOURCE, Keyed, Source
from catalog.terms.kinds import TobaccoRule
from catalog.terms.money import Money

OLDEST = 999  # upper end of an open age band such as "64 and over"
HIGHEST_AGE = 120  # a larger number in a file is no age


@dataclass(frozen=True, slots=True)
class Rate(Keyed):
    """Monthly premium of one person: ``individual`` without tobacco, ``tobacco`` with it where told apart.

    ``ehb``, ``aptc_eligible`` and ``pediatric_ehb`` are filed dollars where a format carries them (45 CFR 156.470).
    """

    KEY: ClassVar = ("plan_id", "rating_area", "age_low", "age_high", "effective_from")

    plan_id: str
    rating_area: str  # "9" for "Rating Area 9"
    age_low: int
    age_high: int
    effective_from: date
    effective_until: date
    individual: Money
    tobacco_rule: TobaccoRule = TobaccoRule.NO_PREFERENCE
    tobacco: Money | None = None
    ehb: Money | None = None
    aptc_eligible: Money | None = None
    pediatric_ehb: Money | None = None
    source: Source = field(default=NO_SOURCE, compare=False)

    def covers(self, age: int, on: date) -> bool:
        """Whether this row holds the premium of that age (whole years) on that date."""
        return self.age_low <= age <= self.age_high and self.effective_from <= on <= self.effective_until


@dataclass(frozen=True, slots=True)
class TierRate(Keyed):
    """Monthly premium by family tier (dental, NY, VT); ``three`` means three or more dependents."""

    KEY: ClassVar = ("plan_id", "rating_area", "effective_from")

    plan_id: str
    rating_area: str
    effective_from: date
    effective_until: date
    single: Money
    couple: Money | None = None
    single_one: Money | None = None
    single_two: Money | None = None
    single_three: Money | None = None
    couple_one: Money | None = None
    couple_two: Money | None = None
    couple_three: Money | None = None
    source: Source = field(default=NO_SOURCE, compare=False)

    def covers(self, on: date) -> bool:
        """Whether this row is in force on that date."""
        return self.effective_from <= on <= self.effective_until


@dataclass(frozen=True, slots=True)
class BusinessRule(Keyed):
    """Who may be on a policy; rows per issuer, product or plan, the most specific one wins.

    ``relationship`` is empty on rows that speak of the whole policy.
    """

    KEY: ClassVar = ("issuer_id", "product_id", "plan_id", "line", "relationship")

    issuer_id: str
    product_id: str = ""
    plan_id: str = ""
    line: str = ""  # "medical", "dental" or empty for both
    relationship: str = ""  # Relationship value
    cohabitation_required: bool | None = None
    max_dependent_age: int | None = None  # covered through this age
    age_determination: str = ""  # "Age on effective date" as filed
    tobacco_free_months: int | None = None
    max_children_charged: int | None = None  # children whose rate counts, oldest first; None: every child
    max_children: int | None = None  # children accepted on one policy; None: no limit filed
    rate_determination: str = ""  # how family premiums are made, as filed
    domestic_partner_as_spouse: bool | None = None
    source: Source = field(default=NO_SOURCE, compare=False)


@dataclass(frozen=True, slots=True)
class Crosswalk(Keyed):
    """Where last year's plan leads: (from plan, county or ZIP) to plan, level and reason (45 CFR 155.335(j)).

    ``county_fips`` and ``zip_code`` are empty on a plan-level row. ``to_plan`` is empty where nothing follows.
    """

    KEY: ClassVar = ("from_plan", "county_fips", "zip_code")

    from_plan: str
    to_plan: str
    county_fips: str = ""
    zip_code: str = ""
    level: str = ""
    reason: str = ""
    age_off_plan: str = ""
    state: str = ""
    dental: bool | None = None
    source: Source = field(default=NO_SOURCE, compare=False)
