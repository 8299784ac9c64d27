"""Written once, never lost: double submits and two editors."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import sqlalchemy as sa
from sqlalchemy.orm.exc import StaleDataError

from portal.web.models import AuditEvent
from portal.web.scope import everything
from tests.portal.conftest import PageClient
from tests.portal.samples import Note, notes

CLICKS = 20


@pytest.fixture
def shop(app_on_both):
    app_on_both.register_blueprint(notes)
    return app_on_both


def all_notes(app):
    with app.extensions["sessions"].read() as records, everything(records, "test"):
        return records.scalars(sa.select(Note)).all()


def click_at_once(app, client, body):
    """Send the same form from twenty threads at the same moment; returns their answers."""
    cookies = client.browser._cookies.copy()
    ready = Barrier(CLICKS)

    def click(_):
        browser = app.test_client()
        browser._cookies = cookies.copy()
        ready.wait()
        return browser.post("/notes", data=body)

    with ThreadPoolExecutor(CLICKS) as pool:
        return list(pool.map(click, range(CLICKS)))


@pytest.mark.parametrize("known", [True, False], ids=["known shopper", "first visit"])
def test_twenty_clicks_make_one_row_and_one_answer(shop, known):
    client = PageClient(shop)
    if known:
        client.post("/notes", {"text": "earlier", "idempotency_key": "other"})
    body = {"text": "once", "idempotency_key": "key", "csrf_token": client.token()}
    answers = click_at_once(shop, client, body)
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert [note.text for note in all_notes(shop)].count("once") == 1
    with shop.extensions["sessions"].read() as records:
        assert records.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == len(all_notes(shop))


def test_the_same_key_with_other_content_is_refused(shop):
    client = PageClient(shop)
    client.post("/notes", {"text": "first", "idempotency_key": "key"})
    page = client.post("/notes", {"text": "second", "idempotency_key": "key"})
    assert page.status == 422
    assert [note.text for note in all_notes(shop)] == ["first"]


def test_a_creating_form_without_key_is_refused(shop):
    assert PageClient(shop).post("/notes", {"text": "first"}).status == 422


def test_another_person_may_use_the_same_key(shop):
    for _ in range(2):
        PageClient(shop).post("/notes", {"text": "same", "idempotency_key": "key"})
    assert len(all_notes(shop)) == 2


def test_the_second_editor_sees_both_versions(shop):
    client = PageClient(shop)
    path = client.post("/notes", {"text": "start", "idempotency_key": "key"}).location
    assert client.post(path, {"text": "first", "version": "1"}).status == 200
    page = client.post(path, {"text": "second", "version": "1"})
    assert page.status == 409
    assert [cell.text for cell in page.dom.table.tbody("td")] == ["second", "first"]
    assert client.get(path).text == "first"
    assert client.submit(page, path).status == 200
    assert client.get(path).text == "second"


def test_the_database_refuses_a_lost_update(shop):
    """Also when no form compared versions."""
    sessions = shop.extensions["sessions"]
    client = PageClient(shop)
    client.post("/notes", {"text": "start", "idempotency_key": "key"})
    with sessions.read() as records, everything(records, "test"):
        old = records.scalars(sa.select(Note)).one()
        records.expunge(old)
    with sessions.write() as records, everything(records, "test"):
        records.scalars(sa.select(Note)).one().text = "newer"
    with sessions.write() as records, everything(records, "test"):
        records.add(old)
        old.text = "older"
        with pytest.raises(StaleDataError):
            records.flush()
        records.rollback()
