"""Drafts over time, on both databases: two tabs, saving once, versions, the way back, signing in."""

from portal.configurations.models import ConfigurationVersion
from portal.web.models import AuditEvent
from tests.portal.builder.conftest import BRONZE, GOLD, Builder, save, stored
from tests.portal.conftest import PageClient


def test_two_tabs_meet_on_a_conflict_page(shopper):
    first, second = shopper.page("vision"), shopper.page("accident")
    shopper.choose("telehealth", "LW-TEL-STD")
    answer = shopper.choose("accident", "LW-ACC-BAS", second)
    assert answer.status == 409 or shopper.choose("vision", "LW-VIS-PLU", first).status == 409
    assert "In your bundle now" in answer.text
    assert shopper.bundle == ["Video Visits"]


def test_what_was_typed_survives_a_conflict(shopper):
    shopper.choose("medical", GOLD)
    page = shopper.page()
    shopper.choose("vision", "LW-VIS-PLU")
    answer = shopper.send("/builder/save", page, name="Typed with care")
    assert answer.status == 409
    assert answer.dom.find(id="save-name")["value"] == "Typed with care"
    assert "In your bundle now: medical, vision" in answer.dom.find(id="error-summary").text


def test_each_change_leaves_an_audit_row(shopper):
    shopper.choose("vision", "LW-VIS-PLU")
    shopper.send("/builder/vision/remove")
    shopper.send("/builder/undo")
    actions = [each.action for each in stored(shopper, AuditEvent, object_id=shopper.draft().id)]
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


def test_signing_in_keeps_the_draft(stocked_app):
    builder = Builder(PageClient(stocked_app)).family()
    builder.choose("vision", "LW-VIS-PLU")
    builder.client.register(email=f"{id(builder)}@example.com")
    assert builder.bundle == ["Vision Plus"]
    builder.choose("accident", "LW-ACC-BAS")
    assert len(builder.bundle) == 2
