"""Forged, old and repeated forms."""

from datetime import timedelta

import sqlalchemy as sa

from portal.web import clock
from portal.web.models import Shopper, WebSession
from portal.web.permissions import policy


def test_a_form_without_token_changes_nothing(app, client):
    page = client.post("/register", {"email": "x@example.com", "name": "X", "password": "p" * 20}, token=False)
    assert page.status == 400
    assert page.h1 == "This page was open too long"
    with app.extensions["sessions"].read() as records:
        assert records.scalar(sa.text("SELECT count(*) FROM account")) == 0


def test_an_old_form_can_be_sent_again_without_the_password(client):
    page = client.post("/register", {"email": "x@example.com", "name": "X", "password": "p" * 20}, token=False)
    fields = page.fields("/register")
    assert fields["email"] == "x@example.com"
    assert "password" not in fields
    assert client.submit(page, "/register").status == 422


def test_forms_from_other_sites_are_refused(client):
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert client.post("/sign-out", headers=headers).status == 403


def test_our_own_forms_pass(client):
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert client.post("/sign-out", headers=headers).status == 303


def test_a_token_of_another_browser_is_refused(app, client, new_client):
    stolen = new_client(app).token()
    assert client.post("/sign-out", {"csrf_token": stolen}, token=False).status == 400


def test_a_form_sent_when_the_sign_in_ran_out_comes_back(app, client):
    client.register()
    page = client.get("/account/password")
    with app.extensions["sessions"].write() as records:
        records.execute(sa.delete(WebSession))
    refused = client.submit(page, "/account/password", current_password="x", new_password="y", note="kept")
    assert refused.location == "/sign-in?next=/continue"
    again = client.follow(client.sign_in(path=refused.location))
    assert again.h1 == "You are signed in again"
    assert again.fields("/account/password")["note"] == "kept"
    assert "current_password" not in again.fields("/account/password")


def test_a_body_that_is_too_large_is_refused(client):
    page = client.post("/register", {"name": "x" * 1_200_000})
    assert page.status == 413


def test_error_pages_say_what_to_do_and_give_a_number(client):
    page = client.get("/nope")
    assert page.status == 404
    assert "Reference" in page.text


def test_a_failure_of_ours_leaks_nothing(app, client):
    def broken():
        raise RuntimeError("secret detail")

    app.add_url_rule("/broken", "broken", policy.public(broken))
    page = client.get("/broken")
    assert page.status == 500
    assert "secret detail" not in page.text
    assert "Reference" in page.text


def test_the_error_page_survives_a_broken_template(app, client, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("template")

    monkeypatch.setattr("portal.web.errors.render_template", broken)
    page = client.get("/nope")
    assert page.status == 404
    assert "We cannot find that page" in page.text


def test_wrong_methods_name_the_right_ones(client):
    page = client.get("/sign-out")
    assert page.status == 405
    assert "POST" in page.headers["Allow"]


def test_an_expired_database_session_signs_out(app, client):
    client.register()
    with app.extensions["sessions"].write() as records:
        row = records.scalars(sa.select(WebSession)).one()
        row.seen_at -= timedelta(minutes=16)
    assert client.get("/account").location.startswith("/sign-in")


def test_no_session_outlives_its_day(app, client):
    client.register()
    with app.extensions["sessions"].write() as records:
        row = records.scalars(sa.select(WebSession)).one()
        row.created_at -= timedelta(hours=12, minutes=1)
    assert client.get("/account").location.startswith("/sign-in")


def test_what_ran_out_is_deleted_when_somebody_signs_in(app, client, new_client):
    client.register()
    client.sign_out()
    new_client(app).register(email="other@example.com")
    moment = clock.instant()
    with app.extensions["sessions"].write() as records:
        records.add(Shopper(cookie_hash="old", created_at=moment, expires_at=moment - timedelta(seconds=1)))
        records.scalars(sa.select(WebSession)).one().seen_at -= timedelta(hours=1)
    client.sign_in()
    with app.extensions["sessions"].read() as records:
        assert records.scalars(sa.select(Shopper)).all() == []
        assert len(records.scalars(sa.select(WebSession)).all()) == 1


def test_a_session_in_use_stays_awake(app, client):
    client.register()
    with app.extensions["sessions"].write() as records:
        records.scalars(sa.select(WebSession)).one().seen_at -= timedelta(minutes=14)
    client.get("/account")
    with app.extensions["sessions"].read() as records:
        seen_at = records.scalar(sa.select(WebSession.seen_at))
    assert clock.instant() - seen_at < timedelta(minutes=1)


def test_a_page_is_shown_while_the_records_are_busy(app, client, monkeypatch):
    def busy(*_):
        raise sa.exc.OperationalError("UPDATE", {}, Exception("database is locked"))

    client.register()
    with app.extensions["sessions"].write() as records:
        records.scalars(sa.select(WebSession)).one().seen_at -= timedelta(minutes=14)
    monkeypatch.setattr("portal.web.sessions._store", busy)
    assert client.get("/account").status == 200


def test_a_form_sent_after_the_day_ran_out_comes_back(app, client):
    client.register()
    page = client.get("/account/password")
    with app.extensions["sessions"].write() as records:
        records.scalars(sa.select(WebSession)).one().created_at -= timedelta(hours=12, minutes=1)
    refused = client.submit(page, "/account/password", current_password="x", new_password="y", note="kept")
    again = client.follow(client.sign_in(path=refused.location))
    assert again.fields("/account/password")["note"] == "kept"
