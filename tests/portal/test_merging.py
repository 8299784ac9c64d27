"""What somebody started before signing in is offered, never forced and never lost."""

import pytest
import sqlalchemy as sa

from portal.web.models import AuditEvent
from tests.portal.conftest import PageClient
from tests.portal.samples import notes


@pytest.fixture
def shop(app):
    app.register_blueprint(notes)
    return app


def member_with_a_note(shop, text):
    client = PageClient(shop)
    client.register()
    client.post("/notes", {"text": text, "idempotency_key": "k"})
    client.sign_out()
    return client


def test_registering_keeps_what_was_started(shop):
    client = PageClient(shop)
    client.post("/notes", {"text": "started", "idempotency_key": "k"})
    client.register()
    assert client.get("/notes").text == "started"
    assert "We kept what you started" in client.get("/").text


@pytest.mark.parametrize(("choice", "seen"), [("both", "new,old"), ("account", "old")])
def test_signing_in_offers_to_merge(shop, choice, seen):
    client = member_with_a_note(shop, "old")
    client.post("/notes", {"text": "new", "idempotency_key": "k2"})
    offer = client.follow(client.sign_in(path="/sign-in?next=/help"))
    assert offer.h1 == "You started something before you signed in"
    assert client.get("/notes").text == "old"
    assert client.submit(offer, "/account/merge", choice=choice).location == "/help"
    assert client.get("/notes").text == seen


def test_a_choice_is_required(shop):
    client = member_with_a_note(shop, "old")
    client.post("/notes", {"text": "new", "idempotency_key": "k2"})
    page = client.submit(client.follow(client.sign_in()), "/account/merge")
    assert page.status == 422
    assert page.dom.find(id="choice-0")


def test_without_work_there_is_no_question(shop):
    client = member_with_a_note(shop, "old")
    assert client.sign_in().location == "/"


def test_the_next_person_at_the_browser_starts_afresh(shop):
    client = member_with_a_note(shop, "old")
    assert client.get("/notes").text == ""


def trail(shop, action):
    with shop.extensions["sessions"].read() as records:
        return records.scalars(sa.select(AuditEvent).where(AuditEvent.action == action)).all()


def test_work_that_finds_an_owner_leaves_a_trace(shop):
    client = PageClient(shop)
    client.post("/notes", {"text": "started", "idempotency_key": "k"})
    client.register()
    [row] = trail(shop, "shopper.claimed")
    assert row.subject_id == row.account_id
    assert (row.object_type, row.details) == ("shopper", {"rows": {"sample_note": 1}})
    assert row.object_id == trail(shop, "note.created")[0].shopper_id
    client.sign_out()
    assert trail(shop, "account.signed_out")[0].account_id == row.account_id


@pytest.mark.parametrize(("choice", "action"), [("both", "shopper.claimed"), ("account", "shopper.left_behind")])
def test_either_choice_leaves_a_trace(shop, choice, action):
    client = member_with_a_note(shop, "old")
    client.post("/notes", {"text": "new", "idempotency_key": "k2"})
    client.submit(client.follow(client.sign_in()), "/account/merge", choice=choice)
    [row] = trail(shop, action)
    assert row.subject_id == row.account_id
    assert row.details["rows"] in (1, {"sample_note": 1})
