"""What one address can buy: places, plans, rates, shelf, and how many statements that takes."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from catalog.store.drafts import write_draft
from catalog.store.market import (
    UnknownReleaseError,
    crosswalk_rows,
    current_release,
    design,
    designs,
    local_market,
    locate,
    networks_of,
    not_sellable,
    rate_row,
    tier_rate_row,
    twins,
    variants_of,
)
from catalog.terms import Csr, LimitKind, LimitScope, Market, MarketCoverage, ProductLine, RatingAreaPart


@contextmanager
def statements(engine):
    """Collect the statements that an engine executes."""
    seen = []

    def note(connection, cursor, statement, parameters, context, many):
        if statement.startswith("SELECT"):
            seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def load(sessions, make):
    def write(nouns):
        with sessions.write() as session:
            return write_draft(session, nouns, made_on=make.made_on).release_id

    return write


@pytest.fixture
def market_at(sessions, make):
    def at(release_id, zip_code="45202", county=None, ages=(30,), on=None):
        with sessions.read() as session:
            where = locate(session, release_id, zip_code, county)
            return local_market(session, release_id, where.location, on=on or make.first, ages=ages)

    return at


def test_a_zip_in_one_county_is_resolved(sessions, load, make):
    with sessions.read() as session:
        where = locate(session, load(make.market()), "45202")
    assert (where.location.county_fips, where.location.county_name) == ("39061", "Hamilton")
    assert (where.location.state, where.location.rating_area) == ("OH", "9")


def test_a_zip_in_two_counties_asks_and_takes_the_answer(sessions, load, make):
    release_id = load(make.market())
    with sessions.read() as session:
        where = locate(session, release_id, "45040")
        assert where.asks
        assert [county.name for county in where.counties] == ["Butler", "Warren"]
        assert locate(session, release_id, "45040", "39165").location.county_name == "Warren"


@pytest.mark.parametrize(
    ("zip_code", "county", "words"),
    [
        ("99999", None, "99999 is not in our list"),
        ("45202", "39165", "It is in Hamilton"),
        ("45011", None, "no rating area is filed"),
    ],
)
def test_unknown_places_are_refused_with_the_reason(sessions, load, make, zip_code, county, words):
    with sessions.read() as session:
        where = locate(session, load(make.market()), zip_code, county)
    assert where.location is None
    assert words in where.refusal
    assert not where.asks


def test_two_rating_areas_for_one_place_are_refused(sessions, load, make):
    release_id = load([*make.market(), RatingAreaPart("OH", "3", zip3="452")])
    with sessions.read() as session:
        assert "more than one rating area" in locate(session, release_id, "45202").refusal


def test_a_state_that_rates_by_zip(sessions, load, make):
    release_id = load([*make.market(), RatingAreaPart("OH", "3", zip3="450")])
    with sessions.read() as session:
        assert locate(session, release_id, "45011").location.rating_area == "3"


def test_the_market_of_an_address(load, make, market_at):
    release_id = load(make.market())
    here = market_at(release_id, ages=(30, 3, 7, 31))
    assert (here.plan_year, here.market, here.complete) == (2027, Market.INDIVIDUAL, True)
    assert [plan.plan_id for plan in here.plans] == [make.ours, make.twin, make.dental, make.other]
    assert [each.csr for each in here.variants[make.ours]] == [Csr.STANDARD, Csr.SILVER_94]
    assert [(row.age_low, row.age_high) for row in here.rates[make.ours]] == [(0, 14), (30, 30)]
    assert here.tier_rates[make.dental][0].couple == 40
    assert {key: issuer.sold_by_us for key, issuer in here.issuers.items()} == {"12345": True, "54321": False}
    assert here.with_pediatric_dental == {make.ours, make.twin, make.other}
    assert [rule.max_dependent_age for rule in here.business_rules] == [25]


def test_all_ages_when_none_is_named(load, make, market_at):
    here = market_at(load(make.market()), ages=None)
    assert [row.age_low for row in here.rates[make.other]] == [0, 21, 30, 40, 64]


def test_ages_asked_for_one_after_the_other_give_the_same_rows(load, make, market_at):
    release_id = load(make.market())
    market_at(release_id, ages=(3,))
    market_at(release_id, ages=(7, 40))
    assert [row.age_low for row in market_at(release_id, ages=(3, 7, 40)).rates[make.ours]] == [0, 40]


def test_no_rates_outside_their_dates(load, make, market_at):
    here = market_at(load(make.market()), on=date(2028, 1, 1))
    assert (here.rates, here.tier_rates) == ({}, {})


def test_a_partial_county_holds_only_its_zip_codes(load, make, market_at):
    nouns = [
        *make.market(),
        *(replace(each, zip_code="45005") for each in make.market() if each.key == ("45040", "39165")),
    ]
    release_id = load(nouns)
    assert len(market_at(release_id, "45040", "39165").plans) == 4
    assert market_at(release_id, "45005").plans == ()


def test_the_shelf_holds_options_with_all_their_parts(load, make, market_at):
    shelf = market_at(load(make.market())).shelf
    assert [option.option_id for option in shelf.in_line(ProductLine.ACCIDENT)] == ["ACC-1", "ACC-1-R"]
    assert set(shelf.rates) == {"ACC-1", "ACC-1-R"}
    assert shelf.benefits["ACC-1"][0].pays_amount == 500
    assert shelf.eligibility["ACC-1"][0].max_age == 64
    assert shelf.questions["ACC"][0].question_id == "Q1"


@pytest.mark.parametrize(
    "changes",
    [
        {"effective_from": date(2027, 2, 1)},
        {"effective_until": date(2026, 12, 31)},
        {"service_area_id": "OHS002"},
        {"issuer_id": "54321"},
    ],
)
def test_products_that_are_not_sold_there_or_then_are_absent(load, make, market_at, changes):
    nouns = [replace(each, **changes) if each.key == ("ACC",) else each for each in make.market()]
    assert market_at(load(nouns)).shelf.options == ()


def test_plans_without_rates_are_absent_and_explained(sessions, load, make, market_at):
    release_id = load([*make.market(), *make.whole_plan("12345OH0010003", ages=(), metal=None)])
    here = market_at(release_id)
    assert "12345OH0010003" not in {plan.plan_id for plan in here.plans}
    assert here.complete
    with sessions.read() as session:
        assert not_sellable(session, release_id) == {"12345OH0010003": "No rate is filed"}


@pytest.mark.parametrize(
    ("changes", "complete"),
    [({}, False), ({"service_area_id": ""}, False), ({"qhp_type": "Off the Exchange"}, True), ({"state": "KY"}, True)],
)
def test_a_silver_plan_without_a_price_makes_the_market_incomplete(load, make, market_at, changes, complete):
    hidden = make.whole_plan("54321OH0010003", ages=(), **changes)
    assert market_at(load([*make.market(), *hidden])).complete is complete


def test_a_county_nobody_vouched_for_is_incomplete(load, make, market_at):
    release_id = load(make.market())
    assert not market_at(release_id, "45040", "39165").complete
    said = MarketCoverage("OH", "39165", False)
    assert not market_at(load([*make.market(), said]), "45040", "39165").complete


def test_an_unknown_release_is_refused_by_name(sessions, load, make):
    release_id = load(make.market())
    with sessions.read() as session:
        location = locate(session, release_id, "45202").location
        with pytest.raises(UnknownReleaseError, match="2027-nope"):
            local_market(session, "2027-nope", location, on=make.first)


def test_statements_for_a_new_place_and_for_a_known_one(sessions, load, make):
    release_id = load([*make.market(), *make.whole_plan("12345OH0010777")])  # content that no other test has read
    with sessions.read() as session:
        where = locate(session, release_id, "45202")
        with statements(sessions.engine) as first_release:
            local_market(session, release_id, where.location, on=make.first, ages=(30,))
        where = locate(session, release_id, "45040", "39165")
        with statements(sessions.engine) as first_place:
            local_market(session, release_id, where.location, on=make.first, ages=(30,))
        with statements(sessions.engine) as new_ages:
            local_market(session, release_id, where.location, on=make.first, ages=(30, 31, 32))
        with statements(sessions.engine) as again:
            local_market(session, release_id, where.location, on=make.first, ages=(30, 31))
    assert [len(each) for each in (first_release, first_place, new_ages, again)] == [14, 8, 1, 0]


def test_designs_come_whole_in_four_statements(sessions, load, make):
    release_id = load(make.market())
    wanted = [f"{make.twin}-01", f"{make.ours}-01", "absent"]
    with sessions.read() as session, statements(sessions.engine) as seen:
        found = designs(session, release_id, wanted)
    assert len(seen) == 4
    assert list(found) == wanted[:2]
    whole = found[f"{make.twin}-01"]
    assert whole.plan.plan_id == make.twin
    assert whole.limit(LimitKind.MOOP, LimitScope.COMBINED).individual == 8900
    assert whole.benefit("adult_dental_routine").in_1.copay == 40


def test_designs_narrowed_to_some_benefits(sessions, load, make):
    release_id = load(make.market())
    with sessions.read() as session:
        found = designs(session, release_id, [f"{make.ours}-01"], categories=["primary_care"])
        assert [each.category for each in found[f"{make.ours}-01"].benefits] == ["primary_care"]
        assert len(design(session, release_id, f"{make.ours}-01").benefits) == 3
        assert design(session, release_id, "absent") is None


def test_the_rows_behind_a_number_name_their_file(sessions, load, make):
    release_id = load(make.market())
    with sessions.read() as session:
        row = rate_row(session, release_id, make.ours, rating_area="9", age=30, on=make.first)
        assert str(row.source) == f"made.csv, rate {make.ours} 9 30"
        assert rate_row(session, release_id, make.ours, rating_area="9", age=31, on=make.first) is None
        tier = tier_rate_row(session, release_id, make.dental, rating_area="9", on=make.first)
        assert tier.source.place == "tier"


def test_small_look_ups(sessions, load, make):
    release_id = load(make.market())
    with sessions.read() as session:
        found = twins(session, release_id, [make.ours, make.twin])
        assert found[make.ours].design_key == found[make.twin].design_key
        assert [row.to_plan for row in crosswalk_rows(session, release_id, ["12345OH0010009"])] == [make.ours]
        assert crosswalk_rows(session, release_id, ["absent"]) == ()
        assert [each.csr for each in variants_of(session, release_id, make.ours)] == ["01", "06"]
        assert networks_of(session, release_id)["12345", "OHN001"].name == "Lantern Network"
        assert current_release(session, plan_year=2027, market=Market.INDIVIDUAL) is None
