"""A year of services under many plans at once: the steps of `cost_sharing.steps` over arrays of cents, one line a time.

The scalar engine is the truth; a test proves that both answer the same. Plans whose terms need what arrays do not hold
(waiting periods, monthly limits, crossover between tiers) and lines with another payer go through the scalar engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from catalog.terms import Money, NetworkTier, from_cents, to_cents
from configurator.cost_sharing import Accumulators, CoveredPerson, Design, ServiceLine, adjudicate, in_order
from configurator.year.tables import MILLION, Array, Slot, Slots, Table, table

PARTS = ("deductible", "copay", "coinsurance", "not_covered", "over_limit")


@dataclass(frozen=True, slots=True)
class ManyCosts:
    """What each line costs the member under each plan.

    ``owed[line, plan]`` and the sums over all lines in ``parts`` (by name) are int64 cents; lines stand in the order in
    which they were taken, plans as given. ``certain[plan]`` is false where a service has no filed amount.
    """

    lines: tuple[ServiceLine, ...]
    owed: Array
    parts: dict[str, Array]
    certain: Array

    def member_owes(self, plan: int) -> Money:
        """The year's cost sharing under a plan, in dollars."""
        return from_cents(int(self.owed[:, plan].sum()))

    def total(self) -> Array:
        """The year's cost sharing under every plan, in cents."""
        return self.owed.sum(axis=0)

    def by_category(self, plan: int) -> dict[str, Money]:
        """What each service comes to under a plan, the dearest first."""
        sums: dict[str, int] = {}
        for line, cents in zip(self.lines, self.owed[:, plan], strict=True):
            sums[line.category] = sums.get(line.category, 0) + int(cents)
        ranked = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
        return {category: from_cents(cents) for category, cents in ranked if cents}


def costs_under(designs: Sequence[Design], people: Sequence[CoveredPerson], lines: Sequence[ServiceLine]) -> ManyCosts:
    """The same lines from the start of a year under every design; all designs for this number of people."""
    ordered = tuple(in_order(lines))
    if not designs or any(map(_special, ordered)):
        return _one_by_one(designs, people, ordered)
    slots = Slots(len(designs))
    tables = {key: table(designs, *key, slots) for key in {_key(line) for line in ordered}}
    if any(found is None for found in tables.values()):
        return _split(designs, people, ordered)
    return _Year(tuple(people), slots, len(ordered)).run(ordered, tables)


def _special(line: ServiceLine) -> bool:
    """What arrays do not hold: another payer, a provider's mistake, a drug maker's help."""
    return line.other_paid is not None or line.provider_liable or bool(line.assistance)


def _key(line: ServiceLine) -> tuple[str, NetworkTier]:
    """A protected service outside the network is one in it."""
    protected = line.protected and line.tier is NetworkTier.OUT
    return line.category, NetworkTier.IN_1 if protected else line.tier


def _split(designs: Sequence[Design], people: Sequence[CoveredPerson], lines: tuple[ServiceLine, ...]) -> ManyCosts:
    """The plans that arrays can hold together, the others one by one."""
    keys = {_key(line) for line in lines}
    alone = [plan for plan, design in enumerate(designs) if any(_needs_scalar(design, key) for key in keys)]
    apart = set(alone)
    together = [plan for plan in range(len(designs)) if plan not in apart]
    parts = ((together, costs_under), (alone, _one_by_one))
    return _joined(lines, len(designs), [(at, run([designs[p] for p in at], people, lines)) for at, run in parts])


def _needs_scalar(design: Design, key: tuple[str, NetworkTier]) -> bool:
    return table([design], *key, Slots(1)) is None


def _joined(lines: tuple[ServiceLine, ...], plans: int, found: list[tuple[list[int], ManyCosts]]) -> ManyCosts:
    owed, certain = np.zeros((len(lines), plans), np.int64), np.ones(plans, bool)
    parts = {name: np.zeros(plans, np.int64) for name in PARTS}
    for at, costs in found:
        owed[:, at], certain[at] = costs.owed, costs.certain
        for name, sums in parts.items():
            sums[at] = costs.parts[name]
    return ManyCosts(lines, owed, parts, certain)


def _one_by_one(
    designs: Sequence[Design], people: Sequence[CoveredPerson], lines: tuple[ServiceLine, ...]
) -> ManyCosts:
    """The scalar engine's answer in the same form."""
    state, plans = Accumulators(tuple(people)), len(designs)
    owed, certain = np.zeros((len(lines), plans), np.int64), np.ones(plans, bool)
    parts = {name: np.zeros(plans, np.int64) for name in PARTS}
    for plan, design in enumerate(designs):
        results = adjudicate(design, state, lines).lines
        owed[:, plan] = [to_cents(each.member_owes) for each in results]
        certain[plan] = all(each.certain for each in results)
        for name, sums in parts.items():
            sums[plan] = sum(to_cents(getattr(each, name)) for each in results)
    return ManyCosts(lines, owed, parts, certain)


def _half_up(amount: Array | int, part: Array | int, whole: Array | int) -> Array:
    """Amount x part / whole to the cent, half up; nothing negative."""
    return (2 * amount * part + whole) // (2 * whole)


class _Year:
    """Accumulators of all plans while the lines are taken."""

    def __init__(self, people: tuple[CoveredPerson, ...], slots: Slots, lines: int) -> None:
        self.people = {person.person_id: (number, person) for number, person in enumerate(people, start=1)}
        self.family = len(people) > 1
        self.plans = slots.plans
        self.limits = slots.limits()
        self.used = np.zeros((len(people) + 1, *self.limits.shape[1:]), np.int64)  # [family or person, slot, plan]
        self.at = np.arange(slots.plans)
        self.owed = np.zeros((lines, slots.plans), np.int64)
        self.parts = {name: np.zeros(slots.plans, np.int64) for name in PARTS}
        self.certain = np.ones(slots.plans, bool)

    def run(self, lines: tuple[ServiceLine, ...], tables: dict[tuple[str, NetworkTier], Table]) -> ManyCosts:
        """Take every line."""
        for number, line in enumerate(lines):
            taken = _Line(self, line, tables[_key(line)])
            for name, amount in taken.adjudicate().items():
                self.parts[name] += amount
                self.owed[number] += amount
            self.certain &= (taken.table.certain | taken.free).astype(bool)
        return ManyCosts(lines, self.owed, self.parts, self.certain)

    def at_slot(self, amounts: Array, slot: Slot) -> Array:
        """Each plan's amount in its own slot, of amounts by [slot, plan]."""
        return amounts[slot] if isinstance(slot, int) else amounts[slot, self.at]

    def room(self, slot: Slot, person: int) -> Array:
        """What is missing in each plan's pool for a person, never below zero."""
        own = self.at_slot(self.limits[1], slot) - self.at_slot(self.used[person], slot)
        if self.family:
            own = np.minimum(own, self.at_slot(self.limits[0], slot) - self.at_slot(self.used[0], slot))
        return np.maximum(own, 0)

    def post(self, slot: Slot, person: int, amount: Array) -> None:
        """Add to each plan's pool, the person's and the family's; slot 0 takes what belongs nowhere."""
        for who in (person, 0) if self.family else (person,):
            if isinstance(slot, int):
                self.used[who][slot] += amount
            else:
                self.used[who][slot, self.at] += amount


class _Line:
    """One line under all plans. Names follow `cost_sharing.steps`."""

    def __init__(self, year: _Year, line: ServiceLine, terms: Table) -> None:
        self.year, self.line, self.table = year, line, terms
        self.person, who = year.people.get(line.person_id, (0, None))
        self.outside = who is None or not who.covered_from <= line.on <= who.covered_until
        self.allowed = to_cents(line.allowed)
        self.days = max(line.days, 1)
        in_network = _key(line)[1] is not NetworkTier.OUT
        self.free = terms.free | terms.medical & int(line.preventive and in_network)

    def adjudicate(self) -> dict[str, Array]:
        """The member's parts in cents, by name."""
        if self.outside:
            return {"not_covered": np.full(self.year.plans, self.allowed)}
        active = (self.table.covered & (1 - self.free)).astype(bool)
        refused = ((1 - self.table.covered) & (1 - self.free)).astype(bool)
        found = self._covered(active)
        found["not_covered"] = np.where(refused, self.allowed, 0)
        return found

    def _covered(self, active: Array) -> dict[str, Array]:
        within, units, days = self._within_limits(active)
        self.units_left = units
        left = within - self._free_visits(within)
        shares = self._cost_share(left, days)
        deductible, copay, coinsurance, credited = self._cap(*shares, active)
        shared = deductible + copay + coinsurance
        plan = self._paid_limits(np.where(active, within - shared, 0))
        over_limit = np.where(active, self.allowed - shared - plan, 0)
        self._post(active, deductible + credited, shared, plan)
        return {"deductible": deductible, "copay": copay, "coinsurance": coinsurance, "over_limit": over_limit}

    def _used_units(self) -> Array:
        used = self.year.at_slot(self.year.used[self.person], self.table.units)
        return np.where(self.table.within_stay, 0, used)

    def _asked(self) -> Array:
        return np.where(self.table.by_days, self.days, self.line.units)

    def _within_limits(self, active: Array) -> tuple[Array, Array, Array]:
        """(the allowed amount within limits, units, days) of each plan."""
        terms, plans = self.table, self.year.plans
        whole = (np.where(active, self.allowed, 0), np.full(plans, self.line.units), np.full(plans, self.days))
        if not terms.any["limited"]:
            return whole
        asked, left = self._asked(), np.maximum(terms.quantity - self._used_units(), 0)
        cut = (asked > left) & terms.limited.astype(bool)
        by_days = terms.by_days.astype(bool)
        part = np.where(cut, left, 0)
        within = np.where(cut & active, _half_up(self.allowed, part, asked), whole[0])
        return within, np.where(cut & ~by_days, left, whole[1]), np.where(cut & by_days, left, whole[2])

    def _free_visits(self, within: Array) -> Array | int:
        terms = self.table
        if not terms.any["free_visits"]:
            return 0
        free = np.minimum(self.units_left, np.maximum(terms.free_visits - self._used_units(), 0))
        amount = _half_up(within, free, np.maximum(self.units_left, 1))
        self.units_left = self.units_left - free
        return amount

    def _cost_share(self, left: Array, days: Array) -> tuple[Array, Array, Array, Array, Array]:
        """(deductible, copay, coinsurance, part of the copay that counts, copay comes last) of each plan."""
        terms = self.table
        first, last, applies, shares = self._order()
        price = self._copay_price(days)
        before = np.minimum(np.where(first, price, 0), left)
        left = left - before
        room = np.where(terms.no_deductible, 0, self.year.room(terms.deductible, self.person))
        credited = np.where(terms.copay_counts, np.minimum(before, room), 0)
        deductible = np.minimum(np.where(applies, np.maximum(room - credited, 0), 0), left)
        left = left - deductible
        after = np.minimum(np.where(last, price, 0), left)
        left = left - after
        coinsurance = self._coinsurance(left, shares)
        return deductible, before + after, coinsurance, credited, last

    def _order(self) -> tuple[Array, Array, Array, Array]:
        """(copay first, copay after the deductible, deductible applies, coinsurance applies) of each plan."""
        terms = self.table
        first, last = terms.copay_first.astype(bool), ~terms.copay_first.astype(bool)
        applies, shares = terms.deductible_applies.astype(bool), terms.rate > 0
        if not terms.any["copay_visits"]:
            return first, last, applies, shares
        visits = terms.copay_visits > 0
        copay_alone = visits & (self._used_units() < terms.copay_visits)
        rest = visits & ~copay_alone
        return (
            np.where(visits, copay_alone, first),
            np.where(visits, rest & ~shares, last),
            np.where(visits, rest, applies),
            np.where(visits, rest & shares, shares),
        )

    def _copay_price(self, days: Array) -> Array:
        terms = self.table
        charges = self.units_left
        if terms.any["per_day"]:
            charges = np.where(terms.per_day, np.minimum(days, terms.copay_days), charges)
        if terms.any["per_stay"]:
            charges = np.where(terms.per_stay, 1, charges)
        price = np.where(self.units_left > 0, terms.copay * charges, 0)
        return np.where(terms.waived, 0, price) if self.line.admitted and terms.any["waived"] else price

    def _coinsurance(self, left: Array, applies: Array) -> Array:
        terms = self.table
        if not terms.any["rate"]:
            return np.zeros(self.year.plans, np.int64)
        amount = _half_up(left, terms.rate, MILLION)
        amount = np.maximum(amount, terms.least * self.units_left)
        amount = np.minimum(amount, np.minimum(terms.most, _LARGE) * self.units_left)
        return np.where(applies, np.minimum(amount, left), 0)

    def _cap(
        self, deductible: Array, copay: Array, coinsurance: Array, credited: Array, last: Array, active: Array
    ) -> tuple[Array, Array, Array, Array]:
        """Step 7: coinsurance is given up first, then whichever of copay and deductible came later."""
        for slot in self.table.moops:
            over = np.maximum(deductible + copay + coinsurance - self.year.room(slot, self.person), 0)
            if not over.any():
                continue
            cut = np.minimum(over, coinsurance)
            coinsurance, over = coinsurance - cut, over - cut
            cut = np.where(last, np.minimum(over, copay), 0)
            copay, over = copay - cut, over - cut
            cut = np.minimum(over, deductible)
            deductible, over = deductible - cut, over - cut
            copay = copay - np.minimum(over, copay)
        return deductible, copay, coinsurance, np.minimum(credited, copay)

    def _paid_limits(self, plan: Array) -> Array:
        terms = self.table
        plan = np.minimum(plan, np.minimum(terms.allowance, _LARGE) * self.line.units)
        for slot in terms.maximums:
            limit, used = self.year.limits[1], self.year.used[self.person]
            room = self.year.at_slot(limit, slot) - self.year.at_slot(used, slot)
            plan = np.minimum(plan, np.maximum(room, 0))
        return plan

    def _post(self, active: Array, toward_deductible: Array, shared: Array, plan: Array) -> None:
        year, terms = self.year, self.table
        year.post(terms.deductible, self.person, toward_deductible)
        for slot in terms.moops:
            year.post(slot, self.person, shared)
        for slot in terms.maximums:
            year.post(slot, self.person, plan)
        if not isinstance(terms.units, int) or terms.units:
            left = np.maximum(terms.quantity - self._used_units(), 0)
            year.post(terms.units, self.person, np.where(active, np.minimum(self._asked(), left), 0))


_LARGE = 1 << 40  # cents: more than any price, and small enough to be multiplied by a number of visits
