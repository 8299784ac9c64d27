"""Every value of the two parsed templates survives the import of their XML."""

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from catalog.importers import read
from catalog.terms import Benefit, CostLimit, LimitKind, LimitScope, NetworkTier, Plan, PlanVariant, Problem

FILES = ("enroll__SHOP_PB_BCBS", "quoting_tool__dental_plan")
# The second package of one file names its variants after another component; mended so that its values are compared.
MENDED = ("42690MA1301233", "42690MA1302345")

# What no noun keeps, and why.
LEFT_OUT = {
    "templateVersion": "about the file",
    "tin": "tax id of the issuer, of no use in a shop",
    "hpid": "id of a repealed rule, always empty",
    "uniquePlanDesign": "about the actuarial calculator",
    "insurancePlanPregnancyNoticeReqInd": "about an internal notice",
    "indianPlanVariation": "about payments between issuer and government",
    "employerHSAHRAContributionIndicator": "follows from the amount",
    "serviceLimit": "follows from the quantity",
}


def same_text(value):
    return " ".join(value.split())


def words(value):
    return "" if value == "Not Applicable" else same_text(value)


def dollars(value):
    digits = (
        value.lower()
        .strip()
        .removesuffix(" per person")
        .removesuffix(" per group")
        .strip()
        .lstrip("$")
        .replace(",", "")
    )
    return Decimal(digits) if re.fullmatch(r"[\d.]+", digits) else None


def share(value):
    if value == "No Charge":
        return Decimal(0)
    number = value.split("%", maxsplit=1)[0]
    if not re.fullmatch(r"[\d.]+", number):
        return None
    return Decimal(number) / 100 if "%" in value else Decimal(number)


def flag(value):
    return {"Yes": True, "No": False, "Covered": True, "Not Covered": False, "Existing": False}.get(value)


def us_date(value):
    return date(*(int(part) for part in (value.split("/")[2], *value.split("/")[:2]))) if value else None


def metal(value):
    return value.lower().replace(" ", "_") or None


PLAN = {
    "standardComponentID": ("plan_id", words),
    "planMarketingName": ("name", same_text),
    "hiosProductID": ("product_id", words),
    "networkID": ("network_id", words),
    "serviceAreaID": ("service_area_id", words),
    "formularyID": ("formulary_id", words),
    "isNewPlan": ("is_new", flag),
    "planType": ("plan_type", words),
    "metalLevel": ("metal", metal),
    "planDesignType": ("design_type", words),
    "qhpOrNonQhp": ("qhp_type", words),
    "isSpecialistReferralRequired": ("referral_required", flag),
    "healthCareSpecialistReferralType": ("referral_specialists", words),
    "insurancePlanBenefitExclusionText": ("exclusions", words),
    "insurancePlanCompositePremiumAvailableIndicator": ("composite_rating", flag),
    "childOnlyOffering": ("child_only_offering", words),
    "childOnlyPlanID": ("child_only_plan_id", words),
    "isWellnessProgramOffered": ("wellness_program", flag),
    "isDiseaseMgmtProgramsOffered": ("disease_programs", lambda value: tuple(value.split(", ")) if value else ()),
    "ehbPercentPremium": ("ehb_percent", share),
    "ehbApportionmentForPediatricDental": ("pediatric_dental_apportionment", share),
    "guaranteedVsEstimatedRate": ("guaranteed_rate", lambda value: {"": None, "Guaranteed Rate": True}[value]),
    "planEffectiveDate": ("effective_from", us_date),
    "planExpirationDate": ("effective_until", us_date),
    "outOfCountryCoverage": ("out_of_country", flag),
    "outOfCountryCoverageDescription": ("out_of_country_text", words),
    "outOfServiceAreaCoverage": ("out_of_area", flag),
    "outOfServiceAreaCoverageDescription": ("out_of_area_text", words),
    "nationalNetwork": ("national_network", flag),
    "enrollmentPaymentURL": ("payment_url", words),
}
VARIANT = {
    "planId": ("variant_id", words),
    "planVariantMarketingName": ("name", same_text),
    "metalLevel": ("metal", metal),
    "csrVariationType": ("csr_type", words),
    "medicalAndDrugDeductiblesIntegrated": ("deductibles_integrated", flag),
    "medicalAndDrugMaxOutOfPocketIntegrated": ("moops_integrated", flag),
    "multipleProviderTiers": ("multiple_in_network_tiers", flag),
    "firstTierUtilization": ("first_tier_share", share),
    "secondTierUtilization": ("second_tier_share", share),
    "hsaEligibility": ("hsa_eligible", flag),
    "empContributionAmountForHSAOrHRA": ("employer_hsa_contribution", dollars),
    "summaryBenefitAndCoverageURL": ("sbc_url", words),
    "planBrochure": ("brochure_url", words),
    "avCalculatorOutputNumber": ("av", share),
    "issuerActuarialValue": ("issuer_av", share),
    "maximumCoinsuranceForSpecialtyDrugs": ("specialty_drug_max", dollars),
    "maxNumDaysForChargingInpatientCopay": ("inpatient_copay_days", lambda value: int(value) if value else None),
    "beginPrimaryCareCostSharingAfterSetNumberVisits": (
        "primary_visits_before_cost_sharing",
        lambda value: int(value) if value else None,
    ),
    "beginPrimaryCareDeductibleOrCoinsuranceAfterSetNumberCopays": (
        "primary_copays_before_deductible",
        lambda value: int(value) if value else None,
    ),
}
BENEFIT = {
    "benefitTypeCode": ("name", same_text),
    "isEHB": ("ehb", flag),
    "isBenefitCovered": ("covered", lambda value: bool(flag(value))),
    "quantityLimit": ("limit_quantity", lambda value: Decimal(value) if value else None),
    "unitLimit": ("limit_unit", same_text),
    "exclusion": ("exclusions", same_text),
    "explanation": ("explanation", same_text),
    "ehbVarianceReason": ("ehb_variance", same_text),
    "excludedInNetworkMOOP": ("excluded_from_in_moop", flag),
    "excludedOutOfNetworkMOOP": ("excluded_from_out_moop", flag),
}
EXAMPLE = re.compile(r"having(Baby|Diabetes|Simplefracture)(Deductible|Copay|CoInsurance|Limit)", re.IGNORECASE)
EXAMPLES = {"baby": "baby", "diabetes": "diabetes", "simplefracture": "fracture"}
TIER = re.compile(r"(inNetworkTier1|outOfNetwork|combinedIn(?:Or)?OutNetwork)(Individual|Family)(?:Amount)?")
TIERS = {
    "inNetworkTier1": NetworkTier.IN_1,
    "outOfNetwork": NetworkTier.OUT,
    "combinedInOrOutNetwork": NetworkTier.COMBINED,
    "combinedInOutNetwork": NetworkTier.COMBINED,
}
VISIT = re.compile(r"(copay|coInsurance)(InNetworkTier1|OutOfNetwork)")
VISITS = {"InNetworkTier1": "in_1", "OutOfNetwork": "out"}


def listed(value) -> list:
    return value if isinstance(value, list) else [value]


class Imported:
    """Nouns of a file by their keys."""

    def __init__(self, found):
        self.problems = [item for item in found if isinstance(item, Problem)]
        self.by_key = {(type(item), *item.key): item for item in found if not isinstance(item, Problem)}
        self.benefits = {
            (item.variant_id, item.name): item for item in self.by_key.values() if isinstance(item, Benefit)
        }


def compare(noun, table, values: dict, seen: list) -> None:
    """Each leaf of ``values`` must be an attribute of the noun, or be left out for a reason."""
    for name, value in values.items():
        if isinstance(value, dict | list) or name in LEFT_OUT:
            continue
        attribute, convert = table[name]
        assert getattr(noun, attribute) == convert(value), (noun.key, name)
        seen.append(name)


def compare_limits(imported: Imported, variant_id: str, rows: list, name_key: str, kind: LimitKind) -> Iterator[str]:
    for row in rows:
        scope = {
            "Maximum Out of Pocket for Medical and Drug EHB Benefits (Total)": LimitScope.COMBINED,
            "Maximum Out of Pocket for Medical EHB Benefits": LimitScope.MEDICAL,
            "Medical EHB Deductible": LimitScope.MEDICAL,
            "Drug EHB Deductible": LimitScope.DRUG,
        }[row.pop(name_key)]
        for name, value in row.items():
            if name == "coinsuranceInNetworkTier1":
                limit = imported.by_key[CostLimit, variant_id, kind, scope, NetworkTier.IN_1]
                assert limit.coinsurance == share(value), name
            else:
                tier, who = TIER.fullmatch(name).groups()
                limit = imported.by_key[CostLimit, variant_id, kind, scope, TIERS[tier]]
                amounts = (limit.per_person, limit.per_group) if who == "Family" else (limit.individual,)
                assert amounts == tuple(dollars(part) for part in value.split("|")), name
            yield name


def compare_visits(imported: Imported, variant_id: str, visits: list) -> Iterator[str]:
    for visit in visits:
        benefit = imported.benefits[variant_id, same_text(visit.pop("visitType"))]
        for name, value in visit.items():
            part, tier = VISIT.fullmatch(name).groups()
            found = getattr(benefit, VISITS[tier])
            amount, timing, text = (
                (found.copay, found.copay_timing, found.filed_copay)
                if part == "copay"
                else (found.coinsurance, found.coinsurance_timing, found.filed_coinsurance)
            )
            number = value.split()[0]
            expected = Decimal(0) if value.startswith("No Charge") else (share if "%" in value else dollars)(number)
            assert amount == expected, (benefit.key, name)
            assert (timing == "after") == ("after deductible" in value), (benefit.key, name)
            assert text == value
            yield name


def compare_variant(imported: Imported, benefits: list, filed: dict, seen: list) -> None:
    variant = imported.by_key[PlanVariant, filed["planId"]]
    for group in (filed, filed["hsa"], filed["url"], filed["avCalculator"]):
        compare(variant, VARIANT, group, seen)
    assert variant.csr == filed["planId"][-2:]
    for name, value in filed.get("sbc", {}).items():
        example, part = EXAMPLE.match(name).groups()
        found = next(item for item in variant.examples if item.name == EXAMPLES[example.lower()])
        assert getattr(found, part.lower()) == dollars(value), name
        seen.append(name)
    key = filed["planId"]
    seen.extend(compare_limits(imported, key, listed(filed["moopList"]["moop"]), "name", LimitKind.MOOP))
    deductibles = listed(filed["planDeductibleList"]["planDeductible"])
    seen.extend(compare_limits(imported, key, deductibles, "deductibleType", LimitKind.DEDUCTIBLE))
    for row in benefits:
        compare(imported.benefits[key, same_text(row["benefitTypeCode"])], BENEFIT, row, seen)
    seen.extend(compare_visits(imported, key, listed(filed["serviceVisitList"]["serviceVisit"])))


@pytest.mark.parametrize("name", FILES)
def test_every_value_survives(shared_data, tmp_path, name):
    folder = shared_data / "plans" / "serff"
    xml = tmp_path / f"{name}.xml"
    xml.write_text((folder / f"{name}.xml").read_text().replace(*MENDED))
    oracle = json.loads((folder / f"{name}.flat.json").read_text().replace(*MENDED))
    imported = Imported(list(read([xml])))
    seen: list[str] = []
    for package in listed(oracle["packagesList"]["packages"]):
        header = package["header"]
        for plan in listed(package["plansList"]["plans"]):
            noun = imported.by_key[Plan, plan["planAttributes"]["standardComponentID"]]
            assert (noun.issuer_id, noun.state, noun.market) == (header["issuerId"], "MA", "small_group")
            assert (noun.line == "dental") is (header["dentalPlanOnlyInd"] == "Yes")
            compare(noun, PLAN, plan["planAttributes"], seen)
            for variant in listed(plan["costShareVariancesList"]["costShareVariance"]):
                compare_variant(imported, package["benefitsList"]["benefits"], variant, seen)
    assert len(seen) > 300
    assert not [problem for problem in imported.problems if problem.severity != "note"]


def test_variants_of_another_component_are_left_out_with_all_that_is_theirs(shared_data):
    imported = Imported(list(read([shared_data / "plans" / "serff" / "enroll__SHOP_PB_BCBS.xml"])))
    wrong = [problem for problem in imported.problems if problem.code == "variant-of-another-plan"]
    assert [(problem.place, problem.found) for problem in wrong] == [
        ("Cost_Share_Variances_2-A.4", "42690MA1301233-00"),
        ("Cost_Share_Variances_2-A.5", "42690MA1301233-01"),
    ]
    assert not [key for key in imported.by_key if "42690MA1301233" in str(key)]
