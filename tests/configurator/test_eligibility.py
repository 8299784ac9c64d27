"""Who may buy which plan: every reason, with the people it is about."""

from datetime import date

import pytest

from catalog.terms import BusinessRule, Metal, Relationship
from configurator.quote import quote
from tests.configurator.markets import LAW, ON, aged, child, dental, household, market, plan, spouse

SELF = aged("p1", 40)


def reasons(of, *persons, rules=(), rate_rows=None, **fields):
    """Codes with people, of one plan for a household."""
    found = quote(market(of, business_rules=rules, rate_rows=rate_rows), household(*persons, **fields), LAW)
    return {reason.code: reason.person_ids for reason in found.by_plan_id[of.plan_id].reasons}


def rule(relationship="", **fields):
    return BusinessRule("99999", relationship=relationship, **fields)


def test_a_plan_without_anything_against_it_is_eligible():
    assert reasons(plan(), SELF, spouse(), child("c1", 5)) == {}


# Catastrophic: 45 CFR 156.155(a)(5)

CATASTROPHIC = plan(metal=Metal.CATASTROPHIC)


@pytest.mark.parametrize(("age", "refused"), [(29, False), (30, True), (45, True)])
def test_catastrophic_plans_are_for_people_under_30(age, refused):
    assert ("catastrophic-age" in reasons(CATASTROPHIC, aged("p1", age))) is refused


def test_each_person_counts_and_an_exemption_helps_only_its_holder():
    people = (aged("p1", 45, hardship_exemption="ABC123"), spouse("p2", 31), child("c1", 5))
    assert reasons(CATASTROPHIC, *people) == {"catastrophic-age": ("p2",)}


def test_the_age_is_that_of_the_first_day_of_the_plan_year():
    turns_30_in_may = aged("p1", 30, on=date(2027, 5, 1))
    assert reasons(CATASTROPHIC, turns_30_in_may, effective_date=date(2027, 7, 1)) == {}


# Child-only: 45 CFR 156.200(c)(2)


def test_a_child_only_plan_takes_no_adults():
    of = plan(child_only_offering="Allows Child-Only")
    assert reasons(of, SELF, child("c1", 5)) == {"child-only": ("p1",)}
    assert reasons(of, child("c1", 20)) == {}


def test_an_adult_only_plan_takes_no_children_alone():
    of = plan(child_only_offering="Allows Adult-Only", child_only_plan_id="99999OH0010009")
    assert set(reasons(of, child("c1", 5))) == {"adult-only"}
    assert reasons(of, SELF, child("c1", 5)) == {}


def test_most_plans_take_both():
    of = plan(child_only_offering="Allows Adult and Child-Only")
    assert reasons(of, child("c1", 5)) == reasons(of, SELF) == {}


# Dependants: 45 CFR 147.120, business rules


@pytest.mark.parametrize(
    ("filed", "age", "refused"), [(25, 25, False), (25, 26, True), (29, 29, False), (18, 25, False)]
)
def test_medical_plans_cover_children_through_25_or_longer(filed, age, refused):
    found = reasons(plan(), SELF, child("c1", age), rules=(rule(max_dependent_age=filed),))
    assert found == ({"dependent-age": ("c1",)} if refused else {})


def test_where_nothing_is_filed_the_law_holds_for_medical_and_nothing_for_dental():
    assert reasons(plan(), SELF, child("c1", 26)) == {"dependent-age": ("c1",)}
    assert reasons(dental(), SELF, child("c1", 40)) == {}


@pytest.mark.parametrize(("age", "refused"), [(18, False), (19, True)])
def test_dental_plans_file_their_own_age(age, refused):
    found = reasons(dental(), SELF, child("c1", age), rules=(rule(max_dependent_age=18),))
    assert ("dependent-age" in found) is refused


def test_an_age_filed_on_the_plan_itself_wins():
    of = plan(max_dependent_age=27)
    assert reasons(of, SELF, child("c1", 27), rules=(rule(max_dependent_age=25),)) == {}


def test_a_spouse_has_no_age_limit():
    assert reasons(plan(), SELF, spouse("p2", 60)) == {}


# Relationships

ACCEPTED = tuple(rule(name) for name in ("self", "spouse", "child"))


@pytest.mark.parametrize(
    ("relationship", "refused"),
    [
        (Relationship.CHILD, False),
        (Relationship.ADOPTED_CHILD, False),  # counts as the applicant's own
        (Relationship.GRANDCHILD, True),
        (Relationship.SIBLING, True),
    ],
)
def test_only_filed_relationships_are_accepted(relationship, refused):
    found = reasons(plan(), SELF, aged("c1", 5, relationship), rules=ACCEPTED)
    assert found == ({"relationship": ("c1",)} if refused else {})


def test_a_plans_own_list_replaces_its_issuers():
    of = plan()
    rules = (*ACCEPTED, rule("self", plan_id=of.plan_id), rule("sibling", plan_id=of.plan_id))
    assert reasons(of, SELF, aged("c1", 5, Relationship.SIBLING), rules=rules) == {}
    assert reasons(of, SELF, child("c1", 5), rules=rules) == {"relationship": ("c1",)}


def test_a_domestic_partner_may_count_as_a_spouse():
    partner = aged("p2", 40, Relationship.LIFE_PARTNER)
    assert reasons(plan(), SELF, partner, rules=ACCEPTED) == {"relationship": ("p2",)}
    as_spouse = (*ACCEPTED[:2], rule("child", domestic_partner_as_spouse=True))
    assert reasons(plan(), SELF, partner, rules=as_spouse) == {}


@pytest.mark.parametrize(("together", "refused"), [(True, False), (False, True), (None, False)])
def test_some_relationships_must_live_with_the_applicant(together, refused):
    rules = (rule("self", cohabitation_required=True), rule("ward", cohabitation_required=True))
    found = reasons(plan(), SELF, aged("w1", 9, Relationship.WARD, lives_with_applicant=together), rules=rules)
    assert found == ({"cohabitation": ("w1",)} if refused else {})


def test_dental_plans_may_limit_children_and_medical_plans_may_not():
    people = (SELF, *(child(f"c{n}", n) for n in range(4)))
    rules = (rule(max_children=3),)
    assert set(reasons(dental(), *people, rules=rules)) == {"too-many-children"}
    assert reasons(plan(), *people, rules=rules) == {}


# Sold, rated, in force


@pytest.mark.parametrize(
    ("qhp_type", "on_exchange", "codes"),
    [
        ("Both", True, set()),
        ("Off the Exchange", True, {"off-exchange-only"}),
        ("Off the Exchange", False, set()),
        ("On the Exchange", False, {"on-exchange-only"}),
        ("", False, set()),
    ],
)
def test_on_and_off_the_exchange(qhp_type, on_exchange, codes):
    assert set(reasons(plan(qhp_type=qhp_type), SELF, on_exchange=on_exchange)) == codes


def test_a_plan_is_sold_only_while_it_is_in_force():
    assert set(reasons(plan(effective_from=date(2027, 4, 1)), SELF)) == {"not-yet-sold"}
    assert set(reasons(plan(effective_until=date(2026, 12, 31)), SELF)) == {"no-longer-sold"}


def test_a_plan_without_a_rate_says_for_whom():
    of = plan()
    assert reasons(of, SELF, rate_rows={of.plan_id: ()}) == {"no-rates": ("p1",)}


def test_an_unborn_baby_has_no_plan_yet():
    unborn = aged("baby", 0, Relationship.CHILD, on=date(2027, 2, 1))
    assert reasons(plan(), SELF, unborn) == {"not-born": ("baby",)}


def test_people_with_medicare_get_dental_but_no_new_medical_plan():
    old = aged("p1", 66, medicare=True)
    assert reasons(plan(), old) == {"medicare": ("p1",)}
    assert reasons(dental(), old) == {}


def test_every_reason_has_words_and_a_citation():
    people = (aged("p1", 66, medicare=True), child("c1", 30), aged("s1", 50, Relationship.SIBLING))
    of = plan(metal=Metal.CATASTROPHIC, qhp_type="Off the Exchange")
    found = quote(market(of, business_rules=ACCEPTED), household(*people), LAW).plans[0].reasons
    assert {reason.code for reason in found} == {
        "off-exchange-only",
        "catastrophic-age",
        "dependent-age",
        "relationship",
        "medicare",
    }
    assert all(reason.text.endswith(".") and reason.cite and "{" not in reason.text for reason in found)


def test_dates_of_the_tests_hold():
    assert date(2027, 1, 1) == ON
