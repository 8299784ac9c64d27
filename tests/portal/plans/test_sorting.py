"""Orders of the list: named, explained, and never showing first what cannot be bought or is not known."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.plans.sorting import (
    BAD_YEAR,
    DEDUCTIBLE,
    LIMIT,
    NET_PREMIUM,
    ORDERS,
    bad_year,
    in_order,
    months_left,
    order_named,
)

D = Decimal
HUNDRED, THOUSAND, FIVE_THOUSAND = D(100), D(1000), D(5000)


@dataclass(frozen=True)
class Row:
    plan_id: str
    net_premium: D | None = HUNDRED
    deductible: D | None = THOUSAND
    limit: D | None = FIVE_THOUSAND
    buyable: bool = True


def ids(rows, order, months=12):
    return [row.plan_id for row in in_order(rows, order, months)]


def test_the_cheapest_month_need_not_be_the_cheapest_bad_year():
    low, high = Row("low", D(100), D(7000), D(9000)), Row("high", D(300), D(0), D(2000))
    assert ids([high, low], NET_PREMIUM) == ["low", "high"]
    assert ids([low, high], BAD_YEAR) == ["high", "low"]  # 12 x 300 + 2,000 against 12 x 100 + 9,000
    assert ids([low, high], DEDUCTIBLE) == ["high", "low"]
    assert ids([low, high], LIMIT) == ["high", "low"]


def test_a_bad_year_counts_the_premiums_that_are_left():
    assert bad_year(D(100), D(5000), 12) == D(6200)
    assert months_left(date(2027, 1, 1)) == 12
    assert months_left(date(2027, 12, 1)) == 1
    assert bad_year(None, D(5000), 12) is None
    assert bad_year(D(100), None, 12) is None


def test_plans_at_one_price_stand_by_their_bad_year_then_by_id():
    same = [Row("c", limit=D(9000)), Row("b", limit=None), Row("d", limit=D(2000)), Row("a", limit=D(9000))]
    assert ids(same, NET_PREMIUM) == ["d", "a", "c", "b"]


amounts = st.none() | st.integers(0, 900).map(D)
rows = st.lists(
    st.builds(Row, st.uuids().map(str), amounts, amounts, amounts, st.booleans()),
    max_size=8,
    unique_by=lambda r: r.plan_id,
)


@settings(max_examples=60)
@given(rows, st.sampled_from(list(ORDERS.values())))
def test_what_cannot_be_bought_comes_last_and_nothing_is_lost(found, order):
    placed = in_order(found, order, 12)
    assert sorted(placed, key=lambda row: row.plan_id) == sorted(found, key=lambda row: row.plan_id)
    assert [row.buyable for row in placed] == sorted((row.buyable for row in found), reverse=True)
    assert in_order(list(reversed(found)), order, 12) == placed


@pytest.mark.parametrize("order", ORDERS.values(), ids=str)
def test_every_order_says_what_it_assumes(order):
    assert order.name
    assert order.assumptions.endswith(".")
    assert order_named(order.code) is order


def test_an_order_nobody_knows_is_the_price_order():
    assert order_named("nonsense") is NET_PREMIUM
    assert order_named(None) is NET_PREMIUM
