"""Prices that open: a premium to its filed rate rows, a credit to its arithmetic, and what another income changes."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from catalog.parameters import Law
from catalog.terms import LocalMarket, Money, ProductLine, round_dollar
from configurator.quote import PlanQuote, Quote
from configurator.savings import Note, public_cover_notes
from configurator.tax_credit import Benchmark, Credit, CreditUnknown, Step, marketplace_quote_credit, poverty_ratio
from portal.plans.wording import percent, source_words
from portal.web.formats import dollars

HUNDRED = Decimal(100)
INCOME_CHANGES = (Decimal("0.9"), Decimal("1.1"))


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person's line of a premium: filed rate, whether it counts and why, and where it is filed."""

    name: str
    age: int
    rate: Money
    charged: bool
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class PriceStory:
    """A plan's price and how it comes about. ``premium`` is None where there is none; ``refusals`` then say why.

    ``credit`` is None where it is unknown; ``credit_note`` says why less than the whole credit is used.
    """

    premium: Money | None
    credit: Money | None
    net: Money | None
    people: tuple[PersonLine, ...]
    refusals: tuple[str, ...]
    credit_note: str = ""


@dataclass(frozen=True, slots=True)
class StepLine:
    """One line of the credit's arithmetic, in words."""

    text: str
    value: str
    cite: str


@dataclass(frozen=True, slots=True)
class CreditStory:
    """The credit in one sentence, with its steps; ``known`` is false where something is missing.

    ``next_step`` says who refuses a credit and what can be done.
    """

    sentence: str
    known: bool
    steps: tuple[StepLine, ...] = ()
    cite: str = ""
    benchmark: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class IncomeChange:
    """The credit at another income, by the same function; ``less`` and ``difference`` compare it with today's."""

    income: Money
    text: str
    credit: Money
    difference: Money
    notes: tuple[Note, ...]


def price_story(row: PlanQuote, quote: Quote) -> PriceStory:
    """The story behind one plan's price."""
    names = {person.person_id: person.name for person in quote.household.persons}
    people = (
        PersonLine(names[each.person_id], each.age, each.rate, each.charged, each.reason, source_words(each.source))
        for each in row.premium.people
    )
    return PriceStory(
        premium=row.premium.total,
        credit=row.credit,
        net=row.net_premium,
        people=tuple(people),
        refusals=tuple(refusal.text for refusal in row.premium.refusals),
        credit_note=_credit_note(row, quote),
    )


def _credit_note(row: PlanQuote, quote: Quote) -> str:
    most = quote.credit.amount if isinstance(quote.credit, Credit) else None
    if not most or row.credit in (None, most) or row.plan.line is not ProductLine.MEDICAL or row.premium.total is None:
        return ""
    if not row.credit:
        return "The tax credit cannot be used on this plan."
    why = "a credit never pays more than the plan's part for essential health benefits."
    return f"This plan uses {dollars(row.credit)} of your {dollars(most)}: {why}"


def credit_story(quote: Quote, market: LocalMarket | None = None) -> CreditStory:
    """The household's credit in a sentence, and its arithmetic with citations; ``market`` names the benchmark."""
    credit = quote.credit
    if isinstance(credit, CreditUnknown):
        return CreditStory(credit.text, known=False, cite=credit.cite)
    return CreditStory(
        sentence=_credit_sentence(credit),
        known=True,
        steps=tuple(StepLine(step.text, step_value(step), step.cite) for step in credit.steps),
        cite=credit.cite,
        benchmark=_benchmark_words(quote.benchmark, market),
        next_step=credit.next_step,
    )


def _credit_sentence(credit: Credit) -> str:
    if credit.amount:
        return f"Your tax credit is up to {dollars(credit.amount)} a month. The prices here have it taken off already."
    if credit.next_step:
        return credit.text
    if credit.text:
        return f"There is no tax credit. {credit.text}"
    return "With this income there is no tax credit: the benchmark plan costs less than your share of it."


def _benchmark_words(found: Benchmark | CreditUnknown | None, market: LocalMarket | None) -> str:
    if not isinstance(found, Benchmark):
        return ""
    count = f"{found.silver_plans} silver plans" if found.silver_plans > 1 else "one silver plan"
    topped = f", {dollars(found.dental)} of it for children's dental" if found.dental else ""
    sold = "are" if found.silver_plans > 1 else "is"
    name = _plan_words(found.plan_id, market)
    text = f"The benchmark is {name} at {dollars(found.premium)} a month{topped}; {count} {sold} sold here."
    return f"{text} {found.note}".strip()


def _plan_words(plan_id: str, market: LocalMarket | None) -> str:
    """Name and issuer of a plan where the release knows them, always with its id."""
    plan = next((each for each in market.plans if each.plan_id == plan_id), None) if market else None
    if plan is None or not plan.name:
        return f"plan {plan_id}"
    issuer = market.issuers.get(plan.issuer_id)
    return f"{plan.name}{f' of {issuer.name}' if issuer and issuer.name else ''} (plan {plan_id})"


def step_value(step: Step) -> str:
    """A step's value with its unit, for people: ``$1,204.50 a month``, ``7.04%``."""
    if not isinstance(step.value, Decimal):
        return step.value
    if step.unit == "percent":
        return percent(step.value / HUNDRED)
    return f"{dollars(step.value)}{' a month' if step.unit == 'USD per month' else ' a year'}"


def income_changes(quote: Quote, law: Law) -> tuple[IncomeChange, ...]:
    """The credit at an income a tenth lower and a tenth higher; empty where income or benchmark is not known."""
    if not isinstance(quote.benchmark, Benchmark) or not isinstance(quote.credit, Credit) or not quote.household.income:
        return ()
    return tuple(_at_income(quote, quote.benchmark, quote.credit, factor, law) for factor in INCOME_CHANGES)


def _at_income(quote: Quote, found: Benchmark, today: Credit, factor: Decimal, law: Law) -> IncomeChange:
    household = replace(quote.household, income=round_dollar(quote.household.income * factor))
    state, on = quote.inputs.location.state, household.effective_date
    ratio = poverty_ratio(household, law, state)
    credit = marketplace_quote_credit(ratio, found.premium, law, on)
    return IncomeChange(
        income=household.income,
        text=credit.text,
        credit=credit.amount,
        difference=credit.amount - today.amount,
        notes=_new_notes(quote.notes, public_cover_notes(household, ratio, law, state)),
    )


def _new_notes(known: Iterable[Note], found: Iterable[Note]) -> tuple[Note, ...]:
    codes = {note.code for note in known}
    return tuple(note for note in found if note.code not in codes)
