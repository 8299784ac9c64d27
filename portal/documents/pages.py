"""Plain values to HTML for paper: one closed template environment that knows templates/pdf and nothing else."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from portal.web import formats
from portal.web.branding import branding

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
LONGEST_TEXT = 1200  # characters of one value; longer ones end in an ellipsis
CUT = "\u2026"
# Controls, halves of characters, and signs that turn the direction of the text around them.
UNPRINTABLE = frozenset({"Cc", "Cs", "Co", "Cn"})
DIRECTION_SIGNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def plain(text: str, longest: int = LONGEST_TEXT) -> str:
    """Text without control characters, cut to the longest length with an ellipsis."""
    kept = "".join(character if _prints(character) else " " for character in text[: longest * 4])
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + CUT


def _prints(character: str) -> bool:
    return character not in DIRECTION_SIGNS and unicodedata.category(character) not in UNPRINTABLE


def _finish(value: Any) -> Any:
    return plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def environment() -> Environment:
    """The environment: everything escaped, every text made plain, a name that does not exist is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finish,
    )
    made.globals.update(brand=branding())
    made.filters.update(
        plain=plain,
        dollars=formats.dollars,
        whole_dollars=formats.whole_dollars,
        day=formats.day,
        count_of=formats.count_of,
    )
    return made


def write_html(template: str, values: Mapping[str, Any]) -> str:
    """Fill a template of templates/pdf, named without the folder."""
    return environment().get_template(f"pdf/{template}").render(values)
