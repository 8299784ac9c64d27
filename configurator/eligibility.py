"""Who may buy which plan, and from when: every refusal with its code, plain words, citation and people."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from catalog.parameters import Law
from catalog.terms import Household, Metal, Person, Plan, ProductLine, Relationship
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


@dataclass(frozen=True, slots=True)
class Case:
    """One plan for one household, with all that the checks look at. ``ages`` holds the applicants who are born."""

    plan: Plan
    household: Household
    rules: PolicyRules
    premium: Premium
    ages: Mapping[str, int]
    law: Law

    @property
    def on(self) -> date:
        """The first day of cover."""
        return self.household.effective_date

    @property
    def people(self) -> tuple[Person, ...]:
        """The applicants whose age is known."""
        return tuple(person for person in self.household.applicants if person.person_id in self.ages)


def plan_reasons(case: Case) -> tuple[Reason, ...]:
    """Every reason why these people cannot buy the plan; empty where they can."""
    return tuple(reason for check in CHECKS for reason in check(case))


def _names(people: list[Person]) -> str:
    return ", ".join(person.name or person.person_id for person in people)


def _about(people: list[Person], code: str, text: str, cite: str) -> Iterator[Reason]:
    """One reason for the people it is about; none for nobody. ``{}`` in the text is their names."""
    if people:
        yield Reason(code, text.format(_names(people)), cite, tuple(person.person_id for person in people))


def _side(case: Case) -> Iterator[Reason]:
    """Sold on or off the Exchange, as the household wants to buy (45 CFR 155.20)."""
    if case.household.on_exchange and not case.plan.on_exchange:
        yield Reason("off-exchange-only", "This plan is not sold through the Exchange.", "45 CFR 155.20")
    if not case.household.on_exchange and not case.plan.off_exchange:
        yield Reason("on-exchange-only", "This plan is sold only through the Exchange.", "45 CFR 155.20")


def _in_force(case: Case) -> Iterator[Reason]:
    first, last = case.plan.effective_from, case.plan.effective_until
    if first is not None and case.on < first:
        yield Reason("not-yet-sold", f"This plan starts on {first}, after the day you want.", "plan as filed")
    if last is not None and case.on > last:
        yield Reason("no-longer-sold", f"This plan ended on {last}.", "plan as filed")


def _priced(case: Case) -> Iterator[Reason]:
    """A plan without a filed rate for these people here is not for sale to them (45 CFR 147.104(c)(1)(i))."""
    for refusal in case.premium.refusals:
        yield Reason(refusal.code, refusal.text, "45 CFR 147.102; 45 CFR 147.104(c)(1)(i)", refusal.person_ids)


def _catastrophic(case: Case) -> Iterator[Reason]:
    """Each person is under 30 on the first day of the plan year or holds an exemption (45 CFR 156.155(a)(5), (c))."""
    if case.plan.metal is not Metal.CATASTROPHIC:
        return
    below = case.law.value("catastrophic.below_age", case.on)
    older = [p for p in case.people if not p.hardship_exemption and _age_at_year_start(p, case) >= below]
    text = f"{{}}: catastrophic plans are for people younger than {below}, or with a hardship exemption number."
    yield from _about(older, "catastrophic-age", text, "45 CFR 156.155(a)(5), (c)")


def _age_at_year_start(person: Person, case: Case) -> int:
    """Age on January 1 of the cover's year; somebody born later in it is 0."""
    start = case.on.replace(month=1, day=1)
    if person.birth_date is None:
        return person.age_on(start)
    return person.age_on(max(start, person.birth_date))


def _child_only(case: Case) -> Iterator[Reason]:
    """Child-only plans take nobody of 21 or older; adult-only ones no children alone (45 CFR 156.200(c)(2))."""
    below = case.law.value("child_only.below_age", case.on)
    offering = case.plan.child_only_offering.lower()
    adults = [p for p in case.people if _age_at_year_start(p, case) >= below]
    if "child-only" in offering and "adult" not in offering:
        text = f"{{}}: this plan is only for people younger than {below}."
        yield from _about(adults, "child-only", text, "45 CFR 156.200(c)(2)")
    if offering.endswith("adult-only") and case.people and not adults:
        other = (
            f" The version for children is plan {case.plan.child_only_plan_id}." if case.plan.child_only_plan_id else ""
        )
        yield Reason("adult-only", f"This plan is not sold to children alone.{other}", "45 CFR 156.200(c)(2)")


def _dependent_age(case: Case) -> Iterator[Reason]:
    """Children stay covered through the filed age; medical plans through 25 at least (45 CFR 147.120)."""
    too_old = [p for p in case.people if _over_age(p, case)]
    text = "{}: too old to be covered as a child. This plan covers children through age " + f"{_last_age(case)}."
    yield from _about(too_old, "dependent-age", text, "45 CFR 147.120; business rules as filed")


def _over_age(person: Person, case: Case) -> bool:
    last = _last_age(case, person.relationship)
    return person.relationship in CHILDREN and last is not None and case.ages[person.person_id] > last


def _last_age(case: Case, relationship: Relationship = Relationship.CHILD) -> int | None:
    """The last age covered: as filed, in medical plans not below the law's for one's own children; None: no limit."""
    filed = case.rules.max_dependent_age
    if case.plan.line is not ProductLine.MEDICAL or relationship not in _MEDICAL_CHILDREN:
        return filed
    least = case.law.value("dependents.medical.last_age", case.on)
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
