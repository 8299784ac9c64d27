"""From when cover can start: open enrolment, special periods and the day a plan is chosen."""

from datetime import date

import pytest

from catalog.parameters import MissingParameter
from configurator.enrollment import LifeEvent, date_reason, first_of_next_month, start_of_cover
from tests.configurator.markets import LAW


def start(chosen, event=None, state="OH"):
    return start_of_cover(LAW, state, 2027, chosen, event)


@pytest.mark.parametrize(
    ("chosen", "on"),
    [
        (date(2026, 11, 1), date(2027, 1, 1)),
        (date(2026, 12, 15), date(2027, 1, 1)),
        (date(2026, 12, 16), date(2027, 2, 1)),
        (date(2027, 1, 15), date(2027, 2, 1)),
    ],
)
def test_open_enrolment_and_its_cut_off(chosen, on):
    assert start(chosen).on == on


@pytest.mark.parametrize("chosen", [date(2026, 10, 31), date(2027, 1, 16)])
def test_outside_open_enrolment_a_life_event_is_needed(chosen):
    found = start(chosen)
    assert (found.on, found.reason.code) == (None, "outside-open-enrollment")


def test_a_state_whose_start_dates_are_not_held_is_refused_by_name():
    with pytest.raises(MissingParameter, match=r"enrollment\.open"):
        start(date(2026, 12, 1), state="NJ")


@pytest.mark.parametrize(
    ("kind", "event", "chosen", "on"),
    [
        ("birth", date(2027, 3, 9), date(2027, 4, 2), date(2027, 3, 9)),
        ("adoption", date(2027, 3, 9), date(2027, 5, 8), date(2027, 3, 9)),
        ("marriage", date(2027, 3, 9), date(2027, 3, 9), date(2027, 4, 1)),
        ("marriage", date(2027, 3, 9), date(2027, 5, 8), date(2027, 6, 1)),
        ("loss_of_coverage", date(2027, 3, 31), date(2027, 2, 1), date(2027, 4, 1)),
        ("loss_of_coverage", date(2027, 3, 31), date(2027, 4, 2), date(2027, 5, 1)),
        ("loss_of_medicaid_or_chip", date(2027, 3, 31), date(2027, 6, 29), date(2027, 7, 1)),
    ],
)
def test_special_periods(kind, event, chosen, on):
    assert start(chosen, LifeEvent(kind, event)).on == on


@pytest.mark.parametrize(
    ("kind", "chosen"),
    [
        ("birth", date(2027, 3, 8)),  # only after the event
        ("birth", date(2027, 5, 9)),  # 61 days later
        ("loss_of_coverage", date(2027, 1, 7)),  # 61 days before
        ("loss_of_medicaid_or_chip", date(2027, 6, 8)),  # 91 days later
    ],
)
def test_outside_a_special_period(kind, chosen):
    found = start(chosen, LifeEvent(kind, date(2027, 3, 9)))
    assert (found.on, found.reason.code) == (None, "outside-special-period")


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (date(2027, 1, 31), date(2027, 2, 1)),
        (date(2027, 12, 1), date(2028, 1, 1)),
        (date(2028, 2, 29), date(2028, 3, 1)),
    ],
)
def test_the_first_of_the_next_month(day, first):
    assert first_of_next_month(day) == first


def test_a_wanted_date_is_compared_with_the_one_that_is_possible():
    possible = start(date(2026, 12, 16))
    assert date_reason(possible, date(2027, 2, 1)) is None
    assert date_reason(possible, date(2027, 1, 1)).code == "effective-date"
    assert date_reason(start(date(2027, 6, 1)), date(2027, 7, 1)).code == "outside-open-enrollment"
