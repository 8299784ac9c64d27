"""Public use files: each table of an invented issuer, spellings of years and states, and what is refused."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.importers import puf, read
from catalog.importers.csv_table import fold
from catalog.terms import (
    Benefit,
    BusinessRule,
    CopayUnit,
    CostLimit,
    County,
    CoverageExample,
    Crosswalk,
    Csr,
    DeductibleTiming,
    FileRefused,
    Issuer,
    LimitKind,
    LimitScope,
    Market,
    Metal,
    Network,
    NetworkTier,
    Plan,
    PlanVariant,
    Problem,
    Product,
    ProductLine,
    Rate,
    ServiceAreaPart,
    Severity,
    TierRate,
    TobaccoRule,
)

HERE = Path(__file__).parent
TABLES = sorted((HERE / "fixtures" / "puf").glob("*.csv"))
SILVER, DENTAL = "10101OH0010001", "10101OH2010001"
WHOLE_YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture(scope="module")
def found():
    return list(read([HERE / "fixtures" / "puf"]))


def of(found, kind):
    return {noun.key: noun for noun in found if isinstance(noun, kind)}


def table(name):
    """Header and rows of a fixture."""
    with (HERE / "fixtures" / "puf" / name).open(newline="") as stream:
        header, *rows = csv.reader(stream)
    return header, rows


def taken(path, header, rows, **options):
    """What an import of this table finds."""
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return list(read([path], **options))


def test_nothing_is_left_out(found):
    assert not [each for each in found if isinstance(each, Problem)]
    counts = {kind: len(of(found, kind)) for kind in (Issuer, Product, Plan, PlanVariant, Benefit, Rate, TierRate)}
    assert list(counts.values()) == [1, 2, 2, 4, 22, 8, 1]


def test_issuer_and_products(found):
    assert of(found, Issuer)["10101",] == Issuer("10101", "Harbor Example Health", "OH")
    assert [(each.product_id, each.line) for each in of(found, Product).values()] == [
        ("10101OH001", ProductLine.MEDICAL),
        ("10101OH201", ProductLine.DENTAL),
    ]


def test_medical_plan(found):
    assert of(found, Plan)[SILVER,] == Plan(
        plan_id=SILVER,
        product_id="10101OH001",
        issuer_id="10101",
        state="OH",
        market=Market.INDIVIDUAL,
        line=ProductLine.MEDICAL,
        name="Harbor Silver Two Tier",
        plan_type="POS",
        metal=Metal.SILVER,
        design_type="Design 1",
        network_id="OHN001",
        service_area_id="OHS001",
        formulary_id="OHF001",
        qhp_type="Both",
        child_only_offering="Allows Adult and Child-Only",
        ehb_percent=Decimal("0.9998"),
        is_new=False,
        effective_from=WHOLE_YEAR[0],
        effective_until=WHOLE_YEAR[1],
        referral_required=True,
        referral_specialists="Cardiology",
        composite_rating=False,
        wellness_program=True,
        disease_programs=("Asthma", "Diabetes"),
        national_network=False,
        out_of_country=False,
        out_of_area=True,
        out_of_area_text="Emergencies",
        payment_url="https://example.org/pay",
        formulary_url="https://example.org/drugs",
    )


def test_dental_plan(found):
    plan = of(found, Plan)[DENTAL,]
    assert (plan.line, plan.metal, plan.guaranteed_rate) == (ProductLine.DENTAL, Metal.LOW, True)
    assert plan.pediatric_dental_apportionment == Decimal("0.35")
    assert plan.ehb_percent is None


def test_variants(found):
    variants = of(found, PlanVariant)
    assert [each.csr for each in variants.values()] == [Csr.OFF_EXCHANGE, Csr.STANDARD, Csr.SILVER_94, Csr.STANDARD]
    silver = variants[f"{SILVER}-06",]
    assert silver.name == "Harbor Silver Two Tier 94"
    assert (silver.av, silver.hsa_eligible) == (Decimal("0.9412"), False)
    assert (silver.deductibles_integrated, silver.moops_integrated) == (False, True)
    assert (silver.first_tier_share, silver.second_tier_share) == (Decimal("0.8"), Decimal("0.2"))
    assert (silver.inpatient_copay_days, silver.primary_visits_before_cost_sharing) == (5, None)
    assert (silver.primary_copays_before_deductible, silver.specialty_drug_max) == (2, 500)
    assert silver.examples[0] == CoverageExample("baby", Decimal(4500), Decimal(30), Decimal(2100), Decimal(60))
    assert [each.name for each in silver.examples] == ["baby", "diabetes", "fracture"]
    assert variants[f"{DENTAL}-01",].examples == ()


@pytest.mark.parametrize(
    ("variant", "kind", "scope", "tier", "expected"),
    [
        ("01", LimitKind.DEDUCTIBLE, LimitScope.MEDICAL, NetworkTier.IN_1, (4500, 4500, 9000, Decimal("0.3"))),
        ("01", LimitKind.DEDUCTIBLE, LimitScope.MEDICAL, NetworkTier.IN_2, (5500, 5500, 11000, Decimal("0.45"))),
        ("01", LimitKind.DEDUCTIBLE, LimitScope.MEDICAL, NetworkTier.OUT, (12000, 12000, 24000, None)),
        ("01", LimitKind.DEDUCTIBLE, LimitScope.DRUG, NetworkTier.IN_1, (500, 500, None, None)),
        ("01", LimitKind.MOOP, LimitScope.COMBINED, NetworkTier.IN_2, (9000, 9000, 18000, None)),
        ("01", LimitKind.MOOP, LimitScope.COMBINED, NetworkTier.OUT, (None, None, None, None)),
        ("06", LimitKind.DEDUCTIBLE, LimitScope.DRUG, NetworkTier.IN_1, (0, 0, None, None)),
    ],
)
def test_separate_deductibles_tiers_and_family_amounts_survive(found, variant, kind, scope, tier, expected):
    limit = of(found, CostLimit)[f"{SILVER}-{variant}", kind, scope, tier]
    assert (limit.individual, limit.per_person, limit.per_group, limit.coinsurance) == expected


def test_what_is_not_filed_is_no_limit(found):
    assert (f"{SILVER}-01", LimitKind.DEDUCTIBLE, LimitScope.COMBINED, NetworkTier.IN_1) not in of(found, CostLimit)
    assert len(of(found, CostLimit)) == 26


def test_cost_shares(found):
    benefits = of(found, Benefit)
    stay = benefits[f"{SILVER}-01", "inpatient_facility"]
    assert (stay.in_1.copay, stay.in_1.copay_unit, stay.in_1.copay_timing) == (
        250,
        CopayUnit.DAY,
        DeductibleTiming.AFTER,
    )
    assert (stay.in_1.coinsurance, stay.in_1.coinsurance_timing) == (Decimal("0.25"), DeductibleTiming.AFTER)
    assert (stay.in_2.copay_unit, stay.in_2.copay_timing) == (CopayUnit.STAY, DeductibleTiming.WITH)
    assert stay.out.member_pays_all
    assert benefits[f"{SILVER}-06", "primary_care"].in_1.copay == 0
    assert benefits[f"{SILVER}-00", "urgent_care"].in_1.copay_timing is DeductibleTiming.AFTER
    eyes = benefits[f"{SILVER}-01", "child_eye_exam"]
    assert (eyes.limit_quantity, eyes.limit_unit, eyes.explanation) == (1, "Visit(s) per Year", "One exam every year")
    missing = benefits[f"{SILVER}-01", "acupuncture"]
    assert (missing.covered, missing.in_1, missing.ehb_variance) == (False, None, "Not EHB")
    assert benefits[f"{DENTAL}-01", "child_dental_checkup"].in_2 is None


def test_rates(found):
    rates = of(found, Rate)
    assert rates[SILVER, "9", 40, 40, WHOLE_YEAR[0]] == Rate(
        SILVER, "9", 40, 40, *WHOLE_YEAR, Decimal("504.70"), TobaccoRule.USER_NON_USER, Decimal("605.64")
    )
    assert sorted((low, high) for _, area, low, high, _ in rates if area == "4") == [
        (0, 14),
        (15, 15),
        (40, 40),
        (64, 999),
    ]
    assert list(of(found, TierRate).values()) == [
        TierRate(
            DENTAL,
            "9",
            *WHOLE_YEAR,
            single=Decimal("21.50"),
            couple=Decimal("43.00"),
            single_one=Decimal("40.25"),
            single_two=Decimal("58.10"),
            single_three=Decimal("79.00"),
            couple_one=Decimal("61.75"),
            couple_two=Decimal("79.60"),
            couple_three=Decimal("99.99"),
        )
    ]


def test_places_and_networks(found):
    parts = of(found, ServiceAreaPart)
    assert parts["10101", "OHS001", "39041"].zip_codes == ("43015", "43035")
    assert [(each.partial, each.entire_state) for each in parts.values()] == [
        (False, False),
        (True, False),
        (False, True),
    ]
    assert of(found, Network)["10101", "OHN002"] == Network(
        "10101", "OHN002", "Harbor Dental", "https://example.org/dentists"
    )


def test_business_rules(found):
    rules = of(found, BusinessRule)
    assert {key[-1]: rule.cohabitation_required for key, rule in rules.items() if key[3] == "medical"} == {
        "self": True,
        "spouse": False,
        "life_partner": True,
        "child": False,
        "ward": False,
    }
    child = rules["10101", "", "", "medical", "child"]
    assert (child.max_dependent_age, child.tobacco_free_months, child.max_children_charged) == (25, 6, 3)
    dental = rules["10101", "10101OH201", "", "dental", ""]
    assert (dental.max_dependent_age, dental.tobacco_free_months, dental.max_children_charged) == (18, None, None)


def test_crosswalk_by_county_and_zip(found):
    links = of(found, Crosswalk)
    assert links["10101OH0010002", "39049", ""].to_plan == SILVER
    assert {key[1:] for key, link in links.items() if link.to_plan == "10101OH0010003"} == {
        ("39041", "43015"),
        ("39041", "43035"),
    }
    gone = links["10101OH0010009", "", ""]
    assert (gone.to_plan, gone.age_off_plan, gone.reason) == ("", SILVER, "Issuer leaves the market")


def test_every_noun_knows_its_file_and_row(found):
    rows = [int(each.source.place.removeprefix("row ")) for each in found]
    assert min(rows) == 2
    assert {each.source.file for each in found} == {path.name for path in TABLES}


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("NJRates_sample.csv", {Rate: 102}),
        ("NJServiceAreas_sample.csv", {ServiceAreaPart: 39, County: 21}),
        ("NJBusinessRules_sample.csv", {BusinessRule: 105}),
    ],
)
def test_a_states_own_tables(shared_data, name, counts):
    nouns = list(read([shared_data / "plans" / "nj_sbe_puf_2026" / name]))
    assert {kind: sum(isinstance(each, kind) for each in nouns) for kind in counts} == counts
    assert len(nouns) == sum(counts.values())


def test_a_states_rates_are_for_its_plan_year(shared_data):
    rates = of(read([shared_data / "plans" / "nj_sbe_puf_2026" / "NJRates_sample.csv"]), Rate)
    oldest = rates["17970NJ0010003", "1", 64, 999, WHOLE_YEAR[0]]
    assert (oldest.individual, oldest.effective_until) == (Decimal("1338.62"), WHOLE_YEAR[1])


def test_a_states_rules_differ_by_plan(shared_data):
    rules = of(read([shared_data / "plans" / "nj_sbe_puf_2026" / "NJBusinessRules_sample.csv"]), BusinessRule)
    assert rules["35152", "", "35152NJ0010003", "dental", "sibling"].max_dependent_age == 21
    assert rules["37777", "37777NJ012", "", "dental", "ward"].max_dependent_age == 30
    assert rules["17970", "", "", "medical", "self"].cohabitation_required is True
    assert {rule.max_children_charged for rule in rules.values()} == {3}


def test_a_states_areas_name_their_counties(shared_data):
    nouns = list(read([shared_data / "plans" / "nj_sbe_puf_2026" / "NJServiceAreas_sample.csv"]))
    assert of(nouns, County)["34009",] == County("34009", "Cape May", "NJ")
    assert of(nouns, ServiceAreaPart)["37777", "NJS011", ""].entire_state


def test_every_column_list_of_the_dictionary_is_recognised(shared_data):
    kinds = {}
    for path in sorted((shared_data / "plans" / "puf_dictionary").glob("*.csv")):
        with path.open(newline="") as stream:
            columns = frozenset(fold(row["column"]) for row in csv.DictReader(stream))
        kinds[path.stem] = puf.table_of(columns).name
    assert kinds == {
        "benefits_cost_sharing_puf": "Benefits and Cost Sharing PUF",
        "business_rules_puf": "Business Rules PUF",
        "network_puf": "Network PUF",
        "plan_attributes_puf_py2026": "Plan Attributes PUF",
        "plan_id_crosswalk_puf": "Plan ID Crosswalk PUF",
        "rate_puf": "Rate PUF",
        "service_area_puf": "Service Area PUF",
    }


def test_every_limit_column_of_2026_is_read(shared_data, tmp_path):
    path = shared_data / "plans" / "puf_dictionary" / "plan_attributes_puf_py2026.csv"
    with path.open(newline="") as stream:
        columns = [row["column"] for row in csv.DictReader(stream)]
    limits = [name for name in columns if name.startswith(("MEHB", "DEHB", "TEHB"))]
    header, rows = table("PLAN_ATTRIBUTES_PUF.csv")
    row = dict(zip(header, rows[0], strict=True))
    row |= {name: "1.00%" if name.endswith("COINSURANCE") else f"${number}" for number, name in enumerate(limits, 100)}
    nouns = taken(tmp_path / "all.csv", header, [list(row.values())])
    amounts = [
        amount
        for limit in of(nouns, CostLimit).values()
        for amount in (limit.individual, limit.per_person, limit.per_group, limit.coinsurance)
        if amount is not None
    ]
    assert len(amounts) == len(limits) == 78
    assert len(set(amounts)) == 72 + 1


def respelled(name, chance):
    """The name in other capitals, with spaces, underscores and hyphens between its letters."""
    letters = [chance.choice((letter.upper(), letter.lower())) for letter in name if letter.isalnum()]
    return "".join(letter + chance.choice(("", "", "", " ", "_", "-")) for letter in letters)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_spelling_and_order_of_headings_do_not_matter(path, tmp_path, found):
    header, rows = table(path.name)
    expected = [each for each in found if each.source.file == path.name]

    @settings(max_examples=12, deadline=None)
    @given(st.integers(0, 2**32))
    def same_nouns(seed):
        chance = Random(seed)
        order = chance.sample(range(len(header)), len(header))
        names = [respelled(header[place], chance) for place in order]
        shuffled = [[row[place] for place in order] for row in rows]
        assert taken(tmp_path / path.name, names, shuffled) == expected

    same_nouns()


def test_deductible_columns_of_2014_to_2016_fold_into_timing(tmp_path):
    header = ["BusinessYear", "PlanId", "BenefitName", "IsCovered", "IsEHB", "CopayInnTier1", "CoinsInnTier1"]
    header += ["IsSubjToDedTier1", "CopayInnTier2", "CoinsInnTier2", "IsSubjToDedTier2"]
    row = ["2015", f"{SILVER}-01", "Specialist Visit", "Covered", "Yes", "$20.00", "30.00%", "Yes", "$20.00", "", "No"]
    [benefit] = taken(tmp_path / "old.csv", header, [row])
    assert benefit.in_1.copay_timing is benefit.in_1.coinsurance_timing is DeductibleTiming.AFTER
    assert benefit.in_2.copay_timing is DeductibleTiming.NONE


def test_a_filed_timing_is_stronger_than_the_old_column(tmp_path):
    header = ["BusinessYear", "PlanId", "BenefitName", "IsCovered", "IsEHB", "CopayInnTier1", "CoinsInnTier1"]
    row = ["2015", f"{SILVER}-01", "Specialist Visit", "Covered", "Yes", "$20.00 Copay before deductible", "", "Yes"]
    [benefit] = taken(tmp_path / "old.csv", [*header, "IsSubjToDedTier1"], [row])
    assert benefit.in_1.copay_timing is DeductibleTiming.BEFORE


def test_the_one_family_column_of_2014_is_the_familys_together(tmp_path):
    header, rows = table("PLAN_ATTRIBUTES_PUF.csv")
    keep = [place for place, name in enumerate(header) if "FAMILYPERPERSON" not in name]
    names = [header[place].replace("FAMILYPERGROUP", "FAMILY") for place in keep]
    nouns = taken(tmp_path / "old.csv", names, [[row[place] for place in keep] for row in rows])
    limit = of(nouns, CostLimit)[f"{SILVER}-01", LimitKind.MOOP, LimitScope.COMBINED, NetworkTier.IN_1]
    assert (limit.per_person, limit.per_group) == (None, 18000)


def test_bytes_of_windows_1252_are_read(tmp_path):
    header, rows = table("Network_PUF.csv")
    rows[0][header.index("NetworkName")] = "Clínica Ohio"
    (tmp_path / "n.csv").write_bytes("\n".join(",".join(cells) for cells in [header, *rows]).encode("cp1252"))
    assert next(iter(of(read([tmp_path / "n.csv"]), Network).values())).name == "Clínica Ohio"


def test_relationships_that_cannot_be_read_are_not_dropped_in_silence(tmp_path):
    header, rows = table("Business_Rules_PUF.csv")
    rows[0][header.index("CohabitationRule")] = "Spouse,No; Child maybe"
    [problem, _] = taken(tmp_path / "r.csv", header, rows)
    assert (problem.severity, problem.field, problem.place) == (Severity.QUARANTINED, "CohabitationRule", "row 2")


def test_a_part_of_a_county_needs_its_zip_codes(tmp_path):
    header, rows = table("Service_Area_PUF.csv")
    rows[1][header.index("ZipCodes")] = ""
    problems = [each for each in taken(tmp_path / "s.csv", header, rows) if isinstance(each, Problem)]
    assert [(each.code, each.place) for each in problems] == [("partial-without-zip", "row 3")]


def test_a_tobacco_rate_is_taken_only_where_the_plan_tells_users_apart(tmp_path):
    header, rows = table("Rate_PUF.csv")
    rows[0][header.index("Tobacco")] = "No Preference"
    rate = taken(tmp_path / "r.csv", header, rows)[0]
    assert (rate.tobacco_rule, rate.tobacco) == (TobaccoRule.NO_PREFERENCE, None)


def refusal(path, **options):
    with pytest.raises(FileRefused) as caught:
        list(read([path], **options))
    return caught.value.problem


@pytest.mark.parametrize(
    ("name", "code", "place", "field", "seen"),
    [
        ("rate_cells_moved", "shifted-columns", "row 6", "number of cells", "21 cells"),
        ("rate_headings_swapped", "shifted-columns", "row 2", "Age", "Tobacco User/Non-Tobacco User"),
        ("rate_shifted", "shifted-columns", "row 2", "PlanId", "2026-12-31"),
        ("rate_two_years", "wrong-year", "row 5", "BusinessYear", "2025"),
        ("rate_without_premium", "missing-columns", "row 1", "header", "BusinessYear"),
        ("benefits_cut_off", "malformed-csv", "row 7", "row", "unexpected end of data"),
        ("benefits_is_html", "not-the-format-it-claims", "file", "content", "XML or HTML content"),
    ],
)
def test_a_file_that_cannot_be_trusted_is_refused_by_name(name, code, place, field, seen):
    problem = refusal(HERE / "bad" / "puf" / f"{name}.csv")
    assert (problem.severity, problem.code) == (Severity.REFUSED, code)
    assert (problem.file, problem.place, problem.field) == (f"{name}.csv", place, field)
    assert problem.found.startswith(seen)
    assert problem.expected


def test_a_year_that_was_not_asked_for_is_refused():
    problem = refusal(HERE / "fixtures" / "puf" / "Rate_PUF.csv", plan_year=2027)
    assert (problem.code, problem.found, problem.place) == ("wrong-year", "2026", "row 2")


def test_the_crosswalks_year_is_in_its_headings():
    problem = refusal(HERE / "fixtures" / "puf" / "Plan_ID_Crosswalk_PUF.csv", plan_year=2027)
    assert (problem.code, problem.field, problem.found) == ("wrong-year", "PlanID_2026", "2026")


def test_wrong_rows_are_left_out_with_row_and_field():
    nouns = list(read([HERE / "bad" / "puf" / "rate_wrong_rows.csv"]))
    problems = [each for each in nouns if isinstance(each, Problem)]
    assert [(each.severity, each.code, each.place, each.field, each.found) for each in problems] == [
        (Severity.QUARANTINED, "zero-rate", "row 3", "IndividualRate", "0"),
        (Severity.QUARANTINED, "unreadable-cell", "row 4", "RatingAreaId", "Area nine"),
        (Severity.QUARANTINED, "unreadable-cell", "row 9", "Age", "old"),
    ]
    assert len(nouns) - len(problems) == 6


def test_a_variant_of_another_plan_is_left_out_with_its_limits():
    nouns = list(read([HERE / "bad" / "puf" / "plan_foreign_variant.csv"]))
    problems = [each for each in nouns if isinstance(each, Problem)]
    assert [(each.code, each.place, each.field) for each in problems] == [
        ("variant-of-another-plan", "row 3", "PLANID"),
        ("variation-mismatch", "row 4", "CSRVARIATIONTYPE"),
    ]
    assert {limit.variant_id for limit in of(nouns, CostLimit).values()} == {f"{SILVER}-00", f"{DENTAL}-01"}


def test_a_plan_that_contradicts_itself_comes_through_twice_for_the_store_to_refuse():
    plans = [each for each in read([HERE / "bad" / "puf" / "plan_contradicts_itself.csv"]) if isinstance(each, Plan)]
    assert {plan.plan_type for plan in plans if plan.plan_id == SILVER} == {"POS", "PPO"}


def test_the_payers_own_word_on_an_issuer_comes_first(tmp_path):
    lines = ("plan_year,issuer_id,name,state,sold_by_us,phone", "2026,10101,Harbor,OH,no,1-800-555-0100")
    (tmp_path / "issuers.csv").write_text("\n".join(lines))
    nouns = list(read([HERE / "fixtures" / "puf", tmp_path]))
    issuers = [each for each in nouns if isinstance(each, Issuer)]
    assert issuers == [Issuer("10101", "Harbor", "OH", sold_by_us=False, phone="1-800-555-0100")]


def test_a_state_exchanges_plan_table(tmp_path):
    row = {
        "BUSINESS YEAR": "2026",
        "ISSUER ID": "10101",
        "MARKET COVERAGE": "Individual",
        "DENTAL ONLY PLAN": "No",
        "STANDARD COMPONENT ID": "10101NJ0010001",
        "PLAN MARKETING NAME": "Harbor Shore Silver",
        "METAL LEVEL": "Silver",
        "PLAN ID": "10101NJ0010001-04",
        "CSR VARIATION TYPE": "73% AV Level Silver Plan",
        "ISSUER ACTUARIAL VALUE": "73.10%",
        "MULTIPLE NETWORK TIERS": "Yes",
        "MEHB DED INN TIER1 INDIVIDUAL": "$2,500 ",
        "MEHB DED INN TIER1 FAMILY": "$2500 per person | $5000 per group",
        "MEHB DED INN TIER1 COINSURNACE": "50.00%",
        "TEHB INN TIER 1 INDIVIDUAL MOOP": "$8,450",
        "TEHB INN TIER 1 FAMILY MOOP": "$16,900",
        "SBC HAVING  DIABETES COPAYMENT": "$300",
    }
    nouns = taken(tmp_path / "NJPlans.csv", list(row), [list(row.values())])
    plan, variant = of(nouns, Plan)["10101NJ0010001",], of(nouns, PlanVariant)["10101NJ0010001-04",]
    assert (plan.product_id, plan.state) == ("10101NJ001", "NJ")
    assert (variant.issuer_av, variant.multiple_in_network_tiers) == (Decimal("0.731"), True)
    assert variant.examples == (CoverageExample("diabetes", None, Decimal(300), None, None),)
    deductible, moop = sorted(of(nouns, CostLimit).values(), key=lambda limit: limit.kind)
    assert (deductible.per_person, deductible.per_group, deductible.coinsurance) == (2500, 5000, Decimal("0.5"))
    assert (moop.individual, moop.per_person, moop.per_group) == (8450, None, 16900)


def test_a_state_exchanges_benefit_table_has_no_cost_shares(tmp_path):
    row = {
        "PLAN ID": f"{SILVER}-01",
        "BENEFIT NAME": "Dental Check-Up for Children",
        "IS COVERED": "Yes",
        "IS EHB": "Yes",
        "LIMIT QUANTITY": "2",
        "LIMIT UNIT": "Visit(s) per Year",
        "IS SUBJECTED TO DED TIER 1": "No",
        "IS EXCLUDED FROM INN MOOP": "No",
        "STANDARD COMPONENT ID": SILVER,
    }
    [benefit] = taken(tmp_path / "NJBenefits.csv", list(row), [list(row.values())])
    assert (benefit.category, benefit.covered, benefit.limit_quantity) == ("child_dental_checkup", True, 2)
    assert (benefit.in_1, benefit.excluded_from_in_moop) == (None, False)


@pytest.mark.parametrize("nines", ["9999", "9,999.00", "9999.99", "999999", "999,999.00"])
def test_a_premium_of_nines_is_a_placeholder(tmp_path, nines):
    header, rows = table("Rate_PUF.csv")
    rows[0][header.index("IndividualRate")] = nines
    problem = taken(tmp_path / "r.csv", header, rows)[0]
    assert (problem.severity, problem.code, problem.found) == (Severity.QUARANTINED, "placeholder-rate", nines)


def test_a_zip_code_of_zeros_means_the_whole_county(tmp_path):
    header, rows = table("Plan_ID_Crosswalk_PUF.csv")
    rows[1][header.index("ZipCode")] = "00000"
    links = of(taken(tmp_path / "c.csv", header, rows), Crosswalk)
    assert links["10101OH0010002", "39049", ""].to_plan == SILVER


def test_a_product_id_of_another_plan_is_noted(tmp_path):
    header, rows = table("PLAN_ATTRIBUTES_PUF.csv")
    rows[0][header.index("HIOSPRODUCTID")] = "10101OH009"
    problems = [each for each in taken(tmp_path / "p.csv", header, rows[:1]) if isinstance(each, Problem)]
    assert [(each.severity, each.code) for each in problems] == [(Severity.NOTE, "product-of-another-plan")]


def test_both_markets_of_a_federal_table_come_through_for_the_store_to_part(tmp_path):
    header, rows = table("PLAN_ATTRIBUTES_PUF.csv")
    rows[3][header.index("MARKETCOVERAGE")] = "SHOP (Small Group)"
    nouns = taken(tmp_path / "p.csv", header, rows, market=Market.INDIVIDUAL)
    assert {plan.market for plan in of(nouns, Plan).values()} == {Market.INDIVIDUAL, Market.SMALL_GROUP}


@pytest.mark.parametrize("county", ["39049", "Franklin - 39049", "Franklin"])
def test_a_county_is_a_code_or_a_name_that_another_file_explains(tmp_path, county):
    (tmp_path / "a.csv").write_text(
        "ISSUER ID,SERVICE AREA ID,SERVICE AREA NAME,COVER ENTIRE STATE,COUNTY FIPS,COUNTY NAME\n"
        "10101,OHS009,Ohio,false,39049,Franklin\n"
    )
    (tmp_path / "b.csv").write_text(
        "ISSUER ID,SERVICE AREA ID,SERVICE AREA NAME,COVER ENTIRE STATE,COUNTY,PARTIAL COUNTY,ZIP CODE\n"
        f"10101,OHS001,Ohio,false,{county},true,43215\n"
    )
    part = of(read([tmp_path]), ServiceAreaPart)["10101", "OHS001", "39049"]
    assert (part.partial, part.zip_codes) == (True, ("43215",))
