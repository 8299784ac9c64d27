"""The issuer's year as Exchange public use files (CSV): seven tables, in the spelling of the federal files."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from catalog.demo import crosswalk, puf_columns
from catalog.demo.business_rules import business_rules
from catalog.demo.csvs import write_csv
from catalog.demo.dental import DentalPlan, dental_plans
from catalog.demo.filing import NONE, Amounts, Benefit, Filed, Limit, Variant, filed
from catalog.demo.geography import STATE, ServiceArea, service_areas
from catalog.demo.lineup import FORMULARY_URL, ISSUER_ID, ISSUER_NAME, NETWORKS, PAYMENT_URL, Plan, plans
from catalog.demo.rates import age_rates, dental_age_rates, tobacco_rate, youngest
from catalog.demo.texts import dollars, per_group, per_person

Row = dict[str, object]

_TIER_COLUMNS = ("IndividualRate", "Couple", *(f"PrimarySubscriberAnd{n}" for n in (
    "OneDependent", "TwoDependents", "ThreeOrMoreDependents")), *(f"CoupleAnd{n}" for n in (
    "OneDependent", "TwoDependents", "ThreeOrMoreDependents")))  # fmt: skip
_EXAMPLE_COLUMNS = {"Baby": "SBCHavingaBaby", "Diabetes": "SBCHavingDiabetes", "Fracture": "SBCHavingSimpleFracture"}
_PEOPLE = ("Individual", "FamilyPerPerson", "FamilyPerGroup")


def yes(flag: bool | None) -> str:
    """Yes, No, or an empty cell."""
    return "" if flag is None else ("Yes" if flag else "No")


def common(year: int, issuer_id: str = ISSUER_ID) -> Row:
    """The columns that start every table."""
    return {
        "BusinessYear": year,
        "StateCode": STATE,
        "IssuerId": issuer_id,
        "SourceName": "HIOS",
        "ImportDate": f"{year - 1}-10-14 03:00:32",
    }


def _money(amounts: Amounts) -> tuple[str, str, str]:
    individual = dollars(amounts[0])
    spaced = individual if amounts[0] is None else f"{individual} "  # the federal files leave a blank after it
    return spaced, per_person(amounts[1]), per_group(amounts[2])


def _limit_columns(limit: Limit) -> Row:
    row: Row = {}
    tiers = {"InnTier1": limit.tier1, "InnTier2": limit.tier2, "OutOfNet": limit.out, "CombInnOon": NONE}
    for tier, amounts in tiers.items():
        if amounts is None:
            continue
        for who, text in zip(_PEOPLE, _money(amounts), strict=True):
            moop = limit.kind == "moop"
            name = f"{limit.scope}EHB{tier}{who}MOOP" if moop else f"{limit.scope}EHBDed{tier}{who}"
            row[name] = text
    if limit.kind == "deductible" and limit.coinsurance1:
        row[f"{limit.scope}EHBDedInnTier1Coinsurance"] = limit.coinsurance1
        row[f"{limit.scope}EHBDedInnTier2Coinsurance"] = limit.coinsurance2
    return row


def _example_columns(variant: Variant) -> Row:
    parts = ("Deductible", "Copayment", "Coinsurance", "Limit")
    return {
        f"{_EXAMPLE_COLUMNS[name]}{part}": dollars(cell)
        for name, cells in variant.examples.items()
        for part, cell in zip(parts, cells, strict=True)
    }


def _plan_columns(plan: Filed) -> Row:
    return {
        **common(plan.year, plan.plan_id[:5]),
        "IssuerMarketPlaceMarketingName": ISSUER_NAME,
        "MarketCoverage": "Individual",
        "DentalOnlyPlan": yes(plan.dental),
        "StandardComponentId": plan.plan_id,
        "PlanMarketingName": plan.name,
        "HIOSProductId": plan.product_id,
        "NetworkId": plan.network_id,
        "ServiceAreaId": plan.area_id,
        "FormularyId": plan.formulary_id,
        "IsNewPlan": "New" if plan.is_new else "Existing",
        "PlanType": plan.plan_type,
        "MetalLevel": plan.metal,
        "DesignType": plan.design_type,
        "UniquePlanDesign": "No",
        "QHPNonQHPTypeId": "Both",
        "IsNoticeRequiredForPregnancy": "" if plan.dental else "No",
        "IsReferralRequiredForSpecialist": "" if plan.dental else yes(plan.referral),
        "SpecialistRequiringReferral": "All specialists except OB/GYN and eye doctors" if plan.referral else "",
        "PlanLevelExclusions": plan.exclusions,
        "CompositeRatingOffered": "No",
        "ChildOnlyOffering": plan.child_only,
        "WellnessProgramOffered": "" if plan.dental else "Yes",
        "DiseaseManagementProgramsOffered": plan.disease_programs,
        "EHBPercentTotalPremium": "" if plan.ehb_percent is None else plan.ehb_percent,
        "EHBPediatricDentalApportionmentQuantity": plan.pediatric_share,
        "IsGuaranteedRate": plan.rate_kind,
        "PlanEffectiveDate": f"{plan.year}-01-01",
        "PlanExpirationDate": f"{plan.year}-12-31",
        "OutOfCountryCoverage": "No",
        "OutOfServiceAreaCoverage": "Yes",
        "OutOfServiceAreaCoverageDescription": "Emergencies and urgent care"
        if not plan.national
        else "National network",
        "NationalNetwork": yes(plan.national),
        "URLForEnrollmentPayment": PAYMENT_URL,
        "FormularyURL": FORMULARY_URL if plan.formulary_id else "",
        "URLForSummaryofBenefitsCoverage": plan.sbc_url,
        "PlanBrochure": plan.brochure_url,
    }


def _variant_columns(plan: Filed, variant: Variant) -> Row:
    row: Row = {
        "PlanId": variant.variant_id,
        "PlanVariantMarketingName": plan.name,
        "CSRVariationType": variant.csr_type,
        "AVCalculatorOutputNumber": variant.av,
        "MedicalDrugDeductiblesIntegrated": "" if plan.dental else yes(not variant.separate_drugs),
        "MedicalDrugMaximumOutofPocketIntegrated": "" if plan.dental else "Yes",
        "MultipleInNetworkTiers": yes(variant.two_tiers),
        "FirstTierUtilization": "70%" if variant.two_tiers else "100%",
        "SecondTierUtilization": "30%" if variant.two_tiers else "",
        "InpatientCopaymentMaximumDays": variant.inpatient_days or "",
        "BeginPrimaryCareCostSharingAfterNumberOfVisits": variant.free_primary_visits or "",
        "IsHSAEligible": yes(variant.hsa),
        "HSAOrHRAEmployerContribution": "" if plan.dental else "No",
    }
    for limit in variant.limits:
        row |= _limit_columns(limit)
    return row | _example_columns(variant)


def attribute_rows(filings: Iterable[Filed]) -> Iterator[Row]:
    """Plan Attributes: one row a variant."""
    for plan in filings:
        for variant in plan.variants:
            yield _plan_columns(plan) | _variant_columns(plan, variant)


def _benefit_row(plan: Filed, variant: Variant, benefit: Benefit) -> Row:
    service = benefit.service
    row = common(plan.year) | {
        "StandardComponentId": plan.plan_id,
        "PlanId": variant.variant_id,
        "BenefitName": service.name,
        "IsCovered": "Covered" if benefit.covered else "Not Covered",
    }
    if not benefit.covered:
        return row
    for column, share in (("InnTier1", benefit.tier1), ("InnTier2", benefit.tier2), ("OutofNet", benefit.out)):
        row[f"Copay{column}"], row[f"Coins{column}"] = share or ("", "")
    return row | {
        "IsEHB": "Yes" if service.ehb else "",
        "QuantLimitOnSvc": yes(service.limit is not None),
        "LimitQty": service.limit or "",
        "LimitUnit": service.unit,
        "Exclusions": service.exclusion,
        "Explanation": service.explanation,
        "EHBVarReason": service.variance,
        "IsExclFromInnMOOP": yes(not service.ehb),
        "IsExclFromOonMOOP": yes(not service.ehb),
    }


def _benefit_rows(filings: Iterable[Filed]) -> Iterator[Row]:
    for plan in filings:
        for variant in plan.variants:
            for benefit in variant.benefits:
                yield _benefit_row(plan, variant, benefit)


def rate_start(year: int, plan_id: str, area: int) -> Row:
    """The columns that start a rate row."""
    return common(year, plan_id[:5]) | {
        "RateEffectiveDate": f"{year}-01-01",
        "RateExpirationDate": f"{year}-12-31",
        "PlanId": plan_id,
        "RatingAreaId": f"Rating Area {area}",
        "Tobacco": "No Preference",
    }


def medical_rates(plan: Plan) -> Iterator[Row]:
    """Rate rows of a medical plan: one a rating area and age band."""
    for area in service_areas(plan.year)[plan.product.area_id].rating_areas:
        for band, rate in age_rates(plan.full_base, area, plan.nudge_key).items():
            row = rate_start(plan.year, plan.plan_id, area) | {"Age": band, "IndividualRate": rate}
            if plan.tobacco != "none":
                row["Tobacco"] = "Tobacco User/Non-Tobacco User"
                row["IndividualTobaccoRate"] = tobacco_rate(rate, band, plan.tobacco)
            yield row


def dental_rates(plan: DentalPlan) -> Iterator[Row]:
    """Rate rows of a dental plan: by age, or one family-tier row a rating area."""
    for area in service_areas(plan.year)[plan.area_id].rating_areas:
        start = rate_start(plan.year, plan.plan_id, area)
        if plan.family_tiers:
            yield start | {"Age": "Family Option"} | dict(zip(_TIER_COLUMNS, plan.rates, strict=True))
            continue
        for band, rate in dental_age_rates(*plan.rates, area).items():
            if not (plan.child_only and youngest(band) > 20):
                yield start | {"Age": band, "IndividualRate": rate}


def rate_rows(year: int) -> Iterator[Row]:
    """Rate table of a plan year: medical, then dental."""
    for plan in plans(year):
        yield from medical_rates(plan)
    for plan in dental_plans(year):
        yield from dental_rates(plan)


def service_area_rows(year: int, area: ServiceArea, issuer_id: str = ISSUER_ID) -> Iterator[Row]:
    """Service Area rows: one for a whole state, else one a county."""
    start = common(year, issuer_id) | {
        "ServiceAreaId": area.area_id,
        "ServiceAreaName": area.name,
        "CoverEntireState": yes(area.entire_state),
        "MarketCoverage": "Individual",
        "DentalOnlyPlan": yes(area.dental),
    }
    if area.entire_state:
        yield start
    partial = dict(area.partial)
    for fips in area.counties:
        row = start | {"County": fips, "PartialCounty": yes(fips in partial)}
        if fips in partial:
            row["ZipCodes"] = ", ".join(partial[fips])
            row["PartialCountyJustification"] = "No hospital of this network in the rest of the county"
        yield row


def network_rows(year: int) -> list[Row]:
    """Network table."""
    return [
        common(year)
        | {
            "NetworkName": network.name,
            "NetworkId": network.network_id,
            "NetworkURL": network.url,
            "MarketCoverage": "Individual",
            "DentalOnlyPlan": yes(network.dental),
        }
        for network in NETWORKS
    ]


def write_networks_and_rules(out_dir: Path, year: int) -> list[Path]:
    """The two tables that go with either format: Network and Business Rules."""
    rules = [common(year) | row for row in business_rules()]
    return [
        write_csv(out_dir / "Network_PUF.csv", puf_columns.NETWORKS, network_rows(year)),
        write_csv(out_dir / "Business_Rules_PUF.csv", puf_columns.BUSINESS_RULES, rules),
    ]


def write_puf(out_dir: Path, year: int) -> list[Path]:
    """Write the plan year as public use files into ``out_dir`` (made when missing); the crosswalk from 2027 on."""
    out_dir.mkdir(parents=True, exist_ok=True)
    filings = filed(year)
    areas = [row for area in service_areas(year).values() for row in service_area_rows(year, area)]
    paths = [
        write_csv(out_dir / "Plan_Attributes_PUF.csv", puf_columns.PLAN_ATTRIBUTES, attribute_rows(filings)),
        write_csv(out_dir / "Benefits_and_Cost_Sharing_PUF.csv", puf_columns.BENEFITS, _benefit_rows(filings)),
        write_csv(out_dir / "Rate_PUF.csv", puf_columns.RATES, rate_rows(year)),
        write_csv(out_dir / "Service_Area_PUF.csv", puf_columns.SERVICE_AREAS, areas),
        *write_networks_and_rules(out_dir, year),
    ]
    if links := crosswalk.links(year):
        rows = (crosswalk.puf_row(link, year) for link in links)
        paths.append(write_csv(out_dir / "Plan_ID_Crosswalk_PUF.csv", puf_columns.crosswalk(year), rows))
    return paths
