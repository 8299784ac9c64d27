"""Rates of a draft as a whole: unknown areas, ages that are none, overlaps, gaps between ages."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog.importers import read
from catalog.store.drafts import write_draft
from catalog.store.rate_checks import OLDER, _runs
from catalog.terms import RatingAreaPart, TierRate

FOR_ALL = "Allows Adult and Child-Only"


@pytest.fixture
def report(sessions, make):
    """Write nouns as a draft that is not kept, and give the report."""

    def write(nouns):
        with sessions.writer() as session:
            return write_draft(session, nouns, made_on=make.made_on)

    return write


def all_ages(make, plan_id, **changes):
    """A plan for everybody with a band for every age; ``changes`` are made to the rates."""
    nouns = list(make.whole_plan(plan_id, ages=(), child_only_offering=FOR_ALL))
    bands = ((0, 22), (23, 63), (64, 999))  # none begins at 21: the curve is not asked
    return nouns, [make.rate(plan_id, 30, "340.50", age_low=low, age_high=high, **changes) for low, high in bands]


def codes(found):
    return [each.code for each in found.problems]


def test_rates_of_an_area_that_the_import_does_not_describe_are_left_out(report, make):
    stray = [make.rate(make.ours, age, make.on_curve[age], area="7") for age in (21, 30)]
    tier = TierRate(make.dental, "7", make.first, make.last, Decimal("20.00"), source=make.source("tier 7"))
    found = report([*make.market(), *stray, tier])
    assert codes(found) == ["rate-area-unknown"] * 2
    assert [(each.field, each.found) for each in found.problems] == [("rating_area", "7")] * 2
    assert "2 rows refer to it" in found.problems[0].message
    assert (found.quarantined["rate"], found.quarantined["tier_rate"]) == (2, 1)


def test_without_a_table_of_areas_of_that_state_nothing_is_unknown(report, make):
    elsewhere = [each for each in make.market() if not isinstance(each, RatingAreaPart)]
    found = report([*elsewhere, RatingAreaPart("KY", "1", county_fips="21117")])
    assert "rate-area-unknown" not in codes(found)


@pytest.mark.parametrize("ages", [(150, 150), (64, 150), (130, 999)])
def test_an_age_that_is_none_takes_no_other_rate_with_it(report, make, ages):
    nouns, rates = all_ages(make, make.ours)
    wrong = make.rate(make.ours, 30, "1.00", age_low=ages[0], age_high=ages[1])
    found = report([*make.places(), *nouns, *rates, wrong])
    assert (codes(found), found.counts["rate"]) == (["no-age"], 3)


def test_a_hole_between_the_ages_is_noted_once_for_all_plans_of_a_file(report, make):
    nouns, rates = all_ages(make, make.ours)
    others, more = all_ages(make, make.twin)
    kept = [each for each in (*rates, *more) if each.age_low != 23]
    found = report([*make.places(), *nouns, *others, *kept])
    (note,) = found.problems
    assert (note.severity, note.code, note.found) == ("note", "age-gap", "no rate for ages 23 to 63")
    assert note.message.startswith(f"2 plans lack them, first {make.ours} in rating area 9")
    assert found.left_out == 0


def test_quarters_that_together_hold_every_age_have_no_hole(report, make):
    nouns, rates = all_ages(make, make.ours)
    half = make.first.replace(month=7)
    early = [replace(each, effective_until=half.replace(month=6, day=30)) for each in rates[:1]]
    late = [replace(each, effective_from=half) for each in rates[:1]]
    assert codes(report([*make.places(), *nouns, *early, *late, *rates[1:]])) == []
    assert codes(report([*make.places(), *nouns, *late, *rates[1:]])) == ["age-gap"]


def test_runs_of_ages_read_as_people_say_them():
    assert list(_runs([0, 3, 4, 5, 64, OLDER])) == ["0", "3 to 5", "64 and over"]


def test_a_finding_names_the_field_as_its_file_does(sessions, make, tmp_path):
    header = "BusinessYear,PlanId,RatingAreaId,RateEffectiveDate,RateExpirationDate,Tobacco,Age,IndividualRate"
    row = f"2027,{make.ours},Rating Area 9,2027-01-01,2027-12-31,No Preference,40,410.00"
    path = tmp_path / "Rate_PUF.csv"
    path.write_text(f"{header}\n{row}\n")
    with sessions.writer() as session:
        found = write_draft(session, read([path]), made_on=make.made_on)
    assert [(each.code, each.field) for each in found.problems] == [("rate-without-plan", "PlanId")]
