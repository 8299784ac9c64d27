"""The law files themselves: boundaries, gaps, overlaps, trust, and what the typed look-ups answer."""

import subprocess
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.parameters import (
    MARKS,
    MissingParameter,
    age_curve,
    applicable_percentage_table,
    csr_bands,
    income_range,
    load,
    metal_av_range,
    open_enrollment,
    poverty_guideline,
    tier_factors,
    tobacco_cap,
)
from catalog.parameters.law import STATES

FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)
DAYS = st.dates(FIRST, LAST)
YEARS = (2025, 2026, 2027)
DAY = timedelta(days=1)

# Every plan year the product serves has a value for these; the others begin later or are marked unknown.
YEARLY = (
    "aca.moop.self",
    "aca.moop.family",
    "hsa.limit.self",
    "hsa.limit.family",
    "hdhp.min_deductible.self",
    "hdhp.min_deductible.family",
    "hdhp.max_oop.self",
    "hdhp.max_oop.family",
    "ptc.applicable_percentage",
    "ptc.income_range",
    "ptc.employer_affordability_percent",
)


def rows():
    return [(p, row) for p in load().parameters.values() for row in p.values]


def test_every_value_has_a_citation_and_a_known_mark(law):
    for parameter, row in rows():
        assert all(row.cite), parameter.name
        assert row.cite, parameter.name
        assert row.mark in MARKS, parameter.name


def test_an_unknown_value_says_what_is_missing(law):
    unknown = [(p, row) for p, row in rows() if row.mark == "unknown"]
    assert unknown
    for parameter, row in unknown:
        with pytest.raises(MissingParameter) as refusal:
            law.value(parameter.name, row.effective_from, key=row.key)
        assert parameter.name in str(refusal.value)
        assert row.note in str(refusal.value)
        assert parameter.file in str(refusal.value)


def test_no_value_contains_a_float(law):
    def leaves(value):
        if isinstance(value, Mapping):
            return [leaf for item in value.values() for leaf in leaves(item)]
        return [leaf for item in value for leaf in leaves(item)] if isinstance(value, tuple) else [value]

    assert not [p.name for p, row in rows() for leaf in leaves(row.value) if isinstance(leaf, float)]


@pytest.mark.parametrize("name", YEARLY)
@given(on=DAYS)
@settings(max_examples=25)
def test_yearly_figures_have_no_gap(name, on):
    entry = load().entry(name, on)
    assert entry.effective_from <= on
    assert entry.effective_until is None or on <= entry.effective_until


@given(st.data())
@settings(max_examples=200)
def test_a_value_holds_from_its_first_to_its_last_day_and_not_beyond(data):
    never_corrected = [p for p in load().parameters.values() if not any(row.recorded for row in p.values)]
    parameter = data.draw(st.sampled_from(never_corrected))
    row = data.draw(st.sampled_from(parameter.values))
    last = row.effective_until or row.effective_from + 400 * DAY
    assert answer(parameter, row.key, data.draw(st.dates(row.effective_from, last))) is row
    assert answer(parameter, row.key, row.effective_from - DAY) is not row
    if row.effective_until:
        assert answer(parameter, row.key, row.effective_until + DAY) is not row


def answer(parameter, key, on):
    """The row that the law answers with, also where it refuses because the row is marked unknown; else None."""
    state = "WY" if key == "default" and parameter.by == "state" else key
    try:
        return load().entry(parameter.name, on, key=state)
    except MissingParameter as refusal:
        unknown = [row for row in parameter.values if row.key == key and row.holds_on(on) and row.mark == "unknown"]
        return unknown[0] if unknown and unknown[0].note in refusal.reason else None


def test_last_day_of_a_year_and_first_of_the_next_differ(law):
    assert law.value("aca.moop.self", date(2026, 12, 31)) == Decimal(10600)
    assert law.value("aca.moop.self", date(2027, 1, 1)) == Decimal(12000)


def test_a_year_that_is_not_held_is_refused_by_name(law):
    with pytest.raises(MissingParameter) as refusal:
        law.value("aca.moop.self", date(2028, 1, 1))
    assert refusal.value.name == "aca.moop.self"
    assert refusal.value.on == date(2028, 1, 1)
    assert "2027-12-31" in refusal.value.reason


@pytest.mark.parametrize("state", sorted(STATES))
@pytest.mark.parametrize("year", YEARS)
def test_each_state_has_tiers_or_a_complete_curve(law, state, year):
    on = date(year, 1, 1)
    tiers = tier_factors(law, state, on)
    if tiers is not None:
        assert tiers["one_adult"] == 1
        with pytest.raises(MissingParameter, match="family tiers"):
            age_curve(law, state, on)
        return
    curve = age_curve(law, state, on)
    assert sorted(curve) == list(range(65))
    assert all(younger <= older for younger, older in pairwise(curve[age] for age in range(65)))
    adult_ratio = curve[64] / curve[21]
    assert adult_ratio <= law.value("rating.adult_age_ratio", on, key=state)


def test_new_jersey_small_groups_are_refused_but_its_individuals_are_not(law):
    on = date(2026, 1, 1)
    assert age_curve(law, "NJ", on)[64] == 3
    with pytest.raises(MissingParameter, match="New Jersey's small-group curve"):
        age_curve(law, "NJ", on, market="small_group")


def test_alabama_has_its_own_curve_for_individuals_only(law):
    on = date(2026, 1, 1)
    assert age_curve(law, "AL", on)[20] == Decimal("0.635")
    assert age_curve(law, "AL", on, market="small_group")[20] == Decimal("0.970")


@pytest.mark.parametrize("year", YEARS)
def test_percentage_bands_join_and_never_fall(law, year):
    bands = applicable_percentage_table(law, date(year, 1, 1))
    assert bands[0].low == 0
    for one, following in pairwise(bands):
        assert one.high == following.low
        assert one.start_pct <= one.end_pct <= following.start_pct
    assert bands[-1].high == income_range(law, date(year, 1, 1)).high


def test_the_credit_had_no_upper_income_limit_in_2025_only(law):
    assert [income_range(law, date(year, 7, 1)).high for year in YEARS] == [None, 400, 400]


def test_four_hundred_percent_for_one_person(law):
    assert 4 * poverty_guideline(law, "OH", 1, date(2026, 5, 1)) == 62600
    assert 4 * poverty_guideline(law, "OH", 1, date(2027, 5, 1)) == 63840


def test_savings_levels_cover_each_income_once(law):
    bands = csr_bands(law, date(2027, 1, 1))
    assert [(b.level, b.variant) for b in bands] == [("94", "06"), ("87", "05"), ("73", "04")]
    suffixes = law.value("csr.variant_suffixes", date(2027, 1, 1))
    assert all(suffixes[b.variant] == f"silver {b.level}" for b in bands)
    assert [b.low_included for b in bands] == [True, False, False]
    assert all(one.high == following.low for one, following in pairwise(bands))


@pytest.mark.parametrize("size", [0, -1])
def test_a_household_has_at_least_one_person(law, size):
    with pytest.raises(ValueError, match="household size must be 1 or more"):
        poverty_guideline(law, "OH", size, date(2026, 1, 1))


def test_a_misspelt_state_never_gets_the_default(law):
    for state in ("Ohio", "oh", "XX", "PR", "default", ""):
        with pytest.raises(MissingParameter, match="two-letter code"):
            tobacco_cap(law, state, "individual", date(2026, 1, 1))


def test_a_market_is_one_of_two(law):
    with pytest.raises(ValueError, match="individual"):
        tobacco_cap(law, "OH", "large_group", date(2026, 1, 1))


def test_silver_is_narrower_on_the_exchange(law):
    on = date(2026, 1, 1)
    assert metal_av_range(law, "silver", on, on_exchange=True).low == 70
    assert metal_av_range(law, "silver", on).low == 68
    assert metal_av_range(law, "expanded_bronze", on).high == 65
    assert law.entry("metal.av_range", date(2027, 1, 1), key="gold").mark == "M"


@pytest.mark.parametrize("state", sorted(STATES))
@pytest.mark.parametrize("year", YEARS)
def test_windows_are_in_order_and_cutoffs_fill_them(law, state, year):
    on_healthcare_gov = law.value("exchange.platform", date(year, 1, 1), key=state) == "HealthCare.gov"
    try:
        window = open_enrollment(law, state, year)
    except MissingParameter:
        window = None
    assert window or not on_healthcare_gov
    if window is None:
        return
    assert window.cutoffs or not on_healthcare_gov
    assert window.start < window.end
    assert not window.cutoffs or window.cutoffs[-1].selected_by == window.end
    assert all(a.selected_by < b.selected_by and a.effective < b.effective for a, b in pairwise(window.cutoffs))
    assert all(cutoff.effective > cutoff.selected_by and cutoff.effective.day == 1 for cutoff in window.cutoffs)


@pytest.mark.parametrize(
    ("selected", "starts"),
    [
        (date(2026, 11, 1), date(2027, 1, 1)),
        (date(2026, 12, 15), date(2027, 1, 1)),
        (date(2026, 12, 16), date(2027, 2, 1)),
        (date(2027, 1, 15), date(2027, 2, 1)),
    ],
)
def test_start_of_cover_in_ohio(law, selected, starts):
    assert open_enrollment(law, "OH", 2027).effective_date(selected) == starts


@pytest.mark.parametrize("selected", [date(2026, 10, 31), date(2027, 1, 16)])
def test_no_start_date_outside_the_window(law, selected):
    window = open_enrollment(law, "OH", 2027)
    assert not window.is_open(selected)
    with pytest.raises(ValueError, match="outside open enrolment for 2027 in OH"):
        window.effective_date(selected)


def test_an_exchange_without_known_start_dates_refuses_only_those(law):
    window = open_enrollment(law, "CA", 2027)
    assert window.is_open(date(2027, 1, 31))
    with pytest.raises(MissingParameter, match=r"enrollment\.open.*CA, plan year 2027"):
        window.effective_date(date(2026, 12, 1))


def test_state_exchange_never_falls_back_to_federal_dates(law):
    with pytest.raises(MissingParameter, match="state 'CA'"):
        open_enrollment(law, "CA", 2025)


def test_the_law_as_it_was_known_then(law):
    known_in_2025 = open_enrollment(law, "OH", 2027, recorded_by=date(2026, 6, 11))
    assert known_in_2025.end == date(2026, 12, 15)
    assert open_enrollment(law, "OH", 2027, recorded_by=date(2026, 6, 12)).end == date(2027, 1, 15)


def test_a_law_that_reaches_back(law):
    name, on = "hsa.telehealth_before_deductible", date(2025, 3, 1)
    assert law.value(name, on) is True
    assert law.value(name, on, recorded_by=date(2025, 7, 3)) is False
    assert law.value(name, on, recorded_by=date(2025, 7, 4)) is True


def test_hsa_metals_change_with_2026(law):
    assert law.value("hsa.qualifying_metals", date(2025, 12, 31)) == ()
    assert law.value("hsa.qualifying_metals", date(2026, 1, 1)) == ("bronze", "catastrophic")


def test_ohio(law):
    on = date(2027, 1, 1)
    assert law.value("exchange.platform", on, key="OH") == "HealthCare.gov"
    assert law.value("medicaid.income_limit.adult", on, key="OH") == 138
    assert law.value("medicaid.income_limit.child", on, key="OH") == 211
    assert law.entry("medicaid.income_limit.child", on, key="OH").mark == "M"


def test_loads_once(law):
    assert load() is law


def test_the_version_is_the_same_in_another_process(law):
    code = "from catalog.parameters import load; print(load().version)"
    fresh = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert fresh.stdout.strip() == law.version


def test_needs_neither_a_database_nor_the_web():
    code = (
        "import sys, catalog.parameters as p; p.load(); print([m for m in ('flask', 'sqlalchemy') if m in sys.modules])"
    )
    fresh = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert fresh.stdout.strip() == "[]"
