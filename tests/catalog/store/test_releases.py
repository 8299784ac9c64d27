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
    Move,
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
    refusal,
    release_info,
    rollback,
    withdraw,
    without,
)
from catalog.store.whereabouts import locate_published
from catalog.terms import Issuer, Market, Network, OptionRate, ServiceAreaPart, Source, ZipCounty


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


def others_release(make, *zips):
    """A release of an issuer that shares nothing with ours, and knows these ZIP codes only."""
    nouns = [each for each in make.places() if not isinstance(each, (Issuer, Network, ServiceAreaPart, ZipCounty))]
    own = [Issuer("99999", "Far Health", "OH"), *nouns, *(ZipCounty(each, "39061") for each in zips)]
    return [
        *own,
        ServiceAreaPart("99999", "OHS001", "All", "OH", entire_state=True),
        *make.whole_plan("99999OH0010001"),
    ]


def seen_at(sessions, zip_code):
    """The release that people at a ZIP code shop from, and the refusal."""
    with sessions.read() as session:
        info, place = locate_published(session, plan_year=2027, market=Market.INDIVIDUAL, zip_code=zip_code)
    return info.release_id, place.refusal


def test_the_newest_release_that_knows_the_zip_code_is_the_one_people_see(sessions, make, load, published):
    far = load(others_release(make, "45202", "43215"))
    with sessions.write() as session:
        publish(session, far, make.made_on + timedelta(days=1))
    assert seen_at(sessions, "45011")[0] == published
    assert (seen_at(sessions, "45202"), seen_at(sessions, "43215")) == ((far, ""), (far, ""))
    assert "99999 is not in our list of places" in seen_at(sessions, "99999")[1]
    with sessions.read() as session:
        assert locate_published(session, plan_year=2026, market=Market.INDIVIDUAL, zip_code="45202") is None


def test_a_preview_names_what_stays_beside_and_where_people_see_another_release(sessions, make, load, published):
    far = load(others_release(make, "45202", "43215", "43085"))
    with sessions.read() as session:
        found = preview(session, far)
    assert (found.replaces, [each.release_id for each in found.beside]) == (None, [published])
    assert found.moves == (Move(None, far, 2, 1), Move(published, far, 1, 1))


def test_a_preview_says_where_the_next_release_no_longer_sells(sessions, make, load, published):
    fewer = load([each for each in make.market() if getattr(each, "zip_code", "") != "45040"])
    with sessions.read() as session:
        assert preview(session, published).moves == ()
        assert preview(session, fewer).moves == (Move(published, None, 1, 2), Move(published, fewer, 2, 2))


def test_a_first_release_can_be_withdrawn_and_published_again(sessions, make, load, published):
    far = load(others_release(make, "45202", "43215"))
    with sessions.write() as session:
        publish(session, far, make.made_on + timedelta(days=1))
        assert without(session, far) == (Move(far, None, 1, 1), Move(far, published, 1, 1))
        assert withdraw(session, far).state is ReleaseState.WITHDRAWN
    with sessions.write() as session:
        assert (without(session, far), withdraw(session, far).state) == ((), ReleaseState.WITHDRAWN)
    assert seen_at(sessions, "45202") == (published, "")
    with sessions.write() as session:
        assert publish(session, far, make.made_on + timedelta(days=2)).state is ReleaseState.PUBLISHED


def test_only_what_is_published_is_withdrawn(sessions, make, published, dearer):
    with sessions.write() as session:
        with pytest.raises(ReleaseRefused, match="draft; only a published one can be withdrawn"):
            withdraw(session, dearer)
        publish(session, dearer, make.made_on)
    with sessions.write() as session:
        with pytest.raises(ReleaseRefused, match="superseded"):
            withdraw(session, published)
        withdraw(session, dearer)
        assert publish(session, published, make.made_on).state is ReleaseState.PUBLISHED


def test_what_cannot_be_published(sessions, make, load):
    nothing = load(make.places(), plan_year=2027)
    sold = [each for each in make.market() if not hasattr(each, "plan_id") and not hasattr(each, "variant_id")]
    no_year = load(
        [each for each in sold if not isinstance(each, OptionRate)] + two_years(sold), market=Market.INDIVIDUAL
    )
    no_market = load(sold)
    not_ours = load([*make.places(), *make.whole_plan(make.other)])
    with sessions.write() as session:
        for release_id, words in (
            (nothing, "nothing that can be sold"),
            (no_year, "plan year"),
            (no_market, "market"),
            (not_ours, "nothing that can be sold"),
        ):
            assert words in preview(session, release_id).refusal == refusal(session, release_id)
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


def two_years(nouns):
    """Rates of options from two years: then nothing tells the plan year."""
    rates = [each for each in nouns if isinstance(each, OptionRate)]
    return [*rates, *(replace(each, effective_from=each.effective_from.replace(year=2026)) for each in rates)]


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

    @rule(which=st.integers(0, 5), verb=st.sampled_from(["publish", "rollback", "withdraw"]))
    def move(self, which, verb):
        before = states(self.sessions)
        try:
            with self.sessions.write() as session:
                self.act(session, verb, self.ids[which])
        except ReleaseRefused:
            assert states(self.sessions) == before
            return
        wanted = ReleaseState.PUBLISHED if verb == "publish" else ReleaseState.WITHDRAWN
        assert states(self.sessions)[self.ids[which]] is wanted

    def act(self, session, verb, release_id):
        if verb == "withdraw":
            withdraw(session, release_id)
        else:
            {"publish": publish, "rollback": rollback}[verb](session, release_id, self.make.made_on)

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
