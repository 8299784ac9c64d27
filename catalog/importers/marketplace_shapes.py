"""The parts of a Marketplace API answer that are catalogue content, as typed shapes.

Names are those of the API (Swagger 2.0, `/plans/search`); a shape leaves out what is worked out for one shopper
(`premium_w_credit`, `oopc`), what is a placeholder (`waiting_period_duration`) and what no noun holds.
"""

from decimal import Decimal

import msgspec


class CostSharing(msgspec.Struct, frozen=True):
    """What is paid for one benefit in one network tier; `display_string` is the text that people see.

    The numbers stand for "not covered" and "not applicable" too (0, 1), so the text decides what they mean.
    """

    network_tier: str
    csr: str
    display_string: str = ""
    copay_amount: Decimal = Decimal(0)
    copay_options: str = ""
    coinsurance_rate: Decimal = Decimal(0)
    coinsurance_options: str = ""


class BenefitShape(msgspec.Struct, frozen=True):
    """One benefit with its cost sharings, one a network tier."""

    name: str
    covered: bool = True
    cost_sharings: tuple[CostSharing, ...] = ()
    explanation: str = ""
    exclusions: str = ""
    has_limits: bool = False
    limit_unit: str = ""
    limit_quantity: Decimal = Decimal(0)


class Limit(msgspec.Struct, frozen=True):
    """A deductible or maximum out of pocket; `family_cost` says whose: Individual, Family Per Person, Family."""

    type: str
    amount: Decimal
    csr: str
    network_tier: str
    family_cost: str


class IssuerShape(msgspec.Struct, frozen=True):
    """The issuer as every plan repeats it."""

    id: str
    name: str = ""
    state: str = ""
    eligible_dependents: tuple[str, ...] = ()
    individual_url: str = ""
    toll_free: str = ""
    tty: str = ""


class Scenario(msgspec.Struct, frozen=True):
    """One coverage example, in dollars."""

    deductible: Decimal | None = None
    copay: Decimal | None = None
    coinsurance: Decimal | None = None
    limit: Decimal | None = None


class PlanShape(msgspec.Struct, frozen=True):
    """One plan as a shopper sees it: at one cost-sharing variant, at one age, in one county."""

    id: str
    name: str
    issuer: IssuerShape
    state: str
    metal_level: str
    market: str = "Individual"
    type: str = ""
    product_division: str = "HealthCare"
    design_type: str = ""
    premium: Decimal | None = None
    ehb_premium: Decimal | None = None
    aptc_eligible_premium: Decimal | None = None
    pediatric_ehb_premium: Decimal | None = None
    benefits: tuple[BenefitShape, ...] = ()
    deductibles: tuple[Limit, ...] = ()
    moops: tuple[Limit, ...] = ()
    tiered_deductibles: tuple[Limit, ...] = ()
    tiered_moops: tuple[Limit, ...] = ()
    disease_mgmt_programs: tuple[str, ...] = ()
    has_national_network: bool | None = None
    specialist_referral_required: bool | None = None
    guaranteed_rate: bool | None = None
    hsa_eligible: bool | None = None
    max_age_child: int | None = None
    tobacco_lookback: int | None = None
    benefits_url: str = ""
    brochure_url: str = ""
    formulary_url: str = ""
    network_url: str = ""
    service_area_id: str = ""
    sbcs: dict[str, Scenario | None] | None = None


class RateArea(msgspec.Struct, frozen=True):
    """The rating area of the county that was asked for."""

    state: str
    area: int


class Answer(msgspec.Struct, frozen=True):
    """One `/plans/search` answer; plans stay undecoded so that a wrong one can be left out alone."""

    plans: tuple[msgspec.Raw, ...]
    total: int | None = None
    rate_area: RateArea | None = None


class Meta(msgspec.Struct, frozen=True):
    """What a capture says beside the answer: where and for whom it was asked."""

    county_fips: str
    state: str
    zipcode: str
    plan_year: int
    profile_id: str = ""


class Envelope(msgspec.Struct, frozen=True):
    """A stored answer with its question; a raw answer has neither of the two."""

    response: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    meta: Meta | None = msgspec.field(name="_meta", default=None)


class CountyShape(msgspec.Struct, frozen=True):
    """One row of the list of counties that stands beside captures."""

    county_fips: str
    county_name: str
    state: str
    zipcode: str = ""
