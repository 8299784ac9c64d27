"""Rules, their tests and what comes of them: violations and open questions.

A rule is a constraint (it restricts what can be chosen and is written in the rule language) or is kept by a function
of ours: a computation (a price, a date) or a document (a notice, a record). Both carry the same citation and dates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from configurator.rules.evaluator import Evaluate
from configurator.rules.syntax import Node


class RuleKind(StrEnum):
    """How a rule is kept: by the rule language, by a calculation, or by a document."""

    CONSTRAINT = "constraint"
    COMPUTATION = "computation"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Repeal:
    """The end of a rule that became known later than it took effect: first day without it, day it became known."""

    effective_from: date
    recorded: date
    cite: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One case of a rule: attributes chosen by line, household facts, a date, and whether the rule should hold.

    ``known`` asks by what was known on that day; None means by all that is known.
    """

    name: str
    on: date
    choose: Mapping[str, Mapping[str, Any]]
    facts: Mapping[str, Any]
    passes: bool
    line: int
    known: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A dated restriction: wherever ``when`` holds, ``require`` must hold too.

    ``entry`` is the number in the rule catalogue, 0 for a payer's own addition; ``issuer_rule`` marks a payer's own
    rule, as against law. ``mark`` says how far the source is verified (V1, V2, V3, D, M; CBR for an issuer's own
    choice). ``recorded`` is the day it became known; None means before it took effect.
    """

    id: str
    title: str
    entry: int
    issuer_rule: bool
    cite: tuple[str, ...]
    mark: str
    effective_from: date
    effective_until: date | None
    recorded: date | None
    replaces: str
    when: Node
    require: Node
    message: str
    mend: str
    tests: tuple[RuleTest, ...]
    holds_when: Evaluate
    holds: Evaluate
    scopes: tuple[str, ...]  # lines that the rule speaks of, in reading order
    facts: tuple[str, ...]  # household facts that it asks for
    parameters: tuple[str, ...]  # names of dated law that it uses
    file: str
    line: int
    repealed: Repeal | None = None

    @property
    def kind(self) -> RuleKind:
        """Always a constraint."""
        return RuleKind.CONSTRAINT

    def in_force(self, on: date, recorded_by: date | None = None) -> bool:
        """Whether the rule binds coverage that starts on that date, as far as was known on ``recorded_by``."""
        return _in_force(self, on, recorded_by) and not self._repealed(on, recorded_by)

    def _repealed(self, on: date, recorded_by: date | None) -> bool:
        end = self.repealed
        return end is not None and end.effective_from <= on and (recorded_by is None or end.recorded <= recorded_by)


@dataclass(frozen=True, slots=True)
class KeptRule:
    """A dated rule that a function keeps, because it restricts no choice: a price, a date, a notice, a record.

    ``implemented_by`` names functions or classes (``package.module:Name``), ``kept_by`` the tests that prove it
    (``tests/path.py::test_name``). The other fields are those of `Rule`.
    """

    id: str
    kind: RuleKind
    title: str
    entry: int
    issuer_rule: bool
    cite: tuple[str, ...]
    mark: str
    effective_from: date
    effective_until: date | None
    recorded: date | None
    replaces: str
    message: str
    mend: str
    implemented_by: tuple[str, ...]
    kept_by: tuple[str, ...]
    file: str
    line: int

    def in_force(self, on: date, recorded_by: date | None = None) -> bool:
        """Whether the rule binds coverage that starts on that date, as far as was known on ``recorded_by``."""
        return _in_force(self, on, recorded_by)


AnyRule = Rule | KeptRule


def _in_force(rule: AnyRule, on: date, recorded_by: date | None) -> bool:
    known = recorded_by is None or rule.recorded is None or rule.recorded <= recorded_by
    return known and rule.effective_from <= on and (rule.effective_until is None or on <= rule.effective_until)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Constraints in file order, the rules that functions keep, and a hash of the files' content."""

    rules: tuple[Rule, ...]
    version: str
    kept: tuple[KeptRule, ...] = ()

    @property
    def every(self) -> tuple[AnyRule, ...]:
        """All rules: constraints, then those that functions keep."""
        return self.rules + self.kept

    def in_force(self, on: date, recorded_by: date | None = None) -> tuple[Rule, ...]:
        """The constraints that bind coverage starting on that date, as far as was known on ``recorded_by``.

        Where a rule and the one it replaces would both bind, only the newer does: a law may reach back.
        """
        binding = tuple(rule for rule in self.rules if rule.in_force(on, recorded_by))
        replaced = {rule.replaces for rule in binding}
        return tuple(rule for rule in binding if rule.id not in replaced)

    def rule(self, rule_id: str) -> Rule:
        """The constraint of that id; KeyError where there is none."""
        return {rule.id: rule for rule in self.rules}[rule_id]

    def find(self, rule_id: str) -> AnyRule:
        """The rule of that id, of whatever kind; KeyError where there is none."""
        return {rule.id: rule for rule in self.every}[rule_id]


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that the bundle breaks, in words a member understands."""

    rule_id: str
    title: str
    message: str
    mend: str
    cite: tuple[str, ...]
    mark: str
    issuer_rule: bool
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A rule that cannot be settled until these household facts are told."""

    rule_id: str
    title: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome of a check: valid where nothing is violated; open questions do not make a bundle invalid."""

    violations: tuple[Violation, ...]
    open_questions: tuple[OpenQuestion, ...]

    @property
    def valid(self) -> bool:
        """No rule is violated."""
        return not self.violations
