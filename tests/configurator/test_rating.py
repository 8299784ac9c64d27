"""Premiums from filed rates: who is charged, at which age, with tobacco, and what is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.terms import BusinessRule, Location, Person, ProductLine, Relationship
from configurator.rating import Rater, is_pediatric, premium
from tests.configurator.markets import (
    AREA,
    HERE,
    LAW,
    ON,
    aged,
    child,
    dental,
    market,
    plan,
    rate,
    rates,
    spouse,
    with_tobacco,
)

PLAN = plan()


def price(*persons, of=PLAN, on=ON, **fields):
    return premium(of, persons, market(of, **fields), LAW, on)


def charged(found):
    return {row.person_id for row in found.people if row.charged}


def born(person_id, birth_date, relationship=Relationship.SELF):
    return Person(person_id, relationship, birth_date=birth_date)


def test_one_person_pays_the_filed_rate_and_the_row_says_where_it_is_from():
    found = price(aged("p1", 40))
    assert found.total == Decimal("104.00")
    assert [(row.age, row.rate, row.charged, str(row.source)) for row in found.people] == [
        (40, Decimal("104.00"), True, "rates.csv, row 40")
    ]


@pytest.mark.parametrize(
    ("ages", "who"),
    [
        ([20, 15, 10, 5], {"c0", "c1", "c2"}),
        ([20, 15, 10], {"c0", "c1", "c2"}),
        ([23, 20, 15, 10, 5], {"c0", "c1", "c2", "c3"}),  # 45 CFR 147.102(c)(1): a child of 23 is always charged
        ([21, 20, 20, 20, 20], {"c0", "c1", "c2", "c3"}),
    ],
)
def test_only_the_three_oldest_under_21_are_charged(ages, who):
    found = price(aged("p1", 40), *(child(f"c{place}", age) for place, age in enumerate(ages)))
    assert charged(found) == {"p1"} | who


def test_who_is_not_charged_keeps_a_row_with_rate_and_reason():
    found = price(*(child(f"c{age}", age) for age in (18, 16, 14, 12)))
    row = found.people[-1]
    assert (row.charged, row.rate, row.reason[:12]) == (False, Decimal("100.00"), "Not charged:")


def test_of_children_of_one_age_the_earliest_born_is_the_oldest():
    children = [born(f"c{day}", date(2015, 6, day), Relationship.CHILD) for day in (9, 7, 8, 6)]
    assert charged(price(*children)) == {"c6", "c7", "c8"}


def test_twelve_people():
    people = [aged("p1", 50), spouse("p2", 48), *(child(f"c{n}", n * 2) for n in range(1, 11))]
    assert charged(price(*people)) == {"p1", "p2", "c10", "c9", "c8"}


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        (date(1987, 1, 1), ON, 40),  # the birthday is the first day of cover
        (date(1987, 1, 2), ON, 39),
        (date(2004, 2, 29), date(2027, 2, 28), 22),  # born on a leap day: the birthday is March 1
        (date(2004, 2, 29), date(2027, 3, 1), 23),
        (date(2027, 3, 1), date(2027, 3, 1), 0),  # born on the day cover starts
        (date(1955, 1, 1), ON, 72),
    ],
)
def test_the_age_is_that_of_the_day_cover_starts(birth, on, age):
    assert price(born("p1", birth), on=on).people[0].age == age


def test_people_of_64_and_older_share_one_rate():
    assert {price(aged("p1", age)).total for age in (64, 65, 99)} == {Decimal("106.40")}


def test_a_person_who_is_not_born_has_no_price():
    found = price(aged("p1", 30), born("baby", date(2027, 1, 2), Relationship.CHILD))
    assert found.total is None
    assert [(row.code, row.person_ids) for row in found.refusals] == [("not-born", ("baby",))]


def test_a_missing_rate_is_refused_by_age_and_area_not_guessed():
    rows = {PLAN.plan_id: (rate(PLAN.plan_id, 30, 100), rate(PLAN.plan_id, 32, 102))}
    found = price(aged("p1", 31), aged("p2", 30), rate_rows=rows)
    assert found.total is None
    assert "age 31 in rating area 9" in found.refusals[0].text
    assert found.refusals[0].person_ids == ("p1",)


def test_rates_of_another_period_or_area_do_not_count():
    row = rate(PLAN.plan_id, 40, 100)
    for wrong in (replace(row, rating_area="8"), replace(row, effective_from=date(2027, 4, 1))):
        assert price(aged("p1", 40), rate_rows={PLAN.plan_id: (wrong,)}).refusals[0].code == "no-rates"


def test_nobody_has_no_price():
    assert price().refusals[0].code == "nobody"


# Tobacco: 45 CFR 147.102(a)(1)(iv)


def smoking_market(amount="150.00", state="OH", age=40):
    row = with_tobacco(rate(PLAN.plan_id, age, "100.00"), amount)
    place = Location("00000", "00000", "County", state, AREA)
    return market(PLAN, rate_rows={PLAN.plan_id: (row,)}, location=place)


def test_a_tobacco_user_pays_the_filed_tobacco_rate():
    found = premium(PLAN, [aged("p1", 40, tobacco=True)], smoking_market(), LAW, ON)
    assert (found.total, found.people[0].tobacco_used) == (Decimal("150.00"), True)


@pytest.mark.parametrize("told", [False, None])
def test_others_pay_the_rate_without_tobacco(told):
    assert premium(PLAN, [aged("p1", 40, tobacco=told)], smoking_market(), LAW, ON).total == Decimal("100.00")


def test_below_the_legal_age_no_tobacco_rate_applies():
    found = premium(PLAN, [aged("p1", 20, tobacco=True)], smoking_market(age=20), LAW, ON)
    assert (found.total, found.people[0].tobacco_used) == (Decimal("100.00"), False)


@pytest.mark.parametrize(("state", "total"), [("NJ", "100.00"), ("AR", "120.00"), ("KY", "140.00"), ("OH", "150.00")])
def test_a_state_limits_the_tobacco_rate(state, total):
    assert premium(PLAN, [aged("p1", 40, tobacco=True)], smoking_market(state=state), LAW, ON).total == Decimal(total)


def test_a_plan_without_tobacco_preference_asks_nobody():
    assert price(aged("p1", 40, tobacco=True)).people[0].tobacco_used is False


def test_a_missing_tobacco_rate_is_refused():
    row = replace(with_tobacco(rate(PLAN.plan_id, 40, 100), 1), tobacco=None)
    found = price(aged("p1", 40, tobacco=True), rate_rows={PLAN.plan_id: (row,)})
    assert found.refusals[0].code == "no-tobacco-rate"


def test_the_benchmark_prices_without_tobacco():
    rater = Rater(smoking_market(), [aged("p1", 40, tobacco=True)], LAW, ON, tobacco=False)
    assert rater.premium(PLAN).total == Decimal("100.00")


# Business rules: the most specific rows win


def rule(**fields):
    return BusinessRule("99999", **fields)


@pytest.mark.parametrize(
    ("rules", "count"),
    [
        ((), 5),  # nothing filed: the limit of 45 CFR 147.102 does not bind dental plans
        ((rule(max_children_charged=3),), 3),
        ((rule(max_children_charged=3), rule(plan_id="99999OH0090001", max_children_charged=2)), 2),
        ((rule(max_children_charged=3), rule(product_id="99999OH009", max_children_charged=1)), 1),
        ((rule(max_children_charged=3, line="medical"),), 5),
        ((rule(max_children_charged=3), rule(plan_id="99999OH0090001", max_dependent_age=25)), 5),
    ],
)
def test_dental_plans_charge_as_many_children_as_they_file(rules, count):
    children = [child(f"c{n}", n) for n in range(5)]
    assert len(charged(price(*children, of=dental(), business_rules=rules))) == count


def test_a_medical_plan_cannot_charge_more_children_than_the_law():
    children = [child(f"c{n}", n) for n in range(5)]
    assert len(charged(price(*children, business_rules=(rule(max_children_charged=9),)))) == 3


def test_an_age_rule_that_is_not_known_is_refused():
    rules = (rule(age_determination="Age at the next full moon"),)
    assert price(aged("p1", 40), business_rules=rules).refusals[0].code == "age-rule"


def test_age_on_january_1_is_used_where_a_plan_files_it():
    rules = (rule(age_determination="Age on January 1st of the effective date year"),)
    found = price(born("p1", date(1987, 3, 1)), on=date(2027, 6, 1), business_rules=rules)
    assert found.people[0].age == 39


# Essential health benefits: filed dollars first (45 CFR 156.470)


def test_filed_dollars_win_over_the_percentage():
    of = plan(ehb_percent=Decimal("0.5"))
    rows = {of.plan_id: (rate(of.plan_id, 40, 100, ehb=Decimal("98.10"), aptc_eligible=Decimal("97.00")),)}
    found = price(aged("p1", 40), of=of, rate_rows=rows)
    assert (found.part("ehb"), found.part("aptc_eligible")) == (Decimal("98.10"), Decimal("97.00"))


def test_the_percentage_is_rounded_half_up_per_person_where_no_dollars_are_filed():
    of = plan(ehb_percent=Decimal("0.9995"))
    rows = {of.plan_id: (rate(of.plan_id, 40, "100.10", ehb=None, aptc_eligible=None),)}
    found = price(aged("p1", 40), aged("p2", 40), of=of, rate_rows=rows)
    assert found.part("ehb") == Decimal("200.10")  # 100.04995 is 100.05 a person


def test_without_either_the_part_is_not_known():
    rows = {PLAN.plan_id: (rate(PLAN.plan_id, 40, 100, ehb=None, aptc_eligible=None),)}
    assert price(aged("p1", 40), rate_rows=rows).part("ehb") is None


@pytest.mark.parametrize(("apportioned", "part"), [("0.45", "90.00"), ("30", "60.00"), (None, None)])
def test_the_childrens_part_of_a_dental_plan(apportioned, part):
    of = dental(pediatric_dental_apportionment=Decimal(apportioned) if apportioned else None)
    rows = {of.plan_id: (rate(of.plan_id, 0, 100, 999, ehb=None, aptc_eligible=None),)}
    found = price(aged("p1", 40), child("c1", 5), child("c2", 18), of=of, rate_rows=rows)
    assert found.part("pediatric_ehb") == (Decimal(part) if part else None)


@pytest.mark.parametrize(
    ("birth", "on", "expected"),
    [
        (date(2008, 1, 1), date(2027, 1, 1), True),  # 19 on that day: to the end of the month
        (date(2008, 1, 31), date(2027, 1, 1), True),
        (date(2007, 12, 31), date(2027, 1, 1), False),
        (date(2008, 6, 15), date(2027, 6, 30), True),
        (date(2008, 6, 15), date(2027, 7, 1), False),
    ],
)
def test_dental_care_is_pediatric_to_the_end_of_the_month_of_the_19th_birthday(birth, on, expected):
    assert is_pediatric(born("c1", birth), LAW, on) is expected


# Properties

AGES = st.lists(st.integers(0, 90), min_size=1, max_size=8)


def family(ages):
    return [child(f"c{place}", age) for place, age in enumerate(ages)]


@settings(max_examples=40, deadline=None)
@given(AGES, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(ages, random):
    people = family(ages)
    mixed = random.sample(people, len(people))
    one, other = price(*people), price(*mixed)
    assert (one.total, charged(one)) == (other.total, charged(other))


@settings(max_examples=40, deadline=None)
@given(AGES)
def test_the_charged_rows_add_up_to_the_total(ages):
    found = price(*family(ages))
    assert found.total == sum(row.rate for row in found.people if row.charged)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=3, max_size=6), st.integers(0, 20))
def test_a_younger_child_beyond_three_is_free(ages, age):
    youngest = min(*ages, age)
    assert price(*family(ages), child("new", youngest)).total == price(*family(ages)).total


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 90), st.integers(0, 90))
def test_every_adult_is_charged(one, other):
    adults = {f"c{place}" for place, age in enumerate((one, other)) if age >= 21}
    assert adults <= charged(price(*family([one, other])))


def test_place_and_line_of_the_test_market_are_what_the_tests_think():
    assert (HERE.rating_area, PLAN.line) == (AREA, ProductLine.MEDICAL)
    assert len(rates(PLAN.plan_id)) == 51
