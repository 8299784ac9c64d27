"""What each plan of a market costs a household in a year of each level of care: the figures behind a plan list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog.terms import Money, from_cents
from configurator.cost_sharing import CoveredPerson, Design, ServiceLine
from configurator.year.many import costs_under
from configurator.year.services import Care


@dataclass(frozen=True, slots=True)
class PlanYear:
    """One plan's cost sharing at each level, in dollars; ``certain`` is false where a needed amount is not filed."""

    cost_sharing: Mapping[Care, Money]
    certain: bool


def market_year(
    designs: Mapping[str, Design], people: Sequence[CoveredPerson], lines: Mapping[Care, Sequence[ServiceLine]]
) -> dict[str, PlanYear]:
    """The same years under every design, by the keys of ``designs``; `yearly_cost` adds premiums and pay-outs."""
    found = {care: costs_under(tuple(designs.values()), people, asked) for care, asked in lines.items()}
    totals = {care: costs.total() for care, costs in found.items()}
    return {
        key: PlanYear(
            {care: from_cents(int(sums[plan])) for care, sums in totals.items()},
            all(bool(costs.certain[plan]) for costs in found.values()),
        )
        for plan, key in enumerate(designs)
    }
