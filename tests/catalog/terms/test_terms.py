"""The nouns: exact money, ages on awkward birthdays, one slug for many spellings."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.terms import (
    NO_SOURCE,
    SERVICES,
    Issuer,
    Metal,
    Source,
    add_years,
    age_on,
    category_of,
    ceil_dollar,
    format_dollars,
    format_money,
    from_cents,
    round_cent,
    spoken_list,
    to_cents,
)

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_cents_survive_the_round_trip(cents):
    assert to_cents(from_cents(cents)) == cents


def test_a_fraction_of_a_cent_is_refused():
    with pytest.raises(ValueError, match="fraction of a cent"):
        to_cents(Decimal("1.005"))


@pytest.mark.parametrize(
    ("amount", "rounded"), [("0.005", "0.01"), ("0.004999", "0.00"), ("1.115", "1.12"), ("-0.005", "-0.01")]
)
def test_cents_round_half_up(amount, rounded):
    assert round_cent(Decimal(amount)) == Decimal(rounded)


@pytest.mark.parametrize(("amount", "dollars"), [("273.01", "274.00"), ("273", "273.00"), ("0", "0.00")])
def test_the_quote_convention_rounds_up_to_the_dollar(amount, dollars):
    assert str(ceil_dollar(Decimal(amount))) == dollars


@pytest.mark.parametrize(
    ("amount", "text"), [("1234.5", "$1,234.50"), ("-1", "-$1.00"), ("0", "$0.00"), ("1000000", "$1,000,000.00")]
)
def test_money_is_written_plainly(amount, text):
    assert format_money(Decimal(amount)) == text


def test_whole_dollars_drop_their_cents():
    assert [format_dollars(Decimal(text)) for text in ("3000.00", "12.50", "-40")] == ["$3,000", "$12.50", "-$40"]


@pytest.mark.parametrize(
    ("on", "age"),
    [(date(2025, 2, 28), 24), (date(2025, 3, 1), 25), (date(2028, 2, 28), 27), (date(2028, 2, 29), 28)],
)
def test_a_leap_day_child_has_the_birthday_on_march_first_in_common_years(on, age):
    assert age_on(date(2000, 2, 29), on) == age


@given(DAYS, st.integers(min_value=0, max_value=110))
def test_age_changes_on_the_birthday_and_not_the_day_before(born, years):
    birthday = add_years(born, years)
    assert age_on(born, birthday) == years
    if years:
        day_before = date.fromordinal(birthday.toordinal() - 1)
        assert age_on(born, day_before) == years - 1


def test_nobody_has_an_age_before_birth():
    with pytest.raises(ValueError, match="before the birth date"):
        age_on(date(2027, 1, 2), date(2027, 1, 1))


def test_equality_ignores_where_a_value_was_read():
    assert Issuer("99001", source=Source("a.csv", "row 2")) == Issuer("99001", source=NO_SOURCE)
    assert Issuer("99001").key == ("99001",)


@pytest.mark.parametrize(
    "name",
    [
        "Urgent Care Centers or Facilities",
        "Urgent Care Centers Or Facilities",
        "URGENT CARE CENTERS  OR FACILITIES",
    ],
)
def test_spellings_of_a_benefit_meet_in_one_category(name):
    assert category_of(name) == "urgent_care"


def test_every_listed_service_finds_itself_and_an_unlisted_one_keeps_its_own_slug():
    assert all(category_of(name) == slug for slug, name in SERVICES.items())
    assert category_of("Hormone Replacement Therapy (HRT)") == "hormone_replacement_therapy_hrt"


def test_expanded_bronze_is_bronze_to_shoppers():
    assert Metal.EXPANDED_BRONZE.level is Metal.BRONZE


@pytest.mark.parametrize(
    ("names", "spoken"),
    [
        ((), ""),
        (("You (38)",), "You (38)"),
        (("You (38)", "Spouse (36)"), "You (38) and Spouse (36)"),
        (("You (38)", "Spouse (36)", "Child (7)"), "You (38), Spouse (36) and Child (7)"),
    ],
)
def test_names_are_listed_as_people_say_them(names, spoken):
    assert spoken_list(names) == spoken
