"""A year of care under one plan or under all plans of a market, and what a whole bundle costs in it.

`configurator.year.many`, which takes all plans at once, is not imported here: it alone needs numpy.
"""

from configurator.year.cost import Driver, Level, Point, YearCost, YearlyCost, cost_curve, year_cost, yearly_cost
from configurator.year.payouts import BreakEven, PayOut, Policy, break_even, pay_outs
from configurator.year.services import Care, Expected, Happening, Payable, event, events, lines_of, profile

__all__ = [
    "BreakEven",
    "Care",
    "Driver",
    "Expected",
    "Happening",
    "Level",
    "PayOut",
    "Payable",
    "Point",
    "Policy",
    "YearCost",
    "YearlyCost",
    "break_even",
    "cost_curve",
    "event",
    "events",
    "lines_of",
    "pay_outs",
    "profile",
    "year_cost",
    "yearly_cost",
]
