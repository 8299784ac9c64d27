"""Plan Attributes PUF: each row is one variant, with its plan, limits and coverage examples.

Tables of state exchanges leave out product and state, which are part of the plan id (45 CFR 144.103).
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import product as combinations
from typing import Any

from catalog.importers import text
from catalog.importers.common import Found, ImportContext, any_text, note, quarantined
from catalog.importers.csv_table import Row
from catalog.importers.puf_table import YEAR, Fields, Table, filled, read_fields
from catalog.terms import (
    CostLimit,
    CoverageExample,
    Issuer,
    LimitKind,
    LimitScope,
    NetworkTier,
    Plan,
    PlanVariant,
    Product,
)

PLAN = "standardcomponentid"
VARIANT = "planid"
MARKET = "marketcoverage"

# Field of the noun -> parser and folded column.
_PLAN: Fields = {
    "plan_id": (text.plan_id, PLAN),
    "issuer_id": (text.issuer_id, "issuerid"),
    "market": (text.market, MARKET),
    "line": (text.line_of, "dentalonlyplan"),
    "name": (text.squeeze, "planmarketingname"),
    "plan_type": (text.stated, "plantype"),
    "metal": (text.metal, "metallevel"),
    "design_type": (text.stated, "designtype"),
    "network_id": (text.stated, "networkid"),
    "service_area_id": (text.stated, "serviceareaid"),
    "formulary_id": (text.stated, "formularyid"),
    "qhp_type": (text.stated, "qhpnonqhptypeid"),
    "child_only_offering": (text.stated, "childonlyoffering"),
    "child_only_plan_id": (text.stated, "childonlyplanid"),
    "ehb_percent": (text.share, "ehbpercenttotalpremium"),
    "pediatric_dental_apportionment": (text.apportionment, "ehbpediatricdentalapportionmentquantity"),
    "guaranteed_rate": (text.guaranteed_rate, "isguaranteedrate"),
    "is_new": (text.is_new_plan, "isnewplan"),
    "effective_from": (text.day, "planeffectivedate"),
    "effective_until": (text.day, "planexpirationdate"),
    "referral_required": (text.yes_no, "isreferralrequiredforspecialist"),
    "referral_specialists": (text.stated, "specialistrequiringreferral"),
    "exclusions": (text.stated, "planlevelexclusions"),
    "composite_rating": (text.yes_no, "compositeratingoffered"),
    "wellness_program": (text.yes_no, "wellnessprogramoffered"),
    "disease_programs": (text.listed, "diseasemanagementprogramsoffered"),
    "national_network": (text.yes_no, "nationalnetwork"),
    "out_of_country": (text.yes_no, "outofcountrycoverage"),
    "out_of_country_text": (text.stated, "outofcountrycoveragedescription"),
    "out_of_area": (text.yes_no, "outofserviceareacoverage"),
    "out_of_area_text": (text.stated, "outofserviceareacoveragedescription"),
    "payment_url": (text.stated, "urlforenrollmentpayment"),
    "formulary_url": (text.stated, "formularyurl"),
}
_VARIANT: Fields = {
    "variant_id": (text.variant_id, VARIANT),
    "name": (text.squeeze, "planvariantmarketingname"),
    "csr_type": (text.squeeze, "csrvariationtype"),
    "metal": (text.metal, "metallevel"),
    "av": (text.share, "avcalculatoroutputnumber"),
    "issuer_av": (text.share, "issueractuarialvalue"),
    "deductibles_integrated": (text.yes_no, "medicaldrugdeductiblesintegrated"),
    "moops_integrated": (text.yes_no, "medicaldrugmaximumoutofpocketintegrated"),
    "multiple_in_network_tiers": (text.yes_no, "multipleinnetworktiers"),
    "first_tier_share": (text.share, "firsttierutilization"),
    "second_tier_share": (text.share, "secondtierutilization"),
    "hsa_eligible": (text.yes_no, "ishsaeligible"),
    "employer_hsa_contribution": (text.money, "hsaorhraemployercontributionamount"),
    "sbc_url": (text.stated, "urlforsummaryofbenefitscoverage"),
    "brochure_url": (text.stated, "planbrochure"),
    "specialty_drug_max": (text.money, "specialtydrugmaximumcoinsurance"),
    "inpatient_copay_days": (text.positive_count, "inpatientcopaymentmaximumdays"),
    "primary_visits_before_cost_sharing": (
        text.positive_count,
        "beginprimarycarecostsharingafternumberofvisits",
    ),
    "primary_copays_before_deductible": (
        text.positive_count,
        "beginprimarycaredeductiblecoinsuranceafternumberofcopays",
    ),
}
_EXAMPLES = {"baby": "sbchavingababy", "diabetes": "sbchavingdiabetes", "fracture": "sbchavingsimplefracture"}
_EXAMPLE_PARTS = ("deductible", "copayment", "coinsurance", "limit")

_SCOPES = {"mehb": LimitScope.MEDICAL, "dehb": LimitScope.DRUG, "tehb": LimitScope.COMBINED}
_TIERS = {
    "inntier1": NetworkTier.IN_1,
    "inntier2": NetworkTier.IN_2,
    "outofnet": NetworkTier.OUT,
    "combinnoon": NetworkTier.COMBINED,
}
_FAMILY = "family"  # one column for both family amounts, in states' tables and those of 2014 and 2015
_PEOPLE = {
    "individual": "individual",
    "per_person": "familyperperson",
    "per_group": "familypergroup",
    _FAMILY: "family",
}


def _limit_columns(kind: LimitKind, scope: str, tier: str) -> dict[str, str]:
    """Amount -> column: ``tehbinntier1individualmoop``, ``tehbdedinntier1individual``."""
    if kind is LimitKind.MOOP:
        return {amount: f"{scope}{tier}{people}moop" for amount, people in _PEOPLE.items()}
    columns = {amount: f"{scope}ded{tier}{people}" for amount, people in _PEOPLE.items()}
    return columns | {"coinsurance": f"{scope}ded{tier}coinsurance"}


_LIMITS: dict[tuple[LimitKind, LimitScope, NetworkTier], dict[str, str]] = {
    (kind, _SCOPES[scope], _TIERS[tier]): _limit_columns(kind, scope, tier)
    for kind, scope, tier in combinations((LimitKind.MOOP, LimitKind.DEDUCTIBLE), _SCOPES, _TIERS)
}
_SPELLINGS = {
    "dentalonly": "dentalonlyplan",
    "ehbpercentpremiums4": "ehbpercenttotalpremium",
    "multiplenetworktiers": "multipleinnetworktiers",
} | {
    columns["coinsurance"].replace("coinsurance", "coinsurnace"): columns["coinsurance"]  # so in states' tables
    for columns in _LIMITS.values()
    if "coinsurance" in columns
}


def _nouns(row: Row, context: ImportContext) -> Iterable[Found]:
    plan = read_fields(row, _PLAN)
    own_id = plan["plan_id"] or ""
    product_id = row.read(text.product_id, "hiosproductid") if row.text("hiosproductid") else own_id[:10]
    state = row.read(text.state, "statecode") if row.text("statecode") else own_id[5:7]
    variant = read_fields(row, _VARIANT)
    suffix = row.text(VARIANT)[-2:]
    csr = row.attempt(lambda: text.variation(suffix, variant["csr_type"]), "csrvariationtype")
    limits = list(_limits(row, variant["variant_id"] or ""))
    examples = tuple(_examples(row))
    if row.problems:
        return row.problems
    if misplaced := list(_misplaced(row, plan, variant["variant_id"])):
        return misplaced
    if context.market is None:
        context.saw_market(plan["market"], row.source, row.label_of(MARKET))
    found = Plan(product_id=product_id, state=state, source=row.source, **plan)
    own = PlanVariant(plan_id=found.plan_id, csr=csr, examples=examples, source=row.source, **variant)
    return [*_odd_product(row, found), *_implied(row, found, context), found, own, *limits]


def _misplaced(row: Row, plan: Mapping[str, Any], variant_id: str) -> Iterator[Found]:
    """Ids that do not belong together: variant to plan, plan to product and issuer."""
    plan_id = plan["plan_id"]
    if variant_id[:14] != plan_id:
        expected = f"{plan_id} and a suffix such as -01"
        yield quarantined(row.source, row.label_of(VARIANT), variant_id, expected, "variant-of-another-plan")
    if plan_id[:5] != plan["issuer_id"]:
        expected = f"an id that starts with the issuer id {plan['issuer_id']}"
        yield quarantined(row.source, row.label_of(PLAN), plan_id, expected, "plan-of-another-issuer")


def _odd_product(row: Row, plan: Plan) -> Iterator[Found]:
    if not plan.plan_id.startswith(plan.product_id):
        expected = f"the first 10 characters of {plan.plan_id}"
        yield note(row.source, row.label_of("hiosproductid"), plan.product_id, expected, "product-of-another-plan")


def _implied(row: Row, plan: Plan, context: ImportContext) -> Iterator[Issuer | Product]:
    """Issuer and product, which every row of theirs repeats: the first one counts."""
    name = text.squeeze(row.text("issuermarketplacemarketingname"))
    issuer = Issuer(plan.issuer_id, name, plan.state, source=row.source)
    product = Product(plan.product_id, plan.issuer_id, plan.line, source=row.source)
    return (noun for noun in (issuer, product) if context.is_new(noun))


def _limits(row: Row, variant_id: str) -> Iterator[CostLimit]:
    """A limit wherever one of its cells holds text, even "Not Applicable"."""
    for key, columns in _LIMITS.items():
        if any_text(*map(row.text, columns.values())):
            yield CostLimit(variant_id, *key, **_amounts(row, columns), source=row.source)


def _amounts(row: Row, columns: Mapping[str, str]) -> dict[str, Decimal | None]:
    amounts = {
        amount: row.read(text.percent if amount == "coinsurance" else text.money, column)
        for amount, column in columns.items()
        if amount != _FAMILY
    }
    if row.text(columns[_FAMILY]):
        family = row.read(_family, columns[_FAMILY]) or text.FamilyAmounts(None, None)
        amounts |= family._asdict()
    return amounts


def _family(cell: str) -> text.FamilyAmounts:
    """``$9800 per person | $19600 per group``; a lone amount is the family's together."""
    return text.family_money(cell) if "|" in cell else text.FamilyAmounts(None, text.money(cell))


def _examples(row: Row) -> Iterator[CoverageExample]:
    for name, start in _EXAMPLES.items():
        amounts = [row.read(text.money, start + part) for part in _EXAMPLE_PARTS]
        if filled(amounts):
            yield CoverageExample(name, *amounts)


PLAN_ATTRIBUTES = Table(
    name="Plan Attributes PUF",
    order=10,
    telling=frozenset({PLAN, VARIANT, "planmarketingname", "hiosproductid", "metallevel", "csrvariationtype"}),
    required=(YEAR, "issuerid", MARKET, "dentalonlyplan", PLAN, "planmarketingname", "metallevel", VARIANT),
    nouns=_nouns,
    spellings=_SPELLINGS,
)
