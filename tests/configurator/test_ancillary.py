"""Premiums of ancillary options by unit, and who an option cannot cover."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.terms import (
    Option,
    OptionEligibility,
    OptionKind,
    OptionRate,
    OptionShelf,
    PersonRole,
    ProductLine,
    RateUnit,
    Relationship,
    Source,
)
from configurator.ancillary import option_premium, per_1000
from tests.configurator.markets import AREA, ON, YEAR_END, aged, child, spouse

OPTION = Option("CI-20", "CI", ProductLine.CRITICAL_ILLNESS, "Critical illness 20,000")
SELF, SPOUSE = aged("p1", 40), spouse("p2", 38)
KIDS = [child(f"c{age}", age) for age in (3, 9, 14, 17)]
FACE = (
    ("child_percent", Decimal(25)),
    ("face_amount", Decimal(20000)),
    ("reduces_at_age", Decimal(70)),
    ("reduces_to_percent", Decimal(50)),
    ("spouse_percent", Decimal(50)),
)


def rate(role, unit, amount, **fields):
    source = Source("option_rates.csv", role.value)
    return OptionRate("CI-20", role, unit, Decimal(amount), ON, YEAR_END, source=source, **fields)


def price(*persons, rates=(), option=OPTION, eligibility=(), options=(), on=ON):
    shelf = OptionShelf(options=options, rates={option.option_id: rates}, eligibility={option.option_id: eligibility})
    return option_premium(option, persons, shelf, AREA, on)


def per_person(amount=10, **fields):
    return rate(PersonRole.ANY, RateUnit.PER_PERSON, amount, **fields)


def test_per_person_every_row_says_whose_and_from_where():
    found = price(SELF, SPOUSE, rates=(per_person("4.25"),))
    assert (found.total, found.eligible) == (Decimal("8.50"), True)
    assert [(row.person_id, row.role.value, row.amount, str(row.source)) for row in found.charges] == [
        ("p1", "self", Decimal("4.25"), "option_rates.csv, any"),
        ("p2", "spouse", Decimal("4.25"), "option_rates.csv, any"),
    ]


def test_a_rate_of_the_role_wins_over_one_for_anybody():
    assert price(SELF, SPOUSE, rates=(per_person(10), rate(PersonRole.SPOUSE, RateUnit.PER_PERSON, 7))).total == 17


def test_at_most_so_many_people_of_a_role_are_charged_the_oldest_first():
    rates = (per_person(10), rate(PersonRole.CHILD, RateUnit.PER_PERSON, 3, max_charged=2))
    found = price(SELF, *KIDS, rates=rates)
    assert (found.total, [row.person_id for row in found.charges if row.charged]) == (16, ["p1", "c17", "c14"])


def test_per_policy_counts_once_however_many_people():
    assert price(SELF, SPOUSE, *KIDS, rates=(rate(PersonRole.POLICY, RateUnit.PER_POLICY, 12),)).total == 12
    rates = (per_person(10), rate(PersonRole.CHILD, RateUnit.PER_POLICY, 5))
    assert price(SELF, *KIDS, rates=rates).total == 15


TIERS = tuple(
    rate(role, RateUnit.PER_TIER, amount)
    for role, amount in (
        (PersonRole.TIER_SELF, 10),
        (PersonRole.TIER_SPOUSE, 20),
        (PersonRole.TIER_CHILDREN, 25),
        (PersonRole.TIER_FAMILY, 35),
    )
)


@pytest.mark.parametrize(
    ("people", "total"),
    [
        ([SELF], 10),
        ([SELF, SPOUSE], 20),
        ([SELF, *KIDS], 25),
        ([SELF, SPOUSE, *KIDS], 35),
        ([SPOUSE], 10),
        (KIDS[:1], 10),
        (KIDS[:2], 25),
    ],
)
def test_per_tier(people, total):
    assert price(*people, rates=TIERS).total == total


def test_a_tier_that_is_not_filed_is_refused():
    assert price(SELF, SPOUSE, rates=TIERS[:1]).refusals[0].code == "no-rate"


# Per 1,000 dollars of the person's own face amount

CRITICAL = Option("CI-20", "CI", ProductLine.CRITICAL_ILLNESS, "Critical illness", attributes=FACE)


def test_each_person_has_a_face_amount_of_their_own():
    found = price(SELF, SPOUSE, KIDS[0], option=CRITICAL, rates=(rate(PersonRole.ANY, RateUnit.PER_1000, "0.4125"),))
    assert [(row.face_amount, row.amount) for row in found.charges] == [
        (20000, Decimal("8.25")),
        (10000, Decimal("4.13")),  # 4.125 half up
        (5000, Decimal("2.06")),
    ]
    assert found.total == Decimal("14.44")


def test_the_face_amount_falls_at_the_filed_age():
    found = price(aged("p1", 70), option=CRITICAL, rates=(rate(PersonRole.ANY, RateUnit.PER_1000, 1),))
    assert found.charges[0].face_amount == 10000


def test_a_filed_amount_for_children_wins_over_a_percentage():
    option = Option("CI-20", "CI", ProductLine.LIFE, "Life", attributes=(*FACE, ("child_face_amount", Decimal(1000))))
    assert price(SELF, KIDS[0], option=option, rates=(rate(PersonRole.ANY, RateUnit.PER_1000, 1),)).total == 21


def test_a_role_without_a_face_amount_is_refused():
    option = Option("CI-20", "CI", ProductLine.LIFE, "Life", attributes=(("face_amount", Decimal(20000)),))
    found = price(SELF, SPOUSE, option=option, rates=(rate(PersonRole.ANY, RateUnit.PER_1000, 1),))
    assert (found.total, found.refusals[0].code, found.refusals[0].person_ids) == (None, "no-face-amount", ("p2",))


def test_a_rider_takes_the_face_amount_of_its_base():
    base = Option("BASE", "CI", ProductLine.CRITICAL_ILLNESS, "Base", attributes=FACE)
    rider = Option("CI-20", "CI", ProductLine.CRITICAL_ILLNESS, "Rider", OptionKind.RIDER, base_option_id="BASE")
    found = price(SELF, option=rider, options=(base, rider), rates=(rate(PersonRole.ANY, RateUnit.PER_1000, "0.10"),))
    assert found.total == 2


# What is looked up


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"age_low": 18, "age_high": 39}, False),
        ({"age_low": 40, "age_high": 49}, True),
        ({"rating_area": AREA}, True),
        ({"rating_area": "1"}, False),
        ({"tobacco": "no"}, True),
        ({"tobacco": "yes"}, False),
    ],
)
def test_a_rate_holds_for_its_ages_area_and_tobacco(fields, found):
    assert (price(SELF, rates=(per_person(10, **fields),)).total is not None) is found


def test_a_missing_rate_names_role_age_and_option():
    text = price(SELF, rates=(per_person(10, age_high=39),)).refusals[0].text
    assert text == "No rate is filed for the applicant of age 40 for Critical illness 20,000."


def test_rates_of_another_year_do_not_count():
    assert price(SELF, rates=(per_person(),), on=date(2026, 12, 1)).refusals[0].code == "no-rates"


def test_nobody_and_the_unborn_have_no_price():
    assert price(rates=(per_person(),)).refusals[0].code == "nobody"
    unborn = aged("baby", 0, Relationship.CHILD, on=date(2027, 6, 1))
    assert price(SELF, unborn, rates=(per_person(),)).refusals[0].person_ids == ("baby",)


# Who an option cannot cover


def reasons(*persons, **rows):
    eligibility = tuple(OptionEligibility("CI-20", PersonRole(role), **fields) for role, fields in rows.items())
    found = price(*persons, rates=(per_person(),), eligibility=eligibility)
    assert found.total is not None
    return {reason.code: reason.person_ids for reason in found.reasons}


def test_ages_are_inclusive():
    rows = {"self": {"min_age": 18, "max_age": 64}}
    assert [set(reasons(aged("p1", age), **rows)) for age in (17, 18, 64, 65)] == [{"age"}, set(), set(), {"age"}]


def test_a_role_without_a_row_cannot_be_covered():
    assert reasons(SELF, KIDS[0], self={}) == {"role": ("c3",)}


def test_at_most_so_many():
    assert reasons(SELF, *KIDS, self={}, child={"max_count": 3}) == {"count": ("c17", "c14", "c9", "c3")}


def test_a_role_may_need_another():
    assert reasons(SPOUSE, self={}, spouse={"requires_role": "self"}) == {"needs-role": ("p2",)}
    assert reasons(SELF, SPOUSE, self={}, spouse={"requires_role": "self"}) == {}


def test_without_rows_everybody_can_be_covered():
    assert reasons(SELF, SPOUSE, *KIDS) == {}


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 99999), st.integers(0, 500000))
def test_the_amount_per_1000_is_within_half_a_cent(rate_units, face):
    amount = per_1000(Decimal(rate_units) / 10000, Decimal(face))
    assert abs(amount - Decimal(rate_units) * face / 10_000_000) <= Decimal("0.005")


# A policy filed for its holder alone, from birth on: a child without an adult can hold it

FOR_HOLDERS = (OptionEligibility("CI-20", PersonRole.SELF, 0, 18, 1),)
HOLDER_RATE = (rate(PersonRole.SELF, RateUnit.PER_PERSON, 6, age_low=0, age_high=18),)


def test_a_child_alone_holds_a_policy_filed_for_children():
    found = price(KIDS[1], rates=HOLDER_RATE, eligibility=FOR_HOLDERS)
    assert (found.total, found.eligible) == (6, True)


@pytest.mark.parametrize("people", [(SELF, KIDS[0]), (spouse("p2", 17), KIDS[0]), tuple(KIDS[:2])])
def test_a_child_beside_others_does_not(people):
    assert not price(*people, rates=HOLDER_RATE, eligibility=FOR_HOLDERS).eligible


def test_a_policy_for_grown_holders_is_no_childs_policy():
    grown = (OptionEligibility("CI-20", PersonRole.SELF, 18, 64, 1),)
    assert not price(child("c20", 20), rates=(per_person(),), eligibility=grown).eligible
