"""Amounts as people type them. Digits only: an exponent makes a number of any size out of a few letters."""

import re
from decimal import Decimal

_PLAIN = re.compile(r"(?=.{1,20}\Z)(?:[0-9]+\.?[0-9]*|\.[0-9]+)")


def read_amount(text: str | None) -> Decimal | None:
    """Dollars from ``$1,200`` or ``60240.50``; None for nothing; ValueError for what is no plain amount."""
    plain = re.sub(r"[$,\s]", "", text or "")
    if not plain:
        return None
    if not _PLAIN.fullmatch(plain):
        raise ValueError("expected digits, found something else")
    return Decimal(plain)
