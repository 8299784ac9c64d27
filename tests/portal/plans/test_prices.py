"""Prices that open: the credit in words, what another income changes, why a plan uses less than the whole credit."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from catalog.parameters import load
from catalog.store.base import Sessions, make_engine
from catalog.store.market import current_release, local_market, locate
from catalog.terms import Household, Market, Person, Relationship, format_dollars
from configurator.quote import quote
from configurator.tax_credit import Step
from portal.plans.overview import county_words
from portal.plans.prices import credit_story, income_changes, price_story, step_value
from tests.demo_release import copy_template

ON, LAW = date(2027, 1, 1), load()
CATASTROPHIC, BRONZE, DENTAL = "99001OH0010011", "99001OH0010001", "99001OH1010001"
FAMILY = Household(
    persons=(
        Person("a", Relationship.SELF, age=38, name="Ada"),
        Person("b", Relationship.SPOUSE, age=36, name="Ben"),
        Person("c", Relationship.CHILD, age=7, name="Cy"),
        Person("d", Relationship.CHILD, age=4, name="Di"),
    ),
    zip_code="43215",
    county_fips="39049",
    effective_date=ON,
    income=Decimal("72000.00"),
)


@pytest.fixture(scope="module")
def market(demo_template, tmp_path_factory):
    engine = make_engine(copy_template(demo_template, tmp_path_factory.mktemp("prices")))
    with Sessions(engine).reader() as session:
        release = current_release(session, plan_year=2027, market=Market.INDIVIDUAL)
        place = locate(session, release.release_id, "43215").location
        yield local_market(session, release.release_id, place, on=ON, ages={38, 36, 7, 4})
    engine.dispose()


def test_another_income_gives_the_credit_that_a_whole_quote_would(market):
    today = quote(market, FAMILY, LAW)
    changes = income_changes(today, LAW)
    assert [change.income for change in changes] == [Decimal(64800), Decimal(79200)]
    for change in changes:
        whole = quote(market, replace(FAMILY, income=change.income), LAW)
        assert change.credit == whole.credit.amount
        assert change.difference == whole.credit.amount - today.credit.amount


def test_an_income_past_the_limit_says_why_the_credit_ends(market):
    limit = quote(market, FAMILY, LAW).poverty.guideline * 4
    lower, higher = income_changes(quote(market, replace(FAMILY, income=limit), LAW), LAW)
    assert lower.credit > 0
    assert higher.credit == 0
    assert higher.text == (
        "No tax credit for you: your income is above 400 percent of the poverty guideline "
        f"({format_dollars(limit)} for 4 people)."
    )


@pytest.mark.parametrize("changes", [{"income": None}, {"on_exchange": False}, {"income": Decimal("0.00")}])
def test_without_income_or_credit_there_is_nothing_to_compare(market, changes):
    assert income_changes(quote(market, replace(FAMILY, **changes), LAW), LAW) == ()


def test_off_the_exchange_the_sentence_says_that_there_is_no_credit(market):
    story = credit_story(quote(market, replace(FAMILY, on_exchange=False), LAW))
    assert story.known
    assert story.sentence == "There is no tax credit. The tax credit is only for plans bought through the Exchange."
    assert story.steps == ()


def test_a_plan_that_uses_less_than_the_whole_credit_says_why(market):
    found = quote(market, replace(FAMILY, income=Decimal("50000.00")), LAW)
    bronze = price_story(found.by_plan_id[BRONZE], found)
    assert bronze.net < 10
    assert bronze.credit_note.startswith(f"This plan uses ${bronze.credit:,.2f} of your ${found.credit.amount:,.2f}")
    refused = price_story(found.by_plan_id[CATASTROPHIC], found)
    assert (refused.credit, refused.credit_note) == (0, "The tax credit cannot be used on this plan.")
    assert price_story(found.by_plan_id[DENTAL], found).credit_note == ""  # what is left over may pay part of it


def test_a_price_opens_to_the_rows_it_is_the_sum_of(market):
    found = quote(market, FAMILY, LAW)
    priced = [row for row in found.plans if row.premium.total is not None]
    assert len(priced) > 25
    for row in priced:
        story = price_story(row, found)
        assert sum(person.rate for person in story.people if person.charged) == story.premium
        assert [person.name for person in story.people] == ["Ada", "Ben", "Cy", "Di"]
        assert all(", row " in person.source for person in story.people)


def test_a_plan_without_a_rate_tells_what_is_not_filed(market):
    found = quote(replace(market, rates={}, tier_rates={}), FAMILY, LAW)
    story = price_story(found.plans[0], found)
    assert (story.premium, story.net, story.people) == (None, None, ())
    assert "No rate is filed for age 4 in rating area" in story.refusals[0]


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (Decimal("7.4636"), "percent", "7.4636%"),
        (Decimal("218.18"), "percent", "218.18%"),
        (Decimal("447.82"), "USD per month", "$447.82 a month"),
        (Decimal(33000), "USD per year", "$33,000.00 a year"),
        ("none", "", "none"),
    ],
)
def test_a_step_shows_its_unit(value, unit, words):
    assert step_value(Step("x", "x", value, unit)) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [("Franklin", "Franklin County"), ("Franklin County", "Franklin County"), ("Orleans Parish", "Orleans Parish")],
)
def test_a_county_is_called_one_once(name, words):
    assert county_words(name) == words
