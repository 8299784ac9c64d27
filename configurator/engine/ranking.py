"""Ranked search: the best configuration by change, then price, then option order; then the next best.

Plain RC2 on Glucose 4 (its stratified kind loses solutions when clauses are added between calls). Each line is a
ladder of its options from best to worst; a step down costs the difference, so that the solver meets small cores.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from typing import Self

from pysat.examples.rc2 import RC2
from pysat.formula import WCNF

from configurator.engine.compiled import Compiled
from configurator.engine.values import GaveUp

CONFLICTS = 20_000  # for each call of the solver
CALLS = 2_000  # of the solver for each search
Indexes = dict[str, int]  # line -> place of the option in its line


@dataclass(frozen=True, slots=True)
class Cost:
    """What an option costs: weight of the change, cents a month, place in its line. Compared in that order."""

    change: int
    price: int
    place: int


@dataclass(frozen=True)
class Offer:
    """The options of one line that a search may use, best first, with their costs."""

    line: str
    costs: tuple[Cost, ...]


class GuardedRC2(RC2):
    """RC2 that gives up beyond its conflict budget."""

    left = CALLS

    def _call_oracle(self, assumptions: Sequence[int] = (), expect_interrupt: bool = False) -> bool:
        self.left -= 1
        self.oracle.conf_budget(CONFLICTS)
        found = self.oracle.solve_limited(assumptions=assumptions)
        if found is None or self.left < 0:
            raise GaveUp("the search for the best bundle took too long")
        return found


def weighted(compiled: Compiled, units: Iterable[int], soft: Mapping[int, int], more: Iterable[list[int]]) -> WCNF:
    """The model with every rule on, ``units`` and ``more`` clauses holding, and weights on literals that may fail."""
    formula = WCNF()
    formula.hard = [*compiled.encoding.clauses, [compiled.encoding.go], *([unit] for unit in units), *more]
    formula.soft = [[literal] for literal in soft]
    formula.wght = list(soft.values())
    formula.topw = sum(formula.wght) + 1
    formula.nv = max(compiled.encoding.variables, *(abs(literal) for clause in more for literal in clause), 0)
    return formula


class Ranking:
    """Configurations from best to worst; ``block`` and ``at_least_changes`` narrow what comes next."""

    def __init__(self, compiled: Compiled, units: Sequence[int], offers: Sequence[Offer]) -> None:
        self.compiled = compiled
        self.offers = {offer.line: offer for offer in offers}
        self.top = compiled.encoding.variables
        self.steps = {offer.line: [self._new() for _ in offer.costs[1:]] for offer in offers}
        clauses = [clause for offer in offers for clause in self._ladder(offer)]
        self._spent = False
        self._search = GuardedRC2(weighted(compiled, units, self._softs(), clauses), solver="g4")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._search.delete()

    def _new(self) -> int:
        self.top += 1
        return self.top

    def _ladder(self, offer: Offer) -> Iterable[list[int]]:
        """Step i holds where the option is worse than the i best; between two steps stands one option's class."""
        steps = self.steps[offer.line]
        yield from ([-lower, upper] for upper, lower in pairwise(steps))
        for number, cost in enumerate(offer.costs):
            yield [*self._not_at(offer.line, number), self.compiled.class_literal(offer.line, cost.place)]

    def _not_at(self, line: str, number: int) -> list[int]:
        """Literals one of which holds where the line's option is not the one at that number."""
        steps = self.steps[line]
        return [*([-steps[number - 1]] if number else []), *([steps[number]] if number < len(steps) else [])]

    def _softs(self) -> dict[int, int]:
        """The three parts of a cost as one number: no sum of a lesser part outweighs a greater one."""
        sizes = [len(self.compiled.options[line]) for line in self.offers]
        dearest = sum(max(cost.price for cost in offer.costs) for offer in self.offers.values())
        price_unit = prod(sizes)
        change_unit = price_unit * (dearest + 1)
        softs = {}
        for number, (line, offer) in enumerate(self.offers.items()):
            place_unit = prod(sizes[number + 1 :])
            worth = [c.change * change_unit + c.price * price_unit + c.place * place_unit for c in offer.costs]
            for step, better, worse in zip(self.steps[line], worth, worth[1:], strict=False):
                softs[-step] = worse - better
        return softs

    def best(self) -> Indexes | None:
        """The best configuration that is left; None where there is none. GaveUp where it takes too long."""
        model = None if self._spent else self._search.compute()
        if model is None:
            return None
        held = {literal for literal in model if literal > 0}
        return {
            line: offer.costs[len(held.intersection(self.steps[line]))].place for line, offer in self.offers.items()
        }

    def cost(self, line: str, place: int) -> Cost:
        """Cost of the option at that place."""
        return next(cost for cost in self.offers[line].costs if cost.place == place)

    def block(self, indexes: Indexes, lines: Iterable[str]) -> None:
        """Refuse this combination in these lines from now on."""
        clause = []
        for line in lines:
            number = next(n for n, cost in enumerate(self.offers[line].costs) if cost.place == indexes[line])
            clause.extend(self._not_at(line, number))
        if clause:
            self._search.add_clause(clause)
        self._spent = not clause

    def at_least_changes(self, least: int) -> None:
        """Refuse everything whose changes weigh less than ``least``."""
        self._search.add_clause([self._heavier(list(self.offers.values()), least, {})])

    def _heavier(self, offers: Sequence[Offer], least: int, known: dict[tuple[int, int], int]) -> int:
        """Literal that implies that the changes of these lines weigh at least that much."""
        if (len(offers), least) not in known:
            known[len(offers), least] = found = self._new()
            for condition, rest in self._branches(offers, least):
                clause = [-found, *condition]
                if rest > 0:
                    clause += [self._heavier(offers[1:], rest, known)] if offers else []
                    self._search.add_clause(clause)
        return known[len(offers), least]

    def _branches(self, offers: Sequence[Offer], least: int) -> Iterable[tuple[list[int], int]]:
        """For each kind of change in the first line: literals of it not being so, and what the rest must weigh."""
        if not offers:
            yield [], least
            return
        costs, steps = offers[0].costs, self.steps[offers[0].line]
        same = sum(cost.change == costs[0].change for cost in costs)
        yield ([steps[same - 1]] if same < len(costs) else []), least - costs[0].change
        if same < len(costs):
            yield [-steps[same - 1]], least - costs[-1].change
