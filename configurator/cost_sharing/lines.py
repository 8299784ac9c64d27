"""What goes into adjudication (service lines, covered people, the ledger) and what comes out, number by number."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from catalog.terms import ZERO, Money, NetworkTier
from configurator.cost_sharing.design import Bucket, Period


class Level(StrEnum):
    """Whose accumulator an entry belongs to."""

    INDIVIDUAL = "individual"
    FAMILY = "family"


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service for one person on one day; money in dollars with at most two places.

    ``allowed`` is the contract rate, or outside the network what the plan allows; for a service protected by the No
    Surprises Act it is the recognized amount (45 CFR 149.110-.130). ``billed`` matters for a balance bill only.
    ``units`` are visits or prescriptions, ``days`` the days of a stay. ``preventive`` marks care that is preventive by
    law whatever its category. ``other_paid`` is what another payer paid first; None: this plan pays first.
    ``assistance`` is the part of the member's share that a drug maker pays for the member. ``provider_liable``: the
    provider made the mistake, so a line that is not covered is written off (group code CO). ``received`` orders lines
    of one day.
    """

    line_id: str
    person_id: str
    category: str
    on: date
    allowed: Money
    billed: Money | None = None
    tier: NetworkTier = NetworkTier.IN_1
    units: int = 1
    days: int = 0
    protected: bool = False
    preventive: bool = False
    admitted: bool = False
    other_paid: Money | None = None
    provider_liable: bool = False
    received: int = 0
    assistance: Money = ZERO


@dataclass(frozen=True, slots=True)
class CoveredPerson:
    """A person on the policy with the first and last day of cover; ``prior_cover`` waives waiting periods."""

    person_id: str
    covered_from: date = date.min
    covered_until: date = date.max
    prior_cover: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """Why a number is what it is: the number's field, the step of the order, plain words, citation."""

    number: str
    step: int
    text: str
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the ledger; negative where it takes back an earlier one. ``person_id`` stands on family rows too."""

    line_id: str
    person_id: str
    on: date
    bucket: Bucket
    level: Level
    amount: Money
    why: str = ""
    reversal: bool = False


@dataclass(frozen=True, slots=True)
class Accumulators:
    """The people on a policy and the ledger so far; every figure is a sum of entries, never a stored counter.

    Entries before ``since`` (first day of the plan year) count toward lifetime limits only.
    """

    people: tuple[CoveredPerson, ...]
    entries: tuple[Entry, ...] = ()
    since: date = date.min

    @property
    def family(self) -> bool:
        """Whether the policy covers more than one person."""
        return len(self.people) > 1

    def used(self, bucket: Bucket, person_id: str = "") -> Money:
        """What counts toward a bucket for a person; without a person, for the family."""
        level = Level.INDIVIDUAL if person_id else Level.FAMILY
        rows = (each for each in self.entries if each.bucket == bucket and each.level is level)
        return sum((each.amount for each in rows if self._counts(each, person_id)), ZERO)

    def _counts(self, entry: Entry, person_id: str) -> bool:
        mine = not person_id or entry.person_id == person_id
        return mine and (entry.on >= self.since or entry.bucket.period is Period.LIFETIME)

    def with_entries(self, entries: Iterable[Entry]) -> "Accumulators":
        """The same with more rows at the end."""
        return Accumulators(self.people, (*self.entries, *entries), self.since)


@dataclass(frozen=True, slots=True)
class LineResult:
    """Who pays what for one line.

    allowed = plan_pays + member_owes + other_paid + written_off, and member_owes = deductible + copay + coinsurance +
    not_covered + over_limit. ``balance_bill_possible`` comes on top and never counts toward anything.
    ``certain`` is false where the plan files no amount for the service, so that the full price stands for it.
    """

    line: ServiceLine
    deductible: Money = ZERO
    copay: Money = ZERO
    coinsurance: Money = ZERO
    not_covered: Money = ZERO
    over_limit: Money = ZERO
    plan_pays: Money = ZERO
    member_owes: Money = ZERO
    other_paid: Money = ZERO
    written_off: Money = ZERO
    balance_bill_possible: Money = ZERO
    certain: bool = True
    clauses: tuple[Clause, ...] = ()
    entries: tuple[Entry, ...] = ()
    reversal: bool = False


@dataclass(frozen=True, slots=True)
class Adjudication:
    """Results in the order in which the lines were taken, and the state after the last one."""

    lines: tuple[LineResult, ...]
    state: Accumulators

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The rows that these lines added to the ledger."""
        return tuple(entry for each in self.lines for entry in each.entries)


@dataclass(slots=True)
class Book:
    """Running sums over a ledger while lines are taken one by one; folded from its entries, never kept."""

    family: bool
    sums: dict[str, Money] = field(default_factory=dict)

    @classmethod
    def of(cls, state: Accumulators) -> "Book":
        """The sums of a state's entries."""
        book = cls(state.family)
        for entry in state.entries:
            if entry.on >= state.since or entry.bucket.period is Period.LIFETIME:
                book.add(entry)
        return book

    def add(self, entry: Entry) -> None:
        """Count one entry."""
        person = entry.person_id if entry.level is Level.INDIVIDUAL else ""
        key = _key(entry.bucket.key, entry.bucket.period, person, entry.on)
        self.sums[key] = self.sums.get(key, ZERO) + entry.amount

    def used(self, bucket_key: str, period: Period, person_id: str, on: date) -> Money:
        """What counts on that day; an empty person id asks for the family."""
        return self.sums.get(_key(bucket_key, period, person_id, on), ZERO)


def _key(bucket_key: str, period: Period, person_id: str, on: date) -> str:
    month = f"{on.year}-{on.month}" if period is Period.MONTH else ""
    return f"{bucket_key}|{month}|{person_id}"
