"""The plan page: what it costs, what it covers, what one may not like, and where each figure stands."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from portal.plans import plan_page
from portal.web import clock
from tests.portal.plans.conftest import CATASTROPHIC, DENTAL, SEPARATE_DRUGS, SILVER, SILVER_VISION, TWO_TIERS


def section(page, heading):
    return page.dom.find("section", attrs={"aria-labelledby": heading})


def test_the_page_opens_with_name_and_price(family, words):
    page = family.get(f"/plans/{SILVER}")
    assert page.h1 == "Select Silver 4500"
    assert "$447.42 a month Full price $1,606.42, less $1,159.00 tax credit" in words(section(page, "cost"))
    assert "Rate_PUF.csv, row" in words(section(page, "cost"))


def test_benefits_stand_under_medical_events_in_and_out_of_the_network(family, words):
    table = family.get(f"/plans/{TWO_TIERS}").dom.find("table", id="benefits")
    assert [words(each) for each in table.thead("th")] == [
        "Service",
        "In the network",
        "Second tier",
        "Outside the network",
    ]
    groups = [words(each) for each in table("th", scope="rowgroup")]
    assert groups[0] == "You visit a doctor"
    assert groups[-1] == "Other services"
    row = next(each for each in table("tr") if words(each.th) == "Primary care visit")
    assert [words(each) for each in row("td")] == ["$25 a visit", "$55 a visit", "50% after the deductible"]


def test_what_one_may_not_like_is_in_the_open(family, words):
    text = words(section(family.get(f"/plans/{SILVER}"), "dislike"))
    assert "You need a referral from your doctor to see a specialist" in text
    assert "Outside the network most care is not covered" in text
    assert "Filed exclusions: Care outside the United States, except in an emergency." in text
    assert "Acupuncture" in text
    assert "At most 30 visits a year" in text


def test_two_tiers_and_a_separate_drug_deductible_are_named(family, words):
    assert "two tiers" in words(section(family.get(f"/plans/{TWO_TIERS}"), "dislike"))
    page = family.get(f"/plans/{SEPARATE_DRUGS}")
    assert "Drugs have a deductible of their own" in words(section(page, "dislike"))
    assert "What you pay first (deductible), drugs" in words(section(page, "amounts"))


def test_limits_tell_person_and_family_in_and_out_of_the_network(family, words):
    rows = section(family.get(f"/plans/{TWO_TIERS}"), "amounts").tbody("tr")
    assert [words(each) for each in rows] == [
        "What you pay first (deductible), care and drugs In the network $2,800 $2,800 $5,600",
        "What you pay first (deductible), care and drugs In the network, second tier $5,600 $5,600 $11,200",
        "What you pay first (deductible), care and drugs Outside the network $5,600 $5,600 $11,200",
        "Most you pay for care a year, care and drugs In the network $7,900 $7,900 $15,800",
        "Most you pay for care a year, care and drugs In the network, second tier $8,400 $8,400 $16,800",
        "Most you pay for care a year, care and drugs Outside the network $15,800 $15,800 $31,600",
    ]


def test_documents_and_the_day_the_network_was_confirmed(family, words):
    part = section(family.get(f"/plans/{SILVER}"), "documents")
    links = {words(link): link["href"] for link in part("a")}
    assert links["Find a doctor or hospital in the network"] == "https://example.org/lakewright/directory/select"
    assert links["Look up a drug (formulary)"] == "https://example.org/lakewright/formulary"
    assert links["Summary of Benefits and Coverage (SBC)"].endswith(f"{SILVER}.pdf")
    assert "Network status confirmed on November 1, 2026" in words(part)


def test_the_network_was_not_confirmed_on_a_day_still_to_come(demo_app):
    with demo_app.test_request_context():
        loaded_later = SimpleNamespace(created_at=datetime(2026, 11, 30, tzinfo=UTC))
        assert plan_page._confirmed(loaded_later) == clock.today()  # November 15


def test_every_benefit_names_its_file_and_row(family, words):
    page = family.get(f"/plans/{SILVER}")
    details = next(each for each in page.dom("details") if each.summary.text == "Where these figures come from")
    sources = {words(row.th): words(row.td) for row in details.tbody("tr")}
    services = [row for row in page.dom.find("table", id="benefits")("tr") if row("td")]
    assert sources["Primary care visit"].startswith("Benefits_and_Cost_Sharing_PUF.csv, row ")
    assert len(sources) >= len(services)
    assert all(", row " in place for place in sources.values())
    assert f"{SILVER}-04" in words(details)


def test_riders_switch_to_the_twin(family, words):
    switch = family.get(f"/plans/{SILVER_VISION}").dom.find(class_="switch")
    current = switch.find("a", attrs={"aria-current": "page"})
    assert words(current).startswith("Adult vision $460.22 (+$12.80)")
    assert switch.a["href"] == f"/plans/{SILVER}"


def test_a_plan_one_cannot_buy_says_why(family, words):
    text = words(section(family.get(f"/plans/{CATASTROPHIC}"), "cost"))
    assert "You cannot buy this plan" in text
    assert "younger than 30" in text


def test_a_dental_plan_has_children_and_adults(family, words):
    page = family.get(f"/plans/{DENTAL}")
    groups = [words(each) for each in page.dom.find("table", id="benefits")("th", scope="rowgroup")]
    assert groups == ["Children", "Adults"]
    assert page.dom.find("p", class_="back-link").a["href"] == "/plans?line=dental"


@pytest.mark.parametrize("plan_id", ["99999OH0010001", "99001OH9990001", "x", "99001OH0010006-04"])
def test_a_plan_that_is_not_sold_here_is_not_found(family, plan_id):
    assert family.get(f"/plans/{plan_id}").status == 404
