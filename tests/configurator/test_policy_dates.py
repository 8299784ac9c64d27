"""Days of a policy, each on both sides of its edge."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.terms import ProductLine
from configurator.policy_dates import (
    first_payment_due,
    major_dental_from,
    months_later,
    participation_is_free,
    policy_end,
)
from tests.configurator.markets import LAW

START = date(2027, 1, 1)


@pytest.mark.parametrize("line", list(ProductLine))
@pytest.mark.parametrize("start", [date(2027, 1, 1), date(2027, 6, 15), date(2027, 12, 31)])
def test_every_policy_ends_with_the_year_it_starts_in(line, start):
    assert policy_end(line, start, LAW) == date(2027, 12, 31)


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        (date(2026, 12, 31), False),
        (date(2027, 1, 1), True),
        (date(2027, 1, 31), True),
        (date(2027, 2, 1), False),
    ],
)
def test_the_first_payment_may_be_due_from_the_first_day_to_30_days_later(day, allowed):
    assert (day in first_payment_due(START, LAW)) is allowed


@pytest.mark.parametrize(("months", "covered"), [(6, date(2027, 7, 1)), (12, date(2028, 1, 1)), (0, START)])
def test_major_dental_care_waits_for_the_filed_months(months, covered):
    assert major_dental_from(START, months, None, LAW) == covered


@pytest.mark.parametrize(
    ("ended", "waits"),
    [
        (date(2026, 12, 31), False),  # no day without cover
        (START - timedelta(days=63), False),  # 62 days without cover
        (START - timedelta(days=64), True),  # 63 days without cover
        (date(2020, 1, 1), True),
    ],
)
def test_earlier_dental_cover_waives_the_waiting_time_below_the_gap(ended, waits):
    assert major_dental_from(START, 12, ended, LAW) == (date(2028, 1, 1) if waits else START)


def test_cover_that_overlaps_is_no_gap():
    assert major_dental_from(START, 12, date(2027, 1, 31), LAW) == START


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2027, 12, 15), 1, date(2028, 1, 15)),
        (date(2027, 1, 1), 11, date(2027, 12, 1)),
    ],
)
def test_months_later(day, months, later):
    assert months_later(day, months) == later


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_a_later_month_is_so_many_months_later_and_never_skips_one(day, months):
    later = months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day


@pytest.mark.parametrize(
    ("day", "free"),
    [
        (date(2026, 11, 14), False),
        (date(2026, 11, 15), True),
        (date(2026, 12, 15), True),
        (date(2026, 12, 16), False),
    ],
)
def test_the_free_window_of_small_groups_from_its_first_to_its_last_day(day, free):
    assert participation_is_free(day, LAW) is free
