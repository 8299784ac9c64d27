"""Check a bundle against the rules in force: the evaluator decides, at save, at submit and in PDFs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

from catalog.parameters import Law
from configurator.rules.evaluator import UNKNOWN
from configurator.rules.model import OpenQuestion, Rule, RuleSet, Verdict, Violation

Attributes = Mapping[str, Any]
Selection = Mapping[str, Sequence[Attributes]]  # line -> attributes of each policy chosen in it


def check(
    rules: RuleSet,
    selection: Selection,
    facts: Mapping[str, Any],
    law: Law,
    on: date,
    recorded_by: date | None = None,
) -> Verdict:
    """Every violation and every open question of a bundle whose coverage starts on ``on``.

    ``selection`` maps a line to the attributes of its policies (one as a rule; several where a household splits
    its people over policies - then a rule must hold for each combination). Facts not given are unknown.
    ``recorded_by`` asks by the rules that were known on that day. MissingParameter where, and only where, a rule
    that applies needs a value of law that is not on file.
    """
    violations, open_questions = [], []
    for rule in rules.in_force(on, recorded_by):
        outcome = _worst(_outcomes(rule, selection, facts, law, on))
        if outcome is False:
            violations.append(_violation(rule))
        elif outcome is UNKNOWN:
            missing = tuple(name for name in rule.facts if facts.get(name, UNKNOWN) is UNKNOWN)
            open_questions.append(OpenQuestion(rule.id, rule.title, missing))
    return Verdict(tuple(violations), tuple(open_questions))


def rule_holds(rule: Rule, environment: Mapping[str, Mapping[str, Any]]) -> Any:
    """True, False or UNKNOWN for one rule in one environment; a rule whose ``when`` is not met holds."""
    applies = rule.holds_when(environment)
    if applies is False:
        return True
    required = rule.holds(environment)
    if required is True or applies is True:
        return required
    return UNKNOWN


def numeric_parameters(law: Law) -> frozenset[str]:
    """Names of dated law that rules may speak of: those that hold one number."""
    return frozenset(
        name
        for name, parameter in law.parameters.items()
        if parameter.by is None and all(_is_number(row.value) for row in parameter.values)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


@dataclass(frozen=True)
class _LawOn(Mapping):
    """Dated numbers by name, looked up when a rule reads them: a missing one stops only a rule that needs it."""

    names: tuple[str, ...]
    law: Law
    on: date
    read: dict[str, Decimal] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Decimal:
        if name not in self.names:
            raise KeyError(name)
        if name not in self.read:
            self.read[name] = Decimal(str(self.law.value(name, self.on)))
        return self.read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def law_values(rule: Rule, law: Law, on: date) -> Mapping[str, Decimal]:
    """The dated numbers that a rule speaks of; reading one that is not held raises MissingParameter."""
    return _LawOn(rule.parameters, law, on)


def _outcomes(rule: Rule, selection: Selection, facts: Mapping[str, Any], law: Law, on: date) -> Iterator[Any]:
    environment = {"household": facts, "law": law_values(rule, law, on)}
    chosen = [selection.get(line) or ({},) for line in rule.scopes]
    for combination in product(*chosen):
        yield rule_holds(rule, environment | dict(zip(rule.scopes, combination, strict=True)))


def _worst(outcomes: Iterator[Any]) -> Any:
    found = set(outcomes)
    return False if False in found else UNKNOWN if UNKNOWN in found else True


def _violation(rule: Rule) -> Violation:
    return Violation(rule.id, rule.title, rule.message, rule.mend, rule.cite, rule.mark, rule.issuer_rule, rule.scopes)
