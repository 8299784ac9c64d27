"""Cells of the payer's own CSV set: one spelling for each thing, so that a slip is found and not guessed at."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from catalog.importers import text
from catalog.importers.cost_text import display_cost_share
from catalog.importers.text import UnreadableDate, UnreadableMoney, UnreadableText
from catalog.terms import HIGHEST_AGE, OLDEST, AttributeValue, OptionKind, PersonRole, ProductLine, RateUnit

_AMOUNT = re.compile(r"\d{1,9}(?:\.\d{1,2})?")
_FINE_AMOUNT = re.compile(r"\d{1,9}(?:\.\d{1,4})?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_PAYS_UNITS = (
    "per_visit",
    "per_day",
    "per_event",
    "per_year",
    "per_trip",
    "per_lifetime",
    "allowance",
    "percent_of_face",
    "percent_of_charge",
)
_LIMIT_UNITS = ("per year", "per 2 years", "per event", "days per stay", "per lifetime", "per month")
Kind = TypeVar("Kind", bound=StrEnum)


def required(cell: str) -> str:
    """Text that must be there."""
    if not cell:
        raise UnreadableText(cell, "a value; this column is required")
    return text.squeeze(cell)


def year(cell: str) -> int:
    """A year of four digits."""
    if not re.fullmatch(r"\d{4}", cell):
        raise UnreadableText(cell, "a plan year such as 2027")
    return int(cell)


def day(cell: str) -> date:
    """``2027-01-31``."""
    if not _ISO.fullmatch(cell):
        raise UnreadableDate(cell, "a date such as 2027-01-31")
    return text.required_day(cell)


def _number(shape: re.Pattern[str], expected: str) -> Callable[[str], Decimal]:
    def parse(cell: str) -> Decimal:
        if not shape.fullmatch(cell):
            raise UnreadableMoney(cell, expected)
        return Decimal(cell)

    parse.__doc__ = f"{expected[0].upper()}{expected[1:]}."
    return parse


amount = _number(_AMOUNT, "dollars such as 12.34, without $ and without commas")
amount_per_1000 = _number(_FINE_AMOUNT, "dollars per 1,000 with at most 4 decimals, such as 0.215")


def optional_amount(cell: str) -> Decimal | None:
    """As ``amount``; None for an empty cell."""
    return amount(cell) if cell else None


def percentage(cell: str) -> Decimal:
    """``50`` means 50 %; kept as the number 50."""
    if not _FINE_AMOUNT.fullmatch(cell):
        raise UnreadableText(cell, "a percentage such as 50")
    return text.plain(Decimal(cell))


def url(cell: str) -> str:
    """An https address, or nothing."""
    if cell and not re.fullmatch(r"https://[^\s/]\S*", cell):
        raise UnreadableText(cell, "an address that starts with https://")
    return cell


def _member(kinds: type[Kind], *allowed: Kind) -> Callable[[str], Kind]:
    """A parser of one of these values of an enumeration; of all its values where none is named."""
    members = allowed or tuple(kinds)

    def parse(cell: str) -> Kind:
        if cell not in members:
            raise UnreadableText(cell, _one_of(members))
        return kinds(cell)

    parse.__doc__ = f"{_one_of(members).capitalize()}."
    return parse


def _word(*words: str, optional: bool = False) -> Callable[[str], str]:
    """A parser of one of these words; optional ones may be empty."""

    def parse(cell: str) -> str:
        if cell not in words and not (optional and not cell):
            raise UnreadableText(cell, _one_of(words))
        return cell

    parse.__doc__ = f"{_one_of(words).capitalize()}."
    return parse


def _one_of(words: tuple[str, ...]) -> str:
    return f"one of {', '.join(words)}"


line = _member(ProductLine)
optional_line = _word(*ProductLine, optional=True)
underwriting = _word("guaranteed", "questions")
option_kind = _member(OptionKind)
rate_unit = _member(RateUnit, RateUnit.PER_PERSON, RateUnit.PER_POLICY, RateUnit.PER_1000)
person_role = _member(PersonRole, PersonRole.SELF, PersonRole.SPOUSE, PersonRole.CHILD)
rate_role = _member(PersonRole, PersonRole.SELF, PersonRole.SPOUSE, PersonRole.CHILD, PersonRole.POLICY)
optional_role = _word("self", "spouse", "child", optional=True)
tobacco = _word("any", "no", "yes")
network_tier = _word("in_network", "in_network_2", "out_of_network", "any")
pays_unit = _word(*_PAYS_UNITS, optional=True)
limit_unit = _word(*_LIMIT_UNITS, optional=True)
answer_type = _word("yes_no")
expected_answer = _word("yes", "no")
outcome = _word("decline", "refer")


def optional_age(cell: str) -> int | None:
    """An age in whole years; None where none is stated."""
    found = text.count(cell)
    if found is not None and found > HIGHEST_AGE:
        raise UnreadableText(cell, f"an age of 0 to {HIGHEST_AGE}")
    return found


def age(cell: str) -> int:
    """An age in whole years."""
    found = optional_age(cell)
    if found is None:
        raise UnreadableText(cell, f"an age of 0 to {HIGHEST_AGE}")
    return found


def oldest_age(cell: str) -> int:
    """An age; 120 and an empty cell mean no bound."""
    found = optional_age(cell)
    return OLDEST if found in (None, HIGHEST_AGE) else found


def rating_area(cell: str) -> str:
    """``Rating Area 9``; nothing for ``ALL``."""
    return "" if cell.upper() == "ALL" else text.rating_area(cell)


def member_pays(cell: str) -> str:
    """Cost-share text in the manner of the filed templates, kept as it is once it can be read."""
    display_cost_share(cell)
    return text.squeeze(cell)


_ATTRIBUTES: dict[str, Callable[[str], AttributeValue]] = {
    "money": amount,
    "integer": lambda cell: Decimal(text.required_count(cell)),
    "percent": percentage,
    "text": required,
    "yes_no": text.required_yes_no,
    "date": day,
    "url": lambda cell: url(required(cell)),
}


def attribute_type(cell: str) -> Callable[[str], AttributeValue]:
    """The parser of an attribute's value, by the type that its row names."""
    if cell not in _ATTRIBUTES:
        raise UnreadableText(cell, _one_of(tuple(_ATTRIBUTES)))
    return _ATTRIBUTES[cell]
