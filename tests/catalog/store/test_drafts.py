"""Imports become drafts: complete or absent, duplicates collapsed, wrong rows quarantined."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.store import tables
from catalog.store.base import Base, Sessions, make_engine
from catalog.store.drafts import write_draft
from catalog.terms import CostShare, Csr, FileRefused, Issuer, Market, Noun, Problem, Severity, Source


def draft(sessions, found, **options):
    with sessions.write() as session:
        return write_draft(session, found, made_on=options.pop("made_on"), **options)


def codes(report):
    return sorted({each.code for each in report.problems})


def snapshot(sessions):
    with sessions.read() as session:
        return {
            table.name: sorted(map(repr, session.execute(sa.select(table)).all()))
            for table in (tables.release, tables.problem, *(each.table for each in tables.NOUN_TABLES))
        }


def stored(sessions, table):
    with sessions.read() as session:
        return [table.read(row) for row in session.execute(sa.select(*table.columns))]


def test_every_noun_has_a_table():
    assert set(tables.BY_NOUN) == set(get_args(Noun))


def test_all_nouns_come_back_as_they_were_with_their_source(sessions, make):
    report = draft(sessions, make.market(), made_on=make.made_on)
    nouns = list(make.market())
    assert {type(each) for each in nouns} == set(tables.BY_NOUN)
    for table in tables.NOUN_TABLES:
        expected = {each.key: each for each in nouns if type(each) is table.noun}
        found = {each.key: each for each in stored(sessions, table)}
        assert found == expected
        assert {key: each.source for key, each in found.items()} == {key: each.source for key, each in expected.items()}
        assert report.counts[table.name] == len(expected)
    assert codes(report) == []
    assert report.plan_year == 2027
    assert report.release_id == f"2027-20261115-{report.content_hash[:8]}"


def test_filed_texts_survive_beside_the_values(sessions, make):
    draft(sessions, make.market(), made_on=make.made_on)
    shares = {each.in_1.filed_copay for each in stored(sessions, tables.benefits)}
    assert shares == {"$40.00 after deductible"}


def test_the_same_content_twice_is_one_draft(sessions, make):
    first = draft(sessions, make.market(), made_on=make.made_on)
    before = snapshot(sessions)
    second = draft(sessions, make.market(), made_on=make.made_on)
    assert (second.release_id, second.already, first.already) == (first.release_id, True, False)
    assert snapshot(sessions) == before


def test_exact_duplicates_collapse_and_are_counted(sessions, make):
    nouns = list(make.market())
    elsewhere = [replace(each, source=Source("again.csv", "row 1")) for each in nouns]
    once = draft(sessions, nouns, made_on=make.made_on)
    report = draft(sessions, nouns + elsewhere, made_on=make.made_on)
    assert report.already
    assert report.content_hash == once.content_hash
    assert sum(report.duplicates.values()) == len(nouns)


def test_duplicates_collapse_over_batches(sessions, make, monkeypatch):
    monkeypatch.setattr("catalog.store.loading.BATCH", 3)
    nouns = list(make.market())
    report = draft(sessions, nouns + nouns, made_on=make.made_on)
    assert sum(report.duplicates.values()) == len(nouns)
    assert sum(report.counts.values()) == len(nouns)
    assert codes(report) == []


@pytest.mark.parametrize("batch", [2, 5000])
@pytest.mark.parametrize("kind", ["plan", "variant", "rate"])
def test_same_key_with_other_content_refuses_and_leaves_nothing(sessions, make, monkeypatch, kind, batch):
    monkeypatch.setattr("catalog.store.loading.BATCH", batch)
    clashing = {
        "plan": make.plan(make.ours, name="Another name", source=Source("b.csv", "row 9")),
        "variant": make.variant(make.ours, av=Decimal("0.71"), source=Source("b.csv", "row 9")),
        "rate": make.rate(make.ours, 30, "1.00", source=Source("b.csv", "row 9")),
    }[kind]
    before = snapshot(sessions)
    with pytest.raises(FileRefused) as refused:
        draft(sessions, [*make.market(), clashing], made_on=make.made_on)
    problem = refused.value.problem
    assert (problem.file, problem.place, problem.severity) == ("b.csv", "row 9", Severity.REFUSED)
    assert "made.csv" in problem.expected
    assert snapshot(sessions) == before


def test_refusal_of_the_importer_leaves_nothing(sessions, make):
    def broken():
        yield from make.market()
        raise FileRefused(Problem(Severity.REFUSED, "truncated", "a.xml", "line 7", "document", "end", "</packages>"))

    before = snapshot(sessions)
    with sessions.write() as session, pytest.raises(FileRefused):
        write_draft(session, broken(), made_on=make.made_on)
    assert snapshot(sessions) == before


@pytest.mark.parametrize("batch", [2, 5000])
def test_contradicting_rows_of_lesser_tables_are_both_left_out(sessions, make, monkeypatch, batch):
    monkeypatch.setattr("catalog.store.loading.BATCH", batch)
    clean = list(make.market())
    one = make.benefit(f"{make.ours}-01", "dialysis")
    other = replace(one, covered=False)
    report = draft(sessions, [one, *clean, other, one], made_on=make.made_on)
    assert report.quarantined == {"benefit": 3}
    assert codes(report) == ["contradiction"]
    assert report.content_hash == draft(sessions, clean, made_on=make.made_on).content_hash


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_order_of_rows_does_not_change_the_content(make, data):
    nouns = list(make.market())
    extra = [make.rate("99999OH0010001", 30, "5.00"), make.rate(make.ours, 40, "0"), *nouns[:5]]
    engine = make_engine("sqlite://")
    Base.metadata.create_all(engine)
    sessions = Sessions(engine)
    shuffled = data.draw(st.permutations(nouns + extra))
    reports = [draft(sessions, each, made_on=make.made_on) for each in (nouns, shuffled)]
    engine.dispose()
    assert reports[0].content_hash == reports[1].content_hash
    assert reports[0].counts == reports[1].counts


def test_spelling_of_amounts_does_not_change_the_content(sessions, make):
    plain = make.rate(make.ours, 50, "535.8")
    padded = make.rate(make.ours, 50, "535.80")
    one = draft(sessions, [*make.market(), plain], made_on=make.made_on)
    other = draft(sessions, [*make.market(), padded], made_on=make.made_on)
    changed = draft(sessions, [*make.market(), make.rate(make.ours, 50, "535.81")], made_on=make.made_on)
    assert one.content_hash == other.content_hash != changed.content_hash


@pytest.mark.parametrize(
    ("build", "table", "code"),
    [
        (lambda make: make.rate("99999OH0010001", 30, "5.00"), "rate", "rate-without-plan"),
        (lambda make: make.rate(make.ours, 50, "0.00"), "rate", "rate-not-positive"),
        (lambda make: make.rate(make.ours, 50, "-1.00"), "rate", "rate-not-positive"),
        (lambda make: make.rate(make.ours, 50, "5.00", age_low=60, age_high=50), "rate", "ages-reversed"),
        (lambda make: make.rate(make.ours, 50, "5.00", effective_until=date(2026, 1, 1)), "rate", "dates-reversed"),
        (lambda make: make.rate(make.ours, 50, "5.001"), "rate", "too-many-decimals"),
        (lambda make: make.variant("99999OH0010001"), "variant", "variant-without-plan"),
        (
            lambda make: make.variant(make.ours, Csr.ZERO, variant_id=f"{make.twin}-02"),
            "variant",
            "variant-of-other-plan",
        ),
        (lambda make: next(make.limits("99999OH0010001-01")), "limit", "limit-without-variant"),
        (lambda make: make.benefit(f"{make.ours}-05", "dialysis"), "benefit", "benefit-without-variant"),
    ],
)
def test_wrong_rows_are_left_out_and_named(sessions, make, build, table, code):
    wrong = replace(build(make), source=Source("wrong.csv", "row 17"))
    clean = draft(sessions, make.market(), made_on=make.made_on)
    report = draft(sessions, [wrong, *make.market()], made_on=make.made_on)
    (problem,) = report.problems
    assert (problem.code, problem.file, problem.place) == (code, "wrong.csv", "row 17")
    assert problem.severity is Severity.QUARANTINED
    assert report.quarantined == {table: 1}
    assert report.content_hash == clean.content_hash


def test_children_of_a_variant_that_is_left_out_go_with_it(sessions, make):
    stray = f"{make.ours}-04"
    wrong = make.variant("99999OH0010001", Csr.SILVER_73)
    rows = [wrong, make.benefit(stray, "dialysis"), make.benefit(stray, "x_ray"), *make.limits(stray)]
    report = draft(sessions, [*make.market(), *rows], made_on=make.made_on)
    assert report.quarantined == {"variant": 1, "benefit": 2, "limit": 2}
    assert [each.message for each in report.problems if each.code == "benefit-without-variant"] == [
        f"2 rows refer to it, the last one at benefit {stray} x_ray"
    ]


def test_overlapping_rates_are_all_left_out(sessions, make):
    band = make.rate(make.ours, 25, "9.00", age_low=25, age_high=30)
    later = make.rate(make.ours, 40, "9.00", effective_from=date(2027, 7, 1))
    report = draft(sessions, [*make.market(), band, later], made_on=make.made_on)
    assert report.quarantined == {"rate": 4}
    assert codes(report) == ["rates-overlap"]


def test_quarterly_rates_do_not_overlap(sessions, make):
    quarters = [
        make.rate(make.ours, 50, "535.80", effective_from=date(2027, start, 1), effective_until=date(2027, end, day))
        for start, end, day in ((1, 3, 31), (4, 6, 30), (7, 9, 30), (10, 12, 31))
    ]
    report = draft(sessions, [*make.market(), *quarters], made_on=make.made_on)
    assert codes(report) == []


def test_a_plan_that_lacks_something_stays_and_says_so(sessions, make):
    bare = make.plan("12345OH0010003", service_area_id="OHS999", source=Source("bare.csv", "row 3"))
    report = draft(sessions, [*make.market(), bare], made_on=make.made_on)
    (note,) = report.problems
    assert (note.severity, note.code, note.file) == (Severity.NOTE, "plan-not-sellable", "bare.csv")
    columns = tables.plans.table.c
    with sessions.read() as session:
        reasons = dict(
            session.execute(
                sa.select(columns.plan_id, columns.not_sellable_reason).where(columns.not_sellable_reason != "")
            ).all()
        )
    assert reasons == {
        bare.plan_id: "No rate is filed; Service area OHS999 is in no file; No cost-sharing variant is filed"
    }


def test_riders_and_rates_without_their_option_are_left_out(sessions, make):
    gone = [each for each in make.market() if each.key != ("ACC-1",)]
    report = draft(sessions, gone, made_on=make.made_on)
    assert report.quarantined == {"option": 1, "option_rate": 2, "option_benefit": 1, "option_eligibility": 1}


def test_twins_share_a_design_and_differ_in_riders(sessions, make):
    draft(sessions, [*make.market()], made_on=make.made_on)
    columns = tables.plans.table.c
    with sessions.read() as session:
        found = {
            row.plan_id: row for row in session.execute(sa.select(columns.plan_id, columns.design_key, columns.riders))
        }
    assert found[make.ours].design_key == found[make.twin].design_key
    assert (found[make.ours].riders, found[make.twin].riders) == ((), ("adult_dental_routine",))
    assert len({row.design_key for row in found.values()}) == 3


def test_another_cost_share_is_another_design(sessions, make):
    cheaper = [
        replace(each, in_1=CostShare(copay=Decimal("35.00")))
        if each.key == (f"{make.twin}-01", "primary_care")
        else each
        for each in make.market()
    ]
    draft(sessions, cheaper, made_on=make.made_on)
    columns = tables.plans.table.c
    with sessions.read() as session:
        assert session.scalar(sa.select(sa.func.count(columns.design_key.distinct()))) == 4


@pytest.mark.parametrize("expected", [None, 2027, 2026])
def test_two_plan_years_in_one_import_refuse(sessions, make, expected):
    old = make.rate(make.ours, 50, "5.00", effective_from=date(2026, 1, 1), effective_until=date(2026, 12, 31))
    before = snapshot(sessions)
    with pytest.raises(FileRefused) as refused:
        draft(sessions, [*make.market(), old], made_on=make.made_on, plan_year=expected)
    assert refused.value.problem.code == "wrong-year"
    assert snapshot(sessions) == before


def test_two_markets_refuse_unless_one_is_named(sessions, make):
    group = list(make.whole_plan("12345OH0030001", market=Market.SMALL_GROUP))
    with pytest.raises(FileRefused) as refused:
        draft(sessions, [*make.market(), *group], made_on=make.made_on)
    assert refused.value.problem.code == "mixed-markets"
    both = draft(sessions, [*group, *make.market()], made_on=make.made_on, market=Market.INDIVIDUAL)
    alone = draft(sessions, make.market(), made_on=make.made_on)
    assert both.content_hash == alone.content_hash
    assert codes(both) == []


def test_files_fill_in_what_others_leave_out(sessions, make):
    nouns = [each for each in make.market() if not isinstance(each, Issuer)]
    short = Issuer("12345", state="OH", source=Source("puf.csv", "row 2"))
    full = Issuer("12345", "Lantern Health", "OH", True, phone="1-800", source=Source("own.csv", "row 1"))
    other = Issuer("54321", "Other", "OH", False, source=Source("own.csv", "row 2"))
    guess = Issuer("54321", "OTHER HEALTH INC", "OH", source=Source("puf.csv", "row 9"))
    report = draft(sessions, [short, guess, *nouns, full, other], made_on=make.made_on)
    found = {each.issuer_id: each for each in stored(sessions, tables.issuers)}
    assert (found["12345"].name, found["12345"].phone) == ("Lantern Health", "1-800")
    assert (found["54321"].name, found["54321"].sold_by_us) == ("Other", False)
    assert codes(report) == ["stated-twice"]


def test_an_issuer_nobody_describes_is_known_by_its_plans(sessions, make):
    nouns = [each for each in make.market() if not isinstance(each, Issuer)]
    draft(sessions, nouns, made_on=make.made_on)
    assert {(each.issuer_id, each.state) for each in stored(sessions, tables.issuers)} == {
        ("12345", "OH"),
        ("54321", "OH"),
    }


def test_rates_off_the_age_curve_are_noted_and_stay(sessions, make):
    ages = {25: "301.24", 26: "307.26", 27: "314.40", 28: "400.00"}  # curve: 301.20, 307.20, 314.40, 326.10
    rows = [make.rate(make.ours, age, amount) for age, amount in ages.items()]
    report = draft(sessions, [*make.market(), *rows], made_on=make.made_on)
    (note,) = report.problems
    assert (note.severity, note.code, note.place) == (Severity.NOTE, "rates-off-curve", f"plan {make.ours}")
    assert note.found == "$307.26 at age 26 in rating area 9"
    assert note.expected == "about $307.20 by the age curve of OH"
    assert note.message.startswith(f"2 rates of plan {make.ours}")
    assert report.counts["rate"] == 15 + 4


def test_a_state_without_a_curve_is_not_checked(sessions, make):
    plan_id = "12345NY0010001"
    wild = [*make.whole_plan(plan_id, state="NY"), make.rate(plan_id, 25, "999.00")]
    report = draft(sessions, [*make.market(), *wild], made_on=make.made_on)
    assert codes(report) == []
