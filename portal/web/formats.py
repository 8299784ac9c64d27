"""How money, dates and counts are written for people. Nothing here rounds a stored amount."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from catalog.terms import format_date

CENT = Decimal("0.01")
MINUS = "\u2212"


def dollars(amount: Decimal) -> str:
    """A premium or a debt, with cents: $1,204.50. A negative amount has a real minus sign before the dollar sign."""
    return f"{MINUS if amount < 0 else ''}${abs(amount).quantize(CENT, ROUND_HALF_UP):,}"


def whole_dollars(amount: Decimal) -> str:
    """An estimate or a limit, to the dollar, for display only: $9,800."""
    return f"{MINUS if amount < 0 else ''}${abs(amount).quantize(Decimal(1), ROUND_HALF_UP):,}"


def day(value: date | datetime) -> str:
    """A date in full: March 3, 2027."""
    return format_date(value)


def count_of(number: int, one: str, many: str = "") -> str:
    """A number with its word: 1 plan, 3 plans."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
