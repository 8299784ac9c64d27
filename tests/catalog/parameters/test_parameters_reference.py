"""Every figure of the reference files is ours, with the trust that the reference gives it."""

import json
from datetime import date
from decimal import Decimal

import pytest

from catalog.parameters import (
    MissingParameter,
    age_curve,
    applicable_percentage_table,
    csr_bands,
    metal_av_range,
    open_enrollment,
    poverty_guideline,
    tier_factors,
    tobacco_cap,
)

CURVES = "age_curves_2018plus.json"
CONSTANTS = "constants_2025_2027.json"


@pytest.fixture(scope="module")
def reference(shared_data):
    def read(name):
        text = (shared_data / "rating" / name).read_text(encoding="utf-8")
        return json.loads(text, parse_float=Decimal, parse_int=Decimal)

    return read


@pytest.fixture(scope="module")
def constants(reference):
    return reference(CONSTANTS)


def days_of(year):
    """The first day, a day inside and the last day of a plan year."""
    return date(int(year), 1, 1), date(int(year), 6, 15), date(int(year), 12, 31)


def years(table):
    return {year: row for year, row in table.items() if year.isdigit()}


def check(law, name, year, expected, mark, key=None):
    for on in days_of(year):
        entry = law.entry(name, on, key=key)
        assert (entry.value, entry.mark) == (expected, mark), (name, year)


def test_age_curves(law, reference):
    for state, curve in reference(CURVES)["curves"].items():
        expected = {int(age): factor for age, factor in curve.items()}
        ours = age_curve(law, "OH" if state == "default" else state, date(2026, 1, 1))
        assert ours == expected, state


def test_family_tiers(law, reference):
    for state, tiers in reference(CURVES)["family_tiers"].items():
        ours = {
            tier: factor for tier, factor in tier_factors(law, state, date(2027, 1, 1)).items() if factor is not None
        }
        assert ours == tiers, state


def test_out_of_pocket_limits(law, constants):
    for year, row in years(constants["moop"]).items():
        check(law, "aca.moop.self", year, row["self"], row["status"])
        check(law, "aca.moop.family", year, row["family"], row["status"])


def test_reduced_out_of_pocket_limits(law, constants):
    for year, row in years(constants["moop_csr"]).items():
        for level in ("94", "87", "73"):
            check(law, "aca.moop.reduced.self", year, row[level], row["status"], key=level)


def test_dental_limits_and_the_missing_one_by_name(law, constants):
    for year, row in years(constants["sadp_pediatric_moop"]).items():
        for field, name in (("one", "sadp.pediatric_moop.one"), ("two_plus", "sadp.pediatric_moop.two_or_more")):
            if row[field] is not None:
                check(law, name, year, row[field], row["status"])
                continue
            with pytest.raises(MissingParameter, match=name):
                law.value(name, date(int(year), 1, 1))


def test_hsa_limits(law, constants):
    for year, row in years(constants["hsa"]).items():
        check(law, "hsa.limit.self", year, row["self"], row["status"])
        check(law, "hsa.limit.family", year, row["family"], row["status"])
    assert law.value("hsa.catch_up.amount", date(2026, 1, 1)) == constants["hsa"]["catch_up_55"]


def test_high_deductible_plans(law, constants):
    for year, row in years(constants["hdhp"]).items():
        status = row["status"]
        deductible_mark = "V2" if "deductible V2" in status else status
        for index, who in enumerate(("self", "family")):
            check(law, f"hdhp.min_deductible.{who}", year, row["ded"][index], deductible_mark)
            check(law, f"hdhp.max_oop.{who}", year, row["oop"][index], status.split(" ")[0])


def test_direct_primary_care_cap(law, constants):
    caps = constants["dpc_monthly_fee_cap"]
    for year, (one, more) in years(caps).items():
        check(law, "dpc.monthly_cap.one", year, one, caps["status"])
        check(law, "dpc.monthly_cap.more", year, more, caps["status"])


def test_applicable_percentages(law, constants):
    for year, table in constants["ptc_table"].items():
        for on in days_of(year):
            ours = [[b.low, b.high, b.start_pct, b.end_pct] for b in applicable_percentage_table(law, on)]
            assert ours == table["brackets"], year
            assert law.entry("ptc.applicable_percentage", on).mark == table["status"]


def test_employer_affordability(law, constants):
    table = constants["employer_affordability_pct"]
    for year, percent in years(table).items():
        check(law, "ptc.employer_affordability_percent", year, percent, table["status"])


@pytest.mark.parametrize("size", [1, 2, 4, 9])
def test_poverty_guidelines_serve_the_year_after(law, constants, size):
    for year, regions in years(constants["poverty_guidelines"]).items():
        for region, (first, additional) in regions.items():
            state = "OH" if region == "contiguous" else region
            for on in days_of(int(year) + 1):
                assert poverty_guideline(law, state, size, on) == first + (size - 1) * additional, (year, region)


def test_cost_sharing_bands(law, constants):
    ours = [[b.level, b.low, b.high] for b in csr_bands(law, date(2026, 1, 1))]
    assert ours == constants["csr_bands_pct_fpl"]


def test_metal_levels(law, constants):
    for metal, target in constants["metal_av"].items():
        assert metal_av_range(law, metal, date(2026, 1, 1)).target == target


@pytest.mark.parametrize("market", ["individual", "small_group"])
def test_tobacco(law, constants, market):
    ratios = {k: v for k, v in constants[f"{market}_tobacco_ratio"].items() if k != "status"}
    for state in ratios.keys() - {"default"}:
        assert tobacco_cap(law, state, market, date(2026, 1, 1)) == ratios[state], state
    assert tobacco_cap(law, "OH", market, date(2026, 1, 1)) == ratios["default"]


def test_open_enrollment_2027(law, constants):
    expected = constants["oe_2027_healthcare_gov"]
    window = open_enrollment(law, "OH", 2027)
    assert (str(window.start), str(window.end)) == (expected["start"], expected["end"])
    assert str(window.cutoffs[0].selected_by) == expected["jan1_cutoff"]
    assert str(window.cutoffs[-1].effective) == expected["later_effective"]
    assert law.entry("enrollment.open", date(2027, 1, 1), key="OH").mark == "V2"


def test_every_reference_table_is_checked_here(constants):
    tables = {key for key in constants if not key.startswith("_")}
    assert tables == {
        "moop",
        "moop_csr",
        "sadp_pediatric_moop",
        "hsa",
        "hdhp",
        "dpc_monthly_fee_cap",
        "ptc_table",
        "employer_affordability_pct",
        "poverty_guidelines",
        "csr_bands_pct_fpl",
        "metal_av",
        "individual_tobacco_ratio",
        "small_group_tobacco_ratio",
        "oe_2027_healthcare_gov",
    }
