"""The engine: closed to the outside, bounded, honest about what is missing, and quick the second time."""

import io
import os
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdf
import pytest
from jinja2 import UndefinedError

from portal.documents import engine, pages, weasy
from portal.documents.engine import DocumentTooLong, Letter, Part, PdfUnavailable, make_pdf
from portal.documents.summary import make_summary_pdf, summary_letter

SECRET = "canary-7d1f"
LETTER = Letter(title="T", made_on=date(2026, 11, 15), footer="F", own=Part("plans.html", {"plans": ()}))


@pytest.fixture
def no_network(monkeypatch):
    calls = []

    def refuse(*arguments, **options):
        calls.append(arguments)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return calls


def hostile_page(secret) -> str:
    return f"""<html lang="en"><head><title>T</title>
    <link rel="stylesheet" href="http://198.51.100.7/a.css">
    <link rel="stylesheet" href="{secret.as_uri()}">
    <link rel="attachment" href="{secret.as_uri()}">
    <link rel="attachment" href="http://198.51.100.7/b">
    <link rel="attachment" href="{(weasy.STATIC / "pdf.css").as_uri()}">
    <link rel="attachment" href="data:text/plain,{SECRET}">
    <style>@import "http://198.51.100.7/c.css"; @import url("{secret.as_uri()}");
    @font-face {{ font-family: x; src: url(http://198.51.100.7/x.woff2) }}
    p {{ background: url("{secret.as_uri()}"); font-family: x }}
    p::before {{ content: url(http://198.51.100.7/d.png) }}</style></head><body>
    <p>Text <img alt="" src="http://198.51.100.7/e.png"> <img alt="" src="{secret.as_uri()}">
    <img alt="" src="file:///etc/passwd"> <img alt="" src="ftp://198.51.100.7/f">
    <img alt="" src="//198.51.100.7/g"> <img alt="" src="data:text/html,{SECRET}">
    <object data="{secret.as_uri()}"></object><embed src="{secret.as_uri()}">
    <iframe src="http://198.51.100.7/h"></iframe><script>x()</script>
    <a href="javascript:x()">a</a> <a href="file:///etc/passwd">b</a> <a rel="attachment" href="{secret.as_uri()}">c</a>
    <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><title>t</title>
    <image xlink:href="http://198.51.100.7/i.png"/><use xlink:href="{secret.as_uri()}#a"/></svg>
    <a href="https://example.org/">d</a></p></body></html>"""


def test_hostile_html_asks_for_nothing_and_embeds_nothing(tmp_path, no_network):
    secret = tmp_path / "secret.css"
    secret.write_text(f"p::after {{ content: '{SECRET}' }}")
    content = weasy.write(weasy.lay_out(hostile_page(secret)))
    assert no_network == []
    pdf = pypdf.PdfReader(io.BytesIO(content))
    assert pdf.attachments == {}
    dictionaries = list(dictionaries_of([pdf.get_object(number) for number in range(1, len(pdf.xref[0]) + 1)]))
    assert not any(entry.get("/Type") in ("/EmbeddedFile", "/Filespec") for entry in dictionaries)
    assert not any("/JS" in entry or entry.get("/S") in ("/JavaScript", "/Launch") for entry in dictionaries)
    addresses = [entry["/URI"] for entry in dictionaries if "/URI" in entry]
    assert addresses == ["https://example.org/"]
    assert SECRET not in "".join(page.extract_text() for page in pdf.pages)
    assert SECRET.encode() not in content


def dictionaries_of(value):
    """Every dictionary inside a value, references apart: each object is looked at once."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from dictionaries_of(inner)


def test_the_fetcher_serves_only_what_it_was_told(tmp_path):
    font = weasy.STATIC / weasy.TYPEFACE / "latin-400.woff2"
    fetcher = weasy.ClosedFetcher(frozenset({font}))
    assert fetcher.fetch(font.as_uri()).read() == font.read_bytes()
    detour = f"{weasy.STATIC.as_uri()}/vendor/../vendor/source-sans-3/latin-400.woff2"
    refused = (
        "http://example.org/a",
        "https://example.org/a",
        "file:///etc/passwd",
        "data:,x",
        "ftp://example.org/a",
        "javascript:x",
        "//example.org/a",
        f"file://example.org{font}",
        f"{weasy.STATIC.as_uri()}/vendor/source-sans-3/../../../README.md",
        detour,
    )
    for url in refused:
        with pytest.raises(ValueError, match="may not load"):
            fetcher.fetch(url)


def test_our_typeface_is_the_one_on_paper(example):
    pdf = pypdf.PdfReader(io.BytesIO(make_summary_pdf(example.FAMILY_OF_FOUR)))
    fonts = {str(font.get_object()["/BaseFont"]) for page in pdf.pages for font in page["/Resources"]["/Font"].values()}
    assert fonts
    assert all("Source-Sans-3" in name or "SourceSans3" in name for name in fonts), fonts


def test_without_the_libraries_it_says_what_is_missing(monkeypatch, example):
    monkeypatch.delitem(sys.modules, "portal.documents.weasy")
    monkeypatch.delattr("portal.documents.weasy")
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    available = engine.pdf_available()
    assert not available.ok
    assert "libpango-1.0-0" in available.why
    with pytest.raises(PdfUnavailable, match="pango"):
        make_summary_pdf(example.FAMILY_OF_FOUR)


def test_a_library_that_does_not_load_is_told_in_one_line(monkeypatch):
    monkeypatch.delitem(sys.modules, "portal.documents.weasy")
    monkeypatch.delattr("portal.documents.weasy")
    monkeypatch.setattr("importlib._bootstrap._find_and_load_unlocked", _cannot_load)
    assert "cannot load library 'libgobject" in engine.pdf_available().why


def _cannot_load(name, import_):
    raise OSError("cannot load library 'libgobject-2.0-0'\nand ten lines more")


def test_with_the_libraries_it_is_available():
    assert engine.pdf_available() == engine.Availability(ok=True)


def test_too_many_pages_are_refused(example):
    letter = replace(summary_letter(example.FAMILY_OF_FOUR), most_pages=5)
    with pytest.raises(DocumentTooLong, match="would have 9 pages; this portal makes 5"):
        make_pdf(letter)


def test_too_much_text_is_refused_before_layout(example, monkeypatch):
    monkeypatch.setattr(engine, "MOST_HTML", 1000)
    monkeypatch.setattr(weasy, "lay_out", lambda html: pytest.fail("laid out"))
    with pytest.raises(DocumentTooLong, match="this portal takes 1,000"):
        make_pdf(replace(summary_letter(example.FAMILY_OF_FOUR), title="another"))


def test_shared_pages_are_laid_out_once(example, fresh, monkeypatch):
    laid_out = []
    original = weasy.lay_out
    monkeypatch.setattr(weasy, "lay_out", lambda html: laid_out.append("Lantern Statewide" in html) or original(html))
    for name in ("One Person", "Two Person", "Three Person"):
        make_summary_pdf(example.with_name(name))
    assert laid_out.count(False) == 3
    assert laid_out.count(True) <= 2
    make_summary_pdf(example.with_name("One Person"))
    assert len(laid_out) <= 5


def test_joined_pages_are_the_pages_laid_out_as_one(example, fresh):
    warm = make_summary_pdf(example.with_name("Warm Person"))
    warm = make_summary_pdf(example.FAMILY_OF_FOUR)
    engine.forget()
    assert make_summary_pdf(example.FAMILY_OF_FOUR) == warm


def test_kept_files_are_bounded(fresh):
    for number in range(engine.KEPT_FILES + 5):
        make_pdf(replace(LETTER, title=f"Letter {number}"))
    assert len(engine._files.values) == engine.KEPT_FILES


def test_threads_get_the_same_bytes(example, fresh):
    made = []
    threads = [threading.Thread(target=lambda: made.append(make_summary_pdf(example.FAMILY_OF_FOUR))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1


def test_text_is_made_plain():
    assert pages.plain("a\x00b\u202ec\ud800d") == "a b c d"
    assert pages.plain("x" * 50, 10) == "x" * 9 + "…"
    assert pages.plain("Zo\u00eb \u200d \u200f") == "Zo\u00eb \u200d  "


def test_a_name_that_does_not_exist_is_an_error():
    with pytest.raises(UndefinedError, match="'summary' is undefined"):
        pages.write_html("summary.html", {"letter": LETTER, "blanks_before": 0, "blanks_after": 0})


def test_a_process_that_made_documents_ends_well(tmp_path):
    script = (
        "import sys, importlib.util\n"
        f"spec = importlib.util.spec_from_file_location('example', {str(Path(__file__).with_name('example.py'))!r})\n"
        "example = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(example)\n"
        "from portal.documents.summary import make_summary_pdf\n"
        "sys.stdout.buffer.write(make_summary_pdf(example.FAMILY_OF_FOUR)[:5])\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=weasy.STATIC.parent, env=environment, capture_output=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, b"%PDF-"), ended.stderr.decode()
    assert list(tmp_path.iterdir()) == []
