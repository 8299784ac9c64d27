"""Filed text to typed values: pure parsers of what templates and tables write in one cell.

Each parser takes the cell as text, ignores outer spaces and case, gives an exact value (never a float), and raises
``UnreadableText`` with what was expected. Empty text and "Not Applicable" give None wherever a value may be missing.
"""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, TypeVar

from catalog.terms import (
    CENT,
    HIGHEST_AGE,
    OLDEST,
    ZERO,
    Csr,
    Market,
    Metal,
    Money,
    ProductLine,
    Relationship,
    TobaccoRule,
)

T = TypeVar("T")
REMEMBERED = 65536  # distinct texts of one column are few; rows are millions
_MISSING = frozenset(
    {"", "not applicable", "n/a", "na", "none", "per person not applicable", "per group not applicable"}
)


class UnreadableText(ValueError):
    """A cell does not hold what its column is for; ``expected`` says what would be right, in plain words."""

    code = "unreadable-cell"

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(f"found {found!r}, expected {expected}")
        self.found = found
        self.expected = expected


class UnreadableMoney(UnreadableText):
    """Not an amount of money."""

    code = "unreadable-money"


class ZeroPremium(UnreadableText):
    """A premium of zero: a placeholder of the template, never a price."""

    code = "zero-rate"


class UnreadablePercent(UnreadableText):
    """Not a percentage or share."""

    code = "unreadable-percent"


class UnreadableDate(UnreadableText):
    """Not a calendar date."""

    code = "unreadable-date"


class UnreadableId(UnreadableText):
    """Not an id of the right length and shape."""

    code = "wrong-id"


class VariationMismatch(UnreadableText):
    """The words of a cost-sharing variation contradict the suffix of its id."""

    code = "variation-mismatch"


# Codes of cells that do not hold what their column is for; a zero premium does, it is only no price.
UNREADABLE = frozenset(
    wrong.code for wrong in (UnreadableText, UnreadableMoney, UnreadablePercent, UnreadableDate, UnreadableId)
)


def squeeze(text: str | None) -> str:
    """The text without outer spaces and with each run of white space as one space."""
    return " ".join(text.split()) if text else ""


def is_missing(text: str) -> bool:
    """Whether the cell states nothing: empty or "Not Applicable" in one of its spellings."""
    return squeeze(text).lower() in _MISSING


_PLAIN_MONEY = re.compile(r"\$?\s?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?: per (?:group|person|individual))?", re.IGNORECASE)


def money(text: str) -> Money | None:
    """``"$6,000 "``, ``"$12000 per group"``, ``"1489.50"``: dollars with two places; None where not applicable."""
    cell = squeeze(text)
    if is_missing(cell):
        return None
    found = _PLAIN_MONEY.fullmatch(cell)
    if not found:
        raise UnreadableMoney(text, "dollars such as $6,000, or Not Applicable")
    return _cents(Decimal(found[1].replace(",", "") + (found[2] or "")), text)


def _cents(amount: Decimal, text: str) -> Money:
    if amount != amount.quantize(CENT):
        raise UnreadableMoney(text, "whole cents")
    return amount.quantize(CENT)


def premium(text: str) -> Money:
    """A monthly premium, more than zero."""
    amount = money(text)
    if amount is None:
        raise UnreadableMoney(text, "a monthly premium such as 441.16")
    if amount == ZERO:
        raise ZeroPremium(text, "a monthly premium above zero")
    return amount


def optional_premium(text: str) -> Money | None:
    """A monthly premium, or None where the cell states none; zero is refused like in ``premium``."""
    return None if is_missing(text) else premium(text)


class FamilyAmounts(NamedTuple):
    """The two amounts of a family: for each person and for all together."""

    per_person: Money | None
    per_group: Money | None


_FAMILY = re.compile(r"(?P<person>[^|]*per person[^|]*)\|(?P<group>[^|]*per group[^|]*)", re.IGNORECASE)


def family_money(text: str) -> FamilyAmounts:
    """``"$3000 per person | $6000 per group"``; either may be "not applicable"; both None where nothing is stated."""
    if is_missing(text):
        return FamilyAmounts(None, None)
    found = _FAMILY.fullmatch(text.strip())
    if not found:
        raise UnreadableMoney(text, "two amounts such as $3000 per person | $6000 per group")
    return FamilyAmounts(money(found["person"]), money(found["group"]))


_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s?%")
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")


@lru_cache(REMEMBERED)
def percent(text: str) -> Decimal | None:
    """``"50.00%"`` is 0.5; more than 100 % is refused."""
    if is_missing(text):
        return None
    found = _PERCENT.fullmatch(text.strip())
    share = Decimal(found[1]) / 100 if found else None
    if share is None or share > 1:
        raise UnreadablePercent(text, "a percentage from 0% to 100%")
    return plain(share)


def share(text: str) -> Decimal | None:
    """A share of one, written ``0.9998`` or ``99.98%``."""
    if is_missing(text) or "%" in text:
        return percent(text)
    if not _DECIMAL.fullmatch(text.strip()) or Decimal(text.strip()) > 1:
        raise UnreadablePercent(text, "a share from 0 to 1, or a percentage")
    return plain(Decimal(text.strip()))


def apportionment(text: str) -> Decimal | None:
    """Pediatric dental part of a premium: a share (``1``, ``0.35``, ``35%``) or dollars (``$12.50``), as filed."""
    return money(text) if "$" in text else share(text)


def plain(number: Decimal) -> Decimal:
    """The number without trailing zeros and without an exponent."""
    shorter = number.normalize()
    return shorter.quantize(Decimal(1)) if shorter == shorter.to_integral_value() else shorter


def _chosen(text: str, choices: dict[str, T], expected: str, error: type[UnreadableText] = UnreadableText) -> T:
    try:
        return choices[squeeze(text).lower()]
    except KeyError:
        raise error(text, expected) from None


_YES_NO = {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False} | dict.fromkeys(_MISSING)


@lru_cache(REMEMBERED)
def yes_no(text: str) -> bool | None:
    """Yes or no; None where nothing is stated."""
    return _chosen(text, _YES_NO, "Yes or No")


def required_yes_no(text: str) -> bool:
    """As ``yes_no``, where the column must say one of the two."""
    answer = yes_no(text)
    if answer is None:
        raise UnreadableText(text, "Yes or No")
    return answer


_COVERED = {"covered": True, "yes": True, "not covered": False, "no": False, "": False}


@lru_cache(REMEMBERED)
def covered(text: str) -> bool:
    """``Covered``; an empty cell is not covered."""
    return _chosen(text, _COVERED, "Covered or Not Covered")


_NEW = {"new": True, "existing": False, "yes": True, "no": False} | dict.fromkeys(_MISSING)


@lru_cache(REMEMBERED)
def is_new_plan(text: str) -> bool | None:
    """``New`` or ``Existing``."""
    return _chosen(text, _NEW, "New or Existing")


_GUARANTEED = {"guaranteed rate": True, "estimated rate": False} | dict.fromkeys(_MISSING)


@lru_cache(REMEMBERED)
def guaranteed_rate(text: str) -> bool | None:
    """Whether a dental plan's filed rate is guaranteed or an estimate."""
    return _chosen(text, _GUARANTEED, "Guaranteed Rate or Estimated Rate")


_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: .*)?")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")


@lru_cache(REMEMBERED)
def day(text: str) -> date | None:
    """``1/31/2027`` (month first) or ``2027-01-31``; a time of day after it is dropped."""
    cell = squeeze(text)
    if is_missing(cell):
        return None
    parts = _date_parts(cell)
    try:
        return date(*parts)
    except (TypeError, ValueError):
        raise UnreadableDate(text, "a date such as 1/31/2027 or 2027-01-31") from None


def _date_parts(cell: str) -> tuple[int, ...]:
    if found := _US_DATE.fullmatch(cell):
        return int(found[3]), int(found[1]), int(found[2])
    found = _ISO_DATE.fullmatch(cell)
    return tuple(int(part) for part in found.groups()) if found else ()


def required_day(text: str) -> date:
    """As ``day``, where the column must hold a date."""
    found = day(text)
    if found is None:
        raise UnreadableDate(text, "a date such as 1/31/2027 or 2027-01-31")
    return found


_WHOLE = re.compile(r"\d{1,9}(?:\.0+)?")


def count(text: str) -> int | None:
    """A whole number, not negative; None where nothing is stated."""
    if is_missing(text):
        return None
    if not _WHOLE.fullmatch(text.strip()):
        raise UnreadableText(text, "a whole number")
    return int(text.strip().split(".")[0])


def required_count(text: str) -> int:
    """As ``count``, where the column must hold a number."""
    number = count(text)
    if number is None:
        raise UnreadableText(text, "a whole number")
    return number


def positive_count(text: str) -> int | None:
    """As ``count`` for columns where tables write 0 for "none" (copay days, visits before cost sharing)."""
    return count(text) or None


def quantity(text: str) -> Decimal | None:
    """The number of a benefit limit, which may have decimals and thousands commas."""
    if is_missing(text):
        return None
    digits = text.strip().replace(",", "").removeprefix("$")
    if not _DECIMAL.fullmatch(digits):
        raise UnreadableText(text, "a number")
    return plain(Decimal(digits))


_AGES = re.compile(r"(\d{1,3})(?:\s*-\s*(\d{1,3})|( and over))?", re.IGNORECASE)


@lru_cache(REMEMBERED)
def age_band(text: str) -> tuple[int, int] | None:
    """First and last age of ``"0-14"``, ``"15"``, ``"64 and over"``; None for ``"Family Option"``: rates by tier."""
    cell = squeeze(text)
    if cell.lower() == "family option":
        return None
    found = _AGES.fullmatch(cell)
    low, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not low <= last <= HIGHEST_AGE:
        raise UnreadableText(text, f"an age of 0 to {HIGHEST_AGE} such as 0-14, 15, 64 and over, or Family Option")
    return low, OLDEST if found[3] else last


_AREA = re.compile(r"(?:rating area )?0*(\d{1,3})", re.IGNORECASE)
_NAMED_AREA = re.compile(r"R-[A-Z]{2}\d{3}")


@lru_cache(REMEMBERED)
def rating_area(text: str) -> str:
    """``"Rating Area 1"`` is ``"1"``; a state's own code such as ``R-MA010`` is kept."""
    cell = squeeze(text)
    if _NAMED_AREA.fullmatch(cell):
        return cell
    found = _AREA.fullmatch(cell)
    if not found:
        raise UnreadableText(text, "a rating area such as Rating Area 1")
    return found[1]


_TOBACCO = {
    "no preference": TobaccoRule.NO_PREFERENCE,
    "not applicable": TobaccoRule.NO_PREFERENCE,
    "": TobaccoRule.NO_PREFERENCE,
    "tobacco user/non-tobacco user": TobaccoRule.USER_NON_USER,
}


@lru_cache(REMEMBERED)
def tobacco_rule(text: str) -> TobaccoRule:
    """Whether tobacco users have a rate of their own."""
    return _chosen(text, _TOBACCO, "No Preference or Tobacco User/Non-Tobacco User")


_MARKETS = {
    "individual": Market.INDIVIDUAL,
    "shop (small group)": Market.SMALL_GROUP,
    "shop": Market.SMALL_GROUP,
    "small group": Market.SMALL_GROUP,
}


@lru_cache(REMEMBERED)
def market(text: str) -> Market:
    """``Individual`` or ``SHOP (Small Group)``."""
    return _chosen(text, _MARKETS, "Individual or SHOP (Small Group)")


def line_of(dental_only: str) -> ProductLine:
    """Product line from the column "dental only plan"."""
    return ProductLine.DENTAL if yes_no(dental_only) else ProductLine.MEDICAL


_METALS = {metal.value.replace("_", " "): metal for metal in Metal} | dict.fromkeys(_MISSING)


@lru_cache(REMEMBERED)
def metal(text: str) -> Metal | None:
    """Metal level, or high and low for dental plans."""
    return _chosen(text, _METALS, "a metal level such as Silver or Expanded Bronze, or High or Low for dental")


_RELATIONSHIPS = {
    "self": Relationship.SELF,
    "spouse": Relationship.SPOUSE,
    "life partner": Relationship.LIFE_PARTNER,
    "domestic partner": Relationship.LIFE_PARTNER,
    "child": Relationship.CHILD,
    "son or daughter": Relationship.CHILD,
    "stepchild": Relationship.STEPCHILD,
    "stepson or stepdaughter": Relationship.STEPCHILD,
    "foster child": Relationship.FOSTER_CHILD,
    "adopted child": Relationship.ADOPTED_CHILD,
    "grandchild": Relationship.GRANDCHILD,
    "grandson or granddaughter": Relationship.GRANDCHILD,
    "nephew or niece": Relationship.NEPHEW_OR_NIECE,
    "sibling": Relationship.SIBLING,
    "brother or sister": Relationship.SIBLING,
    "ward": Relationship.WARD,
    "parent": Relationship.PARENT,
    "father or mother": Relationship.PARENT,
}


@lru_cache(REMEMBERED)
def relationship(text: str) -> Relationship:
    """A relationship of a business rule; those we have no word for are "other"."""
    return _RELATIONSHIPS.get(squeeze(text).lower().replace("_", " "), Relationship.OTHER)


# The suffix of a variant id and the words that its variation type must hold (45 CFR 156.420).
_VARIATION_WORDS: dict[Csr, re.Pattern[str]] = {
    Csr.OFF_EXCHANGE: re.compile(r"off[ -]exchange", re.IGNORECASE),
    Csr.STANDARD: re.compile(r"^(?!.*off[ -]exchange).*(on[ -]exchange|standard|exchange variant)", re.IGNORECASE),
    Csr.ZERO: re.compile(r"zero cost sharing", re.IGNORECASE),
    Csr.LIMITED: re.compile(r"limited cost sharing", re.IGNORECASE),
    Csr.SILVER_73: re.compile(r"\b73\s?%"),
    Csr.SILVER_87: re.compile(r"\b87\s?%"),
    Csr.SILVER_94: re.compile(r"\b94\s?%"),
}


@lru_cache(REMEMBERED)
def variation(suffix: str, text: str) -> Csr:
    """The variant of an id's suffix ``00`` to ``06``; the filed words, where there are any, must agree with it."""
    try:
        csr = Csr(suffix)
    except ValueError:
        raise VariationMismatch(suffix, "a variant suffix from 00 to 06") from None
    words = squeeze(text)
    if words and not _VARIATION_WORDS[csr].search(words):
        raise VariationMismatch(text, f"the words of variant -{suffix}")
    return csr


def _id_parser(pattern: str, expected: str) -> Callable[[str], str]:
    shape = re.compile(pattern)

    @lru_cache(REMEMBERED)
    def parse(text: str) -> str:
        cell = text.strip().upper()
        if not shape.fullmatch(cell):
            raise UnreadableId(text, expected)
        return cell

    parse.__doc__ = f"{expected[0].upper()}{expected[1:]} (45 CFR 144.103)."
    return parse


issuer_id = _id_parser(r"\d{5}", "an issuer id of 5 digits")
product_id = _id_parser(r"\d{5}[A-Z]{2}\d{3}", "a product id of 10 characters such as 12345OH001")
plan_id = _id_parser(r"\d{5}[A-Z]{2}\d{7}", "a plan id of 14 characters such as 12345OH0010001")
variant_id = _id_parser(r"\d{5}[A-Z]{2}\d{7}-\d{2}", "a variant id of 17 characters such as 12345OH0010001-01")
state = _id_parser(r"[A-Z]{2}", "a state of two letters")
zip3 = _id_parser(r"\d{3}", "the first 3 digits of a ZIP code")


def _padded(width: int, expected: str) -> Callable[[str], str]:
    @lru_cache(REMEMBERED)
    def parse(text: str) -> str:
        cell = text.strip().removesuffix(".0").zfill(width)
        if len(cell) != width or not cell.isascii() or not cell.isdigit() or not text.strip():
            raise UnreadableId(text, expected)
        return cell

    parse.__doc__ = f"{expected[0].upper()}{expected[1:]}; zeros that a spreadsheet dropped are put back."
    return parse


zip_code = _padded(5, "a ZIP code of 5 digits")
county_fips = _padded(5, "a county FIPS code of 5 digits")

_COUNTY = re.compile(r"(.+?)\s*-\s*(\d{4,5})")


class NamedCounty(NamedTuple):
    """A county cell of the service-area template."""

    name: str
    fips: str


@lru_cache(REMEMBERED)
def named_county(text: str) -> NamedCounty:
    """``"Cumberland - 23005"``."""
    found = _COUNTY.fullmatch(squeeze(text))
    if not found:
        raise UnreadableId(text, "a county and its FIPS code such as Cumberland - 23005")
    return NamedCounty(found[1], county_fips(found[2]))


_LIST = re.compile(r"[,;|]")


def listed(text: str) -> tuple[str, ...]:
    """The parts of a list written with commas, semicolons or bars."""
    return tuple(part for part in map(squeeze, _LIST.split(text)) if part)


def zip_codes(text: str) -> tuple[str, ...]:
    """ZIP codes of a list, sorted; each has 5 digits."""
    return tuple(sorted({zip_code(part) for part in listed(text)}))


def stated(text: str) -> str:
    """The text with single spaces; empty where it says "Not Applicable"."""
    return "" if is_missing(text) else squeeze(text)
