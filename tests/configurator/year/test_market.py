"""A market's year is each plan's own year, under its own key."""

from decimal import Decimal

from configurator.cost_sharing import from_plan
from configurator.year import Care, Expected, lines_of, profile, year_cost
from configurator.year.market import market_year
from tests.configurator.filed import LAW, START, benefit, deductible, moop, people, plan_design


def plan(copay, category="primary_care"):
    filed = plan_design([deductible(2000), moop(6000)], [benefit(category, copay)])
    return from_plan(filed, LAW, START, family=False)


def test_each_plan_has_its_own_cost_at_each_level():
    designs = {"dear": plan("$60.00"), "cheap": plan("$20.00")}
    lines = {care: lines_of(profile(LAW, START, care, {"p1": 40}), LAW, START) for care in (Care.LOW, Care.MEDIUM)}
    found = market_year(designs, people(), lines)
    assert list(found) == ["dear", "cheap"]
    for key, design in designs.items():
        assert found[key].cost_sharing == {
            care: year_cost(design, people(), asked).member_owes for care, asked in lines.items()
        }
        assert found[key].certain
    assert found["cheap"].cost_sharing[Care.MEDIUM] < found["dear"].cost_sharing[Care.MEDIUM]


def test_an_amount_that_is_not_filed_makes_a_plan_uncertain():
    lines = {Care.LOW: lines_of([Expected("p1", "hospice", 1, Decimal(100))], LAW, START)}
    found = market_year({"gap": plan(None, "hospice"), "whole": plan("$5.00", "hospice")}, people(), lines)
    assert {key: each.certain for key, each in found.items()} == {"gap": False, "whole": True}
