"""The premium tax credit: income against poverty, benchmark, monthly credit in both conventions, CSR level.

Two conventions are kept apart by name. `marketplace_quote_credit` is what the Marketplace shows while shopping;
`tax_rule_credit` is the text of 26 CFR 1.36B-3, used when taxes are filed. Ratios are exact fractions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from catalog.parameters import Band, Law, applicable_percentage_table, income_range, poverty_guideline
from catalog.terms import (
    ZERO,
    Csr,
    Household,
    LocalMarket,
    Metal,
    Money,
    Plan,
    PovertyRatio,
    ProductLine,
    format_dollars,
    from_cents,
)
from configurator.rating import PersonRate, Premium, Rater

MARKETPLACE_QUOTE = "marketplace_quote"
TAX_RULE = "tax_rule"
TELL_INCOME = "Tell us your income to see a tax credit."
INCOME_LOW_NEXT = (
    "You may qualify for Medicaid: apply at your state first. The Marketplace decides on the tax credit, by federal "
    "tax rules."
)
INCOME_HIGH_NEXT = (
    "The Marketplace decides this, by federal tax rules. You can still buy these plans at the full price."
)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arithmetic behind a credit: what, its value, its unit, and where the rule stands."""

    code: str
    text: str
    value: Decimal
    unit: str
    cite: str = ""


@dataclass(frozen=True, slots=True)
class CreditUnknown:
    """The credit cannot be told: ``code`` is stable, ``text`` says what is missing and how to mend it."""

    code: str
    text: str
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Credit:
    """The most credit a month (dollars), how it was worked out, and why it is nothing where it is nothing.

    ``next_step`` says who decides a refusal and what the household can do.
    """

    amount: Money
    convention: str
    steps: tuple[Step, ...] = ()
    reason: str = ""  # stable code where there is no credit: off-exchange, income-too-high ...
    text: str = ""
    cite: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The second-lowest silver premium at the address, essential health benefits only, for the coverage family.

    ``dental`` is the pediatric dental part of a stand-alone plan added where the silver plan has none (dollars a
    month, with ``dental_plan_id``). ``lowest`` is the plan that comes before it. ``note`` says what was unusual.
    """

    plan_id: str
    premium: Money
    person_ids: tuple[str, ...]
    people: tuple[PersonRate, ...]
    lowest_plan_id: str
    lowest_premium: Money
    silver_plans: int
    dental: Money = ZERO
    dental_plan_id: str = ""
    note: str = ""
    cite: str = "26 CFR 1.36B-3(f)"


# Income and percentages


def poverty_ratio(household: Household, law: Law, state: str) -> PovertyRatio | None:
    """Income against the guideline that the law names for the cover's year; None where no income is told."""
    if household.income is None:
        return None
    guideline = poverty_guideline(law, state, household.size, household.effective_date)
    return PovertyRatio(household.income, guideline, household.size)


def exact_percent(ratio: PovertyRatio) -> Fraction:
    """Income in percent of the guideline, exact: the Marketplace quote convention and every income test."""
    return Fraction(ratio.income) * 100 / Fraction(ratio.guideline)


def whole_percent(ratio: PovertyRatio) -> Fraction:
    """Income in percent of the guideline, rounded down to a whole percent (Form 8962 worksheet)."""
    return Fraction(floor(exact_percent(ratio)))


def applicable_percentage(percent: Fraction, table: Iterable[Band]) -> Fraction:
    """Percent of income to pay for the benchmark, on the straight line of its band (26 USC 36B(b)(3)(A)).

    A band holds its low end, the last one its high end too. ValueError outside the table.
    """
    for band in sorted(table, key=lambda row: -row.low):
        if percent >= band.low and (band.high is None or percent <= band.high):
            return _on_line(percent, band)
    raise ValueError(f"{half_up(percent, 2)} percent of poverty is outside the applicable percentage table")


def _on_line(percent: Fraction, band: Band) -> Fraction:
    start, end = Fraction(band.start_pct), Fraction(band.end_pct)
    if band.high is None or start == end:
        return start
    return start + (end - start) * (percent - Fraction(band.low)) / (Fraction(band.high) - Fraction(band.low))


def half_up(value: Fraction, places: int) -> Decimal:
    """Round half up to decimal places (26 CFR 1.36B-3(g)(1): the nearest one-hundredth of one percent)."""
    return Decimal(floor(value * 10**places + Fraction(1, 2))).scaleb(-places)


# The two conventions


def marketplace_quote_credit(ratio: PovertyRatio, benchmark: Money, law: Law, on: date) -> Credit:
    """The monthly credit as the Marketplace quotes it, at least zero.

    Exact percent of poverty, percentage not rounded, result rounded up to the whole dollar. Evidence: this gives all
    834 quotes of ten captured Marketplace answers to the cent.
    """
    if refused := income_refusal(ratio, law, on, MARKETPLACE_QUOTE):
        return refused
    percent = exact_percent(ratio)
    share = applicable_percentage(percent, applicable_percentage_table(law, on))
    contribution = _monthly(ratio, share)
    amount = from_cents(max(0, ceil(Fraction(benchmark) - contribution)) * 100)
    steps = _steps(ratio, percent, half_up(share, 4), benchmark, contribution, law, on)
    last = Step("credit", "Most credit a month, rounded up to the whole dollar", amount, "USD per month")
    return Credit(amount, MARKETPLACE_QUOTE, (*steps, last))


def tax_rule_credit(ratio: PovertyRatio, benchmark: Money, law: Law, on: date) -> Credit:
    """The monthly credit by the tax rule: whole percent of poverty, percentage to 0.01, result in cents, at least zero.

    Source: 26 CFR 1.36B-3(d), (g)(1); Form 8962 worksheet for the whole percent. The 100 and 400 percent tests still
    use the exact ratio.
    """
    if refused := income_refusal(ratio, law, on, TAX_RULE):
        return refused
    percent = whole_percent(ratio)
    share = half_up(applicable_percentage(percent, applicable_percentage_table(law, on)), 2)
    contribution = _monthly(ratio, Fraction(share))
    amount = max(ZERO, half_up(Fraction(benchmark) - contribution, 2))
    steps = _steps(ratio, percent, share, benchmark, contribution, law, on)
    last = Step("credit", "Credit a month, to the cent", amount, "USD per month", "26 CFR 1.36B-3(d)")
    return Credit(amount, TAX_RULE, (*steps, last))


def _monthly(ratio: PovertyRatio, share: Fraction) -> Fraction:
    return Fraction(ratio.income) * share / 100 / 12


def income_refusal(ratio: PovertyRatio, law: Law, on: date, convention: str) -> Credit | None:
    """A credit of nothing where the exact income is outside the range, both ends included (26 CFR 1.36B-2(b)(1))."""
    limits, percent = income_range(law, on), exact_percent(ratio)
    if percent < limits.low:
        text = f"No tax credit: your income is below {_limit_words(ratio, limits.low)}."
        return _refused(ratio, convention, "income-too-low", text, INCOME_LOW_NEXT)
    if limits.high is not None and percent > limits.high:
        text = f"No tax credit for you: your income is above {_limit_words(ratio, limits.high)}."
        return _refused(ratio, convention, "income-too-high", text, INCOME_HIGH_NEXT)
    return None


def _limit_words(ratio: PovertyRatio, percent: int | Decimal) -> str:
    """``400 percent of the poverty guideline ($132,000 for 4 people)``: the income at the limit."""
    amount = format_dollars(ratio.guideline * percent / 100)
    size = "" if ratio.people is None else f" for {ratio.people} {'person' if ratio.people == 1 else 'people'}"
    return f"{percent} percent of the poverty guideline ({amount}{size})"


def _refused(ratio: PovertyRatio, convention: str, reason: str, text: str, next_step: str) -> Credit:
    steps = _income_steps(ratio, exact_percent(ratio))
    return Credit(ZERO, convention, steps, reason, text, "26 CFR 1.36B-2(b)(1)", next_step)


def _income_steps(ratio: PovertyRatio, percent: Fraction) -> tuple[Step, ...]:
    return (
        Step("income", "Expected yearly income", ratio.income, "USD per year"),
        Step("guideline", "Poverty guideline for this household", ratio.guideline, "USD per year", "26 CFR 1.36B-1(h)"),
        Step("percent_of_poverty", "Income against the guideline", half_up(percent, 2), "percent"),
    )


def _steps(
    ratio: PovertyRatio, percent: Fraction, share: Decimal, benchmark: Money, contribution: Fraction, law: Law, on: date
) -> tuple[Step, ...]:
    table = "; ".join(law.entry("ptc.applicable_percentage", on).cite)
    yours = half_up(contribution, 2)
    return (
        *_income_steps(ratio, percent),
        Step("applicable_percentage", "Share of income you pay for the benchmark plan", share, "percent", table),
        Step("contribution", "Your share of the benchmark plan", yours, "USD per month", "26 CFR 1.36B-3(d)"),
        Step("benchmark", "Benchmark plan premium", benchmark, "USD per month", "26 CFR 1.36B-3(f)"),
    )


# The benchmark


def benchmark(rater: Rater) -> Benchmark | CreditUnknown:
    """The benchmark for the people of ``rater`` (the coverage family, priced without tobacco).

    Second-lowest by premium for essential health benefits over every silver plan offered on the Exchange at the
    address, whoever sells it, with the limit on charged children. Where only one is offered, that one counts
    (26 CFR 1.36B-3(f)(6), from memory). An incomplete market or a missing figure makes the credit unknown.
    """
    market = rater.market
    if not market.complete:
        text = f"We do not know every silver plan sold in {market.location.county_name}, so the tax credit is unknown."
        return CreditUnknown("market-incomplete", text, "26 CFR 1.36B-3(f)")
    offered = [(plan, rater.premium(plan)) for plan in market.plans if is_benchmark_candidate(plan)]
    if not offered:
        text = "The tax credit is unknown: no silver plan is known at this address."
        return CreditUnknown("no-silver-plan", text, "26 CFR 1.36B-3(f)")
    gaps = (unknown for plan, price in offered if (unknown := _gap(plan, price)))
    return next(gaps, None) or _second_lowest(market, offered, _child_dental(rater))


def is_benchmark_candidate(plan: Plan) -> bool:
    """A silver medical plan offered on the Exchange."""
    return plan.line is ProductLine.MEDICAL and plan.metal is Metal.SILVER and plan.on_exchange


def _gap(plan: Plan, price: Premium) -> CreditUnknown | None:
    if price.total is None:
        text = f"The tax credit is unknown: silver plan {plan.plan_id} has no price. {price.refusals[0].text}"
        return CreditUnknown("silver-without-price", text, "26 CFR 1.36B-3(f)")
    if price.part("ehb") is None:
        text = f"The tax credit is unknown: silver plan {plan.plan_id} files no share for essential health benefits."
        return CreditUnknown("silver-without-ehb-share", text, "45 CFR 156.470")
    return None


@dataclass(frozen=True, slots=True)
class _ChildDental:
    """Second-lowest pediatric part of the stand-alone dental plans; nothing where no child needs it."""

    amount: Money = ZERO
    plan_id: str = ""
    note: str = ""


def _child_dental(rater: Rater) -> _ChildDental:
    """What a silver plan without pediatric dental cover is topped up by (26 CFR 1.36B-3(f)(3), T.D. 9804).

    The second-lowest pediatric part over the stand-alone dental plans on the Exchange; the only one where there is
    one. The method is read from secondary sources; for families without a child under 19 nothing is added.
    """
    if not rater.pediatric:
        return _ChildDental()
    plans = [plan for plan in rater.market.plans if plan.line is ProductLine.DENTAL and plan.on_exchange]
    parts = [(amount, plan.plan_id) for plan in plans if (amount := rater.premium(plan).part("pediatric_ehb"))]
    if not parts:
        return _ChildDental(note="No stand-alone dental plan with a children's part is known here, so none is added.")
    amount, plan_id = sorted(parts)[min(1, len(parts) - 1)]
    return _ChildDental(amount, plan_id)


def _second_lowest(market: LocalMarket, offered: list[tuple[Plan, Premium]], dental: _ChildDental) -> Benchmark:
    embedded = market.with_pediatric_dental
    ranked = sorted(
        (price.part("ehb") + (ZERO if plan.plan_id in embedded else dental.amount), plan.plan_id, price)
        for plan, price in offered
    )
    premium, plan_id, price = ranked[min(1, len(ranked) - 1)]
    topped = plan_id not in embedded and bool(dental.amount)
    only = "Only one silver plan is offered here; it is the benchmark." if len(ranked) == 1 else ""
    return Benchmark(
        plan_id=plan_id,
        premium=premium,
        person_ids=tuple(row.person_id for row in price.people),
        people=price.people,
        lowest_plan_id=ranked[0][1],
        lowest_premium=ranked[0][0],
        silver_plans=len(ranked),
        dental=dental.amount if topped else ZERO,
        dental_plan_id=dental.plan_id if topped else "",
        note=" ".join(text for text in (only, dental.note if plan_id not in embedded else "") if text),
    )


# What one plan gets


def plan_credit(credit: Money, plan: Plan, price: Premium, family: frozenset[str], law: Law, on: date) -> Money | None:
    """Credit used on one medical plan a month: no more than its essential-health-benefit part (45 CFR 155.340(e)).

    ``family`` are the people that the credit is for. Nothing for plans off the Exchange and catastrophic plans
    (45 CFR 155.305(f)(3)); None where the plan has no price or files no share.
    """
    if price.total is None:
        return None
    if not plan.on_exchange or plan.metal in law.value("ptc.metal_levels_without_credit", on):
        return ZERO
    share = price.part("aptc_eligible", family)
    return None if share is None else min(credit, share, price.total)


def dental_credit(leftover: Money, plan: Plan, price: Premium, family: frozenset[str]) -> Money | None:
    """What is left of the credit, used on the children's part of a stand-alone dental plan (45 CFR 155.340(e)-(f))."""
    if price.total is None:
        return None
    share = price.part("pediatric_ehb", family) if plan.on_exchange else ZERO
    return None if share is None else min(leftover, share, price.total)


# Cost-sharing reductions

# 45 CFR 155.305(g)(3): one policy gives what all on it may have; from least to most generous.
CSR_ORDER = (Csr.STANDARD, Csr.LIMITED, Csr.SILVER_73, Csr.SILVER_87, Csr.SILVER_94, Csr.ZERO)
CSR_NAMES: Mapping[Csr, str] = {
    Csr.STANDARD: "standard",
    Csr.LIMITED: "limited",
    Csr.SILVER_73: "73",
    Csr.SILVER_87: "87",
    Csr.SILVER_94: "94",
    Csr.ZERO: "zero",
}


def least_generous(levels: Iterable[Csr]) -> Csr:
    """The level that one policy gives its people (45 CFR 155.305(g)(3)); none for nobody."""
    return min(levels, key=CSR_ORDER.index, default=Csr.STANDARD)


def variant_for(level: Csr, plan: Plan, law: Law, on: date) -> Csr:
    """The variant that a level leads to: 73, 87 and 94 on silver, tribal levels on any metal but catastrophic."""
    if level is Csr.STANDARD or plan.metal is None or plan.metal is Metal.CATASTROPHIC:
        return Csr.STANDARD
    if level in (Csr.ZERO, Csr.LIMITED):
        return level
    return level if plan.metal in law.value("csr.metal_levels", on) else Csr.STANDARD
