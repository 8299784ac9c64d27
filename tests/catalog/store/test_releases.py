"""Publishing, previews, differences and rolling back: whole releases, one published at a time."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from catalog.store import tables
from catalog.store.base import Base, Sessions, make_engine
from catalog.store.drafts import write_draft
from catalog.store.releases import (
    ReleaseRefused,
    ReleaseState,
    UnknownReleaseError,
    current_release,
    diff,
    discard,
    list_releases,
    preview,
    problems_of,
    publish,
    release_info,
    rollback,
)
from catalog.terms import Issuer, Market, Source


@pytest.fixture
def load(sessions, make):
    def write(nouns, **options):
        with sessions.write() as session:
            return write_draft(session, nouns, made_on=make.made_on, **options).release_id

    return write


@pytest.fixture
def published(sessions, make, load):
    """One release that is published."""
    release_id = load(make.market())
    with sessions.write() as session:
        publish(session, release_id, make.made_on)
    return release_id


@pytest.fixture
def dearer(make, load):
    """A draft of the same lineage: one rate changed, one plan left, one plan came."""
    nouns = [each for each in make.market() if getattr(each, "plan_id", "") != make.twin]
    nouns = [each for each in nouns if not getattr(each, "variant_id", "").startswith(make.twin)]
    nouns = [
        replace(each, individual=Decimal("999.99"), source=Source("new.csv", "row 4"))
        if each.key[:4] == (make.ours, "9", 30, 30)
        else each
        for each in nouns
    ]
    return load([*nouns, *make.whole_plan("12345OH0010008")])


def states(sessions):
    with sessions.read() as session:
        return {each.release_id: each.state for each in list_releases(session)}


def test_publishing_replaces_the_predecessor_as_a_whole(sessions, make, published, dearer):
    with sessions.write() as session:
        info = publish(session, dearer, make.made_on)
    assert (info.state, info.predecessor_id, info.published_at) == (ReleaseState.PUBLISHED, published, make.made_on)
    assert states(sessions) == {published: ReleaseState.SUPERSEDED, dearer: ReleaseState.PUBLISHED}
    with sessions.read() as session:
        found = current_release(session, plan_year=2027, market=Market.INDIVIDUAL, state="OH")
        assert found.release_id == dearer
        assert current_release(session, plan_year=2027, market=Market.INDIVIDUAL, state="KY") is None
        assert current_release(session, plan_year=2026, market=Market.INDIVIDUAL) is None
        assert current_release(session, plan_year=2027, market=Market.SMALL_GROUP) is None


def test_publishing_twice_changes_nothing(sessions, make, published):
    with sessions.write() as session:
        assert publish(session, published, make.made_on + timedelta(days=1)).published_at == make.made_on


def test_another_issuer_set_stays_published(sessions, make, load, published):
    others = [replace(each, sold_by_us=True) if isinstance(each, Issuer) else each for each in make.market()]
    release_id = load(others)
    with sessions.write() as session:
        assert [each.release_id for each in preview(session, release_id).beside] == [published]
        publish(session, release_id, make.made_on)
    assert set(states(sessions).values()) == {ReleaseState.PUBLISHED}


def test_what_cannot_be_published(sessions, make, load):
    nothing = load(make.places(), plan_year=2027, market=Market.INDIVIDUAL)
    no_year = load(make.places(), market=Market.INDIVIDUAL)
    no_market = load(make.places(), plan_year=2027)
    not_ours = load([*make.places(), *make.whole_plan(make.other)])
    with sessions.write() as session:
        for release_id, words in (
            (nothing, "nothing that can be sold"),
            (no_year, "plan year"),
            (no_market, "market"),
            (not_ours, "nothing that can be sold"),
        ):
            assert words in preview(session, release_id).refusal
            with pytest.raises(ReleaseRefused, match=words):
                publish(session, release_id, make.made_on)
        with pytest.raises(UnknownReleaseError):
            publish(session, "2027-nope", make.made_on)


def test_a_superseded_release_comes_back_by_rolling_back_only(sessions, make, published, dearer):
    with sessions.write() as session:
        publish(session, dearer, make.made_on)
    with sessions.write() as session, pytest.raises(ReleaseRefused, match="superseded"):
        publish(session, published, make.made_on)
    with sessions.write() as session:
        assert rollback(session, dearer, make.made_on).release_id == published
    assert states(sessions) == {published: ReleaseState.PUBLISHED, dearer: ReleaseState.WITHDRAWN}
    with sessions.write() as session:
        assert publish(session, dearer, make.made_on).predecessor_id == published


def test_there_may_be_nothing_to_roll_back_to(sessions, make, published, dearer):
    with sessions.write() as session:
        with pytest.raises(ReleaseRefused, match="first of its kind"):
            rollback(session, published, make.made_on)
        with pytest.raises(ReleaseRefused, match="only a published one"):
            rollback(session, dearer, make.made_on)


def test_a_published_release_is_never_thrown_away_or_written_again(sessions, make, published, dearer):
    with sessions.write() as session, pytest.raises(ReleaseRefused, match="only a draft"):
        discard(session, published)
    with sessions.write() as session:
        assert write_draft(session, make.market(), made_on=make.made_on).already
        discard(session, dearer)
    assert states(sessions) == {published: ReleaseState.PUBLISHED}
    with sessions.read() as session:
        for table in tables.NOUN_TABLES:
            found = session.scalar(sa.select(sa.func.count()).select_from(table.table))
            assert found == release_info(session, published).counts[table.name]


def test_the_database_holds_to_one_published_release_of_a_lineage(sessions, published, dearer):
    change = sa.update(tables.release).where(tables.release.c.release_id == dearer).values(state="published")
    with pytest.raises(sa.exc.IntegrityError), sessions.write() as session:
        session.execute(change)


def test_a_preview_shows_what_changes(sessions, make, published, dearer):
    with sessions.read() as session:
        found = preview(session, dearer)
    assert (found.replaces.release_id, found.refusal, found.beside) == (published, "", ())
    changes = found.changes.tables
    assert (changes["plan"].added, changes["plan"].removed, changes["plan"].changed) == (1, 1, 0)
    assert (changes["rate"].added, changes["rate"].removed, changes["rate"].changed) == (5, 5, 1)
    (row,) = [row for row in changes["rate"].rows if row.fields]
    assert [(each.field, each.old, each.new) for each in row.fields] == [
        ("individual", Decimal("340.50"), Decimal("999.99"))
    ]
    assert (row.old.source.file, str(row.new.source)) == ("made.csv", "new.csv, row 4")
    assert row.key == f"{make.ours} 9 30 30 2027-01-01"


def test_the_first_release_has_nothing_to_compare(sessions, make, load):
    release_id = load(make.market())
    with sessions.read() as session:
        found = preview(session, release_id)
    assert (found.replaces, found.changes) == (None, None)


def test_a_release_does_not_differ_from_itself_and_details_are_limited(sessions, published, dearer):
    with sessions.read() as session:
        assert diff(session, published, published).empty
        few = diff(session, published, dearer, details=1)
        assert (few.tables["rate"].added, len(few.tables["rate"].rows)) == (5, 3)
        with pytest.raises(UnknownReleaseError):
            diff(session, published, "2027-nope")


def test_filed_spelling_alone_is_no_difference(sessions, make, published, load):
    respelled = [
        replace(each, in_1=replace(each.in_1, filed_copay="40 dollars")) if hasattr(each, "in_1") else each
        for each in make.market()
    ]
    release_id = load([*respelled, make.rate(make.ours, 50, "5.00")])
    with sessions.read() as session:
        assert set(diff(session, published, release_id).tables) == {"rate"}


def test_problems_of_an_import_are_kept(sessions, make, load):
    release_id = load([*make.market(), make.rate(make.ours, 50, "0")])
    with sessions.read() as session:
        (found,) = problems_of(session, release_id)
    assert (found.code, found.found) == ("rate-not-positive", "0")


class Lineages(RuleBasedStateMachine):
    """Whatever is published and rolled back: at most one published release of a lineage, and rows stay as written."""

    make = None

    @initialize()
    def start(self):
        engine = make_engine("sqlite://")
        Base.metadata.create_all(engine)
        self.sessions = Sessions(engine)
        self.ids = []
        for amount in ("100.00", "200.00", "300.00"):
            for issuer in ("12345", "54321"):
                own = [Issuer(issuer, state="OH"), *list(self.make.places())[2:]]
                plan_id = f"{issuer}OH0010001"
                nouns = [*own, *self.make.whole_plan(plan_id, ages=()), self.make.rate(plan_id, 30, amount)]
                with self.sessions.write() as session:
                    self.ids.append(write_draft(session, nouns, made_on=self.make.made_on).release_id)
        self.rows = self.all_rows()

    def all_rows(self):
        with self.sessions.read() as session:
            return sorted(map(repr, session.execute(sa.select(tables.rates.table))))

    @rule(which=st.integers(0, 5), back=st.booleans())
    def move(self, which, back):
        before = states(self.sessions)
        try:
            with self.sessions.write() as session:
                (rollback if back else publish)(session, self.ids[which], self.make.made_on)
        except ReleaseRefused:
            assert states(self.sessions) == before
            return
        wanted = ReleaseState.WITHDRAWN if back else ReleaseState.PUBLISHED
        assert states(self.sessions)[self.ids[which]] is wanted

    @invariant()
    def one_of_a_lineage(self):
        with self.sessions.read() as session:
            lines = [each.lineage for each in list_releases(session) if each.state is ReleaseState.PUBLISHED]
        assert len(lines) == len(set(lines))
        assert self.all_rows() == self.rows

    def teardown(self):
        self.sessions.engine.dispose()


def test_any_sequence_of_publishing_and_rolling_back(make):
    class Here(Lineages):
        pass

    Here.make = make
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=8, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
