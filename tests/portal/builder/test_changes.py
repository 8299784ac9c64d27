"""Drafts and the world around them: what cannot be saved, households and prices that change, the work of a click."""

import pytest
from sqlalchemy import event

from portal.configurations.models import Configuration
from portal.plans.sorting import ORDERS
from tests.portal.builder.conftest import BRONZE, GOLD, Builder, save, stored
from tests.portal.conftest import PageClient

MOST_STATEMENTS = 15


def test_a_form_of_the_plan_list_needs_no_version(builder):
    builder.choose("vision", "LW-VIS-PLU")
    token = builder.hidden(builder.page("vision"))["csrf_token"]
    fields = {"csrf_token": token, "idempotency_key": "k", "option": GOLD, "sort": "bad-year"}
    assert builder.client.post("/builder/medical", fields, token=False).location == "/builder/medical"
    assert builder.bundle == ["Select Gold 1500", "Vision Plus"]
    assert builder.draft().sort_name == ORDERS["bad-year"].name


def test_what_breaks_a_rule_is_not_saved(builder):
    builder.choose("medical", GOLD)
    builder.choose("hsa", "LW-HSA-STD")
    page = builder.page()
    assert "can be saved once everything above is mended" in page.text
    answer = builder.send("/builder/save", page, name="Broken bundle")
    assert answer.status == 422
    assert "needs a high-deductible" in answer.dom.find(id="error-summary").text
    assert answer.dom.find(id="save-name")["value"] == "Broken bundle"
    assert stored(builder, Configuration, name="Broken bundle") == []


def test_the_name_typed_stays_through_other_changes(builder):
    page = builder.page("vision")
    fields = builder.hidden(page) | {"option": "LW-VIS-PLU", "name": "Our year"}
    answer = builder.client.post("/builder/vision", fields, token=False, headers={"HX-Request": "true"})
    assert answer.dom.find(id="save-name")["value"] == "Our year"


def test_an_empty_bundle_cannot_be_saved(builder):
    token = builder.hidden(builder.page("vision"))["csrf_token"]
    answer = builder.client.post("/builder/save", {"csrf_token": token, "idempotency_key": "k"}, token=False)
    assert answer.status == 422
    assert "nothing in your bundle yet" in answer.text


def test_opening_says_that_the_household_has_changed(builder):
    builder.choose("vision", "LW-VIS-PLU")
    *_, last = builder.hidden(builder.page("vision"))["covered"]
    saved = save(builder, "Before")
    builder.change_person(last, applying="no", birth_date="4/12/2022")
    builder.client.post(f"/builder/open/{saved}", {"idempotency_key": "open"})
    page = builder.page()
    assert "Your household has changed since this was saved" in page.text
    assert "Somebody who was covered is no longer in your household" in page.text
    assert len(builder.draft().picks.choices[0].covered) == 3


def test_a_draft_that_no_longer_fits_says_so_once(builder):
    builder.choose("medical", BRONZE)
    builder.choose("hsa", "LW-HSA-STD")
    person = builder.hidden(builder.page("hsa"))["covered"][0]
    builder.change_person(person, medicare="yes", birth_date="4/12/1988")
    page = builder.page()
    assert "Your bundle fitted when you left it" in page.text
    assert "People who have Medicare cannot pay into a health savings account" in page.text
    builder.send("/builder/hsa/remove", page)
    assert "Your bundle fitted when you left it" not in builder.page().text


def test_somebody_who_left_the_household_leaves_the_policies(builder):
    builder.choose("vision", "LW-VIS-PLU")
    *_, last = builder.hidden(builder.page("vision"))["covered"]
    builder.change_person(last, applying="no", birth_date="4/12/2022")
    assert "no longer in your household" in builder.page().text
    builder.choose("telehealth", "LW-TEL-STD")
    assert all(last not in choice.covered for choice in builder.draft().picks.choices)


def test_a_household_of_twelve(builder_app):
    builder = Builder(PageClient(builder_app)).family("38, 36, 20, 17, 15, 13, 11, 9, 7, 5, 3, 1", income="150000")
    assert builder.choose("medical", BRONZE).status == 303
    assert builder.choose("vision", "LW-VIS-PLU").status == 303
    assert builder.choose("life", "LW-LIF-25", **builder.health(LIF_1="no", LIF_2="no", LIF_3="no")).status == 303
    assert "Everything fits" in builder.page().text
    assert len(builder.draft().picks.choices[0].covered) == 12


@pytest.mark.parametrize(("line", "option"), [("medical", GOLD), ("dental", "none"), ("vision", "LW-VIS-PLU")])
def test_a_click_takes_few_statements(builder, line, option):
    builder.choose("telehealth", "LW-TEL-STD")
    fields = builder.hidden(builder.page(line)) | {"option": option}
    seen = []
    engine = builder.client.app.extensions["sessions"].engine
    note = lambda *arguments: seen.append(arguments[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = builder.client.post(f"/builder/{line}", fields, token=False, headers={"HX-Request": "true"})
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.status == 200
    assert len(seen) <= MOST_STATEMENTS, "\n".join(seen)
