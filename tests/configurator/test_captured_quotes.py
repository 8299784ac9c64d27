"""Every price of ten captured Marketplace answers, with and without tax credit, to the cent."""

import pytest

from catalog.parameters import load
from configurator.quote import quote
from tests.configurator.captures import household_of, market_of, read_captures

QUOTES = 834


@pytest.fixture(scope="module")
def captures(shared_data):
    return read_captures(shared_data)


def test_all_captured_quotes_are_here(captures):
    assert sum(len(capture.plans) for capture in captures) == QUOTES


def test_every_premium_and_premium_with_credit_is_exact(captures):
    wrong = {}
    for capture in captures:
        found = quote(market_of(capture), household_of(capture), load())
        ours = {row.plan.plan_id: (row.premium.total, row.net_premium) for row in found.plans}
        wrong |= {
            (capture.name, key): (ours[key], price) for key, price in capture.prices.items() if ours[key] != price
        }
        assert ours.keys() == capture.prices.keys()
    assert wrong == {}


def test_every_plan_offered_to_the_shopper_is_eligible(captures):
    for capture in captures:
        found = quote(market_of(capture), household_of(capture), load())
        assert [row.plan.plan_id for row in found.plans if not row.eligible] == []
