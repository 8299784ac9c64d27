"""Who pays what for a service: a plan's design, a ledger of accumulators, and the order in which lines are taken.

design = from_plan(plan_design, law, first_day, family=True)
done = adjudicate(design, Accumulators((CoveredPerson("p1"), CoveredPerson("p2"))), lines)
done.lines[0].member_owes, done.lines[0].clauses, done.state.used(bucket, "p1")
"""

from configurator.cost_sharing.adjudicate import UnknownLine, adjudicate, in_order, replay, reversal_of, reverse
from configurator.cost_sharing.design import (
    Bucket,
    Coverage,
    Design,
    Measure,
    Method,
    Period,
    Pool,
    Quantity,
    Terms,
    Unit,
    Waiting,
    pool,
)
from configurator.cost_sharing.lines import (
    Accumulators,
    Adjudication,
    Clause,
    CoveredPerson,
    Entry,
    Level,
    LineResult,
    ServiceLine,
)
from configurator.cost_sharing.mapping import from_plan

__all__ = [
    "Accumulators",
    "Adjudication",
    "Bucket",
    "Clause",
    "Coverage",
    "CoveredPerson",
    "Design",
    "Entry",
    "Level",
    "LineResult",
    "Measure",
    "Method",
    "Period",
    "Pool",
    "Quantity",
    "ServiceLine",
    "Terms",
    "Unit",
    "UnknownLine",
    "Waiting",
    "adjudicate",
    "from_plan",
    "in_order",
    "pool",
    "replay",
    "reversal_of",
    "reverse",
]
