"""Run the tests that stand in the rule files."""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.parameters import Law
from configurator.rules.check import law_values, rule_holds
from configurator.rules.evaluator import UNKNOWN
from configurator.rules.loader import RuleSet
from configurator.rules.model import Rule, RuleTest


@dataclass(frozen=True, slots=True)
class Trial:
    """One test of one rule and how it came out: ``pass``, ``fail`` or ``unknown``."""

    rule: Rule
    test: RuleTest
    outcome: str

    @property
    def as_expected(self) -> bool:
        """Whether the outcome is what the file says."""
        return self.outcome == ("pass" if self.test.passes else "fail")

    def __str__(self) -> str:
        expected = "pass" if self.test.passes else "fail"
        place = f"{self.rule.file}:{self.test.line}"
        return f"{place}: {self.rule.id}, {self.test.name!r}: expected {expected}, came out as {self.outcome}"


def run_trials(rules: RuleSet, law: Law) -> Iterator[Trial]:
    """Every test of every rule; a rule that is not in force on the test's date passes."""
    for rule in rules.rules:
        for test in rule.tests:
            yield Trial(rule, test, _outcome(rule, test, law))


def _outcome(rule: Rule, test: RuleTest, law: Law) -> str:
    if not rule.in_force(test.on):
        return "pass"
    holds = rule_holds(rule, {"household": test.facts, "law": law_values(rule, law, test.on)} | dict(test.choose))
    return "unknown" if holds is UNKNOWN else "pass" if holds else "fail"
