"""A year of expected care as service lines: a profile of each person, the household's own list, single events.

Counts and prices are dated data (``catalog/parameters/data/utilization.yaml``), marked as our own assumption; a price
that is known better (a negotiated rate) is passed in. Visits are spread evenly over the year, so that the same
question always gives the same lines.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from catalog.parameters import Law
from catalog.terms import Money, NetworkTier
from configurator.cost_sharing import ServiceLine

_NO_PRICES: Mapping[str, Money] = {}


class Care(StrEnum):
    """How much care a year is taken to hold; ``BAD`` reaches every maximum."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Expected:
    """A service that somebody expects ``times`` a year; without a price the assumed one holds (dollars a unit)."""

    person_id: str
    category: str
    times: int
    price: Money | None = None
    days: int = 0  # of each stay
    preventive: bool = False
    tier: NetworkTier = NetworkTier.IN_1


@dataclass(frozen=True, slots=True)
class Payable:
    """Something that a fixed-amount policy may pay for: the slug of its benefit, how often, and at what charge."""

    person_id: str
    benefit: str
    times: int
    on: date
    charge: Money | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """An expected event: its name, the services it brings, and what fixed-amount policies may pay for."""

    title: str
    services: tuple[Expected, ...]
    payable: tuple[Payable, ...]


def profile(law: Law, on: date, care: Care, ages: Mapping[str, int]) -> tuple[Expected, ...]:
    """The services of a year at one level of care for people by age; children have their own lists but for a bad year.

    Raises `MissingParameter` for a day without assumptions.
    """
    adult_from = law.value("utilization.child_until", on) + 1
    found = []
    for person_id, age in ages.items():
        key = care if age >= adult_from or care is Care.BAD else f"child_{care}"
        found += _expected(law.value("utilization.profile", on, key=key), person_id)
    return tuple(found)


def event(law: Law, on: date, name: str, person_id: str, day: date) -> Happening:
    """An event of a person on a day: ``birth``, ``surgery``, ``fracture`` ... (keys of ``utilization.event``)."""
    held = law.value("utilization.event", on, key=name)
    payable = tuple(Payable(person_id, row["benefit"], row["times"], day) for row in held["pays"])
    return Happening(held["title"], tuple(_expected(held["services"], person_id)), payable)


def events(law: Law) -> tuple[str, ...]:
    """The names of the events that we hold assumptions for."""
    return tuple(sorted(law.parameters["utilization.event"].own_keys()))


def _expected(rows: Iterable[Mapping[str, Any]], person_id: str) -> Iterator[Expected]:
    for row in rows:
        price, days, preventive = row["price"], row["days"] or 0, row.get("preventive") or False
        yield Expected(person_id, row["category"], row["times"], price, days, preventive)


def lines_of(
    expected: Iterable[Expected],
    law: Law,
    on: date,
    *,
    until: date | None = None,
    prices: Mapping[str, Money] = _NO_PRICES,
) -> tuple[ServiceLine, ...]:
    """One line for each visit, prescription or stay, from the first day of cover to the end of that calendar year.

    ``prices`` by service come before the assumed ones. Raises `MissingParameter` for a service without any price.
    """
    last = until or date(on.year, 12, 31)
    rows = list(expected)
    lines = [
        line
        for number, each in enumerate(rows)
        for line in _spread(each, number, _price(each, law, on, prices), on, (last - on).days + 1)
    ]
    return tuple(sorted(lines, key=lambda line: (line.on, line.received)))


def _price(each: Expected, law: Law, on: date, prices: Mapping[str, Money]) -> Money:
    if each.price is not None:
        return each.price
    return prices[each.category] if each.category in prices else law.value("utilization.price", on, key=each.category)


def _spread(each: Expected, number: int, price: Money, on: date, days: int) -> Iterator[ServiceLine]:
    for nth in range(each.times):
        day = on + timedelta(days=(2 * nth + 1) * days // (2 * each.times))
        name = f"{each.person_id}-{each.category}-{number + 1}-{nth + 1}"
        yield ServiceLine(
            name, each.person_id, each.category, day, price, tier=each.tier,
            days=each.days, preventive=each.preventive, received=number,
        )  # fmt: skip
