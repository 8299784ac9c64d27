"""What a person has picked so far, as plain values: one choice a line, and the lines that were turned down."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from catalog.terms import ProductLine
from configurator.bundle import Choice


@dataclass(frozen=True, slots=True)
class Picks:
    """Choices, at most one a line, and the lines to which the person said "no thanks"."""

    choices: tuple[Choice, ...] = ()
    declined: tuple[ProductLine, ...] = ()

    def choice(self, line: ProductLine) -> Choice | None:
        """What is chosen in a line, or None."""
        return next((choice for choice in self.choices if choice.line is line), None)

    def others(self, line: ProductLine) -> tuple[Choice, ...]:
        """The choices of every other line."""
        return tuple(choice for choice in self.choices if choice.line is not line)

    def without(self, line: ProductLine) -> "Picks":
        """Nothing said about a line any more."""
        return Picks(self.others(line), tuple(each for each in self.declined if each is not line))

    def choosing(self, choice: Choice) -> "Picks":
        """This choice in its line, in place of what stood there."""
        cleared = self.without(choice.line)
        order = list(ProductLine)
        chosen = sorted((*cleared.choices, choice), key=lambda each: order.index(each.line))
        return replace(cleared, choices=tuple(chosen))

    def declining(self, line: ProductLine) -> "Picks":
        """Say "no thanks" to a line."""
        cleared = self.without(line)
        return replace(cleared, declined=(*cleared.declined, line))


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be picked at an address: option ids by line with their riders, and the people who may be covered."""

    options: frozenset[tuple[ProductLine, str]]
    riders: frozenset[tuple[str, str]]  # option, rider
    people: tuple[str, ...]

    def still(self, picks: Picks) -> tuple[Picks, tuple[ProductLine, ...], bool]:
        """What of the picks can be kept; the lines that fell away; whether people or riders fell away.

        Where nobody of a choice is left, everybody who wants cover takes their place.
        """
        kept = tuple(self._kept(choice) for choice in picks.choices if (choice.line, choice.option_id) in self.options)
        lines = {choice.line for choice in kept}
        gone = tuple(choice.line for choice in picks.choices if choice.line not in lines)
        before = tuple(choice for choice in picks.choices if choice.line in lines)
        return replace(picks, choices=kept), gone, kept != before

    def _kept(self, choice: Choice) -> Choice:
        covered = in_order(choice.covered, self.people) or self.people
        riders = tuple(each for each in choice.riders if (choice.option_id, each) in self.riders)
        return replace(choice, covered=covered, riders=riders)


def in_order(wanted: Collection[str], people: tuple[str, ...]) -> tuple[str, ...]:
    """The people wanted, each once, in household order; others are left out."""
    return tuple(person for person in people if person in wanted)
