"""One line of ages and birth dates becomes people, or an error that names the wrong piece."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.terms import Relationship
from portal.household.forms import parse_income
from portal.household.people_text import Entry, NotPeople, guess_relationships, parse_birth_date, parse_people

TODAY = date(2026, 11, 15)
BIRTHS = st.dates(min_value=date(1910, 1, 1), max_value=TODAY)


@pytest.mark.parametrize("text", ["38, 36, 7", "38 36 7", "38;36;7", " 38,\n36 , 7 ", "38,36,7,"])
def test_ages_may_be_separated_in_any_way(text):
    assert [entry.age for entry in parse_people(text, TODAY)] == [38, 36, 7]


@given(st.lists(st.one_of(BIRTHS, st.integers(0, 120)), min_size=1, max_size=12))
def test_what_is_typed_is_what_is_read(people):
    typed = ", ".join(str(p) if isinstance(p, int) else f"{p.month}/{p.day}/{p.year}" for p in people)
    read = parse_people(typed, TODAY)
    assert [entry.birth_date or entry.age for entry in read] == people


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Enter an age"),
        ("thirty", "“thirty” is neither an age nor a birth date"),
        ("38, 2/30/2019", "“2/30/2019” is not a day in the calendar"),
        ("38, 121", "“121” is more than 120 years"),
        ("1/1/2030", "“1/1/2030” is in the future"),
        ("1/1/1888", "“1/1/1888” is more than 120 years ago"),
        (", ".join(["5"] * 21), "at most 20 people"),
        ("38, <script>", "“<script>” is neither"),
    ],
)
def test_the_wrong_piece_is_named(text, words):
    with pytest.raises(NotPeople, match=words):
        parse_people(text, TODAY)


def test_a_leap_day_is_a_birth_date():
    assert parse_birth_date("2/29/2024", TODAY) == date(2024, 2, 29)


def test_today_is_a_birth_date_and_tomorrow_is_not():
    assert parse_birth_date(TODAY.isoformat(), TODAY) == TODAY
    with pytest.raises(NotPeople, match="in the future"):
        parse_birth_date((TODAY + timedelta(days=1)).isoformat(), TODAY)


def test_relationships_are_guessed_from_ages():
    entries = [Entry(None, age) for age in (38, 36, 7, 25, 70)]
    guessed = guess_relationships(entries, TODAY, last_child_age=25)
    assert guessed == [
        Relationship.SELF,
        Relationship.SPOUSE,
        Relationship.CHILD,
        Relationship.CHILD,
        Relationship.OTHER,
    ]


@pytest.mark.parametrize(("text", "cents"), [("$60,240", "60240.00"), ("60240.5", "60240.50"), ("0", "0.00")])
def test_income_is_read_as_people_write_it(text, cents):
    assert str(parse_income(text)) == cents


@pytest.mark.parametrize("text", ["sixty", "-1", "1e9", "NaN", "12.345", "99999999999"])
def test_an_income_that_is_none_is_refused(text):
    with pytest.raises(ValueError, match=r"dollars|amount"):
        parse_income(text)


def test_no_income_is_not_zero_income():
    assert parse_income("  ") is None
