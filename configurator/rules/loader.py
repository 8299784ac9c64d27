"""Rule files: YAML read with positions, so that every error names file, line and column and points at the spot.

YAML scalars are read as plain text (no "Norway problem"); their type comes from the field they stand in.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from configurator.rules.checking import check_condition
from configurator.rules.evaluator import compile_expression
from configurator.rules.model import Rule, RuleTest
from configurator.rules.syntax import Node, SyntaxProblem, names, parse
from configurator.rules.vocabulary import Kind, Type, Vocabulary

FOLDER = Path(__file__).with_name("files")
MARKS = ("V1", "V2", "V3", "D", "M", "CBR")
REQUIRED = ("id", "title", "entry", "cite", "mark", "effective", "when", "require", "message", "tests")
OPTIONAL = ("issuer_rule", "recorded", "replaces", "mend")


class RuleFileError(Exception):
    """A rule file that cannot be used: ``file:line:column: message``, the line itself and a caret."""


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules in file order; ``version`` is a hash of the files' content."""

    rules: tuple[Rule, ...]
    version: str

    def in_force(self, on: date) -> tuple[Rule, ...]:
        """The rules that bind coverage starting on that date."""
        return tuple(rule for rule in self.rules if rule.in_force(on))

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id; KeyError where there is none."""
        return {rule.id: rule for rule in self.rules}[rule_id]


def load_rules(vocabulary: Vocabulary, law_names: frozenset[str], folder: Path = FOLDER) -> RuleSet:
    """Every rule of the folder's ``*.yaml`` files, parsed, type-checked and compiled; RuleFileError otherwise."""
    paths = sorted(folder.glob("*.yaml"))
    rules = tuple(rule for path in paths for rule in read_rules(path, vocabulary, law_names))
    _refuse_doubles(rules)
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
    return RuleSet(rules, digest[:16])


def read_rules(path: Path, vocabulary: Vocabulary, law_names: frozenset[str]) -> list[Rule]:
    """The rules of one file."""
    return list(_File(path, vocabulary, law_names).rules())


def _refuse_doubles(rules: tuple[Rule, ...]) -> None:
    seen: dict[str, Rule] = {}
    for rule in rules:
        if first := seen.get(rule.id):
            place = f"{first.file}:{first.line}"
            raise RuleFileError(f"{rule.file}:{rule.line}: rule {rule.id} stands already at {place}")
        seen[rule.id] = rule
    for rule in rules:
        if rule.replaces and rule.replaces not in seen:
            raise RuleFileError(f"{rule.file}:{rule.line}: {rule.id} replaces {rule.replaces}, which is in no file")


class _File:
    """One rule file while it is read: knows its text, so that errors can show it."""

    def __init__(self, path: Path, vocabulary: Vocabulary, law_names: frozenset[str]) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.vocabulary = vocabulary
        self.law_names = law_names

    def rules(self) -> Iterator[Rule]:
        try:
            root = yaml.compose(self.text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            raise self.error(mark.line, mark.column, f"not readable as YAML: {error.problem}") from error
        if root is None:
            return
        fields = self.fields(root, ("rules",), ())
        for node in self.items(fields["rules"]):
            yield self.rule(node)

    def error(self, line: int, column: int, message: str) -> RuleFileError:
        lines = self.text.splitlines() or [""]
        shown = lines[min(line, len(lines) - 1)]
        return RuleFileError(f"{self.path.name}:{line + 1}:{column + 1}: {message}\n{shown}\n{' ' * column}^")

    def error_at(self, node: yaml.Node, message: str) -> RuleFileError:
        return self.error(node.start_mark.line, node.start_mark.column, message)

    def fields(self, node: yaml.Node, required: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, yaml.Node]:
        found: dict[str, yaml.Node] = {}
        for key, value in self.pairs(node):
            if key.value not in (*required, *optional):
                known = ", ".join((*required, *optional))
                raise self.error_at(key, f"unknown field {key.value!r}; known: {known}")
            found[key.value] = value
        for name in required:
            if name not in found:
                raise self.error_at(node, f"field {name!r} is missing")
        return found

    def pairs(self, node: yaml.Node) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            raise self.error_at(node, "fields (name: value) were expected here")
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                raise self.error_at(key, f"field {key.value!r} stands here twice")
            seen.add(key.value)
            yield key, value

    def items(self, node: yaml.Node) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            raise self.error_at(node, "a list was expected here")
        return node.value

    def scalar(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.error_at(node, "a text was expected here")
        return node.value.strip()

    def day(self, node: yaml.Node) -> date:
        try:
            return date.fromisoformat(self.scalar(node))
        except ValueError as error:
            raise self.error_at(node, "a date such as 2026-01-01 was expected here") from error

    def yes(self, node: yaml.Node) -> bool:
        word = self.scalar(node)
        if word not in ("yes", "no"):
            raise self.error_at(node, f"yes or no was expected here, not {word!r}")
        return word == "yes"

    def rule(self, node: yaml.Node) -> Rule:
        fields = self.fields(node, REQUIRED, OPTIONAL)
        effective = self.fields(fields["effective"], ("from",), ("until",))
        when, require = self.condition(fields["when"]), self.condition(fields["require"])
        spoken = names(when) + names(require)
        rule = Rule(
            id=self.scalar(fields["id"]),
            title=self.scalar(fields["title"]),
            entry=int(self.scalar(fields["entry"])),
            issuer_rule="issuer_rule" in fields and self.yes(fields["issuer_rule"]),
            cite=tuple(self.scalar(item) for item in self.items(fields["cite"])),
            mark=self.mark(fields["mark"]),
            effective_from=self.day(effective["from"]),
            effective_until=self.day(effective["until"]) if "until" in effective else None,
            recorded=self.day(fields["recorded"]) if "recorded" in fields else None,
            replaces=self.scalar(fields["replaces"]) if "replaces" in fields else "",
            when=when,
            require=require,
            message=self.scalar(fields["message"]),
            mend=self.scalar(fields["mend"]) if "mend" in fields else "",
            tests=tuple(self.test(item) for item in self.items(fields["tests"])),
            holds_when=compile_expression(when, self.vocabulary),
            holds=compile_expression(require, self.vocabulary),
            scopes=_distinct(name.scope for name in spoken if name.scope in self.vocabulary.lines),
            facts=_distinct(name.member for name in spoken if name.scope == "household"),
            parameters=_distinct(name.member for name in spoken if name.scope == "law"),
            file=self.path.name,
            line=node.start_mark.line + 1,
        )
        return self.demand_tests(rule, fields["tests"])

    def demand_tests(self, rule: Rule, node: yaml.Node) -> Rule:
        for passes, word in ((True, "pass"), (False, "fail")):
            if all(test.passes != passes for test in rule.tests):
                raise self.error_at(node, f"rule {rule.id} has no test that expects {word}")
        return rule

    def mark(self, node: yaml.Node) -> str:
        mark = self.scalar(node)
        if mark not in MARKS:
            raise self.error_at(node, f"unknown mark {mark!r}; known: {', '.join(MARKS)}")
        return mark

    def condition(self, node: yaml.Node) -> Node:
        try:
            tree = parse(self.scalar(node))
            check_condition(tree, self.vocabulary, self.law_names)
        except SyntaxProblem as problem:
            raise self.error(*self.position(node, problem.offset), str(problem)) from problem
        return tree

    def position(self, node: yaml.ScalarNode, offset: int) -> tuple[int, int]:
        """Line and column of an offset into a plain one-line scalar; the start of any other."""
        line, column = node.start_mark.line, node.start_mark.column
        if node.start_mark.line != node.end_mark.line:
            return line, column
        quote = 1 if node.style in ("'", '"') else 0
        return line, column + quote + offset

    def test(self, node: yaml.Node) -> RuleTest:
        fields = self.fields(node, ("name", "on", "expect"), ("choose", "facts"))
        expected = self.scalar(fields["expect"])
        if expected not in ("pass", "fail"):
            raise self.error_at(fields["expect"], f"pass or fail was expected here, not {expected!r}")
        return RuleTest(
            name=self.scalar(fields["name"]),
            on=self.day(fields["on"]),
            choose=dict(self.choices(fields["choose"])) if "choose" in fields else {},
            facts=self.typed(fields["facts"], self.vocabulary.facts) if "facts" in fields else {},
            passes=expected == "pass",
            line=node.start_mark.line + 1,
        )

    def choices(self, node: yaml.Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for key, value in self.pairs(node):
            attributes = self.vocabulary.lines.get(key.value)
            if attributes is None:
                raise self.error_at(key, f"no product line is called {key.value!r}")
            yield key.value, {"selected": True} | self.typed(value, attributes)

    def typed(self, node: yaml.Node, types: Mapping[str, Type]) -> dict[str, Any]:
        values = {}
        for key, value in self.pairs(node):
            if key.value not in types:
                raise self.error_at(key, f"nothing is called {key.value!r}; known: {', '.join(sorted(types))}")
            values[key.value] = self.value(value, types[key.value])
        return values

    def value(self, node: yaml.Node, kind: Type) -> Any:
        word = self.scalar(node)
        if kind.kind is Kind.YES_NO:
            return self.yes(node)
        if kind.kind is Kind.TEXT:
            if kind.values and word not in kind.values:
                raise self.error_at(node, f"no such value {word!r}; values: {', '.join(sorted(kind.values))}")
            return word
        try:
            return Decimal(word)
        except InvalidOperation as error:
            raise self.error_at(node, f"a number was expected here, not {word!r}") from error


def _distinct(words: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
