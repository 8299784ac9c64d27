"""Adjudicate lines against a design and a ledger, replay a year, take a line back."""

from collections.abc import Iterable
from dataclasses import replace

from configurator.cost_sharing.design import Design
from configurator.cost_sharing.lines import Accumulators, Adjudication, Book, Entry, LineResult, ServiceLine
from configurator.cost_sharing.steps import adjudicate_line, negated, opposite_entries


class UnknownLine(LookupError):
    """The ledger holds no entry of that line that is not taken back yet."""


def in_order(lines: Iterable[ServiceLine]) -> list[ServiceLine]:
    """By service date, then by the order in which they were received; equal ones stay as given."""
    return sorted(lines, key=lambda line: (line.on, line.received))


def adjudicate(design: Design, state: Accumulators, lines: Iterable[ServiceLine]) -> Adjudication:
    """Who pays what for each line, in order, on top of what the ledger holds.

    The design must be made for a family exactly where the state covers several people.
    """
    if design.family is not state.family:
        raise ValueError("the design and the accumulators disagree on whether one person or a family is covered")
    people = {person.person_id: person for person in state.people}
    book = Book.of(state)
    results = tuple(adjudicate_line(design, people, book, line) for line in in_order(lines))
    return Adjudication(results, state.with_entries(entry for each in results for entry in each.entries))


def reverse(state: Accumulators, result: LineResult) -> Adjudication:
    """Take a line back: every number and entry negative. Later lines may need to be adjudicated again."""
    taken_back = negated(result)
    return Adjudication((taken_back,), state.with_entries(taken_back.entries))


def reversal_of(state: Accumulators, line_id: str) -> tuple[Entry, ...]:
    """The entries that bring a line's sum in the ledger to zero. Raises `UnknownLine` where nothing is left of it."""
    rows = [entry for entry in state.entries if entry.line_id == line_id]
    latest = {(entry.bucket, entry.level, entry.person_id): entry for entry in rows}
    sums = {key: sum(row.amount for row in rows if (row.bucket, row.level, row.person_id) == key) for key in latest}
    standing = [replace(entry, amount=sums[key], reversal=False) for key, entry in latest.items() if sums[key]]
    if not standing:
        raise UnknownLine(f"the ledger holds nothing of line {line_id} that can be taken back")
    return opposite_entries(standing)


def replay(design: Design, state: Accumulators, lines: Iterable[ServiceLine]) -> Adjudication:
    """Adjudicate a year anew: entries of the plan year are dropped, older ones (lifetime limits) stay."""
    older = tuple(entry for entry in state.entries if entry.on < state.since)
    return adjudicate(design, Accumulators(state.people, older, state.since), lines)
