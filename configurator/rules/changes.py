"""What differs between two sets of rules: rules that came, went, or say something else."""

from dataclasses import dataclass, fields
from typing import Any

from configurator.rules.model import AnyRule, Rule, RuleSet
from configurator.rules.syntax import Binary, Count, Literal, Membership, Name, Node, Unary

# Where a rule stands and what is compiled from it say nothing new.
_NOT_COMPARED = frozenset({"file", "line", "holds_when", "holds", "scopes", "facts", "parameters", "tests"})


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that stands in both sets and differs, with the names of the fields that do."""

    rule_id: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """Ids of rules added and removed, and rules changed, each in the order of its set."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[RuleChange, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def changes(old: RuleSet, new: RuleSet) -> RuleChanges:
    """What the new set has that the old one has not, and the other way round; the order of rules does not matter."""
    before, after = {rule.id: rule for rule in old.every}, {rule.id: rule for rule in new.every}
    compared = ((rule_id, _differing(before[rule_id], after[rule_id])) for rule_id in after if rule_id in before)
    return RuleChanges(
        added=tuple(rule_id for rule_id in after if rule_id not in before),
        removed=tuple(rule_id for rule_id in before if rule_id not in after),
        changed=tuple(RuleChange(rule_id, names) for rule_id, names in compared if names),
    )


def _differing(old: AnyRule, new: AnyRule) -> tuple[str, ...]:
    if type(old) is not type(new):
        return ("kind",)
    names = [field.name for field in fields(old) if field.name not in _NOT_COMPARED]
    found = [name for name in names if _value(old, name) != _value(new, name)]
    if isinstance(old, Rule) and _cases(old) != _cases(new):
        found.append("tests")
    return tuple(found)


def _value(rule: AnyRule, name: str) -> Any:
    value = getattr(rule, name)
    return _shape(value) if name in ("when", "require") else value


def _cases(rule: Rule) -> list[tuple[Any, ...]]:
    """The cases without the lines they stand on."""
    return [(test.name, test.on, test.known, test.choose, test.facts, test.passes) for test in rule.tests]


def _shape(node: Node) -> tuple[Any, ...]:
    """The expression without its places in the text."""
    match node:
        case Literal(value=value):
            return ("literal", value)
        case Name(path=path):
            return ("name", path)
        case Unary(sign=sign, operand=operand):
            return (sign, _shape(operand))
        case Binary(sign=sign, left=left, right=right):
            return (sign, _shape(left), _shape(right))
        case Membership(operand=operand, members=members, negated=negated):
            return ("in", negated, _shape(operand), *(_shape(member) for member in members))
        case Count(tests=tests):
            return ("count", *(_shape(test) for test in tests))
