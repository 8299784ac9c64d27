"""Hidden characters, absurd sizes and broken headers are refused in words, alike on both databases."""

from decimal import Decimal
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from catalog.store.base import is_public_id
from portal.household.forms import AddressForm, parse_income
from portal.plans.forms import read_dollars
from portal.web.database import db
from portal.web.models import Shopper
from portal.web.permissions import policy
from tests.portal.conftest import PageClient
from tests.portal.samples import Note, notes

GOOD = {"zip_code": "43215", "people": "38", "income": "", "idempotency_key": "k"}


@pytest.fixture
def shop(app_on_both):
    app_on_both.register_blueprint(notes)
    return app_on_both


@pytest.mark.parametrize("field", ["zip_code", "people", "income", "idempotency_key"])
def test_a_hidden_character_names_the_field(shop, field):
    page = PageClient(shop).post("/start", GOOD | {field: "4\x005"})
    assert page.status == 422
    assert field.replace("_", " ") in page.text


def test_a_hidden_character_in_the_address_names_the_argument(shop):
    page = PageClient(shop).get("/plans?most_premium=4%005")
    assert page.status == 422
    assert "most premium" in page.text
    assert PageClient(shop).post("/start", GOOD | {"na\x00me": "x"}).status == 422


@pytest.mark.parametrize("public_id", ["\x00", "f" * 31 + "\x00", "F" * 32, "x", "f" * 4000, "\ud800"])
def test_an_impossible_id_is_a_missing_page(shop, public_id):
    client = PageClient(shop)
    client.post("/notes", {"text": "mine", "idempotency_key": "k"})
    path = quote(public_id.encode("utf-8", "surrogatepass"))
    assert client.get(f"/notes/{path}").status == 404
    assert client.get(f"/saved/{path}").status == 404


def test_an_impossible_id_matches_no_row(shop):
    with shop.extensions["sessions"].read() as records:
        for public_id in ("\x00", "f" * 32 + "\n", "\ud800"):
            assert not is_public_id(public_id)
            assert records.scalars(sa.select(Shopper).where(Shopper.id == public_id)).all() == []


def test_possible_ids_still_find_their_row(shop):
    client = PageClient(shop)
    path = client.post("/notes", {"text": "mine", "idempotency_key": "k"}).location
    assert client.get(path).text == "mine"
    assert str(Note.id == path.rsplit("/", 1)[1]) == "sample_note.id = :id_1"


@pytest.mark.parametrize(("number", "status"), [(1_000, 400), (1_001, 413), (200_000, 413)])
def test_a_form_has_at_most_a_thousand_fields(app, number, status):
    body = "&".join(["a=1"] * number)
    answer = app.test_client().post("/start", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == status


def test_an_address_has_at_most_a_thousand_arguments(client):
    assert client.get("/help?" + "&".join(["a=1"] * 1_001)).status == 413


@pytest.mark.parametrize("form", [{"a": "x" * 20_000}, {f"a{number}": "x" for number in range(101)}])
def test_a_page_never_repeats_a_form_larger_than_ours(client, form):
    page = client.post("/register", form, token=False)
    assert page.status == 400
    assert len(page.text) < 10_000
    kept = client.post("/account/password", form)
    assert kept.location == "/sign-in?next=/"


def test_a_conflict_on_an_absurd_form_offers_no_second_try(shop):
    client = PageClient(shop)
    path = client.post("/notes", {"text": "start", "idempotency_key": "k"}).location
    page = client.post(path, {"text": "x" * 20_000, "version": "7"})
    assert page.status == 409
    assert not page.dom.main("form")


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "https://a]b", "//[x"])
def test_an_origin_that_cannot_be_read_is_not_ours(client, origin):
    assert client.post("/sign-out", headers={"Origin": origin}).status == 403
    assert client.post("/sign-out", headers={"Referer": origin}).status == 303
    assert client.get("/sign-in", query_string={"next": origin}).status == 200


def busy_errors():
    import sqlite3

    import psycopg

    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = sqlite3.SQLITE_BUSY_SNAPSHOT
    return [locked, psycopg.errors.LockNotAvailable("x"), psycopg.errors.QueryCanceled("x"), psycopg.OperationalError()]


@pytest.mark.parametrize("cause", busy_errors(), ids=lambda cause: type(cause).__name__)
def test_busy_records_ask_to_come_back(app, client, cause):
    def busy():
        raise sa.exc.OperationalError("UPDATE", {}, cause)

    app.add_url_rule("/busy", "busy", policy.public(busy))
    page = client.get("/busy")
    assert page.status == 503
    assert int(page.headers["Retry-After"]) > 0


def test_really_busy_records_ask_to_come_back(app, client, monkeypatch):
    def write():
        db().execute(sa.text("PRAGMA busy_timeout = 20"))
        return "done"

    app.add_url_rule("/write", "write", policy.public(write), methods=["POST"])
    token = client.token()
    engine = app.extensions["sessions"].engine
    sa.event.listen(engine, "checkout", lambda connection, *_: connection.execute("PRAGMA busy_timeout = 20"))
    with engine.begin():
        page = client.post("/write", {"csrf_token": token}, token=False)
    assert page.status == 503


def test_other_database_errors_are_ours(app, client):
    def wrong():
        db().execute(sa.text("SELECT nothing FROM nowhere"))

    app.add_url_rule("/wrong", "wrong", policy.public(wrong))
    assert client.get("/wrong").status == 500


@pytest.mark.parametrize(
    "text", ["1e5", "1E-999999", "1e999999", "NaN", "Infinity", "1_000", "-5", ".", "9" * 400, "٤"]
)
def test_an_amount_is_made_of_digits(text):
    for read in (read_dollars, parse_income):
        with pytest.raises(ValueError, match="dollars"):
            read(text)
    assert read_dollars("$1,200.50") == Decimal("1200.50")
    assert read_dollars(" ") is None
    assert read_dollars(None) is None


@pytest.mark.parametrize("size", ["9" * 400, "9" * 5_000, "-" + "9" * 400, "0" * 40])
def test_a_huge_number_is_a_wrong_number(app, size):
    with app.test_request_context(method="POST", data={"tax_household_size": size}):
        form = AddressForm(meta={"csrf": False})
        form.offer_starts(())
        form.validate()
    assert form.tax_household_size.errors


@pytest.mark.parametrize("path", ["/plans?page={}", "/plans?most_premium={}", "/saved?number={}"])
def test_a_huge_number_in_the_address_breaks_nothing(family, path):
    for number in ("9" * 400, "-" + "9" * 400, "9" * 5_000):
        assert family.get(path.format(number)).status == 200
