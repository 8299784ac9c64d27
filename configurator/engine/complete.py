"""Complete a bundle: the best ways to fill the lines that are still open."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from configurator.engine.compiled import Compiled
from configurator.engine.ranking import Cost, Indexes, Offer, Ranking
from configurator.engine.values import NONE, Choices, Configuration, Facts, Ranked

OBJECTIVES = ("price", "closeness")


def complete(
    compiled: Compiled,
    choices: Choices,
    facts: Facts,
    objective: str = "price",
    k: int = 5,
    budget: int | None = None,
    *,
    previous: Configuration | None = None,
    weights: Mapping[str, int] | None = None,
    required: Collection[str] = (),
    reported: Collection[str] | None = None,
) -> list[Ranked]:
    """The ``k`` best valid completions of the choices, best first, each different in the ``reported`` lines.

    ``objective`` is ``price``, or ``closeness``: least weight of lines that differ from ``previous`` (1 a line where
    ``weights`` says nothing), then price. Ties go to the options that stand first. ``budget`` is the most cents a
    month. Lines in ``required`` get an option other than ``none``; they are also what is reported by default, or every
    open line where none is required. Open lines are filled only with options whose price is known. ValueError for an
    unknown objective, a missing ``previous``, or a budget with a choice that has no price.
    """
    _refuse(compiled, choices, objective, previous, budget)
    before = compiled.complete(_on_offer(compiled, previous)) if objective == "closeness" else None
    offers = [
        Offer(line, _costs(compiled, line, choices, before, (weights or {}).get(line, 1), k, line in required))
        for line in compiled.options
    ]
    if not all(offer.costs for offer in offers):
        return []
    lines = list(required or (line for line in compiled.options if line not in choices))
    units = [*compiled.fact_literals(facts), *compiled.choice_literals(choices).values()]
    with Ranking(compiled, units, offers) as ranking:
        found = list(_within(ranking, k, budget, lines if reported is None else reported))
    return [_ranked(compiled, indexes, before) for indexes in found]


def _refuse(
    compiled: Compiled, choices: Choices, objective: str, previous: Configuration | None, budget: int | None
) -> None:
    if objective not in OBJECTIVES:
        raise ValueError(f"objective: found {objective!r}, expected one of {', '.join(OBJECTIVES)}")
    if objective == "closeness" and previous is None:
        raise ValueError("previous: closeness needs the configuration that the completions should be like")
    if budget is not None and compiled.price(choices) is None:
        raise ValueError("budget: a chosen option has no price, so no total can be held against a budget")


def _on_offer(compiled: Compiled, previous: Configuration) -> Configuration:
    return {line: option_id for line, option_id in previous.items() if compiled.has(line, option_id)}


def _costs(
    compiled: Compiled, line: str, choices: Choices, before: Configuration | None, weight: int, k: int, required: bool
) -> tuple[Cost, ...]:
    change = 0 if before is None else weight
    if line in choices:
        place = compiled.index(line, choices[line])
        same = before is not None and before[line] == choices[line]
        return (Cost(0 if same else change, compiled.options[line][place].price or 0, place),)
    priced = [
        Cost(0 if before is not None and before[line] == option.option_id else change, option.price, place)
        for place, option in enumerate(compiled.options[line])
        if option.price is not None and not (required and option.option_id == NONE)
    ]
    return best_of_each_class(compiled, line, priced, k)


def best_of_each_class(compiled: Compiled, line: str, costs: Sequence[Cost], k: int) -> tuple[Cost, ...]:
    """The costs best first, no more than ``k`` with the same class and weight of change: more can never be needed."""
    taken: dict[tuple[int, int], int] = {}
    kept = []
    for cost in sorted(costs, key=lambda cost: (cost.change, cost.price, cost.place)):
        key = (compiled.encoding.class_of[line][cost.place], cost.change)
        taken[key] = taken.get(key, 0) + 1
        if taken[key] <= k:
            kept.append(cost)
    return tuple(kept)


def _within(ranking: Ranking, k: int, budget: int | None, reported: Collection[str]) -> Iterator[Indexes]:
    """The ``k`` best within the budget.

    Among configurations whose changes weigh the same the cheapest comes first; once it is above the budget all the
    others of that weight are too, and the search goes on with heavier changes. So it ends, and misses nothing.
    """
    left = k
    while left and (indexes := ranking.best()) is not None:
        costs = [ranking.cost(line, place) for line, place in indexes.items()]
        if budget is not None and sum(cost.price for cost in costs) > budget:
            ranking.at_least_changes(sum(cost.change for cost in costs) + 1)
            continue
        yield indexes
        left -= 1
        ranking.block(indexes, reported)


def _ranked(compiled: Compiled, indexes: Indexes, before: Configuration | None) -> Ranked:
    configuration = {line: compiled.options[line][place].option_id for line, place in indexes.items()}
    changed = tuple(line for line in configuration if before and configuration[line] != before[line])
    return Ranked(configuration, compiled.price(configuration), changed)
