"""Headers of every answer, whatever it is."""

import pytest

from tests.portal.conftest import make_app

PATHS = ["/", "/help", "/nope", "/healthz", "/static/site.css", "/sign-in"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_forbids_everything_that_is_not_ours(app, path):
    headers = app.test_client().get(path, buffered=True).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Server" not in headers or "Werkzeug" not in headers["Server"]


def test_pages_are_not_stored(client):
    assert client.get("/").headers["Cache-Control"] == "no-store"
    assert client.get("/nope").headers["Cache-Control"] == "no-store"


def test_files_with_a_hash_in_their_name_are_kept_for_years(app, client):
    sheets = [link["href"] for link in client.get("/").dom("link", rel="stylesheet")]
    answer = app.test_client().get(next(sheet for sheet in sheets if "/site." in sheet), buffered=True)
    assert "immutable" in answer.headers["Cache-Control"]
    assert "@font-face" in answer.text


def test_text_files_travel_compressed(app):
    answer = app.test_client().get("/static/site.css", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert answer.headers["Content-Encoding"] == "gzip"


def test_production_insists_on_https(tmp_path):
    app = make_app(
        f"sqlite:///{tmp_path / 'p.db'}",
        tmp_path,
        COVERWRIGHT_MODE="production",
        SECRET_KEY="k" * 32,
        COVERWRIGHT_HOSTS="localhost",
    )
    answer = app.test_client().get("/sign-in", base_url="https://localhost")
    assert "includeSubDomains" in answer.headers["Strict-Transport-Security"]
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-coverwright_session=")
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie

    assert app.test_client().get("/help", base_url="https://evil.example").status_code == 400


@pytest.mark.parametrize("host", ["evil.example/path", "a b", "evil.example:x", "user@evil.example", "[", "<x>"])
def test_a_host_that_is_no_name_is_refused(app, host):
    assert app.test_client().get("/help", headers={"Host": host}).status_code == 400
    assert app.test_client().get("/help", headers={"Host": "localhost:8000"}).status_code == 200


def test_going_back_asks_for_the_whole_page(app):
    from portal.web.factory import htmx

    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    with app.test_request_context("/plans", headers={"HX-Request": "true"}):
        assert htmx
    with app.test_request_context("/plans", headers=back):
        assert not htmx


def test_trace_is_refused(app):
    assert app.test_client().open("/", method="TRACE").status_code == 405


def test_a_page_is_small(app, client):
    """Landing page with its styles and scripts, compressed, without fonts: at most 60 KB."""
    import gzip

    page = client.get("/")
    files = [tag.get("href") or tag.get("src") for tag in page.dom(["link", "script"])]
    texts = [app.test_client().get(file, buffered=True).data for file in files if file.endswith((".css", ".js"))]
    assert sum(len(gzip.compress(text)) for text in [page.text.encode(), *texts]) < 60_000
