"""The demo's files through the importers into releases: both formats one content, and a market that can be shopped."""

from datetime import UTC, date, datetime
from itertools import groupby

import pytest

from catalog.demo import write_all
from catalog.importers import read
from catalog.store.base import Base, Sessions, make_engine
from catalog.store.drafts import file_records, write_draft
from catalog.store.market import crosswalk_rows, current_release, local_market, locate, not_sellable, twins
from catalog.store.releases import preview, publish
from catalog.terms import Market, ProductLine, Severity

MADE_ON = datetime(2026, 11, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("demo")
    write_all(made)
    return made


@pytest.fixture(scope="module")
def sessions():
    engine = make_engine("sqlite://")
    Base.metadata.create_all(engine)
    yield Sessions(engine)
    engine.dispose()


def load(sessions, folder, year, *parts):
    paths = [folder / str(year) / part for part in parts]
    with sessions.write() as session:
        return write_draft(session, read(paths), made_on=MADE_ON, files=file_records(paths))


@pytest.fixture(scope="module")
def report(sessions, folder):
    return load(sessions, folder, 2027, "puf", "own", "market")


@pytest.fixture(scope="module")
def published(sessions, report):
    with sessions.write() as session:
        return publish(session, report.release_id, MADE_ON).release_id


def test_nothing_of_the_demo_is_left_out(report):
    assert [each for each in report.problems if each.severity is not Severity.NOTE] == []
    assert report.quarantined == {}
    assert (report.plan_year, report.market, report.states) == (2027, Market.INDIVIDUAL, ("OH",))


def test_both_formats_are_one_content(sessions, folder, report):
    other = load(sessions, folder, 2027, "market", "own", "serff")
    assert other.content_hash == report.content_hash
    assert other.already


def test_a_family_in_cincinnati_can_shop(sessions, published):
    with sessions.read() as session:
        info = current_release(session, plan_year=2027, market=Market.INDIVIDUAL, state="OH")
        where = locate(session, info.release_id, "45202")
        here = local_market(session, info.release_id, where.location, on=date(2027, 1, 1), ages={36, 34, 5})
        assert info.release_id == published
        assert here.complete
        ours = [plan for plan in here.plans if here.issuers[plan.issuer_id].sold_by_us]
        assert {plan.line for plan in ours} == {ProductLine.MEDICAL, ProductLine.DENTAL}
        assert any(not issuer.sold_by_us for issuer in here.issuers.values())
        medical = [plan for plan in ours if plan.line is ProductLine.MEDICAL]
        assert all(len(here.rates[plan.plan_id]) == 3 for plan in medical)
        assert {option.line for option in here.shelf.options} >= {
            ProductLine.VISION,
            ProductLine.ACCIDENT,
            ProductLine.HSA,
        }
        assert set(not_sellable(session, published)).isdisjoint(plan.plan_id for plan in here.plans)
        found = sorted(
            twins(session, published, [plan.plan_id for plan in medical]).values(), key=lambda t: t.design_key
        )
        groups = [list(group) for _, group in groupby(found, key=lambda twin: twin.design_key)]
        assert any(len(group) > 1 for group in groups)
        for group in groups:
            assert len({twin.riders for twin in group}) == len(group)


def test_last_year_leads_to_this_year(sessions, folder, published):
    before = load(sessions, folder, 2026, "puf", "own", "market")
    with sessions.read() as session:
        assert preview(session, before.release_id).replaces is None
        rows = crosswalk_rows(session, published)
        assert rows
        assert any(not row.to_plan for row in rows)
        assert any(row.county_fips for row in rows)
