"""Household facts as literals: known facts are assumed, unknown ones stay free but agree with themselves.

A text has one variable for each of its values. A number has no fixed values; every comparison cuts the number line at
a threshold, and the thresholds of one number are ordered: below 3 implies at most 3 implies below 5. A sum of several
number facts is ordered in the same way; it is left free while one of its parts is unknown, so that it greys nothing.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from configurator.rules.evaluator import UNKNOWN
from configurator.rules.vocabulary import Kind, Vocabulary

FactSum = tuple[tuple[str, Fraction], ...]


class FactCodes:
    """Variables for the facts that the rules speak of; made on demand while rules are encoded."""

    def __init__(self, vocabulary: Vocabulary, new_variable: Callable[[], int], add: Callable[..., None]) -> None:
        self.types = vocabulary.facts
        self._new, self._add = new_variable, add
        self._closed: dict[str, dict[Any, int]] = {}
        self._cuts: dict[FactSum, dict[tuple[Fraction, bool], int]] = {}
        self._ordered: dict[FactSum, list[tuple[Fraction, bool]]] = {}

    def values(self, fact: str) -> dict[Any, int]:
        """Literal by value of a yes-or-no or text fact."""
        if fact not in self._closed:
            if self.types[fact].kind is Kind.YES_NO:
                literal = self._new()
                self._closed[fact] = {True: literal, False: -literal}
            else:
                self._closed[fact] = self._one_of(self.types[fact].values)
        return self._closed[fact]

    def _one_of(self, values: Collection[str]) -> dict[str, int]:
        found = {value: self._new() for value in values}
        literals = list(found.values())
        self._add(*literals)
        for index, one in enumerate(literals):
            for other in literals[:index]:
                self._add(-one, -other)
        return found

    def cut(self, facts: FactSum, threshold: Fraction, *, inclusive: bool) -> int:
        """Literal for ``facts <= threshold`` or, not inclusive, ``facts < threshold``."""
        cuts = self._cuts.setdefault(facts, {})
        if (threshold, inclusive) not in cuts:
            cuts[threshold, inclusive] = self._new()
        return cuts[threshold, inclusive]

    def order(self) -> None:
        """State the order of all cuts; call once, after the last rule."""
        for facts, cuts in self._cuts.items():
            self._ordered[facts] = ordered = sorted(cuts)
            for lower, higher in pairwise(ordered):
                self._add(-cuts[lower], cuts[higher])

    @property
    def names(self) -> frozenset[str]:
        """Facts that decide something in this model."""
        return frozenset(self._closed) | {fact for facts in self._cuts for fact, _ in facts}

    def literals(self, facts: Mapping[str, Any]) -> list[int]:
        """What is to be assumed for the known facts. ValueError for a value that the fact cannot have."""
        found = [values[self._known(fact, facts)] for fact, values in self._closed.items() if _told(facts, fact)]
        for terms in self._cuts:
            if all(_told(facts, fact) for fact, _ in terms):
                value = sum(weight * Fraction(facts[fact]) for fact, weight in terms)
                found.extend(self._place(terms, value))
        return found

    def _known(self, fact: str, facts: Mapping[str, Any]) -> Any:
        value = facts[fact]
        if value not in self._closed[fact]:
            expected = ", ".join(map(str, self.types[fact].values)) or "yes or no"
            raise ValueError(f"household.{fact}: found {value!r}, expected {expected}")
        return value

    def _place(self, terms: FactSum, value: Fraction) -> Iterator[int]:
        """The first cut that holds and the last that does not; the order settles the others."""
        ordered, cuts = self._ordered[terms], self._cuts[terms]
        place = bisect_left(ordered, (value, True))
        if place < len(ordered):
            yield cuts[ordered[place]]
        if place:
            yield -cuts[ordered[place - 1]]

    def answers(self, fact: str) -> list[Any]:
        """One value of each kind that the fact can have, as far as the rules tell them apart."""
        if fact in self._closed:
            return list(self._closed[fact])
        alone = ((fact, Fraction(1)),)
        edges = sorted({threshold for threshold, _ in self._cuts.get(alone, ())})
        if not edges:
            return []
        between = [(a + b) / 2 for a, b in pairwise(edges)]
        return [_decimal(value) for value in sorted([edges[0] - 1, *edges, *between, edges[-1] + 1])]

    def described(self) -> Iterator[tuple[int, str]]:
        """Every variable with a name that a person can read: ``fact is value`` or ``fact <= 3``."""
        for fact, values in self._closed.items():
            if self.types[fact].kind is Kind.YES_NO:
                yield values[True], f"household.{fact}"
            else:
                yield from ((literal, f"household.{fact} is {value}") for value, literal in values.items())
        for terms, cuts in self._cuts.items():
            spoken = " + ".join(f"household.{f}" if w == 1 else f"{w} household.{f}" for f, w in terms)
            for (threshold, inclusive), literal in cuts.items():
                yield literal, f"{spoken} {'at most' if inclusive else 'below'} {threshold}"


def _told(facts: Mapping[str, Any], fact: str) -> bool:
    return facts.get(fact, UNKNOWN) is not UNKNOWN


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
