"""Who may buy which plan, and from when: every refusal with its code, plain words, citation and people."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from catalog.parameters import Law
from catalog.terms import Household, Metal, Person, Plan, ProductLine, Relationship, format_date, spoken_list
from configurator.policy_rules import CHILDREN, PolicyRules
from configurator.rating import Premium

_MEDICAL_CHILDREN = frozenset(
    {Relationship.CHILD, Relationship.STEPCHILD, Relationship.FOSTER_CHILD, Relationship.ADOPTED_CHILD}
)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a plan cannot be bought; ``person_ids`` is empty where it is not about somebody."""

    code: str
    text: str
    cite: str = ""
    person_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Applicants:
    """The applicants of a household with what every plan's checks need; made once, whatever the number of plans.

    Only people who are born by the first day of cover are looked at; an unborn one has no price anywhere.
    """

    household: Household
    law: Law

    @property
    def on(self) -> date:
        """The first day of cover."""
        return self.household.effective_date

    @cached_property
    def people(self) -> tuple[Person, ...]:
        """The applicants who are born by then."""
        return tuple(p for p in self.household.applicants if p.birth_date is None or p.birth_date <= self.on)

    @cached_property
    def ages(self) -> Mapping[str, int]:
        """Age by person id on the first day of cover."""
        return {person.person_id: person.age_on(self.on) for person in self.people}

    @cached_property
    def ages_at_year_start(self) -> Mapping[str, int]:
        """Age by person id on January 1 of the cover's year; somebody born later in it is 0."""
        start = self.on.replace(month=1, day=1)
        return {p.person_id: p.age_on(max(start, p.birth_date or start)) for p in self.people}

    @cached_property
    def catastrophic_below(self) -> int:
        """Age from which catastrophic plans need an exemption."""
        return self.law.value("catastrophic.below_age", self.on)

    @cached_property
    def adults_from(self) -> int:
        """Age from which nobody is in a child-only plan."""
        return self.law.value("child_only.below_age", self.on)

    @cached_property
    def last_child_age(self) -> int:
        """Age through which medical plans cover one's own children at least."""
        return self.law.value("dependents.medical.last_age", self.on)


@dataclass(frozen=True, slots=True)
class Case:
    """One plan for these applicants, with its filed rules and its price."""

    plan: Plan
    rules: PolicyRules
    premium: Premium
    applicants: Applicants

    @property
    def people(self) -> tuple[Person, ...]:
        """The applicants who are born by the first day of cover."""
        return self.applicants.people


def plan_reasons(case: Case) -> tuple[Reason, ...]:
    """Every reason why these people cannot buy the plan; empty where they can."""
    return tuple(reason for check in CHECKS for reason in check(case))


def _names(people: list[Person]) -> str:
    return spoken_list(person.name or person.person_id for person in people)


def _about(people: list[Person], code: str, text: str, cite: str) -> Iterator[Reason]:
    """One reason for the people it is about; none for nobody. ``{}`` in the text is their names."""
    if people:
        yield Reason(code, text.format(_names(people)), cite, tuple(person.person_id for person in people))


def _side(case: Case) -> Iterator[Reason]:
    """Sold on or off the Exchange, as the household wants to buy (45 CFR 155.20)."""
    if case.applicants.household.on_exchange and not case.plan.on_exchange:
        yield Reason("off-exchange-only", "This plan is not sold through the Exchange.", "45 CFR 155.20")
    if not case.applicants.household.on_exchange and not case.plan.off_exchange:
        yield Reason("on-exchange-only", "This plan is sold only through the Exchange.", "45 CFR 155.20")


def _in_force(case: Case) -> Iterator[Reason]:
    first, last = case.plan.effective_from, case.plan.effective_until
    if first is not None and case.applicants.on < first:
        yield Reason(
            "not-yet-sold", f"This plan starts on {format_date(first)}, after the day you want.", "plan as filed"
        )
    if last is not None and case.applicants.on > last:
        yield Reason("no-longer-sold", f"This plan ended on {format_date(last)}.", "plan as filed")


def _priced(case: Case) -> Iterator[Reason]:
    """A plan without a filed rate for these people here is not for sale to them (45 CFR 147.104(c)(1)(i))."""
    for refusal in case.premium.refusals:
        yield Reason(refusal.code, refusal.text, "45 CFR 147.102; 45 CFR 147.104(c)(1)(i)", refusal.person_ids)


def _catastrophic(case: Case) -> Iterator[Reason]:
    """Each person is under 30 on the first day of the plan year or holds an exemption (45 CFR 156.155(a)(5), (c))."""
    if case.plan.metal is not Metal.CATASTROPHIC:
        return
    below, ages = case.applicants.catastrophic_below, case.applicants.ages_at_year_start
    older = [p for p in case.people if not p.hardship_exemption and ages[p.person_id] >= below]
    text = f"{{}}: catastrophic plans are for people younger than {below}, or with a hardship exemption number."
    yield from _about(older, "catastrophic-age", text, "45 CFR 156.155(a)(5), (c)")


def only_for_children(plan: Plan) -> bool:
    """Filed as sold to children alone (45 CFR 156.200(c)(2))."""
    offering = plan.child_only_offering.lower()
    return "child-only" in offering and "adult" not in offering


def not_for_children_alone(plan: Plan) -> bool:
    """Filed as sold only where an adult is on the policy too."""
    return plan.child_only_offering.lower().endswith("adult-only")


def _child_only(case: Case) -> Iterator[Reason]:
    """Child-only plans take nobody of 21 or older; adult-only ones no children alone (45 CFR 156.200(c)(2))."""
    below, ages = case.applicants.adults_from, case.applicants.ages_at_year_start
    adults = [p for p in case.people if ages[p.person_id] >= below]
    if only_for_children(case.plan):
        text = f"{{}}: this plan is only for people younger than {below}."
        yield from _about(adults, "child-only", text, "45 CFR 156.200(c)(2)")
    if not_for_children_alone(case.plan) and case.people and not adults:
        other = (
            f" The version for children is plan {case.plan.child_only_plan_id}." if case.plan.child_only_plan_id else ""
        )
        yield Reason("adult-only", f"This plan is not sold to children alone.{other}", "45 CFR 156.200(c)(2)")


def _dependent_age(case: Case) -> Iterator[Reason]:
    """Children stay covered through the filed age; medical plans through 25 at least (45 CFR 147.120)."""
    too_old = [p for p in case.people if p.relationship in CHILDREN and _over_age(p, case)]
    if too_old:
        text = f"{{}}: too old to be covered as a child. This plan covers children through age {_last_age(case)}."
        yield from _about(too_old, "dependent-age", text, "45 CFR 147.120; business rules as filed")


def _over_age(person: Person, case: Case) -> bool:
    last = _last_age(case, person.relationship)
    return last is not None and case.applicants.ages[person.person_id] > last


def _last_age(case: Case, relationship: Relationship = Relationship.CHILD) -> int | None:
    """The last age covered: as filed, in medical plans not below the law's for one's own children; None: no limit."""
    filed = case.rules.max_dependent_age
    if case.plan.line is not ProductLine.MEDICAL or relationship not in _MEDICAL_CHILDREN:
        return filed
    least = case.applicants.last_child_age
    return least if filed is None else max(filed, least)


def _relationship(case: Case) -> Iterator[Reason]:
    refused = [p for p in case.people if not case.rules.accepts(p.relationship)]
    text = "{}: this plan does not take people of this relationship to the applicant."
    yield from _about(refused, "relationship", text, "45 CFR 147.120(b); business rules as filed")


def _same_home(case: Case) -> Iterator[Reason]:
    apart = [p for p in case.people if p.lives_with_applicant is False and p.relationship in case.rules.living_together]
    text = "{}: this plan takes people of this relationship only if they live with the applicant."
    yield from _about(apart, "cohabitation", text, "business rules as filed")


def _too_many_children(case: Case) -> Iterator[Reason]:
    """A filed limit on children; a medical plan's can only say how many are charged (45 CFR 147.104(a))."""
    if case.plan.line is ProductLine.MEDICAL:
        return
    most = case.rules.max_children
    children = [p for p in case.people if p.relationship in CHILDREN]
    if most is not None and len(children) > most:
        text = f"This plan takes at most {most} children on one policy; you have {len(children)}."
        yield Reason("too-many-children", text, "business rules as filed", tuple(p.person_id for p in children))


def _medicare(case: Case) -> Iterator[Reason]:
    """No new individual medical policy for somebody with Medicare (Social Security Act 1882(d)(3), from memory)."""
    if case.plan.line is not ProductLine.MEDICAL:
        return
    entitled = [p for p in case.people if p.medicare]
    text = "{}: people with Medicare cannot buy a new individual medical plan. A plan you already have can be renewed."
    yield from _about(entitled, "medicare", text, "Social Security Act 1882(d)(3); 45 CFR 147.106(h)(2)")


CHECKS: tuple[Callable[[Case], Iterator[Reason]], ...] = (
    _side,
    _in_force,
    _priced,
    _catastrophic,
    _child_only,
    _dependent_age,
    _relationship,
    _same_home,
    _too_many_children,
    _medicare,
)
