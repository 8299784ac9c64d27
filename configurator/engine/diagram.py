"""Exact decision diagrams of comparisons over several lines: how many states they need, not how many bundles there are.

The writer makes literals, conditions and variables: for the solver numbers, for an export words.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol

from configurator.engine.facts import FactSum
from configurator.engine.formula import Formula, Linear

Literal = Any  # can be denied with a minus


class Writer(Protocol):
    """What a diagram is written with."""

    true: Literal

    def new(self) -> Literal:
        """A new variable."""

    def add(self, *literals: Literal) -> None:
        """One of these literals must hold."""

    def literal(self, formula: Formula) -> Literal:
        """Literal equivalent to the formula."""

    def any_of(self, literals: Sequence[Literal]) -> Literal:
        """Literal equivalent to "one of these holds"."""

    def by_value(self, line: str, values: Sequence[int]) -> list[tuple[int, Literal]]:
        """For each value that options of the line have, the literal of having it."""

    def cut(self, facts: FactSum, threshold: Fraction, *, inclusive: bool) -> Literal:
        """Literal for ``facts <= threshold`` or, not inclusive, ``facts < threshold``."""


class Diagram:
    """Exact decision diagram of one comparison: lines and tests level by level, the sum of facts at the leaves."""

    def __init__(self, writer: Writer, formula: Linear) -> None:
        self.writer, self.formula = writer, formula
        sources = [writer.by_value(line, values) for line, values in formula.lines]
        sources += [self._test(weight, writer.literal(test)) for weight, test in formula.tests]
        self.sources = sorted(sources, key=len)
        self.least, self.most = self._ranges()
        self.states: dict[tuple[int, int], Literal] = {}
        self.nodes: dict[tuple, Literal] = {}

    @staticmethod
    def _test(weight: int, literal: Literal) -> list[tuple[int, Literal]]:
        return [(0, -literal), (weight, literal)]

    def _ranges(self) -> tuple[list[int], list[int]]:
        least, most = [0], [0]
        for source in reversed(self.sources):
            values = [value for value, _ in source]
            least.insert(0, least[0] + min(values))
            most.insert(0, most[0] + max(values))
        return least, most

    def root(self) -> Literal:
        """Literal that is equivalent to the comparison."""
        return self._node(0, self.formula.constant)

    def _node(self, level: int, total: int) -> Literal:
        if (level, total) not in self.states:
            self.states[level, total] = self._decide(level, total)
        return self.states[level, total]

    def _decide(self, level: int, total: int) -> Literal:
        if self.formula.facts:
            if level == len(self.sources):
                return self._leaf(total)
        elif (settled := self._settled(total + self.least[level], total + self.most[level])) is not None:
            return self.writer.true if settled else -self.writer.true
        children = tuple((literal, self._node(level + 1, total + value)) for value, literal in self.sources[level])
        if len({child for _, child in children}) == 1:
            return children[0][1]
        if children not in self.nodes:
            self.nodes[children] = self._branch(children)
        return self.nodes[children]

    def _settled(self, least: int, most: int) -> bool | None:
        if self.formula.sign == "<=":
            return True if most <= 0 else False if least > 0 else None
        return False if least > 0 or most < 0 else True if least == most == 0 else None

    def _branch(self, children: Sequence[tuple[Literal, Literal]]) -> Literal:
        found = self.writer.new()
        for literal, child in children:
            self.writer.add(-literal, -found, child)
            self.writer.add(-literal, found, -child)
        return found

    def _leaf(self, total: int) -> Literal:
        """Compare ``total + scale * facts`` with 0 by a cut of the facts' number line."""
        formula, cut = self.formula, self.writer.cut
        edge = Fraction(-total, formula.scale)
        if formula.sign == "<=":
            if formula.scale > 0:
                return cut(formula.facts, edge, inclusive=True)
            return -cut(formula.facts, edge, inclusive=False)
        at_most = cut(formula.facts, edge, inclusive=True)
        below = cut(formula.facts, edge, inclusive=False)
        return -self.writer.any_of([-at_most, below])
