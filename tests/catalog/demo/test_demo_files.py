"""The files as a whole: same bytes, federal columns, ids, keys between tables, both formats alike."""

import csv
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest

from catalog.demo import YEARS, puf_columns, write_all
from catalog.demo.geography import COUNTIES

ROOT = Path(__file__).resolve().parents[3]
YEAR = pytest.mark.parametrize("year", YEARS)
NS = "{http://vo.ffe.cms.hhs.gov}"


def test_two_runs_write_the_same_bytes(demo_files, tmp_path):
    again = write_all(tmp_path)
    names = sorted(str(path.relative_to(tmp_path)) for path in again)
    assert names == sorted(str(p.relative_to(demo_files)) for p in demo_files.rglob("*") if p.is_file())
    for name in names:
        assert (tmp_path / name).read_bytes() == (demo_files / name).read_bytes(), name


def test_runs_as_a_command_in_another_process_with_the_same_bytes(demo_files, tmp_path):
    command = [sys.executable, "-m", "catalog.demo", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert str(tmp_path / "2027" / "puf" / "Rate_PUF.csv") in done.stdout.splitlines()
    for name in ("2027/serff/Service_Areas_Medical.xlsx", "2027/serff/Rates_Medical.xml", "2026/puf/Rate_PUF.csv"):
        assert (tmp_path / name).read_bytes() == (demo_files / name).read_bytes()


def test_federal_columns(shared_data):
    listed = (shared_data / "plans/puf_dictionary/plan_attributes_puf_py2026.csv").read_text().splitlines()
    names = [row["column"] for row in csv.DictReader(listed)]
    assert [column.upper() for column in puf_columns.PLAN_ATTRIBUTES] == names


@pytest.mark.parametrize(
    ("columns", "dictionary"),
    [
        (puf_columns.BENEFITS, "benefits_cost_sharing_puf"),
        (puf_columns.RATES, "rate_puf"),
        (puf_columns.SERVICE_AREAS, "service_area_puf"),
        (puf_columns.NETWORKS, "network_puf"),
        (puf_columns.BUSINESS_RULES, "business_rules_puf"),
    ],
)
def test_no_column_that_the_federal_files_do_not_have(shared_data, columns, dictionary):
    listed = (shared_data / f"plans/puf_dictionary/{dictionary}.csv").read_text().splitlines()
    assert {c.lower() for c in columns} <= {row["column"].lower() for row in csv.DictReader(listed)}


@YEAR
def test_ids_are_well_formed_and_belong_together(table, year):
    for row in table(year, "puf/Plan_Attributes_PUF.csv"):
        assert re.fullmatch(r"99001OH\d{7}-0[0-6]", row["PlanId"])
        assert row["PlanId"].startswith(row["StandardComponentId"] + "-")
        assert row["StandardComponentId"].startswith(row["HIOSProductId"])
        assert len(row["HIOSProductId"]) == 10
        assert row["StandardComponentId"].startswith(row["IssuerId"] + row["StateCode"])


@YEAR
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("puf/Plan_Attributes_PUF.csv", ("PlanId",)),
        ("puf/Benefits_and_Cost_Sharing_PUF.csv", ("PlanId", "BenefitName")),
        ("puf/Rate_PUF.csv", ("PlanId", "RatingAreaId", "Age")),
        ("puf/Service_Area_PUF.csv", ("ServiceAreaId", "County")),
        ("market/Market_Rate_PUF.csv", ("PlanId", "RatingAreaId", "Age")),
        ("own/zip_counties.csv", ("zip", "county_fips")),
        ("own/options.csv", ("option_id",)),
        ("own/option_attributes.csv", ("option_id", "name")),
        ("own/option_benefits.csv", ("option_id", "benefit", "tier")),
        ("own/option_eligibility.csv", ("option_id", "person_role")),
        ("own/option_rates.csv", ("option_id", "rating_area", "age_low", "tobacco", "person_role")),
        ("own/underwriting_questions.csv", ("product_id", "question_id")),
    ],
)
def test_rows_are_unique_by_their_key(table, year, name, keys):
    counted = Counter(tuple(row[key] for key in keys) for row in table(year, name))
    assert counted
    assert [key for key, times in counted.items() if times > 1] == []


@YEAR
def test_every_variant_has_benefits_and_every_plan_a_known_network_and_area(table, year):
    variants = {row["PlanId"]: row for row in table(year, "puf/Plan_Attributes_PUF.csv")}
    assert {row["PlanId"] for row in table(year, "puf/Benefits_and_Cost_Sharing_PUF.csv")} == set(variants)
    assert {row["NetworkId"] for row in variants.values()} == {
        row["NetworkId"] for row in table(year, "puf/Network_PUF.csv")
    }
    assert {row["ServiceAreaId"] for row in variants.values()} == {
        row["ServiceAreaId"] for row in table(year, "puf/Service_Area_PUF.csv")
    }


@YEAR
def test_own_set_keeps_its_keys(table, year):
    products = {row["product_id"]: row for row in table(year, "own/products.csv")}
    options = {row["option_id"]: row for row in table(year, "own/options.csv")}
    for option in options.values():
        assert option["line"] == products[option["product_id"]]["line"]
        assert (option["kind"] == "rider") == bool(option["base_option_id"])
        assert not option["base_option_id"] or options[option["base_option_id"]]["product_id"] == option["product_id"]
    for name in ("option_rates", "option_benefits", "option_eligibility"):
        assert {row["option_id"] for row in table(year, f"own/{name}.csv")} == set(options), name
    for row in table(year, "own/underwriting_questions.csv"):
        assert products[row["product_id"]]["underwriting"] == "questions"


@YEAR
def test_own_set_has_the_documented_columns(demo_files, year):
    text = (ROOT / "catalog/importers/ancillary_columns.md").read_text()
    for path in sorted((demo_files / str(year) / "own").iterdir()):
        section = re.split(r"\n##", text.split(f"### {path.name}")[1])[0]
        header = path.read_text().splitlines()[0].split(",")
        missing = [name for name in header if not re.search(rf"\b{name}\b", section)]
        assert not missing, path.name


@YEAR
def test_every_role_with_a_rate_is_eligible_at_that_age(table, year):
    allowed = {}
    for row in table(year, "own/option_eligibility.csv"):
        allowed[row["option_id"], row["person_role"]] = (int(row["min_age"]), int(row["max_age"]))
    for row in table(year, "own/option_rates.csv"):
        if row["person_role"] != "policy":
            low, high = allowed[row["option_id"], row["person_role"]]
            assert low <= int(row["age_low"]) <= int(row["age_high"]) <= high


@YEAR
@pytest.mark.parametrize("tobacco", ["no", "yes"])
def test_option_rates_leave_no_age_out(table, year, tobacco):
    ages: dict[tuple[str, str], set[int]] = {}
    for row in table(year, "own/option_rates.csv"):
        if row["tobacco"] in ("any", tobacco):
            seen = ages.setdefault((row["option_id"], row["person_role"]), set())
            seen.update(range(int(row["age_low"]), int(row["age_high"]) + 1))
    for row in table(year, "own/option_eligibility.csv"):
        key = (row["option_id"], row["person_role"])
        if key in ages:
            assert ages[key] >= set(range(int(row["min_age"]), int(row["max_age"]) + 1))
        else:
            assert (row["option_id"], "policy") in ages


def _cell(element: ET.Element, tag: str) -> str:
    found = element.find(f"{NS}{tag}/{NS}cellValue")
    return "" if found is None else (found.text or "")


@YEAR
def test_both_formats_hold_the_same_rates(demo_files, table, year):
    xml: dict[tuple[str, str, str], tuple[str, str]] = {}
    for name in ("Rates_Medical.xml", "Rates_Dental.xml"):
        for item in ET.parse(demo_files / str(year) / "serff" / name).iter(f"{NS}items"):
            key = (_cell(item, "planId"), _cell(item, "rateAreaId"), _cell(item, "ageNumber") or "Family Option")
            xml[key] = (_cell(item, "primaryEnrollee"), _cell(item, "primaryEnrolleeTobacco"))
    rows = {
        (row["PlanId"], row["RatingAreaId"], row["Age"]): (row["IndividualRate"], row["IndividualTobaccoRate"])
        for row in table(year, "puf/Rate_PUF.csv")
    }
    assert xml == rows


@YEAR
def test_both_formats_hold_the_same_cost_sharing(demo_files, table, year):
    xml = {}
    for name in ("Plans_Benefits_Medical.xml", "Plans_Benefits_Dental.xml"):
        for variant in ET.parse(demo_files / str(year) / "serff" / name).iter(f"{NS}costShareVariance"):
            for visit in variant.iter(f"{NS}serviceVisit"):
                shares = (
                    "copayInNetworkTier1",
                    "coInsuranceInNetworkTier1",
                    "copayInNetworkTier2",
                    "copayOutOfNetwork",
                )
                xml[_cell(variant, "planId"), _cell(visit, "visitType")] = tuple(_cell(visit, tag) for tag in shares)
    rows = {
        (row["PlanId"], row["BenefitName"]): tuple(
            row[name] for name in ("CopayInnTier1", "CoinsInnTier1", "CopayInnTier2", "CopayOutofNet")
        )
        for row in table(year, "puf/Benefits_and_Cost_Sharing_PUF.csv")
        if row["IsCovered"] == "Covered"
    }
    assert xml == rows


@YEAR
def test_workbooks_spell_counties_with_their_codes(demo_files, year):
    book = openpyxl.load_workbook(demo_files / str(year) / "serff" / "Service_Areas_Medical.xlsx")
    rows = list(book.active.iter_rows(min_row=7, values_only=True))
    assert ("OHS001", "Lakewright Select", "No", "Franklin - 39049", "No", None, None) in rows
    assert {row[3][-5:] for row in rows} <= set(COUNTIES)
    partial = [row for row in rows if row[4] == "Yes"]
    assert [(row[0], row[3], row[5]) for row in partial] == [("OHS003", "Fairfield - 39045", "43110, 43147")]
