"""What rules say about options and facts, freed of the rule language: the middle step between rule and clauses."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class InLine:
    """The option of ``line`` is one of ``options`` (bit i stands for the line's option i)."""

    line: str
    options: int


@dataclass(frozen=True, slots=True)
class FactIs:
    """A yes-or-no or text fact has one of these values."""

    fact: str
    values: frozenset


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: "Formula"


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds; without parts, always true."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some part holds; without parts, never true."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class Linear:
    """``constant + sums of the lines + weighted tests + scale * facts`` compared with 0 by ``<=`` or ``==``.

    ``lines`` gives each line's value by option; ``facts`` is a sum of number facts, its first weight 1, and empty
    where none is spoken of (``scale`` is 0 then). All numbers but the facts' weights are whole.
    """

    sign: str
    constant: int
    lines: tuple[tuple[str, tuple[int, ...]], ...]
    tests: tuple[tuple[int, "Formula"], ...]
    facts: tuple[tuple[str, Fraction], ...]
    scale: int


Formula = InLine | FactIs | Not | And | Or | Linear
TRUE, FALSE = And(()), Or(())


def negation(part: Formula) -> Formula:
    """Not, with constants and double negations taken away."""
    if part == TRUE:
        return FALSE
    if part == FALSE:
        return TRUE
    return part.part if isinstance(part, Not) else Not(part)


def conjunction(parts: Iterable[Formula]) -> Formula:
    """And, flattened and with constants taken away."""
    return _joined(parts, And, TRUE, FALSE)


def disjunction(parts: Iterable[Formula]) -> Formula:
    """Or, flattened and with constants taken away."""
    return _joined(parts, Or, FALSE, TRUE)


def equivalence(left: Formula, right: Formula) -> Formula:
    """Both hold or neither does."""
    return disjunction((conjunction((left, right)), conjunction((negation(left), negation(right)))))


def _joined(parts: Iterable[Formula], kind: type, neutral: Formula, decisive: Formula) -> Formula:
    found: dict[Formula, None] = {}
    for part in parts:
        if part == decisive:
            return decisive
        for inner in part.parts if isinstance(part, kind) else (part,):
            found[inner] = None
    found.pop(neutral, None)
    return next(iter(found)) if len(found) == 1 else kind(tuple(found))
