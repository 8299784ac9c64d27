"""The coverage examples of the Summary of Benefits and Coverage: Peg (baby), Joe (diabetes), Mia (fracture).

Filed numbers win; these are worked out where none is filed, or beside them for a check. Two ways: `plain_example` is
the arithmetic of a plan with one deductible and one coinsurance on everything, `example` takes the scenario's service
lines through the cost-sharing engine. Only the totals of the scenarios are official; the lines are our own assumption.
Self-only cover, in the network (SBC Instruction Guide, January 2021; 45 CFR 147.200).
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from catalog.parameters import Law
from catalog.terms import ZERO, CoverageExample, Money, round_dollar
from configurator.cost_sharing import CoveredPerson, Design, ServiceLine
from configurator.year.cost import YearCost, year_cost

EXAMPLES = ("baby", "diabetes", "fracture")
_WHO = CoveredPerson("example")


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows of one example as the form shows them, in dollars; ``total`` is the sum of the shown rows."""

    name: str
    deductible: Money
    copay: Money
    coinsurance: Money
    limit: Money

    @property
    def total(self) -> Money:
        """What the person would pay, as shown."""
        return self.deductible + self.copay + self.coinsurance + self.limit


def rounded(amount: Money, law: Law, on: date) -> Money:
    """Half up to 100 dollars from 100 on, to 10 below (law value ``sbc.example_rounding``)."""
    rule = law.value("sbc.example_rounding", on)
    step = rule["large_step"] if amount >= rule["threshold"] else rule["small_step"]
    return (amount / step).to_integral_value(rounding=ROUND_HALF_UP) * step


def plain_example(
    name: str, deductible: Money, coinsurance: Decimal, maximum: Money | None, law: Law, on: date
) -> Shown:
    """A plan with one deductible and one coinsurance (0..1) on everything; the maximum holds for both together.

    The deductible row stays exact to the dollar, as most issuers file it.
    """
    total = law.value("sbc.example_total", on, key=name)
    first = min(deductible, total)
    room = total if maximum is None else max(ZERO, maximum - first)
    rest = min(coinsurance * (total - first), room)
    return Shown(name, first, ZERO, rounded(rest, law, on), law.value("utilization.sbc_limits", on, key=name))


def example_lines(name: str, law: Law, on: date) -> tuple[ServiceLine, ...]:
    """The scenario's services, all on the first day, in the order in which they are held."""
    rows = law.value("utilization.sbc_example", on, key=name)
    return tuple(
        ServiceLine(
            f"{name}-{number}-{nth}", _WHO.person_id, row["category"], on, row["price"],
            days=row["days"] or 0, preventive=row["preventive"] or False, received=number,
        )
        for number, row in enumerate(rows, start=1)
        for nth in range(1, row["times"] + 1)
    )  # fmt: skip


def example_year(design: Design, name: str, law: Law, on: date) -> YearCost:
    """The scenario under a self-only design, line by line, for whoever asks why."""
    return year_cost(design, (_WHO,), example_lines(name, law, on))


def example(design: Design, name: str, law: Law, on: date) -> Shown:
    """The scenario's rows as shown. What the plan does not cover is part of the limits row.

    Raises `MissingParameter` for a day without scenario.
    """
    year = example_year(design, name, law, on)
    uncovered = year.parts["not_covered"] + year.parts["over_limit"]
    usual = law.value("utilization.sbc_limits", on, key=name)
    return Shown(
        name,
        round_dollar(year.parts["deductible"]),
        rounded(year.parts["copay"], law, on),
        rounded(year.parts["coinsurance"], law, on),
        usual + rounded(uncovered, law, on),
    )


@dataclass(frozen=True, slots=True)
class Check:
    """One row of the check report: filed against computed."""

    name: str
    row: str
    filed: Money | None
    computed: Money

    @property
    def difference(self) -> Money | None:
        """Computed less filed; None where nothing is filed."""
        return None if self.filed is None else self.computed - self.filed


def checks(filed: tuple[CoverageExample, ...], computed: tuple[Shown, ...]) -> tuple[Check, ...]:
    """Every row of the computed examples beside the filed one."""
    held = {each.name: each for each in filed}
    rows = ("deductible", "copay", "coinsurance", "limit")
    return tuple(
        Check(shown.name, row, getattr(held[shown.name], row) if shown.name in held else None, getattr(shown, row))
        for shown in computed
        for row in rows
    )
