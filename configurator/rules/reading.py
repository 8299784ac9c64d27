"""Read one rule file: YAML with positions, so that every error names file, line and column and points at the spot.

YAML scalars are read as plain text (no "Norway problem"); their type comes from the field they stand in. A rule::

    - id: HSA-NEEDS-HDHP-2026
      title: From 2026 bronze plans also qualify
      entry: 37                       # number in the rule catalogue; left out for a payer's own addition
      kind: constraint                # the default; or computation, document
      issuer_rule: no                 # yes: a payer may replace it with a rule of the same id
      cite: ["IRS Notice 2026-5"]
      mark: V2                        # how far the source is verified
      effective: {from: 2026-01-01, until: 2026-12-31}
      recorded: 2025-07-04            # when it became known, where that was after it took effect
      replaces: HSA-NEEDS-HDHP
      repealed: {from: 2025-01-01, recorded: 2025-07-04, cite: ["Pub. L. 119-21"]}
      when: hsa.selected
      require: medical.hdhp
      message: "What is wrong, for a member."
      mend: "What to do about it."
      tests:
        - {name: gold, on: 2026-01-01, choose: {hsa: {}, medical: {metal: gold}}, expect: fail}
        - {name: asked, on: 2026-01-01, known: 2026-06-01, choose: {hsa: {}}, facts: {general_fsa: no}, expect: fail}

A computation or document has ``implemented_by: [package.module:Name]`` and ``kept_by: [tests/path.py::test_name]`` in
place of ``when``, ``require``, ``repealed`` and ``tests``.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from configurator.rules.checking import check_condition
from configurator.rules.evaluator import compile_expression
from configurator.rules.model import AnyRule, KeptRule, Repeal, Rule, RuleKind, RuleTest
from configurator.rules.syntax import Node, SyntaxProblem, names, parse
from configurator.rules.vocabulary import Kind, Type, Vocabulary

MARKS = ("V1", "V2", "V3", "D", "M", "CBR")
_COMMON = ("id", "title", "cite", "mark", "effective", "message")
_COMMON_OPTIONAL = ("entry", "kind", "issuer_rule", "recorded", "replaces", "mend")
REQUIRED = (*_COMMON, "when", "require", "tests")
OPTIONAL = (*_COMMON_OPTIONAL, "repealed")
KEPT_REQUIRED = (*_COMMON, "implemented_by", "kept_by")
_FUNCTION = re.compile(r"[a-z_][a-z0-9_.]*:[A-Za-z_][A-Za-z0-9_.]*")
_TEST = re.compile(r"tests/[a-z0-9_/]+\.py::test_[a-z0-9_]+")


class RuleFileError(Exception):
    """A rule file that cannot be used: ``file:line:column: message``, the line itself and a caret."""


class RuleFile:
    """One rule file while it is read: knows its text, so that errors can show it."""

    def __init__(self, path: Path, vocabulary: Vocabulary, law_names: frozenset[str]) -> None:
        self.path = path
        self.vocabulary = vocabulary
        self.law_names = law_names
        self.text = ""

    def rules(self) -> Iterator[AnyRule]:
        """Every rule of the file; RuleFileError at the first that is wrong."""
        for node in self.nodes():
            yield self.rule(node)

    def problems(self) -> Iterator[RuleFileError]:
        """What is wrong with the file: its form, or the first mistake of each rule."""
        try:
            nodes = self.nodes()
        except RuleFileError as error:
            yield error
            return
        for node in nodes:
            try:
                self.rule(node)
            except RuleFileError as error:
                yield error

    def nodes(self) -> list[yaml.Node]:
        """The rules of the file, not yet read. RuleFileError where the file is no list of rules."""
        try:
            self.text = self.path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise RuleFileError(f"{self.path.name}: cannot be read as UTF-8 text: {error}") from error
        try:
            root = yaml.compose(self.text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            raise self.error(mark.line, mark.column, f"not readable as YAML: {error.problem}") from error
        except yaml.reader.ReaderError as error:
            raise RuleFileError(f"{self.path.name}: holds a character that YAML does not allow") from error
        return self.items(self.fields(root, ("rules",), ())["rules"]) if root is not None else []

    # Errors

    def error(self, line: int, column: int, message: str) -> RuleFileError:
        """An error at a place, counted from 0, with the line and a caret."""
        lines = self.text.splitlines() or [""]
        shown = lines[min(line, len(lines) - 1)]
        return RuleFileError(f"{self.path.name}:{line + 1}:{column + 1}: {message}\n{shown}\n{' ' * column}^")

    def error_at(self, node: yaml.Node, message: str) -> RuleFileError:
        """An error at the start of a node."""
        return self.error(node.start_mark.line, node.start_mark.column, message)

    def position(self, node: yaml.ScalarNode, offset: int) -> tuple[int, int]:
        """Line and column of an offset into a scalar, also one folded over several lines."""
        index = self._index(node, offset)
        before = self.text[:index]
        return before.count("\n"), index - (before.rfind("\n") + 1)

    def _index(self, node: yaml.ScalarNode, offset: int) -> int:
        """Place in the file: folding changes spaces only, so the other characters before the offset are counted."""
        value = node.value.strip()
        wanted = len("".join(value[:offset].split()))
        start, end = node.start_mark.index, node.end_mark.index
        if node.style in ("|", ">"):
            start = self.text.index("\n", start)
        elif node.style in ("'", '"'):
            start += 1
        solid = [index for index in range(start, end) if not self.text[index].isspace()]
        if offset < len(value):
            return solid[min(wanted, len(solid) - 1)]
        return solid[wanted - 1] + 1

    # Fields

    def fields(self, node: yaml.Node, required: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, yaml.Node]:
        """The fields of a mapping by name; an unknown, double or missing one is refused."""
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
        """Keys and values of a mapping."""
        if not isinstance(node, yaml.MappingNode):
            raise self.error_at(node, "fields (name: value) were expected here")
        seen = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.error_at(key, "a name was expected here")
            if key.value in seen:
                raise self.error_at(key, f"field {key.value!r} stands here twice")
            seen.add(key.value)
            yield key, value

    def items(self, node: yaml.Node) -> list[yaml.Node]:
        """The items of a list."""
        if not isinstance(node, yaml.SequenceNode):
            raise self.error_at(node, "a list was expected here")
        return node.value

    def scalar(self, node: yaml.Node) -> str:
        """A text that is not empty."""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.error_at(node, "a text was expected here")
        return node.value.strip()

    def texts(self, node: yaml.Node, form: re.Pattern[str] | None = None, example: str = "") -> tuple[str, ...]:
        """A list of texts, at least one, each of a form."""
        items = self.items(node)
        if not items:
            raise self.error_at(node, "at least one was expected here")
        for item in items:
            if form and not form.fullmatch(self.scalar(item)):
                raise self.error_at(item, f"{self.scalar(item)!r} is not of the form {example}")
        return tuple(self.scalar(item) for item in items)

    def day(self, node: yaml.Node) -> date:
        """A date such as 2026-01-01."""
        try:
            return date.fromisoformat(self.scalar(node))
        except ValueError as error:
            raise self.error_at(node, "a date such as 2026-01-01 was expected here") from error

    def yes(self, node: yaml.Node) -> bool:
        """A yes or a no."""
        word = self.scalar(node)
        if word not in ("yes", "no"):
            raise self.error_at(node, f"yes or no was expected here, not {word!r}")
        return word == "yes"

    def whole(self, node: yaml.Node) -> int:
        """A whole number of 1 or more."""
        word = self.scalar(node)
        if not (word.isascii() and word.isdigit() and int(word)):
            raise self.error_at(node, f"a whole number of 1 or more was expected here, not {word!r}")
        return int(word)

    def mark(self, node: yaml.Node) -> str:
        """A verification mark."""
        mark = self.scalar(node)
        if mark not in MARKS:
            raise self.error_at(node, f"unknown mark {mark!r}; known: {', '.join(MARKS)}")
        return mark

    # Rules

    def rule(self, node: yaml.Node) -> AnyRule:
        """One rule of whatever kind."""
        if self.kind(node) is RuleKind.CONSTRAINT:
            return self.constraint(node)
        fields = self.fields(node, KEPT_REQUIRED, _COMMON_OPTIONAL)
        return KeptRule(
            **self.common(fields),
            kind=self.kind(node),
            implemented_by=self.texts(fields["implemented_by"], _FUNCTION, "package.module:Name"),
            kept_by=self.texts(fields["kept_by"], _TEST, "tests/path.py::test_name"),
            file=self.path.name,
            line=node.start_mark.line + 1,
        )

    def kind(self, node: yaml.Node) -> RuleKind:
        """The kind of a rule, which says what other fields it has."""
        written = {key.value: value for key, value in self.pairs(node)}.get("kind")
        if written is None:
            return RuleKind.CONSTRAINT
        try:
            return RuleKind(self.scalar(written))
        except ValueError:
            known = ", ".join(RuleKind)
            raise self.error_at(written, f"unknown kind {self.scalar(written)!r}; known: {known}") from None

    def common(self, fields: Mapping[str, yaml.Node]) -> dict[str, Any]:
        """What every rule says about itself."""
        first, until = self.period(fields["effective"])
        return {
            "id": self.scalar(fields["id"]),
            "title": self.scalar(fields["title"]),
            "entry": self.whole(fields["entry"]) if "entry" in fields else 0,
            "issuer_rule": "issuer_rule" in fields and self.yes(fields["issuer_rule"]),
            "cite": self.texts(fields["cite"]),
            "mark": self.mark(fields["mark"]),
            "effective_from": first,
            "effective_until": until,
            "recorded": self.day(fields["recorded"]) if "recorded" in fields else None,
            "replaces": self.scalar(fields["replaces"]) if "replaces" in fields else "",
            "message": self.scalar(fields["message"]),
            "mend": self.scalar(fields["mend"]) if "mend" in fields else "",
        }

    def period(self, node: yaml.Node) -> tuple[date, date | None]:
        """First and last day, in this order."""
        effective = self.fields(node, ("from",), ("until",))
        first = self.day(effective["from"])
        until = self.day(effective["until"]) if "until" in effective else None
        if until is not None and until < first:
            raise self.error_at(effective["until"], f"the last day is before the first, {first}")
        return first, until

    def constraint(self, node: yaml.Node) -> Rule:
        """A rule in the rule language, type-checked and compiled."""
        fields = self.fields(node, REQUIRED, OPTIONAL)
        when, require = self.condition(fields["when"]), self.condition(fields["require"])
        spoken = names(when) + names(require)
        rule = Rule(
            **self.common(fields),
            when=when,
            require=require,
            tests=tuple(self.test(item) for item in self.items(fields["tests"])),
            holds_when=compile_expression(when, self.vocabulary),
            holds=compile_expression(require, self.vocabulary),
            scopes=_distinct(name.scope for name in spoken if name.scope in self.vocabulary.lines),
            facts=_distinct(name.member for name in spoken if name.scope == "household"),
            parameters=_distinct(name.member for name in spoken if name.scope == "law"),
            file=self.path.name,
            line=node.start_mark.line + 1,
            repealed=self.repeal(fields["repealed"]) if "repealed" in fields else None,
        )
        return self.demand_tests(rule, fields["tests"])

    def repeal(self, node: yaml.Node) -> Repeal:
        """The end of a rule that became known later."""
        fields = self.fields(node, ("from", "recorded", "cite"), ())
        return Repeal(self.day(fields["from"]), self.day(fields["recorded"]), self.texts(fields["cite"]))

    def demand_tests(self, rule: Rule, node: yaml.Node) -> Rule:
        """Every constraint has a case that passes and one that fails."""
        for passes, word in ((True, "pass"), (False, "fail")):
            if all(test.passes != passes for test in rule.tests):
                raise self.error_at(node, f"rule {rule.id} has no test that expects {word}")
        return rule

    def condition(self, node: yaml.Node) -> Node:
        """A yes-or-no expression of the rule language."""
        try:
            tree = parse(self.scalar(node))
            check_condition(tree, self.vocabulary, self.law_names)
        except SyntaxProblem as problem:
            raise self.error(*self.position(node, problem.offset), str(problem)) from problem
        return tree

    # Tests of a rule

    def test(self, node: yaml.Node) -> RuleTest:
        """One case of a rule."""
        fields = self.fields(node, ("name", "on", "expect"), ("choose", "facts", "known"))
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
            known=self.day(fields["known"]) if "known" in fields else None,
        )

    def choices(self, node: yaml.Node) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Attributes chosen by line."""
        for key, value in self.pairs(node):
            attributes = self.vocabulary.lines.get(key.value)
            if attributes is None:
                raise self.error_at(key, f"no product line is called {key.value!r}")
            yield key.value, {"selected": True} | self.typed(value, attributes)

    def typed(self, node: yaml.Node, types: Mapping[str, Type]) -> dict[str, Any]:
        """Values of their types by name."""
        values = {}
        for key, value in self.pairs(node):
            if key.value not in types:
                raise self.error_at(key, f"nothing is called {key.value!r}; known: {', '.join(sorted(types))}")
            values[key.value] = self.value(value, types[key.value])
        return values

    def value(self, node: yaml.Node, kind: Type) -> Any:
        """A value of its type."""
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
