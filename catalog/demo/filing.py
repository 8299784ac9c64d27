"""What is filed for each plan, free of any file format; the PUF and SERFF writers only spell it out."""

from dataclasses import dataclass
from decimal import Decimal

from catalog.demo import sbc
from catalog.demo.dental import CHILD_MOOP, CHILDREN_MOOP, DentalPlan, dental_plans
from catalog.demo.designs import OUT_OF_NETWORK_SHARE, YEARS, Design, amount
from catalog.demo.lineup import FORMULARY_ID, SITE, Plan, plans
from catalog.demo.services import DENTAL, MEDICAL, Service
from catalog.demo.texts import Share

Amounts = tuple[int | None, int | None, int | None]
"""(individual, family per person, family per group) in whole dollars; None is Not Applicable."""

NONE: Amounts = (None, None, None)
CSR_TYPES = {
    "00": "Standard {metal} Off Exchange Plan",
    "01": "Standard {metal} On Exchange Plan",
    "02": "Zero Cost Sharing Plan Variation",
    "03": "Limited Cost Sharing Plan Variation",
    "04": "73% AV Level Silver Plan",
    "05": "87% AV Level Silver Plan",
    "06": "94% AV Level Silver Plan",
}
_NOT_COVERED = ("Not Applicable", "100.00%")


@dataclass(frozen=True)
class Limit:
    """A deductible or maximum. ``kind``: moop or deductible; ``scope``: M, D or T (medical, drug, total)."""

    kind: str
    scope: str
    tier1: Amounts
    tier2: Amounts | None = None
    out: Amounts = NONE
    coinsurance1: str = ""
    coinsurance2: str = ""


@dataclass(frozen=True)
class Benefit:
    """One benefit row of a variant; each share is (copay text, coinsurance text), None where nothing is filed."""

    service: Service
    covered: bool
    tier1: tuple[str, str] | None = None
    tier2: tuple[str, str] | None = None
    out: tuple[str, str] | None = None


@dataclass(frozen=True)
class Variant:
    """One cost-sharing variant as filed."""

    variant_id: str
    csr_type: str
    av: str
    separate_drugs: bool
    two_tiers: bool
    hsa: bool | None
    examples: dict[str, tuple[int, int, int, int]]
    limits: tuple[Limit, ...]
    benefits: tuple[Benefit, ...]
    inpatient_days: int = 0
    free_primary_visits: int = 0


@dataclass(frozen=True)
class Filed:
    """One plan as filed, with its variants."""

    plan_id: str
    year: int
    product_id: str
    name: str
    plan_type: str
    metal: str
    network_id: str
    area_id: str
    dental: bool
    variants: tuple[Variant, ...]
    services: tuple[tuple[Service, bool], ...]
    formulary_id: str = ""
    design_type: str = "Not Applicable"
    is_new: bool = False
    referral: bool = False
    child_only: str = "Allows Adult and Child-Only"
    exclusions: str = ""
    disease_programs: str = ""
    ehb_percent: Decimal | None = None
    pediatric_share: str = ""
    rate_kind: str = ""
    national: bool = False

    @property
    def sbc_url(self) -> str:
        """Address of the Summary of Benefits and Coverage."""
        return f"{SITE}/sbc/{self.year}/{self.plan_id}.pdf"

    @property
    def brochure_url(self) -> str:
        """Address of the brochure."""
        return f"{SITE}/brochure/{self.year}/{self.product_id}.pdf"


def _family(individual: int | None, aggregate: bool = False) -> Amounts:
    if individual is None:
        return NONE
    return individual, None if aggregate else individual, individual * 2


def _percent(share: str) -> str:
    return f"{Share.parse(share).percent}.00%"


def _limits(plan: Plan, design: Design) -> tuple[Limit, ...]:
    year, two = plan.year, bool(design.tier2)
    double = plan.product.plan_type == "PPO"
    ded, moop = amount(design.deductible, year), amount(design.moop, year)
    ded2 = _family(amount(design.tier2_deductible or 0, year)) if two else None
    moop2 = _family(amount(design.tier2_moop or 0, year)) if two else None
    drug = None if design.drug_deductible is None else amount(design.drug_deductible, year)
    share2 = _percent(design.share2("rest")) if two else ""
    main = Limit("deductible", "T" if drug is None else "M", _family(ded, design.aggregate), ded2,
                 _family(ded * 2 if double else None, design.aggregate), _percent(design.rest), share2)  # fmt: skip
    rows = [Limit("moop", "T", _family(moop), moop2, _family(moop * 2 if double else None)), main]
    if drug is not None:
        rows.append(Limit("deductible", "D", _family(drug), None, NONE, _percent(design.share("npref"))))
    return tuple(rows)


def _out_share(plan: Plan, design: Design, service: Service, csr: str) -> tuple[str, str]:
    if service.key in ("er", "amb"):
        return Share.parse(design.share(service.key)).filed
    if plan.product.plan_type != "PPO":
        return _NOT_COVERED
    return Share.parse("NC" if csr == "02" else OUT_OF_NETWORK_SHARE).filed


def _benefit(plan: Plan, design: Design, service: Service, csr: str) -> Benefit:
    if not _covered(service, plan.features):
        return Benefit(service, False)
    tier2 = Share.parse(design.share2(service.key)).filed if design.tier2 else None
    tier1 = Share.parse(design.share(service.key)).filed
    return Benefit(service, True, tier1, tier2, _out_share(plan, design, service, csr))


def _covered(service: Service, features: frozenset[str]) -> bool:
    return bool(service.key) and (not service.when or service.when in features)


def _variant(plan: Plan, csr: str) -> Variant:
    design = plan.design_of(csr)
    zero = csr in ("02", "03")  # issuers file zeros in the limited variant too
    examples = {name: (0, 0, 0, 0) if zero else sbc.example(design, plan.year, name) for name in sbc.EXAMPLES}
    return Variant(
        f"{plan.plan_id}-{csr}",
        CSR_TYPES[csr].format(metal=plan.metal),
        design.av[YEARS.index(plan.year)],
        design.drug_deductible is not None,
        bool(design.tier2),
        plan.hsa_eligible(csr),
        examples,
        _limits(plan, design),
        tuple(_benefit(plan, design, service, csr) for service in MEDICAL),
        design.inpatient_days,
        design.free_primary_visits,
    )


def medical(plan: Plan) -> Filed:
    """A medical plan as filed."""
    product = plan.product
    return Filed(
        plan.plan_id, plan.year, product.product_id, plan.name, product.plan_type, plan.metal,
        product.network_id, product.area_id, False,
        tuple(_variant(plan, csr) for csr in plan.variants),
        tuple((service, _covered(service, plan.features)) for service in MEDICAL),
        FORMULARY_ID, "Design 1" if plan.standardized else "Not Applicable", plan.is_new, product.referral,
        exclusions="Care outside the United States, except in an emergency",
        disease_programs="Asthma, Depression, Diabetes, Heart Disease, High Blood Pressure, Pregnancy",
        ehb_percent=plan.ehb_percent,
        national=product.plan_type == "PPO",
    )  # fmt: skip


def _dental_benefit(plan: DentalPlan, service: Service) -> Benefit:
    if not _covered(service, plan.features):
        return Benefit(service, False)
    out = ("Not Applicable", "50.00% Coinsurance after deductible") if plan.plan_type == "PPO" else _NOT_COVERED
    return Benefit(service, True, Share.parse(plan.services[service.key]).filed, None, out)


def _dental_variant(plan: DentalPlan, csr: str) -> Variant:
    ded: Amounts = (plan.deductible, plan.deductible, plan.deductible * 3)
    out = (plan.deductible * 2, plan.deductible * 2, plan.deductible * 6) if plan.plan_type == "PPO" else NONE
    limits = (
        Limit("moop", "M", (CHILD_MOOP, CHILD_MOOP, CHILDREN_MOOP)),
        Limit("deductible", "M", ded, None, out),
    )
    benefits = tuple(_dental_benefit(plan, service) for service in DENTAL)
    kind = CSR_TYPES[csr].format(metal=plan.level)
    return Variant(f"{plan.plan_id}-{csr}", kind, "", False, False, None, {}, limits, benefits)


def dental(plan: DentalPlan) -> Filed:
    """A dental plan as filed."""
    return Filed(
        plan.plan_id, plan.year, plan.product_id, plan.name, plan.plan_type, plan.level,
        plan.network_id, plan.area_id, True,
        tuple(_dental_variant(plan, csr) for csr in plan.variants),
        tuple((service, _covered(service, plan.features)) for service in DENTAL),
        child_only="Allows Child-Only" if plan.child_only else "Allows Adult and Child-Only",
        exclusions=f"Adults: the plan pays at most ${plan.annual_maximum:,} a year",
        pediatric_share=plan.pediatric_share,
        rate_kind="Guaranteed Rate" if plan.guaranteed else "Estimated Rate",
    )  # fmt: skip


def filed(year: int) -> tuple[Filed, ...]:
    """All our plans of a plan year as filed: medical first, then dental."""
    return tuple(map(medical, plans(year))) + tuple(map(dental, dental_plans(year)))
