"""Exact money: Decimal dollars in code, integer cents in tables, every rounding a named function."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

Money = Decimal
ZERO = Decimal("0.00")
CENT = Decimal("0.01")


def round_cent(amount: Decimal) -> Money:
    """Round half up to the cent: per person-rate and per cost-share line (convention of filed tables)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def ceil_dollar(amount: Decimal) -> Money:
    """Round up to the whole dollar: the Marketplace quote convention for the monthly credit."""
    return amount.to_integral_value(rounding=ROUND_CEILING).quantize(CENT)


def round_dollar(amount: Decimal) -> Money:
    """Round half up to the whole dollar: for estimates, which are shown without cents."""
    return amount.to_integral_value(rounding=ROUND_HALF_UP).quantize(CENT)


def to_cents(amount: Decimal) -> int:
    """Dollars to integer cents; ValueError where the amount has a fraction of a cent."""
    cents = amount * 100
    if cents != cents.to_integral_value():
        raise ValueError(f"{amount} has a fraction of a cent")
    return int(cents)


def from_cents(cents: int) -> Money:
    """Integer cents to dollars with two places."""
    return Decimal(cents).scaleb(-2)


def format_money(amount: Decimal) -> str:
    """Dollars and cents for people: ``$1,234.50``; a negative amount is ``-$1.00``."""
    sign = "-" if amount < 0 else ""
    return f"{sign}${abs(round_cent(amount)):,.2f}"


def format_dollars(amount: Decimal) -> str:
    """Whole dollars where there are no cents (``$3,000``), otherwise with cents."""
    if amount == amount.to_integral_value():
        return ("-" if amount < 0 else "") + f"${abs(amount):,.0f}"
    return format_money(amount)
