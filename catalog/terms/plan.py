"""Plans as filed: issuer, product, plan, variant, limits, benefits and their cost shares.

Every noun has a ``key`` (its natural identity inside one release) and a ``source`` (file and place it was
read from); ``source`` and filed spellings take no part in equality, so the same content from two formats
is equal.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar

from catalog.terms.keyed import NO_SOURCE, Keyed, Source
from catalog.terms.kinds import (
    CopayUnit,
    Csr,
    DeductibleTiming,
    LimitKind,
    LimitScope,
    Market,
    Metal,
    NetworkTier,
    ProductLine,
)
from catalog.terms.money import Money


@dataclass(frozen=True, slots=True)
class Issuer(Keyed):
    """Holder of a HIOS issuer id (5 digits). ``sold_by_us`` marks the payer whose portal this is."""

    KEY: ClassVar = ("issuer_id",)

    issuer_id: str
    name: str = ""
    state: str = ""
    sold_by_us: bool = True
    phone: str = ""
    tty: str = ""
    website: str = ""
    address: str = ""
    directory_url: str = ""
    formulary_url: str = ""
    payment_url: str = ""
    source: Source = field(default=NO_SOURCE, compare=False)


@dataclass(frozen=True, slots=True)
class Product(Keyed):
    """What is filed: HIOS product id (10 characters) for medical and dental, the payer's own id elsewhere."""

    KEY: ClassVar = ("product_id",)

    product_id: str
    issuer_id: str
    line: ProductLine
    name: str = ""
    description: str = ""
    form_number: str = ""
    excepted_benefit: bool = False
    requires_line: str = ""  # a line that must be in the bundle too
    underwriting: str = ""  # "guaranteed" or "questions"
    service_area_id: str = ""  # empty: the whole state
    preferred: bool = False
    brochure_url: str = ""
    outline_url: str = ""
    effective_from: date | None = None
    effective_until: date | None = None
    source: Source = field(default=NO_SOURCE, compare=False)


@dataclass(frozen=True, slots=True)
class Plan(Keyed):
    """A product at one cost sharing: HIOS standard component id, 14 characters (45 CFR 144.103)."""

    KEY: ClassVar = ("plan_id",)

    plan_id: str
    product_id: str
    issuer_id: str
    state: str
    market: Market
    line: ProductLine
    name: str
    plan_type: str = ""  # HMO, EPO, PPO, POS, Indemnity
    metal: Metal | None = None
    design_type: str = ""  # "Design 1" for a standardized design, else empty
    network_id: str = ""
    service_area_id: str = ""
    formulary_id: str = ""
    qhp_type: str = ""  # "Both", "On the Exchange", "Off the Exchange"
    child_only_offering: str = ""
    child_only_plan_id: str = ""
    ehb_percent: Decimal | None = None  # share of the premium that is EHB, 0..1
    pediatric_dental_apportionment: Decimal | None = None  # dental: pediatric EHB share, or dollars as filed
    guaranteed_rate: bool | None = None
    is_new: bool | None = None
    effective_from: date | None = None
    effective_until: date | None = None
    referral_required: bool | None = None
    referral_specialists: str = ""
    exclusions: str = ""
    composite_rating: bool | None = None
    wellness_program: bool | None = None
    disease_programs: tuple[str, ...] = ()
    national_network: bool | None = None
    out_of_country: bool | None = None
    out_of_country_text: str = ""
    out_of_area: bool | None = None
    out_of_area_text: str = ""
    payment_url: str = ""
    formulary_url: str = ""
    directory_url: str = ""  # where a format files it on the plan; else the network's
    max_dependent_age: int | None = None  # where a format files it on the plan; else the business rules'
    tobacco_free_months: int | None = None
    accepted_relationships: tuple[str, ...] = ()  # Relationship values, where a format files them on the plan
    source: Source = field(default=NO_SOURCE, compare=False)

    @property
    def on_exchange(self) -> bool:
        """Offered on the Exchange; a plan that files nothing is taken as offered on both."""
        return not self.qhp_type.lower().startswith("off")

    @property
    def off_exchange(self) -> bool:
        """Offered outside the Exchange."""
        return not self.qhp_type.lower().startswith("on")


@dataclass(frozen=True, slots=True)
class CoverageExample:
    """Filed result of one SBC coverage example (``baby``, ``diabetes`` or ``fracture``), in dollars."""

    name: str
    deductible: Money | None
    copay: Money | None
    coinsurance: Money | None
    limit: Money | None


@dataclass(frozen=True, slots=True)
class PlanVariant(Keyed):
    """A plan at one cost-sharing reduction: 17 characters, ``<plan id>-NN`` (45 CFR 156.420)."""

    KEY: ClassVar = ("variant_id",)

    variant_id: str
    plan_id: str
    csr: Csr
    name: str = ""
    csr_type: str = ""
    metal: Metal | None = None
    av: Decimal | None = None  # actuarial value 0..1 from the AV calculator
    issuer_av: Decimal | None = None
    deductibles_integrated: bool | None = None  # medical and drug share one deductible
    moops_integrated: bool | None = None
    multiple_in_network_tiers: bool | None = None
    first_tier_share: Decimal | None = None  # expected utilization 0..1
    second_tier_share: Decimal | None = None
    hsa_eligible: bool | None = None
    employer_hsa_contribution: Money | None = None
    examples: tuple[CoverageExample, ...] = ()
    sbc_url: str = ""
    brochure_url: str = ""
    specialty_drug_max: Money | None = None
    inpatient_copay_days: int | None = None
    primary_visits_before_cost_sharing: int | None = None
    primary_copays_before_deductible: int | None = None
    source: Source = field(default=NO_SOURCE, compare=False)


@dataclass(frozen=True, slots=True)
class CostLimit(Keyed):
    """A deductible or maximum out of pocket of one variant.

    ``individual`` is the self-only amount; ``per_person`` and ``per_group`` are the two family amounts.
    None means "Not Applicable" as filed, which is not zero.
    """

    KEY: ClassVar = ("variant_id", "kind", "scope", "tier")

    variant_id: str
    kind: LimitKind
    scope: LimitScope
    tier: NetworkTier
    individual: Money | None = None
    per_person: Money | None = None
    per_group: Money | None = None
    coinsurance: Decimal | None = None  # default member share after this deductible, 0..1
    source: Source = field(default=NO_SOURCE, compare=False)


@dataclass(frozen=True, slots=True)
class CostShare:
    """What a member pays for one benefit in one network tier; the filed text stays beside the value."""

    copay: Money | None = None
    copay_unit: CopayUnit = CopayUnit.SERVICE
    copay_timing: DeductibleTiming = DeductibleTiming.NONE
    coinsurance: Decimal | None = None  # member's share 0..1
    coinsurance_timing: DeductibleTiming = DeductibleTiming.NONE
    filed_copay: str = field(default="", compare=False)
    filed_coinsurance: str = field(default="", compare=False)

    @property
    def member_pays_all(self) -> bool:
        """Filed as 100 % coinsurance and no copay: how tables say "not covered" for a network tier."""
        return self.coinsurance == 1 and not self.copay

    @property
    def is_filed(self) -> bool:
        """Whether the tier holds any amount at all."""
        return self.copay is not None or self.coinsurance is not None


@dataclass(frozen=True, slots=True)
class Benefit(Keyed):
    """One benefit (service category) of one variant, with a cost share per network tier."""

    KEY: ClassVar = ("variant_id", "category")

    variant_id: str
    name: str  # as filed, spaces folded
    category: str  # our slug of the CMS benefit name, see catalog.terms.benefits
    covered: bool
    ehb: bool | None = None
    ehb_variance: str = ""  # why it differs from the benchmark plan, as filed: "Additional EHB Benefit", "Not EHB"
    limit_quantity: Decimal | None = None
    limit_unit: str = ""
    minimum_stay: int | None = None
    exclusions: str = ""
    explanation: str = ""
    excluded_from_in_moop: bool | None = None
    excluded_from_out_moop: bool | None = None
    in_1: CostShare | None = None
    in_2: CostShare | None = None
    out: CostShare | None = None
    source: Source = field(default=NO_SOURCE, compare=False)


@dataclass(frozen=True, slots=True)
class PlanDesign:
    """A variant with all that is needed to show and to apply it."""

    plan: Plan
    variant: PlanVariant
    limits: tuple[CostLimit, ...]
    benefits: tuple[Benefit, ...]

    def limit(self, kind: LimitKind, scope: LimitScope, tier: NetworkTier = NetworkTier.IN_1) -> CostLimit | None:
        """The filed limit, or None where none is filed for that kind, scope and tier."""
        return next((row for row in self.limits if (row.kind, row.scope, row.tier) == (kind, scope, tier)), None)

    def benefit(self, category: str) -> Benefit | None:
        """The benefit of that category, or None where the plan files none."""
        return next((row for row in self.benefits if row.category == category), None)
