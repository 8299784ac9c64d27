"""Drafts over time, on both databases: two tabs, saving once, opening again, signing in, a household that changes."""

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from portal.builder.models import BundleDraft
from portal.configurations.models import Configuration, ConfigurationVersion
from portal.plans.sorting import ORDERS
from portal.web.models import AuditEvent
from portal.web.scope import everything
from tests.portal.builder.conftest import BRONZE, GOLD, Builder
from tests.portal.conftest import PageClient

MOST_STATEMENTS = 15


def stored(builder, model, **where):
    with builder.client.app.extensions["sessions"].read() as session, everything(session, "a test looks at it"):
        return list(session.scalars(sa.select(model).filter_by(**where)))


def draft_of(builder):
    """The draft that holds one of the people of this browser's household."""
    person = builder.hidden(builder.page("vision"))["covered"][0]
    found = [each for each in stored(builder, BundleDraft) if any(person in c.covered for c in each.picks.choices)]
    return found[0]


def test_two_tabs_meet_on_a_conflict_page(shopper):
    first, second = shopper.page("vision"), shopper.page("accident")
    shopper.choose("telehealth", "LW-TEL-STD")
    answer = shopper.choose("accident", "LW-ACC-BAS", second)
    assert answer.status == 409 or shopper.choose("vision", "LW-VIS-PLU", first).status == 409
    assert "In your bundle now" in answer.text
    assert shopper.bundle == ["Video Visits"]


def test_a_form_of_the_plan_list_needs_no_version(shopper):
    shopper.choose("vision", "LW-VIS-PLU")
    token = shopper.hidden(shopper.page("vision"))["csrf_token"]
    fields = {"csrf_token": token, "idempotency_key": "k", "option": GOLD, "sort": "bad-year"}
    assert shopper.client.post("/builder/medical", fields, token=False).location == "/builder/medical"
    assert shopper.bundle == ["Select Gold 1500", "Vision Plus"]
    assert draft_of(shopper).sort_name == ORDERS["bad-year"].name


def test_each_change_leaves_an_audit_row(shopper):
    shopper.choose("vision", "LW-VIS-PLU")
    shopper.send("/builder/vision/remove")
    shopper.send("/builder/undo")
    actions = [each.action for each in stored(shopper, AuditEvent, object_id=draft_of(shopper).id)]
    assert sorted(actions) == ["bundle.chosen", "bundle.removed", "bundle.undone"]


def test_saving_twice_at_once_makes_one_version(shopper):
    shopper.choose("medical", GOLD)
    page = shopper.page()
    first, second = (shopper.send("/builder/save", page, name="Ours") for _ in range(2))
    assert first.status == second.status == 303
    assert first.location == second.location
    configuration_id = first.location.rpartition("/")[2]
    (version,) = stored(shopper, ConfigurationVersion, configuration_id=configuration_id)
    assert [choice.option_id for choice in version.inputs.choices] == [GOLD]
    assert version.bundle.valid
    assert shopper.client.get(first.location).h1 == "Ours"


def test_what_breaks_a_rule_is_not_saved(shopper):
    shopper.choose("medical", GOLD)
    shopper.choose("hsa", "LW-HSA-STD")
    page = shopper.page()
    assert "can be saved once everything above is mended" in page.text
    answer = shopper.send("/builder/save", page, name="Broken bundle")
    assert answer.status == 422
    assert "needs a high-deductible" in answer.dom.find(id="error-summary").text
    assert stored(shopper, Configuration, name="Broken bundle") == []


def test_an_empty_bundle_cannot_be_saved(shopper):
    token = shopper.hidden(shopper.page("vision"))["csrf_token"]
    answer = shopper.client.post("/builder/save", {"csrf_token": token, "idempotency_key": "k"}, token=False)
    assert answer.status == 422
    assert "nothing in your bundle yet" in answer.text


def save(builder, name, **more):
    return builder.send("/builder/save", name=name, **more).location.rpartition("/")[2]


def test_a_saved_bundle_grows_by_versions_or_apart(shopper):
    shopper.choose("medical", GOLD)
    first = save(shopper, "Grows")
    shopper.choose("vision", "LW-VIS-PLU")
    assert save(shopper, "") == first
    apart = save(shopper, "Apart", apart="yes")
    assert apart != first
    assert [each.number for each in stored(shopper, ConfigurationVersion, configuration_id=first)] == [1, 2]


def test_a_saved_version_opens_again_and_undo_brings_the_draft_back(shopper):
    shopper.choose("medical", GOLD)
    saved = save(shopper, "Kept")
    shopper.choose("medical", BRONZE)
    shopper.choose("vision", "LW-VIS-PLU")
    opened = shopper.client.post(f"/builder/open/{saved}", {"idempotency_key": "open", "number": "1"})
    assert opened.location == "/builder"
    page = shopper.page()
    assert "You are changing “Kept”" in page.text
    assert shopper.bundle == ["Select Gold 1500"]
    shopper.send("/builder/undo")
    assert len(shopper.bundle) == 2


def test_opening_says_that_the_household_has_changed(shopper):
    shopper.choose("vision", "LW-VIS-PLU")
    *_, last = shopper.hidden(shopper.page("vision"))["covered"]
    saved = save(shopper, "Before")
    shopper.change_person(last, applying="no", birth_date="4/12/2022")
    shopper.client.post(f"/builder/open/{saved}", {"idempotency_key": "open"})
    page = shopper.page()
    assert "Your household has changed since this was saved" in page.text
    assert "Somebody who was covered is no longer in your household" in page.text
    assert len(draft_of(shopper).picks.choices[0].covered) == 3


def test_a_draft_that_no_longer_fits_says_so_once(shopper):
    shopper.choose("medical", BRONZE)
    shopper.choose("hsa", "LW-HSA-STD")
    person = shopper.hidden(shopper.page("hsa"))["covered"][0]
    shopper.change_person(person, medicare="yes", birth_date="4/12/1988")
    page = shopper.page()
    assert "Your bundle fitted when you left it" in page.text
    assert "People who have Medicare cannot pay into a health savings account" in page.text
    shopper.send("/builder/hsa/remove", page)
    assert "Your bundle fitted when you left it" not in shopper.page().text


def test_somebody_who_left_the_household_leaves_the_policies(shopper):
    shopper.choose("vision", "LW-VIS-PLU")
    *_, last = shopper.hidden(shopper.page("vision"))["covered"]
    shopper.change_person(last, applying="no", birth_date="4/12/2022")
    assert "no longer in your household" in shopper.page().text
    shopper.choose("telehealth", "LW-TEL-STD")
    assert all(last not in choice.covered for choice in draft_of(shopper).picks.choices)


def test_a_household_of_twelve(stocked_app):
    builder = Builder(PageClient(stocked_app)).family("38, 36, 20, 17, 15, 13, 11, 9, 7, 5, 3, 1", income="150000")
    assert builder.choose("medical", BRONZE).status == 303
    assert builder.choose("vision", "LW-VIS-PLU").status == 303
    assert builder.choose("life", "LW-LIF-25", **{f"question-LIF-{n}": "no" for n in range(1, 6)}).status == 303
    assert "Everything fits" in builder.page().text
    assert len(draft_of(builder).picks.choices[0].covered) == 12


def test_signing_in_keeps_the_draft(stocked_app):
    builder = Builder(PageClient(stocked_app)).family()
    builder.choose("vision", "LW-VIS-PLU")
    builder.client.register(email=f"{id(builder)}@example.com")
    assert builder.bundle == ["Vision Plus"]
    builder.choose("accident", "LW-ACC-BAS")
    assert len(builder.bundle) == 2


@pytest.mark.parametrize(("line", "option"), [("medical", GOLD), ("dental", "none"), ("vision", "LW-VIS-PLU")])
def test_a_click_takes_few_statements(shopper, line, option):
    shopper.choose("telehealth", "LW-TEL-STD")
    fields = shopper.hidden(shopper.page(line)) | {"option": option}
    seen = []
    engine = shopper.client.app.extensions["sessions"].engine
    note = lambda *arguments: seen.append(arguments[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = shopper.client.post(f"/builder/{line}", fields, token=False, headers={"HX-Request": "true"})
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.status == 200
    assert len(seen) <= MOST_STATEMENTS, "\n".join(seen)
