"""Plans & Benefits template as exported to XML: one package is one list of benefits shared by its plans.

Templates v7.1 and v9.0 were at hand; other versions are read by the same element names and noted.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from catalog.importers import serff_cost_sharing, text
from catalog.importers.common import Format, Found, ImportContext, note, quarantined, refused
from catalog.importers.serff_cost_sharing import Shared
from catalog.importers.xml_cells import Cells, has_root, local_name, read_pieces, record, records
from catalog.terms import Benefit, CoverageExample, Issuer, Market, Plan, PlanVariant, Product, ProductLine, Source

ROOT = "planBenefitTemplateVO"
KNOWN_VERSIONS = frozenset({"v7.1", "v9.0"})
_Parser = Callable[[str], Any]

# Field of the noun -> parser and element of the template.
_PLAN: dict[str, tuple[_Parser, str]] = {
    "name": (text.squeeze, "planMarketingName"),
    "product_id": (text.product_id, "hiosProductID"),
    "network_id": (text.stated, "networkID"),
    "service_area_id": (text.stated, "serviceAreaID"),
    "formulary_id": (text.stated, "formularyID"),
    "is_new": (text.is_new_plan, "isNewPlan"),
    "plan_type": (text.stated, "planType"),
    "metal": (text.metal, "metalLevel"),
    "design_type": (text.stated, "planDesignType"),
    "qhp_type": (text.stated, "qhpOrNonQhp"),
    "referral_required": (text.yes_no, "isSpecialistReferralRequired"),
    "referral_specialists": (text.stated, "healthCareSpecialistReferralType"),
    "exclusions": (text.stated, "insurancePlanBenefitExclusionText"),
    "composite_rating": (text.yes_no, "insurancePlanCompositePremiumAvailableIndicator"),
    "child_only_offering": (text.stated, "childOnlyOffering"),
    "child_only_plan_id": (text.stated, "childOnlyPlanID"),
    "wellness_program": (text.yes_no, "isWellnessProgramOffered"),
    "disease_programs": (text.listed, "isDiseaseMgmtProgramsOffered"),
    "ehb_percent": (text.share, "ehbPercentPremium"),
    "pediatric_dental_apportionment": (text.apportionment, "ehbApportionmentForPediatricDental"),
    "guaranteed_rate": (text.guaranteed_rate, "guaranteedVsEstimatedRate"),
    "effective_from": (text.day, "planEffectiveDate"),
    "effective_until": (text.day, "planExpirationDate"),
    "out_of_country": (text.yes_no, "outOfCountryCoverage"),
    "out_of_country_text": (text.stated, "outOfCountryCoverageDescription"),
    "out_of_area": (text.yes_no, "outOfServiceAreaCoverage"),
    "out_of_area_text": (text.stated, "outOfServiceAreaCoverageDescription"),
    "national_network": (text.yes_no, "nationalNetwork"),
    "payment_url": (text.stated, "enrollmentPaymentURL"),
}
_VARIANT: dict[str, tuple[_Parser, str]] = {
    "name": (text.squeeze, "planVariantMarketingName"),
    "csr_type": (text.squeeze, "csrVariationType"),
    "metal": (text.metal, "metalLevel"),
    "deductibles_integrated": (text.yes_no, "medicalAndDrugDeductiblesIntegrated"),
    "moops_integrated": (text.yes_no, "medicalAndDrugMaxOutOfPocketIntegrated"),
    "multiple_in_network_tiers": (text.yes_no, "multipleProviderTiers"),
    "first_tier_share": (text.share, "firstTierUtilization"),
    "second_tier_share": (text.share, "secondTierUtilization"),
}
_HSA: dict[str, tuple[_Parser, str]] = {
    "hsa_eligible": (text.yes_no, "hsaEligibility"),
    "employer_hsa_contribution": (text.money, "empContributionAmountForHSAOrHRA"),
}
_URLS: dict[str, tuple[_Parser, str]] = {
    "sbc_url": (text.stated, "summaryBenefitAndCoverageURL"),
    "brochure_url": (text.stated, "planBrochure"),
}
_CALCULATOR: dict[str, tuple[_Parser, str]] = {
    "av": (text.share, "avCalculatorOutputNumber"),
    "issuer_av": (text.share, "issuerActuarialValue"),
    "specialty_drug_max": (text.money, "maximumCoinsuranceForSpecialtyDrugs"),
    "inpatient_copay_days": (text.positive_count, "maxNumDaysForChargingInpatientCopay"),
    "primary_visits_before_cost_sharing": (
        text.positive_count,
        "beginPrimaryCareCostSharingAfterSetNumberVisits",
    ),
    "primary_copays_before_deductible": (
        text.positive_count,
        "beginPrimaryCareDeductibleOrCoinsuranceAfterSetNumberCopays",
    ),
}
# Coverage example -> its cells: deductible, copay, coinsurance, limit.
_EXAMPLES: dict[str, tuple[str, str, str, str]] = {
    "baby": ("havingBabyDeductible", "havingBabyCoPayment", "havingBabyCoInsurance", "havingBabyLimit"),
    "diabetes": (
        "havingDiabetesDeductible",
        "havingDiabetesCopay",
        "havingDiabetesCoInsurance",
        "havingDiabetesLimit",
    ),
    "fracture": (
        "havingSimplefractureDeductible",
        "havingSimplefractureCopayment",
        "havingSimplefractureCoinsurance",
        "havingSimplefractureLimit",
    ),
}


def read_all(cells: Cells, table: dict[str, tuple[_Parser, str]]) -> dict[str, Any]:
    """Each field of the table by its parser; unreadable cells become problems of the record."""
    return {name: cells.read(parse, element) for name, (parse, element) in table.items()}


@dataclass
class _Package:
    """What the plans of one package share."""

    file: str
    issuer_id: str
    state: str
    market: Market
    line: ProductLine
    source: Source
    benefits: dict[str, Shared] = field(default_factory=dict)  # by category


def read_plans(path: Path, context: ImportContext) -> Iterator[Found]:
    """Issuer, products, plans, variants, limits and benefits of a Plans & Benefits export."""
    package: _Package | None = None
    count = 0
    for piece in read_pieces(path, context, ("header", "benefitsList", "plans")):
        name = local_name(piece)
        if name == "header":
            package = _open_package(path.name, piece, context)
            yield from _opening(path.name, piece, package, context)
        elif package is None:
            raise _no_header(path)
        elif name == "benefitsList":
            yield from _take_benefits(package, piece)
        else:
            count += 1
            yield from _plan(package, piece, context)
    if not count:
        raise refused(Source(path.name, "file"), "plansList", "no plan", "at least one plan", "empty-file")


def _no_header(path: Path) -> Exception:
    return refused(Source(path.name, "file"), "header", "nothing", "a header before the plans", "unknown-template")


def _open_package(file: str, piece: etree._Element, context: ImportContext) -> _Package:
    header = Cells(file, piece)
    issuer = header.read(text.issuer_id, "issuerId")
    state = header.read(text.state, "statePostalCode")
    market = header.read(text.market, "marketCoverage")
    line = header.read(text.line_of, "dentalPlanOnlyInd")
    if header.problems:
        wrong = header.problems[0]
        raise refused(Source(file, wrong.place), wrong.field, wrong.found, wrong.expected, "wrong-header")
    context.saw_market(market, header.source_of("marketCoverage"))
    context.saw_state(state)
    return _Package(file, issuer, state, market, line, header.source_of("issuerId"))


def _opening(file: str, piece: etree._Element, package: _Package, context: ImportContext) -> Iterator[Found]:
    header = Cells(file, piece)
    yield from version_note(header, KNOWN_VERSIONS)
    issuer = Issuer(package.issuer_id, state=package.state, source=package.source)
    if context.is_new(issuer):
        yield issuer


def version_note(header: Cells, known: frozenset[str]) -> Iterator[Found]:
    """A note where the template's version is not one that was at hand."""
    version = header.text("templateVersion")
    if version not in known:
        message = "It was read by the same element names; check the result."
        yield note(header.source, "templateVersion", version, ", ".join(sorted(known)), "untried-version", message)


def _take_benefits(package: _Package, piece: etree._Element) -> Iterator[Found]:
    for cells in records(package.file, piece, "benefits"):
        shared = serff_cost_sharing.shared_benefit(cells)
        if cells.problems:
            yield from cells.problems
        elif shared.category in package.benefits:
            yield _repeated(cells, "benefitTypeCode", package.benefits[shared.category].source)
        else:
            package.benefits[shared.category] = shared


def _repeated(cells: Cells, name: str, first: Source) -> Found:
    expected = f"each benefit once; it stands in {first.place} already"
    return quarantined(cells.source_of(name), name, cells.text(name), expected, "repeated-benefit")


def _plan(package: _Package, piece: etree._Element, context: ImportContext) -> Iterator[Found]:
    cells = record(package.file, piece, "planAttributes")
    plan_id = cells.read(text.plan_id, "standardComponentID")
    plan = Plan(
        plan_id=plan_id,
        issuer_id=package.issuer_id,
        state=package.state,
        market=package.market,
        line=package.line,
        formulary_url=_formulary_url(package.issuer_id, cells, context),
        source=cells.source_of("standardComponentID"),
        **read_all(cells, _PLAN),
    )
    if cells.problems:
        yield from cells.problems
        return
    if plan_id[:5] != package.issuer_id:
        expected = f"an id that starts with the issuer id {package.issuer_id}"
        yield quarantined(plan.source, "standardComponentID", plan_id, expected, "plan-of-another-issuer")
        return
    yield from _readable_plan(plan, cells, context)
    for variance in piece.iterfind("{*}costShareVariancesList/{*}costShareVariance"):
        yield from _variant(package, plan, variance)


def _formulary_url(issuer_id: str, cells: Cells, context: ImportContext) -> str:
    """This template files no address of a formulary: the issuer's own stands in for plans that have one."""
    issuer = context.issuer(issuer_id)
    return issuer.formulary_url if issuer and text.stated(cells.text("formularyID")) else ""


def _readable_plan(plan: Plan, cells: Cells, context: ImportContext) -> Iterator[Found]:
    if plan.effective_from:
        context.saw_year(plan.effective_from.year, cells.source_of("planEffectiveDate"), "planEffectiveDate")
    if not plan.plan_id.startswith(plan.product_id):
        source, expected = cells.source_of("hiosProductID"), f"the first 10 characters of {plan.plan_id}"
        yield note(source, "hiosProductID", plan.product_id, expected, "product-of-another-plan")
    product = Product(plan.product_id, plan.issuer_id, plan.line, source=cells.source_of("hiosProductID"))
    if context.is_new(product):
        yield product
    yield plan


def _variant(package: _Package, plan: Plan, piece: etree._Element) -> Iterator[Found]:
    cells = Cells(package.file, piece)
    variant_id = cells.read(text.variant_id, "planId")
    if variant_id and variant_id[:14] != plan.plan_id:
        message = "The variant was left out with its limits and benefits."
        expected = f"{plan.plan_id} and a suffix such as -01"
        yield quarantined(cells.source_of("planId"), "planId", variant_id, expected, "variant-of-another-plan", message)
        return
    parts = [record(package.file, piece, name) for name in ("hsa", "url", "avCalculator", "sbc")]
    variant = _variant_noun(plan, variant_id or "", cells, parts)
    limits, limit_problems = serff_cost_sharing.limits(package.file, piece, variant.variant_id)
    problems = [*cells.problems, *(wrong for part in parts for wrong in part.problems), *limit_problems]
    if problems:
        yield from problems
        return
    yield variant
    yield from limits
    yield from _benefits(package, variant, piece)


def _variant_noun(plan: Plan, variant_id: str, cells: Cells, parts: list[Cells]) -> PlanVariant:
    hsa, url, calculator, sbc = parts
    csr = cells.attempt(lambda: text.variation(variant_id[-2:], cells.text("csrVariationType")), "csrVariationType")
    return PlanVariant(
        variant_id=variant_id,
        plan_id=plan.plan_id,
        csr=csr,
        examples=_examples(sbc),
        source=cells.source_of("planId"),
        **read_all(cells, _VARIANT),
        **read_all(hsa, _HSA),
        **read_all(url, _URLS),
        **read_all(calculator, _CALCULATOR),
    )


def _examples(sbc: Cells) -> tuple[CoverageExample, ...]:
    read = ((name, [sbc.read(text.money, cell) for cell in cells]) for name, cells in _EXAMPLES.items())
    return tuple(CoverageExample(name, *amounts) for name, amounts in read if _any_filed(amounts))


def _any_filed(amounts: Iterable[Decimal | None]) -> bool:
    return any(amount is not None for amount in amounts)


def _benefits(package: _Package, variant: PlanVariant, piece: etree._Element) -> Iterator[Benefit | Found]:
    visits: dict[str, Cells] = {}
    for cells in records(package.file, piece, "serviceVisitList/serviceVisit"):
        first = visits.setdefault(serff_cost_sharing.visit_category(cells), cells)
        if first is not cells:
            yield _repeated(cells, "visitType", first.source_of("visitType"))
    for category, shared in package.benefits.items():
        yield from serff_cost_sharing.benefit(variant.variant_id, shared, visits.pop(category, None))
    for cells in visits.values():
        source, expected = cells.source_of("visitType"), "a benefit of the package's list"
        yield quarantined(source, "visitType", cells.text("visitType"), expected, "visit-without-benefit")


FORMATS = (
    Format(
        name="Plans & Benefits XML",
        family="serff",
        kind="xml",
        order=10,
        recognises=has_root(ROOT),
        read=read_plans,
    ),
)
