"""Arrays over many plans answer what the scalar engine answers, to the cent, line by line."""

from random import Random

import numpy as np
import pytest

from catalog.terms import from_cents
from configurator.cost_sharing import Accumulators, adjudicate, from_plan
from configurator.year.many import PARTS, costs_under
from tests.configurator.cost_sharing.random_years import FIRST_DAY, random_design, random_year
from tests.configurator.filed import LAW


def scalar(design, people, lines):
    return adjudicate(design, Accumulators(people), lines).lines


def assert_equal(designs, people, lines):
    found = costs_under(designs, people, lines)
    for plan, design in enumerate(designs):
        results = scalar(design, people, lines)
        assert [from_cents(int(cents)) for cents in found.owed[:, plan]] == [each.member_owes for each in results]
        for name in PARTS:
            assert from_cents(int(found.parts[name][plan])) == sum(getattr(each, name) for each in results), name
        assert bool(found.certain[plan]) is all(each.certain for each in results)
        assert found.member_owes(plan) == sum(each.member_owes for each in results)


@pytest.mark.parametrize("plain", [True, False])
@pytest.mark.parametrize("seed", range(40))
def test_both_ways_agree_on_random_plans_and_years(seed, plain):
    _, people, lines = random_year(seed, lines=25, plain=plain)
    pick = Random(1000 + seed)
    filed = [random_design(pick, plain=plain) for _ in range(12)]
    assert_equal([from_plan(each, LAW, FIRST_DAY, family=len(people) > 1) for each in filed], people, lines)


def test_plain_years_run_as_arrays(monkeypatch):
    _, people, lines = random_year(1, lines=25, plain=True)
    designs = [
        from_plan(random_design(Random(n), plain=True), LAW, FIRST_DAY, family=len(people) > 1) for n in range(5)
    ]
    monkeypatch.setattr("configurator.year.many.adjudicate", None)
    assert costs_under(designs, people, lines).owed.shape == (25, 5)


def test_what_arrays_cannot_hold_takes_only_its_own_plan_to_the_scalar_engine(monkeypatch):
    _, people, lines = random_year(2, lines=25, plain=True)
    pick = Random(3)
    filed = [random_design(pick, plain=n != 1) for n in range(3)]
    designs = [from_plan(each, LAW, FIRST_DAY, family=len(people) > 1) for each in filed]
    taken = []
    original = adjudicate
    monkeypatch.setattr(
        "configurator.year.many.adjudicate", lambda design, *rest: taken.append(design) or original(design, *rest)
    )
    costs_under(designs, people, lines)
    assert all(design is designs[1] for design in taken)


def test_no_plans_and_no_lines():
    _, people, lines = random_year(4, plain=True)
    assert costs_under([], people, lines).owed.shape == (len(lines), 0)
    design = from_plan(random_design(Random(5)), LAW, FIRST_DAY, family=len(people) > 1)
    assert np.array_equal(costs_under([design], people, []).total(), [0])
