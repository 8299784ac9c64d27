"""Whoever shops without signing in is known by a cookie that nobody else can have or make."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from portal.web.models import Shopper
from tests.portal.conftest import PageClient
from tests.portal.samples import notes


@pytest.fixture
def shop(app):
    app.register_blueprint(notes)
    return app


def planted_session(app, victim):
    """The session cookie that somebody else opened and put into the victim's browser."""
    stranger = PageClient(app)
    stranger.get("/sign-in")
    cookie = stranger.browser.get_cookie("coverwright_session").value
    victim.browser.set_cookie("coverwright_session", cookie)
    return stranger


def test_a_planted_session_opens_nothing_of_the_victims(shop):
    victim = PageClient(shop)
    stranger = planted_session(shop, victim)
    victim.post("/notes", {"text": "private", "idempotency_key": "victims"})
    assert victim.get("/notes").text == "private"
    assert stranger.get("/notes").text == ""
    stranger.post("/notes", {"text": "mine", "idempotency_key": "strangers"})
    assert stranger.get("/notes").text == "mine"


def test_the_first_form_changes_the_session_id(shop):
    client = PageClient(shop)
    client.get("/sign-in")
    before = client.browser.get_cookie("coverwright_session").value
    client.post("/notes", {"text": "first", "idempotency_key": "key"})
    after = client.browser.get_cookie("coverwright_session").value
    assert after != before
    client.post("/notes", {"text": "second", "idempotency_key": "key2"})
    assert client.browser.get_cookie("coverwright_session").value == after


def test_a_repeated_first_form_finds_its_shopper_only_for_a_moment(shop):
    client = PageClient(shop)
    token = client.token()
    cookies = client.browser._cookies.copy()

    def send_first_form():
        client.browser._cookies = cookies.copy()
        client.post("/notes", {"text": "one", "idempotency_key": "key", "csrf_token": token}, token=False)

    send_first_form()
    send_first_form()
    with shop.extensions["sessions"].write() as records:
        records.scalars(sa.select(Shopper)).one().created_at -= timedelta(minutes=2)
    send_first_form()
    with shop.extensions["sessions"].read() as records:
        assert records.scalar(sa.select(sa.func.count()).select_from(Shopper)) == 2


def test_a_first_form_without_key_makes_a_shopper_of_its_own(shop):
    client = PageClient(shop)
    stranger = planted_session(shop, client)
    for browser in (client, stranger):
        browser.post("/household/address", {"zip_code": "1"})
    cookies = [each.browser.get_cookie("coverwright_shopper").value for each in (client, stranger)]
    assert cookies[0] != cookies[1]
