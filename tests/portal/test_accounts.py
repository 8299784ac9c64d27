"""Register, sign in and out, change the password."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa

from portal.accounts import passwords
from portal.accounts.models import Account
from portal.web.limits import Limit
from portal.web.models import AuditEvent, WebSession

GOOD = "a long enough password"


def accounts(app):
    with app.extensions["sessions"].read() as records:
        return records.scalars(sa.select(Account)).all()


def actions(app):
    with app.extensions["sessions"].read() as records:
        return list(records.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.at)))


def session_cookie(client):
    return client.browser.get_cookie("coverwright_session").value


def test_registering_signs_in_and_leaves_a_trace(app, client):
    assert client.register().status == 303
    assert client.get("/account").h1 == "Your account"
    account = accounts(app)[0]
    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert account.role.value == "member"
    assert actions(app) == ["account.created"]


@pytest.mark.parametrize(
    ("password", "accepted"),
    [("x" * 14, False), ("x" * 15, True), ("all lower case letters", True), ("p" * 128 + " é 🙂", True), ("", False)],
)
def test_only_the_length_of_a_password_counts(client, password, accepted):
    page = client.register(password=password)
    assert (page.status == 303) is accepted
    if not accepted:
        assert page.dom.find(id="password-error")


def test_every_letter_of_a_long_password_counts(client):
    client.register(password="w" * 80)
    client.sign_out()
    assert client.sign_in(password="w" * 64 + "x" * 16).status == 422
    assert client.sign_in(password="w" * 80).status == 303


def test_what_was_typed_comes_back_with_the_problem(client):
    page = client.register(email="not an address", password="short")
    assert page.status == 422
    assert page.dom.title.text.startswith("Error: Make an account")
    assert page.fields("/register")["name"] == "Sam Hill"
    assert page.fields("/register")["email"] == "not an address"
    assert page.fields("/register")["password"] == ""
    assert [link["href"] for link in page.dom.find(id="error-summary")("a")] == ["#email", "#password"]


def test_an_email_makes_one_account(app, client, new_client):
    client.register()
    page = new_client(app).register(email="SAM@example.com")
    assert page.status == 422
    assert len(accounts(app)) == 1


def test_extra_fields_change_nothing(app, client):
    client.register(role="admin", id="1", disabled_at="2026-01-01")
    assert accounts(app)[0].role.value == "member"


def test_wrong_person_and_wrong_password_look_alike(client):
    client.register()
    client.sign_out()
    unknown = client.sign_in(email="nobody@example.com")
    wrong = client.sign_in(password="another long password")
    assert unknown.status == wrong.status == 422
    shown = [page.dom.find(id="error-summary").get_text() for page in (unknown, wrong)]
    assert shown[0] == shown[1]


def test_a_hash_is_computed_for_unknown_people_too(monkeypatch):
    seen = []
    hasher = passwords._hasher

    class Watching:
        def verify(self, stored, password):
            seen.append(stored)
            return hasher.verify(stored, password)

        hash = staticmethod(hasher.hash)

    monkeypatch.setattr(passwords, "_hasher", Watching())
    assert passwords.verify(None, "the password of nobody at all") is False
    assert seen[0].startswith("$argon2id$")


def test_signing_in_changes_the_session_id_and_goes_back(client):
    client.register()
    client.sign_out()
    page = client.get("/account")
    assert page.location == "/sign-in?next=/account"
    client.get(page.location)
    before = session_cookie(client)
    assert client.sign_in(path=page.location).location == "/account"
    assert session_cookie(client) != before


def test_a_copied_cookie_is_dead_after_signing_out(app, client, new_client):
    client.register()
    copied = session_cookie(client)
    page = client.sign_out()
    assert "storage" in page.headers["Clear-Site-Data"]
    thief = new_client(app)
    thief.browser.set_cookie("coverwright_session", copied)
    assert thief.get("/account").location.startswith("/sign-in")


def test_a_cookie_that_we_did_not_make_is_nothing(client):
    client.browser.set_cookie("coverwright_session", "x" * 43 + "." + "0" * 64)
    assert client.get("/account").location.startswith("/sign-in")


def test_the_cookie_is_kept_only_as_a_hash(app, client):
    client.register()
    session_id = session_cookie(client).partition(".")[0]
    with app.extensions["sessions"].read() as records:
        row = records.scalars(sa.select(WebSession)).one()
    assert session_id not in str(row.id_hash) + str(row.data)


def test_looking_at_pages_writes_no_session(app, client):
    client.get("/")
    client.get("/sign-in")
    with app.extensions["sessions"].read() as records:
        assert records.scalar(sa.select(sa.func.count()).select_from(WebSession)) == 0


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/ok\n//x", ""]
)
def test_signing_in_never_leads_elsewhere(client, target):
    client.register()
    client.sign_out()
    page = client.submit(client.get("/sign-in"), "/sign-in", email="sam@example.com", password=GOOD, next=target)
    assert page.location == "/saved"


def test_the_eleventh_try_waits_and_others_do_not(app, client, new_client):
    client.register()
    client.sign_out()
    new_client(app).register(email="other@example.com")
    for _ in range(10):
        assert client.sign_in(password="wrong but long enough").status == 422
    page = client.sign_in()
    assert page.status == 429
    assert 0 < int(page.headers["Retry-After"]) <= 301
    assert new_client(app).sign_in(email="other@example.com").status == 303


def test_a_right_password_forgives_the_wrong_ones_before(client):
    client.register()
    client.sign_out()
    for _ in range(2):
        for _ in range(8):
            client.sign_in(password="wrong but long enough")
        assert client.sign_in().status == 303
        client.sign_out()


def test_changing_the_password_ends_other_browsers(app, client, new_client):
    client.register()
    other = new_client(app)
    other.sign_in()
    page = client.get("/account/password")
    new = "an even longer password"
    done = client.submit(page, "/account/password", current_password=GOOD, new_password=new)
    assert done.location == "/account"
    assert "password is changed" in client.get("/account").text
    assert other.get("/account").location.startswith("/sign-in")
    assert other.sign_in().status == 422
    assert other.sign_in(password=new).status == 303


def test_a_wrong_present_password_changes_nothing(client):
    client.register()
    page = client.get("/account/password")
    done = client.submit(page, "/account/password", current_password="not my password", new_password="n" * 20)
    assert done.status == 422
    assert done.dom.find(id="current_password-error")


def test_a_disabled_account_is_out_at_once(app, client):
    client.register()
    with app.extensions["sessions"].write() as records:
        account = records.scalars(sa.select(Account)).one()
        account.disabled_at = account.created_at
    assert client.get("/account").location.startswith("/sign-in")
    assert client.sign_in().status == 422


def test_failures_leave_a_trace(app, client):
    client.register()
    client.sign_out()
    client.sign_in(password="wrong but long enough")
    assert actions(app) == ["account.created", "account.signed_out", "account.sign_in_failed"]


def test_a_signed_in_page_costs_few_statements(client, count_sql):
    client.register()
    client.get("/account")
    with count_sql() as seen:
        client.get("/account")
    assert len([each for each in seen if each.startswith("SELECT")]) <= 2


def at_once(app, client, path, body, times):
    """The same form from several threads of one browser at the same moment; returns the answers."""
    cookies, ready = client.browser._cookies.copy(), Barrier(times)

    def send(_):
        browser = app.test_client()
        browser._cookies = cookies.copy()
        ready.wait()
        return browser, browser.post(path, data=body)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(send, range(times)))


def test_registering_twice_at_once_gives_one_account_and_one_answer(app_on_both, new_client):
    client = new_client(app_on_both)
    form = client.get("/register").fields("/register")
    body = form | {"email": "sam@example.com", "name": "Sam Hill", "password": GOOD}
    answers = at_once(app_on_both, client, "/register", body, 4)
    assert {(answer.status_code, answer.headers.get("Location")) for _, answer in answers} == {(303, "/")}
    assert {browser.get("/account").status_code for browser, _ in answers} == {200}
    assert len(accounts(app_on_both)) == 1


@pytest.mark.parametrize("change", [{"password": "another long password"}, {"email": "else@example.com"}])
def test_a_form_key_does_not_open_an_account(app, client, new_client, change):
    form = client.get("/register").fields("/register")
    body = form | {"email": "sam@example.com", "name": "Sam Hill", "password": GOOD}
    cookies = client.browser._cookies.copy()
    assert client.post("/register", body, token=False).status == 303
    again = new_client(app)
    again.browser._cookies = cookies
    assert again.post("/register", body | change, token=False).status == 422
    assert again.get("/account").status == 303
    assert len(accounts(app)) == 1


def test_the_limit_holds_for_tries_at_once(app_on_both, new_client, monkeypatch):
    monkeypatch.setattr("portal.accounts.operations.SIGN_IN_BY_EMAIL", Limit("few", 3, timedelta(minutes=5)))
    client = new_client(app_on_both)
    form = client.get("/sign-in").fields("/sign-in")
    body = form | {"email": "sam@example.com", "password": "wrong but long enough"}
    answers = at_once(app_on_both, client, "/sign-in", body, 8)
    assert sorted(answer.status_code for _, answer in answers) == [422] * 3 + [429] * 5
