"""What is wrong with a set of rules as a whole, found with the evaluator alone.

Dead options and redundant rules need the solver: `configurator.engine` finds them where options are given.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from catalog.parameters import Law, MissingParameter
from configurator.rules.check import law_values
from configurator.rules.model import AnyRule, Rule, RuleSet, RuleTest
from configurator.rules.trials import boundary_trials, run_trials

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Weakness:
    """One finding: ``kind`` is stable, ``subject`` a rule id or ``line/option``, ``text`` says what is wrong."""

    kind: str
    subject: str
    text: str


def audit_rules(rules: RuleSet, law: Law, first: date, last: date) -> tuple[Weakness, ...]:
    """Untested rules, failing cases, edges of dates, gaps and overlaps of dates, and law missing from first to last."""
    return (
        *_failing(rules, law),
        *_untested(rules, law),
        *(weakness for rule in rules.every for weakness in _dates(rule, rules)),
        *(weakness for rule in rules.rules for weakness in _missing_law(rule, law, first, last)),
    )


def _failing(rules: RuleSet, law: Law) -> Iterator[Weakness]:
    for trial in run_trials(rules, law):
        if not trial.as_expected:
            yield Weakness("failing_test", trial.rule.id, str(trial))
    for trial in boundary_trials(rules, law):
        if not trial.as_expected:
            yield Weakness("edge_of_dates", trial.rule.id, str(trial))


def _untested(rules: RuleSet, law: Law) -> Iterator[Weakness]:
    """A rule is tested where a case passes although the rule applies; that a case fails is demanded on loading."""
    for rule in rules.rules:
        if not any(test.passes and _applies(rule, test, law) for test in rule.tests):
            yield Weakness("untested_rule", rule.id, "No case passes where the rule applies. Add one.")


def _applies(rule: Rule, test: RuleTest, law: Law) -> bool:
    environment = {"household": test.facts, "law": law_values(rule, law, test.on)} | dict(test.choose)
    try:
        return rule.in_force(test.on, test.known) and rule.holds_when(environment) is True
    except MissingParameter:
        return False


def _dates(rule: AnyRule, rules: RuleSet) -> Iterator[Weakness]:
    followed = [each for each in rules.every if each.replaces == rule.id]
    if rule.effective_until is not None and not followed:
        text = f"It ends on {rule.effective_until} and no rule replaces it."
        yield Weakness("ends_unreplaced", rule.id, text)
    for after in followed:
        yield from _between(rule, after)


def _between(before: AnyRule, after: AnyRule) -> Iterator[Weakness]:
    """A rule and the one that replaces it join; where the newer became known later it may reach back."""
    if before.effective_until is None or before.effective_until >= after.effective_from:
        if after.recorded is None:
            text = f"It holds from {after.effective_from}, when {before.id} still does. End that one the day before."
            yield Weakness("date_overlap", after.id, text)
    elif before.effective_until + _DAY < after.effective_from:
        gap = f"from {before.effective_until + _DAY} to {after.effective_from - _DAY}"
        yield Weakness("date_gap", after.id, f"Neither it nor {before.id}, which it replaces, holds {gap}.")


def _missing_law(rule: Rule, law: Law, first: date, last: date) -> Iterator[Weakness]:
    """Values of law that the rule reads and that are not held on the first day or at an edge of their dates."""
    for name in rule.parameters:
        for on in _edges(law, name, first, last):
            if rule.in_force(on) and (missing := _missing(law, name, on)):
                yield Weakness("law_gap", rule.id, missing)
                break


def _edges(law: Law, name: str, first: date, last: date) -> list[date]:
    ends = (row.effective_until for row in law.parameters[name].values if row.effective_until)
    return [first, *sorted(end + _DAY for end in ends if first <= end + _DAY <= last)]


def _missing(law: Law, name: str, on: date) -> str:
    try:
        law.value(name, on)
    except MissingParameter as missing:
        return str(missing)
    return ""
