"""What the demo sells: enough of everything, within the law's limits, priced like real filings, from year to year."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from catalog.demo import YEARS
from catalog.demo.crosswalk import links
from catalog.demo.geography import AREA_OF, ASHTABULA, COLUMBIANA, COUNTIES, INCOMPLETE_COUNTIES
from catalog.parameters import INDIVIDUAL, age_curve, load, metal_av_range, tobacco_cap

YEAR = pytest.mark.parametrize("year", YEARS)
LAW = load()
CSR_LEVEL = {"04": "73", "05": "87", "06": "94"}
KNOWN_PEDIATRIC_YEAR = 2026  # the latest year whose pediatric dental limits are published


def attributes(table, year, dental="No"):
    return [row for row in table(year, "puf/Plan_Attributes_PUF.csv") if row["DentalOnlyPlan"] == dental]


def standard(table, year):
    return {row["StandardComponentId"]: row for row in attributes(table, year) if row["PlanId"].endswith("-01")}


def dollars(text):
    digits = "".join(c for c in text if c.isdigit())
    return Decimal(digits) if digits else None


def rates(table, year):
    """(plan, area, age) -> row of our medical plans."""
    plans = standard(table, year)
    return {
        (row["PlanId"], row["RatingAreaId"], row["Age"]): row
        for row in table(year, "puf/Rate_PUF.csv")
        if row["PlanId"] in plans
    }


def counties_of(table, year):
    """Service area -> counties wholly or partly in it."""
    areas: dict[str, set[str]] = {}
    for row in table(year, "puf/Service_Area_PUF.csv"):
        whole = set(COUNTIES) if row["CoverEntireState"] == "Yes" else {row["County"]}
        areas.setdefault(row["ServiceAreaId"], set()).update(whole)
    return areas


@YEAR
def test_enough_plans_of_every_kind(table, year):
    plans = standard(table, year)
    assert len(plans) >= 24
    metals = Counter(row["MetalLevel"] for row in plans.values())
    assert set(metals) == {"Catastrophic", "Bronze", "Expanded Bronze", "Silver", "Gold", "Platinum"}
    assert metals["Silver"] >= 10
    assert {row["PlanType"] for row in plans.values()} == {"HMO", "EPO", "PPO"}
    assert sum(row["MultipleInNetworkTiers"] == "Yes" for row in plans.values()) == 2
    separate = [row for row in plans.values() if row["MedicalDrugDeductiblesIntegrated"] == "No"]
    assert 0.08 <= len(separate) / len(plans) <= 0.15
    assert {row["DesignType"] for row in plans.values()} == {"Design 1", "Not Applicable"}
    assert len({row["StandardComponentId"] for row in attributes(table, year, "Yes")}) == 6
    lines = Counter(row["line"] for row in table(year, "own/options.csv") if row["kind"] == "choice")
    assert lines["vision"] == 4
    assert set(lines) == {
        "vision", "accident", "critical_illness", "hospital_indemnity", "life", "telehealth", "wellness",
        "transport", "hsa",
    }  # fmt: skip


@YEAR
def test_variants_by_metal(table, year):
    suffixes: dict[str, set[str]] = {}
    metals = {}
    for row in attributes(table, year):
        suffixes.setdefault(row["StandardComponentId"], set()).add(row["PlanId"][-2:])
        metals[row["StandardComponentId"]] = row["MetalLevel"]
    expected = {"Silver": "00 01 02 03 04 05 06", "Catastrophic": "00 01"}
    for plan, found in suffixes.items():
        assert found == set(expected.get(metals[plan], "00 01 02 03").split()), plan


@YEAR
def test_maximums_keep_the_years_limits(table, year):
    day = date(year, 1, 1)
    for row in attributes(table, year):
        level = CSR_LEVEL.get(row["PlanId"][-2:])
        most = LAW.value("aca.moop.reduced.self", day, key=level) if level else LAW.value("aca.moop.self", day)
        for tier in ("InnTier1", "InnTier2"):
            one = dollars(row[f"TEHB{tier}IndividualMOOP"])
            family = dollars(row[f"TEHB{tier}FamilyPerGroupMOOP"])
            person = dollars(row[f"TEHB{tier}FamilyPerPersonMOOP"])
            if tier == "InnTier2" and one is None:
                continue
            assert one <= most, row["PlanId"]
            assert family == one * 2 <= most * 2
            assert person == one


@YEAR
def test_deductibles_do_not_pass_the_maximum(table, year):
    for row in attributes(table, year):
        moop = dollars(row["TEHBInnTier1IndividualMOOP"])
        total = dollars(row["TEHBDedInnTier1Individual"])
        medical = dollars(row["MEHBDedInnTier1Individual"])
        drug = dollars(row["DEHBDedInnTier1Individual"])
        assert (total is None) == (row["MedicalDrugDeductiblesIntegrated"] == "No")
        assert (total if total is not None else medical + drug) <= moop


@YEAR
def test_actuarial_values_are_in_range(table, year):
    day = date(year, 1, 1)
    reduced = {"04": (73, 74), "05": (87, 88), "06": (94, 95)}
    for row in attributes(table, year):
        suffix, metal = row["PlanId"][-2:], row["MetalLevel"].lower().replace(" ", "_")
        if metal == "catastrophic":
            assert row["AVCalculatorOutputNumber"] == ""
            continue
        value = Decimal(row["AVCalculatorOutputNumber"]) * 100
        if suffix == "02":
            assert value == 100
        elif suffix in reduced:
            assert reduced[suffix][0] <= value <= reduced[suffix][1], row["PlanId"]
        else:
            allowed = metal_av_range(LAW, metal, day, on_exchange=suffix != "00")
            assert allowed.low <= value <= allowed.high, row["PlanId"]


@YEAR
def test_hsa_plans(table, year):
    day = date(year, 1, 1)
    plans = standard(table, year)
    eligible = {plan for plan, row in plans.items() if row["IsHSAEligible"] == "Yes"}
    assert {
        p for p, row in plans.items() if "Bronze" in row["MetalLevel"] or row["MetalLevel"] == "Catastrophic"
    } < eligible
    designed = [plans[plan] for plan in eligible if "HSA" in plans[plan]["PlanMarketingName"]]
    assert {row["MetalLevel"] for row in designed} == {"Bronze", "Silver"}
    for row in designed:
        assert dollars(row["TEHBDedInnTier1Individual"]) >= LAW.value("hdhp.min_deductible.self", day)
        assert dollars(row["TEHBInnTier1IndividualMOOP"]) <= LAW.value("hdhp.max_oop.self", day)
        person = dollars(row["TEHBDedInnTier1FamilyPerPerson"])
        assert person is None or person >= LAW.value("hdhp.min_deductible.family", day)
    aggregate = [row for row in designed if row["TEHBDedInnTier1FamilyPerPerson"] == "per person not applicable"]
    assert len(aggregate) == 1


def test_dental_keeps_the_pediatric_maximum(table):
    day = date(KNOWN_PEDIATRIC_YEAR, 1, 1)
    rows = attributes(table, KNOWN_PEDIATRIC_YEAR, "Yes")
    assert {dollars(row["MEHBInnTier1IndividualMOOP"]) for row in rows} == {LAW.value("sadp.pediatric_moop.one", day)}
    assert {dollars(row["MEHBInnTier1FamilyPerGroupMOOP"]) for row in rows} == {
        LAW.value("sadp.pediatric_moop.two_or_more", day)
    }
    assert {row["IsGuaranteedRate"] for row in rows} == {"Guaranteed Rate", "Estimated Rate"}
    assert {row["MetalLevel"] for row in rows} == {"High", "Low"}


def test_standard_designs_of_2026(shared_data, table):
    path = shared_data / "plans/standard_designs/hhs_standardized_py2026_from_api.json"
    plans = [row for row in attributes(table, 2026) if row["DesignType"] == "Design 1"]
    benefits = {(row["PlanId"], row["BenefitName"].lower()): row for row in table(
        2026, "puf/Benefits_and_Cost_Sharing_PUF.csv")}  # fmt: skip
    for design in json.loads(path.read_text())["designs"]:
        suffix = "-04" if design["variant"] == "73" else "-01"
        ours = [p for p in plans if design["metal"] in p["MetalLevel"] and p["PlanId"].endswith(suffix)]
        assert ours
        for plan in ours:
            assert dollars(plan["TEHBDedInnTier1Individual"]) == design["deductibles_in_network_individual"][0][1]
            assert dollars(plan["TEHBInnTier1IndividualMOOP"]) == design["moop_in_network_individual"][0]
            for name, shown in design["benefits_in_network"].items():
                row = benefits[plan["PlanId"], name.lower()]
                filed = row["CopayInnTier1"] if row["CoinsInnTier1"] == "Not Applicable" else row["CoinsInnTier1"]
                assert filed.replace(".00", "") == shown, (plan["PlanId"], name)


@YEAR
def test_every_plan_has_rates_for_all_ages_where_it_is_sold(table, year):
    areas = counties_of(table, year)
    found: dict[tuple[str, str], set[str]] = {}
    for row in table(year, "puf/Rate_PUF.csv"):
        found.setdefault((row["PlanId"], row["RatingAreaId"]), set()).add(row["Age"])
    for plan, row in standard(table, year).items():
        sold = {f"Rating Area {AREA_OF[fips]}" for fips in areas[row["ServiceAreaId"]]}
        assert {area for owner, area in found if owner == plan} == sold
        assert all(len(found[plan, area]) == 51 for area in sold)


@YEAR
def test_filed_rates_are_near_the_curve_but_not_on_it(table, year):
    curve = age_curve(LAW, "OH", date(year, 1, 1))
    cells = rates(table, year)
    off = 0
    for (plan, area, band), row in cells.items():
        at_21 = Decimal(cells[plan, area, "21"]["IndividualRate"])
        computed = at_21 * curve[int(band.split("-", maxsplit=1)[0].split()[0])]
        gap = abs(Decimal(row["IndividualRate"]) - computed)
        assert gap <= Decimal("0.05"), (plan, area, band)
        off += gap > Decimal("0.005")
    assert 0.05 < off / len(cells) < 0.4


@YEAR
def test_rate_ratios(table, year):
    cells = rates(table, year)
    cap = tobacco_cap(LAW, "OH", INDIVIDUAL, date(year, 1, 1))
    for (plan, area, band), row in cells.items():
        rate = Decimal(row["IndividualRate"])
        if band == "64 and over":
            youngest = min(Decimal(cells[plan, area, str(age)]["IndividualRate"]) for age in range(21, 64))
            assert rate <= youngest * 3
        if row["Tobacco"] != "No Preference":
            tobacco = Decimal(row["IndividualTobaccoRate"])
            assert rate <= tobacco <= rate * cap + Decimal("0.005")
            assert band == "64 and over" or int(band.split("-")[0]) >= 21 or tobacco == rate
    assert {row["Tobacco"] for row in cells.values()} == {"No Preference", "Tobacco User/Non-Tobacco User"}


@YEAR
def test_riders_cost_what_real_riders_cost(table, year):
    plans, cells = standard(table, year), rates(table, year)
    plain = {(p["HIOSProductId"], p["PlanMarketingName"]): plan for plan, p in plans.items()}
    ranges = {  # reference: near-duplicates in real lists, age 27 and age 40
        "Vision": {"27": ("2.94", "4.44"), "40": ("3.58", "5.41")},
        "Dental": {"27": ("10.42", "20.37"), "40": ("12.71", "24.85")},
    }
    twins = 0
    for plan, row in plans.items():
        base, plus, rider = row["PlanMarketingName"].partition(" + ")
        if not plus:
            assert Decimal(row["EHBPercentTotalPremium"]) == 1
            continue
        twins += 1
        sibling = plain[row["HIOSProductId"], base]
        assert Decimal("0.96") < Decimal(row["EHBPercentTotalPremium"]) < 1
        bounds = ranges["Dental" if "Dental" in rider else "Vision"]
        for (owner, area, band), cell in cells.items():
            if owner == plan and band in bounds:
                price = Decimal(cell["IndividualRate"]) - Decimal(cells[sibling, area, band]["IndividualRate"])
                low, high = map(Decimal, bounds[band])
                assert low <= price <= high, (plan, area, band, price)
    assert twins >= 5


def _strictly_dominated(table, year):
    """Pairs (worse, better): same type, network, area and name apart from metal and numbers; better in nothing."""
    plans, cells = standard(table, year), rates(table, year)
    shares = {}
    for row in table(year, "puf/Benefits_and_Cost_Sharing_PUF.csv"):
        if row["PlanId"].endswith("-01") and row["BenefitName"] in ("Primary Care Visit to Treat an Injury or Illness",
                                                                     "Specialist Visit", "Generic Drugs"):  # fmt: skip
            shares[row["PlanId"][:-3], row["BenefitName"]] = row["CopayInnTier1"]

    def group(row):
        words = [w for w in row["PlanMarketingName"].split() if w not in
                 ("Catastrophic", "Bronze", "Silver", "Gold", "Platinum") and not w.isdigit()]  # fmt: skip
        return row["PlanType"], row["NetworkId"], row["ServiceAreaId"], tuple(words), row["IsHSAEligible"]

    def costs(plan, row):
        first = next(cell for (owner, _, band), cell in cells.items() if owner == plan and band == "40")
        ded = dollars(row["TEHBDedInnTier1Individual"]) or dollars(row["MEHBDedInnTier1Individual"]) or 0
        visits = [dollars(shares.get((plan, name), "")) or 0 for name in sorted({n for _, n in shares})]
        return [Decimal(first["IndividualRate"]), ded, dollars(row["TEHBInnTier1IndividualMOOP"]), *visits]

    numbers = {plan: costs(plan, row) for plan, row in plans.items()}
    return [
        (plans[worse]["PlanMarketingName"], plans[better]["PlanMarketingName"])
        for worse in plans
        for better in plans
        if worse != better
        and group(plans[worse]) == group(plans[better])
        and all(b <= w for b, w in zip(numbers[better], numbers[worse], strict=True))
        and numbers[better] != numbers[worse]
    ]


@YEAR
def test_exactly_one_plan_is_dominated(table, year):
    assert _strictly_dominated(table, year) == [("Choice Standard Silver", "Choice Standard Gold")]


def benchmark_owners(table, year, fips):
    """Issuers of the silver plans sold in a county, cheapest EHB premium at 40 first."""
    sold = {row["ServiceAreaId"] for row in table(year, "puf/Service_Area_PUF.csv") if row["County"] == fips}
    rivals = {
        row["IssuerId"]
        for row in table(year, "market/Market_Service_Area_PUF.csv")
        if row["CoverEntireState"] == "Yes" or row["County"] == fips
    }
    shares = {
        row["StandardComponentId"]: Decimal(row["EHBPercentTotalPremium"])
        for row in standard(table, year).values()
        if row["MetalLevel"] == "Silver" and row["ServiceAreaId"] in sold
    }
    for row in table(year, "market/Market_Plan_Attributes_PUF.csv"):
        if row["IssuerId"] in rivals:
            shares[row["StandardComponentId"]] = Decimal(row["EHBPercentTotalPremium"])
    area = f"Rating Area {AREA_OF[fips]}"
    premiums = sorted(
        (Decimal(row["IndividualRate"]) * shares[row["PlanId"]], row["PlanId"])
        for name in ("puf/Rate_PUF.csv", "market/Market_Rate_PUF.csv")
        for row in table(year, name)
        if row["PlanId"] in shares and row["RatingAreaId"] == area and row["Age"] == "40"
    )
    return [plan[:5] for _, plan in premiums]


@YEAR
def test_the_benchmark_is_ours_in_some_counties_and_theirs_in_others(table, year):
    owners = {}
    for fips in ("39049", "39113", "39099", "39095", "39061", "39009", "39139"):
        ranking = benchmark_owners(table, year, fips)
        assert len(ranking) >= 2
        owners[fips] = ranking[1]
    assert owners["39009"] != "99001"  # not sold by us
    if year == max(YEARS):
        assert owners["39113"] == "99001"
        assert owners["39049"] != "99001"
    assert len({issuer == "99001" for issuer in owners.values()}) == 2


@YEAR
def test_market_table(table, year):
    rows = table(year, "own/market.csv")
    assert {row["county_fips"] for row in rows} == set(COUNTIES)
    assert {row["county_fips"] for row in rows if row["complete"] == "no"} == set(INCOMPLETE_COUNTIES)
    sellers = {row["issuer_id"]: row["sold_by_us"] for row in table(year, "own/issuers.csv")}
    assert [issuer for issuer, ours in sellers.items() if ours == "yes"] == ["99001"]
    assert {row["IssuerId"] for row in table(year, "market/Market_Plan_Attributes_PUF.csv")} == set(sellers) - {"99001"}
    medical = set.union(*(counties_of(table, year)[area] for area in ("OHS001", "OHS002", "OHS003")))
    assert "39009" not in medical
    assert set(INCOMPLETE_COUNTIES) <= medical


@YEAR
def test_zip_codes(table, year):
    rows = table(year, "own/zip_counties.csv")
    counties = Counter(row["zip"] for row in rows)
    assert len(counties) >= 40
    assert sum(times > 1 for times in counties.values()) >= 8
    assert {row["county_fips"] for row in rows} <= set(COUNTIES)
    assert {row["county_fips"] for row in table(year, "own/rating_areas.csv")} == set(COUNTIES)


def test_counties_agree_with_the_county_list(shared_data):
    lines = (shared_data / "geo/us_counties.csv").read_text().splitlines()
    ohio = {line.split(",")[2]: line.split(",")[3].removesuffix(" County") for line in lines if line.startswith("OH,")}
    assert ohio == COUNTIES


def test_rating_areas_agree_with_the_federal_table(shared_data):
    lines = (shared_data / "rating/hrecht-marketplace-data-2015/CountyRAs.csv").read_text().splitlines()
    ohio = [line.split(",") for line in lines if line.startswith("39,")]
    assert {row[2]: int(row[4]) for row in ohio} == AREA_OF


def test_every_plan_of_2026_leads_somewhere_that_exists(table):
    old = {row["StandardComponentId"] for row in table(2026, "puf/Plan_Attributes_PUF.csv")}
    new = {row["StandardComponentId"]: row for row in table(2027, "puf/Plan_Attributes_PUF.csv")}
    rows = table(2027, "puf/Plan_ID_Crosswalk_PUF.csv")
    assert {row["PlanID_2026"] for row in rows if not row["FIPSCode"]} == old
    assert all(row["PlanID_2027"] in new for row in rows if row["PlanID_2027"])
    assert all(row["AgeOffPlanID_2027"] in new for row in rows if row["AgeOffPlanID_2027"])
    for row in rows:
        if row["PlanID_2027"] and row["MetalLevel_2026"] != "Catastrophic":
            assert row["MetalLevel_2027"] != "Catastrophic"


def test_the_crosswalk_holds_every_case(table):
    rows = table(2027, "puf/Plan_ID_Crosswalk_PUF.csv")
    plain = [row for row in rows if not row["FIPSCode"]]
    moved = [row for row in plain if row["PlanID_2026"] != row["PlanID_2027"]]
    withdrawn = [row for row in moved if row["PlanID_2026"][:10] == row["PlanID_2027"][:10]]
    assert {row["PlanID_2026"][-7:] for row in withdrawn} == {"0010013", "0030004"}
    merged = [row for row in moved if row["PlanID_2026"].startswith("99001OH006")]
    assert {row["PlanID_2027"][:10] for row in merged} == {"99001OH001"}
    assert {(row["MetalLevel_2026"], row["MetalLevel_2027"]) for row in plain} >= {
        ("Platinum", "Gold"),
        ("Expanded Bronze", "Bronze"),
        ("Bronze", "Expanded Bronze"),
    }
    assert {row["FIPSCode"] for row in rows} == {"", ASHTABULA, COLUMBIANA}
    left = [row for row in rows if row["FIPSCode"] == COLUMBIANA]
    assert left
    assert {row["PlanID_2027"] for row in left} == {""}
    catastrophic = next(row for row in plain if row["PlanID_2026"].endswith("0010011"))
    assert catastrophic["AgeOffPlanID_2027"] == "99001OH0010002"


def test_counties_that_were_left_have_rows_for_each_plan_sold_there(table):
    before, after = counties_of(table, 2026), counties_of(table, 2027)
    assert ASHTABULA in before["OHS001"] - after["OHS001"]
    assert ASHTABULA in after["OHS002"]
    assert all(COLUMBIANA not in after[area] for area in ("OHS001", "OHS002", "OHS003"))
    sold = {p for p, row in standard(table, 2026).items() if ASHTABULA in before[row["ServiceAreaId"]]}
    gone = {p for p in sold if standard(table, 2026)[p]["ServiceAreaId"] == "OHS001"}
    rows = {row["PlanID_2026"] for row in table(2027, "puf/Plan_ID_Crosswalk_PUF.csv") if row["FIPSCode"] == ASHTABULA}
    assert rows == gone


def test_no_links_before_the_second_year():
    assert links(2026) == ()


@YEAR
def test_filed_sbc_cells_add_up_within_the_maximum(table, year):
    for row in attributes(table, year):
        moop = dollars(row["TEHBInnTier1IndividualMOOP"])
        for example, total in (("aBaby", 12700), ("Diabetes", 5600), ("SimpleFracture", 2800)):
            cells = [dollars(row[f"SBCHaving{example}{part}"]) for part in ("Deductible", "Copayment", "Coinsurance")]
            assert sum(cells) <= min(moop, total), (row["PlanId"], example)
            assert dollars(row[f"SBCHaving{example}Limit"]) is not None
