"""The engine's promises, each against brute force on random models. Seeds are printed; a failure names its own."""

from itertools import combinations
from random import Random

import pytest

from configurator.engine import NONE, Availability, Cause
from configurator.rules import UNKNOWN
from tests.configurator.engine.random_models import (
    ANSWERS,
    BruteForce,
    Case,
    load,
    random_case,
    random_choices,
    random_facts,
)

MODELS = 100  # for each seed
SEEDS = range(1, 21)


def open_options(model, choices, facts, lines=None):
    found = model.valid_domains(choices, facts, lines)
    return {
        line: {option: state is Availability.AVAILABLE for option, state in options.items()}
        for line, options in found.items()
    }


def cases(seed):
    print(f"seed {seed}, {MODELS} models")
    for number in range(MODELS):
        random = Random(f"{seed}/{number}")
        yield random, random_case(random)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_engine_says_is_what_brute_force_finds(seed):
    for random, case in cases(seed):
        brute = BruteForce(case)
        for share in random.sample((0.0, 0.5, 1.0), random.choice((1, 1, 1, 2))):
            facts = random_facts(random, case, share)
            choices = random_choices(random, case, random.choice((0.0, 0.3, 0.6)))
            domains_are_exact(case, brute, choices, facts)
            agreement(random, case, brute)
            clicking_never_ends_in_a_dead_end(random, case, facts)
            conflicts_are_minimal_and_repeatable(random, case, brute, choices, facts)
            diagnoses_are_minimal(case, brute, choices, facts)
            repair_is_the_least(random, case, brute, facts)
            completions_are_the_best(random, case, brute, choices, facts)
            facts_only_narrow(random, case, choices, facts)
        order_does_not_matter(random, case, choices, facts)


def domains_are_exact(case, brute, choices, facts):
    expected = brute.domains(choices, facts)
    assert open_options(case.model, choices, facts) == expected
    line = brute.lines[-1]
    assert open_options(case.model, choices, facts, [line]) == {line: expected[line]}


def agreement(random, case, brute):
    """With every fact known, the solver, the evaluator and brute force judge each bundle alike."""
    facts = {fact: random.choice(ANSWERS[fact]) for fact in case.facts}
    told = brute.told(facts)
    for index in random.sample(range(len(brute.bundles)), min(8, len(brute.bundles))):
        bundle = brute.named(brute.bundles[index])
        valid = bool(brute.valid[index] & told)
        assert case.model.check(bundle, facts).valid is valid
        assert (case.model.explain(bundle, facts, None) is None) is valid


def clicking_never_ends_in_a_dead_end(random, case, facts):
    choices: dict[str, str] = {}
    lines = list(case.options)
    for line in [*random.choices(lines, k=3), *random.sample(lines, len(lines))]:
        offered = [option for option, free in open_options(case.model, choices, facts, [line])[line].items() if free]
        if not offered:
            assert not choices
            return
        choices[line] = random.choice(offered)
    assert case.model.check(choices, facts).valid


def conflicts_are_minimal_and_repeatable(random, case, brute, choices, facts):
    domains = case.model.valid_domains(choices, facts)
    shut = [
        (line, o) for line, options in domains.items() for o, s in options.items() if s is not Availability.AVAILABLE
    ]
    free = [(line, o) for line, options in domains.items() for o, s in options.items() if s is Availability.AVAILABLE]
    for pick in random.sample(free, min(1, len(free))):
        assert case.model.explain(choices, facts, pick) is None
    for pick in random.sample(shut, min(2, len(shut))):
        conflict = case.model.explain(choices, facts, pick)
        if random.random() < 0.3:
            assert load(case.options, case.rules).explain(choices, facts, pick) == conflict
        parts = [*conflict.choices, *conflict.facts, *conflict.rules]
        assert not holds_together(case, brute, pick, parts)
        for part in parts:
            assert holds_together(case, brute, pick, [other for other in parts if other is not part])


def holds_together(case: Case, brute: BruteForce, pick, parts):
    """Whether brute force finds a bundle with the pick that satisfies these rules, facts and choices."""
    rules = [case.rules.index(part) for part in parts if not isinstance(part, tuple)]
    pairs = [part for part in parts if isinstance(part, tuple)]
    facts = {name: value for name, value in pairs if name not in case.options}
    wanted = [(line, option) for line, option in pairs if line in case.options]
    found = map(brute.named, brute.solutions(facts, brute.allowed(rules)))
    return any(all(bundle[line] == option for line, option in [pick, *wanted]) for bundle in found)


def diagnoses_are_minimal(case, brute, choices, facts):
    solutions = [brute.named(bundle) for bundle in brute.solutions(facts)]
    dropped = {frozenset(line for line in choices if bundle[line] != choices[line]) for bundle in solutions}
    smallest = [drop for drop in dropped if not any(other < drop for other in dropped)]
    order = list(case.options)
    smallest.sort(key=lambda drop: (len(drop), sorted(-order.index(line) for line in drop)))
    found = case.model.diagnose(choices, facts, k=3)
    assert [len(each.drop) for each in found] == [len(drop) for drop in smallest[:3]]
    assert {frozenset(line for line, _ in each.drop) for each in found} <= set(smallest)
    for each in found:
        assert {*each.drop, *each.keep} == set(choices.items())
    if len({len(drop) for drop in smallest}) == len(smallest):
        assert [frozenset(line for line, _ in each.drop) for each in found] == smallest[:3]


def place_of(case, bundle):
    return tuple(
        0 if bundle[line] == NONE else 1 + [option.option_id for option in options].index(bundle[line])
        for line, options in case.options.items()
    )


def repair_is_the_least(random, case, brute, facts):
    previous = {line: option for line, option in random_choices(random, case, 0.8).items() if option != NONE}
    if random.random() < 0.2:
        previous[random.choice(brute.lines)] = "withdrawn"
    weights = {line: random.randint(1, 3) for line in brute.lines if random.random() < 0.5}
    force = random_choices(random, case, 0.2)
    required = [line for line in brute.lines if random.random() < 0.1]

    def cost(bundle):
        changed = sum(weights.get(line, 1) for line in brute.lines if bundle[line] != previous.get(line, NONE))
        prices = [case.model.option(line, option).price for line, option in bundle.items()]
        unknown = {line: 1 + sum(option.price or 0 for option in options) for line, options in case.options.items()}
        total = sum(unknown[line] if price is None else price for line, price in zip(bundle, prices, strict=True))
        return changed, total, place_of(case, bundle)

    fitting = [
        bundle
        for bundle in map(brute.named, brute.solutions(facts))
        if all(bundle[line] == option for line, option in force.items())
        and all(bundle[line] != NONE for line in required)
    ]
    found = case.model.reconfigure(previous, facts, weights, force=force, required=required)
    if not fitting:
        assert found is None
        return
    best = min(fitting, key=cost)
    assert found.configuration == best
    assert found.cost == cost(best)[0]
    assert found.price == brute.price(best)
    changed = {line: (previous.get(line, NONE), best[line]) for line in best if best[line] != previous.get(line, NONE)}
    assert {change.line: (change.before, change.after) for change in found.changes} == changed
    for change in found.changes:
        assert (change.conflict is not None) == (change.cause is Cause.RULE)
        if change.cause is Cause.RULE and change.line not in required:
            assert change.conflict.rules
    if (
        not force
        and not required
        and case.model.check(previous_on_offer(case, previous), facts).valid
        and len(fitting) == 1
    ):
        assert found.configuration == best


def previous_on_offer(case, previous):
    return {line: option for line, option in previous.items() if option in case.model.compiled.place[line]}


def completions_are_the_best(random, case, brute, choices, facts):
    required = [line for line in brute.lines if line not in choices and random.random() < 0.4]
    reported = required or [line for line in brute.lines if line not in choices]
    previous = {line: option for line, option in random_choices(random, case, 0.7).items() if option != NONE}
    objective = random.choice(("price", "closeness"))
    budget = random.choice((None, random.randint(0, 18) * 100))
    if budget is not None and brute.price(choices) is None:
        budget = None

    def cost(bundle):
        changed = sum(bundle[line] != previous.get(line, NONE) for line in brute.lines)
        total = sum(case.model.option(line, option).price or 0 for line, option in bundle.items())
        return changed if objective == "closeness" else 0, total, place_of(case, bundle)

    fitting = [
        bundle
        for bundle in map(brute.named, brute.solutions(facts))
        if all(bundle[line] == option for line, option in choices.items())
        and all(bundle[line] != NONE for line in required)
        and all(case.model.option(*pick).price is not None for pick in bundle.items() if pick[0] not in choices)
        and (budget is None or brute.price(bundle) <= budget)
    ]
    best: dict = {}
    for bundle in sorted(fitting, key=cost):
        best.setdefault(tuple(bundle[line] for line in reported), bundle)
    found = case.model.complete(choices, facts, objective, 3, budget, previous=previous, required=required)
    assert [each.configuration for each in found] == list(best.values())[:3]
    assert [each.price for each in found] == [brute.price(bundle) for bundle in list(best.values())[:3]]


def order_does_not_matter(random, case, choices, facts):
    rules = tuple(random.sample(case.rules, len(case.rules)))
    options = {line: case.options[line] for line in random.sample(list(case.options), len(case.options))}
    shuffled = dict(random.sample(list(choices.items()), len(choices)))
    assert open_options(load(options, rules), shuffled, facts) == open_options(case.model, choices, facts)


def facts_only_narrow(random, case, choices, facts):
    unknown = [fact for fact in case.facts if facts.get(fact, UNKNOWN) is UNKNOWN]
    if not unknown:
        return
    fact = random.choice(unknown)
    before = open_options(case.model, choices, facts)
    after = open_options(case.model, choices, facts | {fact: random.choice(ANSWERS[fact])})
    for line, options in after.items():
        for option, free in options.items():
            assert before[line][option] or not free


def test_dead_ends_of_the_subsets_are_found_by_any_pair_of_seeds():
    """The random models are worth something: many options are shut, many stay open, and some models are void."""
    shut = free = void = 0
    for first, second in combinations((1, 2), 2):
        for number in range(first * second * 50):
            case = random_case(Random(f"{first}/{number}"))
            states = [free for options in open_options(case.model, {}, {}).values() for free in options.values()]
            shut += states.count(False)
            free += states.count(True)
            void += not any(states)
    assert shut > 50
    assert free > 500
    assert void
