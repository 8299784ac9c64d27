"""Which release an address shops from: portal and command line ask the same question and get the same answer."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from catalog.store.base import Sessions, make_engine
from catalog.store.drafts import write_draft
from catalog.store.releases import publish
from catalog.terms import Household, Issuer, Person, Relationship, ServiceAreaPart, ZipCounty
from portal import migrations
from portal.commands.quote import quoted
from portal.household.models import HouseholdRecord, PersonRecord
from portal.household.operations import find_place, first_place
from portal.plans.shop import NoShop, shop_for
from tests.catalog.store.conftest import FIRST, LAST, MADE_ON, market, places, whole_plan

IN_OPEN_ENROLLMENT = date(2026, 11, 15)


def next_door():
    """Another issuer's release, of other ZIP codes."""
    known = [each for each in places() if not isinstance(each, (Issuer, ServiceAreaPart, ZipCounty))]
    yield from (Issuer("99999", "Next Door", "OH"), *known, ZipCounty("43215", "39061"))
    yield ServiceAreaPart("99999", "OHS001", "All", "OH", entire_state=True)
    yield from whole_plan("99999OH0010001")


@pytest.fixture(scope="module")
def sessions(module_database_url):
    """Two published releases: the older one knows 45202, the newer one knows 43215."""
    engine = make_engine(module_database_url)
    migrations.upgrade(engine)
    opened = Sessions(engine)
    for days, nouns in enumerate((market(), next_door())):
        with opened.write() as session:
            draft = write_draft(session, nouns, made_on=MADE_ON)
            publish(session, draft.release_id, MADE_ON + timedelta(days=days))
    yield opened
    engine.dispose()


def record(zip_code):
    person = PersonRecord(position=0, relationship_=Relationship.SELF, age=30, applying=True)
    return HouseholdRecord(zip_code=zip_code, county_fips="", effective_date=FIRST, people=[person], facts={})


@pytest.mark.parametrize(("zip_code", "plan_id"), [("45202", "12345OH0010001"), ("43215", "99999OH0010001")])
def test_every_address_shops_from_the_release_that_knows_it(sessions, zip_code, plan_id):
    with sessions.read() as session:
        assert find_place(session, zip_code, "", FIRST).location.zip_code == zip_code
        place, starts = first_place(session, zip_code, IN_OPEN_ENROLLMENT)
        assert (place.refusal, starts) == ("", FIRST)
        shop = shop_for(session, record(zip_code))
        people = (Person("a", Relationship.SELF, age=30),)
        asked = Household(zip_code=zip_code, county_fips="", effective_date=FIRST, persons=people)
        priced = quoted(session, asked)
        assert shop.release.release_id == priced.inputs.release_id
        assert plan_id in {plan.plan_id for plan in shop.market.plans}


def test_a_zip_code_that_no_release_knows_is_refused_everywhere(sessions):
    words = "ZIP code 99999 is not in our list of places"
    with sessions.read() as session:
        assert words in find_place(session, "99999", "", FIRST).refusal
        assert words in first_place(session, "99999", IN_OPEN_ENROLLMENT)[0].refusal
        with pytest.raises(NoShop, match=words):
            shop_for(session, record("99999"))
        assert find_place(session, "45202", "", LAST.replace(year=2028)) is None


def test_where_only_this_year_sells_cover_starts_next_month(sessions):
    """The release of 2027 does not know the ZIP code, the one of 2026 does: until December that one sells."""
    this_year = [moved(each, -1) for each in market() if getattr(each, "zip_code", "45040") == "45040"]
    with sessions.writer() as session:
        draft = write_draft(session, [*this_year, ZipCounty("44101", "39061")], made_on=MADE_ON)
        publish(session, draft.release_id, MADE_ON)
        assert first_place(session, "44101", IN_OPEN_ENROLLMENT)[0].location.rating_area == "9"
        assert first_place(session, "44101", IN_OPEN_ENROLLMENT)[1] == date(2026, 12, 1)
        assert "44101 is not in our list" in first_place(session, "44101", date(2026, 12, 5))[0].refusal


def moved(noun, years):
    """The noun in another plan year."""
    days = ("effective_from", "effective_until")
    held = {name: getattr(noun, name) for name in days if isinstance(getattr(noun, name, None), date)}
    return replace(noun, **{name: day.replace(year=day.year + years) for name, day in held.items()})
