"""Repairs: the smallest sets of choices to give up, and the fewest changes that make a configuration valid."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from configurator.engine.compiled import Compiled
from configurator.engine.complete import best_of_each_class
from configurator.engine.explain import explain
from configurator.engine.ranking import Cost, GuardedRC2, Offer, Ranking, weighted
from configurator.engine.values import (
    NONE,
    Cause,
    Change,
    Choices,
    Configuration,
    Conflict,
    Diagnosis,
    Facts,
    Reconfiguration,
)


def diagnose(compiled: Compiled, choices: Choices, facts: Facts, k: int = 3) -> list[Diagnosis]:
    """Up to ``k`` minimal diagnoses, fewest choices first, then those that keep earlier lines.

    One with nothing to drop where the choices are fine; none at all where the facts alone leave no valid bundle.
    """
    literals = compiled.choice_literals(choices)
    soft = {literal: (1 << len(literals)) + (1 << n) for n, literal in enumerate(reversed(literals.values()))}
    found = []
    with GuardedRC2(weighted(compiled, compiled.fact_literals(facts), soft, ()), solver="g4") as search:
        while len(found) < k and (model := search.compute()) is not None:
            held = set(model)
            dropped = [line for line, literal in literals.items() if literal not in held]
            keep = tuple((line, choices[line]) for line in literals if line not in dropped)
            found.append(Diagnosis(tuple((line, choices[line]) for line in dropped), keep))
            if not dropped:
                break
            search.add_clause([literals[line] for line in dropped])
    return found


def reconfigure(
    compiled: Compiled,
    previous: Configuration,
    facts: Facts,
    weights: Mapping[str, int] | None = None,
    *,
    force: Choices | None = None,
    required: Collection[str] = (),
) -> Reconfiguration | None:
    """The valid configuration that differs least from ``previous``; None where there is none.

    Least is the sum of the ``weights`` of the lines that change (1 where nothing is said), then the price, then the
    order of options. ``force`` holds what must be in it; lines in ``required`` keep or get an option other than
    ``none``. A previous option that is not on offer any more is a change that cannot be avoided; map it to its
    successor beforehand where there is one. ValueError for a weight below 1.
    """
    weights = weights or {}
    if wrong := [line for line, weight in weights.items() if weight < 1]:
        raise ValueError(f"weights: {wrong[0]} has {weights[wrong[0]]}; a change weighs at least 1")
    wanted = force or {}
    offers = [
        Offer(line, _costs(compiled, line, previous, wanted, weights.get(line, 1), line in required))
        for line in compiled.options
    ]
    if not all(offer.costs for offer in offers):
        return None
    units = [*compiled.fact_literals(facts), *compiled.choice_literals(wanted).values()]
    with Ranking(compiled, units, offers) as ranking:
        indexes = ranking.best()
    if indexes is None:
        return None
    after = {line: compiled.options[line][place].option_id for line, place in indexes.items()}
    changes = _Changes(compiled, previous, after, facts, wanted, frozenset(required)).listed()
    cost = sum(weights.get(change.line, 1) for change in changes)
    return Reconfiguration(after, changes, cost, compiled.price(after))


def _costs(
    compiled: Compiled, line: str, previous: Configuration, wanted: Choices, weight: int, required: bool
) -> tuple[Cost, ...]:
    """An option without a price counts as dearer than all others of its line together, so that ties avoid it."""
    options = compiled.options[line]
    unpriced = 1 + sum(option.price or 0 for option in options)
    before = previous.get(line, NONE)
    costs = [
        Cost(0 if option.option_id == before else weight, unpriced if option.price is None else option.price, place)
        for place, option in enumerate(options)
        if wanted.get(line, option.option_id) == option.option_id and not (required and option.option_id == NONE)
    ]
    return best_of_each_class(compiled, line, costs, 1)


@dataclass(frozen=True)
class _Changes:
    """Tells for each line that changes why it does."""

    compiled: Compiled
    previous: Configuration
    after: Configuration
    facts: Facts
    wanted: Choices
    required: frozenset[str]

    def listed(self) -> tuple[Change, ...]:
        """The changes in line order; lines that the model does not have come last."""
        lines = [*self.after, *(line for line in self.previous if line not in self.after)]
        moves = [(line, self.previous.get(line, NONE), self.after.get(line, NONE)) for line in lines]
        return tuple(self._change(*move) for move in moves if move[1] != move[2])

    def _change(self, line: str, before: str, after: str) -> Change:
        cause = self._cause(line, before)
        conflict = self._conflict(line, before) if cause is Cause.RULE else None
        return Change(line, before, after, cause, conflict)

    def _cause(self, line: str, before: str) -> Cause:
        if line in self.wanted:
            return Cause.WANTED
        if not self.compiled.has(line, before):
            return Cause.WITHDRAWN
        return Cause.REQUIRED if line in self.required and before == NONE else Cause.RULE

    def _conflict(self, line: str, before: str) -> Conflict | None:
        """Why what stays leaves no room for ``before``: otherwise keeping it would have been the lesser change."""
        kept = {each: option for each, option in self.after.items() if self.previous.get(each, NONE) == option}
        return explain(self.compiled, kept | dict(self.wanted), self.facts, (line, before), self._standing())

    def _standing(self) -> list[int]:
        """Required lines are not left out; where an option is like ``none`` to every rule, nothing follows from it."""
        found = []
        for line in self.required:
            numbers = self.compiled.encoding.class_of[line]
            if numbers[0] not in numbers[1:]:
                found.append(-self.compiled.class_literal(line, 0))
        return found
