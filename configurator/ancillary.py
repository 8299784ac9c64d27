"""What an ancillary option costs a month for the people it covers, from its filed rates, with the reasons against it.

Units: per person; once per policy; per family tier; per 1,000 dollars of the person's own face amount. A spouse's or
child's face amount is a filed percentage of the applicant's, or a filed amount. Source of all of it: the issuer's
own filed rates; nothing here is law (45 CFR 148.220 lets excepted benefits rate as filed).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.terms import (
    NO_SOURCE,
    ZERO,
    Money,
    Option,
    OptionEligibility,
    OptionRate,
    OptionShelf,
    Person,
    PersonRole,
    RateUnit,
    Relationship,
    Source,
    format_date,
    round_cent,
)
from configurator.eligibility import Reason
from configurator.policy_rules import PARTNERS
from configurator.rating import Refusal

_ROLE_NAMES = {PersonRole.SELF: "the applicant", PersonRole.SPOUSE: "a spouse or partner", PersonRole.CHILD: "a child"}
_CITE = "issuer rule: filed option eligibility"


@dataclass(frozen=True, slots=True)
class OptionCharge:
    """One line of an option's premium: the filed rate, what it is per, and what it comes to.

    ``person_id`` is empty where the rate is for the whole policy. ``amount`` counts only where ``charged``.
    """

    person_id: str
    role: PersonRole
    unit: RateUnit
    rate: Decimal
    amount: Money
    charged: bool
    face_amount: Money | None = None
    reason: str = ""
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class OptionPremium:
    """Dollars a month for the covered people; ``total`` is None where there are ``refusals``.

    ``reasons`` say why these people cannot have the option; empty where they can.
    """

    option_id: str
    total: Money | None
    charges: tuple[OptionCharge, ...]
    refusals: tuple[Refusal, ...] = ()
    reasons: tuple[Reason, ...] = ()

    @property
    def eligible(self) -> bool:
        """Whether these people can have the option at this price."""
        return self.total is not None and not self.reasons


@dataclass(frozen=True, slots=True)
class _Group:
    """An option with the people it would cover, on a day, in a rating area."""

    option: Option
    people: tuple[Person, ...]
    shelf: OptionShelf
    rating_area: str
    on: date

    def in_role(self, role: PersonRole) -> tuple[Person, ...]:
        """People of a role, oldest first; ANY means all of them."""
        child = self._child_holder()
        roles = {p.person_id: PersonRole.SELF if p is child else role_of(p) for p in self.people}
        return self._oldest_first(p for p in self.people if role in (PersonRole.ANY, roles[p.person_id]))

    def _oldest_first(self, people: Iterable[Person]) -> tuple[Person, ...]:
        return tuple(sorted(people, key=lambda p: (-self.age(p), p.birth_date or date.min, p.person_id)))

    def _child_holder(self) -> Person | None:
        """The oldest child holds a policy without adults, where the option is filed for holders alone from birth on."""
        filed = self.shelf.eligibility.get(self.option.option_id, ())
        for_children_too = bool(filed) and all(r.role is PersonRole.SELF and r.min_age == 0 for r in filed)
        if not for_children_too or any(role_of(p) is not PersonRole.CHILD for p in self.people):
            return None
        return self._oldest_first(self.people)[0]

    def age(self, person: Person) -> int:
        return person.age_on(self.on)

    @property
    def holder(self) -> Person:
        """Who holds the policy: the applicant, else the oldest."""
        return (*self.in_role(PersonRole.SELF), *self.in_role(PersonRole.ANY))[0]

    def rates(self, roles: Iterable[PersonRole], person: Person) -> OptionRate | None:
        """The filed row in force for one of these roles (first named, first taken) at the person's age."""
        tobacco, age = bool(person.tobacco), self.age(person)
        rows = [
            r
            for r in self.shelf.rates.get(self.option.option_id, ())
            if r.covers(age, tobacco, self.rating_area, self.on)
        ]
        return next((row for role in roles for row in rows if row.role is role), None)

    def attribute(self, name: str) -> Decimal | None:
        """A number filed on the option, or on the option that it is a rider to."""
        options = [self.option, *(o for o in self.shelf.options if o.option_id == self.option.base_option_id)]
        values = (option.attribute(name) for option in options)
        return next((value for value in values if isinstance(value, Decimal)), None)


def role_of(person: Person) -> PersonRole:
    """Role in an ancillary policy: the applicant, a spouse or partner, or everybody else as a child."""
    if person.relationship is Relationship.SELF:
        return PersonRole.SELF
    return PersonRole.SPOUSE if person.relationship in PARTNERS else PersonRole.CHILD


def option_premium(
    option: Option, covered: Iterable[Person], shelf: OptionShelf, rating_area: str, on: date
) -> OptionPremium:
    """The monthly premium of an option for the people covered, cover starting on a day.

    Money is rounded half up to the cent for each person. An empty group, an unborn person or a missing rate refuses.
    """
    people = tuple(covered)
    if refusal := _unpriced(people, on):
        return OptionPremium(option.option_id, None, (), (refusal,))
    group = _Group(option, people, shelf, rating_area, on)
    lines = tuple(_lines(group))
    refusals = tuple(line for line in lines if isinstance(line, Refusal))
    charges = tuple(line for line in lines if isinstance(line, OptionCharge))
    total = None if refusals else sum((line.amount for line in charges if line.charged), ZERO)
    return OptionPremium(option.option_id, total, charges, refusals, tuple(_reasons(group)))


def _unpriced(people: tuple[Person, ...], on: date) -> Refusal | None:
    if not people:
        return Refusal("nobody", "Nobody is covered by this option. Say who it should cover.")
    unborn = tuple(p.person_id for p in people if p.birth_date is not None and p.birth_date > on)
    text = f"A birth date is after the day cover starts, {format_date(on)}. Add the baby after the birth."
    return Refusal("not-born", text, unborn) if unborn else None


def _lines(group: _Group) -> Iterator[OptionCharge | Refusal]:
    """The lines of the policy, then of each role; an option without any rate in force has no price."""
    filed = [
        r
        for r in group.shelf.rates.get(group.option.option_id, ())
        if r.effective_from <= group.on <= r.effective_until
    ]
    roles = {row.role for row in filed}
    whole = _whole_policy(group, roles)
    if whole is not None:
        yield whole
    individual = roles & {PersonRole.SELF, PersonRole.SPOUSE, PersonRole.CHILD, PersonRole.ANY}
    if individual:
        yield from _by_role(group)
    elif whole is None:
        yield Refusal(
            "no-rates", f"No rate is filed for {group.option.name} for cover that starts on {format_date(group.on)}."
        )


def _whole_policy(group: _Group, roles: set[PersonRole]) -> OptionCharge | Refusal | None:
    """The line of a rate for the policy or for its family tier; None where none is filed."""
    wanted = _tier(group) if roles & _TIERS else PersonRole.POLICY
    if wanted not in roles and not roles & _TIERS:
        return None
    row = group.rates((wanted,), group.holder)
    if row is None:
        words = wanted.value.replace("_", " ")
        return Refusal("no-rate", f"No rate is filed for {group.option.name} for this kind of policy ({words}).")
    return OptionCharge(
        "",
        wanted,
        row.unit,
        row.amount,
        round_cent(row.amount),
        True,
        reason="Filed rate of the policy",
        source=row.source,
    )


_TIERS = {PersonRole.TIER_SELF, PersonRole.TIER_SPOUSE, PersonRole.TIER_CHILDREN, PersonRole.TIER_FAMILY}


def _tier(group: _Group) -> PersonRole:
    """The family tier; without an applicant or partner the oldest holds the policy and the others are dependents."""
    spouse, children = group.in_role(PersonRole.SPOUSE), group.in_role(PersonRole.CHILD)
    holder = group.holder
    with_spouse = any(person is not holder for person in spouse)
    with_children = any(person is not holder for person in children)
    if with_spouse:
        return PersonRole.TIER_FAMILY if with_children else PersonRole.TIER_SPOUSE
    return PersonRole.TIER_CHILDREN if with_children else PersonRole.TIER_SELF


def _by_role(group: _Group) -> Iterator[OptionCharge | Refusal]:
    for role in (PersonRole.SELF, PersonRole.SPOUSE, PersonRole.CHILD):
        for place, person in enumerate(group.in_role(role)):
            yield _line(group, role, person, place)


def _line(group: _Group, role: PersonRole, person: Person, place: int) -> OptionCharge | Refusal:
    """One person's line; ``place`` counts from the oldest of the role."""
    row = group.rates((role, PersonRole.ANY), person)
    if row is None:
        text = f"No rate is filed for {_ROLE_NAMES[role]} of age {group.age(person)} for {group.option.name}."
        return Refusal("no-rate", text, (person.person_id,))
    most = 1 if row.unit is RateUnit.PER_POLICY else row.max_charged
    charged = most is None or place < most
    face = face_amount(group.attribute, role, group.age(person)) if row.unit is RateUnit.PER_1000 else None
    if row.unit is RateUnit.PER_1000 and face is None:
        return Refusal(
            "no-face-amount", f"{group.option.name} files no face amount for {_ROLE_NAMES[role]}.", (person.person_id,)
        )
    amount = round_cent(row.amount) if face is None else per_1000(row.amount, face)
    reason = "Filed rate" if charged else "Not charged: the rate already counts for others of this role"
    return OptionCharge(person.person_id, role, row.unit, row.amount, amount, charged, face, reason, row.source)


def per_1000(rate: Decimal, face: Money) -> Money:
    """Dollars a month for a face amount at a rate per 1,000, half up to the cent per person."""
    return round_cent(rate * face / 1000)


def face_amount(read: Callable[[str], Decimal | None], role: PersonRole, age: int) -> Money | None:
    """The person's own face amount in dollars; None where the option files none for the role.

    A spouse's is ``spouse_percent`` of the applicant's, a child's ``child_face_amount`` or ``child_percent`` of it.
    From ``reduces_at_age`` on it falls to ``reduces_to_percent``. ``read`` gives a filed number by name, or None.
    """
    full = read("face_amount")
    if role is PersonRole.CHILD and read("child_face_amount") is not None:
        return read("child_face_amount")
    percent = {PersonRole.SPOUSE: read("spouse_percent"), PersonRole.CHILD: read("child_percent")}.get(
        role, Decimal(100)
    )
    if full is None or percent is None:
        return None
    from_age, reduced = read("reduces_at_age"), read("reduces_to_percent")
    if from_age is not None and reduced is not None and age >= from_age:
        percent = percent * reduced / 100
    return round_cent(full * percent / 100)


def _reasons(group: _Group) -> Iterator[Reason]:
    """Who the option cannot cover: role, age, number, and roles that must be covered too."""
    filed = {row.role: row for row in group.shelf.eligibility.get(group.option.option_id, ())}
    for role in (PersonRole.SELF, PersonRole.SPOUSE, PersonRole.CHILD):
        people = group.in_role(role)
        row = filed.get(role) or filed.get(PersonRole.ANY)
        if people and row is not None:
            yield from _role_reasons(group, row, people)
        elif people and filed:
            ids = tuple(person.person_id for person in people)
            yield Reason("role", f"{group.option.name} does not cover {_ROLE_NAMES[role]}.", _CITE, ids)


def _role_reasons(group: _Group, row: OptionEligibility, people: tuple[Person, ...]) -> Iterator[Reason]:
    outside = tuple(p.person_id for p in people if not row.min_age <= group.age(p) <= row.max_age)
    if outside:
        span = f"from age {row.min_age}" + (f" to {row.max_age}" if row.max_age < _NO_BOUND else "")
        yield Reason("age", f"{group.option.name} covers {_ROLE_NAMES.get(row.role, 'people')} {span}.", _CITE, outside)
    if row.max_count is not None and len(people) > row.max_count:
        ids = tuple(person.person_id for person in people)
        yield Reason("count", f"{group.option.name} covers at most {row.max_count} people of this role.", _CITE, ids)
    if row.requires_role and not group.in_role(PersonRole(row.requires_role)):
        needed = _ROLE_NAMES[PersonRole(row.requires_role)]
        ids = tuple(person.person_id for person in people)
        yield Reason("needs-role", f"{group.option.name} needs {needed} on the same policy.", _CITE, ids)


_NO_BOUND = 120  # the CSV set's "no upper age"
