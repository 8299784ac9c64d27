"""Facts of the moment a plan is chosen for good: period, first day, metal level, broker."""

from datetime import date
from decimal import Decimal

import pytest

from catalog.terms import Metal
from configurator.enrollment import CLOSED, OPEN, SPECIAL, BrokerStanding, Enrolling, LifeEvent, period_of
from configurator.facts import facts_of
from configurator.rules import UNKNOWN
from tests.configurator.markets import LAW, aged, household

BIRTH, MOVE = LifeEvent("birth", date(2027, 5, 3)), LifeEvent("move", date(2027, 5, 3))
LOST = LifeEvent("loss_of_coverage", date(2027, 5, 3))


def facts(enrolling=None, broker=None, state="OH", **fields):
    return facts_of(household(aged("p1", 40), **fields), LAW, state, {}, enrolling, broker)


@pytest.mark.parametrize(
    ("chosen", "event", "period"),
    [
        (date(2026, 10, 31), None, CLOSED),
        (date(2026, 11, 1), None, OPEN),
        (date(2027, 1, 15), None, OPEN),
        (date(2027, 1, 16), None, CLOSED),
        (date(2027, 5, 2), MOVE, CLOSED),
        (date(2027, 5, 3), MOVE, SPECIAL),
        (date(2027, 7, 2), MOVE, SPECIAL),
        (date(2027, 7, 3), MOVE, CLOSED),
        (date(2027, 3, 4), LOST, SPECIAL),
        (date(2027, 3, 3), LOST, CLOSED),
    ],
)
def test_the_period_on_each_side_of_its_edges(chosen, event, period):
    assert period_of(LAW, "OH", 2027, Enrolling(chosen, event)) == period
    assert facts(Enrolling(chosen, event))["enrollment_period"] == period


@pytest.mark.parametrize(
    ("chosen", "event", "start", "found"),
    [
        (date(2026, 12, 15), None, date(2027, 1, 1), "as_wanted"),
        (date(2026, 12, 16), None, date(2027, 1, 1), "another_day"),
        (date(2026, 12, 16), None, date(2027, 2, 1), "as_wanted"),
        (date(2027, 5, 20), BIRTH, date(2027, 5, 3), "as_wanted"),
        (date(2027, 5, 20), MOVE, date(2027, 6, 1), "as_wanted"),
        (date(2027, 5, 20), MOVE, date(2027, 5, 3), "another_day"),
        (date(2027, 3, 1), None, date(2027, 4, 1), "none"),
    ],
)
def test_the_first_day_that_goes_with_the_day_of_choosing(chosen, event, start, found):
    assert facts(Enrolling(chosen, event), effective_date=start)["start_day"] == found


def test_who_only_looks_is_asked_nothing():
    found = facts()
    assert (found["enrollment_period"], found["start_day"], found["limited_to_metal"]) == ("none", "none", False)
    assert found["broker_acts"] is False


def test_dates_that_are_not_held_are_unknown_never_guessed():
    found = facts(Enrolling(date(2026, 12, 1)), state="CA")
    assert (found["enrollment_period"], found["start_day"]) == (OPEN, UNKNOWN)
    later = facts(Enrolling(date(2030, 12, 1)), effective_date=date(2031, 1, 1))
    assert (later["enrollment_period"], later["start_day"]) == (UNKNOWN, "none")


@pytest.mark.parametrize(
    ("event", "metal", "limited"), [(MOVE, Metal.GOLD, True), (MOVE, None, False), (None, Metal.GOLD, False)]
)
def test_the_metal_level_binds_only_in_a_special_period(event, metal, limited):
    assert facts(Enrolling(date(2027, 5, 10), event, metal))["limited_to_metal"] is limited


def test_what_is_on_record_about_a_broker():
    found = facts(broker=BrokerStanding(licensed=True, consent=True))
    names = ("broker_acts", "broker_licensed", "broker_registered", "broker_consent", "broker_review")
    assert [found[name] for name in names] == [True, True, False, True, False]


@pytest.mark.parametrize(
    ("income", "on_exchange", "level"),
    [
        ("15960", True, "94"),
        ("23940", True, "94"),
        ("23940.01", True, "87"),
        ("31920", True, "87"),
        ("31920.01", True, "73"),
        ("39900", True, "73"),
        ("39900.01", True, "standard"),
        ("15959.99", True, "standard"),
        ("20000", False, "standard"),
        (None, True, UNKNOWN),
    ],
)
def test_the_level_that_the_income_gives_by_itself(income, on_exchange, level):
    """2027 uses the guideline of 15,960 for one person; the tests at 150, 200 and 250 percent are inclusive."""
    found = facts(income=income, on_exchange=on_exchange)
    assert found["savings_by_income"] == level
    assert found["income"] in (UNKNOWN, None if income is None else Decimal(income))
