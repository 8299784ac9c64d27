"""The issuer's year as regulator templates: Plans & Benefits, Rates and Crosswalk XML, and three workbooks.

Every value of the two big templates stands in a ``cellValue`` with the workbook cell that it came from. Network and
business rules go along as public use files, because no XML of those two templates is public.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from catalog.demo import crosswalk
from catalog.demo.dental import DentalPlan, dental_plans
from catalog.demo.filing import NONE, Amounts, Benefit, Filed, Limit, Variant, filed
from catalog.demo.geography import STATE, county_label
from catalog.demo.lineup import ISSUER_ID, PAYMENT_URL, TIN, plans
from catalog.demo.puf import dental_rates, medical_rates, write_networks_and_rules, yes
from catalog.demo.services import Service
from catalog.demo.texts import dollars, per_group, per_person
from catalog.demo.workbooks import column_name, write_workbooks

NAMESPACE = "http://vo.ffe.cms.hhs.gov"
_EXAMPLE_TAGS = {
    "Baby": ("havingBabyDeductible", "havingBabyCoPayment", "havingBabyCoInsurance", "havingBabyLimit"),
    "Diabetes": (
        "havingDiabetesDeductible",
        "havingDiabetesCopay",
        "havingDiabetesCoInsurance",
        "havingDiabetesLimit",
    ),
    "Fracture": (
        "havingSimplefractureDeductible",
        "havingSimplefractureCopayment",
        "havingSimplefractureCoinsurance",
        "havingSimplefractureLimit",
    ),
}
_MOOP_NAMES = {
    "M": "Maximum Out of Pocket for Medical EHB Benefits",
    "D": "Maximum Out of Pocket for Drug EHB Benefits",
    "T": "Maximum Out of Pocket for Medical and Drug EHB Benefits (Total)",
}
_DEDUCTIBLE_NAMES = {
    "M": "Medical EHB Deductible",
    "D": "Drug EHB Deductible",
    "T": "Combined Medical and Drug EHB Deductible",
}
_FIRST_COLUMN = {  # where each limit starts on the cost-share sheet
    ("moop", "M"): 24, ("moop", "D"): 32, ("moop", "T"): 40,
    ("deductible", "M"): 48, ("deductible", "D"): 58, ("deductible", "T"): 68,
}  # fmt: skip
_FIRST_SERVICE_COLUMN, _FIRST_BENEFIT_ROW, _FIRST_PLAN_ROW, _FIRST_VARIANT_ROW = 114, 61, 9, 4

Lines = Iterator[str]


def _wrap(tag: str, lines: Iterable[str]) -> Lines:
    yield f"<{tag}>"
    yield from lines
    yield f"</{tag}>"


def _cell(tag: str, place: str, value: object) -> str:
    text = escape("" if value is None else str(value))
    return f'<{tag} cellLocation="{place}"><cellValue>{text}</cellValue></{tag}>'


class _Sheet:
    """Writes cells of one sheet; columns are numbered from 1."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cell(self, tag: str, column: int, row: int, value: object) -> str:
        """One wrapped value."""
        return _cell(tag, f"{self.name}-{column_name(column)}.{row}", value)

    def cells(self, row: int, column: int, values: Iterable[tuple[str, object]]) -> Lines:
        """Neighbouring cells of one row."""
        for offset, (tag, value) in enumerate(values):
            yield self.cell(tag, column + offset, row, value)


def _header(sheet: _Sheet, plan: Filed) -> Lines:
    yield "<templateVersion>v9.0</templateVersion>"
    values = (
        ("issuerId", ISSUER_ID),
        ("statePostalCode", STATE),
        ("marketCoverage", "Individual"),
        ("dentalPlanOnlyInd", yes(plan.dental)),
        ("tin", TIN),
    )
    for row, (tag, value) in enumerate(values, 2):
        yield sheet.cell(tag, 2, row, value)


def _benefit(sheet: _Sheet, row: int, service: Service, covered: bool) -> Lines:
    shown = covered or None
    limited = yes(service.limit is not None) if covered else ""
    values = (
        ("isEHB", "Yes" if shown and service.ehb else ""),
        ("isBenefitCovered", "Covered" if covered else "Not Covered"),
        ("serviceLimit", limited),
        ("quantityLimit", shown and service.limit),
        ("unitLimit", shown and service.unit),
        ("exclusion", shown and service.exclusion),
        ("explanation", shown and service.explanation),
        ("ehbVarianceReason", shown and service.variance),
        ("excludedInNetworkMOOP", yes(not service.ehb) if covered else ""),
        ("excludedOutOfNetworkMOOP", yes(not service.ehb) if covered else ""),
    )
    yield sheet.cell("benefitTypeCode", 1, row, service.name)
    yield from sheet.cells(row, 3, values)


def _attributes(sheet: _Sheet, row: int, plan: Filed) -> Lines:
    medical = not plan.dental
    values = (
        ("standardComponentID", plan.plan_id),
        ("planMarketingName", plan.name),
        ("hiosProductID", plan.product_id),
        ("hpid", ""),
        ("networkID", plan.network_id),
        ("serviceAreaID", plan.area_id),
        ("formularyID", plan.formulary_id),
        ("isNewPlan", "New" if plan.is_new else "Existing"),
        ("planType", plan.plan_type),
        ("metalLevel", plan.metal),
        ("planDesignType", plan.design_type),
        ("uniquePlanDesign", "No"),
        ("qhpOrNonQhp", "Both"),
        ("insurancePlanPregnancyNoticeReqInd", "No" if medical else ""),
        ("isSpecialistReferralRequired", yes(plan.referral) if medical else ""),
        (
            "healthCareSpecialistReferralType",
            "All specialists except OB/GYN and eye doctors" if plan.referral else "",
        ),
        ("insurancePlanBenefitExclusionText", plan.exclusions),
        ("indianPlanVariation", ""),
        ("insurancePlanCompositePremiumAvailableIndicator", "No"),
        ("childOnlyOffering", plan.child_only),
        ("childOnlyPlanID", ""),
        ("isWellnessProgramOffered", "Yes" if medical else ""),
        ("isDiseaseMgmtProgramsOffered", plan.disease_programs),
        ("ehbPercentPremium", plan.ehb_percent),
        ("ehbApportionmentForPediatricDental", plan.pediatric_share),
        ("guaranteedVsEstimatedRate", plan.rate_kind),
        ("planEffectiveDate", f"1/1/{plan.year}"),
        ("planExpirationDate", f"12/31/{plan.year}"),
        ("outOfCountryCoverage", "No"),
        ("outOfCountryCoverageDescription", ""),
        ("outOfServiceAreaCoverage", "Yes"),
        (
            "outOfServiceAreaCoverageDescription",
            "National network" if plan.national else "Emergencies and urgent care",
        ),
        ("nationalNetwork", yes(plan.national)),
        ("enrollmentPaymentURL", PAYMENT_URL),
    )
    return sheet.cells(row, 1, values)


def _family(amounts: Amounts) -> str:
    return f"{per_person(amounts[1])} | {per_group(amounts[2])}"


def _pair(names: tuple[str, str], amounts: Amounts) -> tuple[tuple[str, object], tuple[str, object]]:
    return (names[0], dollars(amounts[0])), (names[1], _family(amounts))


def _moop(sheet: _Sheet, row: int, limit: Limit) -> Lines:
    column = _FIRST_COLUMN["moop", limit.scope]
    yield sheet.cell("name", column, 1, _MOOP_NAMES[limit.scope])
    one = ("inNetworkTier1IndividualAmount", "inNetworkTier1FamilyAmount")
    two = ("inNetworkTier2IndividualAmount", "inNetworkTier2FamilyAmount")
    out = ("outOfNetworkIndividualAmount", "outOfNetworkFamilyAmount")
    combined = ("combinedInOutNetworkIndividualAmount", "combinedInOutNetworkFamilyAmount")
    yield from sheet.cells(row, column, _pair(one, limit.tier1))
    if limit.tier2:
        yield from sheet.cells(row, column + 2, _pair(two, limit.tier2))
    yield from sheet.cells(row, column + 4, (*_pair(out, limit.out), *_pair(combined, NONE)))


def _deductible(sheet: _Sheet, row: int, limit: Limit) -> Lines:
    column = _FIRST_COLUMN["deductible", limit.scope]
    yield sheet.cell("deductibleType", column, 1, _DEDUCTIBLE_NAMES[limit.scope])
    one = ("inNetworkTier1Individual", "inNetworkTier1Family")
    two = ("inNetworkTier2Individual", "inNetworkTier2Family")
    out = ("outOfNetworkIndividual", "outOfNetworkFamily")
    combined = ("combinedInOrOutNetworkIndividual", "combinedInOrOutNetworkFamily")
    first = (*_pair(one, limit.tier1), ("coinsuranceInNetworkTier1", limit.coinsurance1))
    yield from sheet.cells(row, column, first)
    if limit.tier2:
        second = (*_pair(two, limit.tier2), ("coinsuranceInNetworkTier2", limit.coinsurance2))
        yield from sheet.cells(row, column + 3, second)
    yield from sheet.cells(row, column + 6, (*_pair(out, limit.out), *_pair(combined, NONE)))


def _visit(sheet: _Sheet, row: int, column: int, benefit: Benefit) -> Lines:
    tiers = (("InNetworkTier1", benefit.tier1), ("InNetworkTier2", benefit.tier2), ("OutOfNetwork", benefit.out))
    yield sheet.cell("visitType", column, 1, benefit.service.name)
    for part, prefix in enumerate(("copay", "coInsurance")):
        for offset, (tier, share) in enumerate(tiers):
            if share:
                yield sheet.cell(prefix + tier, column + 3 * part + offset, row, share[part])


def _examples(sheet: _Sheet, row: int, variant: Variant) -> Lines:
    cells = [
        (tag, dollars(value))
        for name, values in variant.examples.items()
        for tag, value in zip(_EXAMPLE_TAGS[name], values, strict=True)
    ]
    return sheet.cells(row, 12, cells)


def _variant(sheet: _Sheet, row: int, plan: Filed, variant: Variant) -> Lines:
    medical = not plan.dental
    head = (
        ("planId", variant.variant_id),
        ("planVariantMarketingName", plan.name),
        ("metalLevel", plan.metal),
        ("csrVariationType", variant.csr_type),
    )
    yield from sheet.cells(row, 1, head)
    flags = (
        ("medicalAndDrugDeductiblesIntegrated", yes(not variant.separate_drugs) if medical else ""),
        ("medicalAndDrugMaxOutOfPocketIntegrated", "Yes" if medical else ""),
        ("multipleProviderTiers", yes(variant.two_tiers)),
        ("firstTierUtilization", "70%" if variant.two_tiers else "100%"),
        ("secondTierUtilization", "30%" if variant.two_tiers else ""),
    )
    yield from sheet.cells(row, 7, flags)
    if medical:
        yield from _wrap("sbc", _examples(sheet, row, variant))
    hsa = (
        ("hsaEligibility", yes(variant.hsa)),
        ("employerHSAHRAContributionIndicator", "No" if medical else ""),
        ("empContributionAmountForHSAOrHRA", ""),
    )
    yield from _wrap("hsa", sheet.cells(row, 78, hsa))
    urls = (("summaryBenefitAndCoverageURL", plan.sbc_url), ("planBrochure", plan.brochure_url))
    yield from _wrap("url", sheet.cells(row, 81, urls))
    yield from _wrap("moopList", _limits(sheet, row, variant, "moop"))
    yield from _wrap("planDeductibleList", _limits(sheet, row, variant, "deductible"))
    yield from _wrap("avCalculator", _calculator(sheet, row, variant))
    yield from _wrap("serviceVisitList", _visits(sheet, row, variant))


def _limits(sheet: _Sheet, row: int, variant: Variant, kind: str) -> Lines:
    tag, write = ("moop", _moop) if kind == "moop" else ("planDeductible", _deductible)
    for limit in variant.limits:
        if limit.kind == kind:
            yield from _wrap(tag, write(sheet, row, limit))


def _calculator(sheet: _Sheet, row: int, variant: Variant) -> Lines:
    yield sheet.cell("avCalculatorOutputNumber", 6, row, variant.av)
    yield sheet.cell("issuerActuarialValue", 5, row, "")
    rest = (
        ("maximumCoinsuranceForSpecialtyDrugs", ""),
        ("maxNumDaysForChargingInpatientCopay", variant.inpatient_days or ""),
        ("beginPrimaryCareCostSharingAfterSetNumberVisits", variant.free_primary_visits or ""),
        ("beginPrimaryCareDeductibleOrCoinsuranceAfterSetNumberCopays", ""),
    )
    yield from sheet.cells(row, 83, rest)


def _visits(sheet: _Sheet, row: int, variant: Variant) -> Lines:
    column = _FIRST_SERVICE_COLUMN
    for benefit in variant.benefits:
        if benefit.covered:
            yield from _wrap("serviceVisit", _visit(sheet, row, column, benefit))
            column += 6


def _packages(filings: Iterable[Filed]) -> list[list[Filed]]:
    """Plans that share one benefits list and type stand in one package, in the order of their first plan."""
    packages: dict[tuple[object, ...], list[Filed]] = {}
    for plan in filings:
        packages.setdefault((plan.product_id, plan.services), []).append(plan)
    return list(packages.values())


def _package(number: int, package: list[Filed]) -> Lines:
    benefits, shares = _Sheet(f"Benefits_Package_{number}"), _Sheet(f"Cost_Share_Variances_{number}")
    yield from _wrap("header", _header(benefits, package[0]))
    yield "<benefitsList>"
    for row, (service, covered) in enumerate(package[0].services, _FIRST_BENEFIT_ROW):
        yield from _wrap("benefits", _benefit(benefits, row, service, covered))
    yield "</benefitsList><plansList>"
    variant_row = _FIRST_VARIANT_ROW
    for row, plan in enumerate(package, _FIRST_PLAN_ROW):
        yield "<plans>"
        yield from _wrap("planAttributes", _attributes(benefits, row, plan))
        yield "<costShareVariancesList>"
        for variant in plan.variants:
            yield from _wrap("costShareVariance", _variant(shares, variant_row, plan, variant))
            variant_row += 1
        yield "</costShareVariancesList></plans>"
    yield "</plansList>"


def _plans_and_benefits(filings: Iterable[Filed]) -> Lines:
    yield f'<planBenefitTemplateVO xmlns="{NAMESPACE}"><packagesList>'
    for number, package in enumerate(_packages(filings), 1):
        yield from _wrap("packages", _package(number, package))
    yield "</packagesList></planBenefitTemplateVO>"


_RATE_TAGS = (
    ("planId", "PlanId", 1),
    ("rateAreaId", "RatingAreaId", 2),
    ("tobacco", "Tobacco", 3),
    ("ageNumber", "Age", 4),
    ("primaryEnrollee", "IndividualRate", 5),
    ("primaryEnrolleeTobacco", "IndividualTobaccoRate", 6),
    ("coupleEnrollee", "Couple", 7),
    ("primaryEnrolleeOneDependent", "PrimarySubscriberAndOneDependent", 8),
    ("primaryEnrolleeTwoDependent", "PrimarySubscriberAndTwoDependents", 9),
    ("primaryEnrolleeManyDependent", "PrimarySubscriberAndThreeOrMoreDependents", 10),
    ("coupleEnrolleeOneDependent", "CoupleAndOneDependent", 11),
    ("coupleEnrolleeTwoDependent", "CoupleAndTwoDependents", 12),
    ("coupleEnrolleeManyDependent", "CoupleAndThreeOrMoreDependents", 13),
)
_BY_TIER = {"Tobacco", "Age"}  # columns that a family-tier table does not have


def _rates(rows: Iterable[dict[str, object]], tiers: bool, sheet: _Sheet) -> Lines:
    yield "<qhpApplicationRateGroupVO><header><templateVersion>v11.0</templateVersion>"
    yield f"{sheet.cell('issuerId', 2, 6, ISSUER_ID)}</header>"
    yield sheet.cell("ratingMethod", 2, 9, "Family-Tier Rates" if tiers else "Age-Based Rates")
    for number, row in enumerate(rows, 14):
        yield "<items>"
        yield sheet.cell("effectiveDate", 2, 7, row["RateEffectiveDate"])
        yield sheet.cell("expirationDate", 2, 8, row["RateExpirationDate"])
        for tag, name, column in _RATE_TAGS:
            if name in row and not (tiers and name in _BY_TIER):
                yield sheet.cell(tag, column, number, row[name])
        yield "</items>"
    yield "</qhpApplicationRateGroupVO>"


def _rate_template(groups: Iterable[tuple[bool, Iterable[dict[str, object]]]]) -> Lines:
    yield f'<qhpApplicationRateGroupListVO xmlns="{NAMESPACE}">'
    for number, (tiers, rows) in enumerate(groups, 1):
        sheet = _Sheet("Rate_Table" if number == 1 else f"Rate_Table_({number})")
        yield from _rates(rows, tiers, sheet)
    yield "</qhpApplicationRateGroupListVO>"


def _dental_groups(dental: Iterable[DentalPlan]) -> Iterator[tuple[bool, list[dict[str, object]]]]:
    dental = list(dental)
    for tiers in (False, True):
        yield tiers, [row for plan in dental if plan.family_tiers is tiers for row in dental_rates(plan)]


def _link(link: crosswalk.Link, year: int) -> Lines:
    old, new = year - 1, year
    values = (
        (f"plan_id_{old}_hios", crosswalk.PREFIX + link.plan),
        ("county_name", county_label(link.county_fips) if link.county_fips else ""),
        ("crosswalk_level", link.level),
        ("reason_for_crosswalk", link.reason),
        (f"plan_id_{new}_hios", crosswalk.PREFIX + link.to if link.to else ""),
        ("is_this_plan_catastrophic_or_child_only_plan", yes(crosswalk.is_age_limited(link.plan))),
        (
            f"plan_id_{new}_for_enrollees_aging_off_catastrophic_or_child_only_plan",
            crosswalk.PREFIX + link.age_off if link.age_off else "",
        ),
    )
    for tag, value in values:
        if value:
            yield f"<{tag}>{escape(value)}</{tag}>"


def _crosswalk(year: int, dental: bool) -> Lines:
    yield f"<plan_crosswalk_{year}><version><name>Plan Service Area Crosswalk Template</name><number>2.3.3</number>"
    yield f"</version><issuer_information><hios_issuer_id>{ISSUER_ID}</hios_issuer_id>"
    yield f"<issuer_state>{STATE}</issuer_state><market_coverage>Individual</market_coverage>"
    yield f"<multistate_plan>No</multistate_plan><dental_only_plan>{yes(dental)}</dental_only_plan>"
    yield "</issuer_information><crosswalks>"
    for link in crosswalk.links(year):
        if crosswalk.is_dental(link.plan) is dental:
            yield from _wrap("crosswalk", _link(link, year))
    yield f"</crosswalks></plan_crosswalk_{year}>"


def _write(path: Path, lines: Iterable[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write('<?xml version="1.0"?>\n')
        out.writelines(f"{line}\n" for line in lines)
    return path


def write_serff(out_dir: Path, year: int) -> list[Path]:
    """Write the plan year as templates into ``out_dir`` (made when missing); the crosswalks from 2027 on."""
    out_dir.mkdir(parents=True, exist_ok=True)
    filings = filed(year)
    medical_rows = (row for plan in plans(year) for row in medical_rates(plan))
    paths = [
        _write(out_dir / "Plans_Benefits_Medical.xml", _plans_and_benefits(f for f in filings if not f.dental)),
        _write(out_dir / "Plans_Benefits_Dental.xml", _plans_and_benefits(f for f in filings if f.dental)),
        _write(out_dir / "Rates_Medical.xml", _rate_template([(False, medical_rows)])),
        _write(out_dir / "Rates_Dental.xml", _rate_template(_dental_groups(dental_plans(year)))),
        *write_workbooks(out_dir, year),
        *write_networks_and_rules(out_dir, year),
    ]
    if crosswalk.links(year):
        for dental, name in ((False, "Medical"), (True, "Dental")):
            paths.append(_write(out_dir / f"Plan_Crosswalk_{name}.xml", _crosswalk(year, dental)))
    return paths
