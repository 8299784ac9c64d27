"""Rules, their tests and what comes of them: violations and open questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from configurator.rules.evaluator import Evaluate
from configurator.rules.syntax import Node


@dataclass(frozen=True, slots=True)
class RuleTest:
    """One case of a rule: attributes chosen by line, household facts, a date, and whether the rule should hold."""

    name: str
    on: date
    choose: Mapping[str, Mapping[str, Any]]
    facts: Mapping[str, Any]
    passes: bool
    line: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A dated restriction: wherever ``when`` holds, ``require`` must hold too.

    ``entry`` is the number in the rule catalogue; ``issuer_rule`` marks a payer's own rule, as against law.
    ``mark`` says how far the source is verified (V1, V2, V3, D, M; CBR for an issuer's own choice).
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

    def in_force(self, on: date) -> bool:
        """Whether the rule binds coverage that starts on that date."""
        return self.effective_from <= on and (self.effective_until is None or on <= self.effective_until)


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
