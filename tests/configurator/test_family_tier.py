"""Premiums by family tier: which filed amount a group of people gets (45 CFR 147.102(c)(2), dental plans)."""

from decimal import Decimal

import pytest

from catalog.terms import Relationship, TierRate
from configurator.rating import premium
from tests.configurator.markets import AREA, LAW, ON, YEAR_END, aged, child, dental, market, spouse

AMOUNTS = {
    "single": 10,
    "couple": 20,
    "single_one": 15,
    "single_two": 19,
    "single_three": 22,
    "couple_one": 25,
    "couple_two": 29,
    "couple_three": 33,
}
PLAN = dental(pediatric_dental_apportionment=Decimal("0.40"))
SELF = aged("p1", 40)
KIDS = [child(f"c{n}", n) for n in (5, 7, 9, 11)]


def price(*persons, **amounts):
    filed = {name: Decimal(value) for name, value in AMOUNTS.items()} | amounts
    row = TierRate(PLAN.plan_id, AREA, ON, YEAR_END, **filed)
    found = market(PLAN, rate_rows={PLAN.plan_id: ()}, tier_rates={PLAN.plan_id: (row,)})
    return premium(PLAN, persons, found, LAW, ON)


@pytest.mark.parametrize(
    ("persons", "total"),
    [
        ([SELF], 10),
        ([SELF, spouse()], 20),
        ([SELF, aged("p2", 40, Relationship.LIFE_PARTNER)], 20),
        ([SELF, *KIDS[:1]], 15),
        ([SELF, *KIDS[:2]], 19),
        ([SELF, *KIDS], 22),
        ([SELF, spouse(), *KIDS[:1]], 25),
        ([SELF, spouse(), *KIDS[:3]], 33),
        ([SELF, spouse(), *KIDS], 33),
        ([spouse()], 10),  # a spouse alone holds the policy
        ([spouse(), *KIDS[:2]], 19),
        (KIDS[:1], 10),  # children alone: the oldest holds the policy
        (KIDS[:2], 15),
    ],
)
def test_the_tier_of_a_group(persons, total):
    assert price(*persons).total == total


def test_the_whole_family_rate_stands_on_the_row_of_who_holds_the_policy():
    rows = price(*KIDS[:1], SELF, spouse()).people
    assert [(row.person_id, row.rate, row.charged) for row in rows] == [
        ("c5", 0, False),
        ("p1", 25, True),
        ("p2", 0, False),
    ]


def test_a_tier_that_is_not_filed_is_refused_in_words():
    found = price(SELF, spouse(), *KIDS[:2], couple_two=None)
    assert found.total is None
    assert "a couple with two children in rating area 9" in found.refusals[0].text


def test_the_childrens_part_is_the_filed_share_where_a_child_is_covered():
    assert price(SELF, KIDS[0]).part("pediatric_ehb") == Decimal("6.00")
    assert price(SELF, spouse()).part("pediatric_ehb") == 0
