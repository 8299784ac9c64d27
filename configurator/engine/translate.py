"""From rules to formulas, with the evaluator itself as the judge of every single-line part.

A largest part of a rule that speaks of one line only becomes the set of that line's options for which the evaluator
says yes (or, for numbers, the value it gives for each option). Thus the meaning of the language stands in one place.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from math import lcm
from typing import Any

from configurator.engine.formula import (
    FALSE,
    TRUE,
    FactIs,
    Formula,
    InLine,
    Linear,
    conjunction,
    disjunction,
    equivalence,
    negation,
)
from configurator.engine.values import OptionModel
from configurator.rules.evaluator import UNKNOWN, compile_expression
from configurator.rules.model import Rule
from configurator.rules.syntax import COMPARISONS, Binary, Count, Literal, Membership, Name, Node, Unary, names
from configurator.rules.vocabulary import Kind, Vocabulary

_ORDERED = {"<=": (False, False), ">": (False, True), ">=": (True, False), "<": (True, True)}  # swap sides, negate


Exact = int | Fraction


class Sum:
    """A number in the making: a constant, values by option of each line, weighted tests, weighted number facts."""

    def __init__(self, constant: Exact = 0) -> None:
        self.constant = constant
        self.lines: dict[str, tuple[Exact, ...]] = {}
        self.tests: dict[Formula, Exact] = {}
        self.facts: dict[str, Exact] = {}

    def add(self, other: "Sum", factor: Exact) -> None:
        """Add ``factor`` times the other sum."""
        self.constant += factor * other.constant
        for line, values in other.lines.items():
            mine = self.lines.get(line, (0,) * len(values))
            self.lines[line] = tuple(a + factor * b for a, b in zip(mine, values, strict=True))
        for test, weight in other.tests.items():
            self.tests[test] = self.tests.get(test, 0) + factor * weight
        for fact, weight in other.facts.items():
            self.facts[fact] = self.facts.get(fact, 0) + factor * weight

    def whole(self) -> "Sum":
        """The same times the least number that makes everything whole; a comparison with 0 stays what it is."""
        every = [self.constant, *self.tests.values(), *self.facts.values(), *chain(*self.lines.values())]
        factor = lcm(*(value.denominator for value in every))
        found = Sum(int(self.constant * factor))
        found.lines = {line: tuple(int(value * factor) for value in values) for line, values in self.lines.items()}
        found.tests = {test: int(weight * factor) for test, weight in self.tests.items()}
        found.facts = {fact: int(weight * factor) for fact, weight in self.facts.items()}
        return found


class Translator:
    """Translates rules for given options; ``lines`` maps a line to its options, the implicit ``none`` first."""

    def __init__(self, lines: Mapping[str, Sequence[OptionModel]], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.law: Mapping = {}
        self.attributes = {line: _attributes(options) for line, options in lines.items()}
        self._groups: dict[tuple[str, tuple[str, ...]], list[tuple[Mapping, list[int]]]] = {}

    def rule(self, rule: Rule, law: Mapping) -> Formula:
        """The rule as one formula: ``require`` wherever ``when``, with the law's numbers by name.

        ValueError for an option with an unknown attribute; MissingParameter where a number of law is missing.
        """
        self.law = law
        return disjunction((negation(self.formula(rule.when)), self.formula(rule.require)))

    def formula(self, node: Node) -> Formula:
        """A yes-or-no expression."""
        lines, facts = self._touched(node)
        if not facts and len(lines) <= 1:
            return self._in_line(next(iter(lines), None), node)
        if not lines and len(facts) == 1 and (values := self._closed(next(iter(facts)))):
            return self._fact(next(iter(facts)), values, node)
        return self._mixed(node)

    def _mixed(self, node: Node) -> Formula:
        """A yes-or-no expression over several lines or facts, part by part."""
        match node:
            case Unary():
                return negation(self.formula(node.operand))
            case Binary(sign="and" | "or"):
                join = conjunction if node.sign == "and" else disjunction
                return join((self.formula(node.left), self.formula(node.right)))
            case Membership():
                found = disjunction(self._equal(node.operand, member) for member in node.members)
                return negation(found) if node.negated else found
        return self._comparison(node)

    def _touched(self, node: Node) -> tuple[set[str], set[str]]:
        spoken = names(node)
        lines = {name.scope for name in spoken if name.scope not in ("household", "law")}
        return lines, {name.member for name in spoken if name.scope == "household"}

    def _closed(self, fact: str) -> tuple:
        kind = self.vocabulary.facts[fact]
        return (True, False) if kind.kind is Kind.YES_NO else kind.values if kind.kind is Kind.TEXT else ()

    # Parts that the evaluator judges

    def _in_line(self, line: str | None, node: Node) -> Formula:
        if line is None or line not in self.attributes:
            return TRUE if self._evaluate(node, {}) else FALSE
        bits = sum(1 << index for index, holds in enumerate(self._by_option(line, node)) if holds)
        full = (1 << len(self.attributes[line])) - 1
        return FALSE if not bits else TRUE if bits == full else InLine(line, bits)

    def _fact(self, fact: str, values: tuple, node: Node) -> Formula:
        evaluate = compile_expression(node, self.vocabulary)
        holding = frozenset(value for value in values if evaluate({"household": {fact: value}, "law": self.law}))
        return FALSE if not holding else TRUE if len(holding) == len(values) else FactIs(fact, holding)

    def _evaluate(self, node: Node, environment: Mapping) -> Any:
        return compile_expression(node, self.vocabulary)({"law": self.law} | environment)

    def _by_option(self, line: str, node: Node) -> list[Any]:
        """What the evaluator says for each option; options alike in all that the node speaks of are asked once."""
        evaluate = compile_expression(node, self.vocabulary)
        members = tuple(sorted({name.member for name in names(node) if name.scope == line}))
        found: list[Any] = [None] * len(self.attributes[line])
        for attributes, indexes in self._alike(line, members):
            value = evaluate({"law": self.law, line: attributes})
            if value is UNKNOWN:
                raise ValueError(f"{line}: an attribute is unknown among {', '.join(members)}; tell it for each option")
            for index in indexes:
                found[index] = value
        return found

    def _alike(self, line: str, members: tuple[str, ...]) -> list[tuple[Mapping, list[int]]]:
        if (line, members) not in self._groups:
            groups: dict[tuple, tuple[Mapping, list[int]]] = {}
            for index, attributes in enumerate(self.attributes[line]):
                key = tuple(attributes.get(member) for member in members)
                groups.setdefault(key, (attributes, []))[1].append(index)
            self._groups[line, members] = list(groups.values())
        return self._groups[line, members]

    # Comparisons over several lines and facts

    def _comparison(self, node: Binary) -> Formula:
        if node.sign == "==":
            return self._equal(node.left, node.right)
        if node.sign == "!=":
            return negation(self._equal(node.left, node.right))
        swap, negate = _ORDERED[node.sign]
        left, right = (node.right, node.left) if swap else (node.left, node.right)
        found = self._linear("<=", left, right)
        return negation(found) if negate else found

    def _equal(self, left: Node, right: Node) -> Formula:
        match self._kind(left):
            case Kind.NUMBER:
                return self._linear("==", left, right)
            case Kind.YES_NO:
                return equivalence(self.formula(left), self.formula(right))
        mine, other = self._texts(left), self._texts(right)
        return disjunction(conjunction((mine[value], other[value])) for value in mine if value in other)

    def _kind(self, node: Node) -> Kind:
        match node:
            case Name(scope="law") | Count():
                return Kind.NUMBER
            case Name():
                return self.vocabulary.type_of(node.scope, node.member).kind
            case Literal():
                return {bool: Kind.YES_NO, str: Kind.TEXT}.get(type(node.value), Kind.NUMBER)
            case Unary(sign="-"):
                return Kind.NUMBER
            case Binary() if node.sign not in (*COMPARISONS, "and", "or"):
                return Kind.NUMBER
        return Kind.YES_NO

    def _texts(self, node: Node) -> dict[str, Formula]:
        """For each text that the node can be, the formula under which it is."""
        if isinstance(node, Literal):
            return {node.value: TRUE}
        if node.scope == "household":
            return {value: FactIs(node.member, frozenset({value})) for value in self._closed(node.member)}
        if node.scope not in self.attributes:
            return {self._evaluate(node, {}): TRUE}
        bits: dict[str, int] = {}
        for index, value in enumerate(self._by_option(node.scope, node)):
            bits[value] = bits.get(value, 0) | 1 << index
        return {value: InLine(node.scope, found) if len(bits) > 1 else TRUE for value, found in bits.items()}

    def _linear(self, sign: str, left: Node, right: Node) -> Formula:
        total = self.number(left)
        total.add(self.number(right), -1)
        total = total.whole()
        lines = {line: values for line, values in total.lines.items() if len(set(values)) > 1}
        constant = total.constant + sum(values[0] for line, values in total.lines.items() if line not in lines)
        facts = [(fact, weight) for fact, weight in sorted(total.facts.items()) if weight]
        scale = facts[0][1] if facts else 0
        tests = tuple((weight, test) for test, weight in total.tests.items() if weight)
        if not lines and not tests and not facts:
            return TRUE if (constant <= 0 if sign == "<=" else constant == 0) else FALSE
        normal = tuple((fact, Fraction(weight, scale)) for fact, weight in facts)
        return Linear(sign, constant, tuple(lines.items()), tests, normal, scale)

    def number(self, node: Node) -> Sum:
        """A number expression as a sum."""
        lines, facts = self._touched(node)
        if not facts and len(lines) <= 1:
            return self._line_number(next(iter(lines), None), node)
        total = Sum()
        for factor, part in self._parts(node):
            total.add(part, factor)
        return total

    def _line_number(self, line: str | None, node: Node) -> Sum:
        if line is None or line not in self.attributes:
            return Sum(_exact(self._evaluate(node, {})))
        total = Sum()
        total.lines[line] = tuple(map(_exact, self._by_option(line, node)))
        return total

    def _parts(self, node: Node) -> Iterator[tuple[Exact, Sum]]:
        match node:
            case Name():
                total = Sum()
                total.facts[node.member] = 1
                yield 1, total
            case Unary():
                yield -1, self.number(node.operand)
            case Binary(sign="*"):
                yield _exact(node.left.value), self.number(node.right)
            case Binary():
                yield 1, self.number(node.left)
                yield (1 if node.sign == "+" else -1), self.number(node.right)
            case Count():
                for test in node.tests:
                    yield 1, self._test(test)

    def _test(self, node: Node) -> Sum:
        found = self.formula(node)
        total = Sum(int(found == TRUE))
        if isinstance(found, InLine):
            width = len(self.attributes[found.line])
            total.lines[found.line] = tuple(found.options >> index & 1 for index in range(width))
        elif found not in (TRUE, FALSE):
            total.tests[found] = 1
        return total


def _exact(value: Decimal | int) -> Exact:
    return int(value) if value == int(value) else Fraction(value)


def _attributes(options: Sequence[OptionModel]) -> list[Mapping]:
    """Attributes by option; the first option is ``none`` and has none."""
    return [{}, *({"selected": True} | dict(option.attributes) for option in options[1:])]
