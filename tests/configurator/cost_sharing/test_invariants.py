"""What holds for every plan and every year: 5,500 random ones, each named by its seed so that it can be looked at."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from configurator.cost_sharing import (
    Accumulators,
    Level,
    Measure,
    Period,
    adjudicate,
    from_plan,
    pool,
    replay,
    reversal_of,
    reverse,
)
from tests.configurator.cost_sharing.random_years import FIRST_DAY, dental_year, random_year
from tests.configurator.filed import LAW

BATCH = 125
MEDICAL = [range(start, start + BATCH) for start in range(0, 5000, BATCH)]
DENTAL = [range(start, start + BATCH) for start in range(0, 500, BATCH)]
PARTS = ("deductible", "copay", "coinsurance", "not_covered", "over_limit")


def year(seed, make=random_year):
    filed, people, lines = make(seed)
    design = from_plan(filed, LAW, FIRST_DAY, family=len(people) > 1)
    return design, adjudicate(design, Accumulators(people), lines), lines


def assert_line_adds_up(result):
    allowed = result.line.allowed
    assert allowed == result.plan_pays + result.member_owes + result.other_paid + result.written_off
    assert result.member_owes == sum(getattr(result, part) for part in PARTS)
    amounts = [getattr(result, part) for part in PARTS]
    assert min(*amounts, result.plan_pays, result.other_paid, result.written_off) >= 0
    assert 0 <= result.member_owes <= allowed
    assert all(amount == amount.quantize(Decimal("0.01")) for amount in (*amounts, result.plan_pays))


def assert_no_pool_passed(design, lines, state):
    """Sums by hand, not by `Accumulators.used`."""
    sums = {}
    for entry in state.entries:
        who = entry.person_id if entry.level is Level.INDIVIDUAL else "family"
        sums[entry.bucket.key, who] = sums.get((entry.bucket.key, who), 0) + entry.amount
    terms = [design.terms_of(line.category, tier) for line in lines for tier in (line.tier, "in_1")]
    limits = {pool.key: pool for each in terms for pool in pools(each)}
    for (key, who), amount in sums.items():
        limit = limits[key].family if who == "family" else limits[key].person
        assert limit is None or amount <= limit, limits[key].text


def pools(terms):
    found = [each for each in (terms.deductible, *terms.moops, *terms.maximums) if each]
    if terms.units:  # a limit for each stay or month bounds no sum over the year
        yearly = terms.quantity is not None and terms.units.period in (Period.YEAR, Period.LIFETIME)
        found.append(pool(terms.units, terms.quantity.amount if yearly else None, None))
    return found


def assert_order_rules(result):
    """A copay is at most the price; after the maximum is reached nothing is shared; free care has no entry."""
    assert result.copay <= result.line.allowed
    if result.line.preventive and result.line.tier != "out" and result.certain and not result.not_covered:
        assert result.member_owes == 0
    for clause in result.clauses:
        assert 1 <= clause.step <= 10


def assert_family_is_sum(state):
    sums = {}
    for entry in state.entries:
        sign = 1 if entry.level is Level.INDIVIDUAL else -1
        if entry.bucket.measure in (Measure.DEDUCTIBLE, Measure.MOOP):
            sums[entry.bucket] = sums.get(entry.bucket, 0) + sign * entry.amount
    assert not any(sums.values())


def check(seed, make):
    design, done, lines = year(seed, make)
    for result in done.lines:
        assert_line_adds_up(result)
        assert_order_rules(result)
    assert_no_pool_passed(design, lines, done.state)
    if done.state.family:
        assert_family_is_sum(done.state)
    assert adjudicate(design, Accumulators(done.state.people), lines[::-1]).entries == done.entries


@pytest.mark.parametrize("seeds", MEDICAL, ids=str)
def test_medical_years_keep_every_invariant(seeds):
    for seed in seeds:
        try:
            check(seed, random_year)
        except AssertionError as broken:
            raise AssertionError(f"seed {seed}: {broken}") from broken


@pytest.mark.parametrize("seeds", DENTAL, ids=str)
def test_dental_years_keep_every_invariant(seeds):
    for seed in seeds:
        try:
            check(seed, dental_year)
        except AssertionError as broken:
            raise AssertionError(f"seed {seed}: {broken}") from broken


@pytest.mark.parametrize("seed", range(60))
def test_taking_lines_back_leaves_every_accumulator_as_if_they_had_never_been(seed):
    _, done, _ = year(seed)
    state = done.state
    for result in Random(seed).sample(done.lines, len(done.lines)):
        state = reverse(state, result).state
    assert {(entry.bucket, entry.person_id): state.used(entry.bucket, entry.person_id) for entry in state.entries} == {
        (entry.bucket, entry.person_id): 0 for entry in state.entries
    }
    assert not any(state.used(entry.bucket) for entry in state.entries)


@pytest.mark.parametrize("seed", range(60))
def test_a_reversal_from_the_ledger_equals_the_reversal_of_the_result(seed):
    _, done, _ = year(seed)
    for result in done.lines:
        if result.entries:
            assert reversal_of(done.state, result.line.line_id) == reverse(done.state, result).lines[0].entries


@given(st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_a_replay_gives_the_same_ledger(seed):
    design, done, lines = year(seed)
    assert replay(design, done.state, lines).state == done.state


@given(st.integers(0, 10**9), st.integers(0, 11))
@settings(max_examples=150, deadline=None)
def test_a_year_taken_in_two_parts_is_the_year_taken_at_once(seed, cut):
    design, done, _ = year(seed)
    ordered = [result.line for result in done.lines]
    first = adjudicate(design, Accumulators(done.state.people), ordered[:cut])
    second = adjudicate(design, first.state, ordered[cut:])
    assert (*first.lines, *second.lines) == done.lines
    assert second.state == done.state


@given(st.integers(0, 10**9), st.integers(0, 11), st.decimals(0, 5000, places=2))
@settings(max_examples=150, deadline=None)
def test_another_payer_never_makes_the_member_or_the_plan_pay_more(seed, place, other):
    filed, people, lines = random_year(seed, lines=place + 1)
    design = from_plan(filed, LAW, FIRST_DAY, family=len(people) > 1)
    line = replace(lines[place], other_paid=None, provider_liable=False)
    alone = adjudicate(design, Accumulators(people), [line]).lines[0]
    beside = adjudicate(design, Accumulators(people), [replace(line, other_paid=other)]).lines[0]
    assert beside.member_owes <= alone.member_owes
    assert beside.plan_pays <= alone.plan_pays
    assert_line_adds_up(beside)
