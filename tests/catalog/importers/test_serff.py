"""Plans & Benefits, Rates and crosswalk XML: two tiers, drug deductible, tobacco, tiers of family, counties, places."""

import gzip
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from catalog.terms import (
    OLDEST,
    Benefit,
    CopayUnit,
    CostLimit,
    Crosswalk,
    Csr,
    DeductibleTiming,
    Issuer,
    LimitKind,
    LimitScope,
    Market,
    Metal,
    NetworkTier,
    Plan,
    PlanVariant,
    Product,
    Rate,
    TierRate,
    TobaccoRule,
)

PLAN = "12345OH0010001"


@pytest.fixture(scope="module")
def plans(run, fixtures):
    return run(fixtures / "serff" / "plans_two_tiers.xml")


@pytest.fixture(scope="module")
def limits(plans):
    return {limit.key[1:]: limit for limit in plans.of(CostLimit)}


def money(*amounts):
    return tuple(None if amount is None else Decimal(amount) for amount in amounts)


def test_a_single_plan_with_a_single_variance_is_read_whole(plans):
    assert Counter(type(noun).__name__ for noun in plans.nouns) == {
        "Issuer": 1,
        "Product": 1,
        "Plan": 1,
        "PlanVariant": 1,
        "CostLimit": 10,
        "Benefit": 5,
    }
    assert plans.problems == []
    assert (plans.reading.plan_year, plans.reading.market) == (2027, Market.INDIVIDUAL)


def test_issuer_product_and_plan(plans):
    assert plans.of(Issuer) == [Issuer("12345", state="OH")]
    assert plans.of(Product) == [Product("12345OH001", "12345", "medical")]
    plan = plans.of(Plan)[0]
    assert (plan.plan_id, plan.metal, plan.plan_type, plan.design_type) == (
        PLAN,
        Metal.EXPANDED_BRONZE,
        "EPO",
        "Design 2",
    )
    assert (plan.effective_from, plan.effective_until) == (date(2027, 1, 1), date(2027, 12, 31))
    assert (plan.ehb_percent, plan.is_new, plan.exclusions) == (Decimal("0.995"), True, "")
    assert plan.disease_programs == ("Asthma", "Diabetes")
    assert (plan.on_exchange, plan.off_exchange) == (True, False)


def test_variant(plans):
    variant = plans.of(PlanVariant)[0]
    assert (variant.variant_id, variant.csr) == (f"{PLAN}-00", Csr.OFF_EXCHANGE)
    assert (variant.first_tier_share, variant.second_tier_share) == (Decimal("0.7"), Decimal("0.3"))
    assert (variant.deductibles_integrated, variant.moops_integrated, variant.multiple_in_network_tiers) == (
        False,
        True,
        True,
    )
    assert (variant.inpatient_copay_days, variant.primary_visits_before_cost_sharing) == (5, None)
    assert (variant.primary_copays_before_deductible, variant.specialty_drug_max) == (3, Decimal(250))
    assert [(example.name, example.coinsurance) for example in variant.examples] == [("baby", Decimal(1200))]


@pytest.mark.parametrize(
    ("kind", "scope", "tier", "amounts", "coinsurance"),
    [
        ("moop", "combined", "in_1", (9100, 9100, 18200), None),
        ("moop", "combined", "in_2", (9450, 9450, 18900), None),
        ("moop", "combined", "out", (None, None, None), None),
        ("moop", "combined", "combined", (None, None, 20000), None),
        ("deductible", "medical", "in_1", (2500, 2500, 5000), "0.4"),
        ("deductible", "medical", "in_2", (4000, 4000, 8000), "0.5"),
        ("deductible", "drug", "in_1", (500, 500, None), "0.4"),
    ],
)
def test_limits_by_scope_tier_and_who(limits, kind, scope, tier, amounts, coinsurance):
    limit = limits[LimitKind(kind), LimitScope(scope), NetworkTier(tier)]
    assert (limit.individual, limit.per_person, limit.per_group) == money(*amounts)
    assert limit.coinsurance == (Decimal(coinsurance) if coinsurance else None)


def test_a_tier_whose_cells_are_empty_is_no_limit(limits):
    assert (LimitKind.DEDUCTIBLE, LimitScope.DRUG, NetworkTier.COMBINED) not in limits
    assert (LimitKind.DEDUCTIBLE, LimitScope.DRUG, NetworkTier.OUT) in limits


def test_benefits_of_the_package_meet_the_visits_of_the_variance(plans):
    benefits = {benefit.category: benefit for benefit in plans.of(Benefit)}
    primary, inpatient = benefits["primary_care"], benefits["inpatient_facility"]
    assert (primary.in_1.copay, primary.in_2.copay_timing) == (Decimal(40), DeductibleTiming.BEFORE)
    assert primary.out.member_pays_all
    assert (inpatient.in_1.copay_unit, inpatient.in_1.copay_timing) == (CopayUnit.DAY, DeductibleTiming.AFTER)
    nursing = benefits["skilled_nursing"]
    assert (nursing.limit_quantity, nursing.limit_unit) == (Decimal(90), "Days per Year")
    assert (nursing.in_1.coinsurance, nursing.in_2) == (Decimal(0), None)
    assert nursing.explanation == "Counted with home care & hospice"
    acupuncture = benefits["acupuncture"]
    assert (acupuncture.covered, acupuncture.in_1) == (False, None)


def test_each_noun_knows_its_cell(plans):
    places = {type(noun).__name__: noun.source for noun in plans.nouns}
    assert {source.file for source in places.values()} == {"plans_two_tiers.xml"}
    assert plans.of(Plan)[0].source.place == "Benefits_Package_1-A.9"
    assert plans.of(PlanVariant)[0].source.place == "Cost_Share_Variances_1-A.4"
    assert plans.of(Issuer)[0].source.place == "Benefits_Package_1-B.2"


def edited(fixtures, tmp_path, *changes, name="plans_two_tiers.xml"):
    """The fixture with texts exchanged; each must be there."""
    text = (fixtures / "serff" / name).read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / name
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("old", "new", "field", "place", "gone"),
    [
        ("$9,100", "9.1k", "inNetworkTier1IndividualAmount", "Cost_Share_Variances_1-", "PlanVariant"),
        ("99.5%", "most", "ehbPercentPremium", "Benefits_Package_1-X.9", "Plan"),
        ("$40.00", "forty", "copayInNetworkTier1", "Cost_Share_Variances_1-", "Benefit"),
    ],
)
def test_an_unreadable_cell_leaves_its_noun_out_and_is_named(
    run, fixtures, tmp_path, plans, old, new, field, place, gone
):
    result = run(edited(fixtures, tmp_path, (old, new)))
    (problem,) = result.problems
    assert (problem.severity, problem.field, problem.found) == ("quarantined", field, new)
    assert problem.place.startswith(place)
    before, after = (Counter(type(noun).__name__ for noun in found) for found in (plans.nouns, result.nouns))
    assert after[gone] == before[gone] - 1


def test_a_variation_that_contradicts_its_suffix_is_left_out(run, fixtures, tmp_path):
    result = run(edited(fixtures, tmp_path, ("Standard Expanded Bronze Off Exchange Plan", "73% AV Level Silver Plan")))
    assert [problem.code for problem in result.problems] == ["variation-mismatch"]
    assert result.of(PlanVariant) == []


def test_a_plan_of_another_issuer_is_left_out(run, fixtures, tmp_path):
    result = run(edited(fixtures, tmp_path, ("<cellValue>12345</cellValue>", "<cellValue>54321</cellValue>")))
    assert [problem.code for problem in result.problems] == ["plan-of-another-issuer"]
    assert result.of(Plan) == []


def test_a_newer_template_is_read_and_noted(run, fixtures, tmp_path, plans):
    result = run(edited(fixtures, tmp_path, ("v9.0", "v15.1")))
    assert [(problem.code, problem.severity) for problem in result.problems] == [("untried-version", "note")]
    assert result.nouns == plans.nouns


def test_rates_by_age_and_tobacco_and_by_tier(run, fixtures):
    result = run(fixtures / "serff" / "rates_tobacco_and_tiers.xml")
    start, end = date(2027, 1, 1), date(2027, 12, 31)
    assert result.of(Rate) == [
        Rate(PLAN, "1", 0, 14, start, end, Decimal("201.10"), TobaccoRule.USER_NON_USER, Decimal("201.10")),
        Rate(PLAN, "1", 64, OLDEST, start, end, Decimal("801.25"), TobaccoRule.USER_NON_USER, Decimal("961.50")),
    ]
    assert result.of(TierRate) == [
        TierRate("12345OH0020001", "1", start, end, Decimal(25), couple=Decimal(50), single_one=Decimal("49.50"))
    ]
    assert [rate.source.place for rate in result.of(Rate)] == ["Rate_Table-E.15", "Rate_Table-E.16"]
    assert [(problem.code, problem.place) for problem in result.problems] == [
        ("zero-rate", "Rate_Table-E.17"),
        ("unreadable-cell", "Rate_Table-D.18"),
        ("plan-of-another-issuer", "Rate_Table_(2)-E.16"),
    ]


def test_a_rate_by_age_without_its_age_is_left_out(run, fixtures, tmp_path):
    change = ("<cellValue>64 and over</cellValue>", "<cellValue></cellValue>")
    result = run(edited(fixtures, tmp_path, change, name="rates_tobacco_and_tiers.xml"))
    assert ("ageNumber", "Rate_Table-D.16", "") in [
        (wrong.field, wrong.place, wrong.found) for wrong in result.problems
    ]
    assert len(result.of(TierRate)) == 1


def test_a_benefit_that_stands_twice_is_reported(run, fixtures, tmp_path, plans):
    result = run(edited(fixtures, tmp_path, ("Skilled Nursing Facility", "Generic Drugs")))
    assert [(wrong.code, wrong.field) for wrong in result.problems] == [
        ("repeated-benefit", "benefitTypeCode"),
        ("repeated-benefit", "visitType"),
    ]
    assert "Benefits_Package_1-A.62" in result.problems[0].expected
    assert len(result.of(Benefit)) == len(plans.of(Benefit)) - 1


def test_crosswalk_by_plan_and_by_county_and_zip(run, fixtures):
    result = run(fixtures / "serff" / "crosswalk.xml")
    assert result.reading.plan_year == 2027
    rows = {row.key: row for row in result.of(Crosswalk)}
    assert set(rows) == {
        (PLAN, "", ""),
        (PLAN, "39035", "44101"),
        (PLAN, "39035", "44102"),
        ("12345OH0010009", "", ""),
    }
    assert (rows[PLAN, "", ""].to_plan, rows[PLAN, "", ""].age_off_plan) == (PLAN, "12345OH0010002")
    assert rows["12345OH0010009", "", ""].to_plan == ""
    assert (rows[PLAN, "", ""].state, rows[PLAN, "", ""].dental) == ("OH", False)
    assert [(problem.code, problem.found) for problem in result.problems] == [("wrong-id", "12345OH001")]


def test_packed_files_are_the_same(run, fixtures, tmp_path, plans):
    packed = tmp_path / "plans.xml.gz"
    packed.write_bytes(gzip.compress((fixtures / "serff" / "plans_two_tiers.xml").read_bytes()))
    assert run(packed).nouns == plans.nouns


@pytest.mark.parametrize(
    ("name", "year", "counts", "codes"),
    [
        ("enroll__BMCHP_Plan_Crosswalk.xml", 2018, {"Crosswalk": 1}, {}),
        (
            "enroll__SHOP_PB_BCBS.xml",
            2019,
            {"Issuer": 1, "Product": 2, "Plan": 2, "PlanVariant": 2, "CostLimit": 18, "Benefit": 158},
            {"product-of-another-plan": 2, "variant-of-another-plan": 2},
        ),
        ("enroll__SHOP_RATES_BCBS_TEST.xml", 2018, {"Rate": 7}, {}),
        (
            "quoting_tool__dental_plan.xml",
            2020,
            {"Issuer": 1, "Product": 1, "Plan": 1, "PlanVariant": 2, "CostLimit": 12, "Benefit": 18},
            {},
        ),
        ("quoting_tool__rates_valid_rates.xml", 2022, {"TierRate": 2, "Rate": 1}, {"zero-rate": 16}),
    ],
)
def test_each_real_file_imports_alone(run, shared_data, name, year, counts, codes):
    result = run(shared_data / "plans" / "serff" / name)
    assert Counter(type(noun).__name__ for noun in result.nouns) == counts
    assert Counter(problem.code for problem in result.problems) == codes
    assert result.reading.plan_year == year
