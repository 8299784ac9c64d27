"""The registry of household facts: worked out, asked, or unknown; never guessed."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.terms import Relationship
from configurator.facts import BY_NAME, ENROLLMENT_REASONS, FACTS, checked_answer, fact_types, facts_of
from configurator.rules import UNKNOWN, Kind, standard_vocabulary
from tests.configurator.markets import LAW, aged, child, household, spouse

FAMILY = (aged("p1", 40, tobacco=False), spouse("p2", 38, medicare=False), child("c1", 18), child("c2", 20))


def facts(*persons, answers=None, **fields):
    return facts_of(household(*(persons or FAMILY), **fields), LAW, "OH", answers)


def test_every_fact_has_a_meaning_a_source_and_a_name_of_its_own():
    assert len(BY_NAME) == len(FACTS)
    assert [fact.name for fact in FACTS if not fact.type.meaning or not fact.source] == []
    assert [fact.name for fact in FACTS if fact.type.kind is Kind.NUMBER and not fact.type.unit] == []


def test_a_question_is_a_question_and_comes_with_help():
    asked = [fact for fact in FACTS if fact.asked]
    assert asked
    assert [fact.name for fact in asked if "?" not in fact.question or not fact.help.endswith(".")] == []


def test_every_fact_has_a_value_of_its_type_or_is_unknown():
    kinds = {Kind.YES_NO: bool, Kind.NUMBER: Decimal, Kind.TEXT: str}
    for found in (facts(), facts(income=None), facts(aged("p1", 66, medicare=True), on_exchange=False)):
        assert found.keys() == BY_NAME.keys()
        for name, value in found.items():
            kind = BY_NAME[name].type
            assert value is UNKNOWN or isinstance(value, kinds[kind.kind]), name
            assert kind.kind is not Kind.TEXT or value is UNKNOWN or value in kind.values


def test_facts_worked_out_from_the_household():
    found = facts(income="33000")
    known = {
        "people": 4,
        "children_under_21": 2,
        "children_under_19": 1,
        "has_spouse": True,
        "has_children": True,
        "oldest_age": 40,
        "youngest_age": 18,
        "applicant_age": 40,
        "fpl_percent": 100,
        "credit_by_income": True,
        "extra_savings": "94",
        "tax_household_size": 4,
        "plan_year": 2027,
        "on_exchange": True,
        "exempt_all": False,
    }
    assert {name: found[name] for name in known} == known


def test_what_was_not_told_is_unknown():
    found = facts(income=None)
    unknown = {
        "income",
        "fpl_percent",
        "credit_by_income",
        "extra_savings",
        "medicare_any",
        "tobacco_any",
        "general_fsa",
    }
    assert {name for name in unknown if found[name] is UNKNOWN} == unknown


@pytest.mark.parametrize(
    ("told", "expected"),
    [((True, None), True), ((False, False), False), ((False, None), UNKNOWN)],
)
def test_somebody_does_is_unknown_until_all_are_asked(told, expected):
    found = facts(aged("p1", 40, tobacco=told[0]), spouse(tobacco=told[1]))
    assert found["tobacco_any"] is expected


def test_off_the_exchange_there_are_no_extra_savings():
    assert facts(income=None, on_exchange=False)["extra_savings"] == "standard"


def test_an_unborn_child_has_no_age_yet():
    found = facts(aged("p1", 30), aged("c1", 0, Relationship.CHILD, on=date(2027, 3, 1)))
    assert (found["youngest_age"], found["people"]) == (30, 2)


def test_answers_are_taken_and_checked():
    found = facts(answers={"general_fsa": True, "dpc_monthly_fee": 150, "enrollment_reason": "birth"})
    assert (found["general_fsa"], found["dpc_monthly_fee"], found["enrollment_reason"]) == (True, Decimal(150), "birth")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("general_fsa", "yes", "expected yes or no"),
        ("dpc_monthly_fee", True, "expected number"),
        ("dpc_monthly_fee", 1.5, "expected number"),
        ("enrollment_reason", "because", "expected open_enrollment"),
        ("fpl_percent", 100, "not a question we ask"),
        ("nonsense", 1, "not a question we ask"),
    ],
)
def test_a_wrong_answer_is_named(name, value, said):
    with pytest.raises(ValueError, match=said):
        checked_answer(name, value)


def test_rules_can_speak_of_every_fact():
    vocabulary = standard_vocabulary(fact_types())
    assert {name for name in BY_NAME if vocabulary.type_of("household", name) is None} == set()


def test_life_events_are_those_of_the_special_periods():
    names = ("sep.days_after", "sep.days_before", "sep.starts_on_event_date")
    events = {row.key for name in names for row in LAW.parameters[name].values}
    assert events - {"default"} <= set(ENROLLMENT_REASONS)
