"""The portal on an empty database, and the one client that looks at every page it fetches."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urldefrag, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from catalog.store.base import Base
from portal import create_app
from tests.demo_release import copy_template, make_template

LABELLED = ("input", "select", "textarea")
UNLABELLED_TYPES = ("hidden", "submit", "button")
OK_RANGE_END, BAD_REQUEST = 300, 400


def make_app(database_url, data, **settings) -> Flask:
    app = create_app(
        {
            "DATABASE_URL": database_url,
            "COVERWRIGHT_DATA": str(data),
            "COVERWRIGHT_MODE": "test",
            "COVERWRIGHT_TODAY": "2026-11-15",
            "TESTING": True,
            **settings,
        }
    )
    Base.metadata.create_all(app.extensions["sessions"].engine)
    return app


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory):
    """Where the portals of this run keep their files; the published styles need to be written only once."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def app(tmp_path, data_folder) -> Iterator[Flask]:
    """The portal on an empty SQLite database."""
    app = make_app(f"sqlite:///{tmp_path / 'portal.db'}", data_folder)
    yield app
    app.extensions["sessions"].engine.dispose()


@pytest.fixture
def app_on_both(database_url, data_folder) -> Iterator[Flask]:
    """The portal on an empty database, once for each engine: for what depends on transactions."""
    app = make_app(database_url, data_folder)
    yield app
    app.extensions["sessions"].engine.dispose()


class Page:
    """An answer: status, headers, and the parsed page (`dom`, a BeautifulSoup)."""

    def __init__(self, response: TestResponse, path: str) -> None:
        self.response, self.path = response, path
        self.status, self.headers, self.text = response.status_code, response.headers, response.text
        self.dom = BeautifulSoup(self.text, "html.parser")

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.headers["Location"]

    @property
    def h1(self) -> str:
        return " ".join(self.dom.h1.get_text().split())

    def form(self, action: str):
        """The one form of the content that is sent to a path beginning with `action`."""
        forms = [form for form in self.dom.main("form") if form["action"].startswith(action)]
        assert len(forms) == 1, f"{len(forms)} forms for {action} on {self.path}"
        return forms[0]

    def fields(self, action: str) -> dict[str, str]:
        """What the form would send as it stands."""
        return form_fields(self.form(action))


def form_fields(form) -> dict[str, str]:
    """Names and values that a browser would send for a form nobody touched."""
    found = {}
    for control in form(["input", "select", "textarea"]):
        name, kind = control.get("name"), control.get("type", "text")
        if not name or (kind in ("radio", "checkbox") and not control.has_attr("checked")):
            continue
        if control.name == "select":
            chosen = control.find("option", selected=True) or control.find("option")
            found[name] = chosen.get("value", chosen.text) if chosen else ""
        else:
            found[name] = control.text if control.name == "textarea" else control.get("value", "")
    return found


class PageClient:
    """Fetches pages as a browser without scripts does, and checks what must hold for every page."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browser = app.test_client()

    def get(self, path: str, **options) -> Page:
        return self._check(Page(self.browser.get(path, **options), path))

    def post(self, path: str, data: dict | None = None, *, token: bool = True, **options) -> Page:
        """Send a form; the form token is added as a page of ours would have given it."""
        body = {**({"csrf_token": self.token()} if token else {}), **(data or {})}
        return self._check(Page(self.browser.post(path, data=body, **options), path))

    def submit(self, page: Page, action: str, **changes) -> Page:
        """Fill in and send a form of a page."""
        fields = page.fields(action) | changes
        return self.post(page.form(action)["action"], fields, token=False)

    def follow(self, page: Page) -> Page:
        """Follow redirects to the page they lead to."""
        while page.status in (301, 302, 303, 307, 308):
            page = self.get(page.location)
        return page

    def token(self) -> str:
        """The form token of this browser: on the sign-out button, or on the sign-in form."""
        pages = (BeautifulSoup(self.browser.get(path).text, "html.parser") for path in ("/help", "/sign-in"))
        return next(found["value"] for page in pages if (found := page.find("input", attrs={"name": "csrf_token"})))

    def register(self, email="sam@example.com", password="a long enough password", name="Sam Hill", **more) -> Page:
        return self.submit(self.get("/register"), "/register", email=email, password=password, name=name, **more)

    def sign_in(self, email="sam@example.com", password="a long enough password", path="/sign-in") -> Page:
        return self.submit(self.get(path), "/sign-in", email=email, password=password)

    def sign_out(self) -> Page:
        return self.post("/sign-out")

    def _check(self, page: Page) -> Page:
        check_headers(page)
        moved = OK_RANGE_END <= page.status < BAD_REQUEST
        if not moved and "<html" in page.text:
            check_page(page, self.app)
        return page


def check_headers(page: Page) -> None:
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert "HX-Request" in page.headers["Vary"]


def check_page(page: Page, app: Flask) -> None:
    """What must hold for every page, whatever it shows."""
    dom = page.dom
    assert dom.html["lang"] == "en"
    assert len(dom("h1")) == 1, f"{page.path} has {len(dom('h1'))} h1"
    assert dom.title.text.removeprefix("Error: ").startswith(page.h1), f"title {dom.title.text!r}, h1 {page.h1!r}"
    assert page.h1
    check_ids(page)
    check_labels(page)
    check_nothing_inline(page)
    check_forms(page)
    check_links(page, app)


def check_ids(page: Page) -> None:
    ids = [element["id"] for element in page.dom(id=True)]
    assert len(ids) == len(set(ids)), f"{page.path}: twice {sorted({each for each in ids if ids.count(each) > 1})}"
    for attribute in ("aria-describedby", "aria-labelledby", "for"):
        for element in page.dom(attrs={attribute: True}):
            for target in element[attribute].split():
                assert target in ids, f"{page.path}: {attribute} points to missing {target}"


def check_labels(page: Page) -> None:
    labelled = {label["for"] for label in page.dom("label", attrs={"for": True})}
    for control in page.dom(LABELLED):
        if control.get("type") not in UNLABELLED_TYPES:
            named = control.get("id") in labelled or control.find_parent("label") or control.get("aria-label")
            assert named, f"{page.path}: no label for {control}"
    for button in page.dom("button"):
        assert button.get_text(strip=True) or button.get("aria-label"), f"{page.path}: nameless {button}"


def check_nothing_inline(page: Page) -> None:
    assert not page.dom("style")
    assert not page.dom(style=True), f"{page.path}: {page.dom(style=True)[:1]}"
    assert all(script.get("src") for script in page.dom("script"))
    assert not re.search(r"\son[a-z]+=", re.sub(r">[^<]*<", "><", page.text)), f"{page.path} has an inline handler"
    assert "ds-undefined" not in page.text


def check_forms(page: Page) -> None:
    for form in page.dom("form"):
        assert form.has_attr("novalidate") or not form("input", required=True), f"{page.path}: {form['action']}"
        if form.get("method", "get").lower() == "post":
            assert form.find("input", attrs={"name": "csrf_token"}), f"{page.path}: {form['action']} has no token"


def check_links(page: Page, app: Flask) -> None:
    routes = app.url_map.bind("localhost")
    for link in page.dom("a", href=True):
        address, fragment = urldefrag(link["href"])
        if fragment and not address:
            assert page.dom(id=fragment), f"{page.path}: #{fragment} leads nowhere"
        if address.startswith("/") and not address.startswith("/static/"):
            assert routes.test(urlsplit(address).path, "GET"), f"{page.path}: {address} leads nowhere"


@pytest.fixture
def client(app) -> PageClient:
    """A browser without scripts on `app`."""
    return PageClient(app)


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory, all_tables):
    """The demo's plan year 2027, published: an SQLite file that tests copy and never open."""
    return make_template(tmp_path_factory.mktemp("demo"), years=(2027,))


@pytest.fixture
def demo_app(demo_template, tmp_path, data_folder) -> Iterator[Flask]:
    """The portal on a copy of the demo's catalogue, with nobody in it yet."""
    app = make_app(copy_template(demo_template, tmp_path), data_folder)
    yield app
    app.extensions["sessions"].engine.dispose()


@pytest.fixture
def demo_client(demo_app) -> PageClient:
    """A browser without scripts on `demo_app`."""
    return PageClient(demo_app)


@pytest.fixture
def family(demo_client) -> PageClient:
    """The same browser after the landing page was sent: a family of four in Franklin County."""
    landing = demo_client.get("/")
    answer = demo_client.submit(landing, "/start", zip_code="43215", people="38, 36, 7, 4", income="72000")
    assert answer.status == 303, answer.text
    return demo_client


@pytest.fixture
def new_client():
    """What makes another browser of an app."""
    return PageClient


@pytest.fixture
def count_sql(app):
    """Records the SQL statements of a block; call it in a `with` statement."""

    @contextmanager
    def counting(engine=None):
        seen = []
        engine = engine or app.extensions["sessions"].engine

        def note(connection, cursor, statement, *_):
            seen.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting
