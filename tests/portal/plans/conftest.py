"""What the tests of plan pages share: reading cards and prices as people see them."""

from decimal import Decimal

import pytest

SILVER = "99001OH0010006"
SILVER_VISION = "99001OH0010007"
SILVER_BOTH = "99001OH0010008"
TWO_TIERS = "99001OH0030002"
SEPARATE_DRUGS = "99001OH0010012"
CATASTROPHIC = "99001OH0010011"
DENTAL = "99001OH1010001"


@pytest.fixture(scope="session")
def dollars():
    """Reads ``$1,204.50`` back to an amount."""
    return lambda text: Decimal(text.replace("$", "").replace(",", "").replace("\u2212", "-").split(" ")[0])


@pytest.fixture(scope="session")
def cards():
    """Cards of a list page by plan id."""
    return lambda page: {card["id"].removeprefix("plan-"): card for card in page.dom("article", class_="plan-card")}


@pytest.fixture(scope="session")
def words():
    """The text of a piece of a page with single spaces."""
    return lambda piece: " ".join(piece.get_text(" ").split())
