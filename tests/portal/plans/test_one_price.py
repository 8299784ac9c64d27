"""Card, plan page, comparison, CSV and the command line tell one price: there is one pricing function."""

import csv
import io
import json
from decimal import Decimal

import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from portal.cli import main
from portal.web.formats import dollars
from tests.portal.plans.conftest import CATASTROPHIC, SEPARATE_DRUGS, SILVER, SILVER_VISION, TWO_TIERS

COMPARED = (SILVER, SILVER_VISION, TWO_TIERS, SEPARATE_DRUGS, CATASTROPHIC)
HOUSEHOLD = {
    "schema_version": 1,
    "effective_date": "2027-01-01",
    "zip": "43215",
    "income": "72000",
    "people": [
        {"relationship": "self", "age": 38},
        {"relationship": "spouse", "age": 36},
        {"relationship": "child", "age": 7},
        {"relationship": "child", "age": 4},
    ],
}


@pytest.fixture
def by_command(demo_app, tmp_path, monkeypatch):
    """Full price, credit and price after credit of each plan, as `coverwright quote --json` tells them."""
    monkeypatch.setenv("DATABASE_URL", str(demo_app.extensions["sessions"].engine.url))
    monkeypatch.setenv("COVERWRIGHT_DATA", str(tmp_path))
    monkeypatch.setenv("COVERWRIGHT_MODE", "test")
    path = tmp_path / "household.json"
    path.write_text(json.dumps(HOUSEHOLD), encoding="utf-8")
    done = CliRunner().invoke(main, ["quote", str(path), "--json"], catch_exceptions=False)
    plans = json.loads(done.stdout)["plans"]
    return {
        plan["plan_id"]: (plan["premium"], plan["credit_applied"], plan["net_premium"])
        for plan in plans
        if plan["line"] == "medical"
    }


def price_table(details, words):
    """Full price, credit and price after credit of a "why this price" table."""
    found = {words(row.th): words(row("td")[1]) for row in details.tbody("tr")}
    full, credit = found["Full price"], found.get("Tax credit", "$0.00").lstrip("\u2212")
    return full, credit, found.get("You pay", full)


def in_words(prices):
    """Decimal strings as pages write them."""
    return tuple(dollars(Decimal(each)) for each in prices)


def test_one_price_everywhere(family, by_command, cards, words):
    wanted = {plan_id: in_words(prices) for plan_id, prices in by_command.items()}
    shown = cards(family.get(f"/plans?with={SILVER_VISION}")) | cards(family.get("/plans"))
    assert len(shown) == 23
    for plan_id, card in shown.items():
        assert price_table(card.find("details", class_="disclosure", recursive=False), words) == wanted[plan_id]
        assert words(card.find(class_="money--large")) == f"{wanted[plan_id][2]} a month"


def test_one_price_on_page_comparison_and_csv(family, by_command, words):
    wanted = {plan_id: in_words(by_command[plan_id]) for plan_id in COMPARED}
    query = "&".join(f"plan={each}" for each in COMPARED)
    page = family.get(f"/plans/compare?{query}")
    table = page.dom.find("table", id="comparison")
    side_by_side = {words(row.th): [words(cell) for cell in row("td")] for row in table("tr") if row("td")}
    answer = family.browser.get(f"/plans/compare.csv?{query}")
    on_file = {row[1]: row[2:] for row in csv.reader(io.StringIO(answer.text))}
    for found in (side_by_side, on_file):
        columns = (found["Full price a month"], found["Tax credit used a month"], found["You pay a month"])
        assert list(zip(*columns, strict=True)) == list(wanted.values())
    for plan_id in COMPARED:
        own = family.get(f"/plans/{plan_id}")
        details = next(each for each in own.dom("details") if each.summary.text == "Why this price")
        assert price_table(details, words) == wanted[plan_id]
        assert words(own.dom.find(class_="money--large")) == f"{wanted[plan_id][2]} a month"


def test_one_price_in_the_saved_bundle_and_on_paper(family, by_command, words):
    full, credit, net = in_words(by_command[SILVER])
    shown = family.get(f"/plans/{SILVER}")
    family.follow(family.submit(shown, "/builder/medical"))
    saved = family.submit(family.get("/builder"), "/builder/save", name="On paper")
    assert saved.status == 303, saved.text
    page = family.follow(saved)
    paper = family.browser.get(f"{saved.location}/summary.pdf")
    text = " ".join(PdfReader(io.BytesIO(paper.data)).pages[0].extract_text().split())
    assert words(page.dom.find(class_="money--large")) == f"{net} a month"
    for amount in (full, credit, net):
        assert amount in page.text
        assert amount in text
