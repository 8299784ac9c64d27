"""What fixed-amount policies (accident, hospital cash, critical illness) pay beside the medical plan.

They pay the person, whatever the medical plan pays, and count toward no deductible or maximum (excepted benefits,
45 CFR 148.220(b)(3)-(4)). An amount is what the option files; a limit, a waiting period and an age rule may cut it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

from catalog.parameters import Law, MissingParameter
from catalog.terms import ZERO, Money, OptionBenefit, category_of, format_money, round_cent
from configurator.cost_sharing import CoveredPerson
from configurator.year.services import Payable

_OF_FACE, _OF_CHARGE = "percent_of_face", "percent_of_charge"
_NOT_CASH = frozenset({"", "allowance"})  # an allowance is part of cost sharing, not a payment
_WITHIN = ("event", "stay")  # limits that start again each time


@dataclass(frozen=True, slots=True)
class Policy:
    """One option as somebody holds it: its schedule, the face amount of each person, who is covered from when."""

    option_id: str
    name: str
    benefits: tuple[OptionBenefit, ...]
    people: tuple[CoveredPerson, ...]
    face_amounts: Mapping[str, Money]


@dataclass(frozen=True, slots=True)
class PayOut:
    """What a policy pays for one thing that happened; ``why`` says how the amount came about, or why it is zero."""

    option_id: str
    person_id: str
    benefit: str
    amount: Money
    why: str


@dataclass(frozen=True, slots=True)
class BreakEven:
    """How often a benefit must be paid in a year before the policy has returned its premium; None: never in a year."""

    benefit: str
    amount: Money
    times: int | None
    overlaps: tuple[str, ...]  # medical services that the medical plan covers too


def pay_outs(policy: Policy, happened: Iterable[Payable]) -> tuple[PayOut, ...]:
    """What the policy pays, in the order in which things happened; things it does not name are left out."""
    rows = {category_of(row.benefit): row for row in policy.benefits if row.pays_unit not in _NOT_CASH}
    people = {person.person_id: person for person in policy.people}
    used: dict[tuple[str, str], int] = {}
    found = []
    for each in sorted(happened, key=lambda each: each.on):
        row, person = rows.get(each.benefit), people.get(each.person_id)
        if row is not None and person is not None:
            found.append(_pay_out(policy, row, person, each, used))
    return tuple(found)


def total(found: Iterable[PayOut]) -> Money:
    """The sum that is paid."""
    return sum((each.amount for each in found), ZERO)


def _pay_out(
    policy: Policy, row: OptionBenefit, person: CoveredPerson, each: Payable, used: dict[tuple[str, str], int]
) -> PayOut:
    first = _first_day(row, person)
    if not first <= each.on <= person.covered_until:
        return PayOut(policy.option_id, each.person_id, row.benefit, ZERO, f"Pays from {first} on.")
    times = _within_limit(row, each, used)
    one = unit_amount(row, policy.face_amounts.get(each.person_id, ZERO), each.charge or ZERO)
    limit = f" The limit is {row.limit_quantity:f} {row.limit_unit}." if times < each.times else ""
    why = f"{times} x {format_money(one)}.{limit}"
    return PayOut(policy.option_id, each.person_id, row.benefit, one * times, why)


def _first_day(row: OptionBenefit, person: CoveredPerson) -> date:
    waived = row.waived_with_prior_cover and person.prior_cover
    if not row.waiting_days or waived or person.covered_from == date.min:
        return person.covered_from
    return person.covered_from + timedelta(days=row.waiting_days)


def _within_limit(row: OptionBenefit, each: Payable, used: dict[tuple[str, str], int]) -> int:
    """How many of the times are paid; a limit for each event or stay starts again every time."""
    if row.limit_quantity is None:
        return each.times
    again = any(word in row.limit_unit.lower() for word in _WITHIN)
    key = (each.person_id, row.benefit)
    before = 0 if again else used.get(key, 0)
    paid = min(each.times, max(0, int(row.limit_quantity) - before))
    used[key] = before + paid
    return paid


def unit_amount(row: OptionBenefit, face_amount: Money, charge: Money = ZERO) -> Money:
    """What one unit pays, in dollars; a percentage is of the face amount or of the charge, half up to the cent."""
    amount = row.pays_amount or ZERO
    if row.pays_unit == _OF_FACE:
        return round_cent(face_amount * amount / 100)
    if row.pays_unit == _OF_CHARGE:
        return round_cent(charge * amount / 100)
    return amount


def break_even(policy: Policy, yearly_premium: Money, law: Law, on: date) -> tuple[BreakEven, ...]:
    """For each benefit of the schedule, what would have to happen; the largest amounts first."""
    face = max(policy.face_amounts.values(), default=ZERO)
    rows = [row for row in policy.benefits if row.pays_unit not in _NOT_CASH and unit_amount(row, face)]
    found = [_break_even(row, unit_amount(row, face), yearly_premium, law, on) for row in rows]
    return tuple(sorted(found, key=lambda each: (-each.amount, each.benefit)))


def _break_even(row: OptionBenefit, amount: Money, premium: Money, law: Law, on: date) -> BreakEven:
    times = int((premium / amount).to_integral_value(rounding=ROUND_CEILING))
    yearly = _most_in_a_year(row)
    possible = yearly is None or times <= yearly
    return BreakEven(row.benefit, amount, times if possible else None, overlaps(row.benefit, law, on))


def _most_in_a_year(row: OptionBenefit) -> Decimal | None:
    """The filed limit where it holds for a year or longer."""
    words = row.limit_unit.lower()
    return row.limit_quantity if "year" in words or "lifetime" in words else None


def overlaps(benefit: str, law: Law, on: date) -> tuple[str, ...]:
    """Medical services that a fixed-amount benefit pays for a second time; empty where none is held."""
    try:
        return law.value("utilization.overlap", on, key=category_of(benefit))
    except MissingParameter:
        return ()
