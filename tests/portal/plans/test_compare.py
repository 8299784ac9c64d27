"""Up to five plans side by side: one table with scoped headers, one section a plan for phones, one CSV."""

import csv
import io
from dataclasses import replace

import pytest

from catalog.terms import ProductLine
from portal.plans.comparing import Comparison, Group, Row, comparison_csv
from tests.portal.plans.conftest import CATASTROPHIC, DENTAL, SEPARATE_DRUGS, SILVER, SILVER_VISION, TWO_TIERS

SIX = [SILVER, SILVER_VISION, TWO_TIERS, SEPARATE_DRUGS, CATASTROPHIC, "99001OH0020001"]


def address(*plan_ids, path="/plans/compare", **more):
    pairs = [*(("plan", each) for each in plan_ids), *more.items()]
    return f"{path}?" + "&".join(f"{name}={value}" for name, value in pairs)


def rows(page, words):
    table = page.dom.find("table", id="comparison")
    return {words(row.th): [words(cell) for cell in row("td")] for row in table("tr") if row("td")}


def test_a_native_table_with_caption_and_scoped_headers(family, words):
    table = family.get(address(SILVER, TWO_TIERS)).dom.find("table", id="comparison")
    assert words(table.caption) == "Plans side by side"
    assert [each["scope"] for each in table.thead("th")] == ["col"] * 3
    assert all(row.th["scope"] in ("row", "rowgroup") for body in table("tbody") for row in body("tr"))
    assert not table(tabindex=True)
    assert not table(role=True)


def test_printing_is_a_button_for_a_script_and_no_link(family):
    pressed = family.get(address(SILVER, TWO_TIERS)).dom.find(attrs={"data-print": True})
    assert (pressed.name, pressed["type"]) == ("button", "button")
    assert "script-only" in pressed["class"]


def test_services_are_rows_and_plans_are_columns(family, words):
    found = rows(family.get(address(SILVER, TWO_TIERS)), words)
    assert found["You pay a month"] == ["$447.42", "$864.04"]
    assert found["Primary care visit"] == ["$30 a visit", "$25 a visit. Second tier: $55 a visit"]
    assert found["Primary care visit, outside the network"] == ["Not covered", "50% after the deductible"]


def test_only_differences_hides_what_is_alike_and_counts_it(family, words):
    everything = rows(family.get(address(SILVER, SILVER_VISION)), words)
    page = family.get(address(SILVER, SILVER_VISION, differences=1))
    found = rows(page, words)
    assert all(len(set(cells)) > 1 for label, cells in found.items() if label != "What now")
    assert "Primary care visit" in everything
    assert "Primary care visit" not in found
    assert found["Rider"] == ["No rider", "Adult vision"]
    assert f"{len(everything) - len(found)} rows that are alike are hidden" in words(page.dom.main)
    assert page.dom.find("a", string="Show all rows")["href"] == address(SILVER, SILVER_VISION)


def test_each_plan_has_a_section_of_its_own_for_phones(family, words):
    page = family.get(address(SILVER, TWO_TIERS))
    sections = page.dom.find(class_="compare-narrow")("section")
    assert [words(each.h2) for each in sections] == ["Select Silver 4500", "Open Silver Two-Tier"]
    wide = rows(page, words)
    narrow = {words(row.th): words(row.td) for row in sections[1]("tr")}
    assert narrow == {label: cells[1] for label, cells in wide.items() if label != "What now"}


def test_more_than_five_says_so_and_shows_the_first_five(family, words):
    page = family.get(address(*SIX))
    assert "You chose 6 plans. Up to 5 fit side by side" in words(page.dom.main)
    assert len(page.dom.find("table", id="comparison").thead("th")) == 6


def test_a_plan_can_be_taken_off(family):
    page = family.get(address(SILVER, TWO_TIERS))
    links = [a["href"] for a in page.dom.find("table", id="comparison").tfoot("a")]
    assert links == [address(TWO_TIERS), address(SILVER)]


def test_what_cannot_be_compared_is_said(family, words):
    page = family.get(address(SILVER, DENTAL, "99999XX0000000", SILVER))
    text = words(page.dom.main)
    assert "Medical and dental plans do not compare" in text
    assert "1 plan you chose cannot be found" in text
    assert "Tick another one" in text


def test_dental_plans_compare_too(family, words):
    found = rows(family.get(address(DENTAL, "99001OH1010002")), words)
    assert "Exams and cleanings" in found
    assert "Works with an HSA" not in found


def test_nothing_chosen_says_how_to_start(family, words):
    assert "Choose plans to compare" in words(family.get("/plans/compare").dom.main)


def test_the_list_takes_ticked_plans_there_and_back(family):
    page = family.get(f"/plans?plan={SILVER}")
    box = page.dom.find("input", id=f"compare-{SILVER}")
    assert box["form"] == "compare"
    assert box.has_attr("checked")
    assert page.dom.find("form", id="compare")["action"] == "/plans/compare"


# CSV


def read_csv(answer):
    return list(csv.reader(io.StringIO(answer.text)))


def test_the_csv_holds_the_same_rows(family, words):
    answer = family.browser.get(address(SILVER, TWO_TIERS, path="/plans/compare.csv"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="plans-compared.csv"'
    assert answer.content_type == "text/csv; charset=utf-8"
    held = {row[1]: row[2:] for row in read_csv(answer)}
    shown = rows(family.get(address(SILVER, TWO_TIERS)), words)
    assert {label: cells for label, cells in held.items() if label in shown} == {
        label: cells for label, cells in shown.items() if label != "What now"
    }
    assert held["Plan ID"] == [SILVER, TWO_TIERS]
    assert held["Cover from"] == ["2027-01-01"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u22121"])
def test_no_cell_of_the_csv_is_a_formula(text):
    table = Comparison(ProductLine.MEDICAL, (), (Group(text, (Row(text, (text, "fine")),)),), (), False, 0)
    cells = [cell for row in csv.reader(io.StringIO(comparison_csv(table, [(text, text)]))) for cell in row]
    assert cells.count(f"'{text}") == 5
    assert text not in cells
    assert "fine" in cells


def test_rows_are_alike_only_when_every_plan_says_the_same():
    row = Row("x", ("a", "a", "a"))
    assert row.same
    assert not replace(row, cells=("a", "a", "b")).same
