"""Audit of a model: is anything in it dead, void, redundant, forced, untested or without a rule for a day.

Solver findings hold whatever the household's facts are; a household's own facts never make a finding.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from catalog.parameters import Law
from configurator.engine.compiled import Compiled
from configurator.engine.domains import class_answers
from configurator.engine.explain import conflict_of, explain
from configurator.engine.values import NONE, Conflict, Finding
from configurator.rules.check import law_values
from configurator.rules.model import Rule, RuleSet, RuleTest
from configurator.rules.trials import run_trials

_DAY = timedelta(days=1)


def audit(compiled: Compiled, rules: RuleSet, law: Law, recorded_as_of: date | None) -> list[Finding]:
    """Every finding, kind by kind. A void model has no other solver finding: everything would follow from it."""
    found = list(_void(compiled))
    if not found:
        found += [*_dead(compiled), *_redundant(compiled)]
    return [*found, *_untested(rules, law), *_gaps(rules, recorded_as_of)]


def _void(compiled: Compiled) -> Iterator[Finding]:
    if compiled.oracle.possible([compiled.encoding.go]) is False:
        conflict = explain(compiled, {}, {}, None)
        yield Finding("void", "model", "no bundle at all satisfies every rule, whatever the facts", _ids(conflict))


def _dead(compiled: Compiled) -> Iterator[Finding]:
    """Options that no bundle can hold; a line whose ``none`` is one of them is optional in name only."""
    answers = class_answers(compiled, {}, [], compiled.options)
    for line, options in compiled.options.items():
        for option, number in zip(options, compiled.encoding.class_of[line], strict=True):
            if answers[line][number] is False:
                rules = _ids(explain(compiled, {}, {}, (line, option.option_id)))
                if option.option_id == NONE:
                    yield Finding("false_optional", line, "can be left out by name, but never in a valid bundle", rules)
                else:
                    yield Finding("dead_option", f"{line}/{option.option_id}", "is in no valid bundle", rules)


def _redundant(compiled: Compiled) -> Iterator[Finding]:
    """Rules that the options and the other rules imply; found in order, each against those not found so far."""
    encoding = compiled.encoding
    left = list(range(len(compiled.rules)))
    for index, rule in enumerate(compiled.rules):
        others = [("rule", other) for other in left if other != index]
        conflict = conflict_of(compiled, [-encoding.holds[index]], others)
        if conflict is not None:
            left.remove(index)
            spoken = "follows from the rules named" if conflict.rules else "holds for every bundle of these options"
            yield Finding("redundant_rule", rule.id, spoken, _ids(conflict))


def _untested(rules: RuleSet, law: Law) -> Iterator[Finding]:
    """A rule is tested where one of its cases fails, and one passes although the rule applies, as the file says."""
    trials: dict[str, list] = {rule.id: [] for rule in rules.rules}
    for trial in run_trials(rules, law):
        trials[trial.rule.id].append(trial)
    for rule in rules.rules:
        good = [trial.test for trial in trials[rule.id] if trial.as_expected]
        if not any(not test.passes for test in good):
            yield Finding("untested_rule", rule.id, "no case shows what it refuses")
        if not any(test.passes and _applies(rule, test, law) for test in good):
            yield Finding("untested_rule", rule.id, "no case shows what it allows where it applies")


def _applies(rule: Rule, test: RuleTest, law: Law) -> bool:
    environment = {"household": test.facts, "law": law_values(rule, law, test.on)} | dict(test.choose)
    return rule.in_force(test.on, test.known) and rule.holds_when(environment) is True


def _gaps(rules: RuleSet, recorded_as_of: date | None) -> Iterator[Finding]:
    """Days on which neither a rule nor the one it replaces binds."""
    by_id = {rule.id: rule for rule in rules.every}
    for rule in rules.every:
        before = by_id.get(rule.replaces)
        if before is None or before.effective_until is None:
            continue
        day = before.effective_until + _DAY
        if day < rule.effective_from and not rule.in_force(day, recorded_as_of):
            detail = f"nothing binds from {day} to {rule.effective_from - _DAY}, between {before.id} and {rule.id}"
            yield Finding("date_gap", rule.id, detail, (before.id, rule.id))


def _ids(conflict: Conflict | None) -> tuple[str, ...]:
    return tuple(rule.id for rule in conflict.rules) if conflict else ()
