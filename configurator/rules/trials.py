"""Run the tests that stand in the rule files, and each rule at the edges of its dates."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from catalog.parameters import Law, MissingParameter
from configurator.rules.check import law_values, rule_holds
from configurator.rules.evaluator import UNKNOWN
from configurator.rules.model import Rule, RuleSet, RuleTest

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Trial:
    """One test of one rule and how it came out: ``pass``, ``fail`` or ``unknown``; else what law is missing."""

    rule: Rule
    test: RuleTest
    outcome: str

    @property
    def expected(self) -> str:
        """What the file says: ``pass`` or ``fail``."""
        return "pass" if self.test.passes else "fail"

    @property
    def as_expected(self) -> bool:
        """Whether the outcome is what the file says."""
        return self.outcome == self.expected

    def __str__(self) -> str:
        place = f"{self.rule.file}:{self.test.line}"
        return f"{place}: {self.rule.id}, {self.test.name!r}: expected {self.expected}, came out as {self.outcome}"


def run_trials(rules: RuleSet, law: Law) -> Iterator[Trial]:
    """Every test of every rule; a rule that is not in force on the test's date passes."""
    for rule in rules.rules:
        for test in rule.tests:
            yield Trial(rule, test, _outcome(rule, test, law))


def boundary_trials(rules: RuleSet, law: Law) -> Iterator[Trial]:
    """The first failing case of each rule again at the edges of its dates.

    It must fail on the first and the last day the rule binds, and pass on the day before and the day after.
    """
    for rule in rules.rules:
        for test in boundary_tests(rule):
            yield Trial(rule, test, _outcome(rule, test, law))


def boundary_tests(rule: Rule) -> tuple[RuleTest, ...]:
    """Cases on the first day, the day before it, and the same around the last day where there is one."""
    case = next(test for test in rule.tests if not test.passes)
    edges = [("the day before the first", rule.effective_from - _DAY, True), ("first day", rule.effective_from, False)]
    if rule.effective_until is not None:
        last = rule.effective_until
        edges += [("last day", last, False), ("the day after the last", last + _DAY, True)]
    tests = [_moved(case, words, on, passes, case.known) for words, on, passes in edges]
    return (*tests, *_knowledge_tests(rule, case))


def _knowledge_tests(rule: Rule, case: RuleTest) -> Iterator[RuleTest]:
    """A rule known only later does not bind as of the day before; a repeal known later binds until then."""
    if rule.recorded is not None:
        eve = rule.recorded - _DAY
        yield _moved(case, "the day before it was known", case.on, True, eve)
    if rule.repealed is not None:
        eve = rule.repealed.recorded - _DAY
        yield _moved(case, "the day before its end was known", rule.repealed.effective_from, False, eve)
        yield _moved(case, "its end is known", rule.repealed.effective_from, True, rule.repealed.recorded)


def _moved(case: RuleTest, words: str, on: date, passes: bool, known: date | None) -> RuleTest:
    return replace(case, name=f"{case.name} ({words}, {on})", on=on, passes=passes, known=known)


def _outcome(rule: Rule, test: RuleTest, law: Law) -> str:
    if not rule.in_force(test.on, test.known):
        return "pass"
    environment = {"household": test.facts, "law": law_values(rule, law, test.on)} | dict(test.choose)
    try:
        holds = rule_holds(rule, environment)
    except MissingParameter as missing:
        return str(missing)
    return "unknown" if holds is UNKNOWN else "pass" if holds else "fail"
