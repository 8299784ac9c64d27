"""The only module that imports WeasyPrint: the closed fetcher, the style sheet and fonts read once, the layout.

Import it inside functions, never at the top of a module: without the pango libraries the import itself fails.
"""

import logging
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint import CSS, HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from portal.web.branding import branding

STATIC = Path(__file__).resolve().parents[2] / "static"
TYPEFACE = "vendor/source-sans-3"
STYLE_SHEET = "pdf.css"
SAFE_LINKS = ("https:", "mailto:", "tel:")
VARIANT = "pdf/ua-1"
# Its warnings quote the letters of people's names that no font has; its errors (a fetch refused) are kept.
logging.getLogger("weasyprint").setLevel(logging.ERROR)


class FetchRefused(ValueError):
    """A document asked for something that it may not have; WeasyPrint leaves it out and goes on."""


class ClosedFetcher(URLFetcher):
    """Fetches nothing but the files it was told of by path: no network, no other file, no data: address."""

    def __init__(self, allowed: frozenset[Path] = frozenset()) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False)
        self._allowed = allowed

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        """Answer with the file's content, or raise FetchRefused."""
        parts = urlsplit(url)
        path = Path(unquote(parts.path))
        if parts.scheme != "file" or parts.netloc or path not in self._allowed:
            raise FetchRefused(f"a document may not load {url[:200]!r}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/woff2"})


@cache
def fonts() -> FontConfiguration:
    """The typefaces, loaded once per process."""
    return FontConfiguration()


@cache
def style_sheet() -> CSS:
    """Our style sheet with the payer's colours, parsed once per process; it may load our typeface and nothing else."""
    return CSS(
        string=_colours() + (STATIC / STYLE_SHEET).read_text(encoding="utf-8"),
        base_url=f"{STATIC.as_uri()}/",
        url_fetcher=ClosedFetcher(frozenset((STATIC / TYPEFACE).glob("*.woff2"))),
        font_config=fonts(),
    )


def _colours() -> str:
    values = "".join(f"--{name}:{value};" for name, value in branding().colours.items())
    return f":root{{{values}}}\n"


def release() -> None:
    """Let go of style sheet and fonts; the fonts' temporary folder goes with them."""
    style_sheet.cache_clear()
    fonts.cache_clear()


def lay_out(html: str) -> Document:
    """Lay a page of HTML out on paper. Nothing it names is fetched; links other than https, mailto and tel go."""
    source = HTML(string=html, base_url=None, url_fetcher=ClosedFetcher())
    document = source.render(font_config=fonts(), stylesheets=[style_sheet()], pdf_variant=VARIANT)
    for page in document.pages:
        page.links = [link for link in page.links if _is_safe(*link[:2])]
    return document


def write(document: Document) -> bytes:
    """Write the pages as a tagged file (PDF/UA-1)."""
    return document.write_pdf(pdf_variant=VARIANT)


def _is_safe(kind: str, target: str) -> bool:
    return kind == "internal" or (kind == "external" and target.lower().startswith(SAFE_LINKS))
