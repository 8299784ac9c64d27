"""From formulas to clauses: one variable for each class of options, one selector for each rule, decision diagrams.

Options of a line that no formula tells apart form a class; a variable stands for the class, and exactly one class of
each line holds. Every helper variable is equivalent to what it stands for, so that a rule can also be denied.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from configurator.engine.diagram import Diagram
from configurator.engine.facts import FactCodes
from configurator.engine.formula import And, FactIs, Formula, InLine, Linear, Not, Or
from configurator.rules.vocabulary import Vocabulary

Clause = list[int]
_PAIRWISE = 5  # up to that many literals "at most one" is written pair by pair


@dataclass(frozen=True)
class Encoding:
    """Clauses with what their variables stand for. ``go`` switches on every rule; selectors are in rule order."""

    clauses: tuple[Clause, ...]
    variables: int
    class_of: Mapping[str, tuple[int, ...]]  # line -> class of each option
    class_literals: Mapping[str, tuple[int, ...]]  # line -> literal of each class
    selectors: tuple[int, ...]
    holds: tuple[int, ...]  # literal that is equivalent to the rule
    go: int
    facts: FactCodes


def encode(widths: Mapping[str, int], formulas: Sequence[Formula], vocabulary: Vocabulary) -> Encoding:
    """Clauses of the model; ``widths`` is the number of options by line."""
    writer = _Writer(option_classes(widths, formulas), vocabulary)
    holds = tuple(writer.literal(formula) for formula in formulas)
    selectors = tuple(writer.new() for _ in formulas)
    go = writer.new()
    for selector, held in zip(selectors, holds, strict=True):
        writer.add(-selector, held)
        writer.add(-go, selector)
    writer.facts.order()
    return Encoding(
        clauses=tuple(writer.clauses),
        variables=writer.top,
        class_of=writer.class_of,
        class_literals=writer.class_literals,
        selectors=selectors,
        holds=holds,
        go=go,
        facts=writer.facts,
    )


def option_classes(widths: Mapping[str, int], formulas: Iterable[Formula]) -> dict[str, tuple[int, ...]]:
    """Class number of each option by line: two options are alike where every formula treats them alike."""
    columns: dict[str, dict] = {line: {} for line in widths}
    for formula in formulas:
        for line, column in _columns(formula):
            columns[line][column] = None
    return {line: _numbered(width, columns[line]) for line, width in widths.items()}


def _columns(formula: Formula) -> Iterator[tuple[str, int | tuple[int, ...]]]:
    match formula:
        case InLine():
            yield formula.line, formula.options
        case Not():
            yield from _columns(formula.part)
        case And() | Or():
            for part in formula.parts:
                yield from _columns(part)
        case Linear():
            yield from formula.lines
            for _, test in formula.tests:
                yield from _columns(test)


def _numbered(width: int, columns: Iterable[int | tuple[int, ...]]) -> tuple[int, ...]:
    rows: list[list] = [[] for _ in range(width)]
    for column in columns:
        for index, row in enumerate(rows):
            row.append(column >> index & 1 if isinstance(column, int) else column[index])
    numbers: dict[tuple, int] = {}
    return tuple(numbers.setdefault(tuple(row), len(numbers)) for row in rows)


def at_most_one(literals: Sequence[int], new: Iterator[int]) -> Iterator[Clause]:
    """Clauses for "at most one", pair by pair or as a ladder."""
    if len(literals) <= _PAIRWISE:
        yield from ([-one, -other] for index, one in enumerate(literals) for other in literals[:index])
        return
    step = next(new)
    yield [-literals[0], step]
    for literal in literals[1:-1]:
        yield [-literal, -step]
        before, step = step, next(new)
        yield [-before, step]
        yield [-literal, step]
    yield [-literals[-1], -step]


class _Writer:
    """Makes variables and clauses; the same formula always gets the same literal."""

    def __init__(self, class_of: Mapping[str, tuple[int, ...]], vocabulary: Vocabulary) -> None:
        self.top = 0
        self.clauses: list[Clause] = []
        self.class_of = class_of
        self.true = self.new()
        self.add(self.true)
        self.class_literals = {line: self._line(numbers) for line, numbers in class_of.items()}
        self.facts = FactCodes(vocabulary, self.new, self.add)
        self.cut = self.facts.cut
        self._literals: dict[Formula, int] = {}
        self._sets: dict[frozenset[int], int] = {}

    def new(self) -> int:
        self.top += 1
        return self.top

    def add(self, *literals: int) -> None:
        self.clauses.append(list(literals))

    def _line(self, numbers: tuple[int, ...]) -> tuple[int, ...]:
        literals = tuple(self.new() for _ in range(max(numbers) + 1))
        self.add(*literals)
        self.clauses.extend(at_most_one(literals, iter(self.new, None)))
        return literals

    def literal(self, formula: Formula) -> int:
        """The literal that is equivalent to the formula."""
        if isinstance(formula, Not):
            return -self.literal(formula.part)
        if formula not in self._literals:
            self._literals[formula] = self._encode(formula)
        return self._literals[formula]

    def _encode(self, formula: Formula) -> int:
        match formula:
            case InLine():
                numbers = self.class_of[formula.line]
                return self._in_line(formula.line, (n for i, n in enumerate(numbers) if formula.options >> i & 1))
            case FactIs():
                values = self.facts.values(formula.fact)
                return self._one_of(frozenset(values[value] for value in formula.values), frozenset(values.values()))
            case And():
                return -self.any_of([-self.literal(part) for part in formula.parts])
            case Or():
                return self.any_of([self.literal(part) for part in formula.parts])
        return Diagram(self, formula).root()

    def any_of(self, literals: Sequence[int]) -> int:
        if not literals:
            return -self.true
        found = self.new()
        self.add(-found, *literals)
        for literal in literals:
            self.add(found, -literal)
        return found

    def _in_line(self, line: str, classes: Iterable[int]) -> int:
        literals = self.class_literals[line]
        return self._one_of(frozenset(literals[number] for number in classes), frozenset(literals))

    def _one_of(self, some: frozenset[int], every: frozenset[int]) -> int:
        """Literal for "one of some", where exactly one of ``every`` holds."""
        rest = every - some
        if not rest or not some:
            return self.true if some else -self.true
        if len(some) == 1 or len(rest) == 1:
            return min(some) if len(some) == 1 else -min(rest)
        if some not in self._sets:
            self._sets[some] = found = self.any_of(sorted(some))
            self._sets[rest] = -found
            for literal in sorted(rest):
                self.add(-found, -literal)
        return self._sets[some]

    def by_value(self, line: str, values: Sequence[int]) -> list[tuple[int, int]]:
        """For each value that options of the line have, the literal of having it."""
        groups: dict[int, list[int]] = {}
        for number, value in zip(self.class_of[line], values, strict=True):
            groups.setdefault(value, []).append(number)
        return [(value, self._in_line(line, classes)) for value, classes in sorted(groups.items())]
