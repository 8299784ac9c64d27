"""Plan terms for which the filed templates have no field, read from their free text in fixed phrases only.

A payer who writes them in these words gets them applied; any other wording stays text for people:

* ``Waiting period of 6 months`` with an optional ``, waived with prior dental cover``
* ``the plan pays at most $1,500 a year``, with ``Adults:`` or ``Children:`` before it where it is for them only
* ``waived if admitted``
* ``at least $10 and at most $150 for each prescription``, or one of the two
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from catalog.terms import Money
from configurator.cost_sharing.design import Waiting

_WAITING = re.compile(r"waiting period of (\d{1,3}) (month|day)s?(, waived with prior(?: \w+)? cover)?", re.IGNORECASE)
_MAXIMUM = re.compile(
    r"(?:(adults|children): )?the plan pays at most \$(\d[\d,]*(?:\.\d\d)?) (?:a|per) (year|lifetime)", re.IGNORECASE
)
_ADMITTED = re.compile(r"waived if (?:you are )?admitted", re.IGNORECASE)
_LEAST = re.compile(r"at least \$(\d[\d,]*(?:\.\d\d)?)(?: and at most \$[\d,.]+)? for each prescription", re.IGNORECASE)
_MOST = re.compile(r"at most \$(\d[\d,]*(?:\.\d\d)?) for each prescription", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PaidMaximum:
    """The most a plan pays for a person; ``group`` is "adults", "children" or empty for everybody."""

    group: str
    amount: Money
    period: str  # "year" or "lifetime"


@dataclass(frozen=True, slots=True)
class TextTerms:
    """What the texts of one benefit say."""

    waiting: Waiting | None = None
    waived_if_admitted: bool = False
    least: Money | None = None
    most: Money | None = None


@lru_cache(4096)
def text_terms(text: str) -> TextTerms:
    """The terms in a benefit's explanation."""
    return TextTerms(_waiting(text), bool(_ADMITTED.search(text)), _amount(_LEAST, text), _amount(_MOST, text))


@lru_cache(4096)
def paid_maximums(text: str) -> tuple[PaidMaximum, ...]:
    """The paid maximums in a plan's exclusions text."""
    found = _MAXIMUM.finditer(text)
    return tuple(PaidMaximum((group or "").lower(), _money(amount), period.lower()) for group, amount, period in (
        each.groups() for each in found
    ))  # fmt: skip


def _waiting(text: str) -> Waiting | None:
    found = _WAITING.search(text)
    if not found:
        return None
    number, unit, waived = int(found[1]), found[2].lower(), bool(found[3])
    return Waiting(number if unit == "month" else 0, number if unit == "day" else 0, waived)


def _amount(pattern: re.Pattern[str], text: str) -> Money | None:
    found = pattern.search(text)
    return _money(found[1]) if found else None


def _money(text: str) -> Money:
    return Decimal(text.replace(",", ""))
