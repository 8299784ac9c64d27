"""Makes PDF files. Pages about a person are laid out each time; pages about plans once, then joined to everybody's.

Page numbers run through the joined file because each part is laid out with as many blank pages as the other part has,
which are then left out: the layout counts them, the reader never sees them.
"""

import atexit
import hashlib
import sys
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any, Generic, TypeVar

from portal.documents.pages import write_html

MOST_PAGES = 60
MOST_HTML = 1_500_000  # characters of one part; far above any real household, far below what stalls a server
TYPICAL_OWN_PAGES = 3
KEPT_FILES = 24
KEPT_PARTS = 24
NEEDED = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"


class PdfUnavailable(Exception):
    """PDF files cannot be made on this machine; the message says what is missing."""


class DocumentTooLong(Exception):
    """The document would have more pages or more text than this portal makes."""


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether PDF files can be made here and, where not, why, in words for the person who presses the button."""

    ok: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One template of templates/pdf with its values: strings, numbers, dates and frozen dataclasses of these."""

    template: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """A document: the person's own pages, then pages that are the same for everybody with these plans.

    ``footer`` stands on every page. ``made_on`` is the only date in the file's metadata, so equal letters make equal
    bytes. ``shared`` must hold no personal value: its pages are kept and joined to other people's documents.
    """

    title: str
    made_on: date
    footer: str
    own: Part
    shared: Part | None = None
    language: str = "en-US"
    large_print: bool = False
    most_pages: int = MOST_PAGES


Value = TypeVar("Value")


@dataclass
class Kept(Generic[Value]):
    """The newest few values by key; the one that was not used longest goes first."""

    most: int
    values: OrderedDict[str, Value] = field(default_factory=OrderedDict)

    def get(self, key: str, make: Callable[[], Value]) -> Value:
        """Return the value kept for the key, or make and keep it."""
        if key not in self.values:
            self.values[key] = make()
        self.values.move_to_end(key)
        while len(self.values) > self.most:
            self.values.popitem(last=False)
        return self.values[key]

    def clear(self) -> None:
        """Forget everything."""
        self.values.clear()


_files: Kept[bytes] = Kept(KEPT_FILES)
_parts: Kept[list] = Kept(KEPT_PARTS)
_counts: Kept[int] = Kept(KEPT_PARTS)
_one_at_a_time = Lock()  # the layout's font tables and the kept pages are shared by every thread


def pdf_available() -> Availability:
    """Tell whether PDF files can be made here. Cheap after the first call that succeeds."""
    try:
        import portal.documents.weasy  # noqa: F401
    except (ImportError, OSError) as error:
        return Availability(ok=False, why=_reason(error))
    return Availability(ok=True)


def _reason(error: Exception) -> str:
    return (
        "PDF files cannot be made here: the text-layout libraries they need (pango) are not installed on the server. "
        f"Whoever runs it can install them on Debian with: apt-get install {NEEDED}. Then restart the portal. "
        f"The system said: {str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__}"
    )


def make_pdf(letter: Letter) -> bytes:
    """Return the letter as a tagged PDF/UA-1 file; equal letters give equal bytes, from memory the second time.

    Raises PdfUnavailable without the system's libraries, DocumentTooLong beyond the limits above.
    """
    available = pdf_available()
    if not available.ok:
        raise PdfUnavailable(available.why)
    with _one_at_a_time:
        return _files.get(_key(letter), lambda: _make(letter))


def forget() -> None:
    """Forget all kept pages and files, as a new process would."""
    with _one_at_a_time:
        for kept in (_files, _parts, _counts):
            kept.clear()


@atexit.register
def _leave() -> None:
    """Let go of pages, then of their fonts, while the libraries that free them still stand."""
    forget()
    if weasy := sys.modules.get("portal.documents.weasy"):
        weasy.release()


def _make(letter: Letter) -> bytes:
    from portal.documents import weasy

    after = _count_shared(letter)
    own = weasy.lay_out(_html(letter, letter.own, before=0, after=after))
    pages = own.pages[: len(own.pages) - after]
    if letter.shared:
        pages = pages + _shared_pages(letter, before=len(pages))
    if len(pages) > letter.most_pages:
        raise DocumentTooLong(f"The document would have {len(pages)} pages; this portal makes {letter.most_pages}.")
    return weasy.write(own.copy(pages))


def _count_shared(letter: Letter) -> int:
    if not letter.shared:
        return 0
    return _counts.get(_shared_key(letter), lambda: len(_shared_pages(letter, before=TYPICAL_OWN_PAGES)))


def _shared_pages(letter: Letter, before: int) -> list:
    from portal.documents import weasy

    def make() -> list:
        return weasy.lay_out(_html(letter, letter.shared, before=before, after=0)).pages[before:]

    return _parts.get(f"{_shared_key(letter)} after {before}", make)


def _html(letter: Letter, part: Part, before: int, after: int) -> str:
    frame = {"letter": letter, "blanks_before": before, "blanks_after": after}
    html = write_html(part.template, {**part.values, **frame})
    if len(html) > MOST_HTML:
        raise DocumentTooLong(f"The document has {len(html):,} characters; this portal takes {MOST_HTML:,}.")
    return html


def _shared_key(letter: Letter) -> str:
    return _key((letter.shared, letter.footer, letter.made_on, letter.language, letter.large_print))


def _key(value: object) -> str:
    return hashlib.sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()
