"""A household priced for every plan at its address: the one pricing function of cards, pages, PDF and command line.

    quote(market, household, law) -> Quote

Pure: the same market, household and law give the same quote for ever, and `Quote.inputs` names all three.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from catalog.parameters import Law
from catalog.terms import (
    ZERO,
    Csr,
    Household,
    LocalMarket,
    Location,
    Money,
    Person,
    Plan,
    PlanVariant,
    PovertyRatio,
    ProductLine,
)
from configurator.eligibility import Case, Reason, plan_reasons
from configurator.policy_rules import RuleBook
from configurator.rating import Premium, Rater
from configurator.savings import Note, coverage_family, public_cover_notes, shared_csr
from configurator.tax_credit import (
    MARKETPLACE_QUOTE,
    TELL_INCOME,
    Benchmark,
    Credit,
    CreditUnknown,
    benchmark,
    dental_credit,
    marketplace_quote_credit,
    plan_credit,
    poverty_ratio,
    variant_for,
)


@dataclass(frozen=True, slots=True)
class QuoteInputs:
    """What a quote was made from, so that it can be made again."""

    release_id: str
    law_version: str
    plan_year: int
    effective_date: date
    location: Location


@dataclass(frozen=True, slots=True)
class PlanQuote:
    """One plan for the household: dollars a month, credit used, what is left to pay, and whether it can be bought.

    ``credit`` is None where it is unknown; ``net_premium`` then is the whole premium. ``net_premium`` is None where
    the plan has no price. ``ehb_share`` is the part that the credit can pay. For dental plans ``credit`` is nothing
    here: what a medical plan leaves over is in `Quote.dental_credit`.
    """

    plan: Plan
    variant: PlanVariant | None
    premium: Premium
    ehb_share: Money | None
    credit: Money | None
    net_premium: Money | None
    reasons: tuple[Reason, ...]

    @property
    def eligible(self) -> bool:
        """Whether these people can buy the plan."""
        return not self.reasons


@dataclass(frozen=True)
class Quote:
    """Every plan that we sell at the address, priced; with benchmark, credit, extra savings and notes.

    ``benchmark`` is None where no credit is in question (off the Exchange, nobody it could be for). ``quick`` says
    that somebody's age stood in for a birth date. ``csr`` is the level of one policy for all applicants.
    """

    inputs: QuoteInputs
    household: Household
    quick: bool
    poverty: PovertyRatio | None
    benchmark: Benchmark | CreditUnknown | None
    credit: Credit | CreditUnknown
    credit_person_ids: frozenset[str]
    csr: Csr
    notes: tuple[Note, ...]
    plans: tuple[PlanQuote, ...]  # what you pay first, cheapest first; see `by_net_premium`

    @cached_property
    def by_plan_id(self) -> dict[str, PlanQuote]:
        """Plan quotes by plan id."""
        return {row.plan.plan_id: row for row in self.plans}

    def in_line(self, line: ProductLine) -> tuple[PlanQuote, ...]:
        """Plan quotes of one product line, cheapest first."""
        return tuple(row for row in self.plans if row.plan.line is line)

    def dental_credit(self, medical_plan_id: str, dental_plan_id: str) -> Money | None:
        """Dollars a month that the medical plan leaves over for the dental plan's children's part; None: unknown.

        KeyError for a plan that is not in the quote.
        """
        medical, dental = self.by_plan_id[medical_plan_id], self.by_plan_id[dental_plan_id]
        if not isinstance(self.credit, Credit) or medical.credit is None:
            return None
        leftover = self.credit.amount - medical.credit if medical.credit else ZERO
        return dental_credit(leftover, dental.plan, dental.premium, self.credit_person_ids)


def quote(market: LocalMarket, household: Household, law: Law) -> Quote:
    """Price every plan that we sell at the address for the household's applicants.

    Raises `MissingParameter` where the law of the date is not held, and only if a figure needs it.
    """
    on, people = household.effective_date, household.applicants
    rater = Rater(market, people, law, on)
    family, left_out = coverage_family(people)
    family_ids = frozenset(person.person_id for person in family)
    poverty = poverty_ratio(household, law, market.location.state)
    found = _benchmark(market, household, family, law, rater.rule_book)
    credit = _credit(household, family, poverty, found, law)
    csr, csr_notes = _csr(household, people, family_ids, poverty, law)
    notes = (*left_out, *csr_notes, *public_cover_notes(household, poverty, law, market.location.state))
    plans = (_plan_quote(plan, rater, household, credit, csr, family_ids) for plan in _ours(market))
    return Quote(
        inputs=QuoteInputs(market.release_id, law.version, market.plan_year, on, market.location),
        household=household,
        quick=any(person.birth_date is None for person in people),
        poverty=poverty,
        benchmark=found,
        credit=credit,
        credit_person_ids=family_ids,
        csr=csr,
        notes=notes,
        plans=tuple(sorted(plans, key=by_net_premium)),
    )


def by_net_premium(row: PlanQuote) -> tuple[bool, Money, str]:
    """Sort key: what you pay after credit, then plan id; plans without a price come last."""
    return row.net_premium is None, row.net_premium or ZERO, row.plan.plan_id


def _ours(market: LocalMarket) -> Iterable[Plan]:
    """The plans of issuers marked as ours; an issuer that the release does not name is taken as ours."""
    return (p for p in market.plans if p.issuer_id not in market.issuers or market.issuers[p.issuer_id].sold_by_us)


def _benchmark(
    market: LocalMarket, household: Household, family: tuple[Person, ...], law: Law, rule_book: RuleBook
) -> Benchmark | CreditUnknown | None:
    if not household.on_exchange or not family:
        return None
    return benchmark(Rater(market, family, law, household.effective_date, tobacco=False, rule_book=rule_book))


def _credit(
    household: Household,
    family: tuple[Person, ...],
    poverty: PovertyRatio | None,
    found: Benchmark | CreditUnknown | None,
    law: Law,
) -> Credit | CreditUnknown:
    """The most credit a month; nothing off the Exchange or with nobody to get it; unknown where a figure is missing."""
    if not household.on_exchange:
        text = "The tax credit is only for plans bought through the Exchange."
        return Credit(ZERO, MARKETPLACE_QUOTE, reason="off-exchange", text=text, cite="45 CFR 155.305(f)(3)")
    if not family:
        text = "Everybody who wants cover has Medicare or another offer of cover, so there is no tax credit."
        cite = "45 CFR 155.305(f)(1)(ii)(B)"
        return Credit(ZERO, MARKETPLACE_QUOTE, reason="nobody-eligible", text=text, cite=cite)
    if poverty is None:
        return CreditUnknown("income-unknown", TELL_INCOME)
    return _credit_by_income(poverty, found, law, household.effective_date)


def _credit_by_income(
    poverty: PovertyRatio, found: Benchmark | CreditUnknown | None, law: Law, on: date
) -> Credit | CreditUnknown:
    """An income outside the range settles it without a benchmark."""
    premium = found.premium if isinstance(found, Benchmark) else ZERO
    credit = marketplace_quote_credit(poverty, premium, law, on)
    return found if isinstance(found, CreditUnknown) and not credit.reason else credit


def _csr(
    household: Household, people: tuple[Person, ...], family_ids: frozenset[str], poverty: PovertyRatio | None, law: Law
) -> tuple[Csr, tuple[Note, ...]]:
    if not household.on_exchange:
        return Csr.STANDARD, ()
    return shared_csr(people, family_ids, poverty, law, household.effective_date)


def _plan_quote(
    plan: Plan, rater: Rater, household: Household, credit: Credit | CreditUnknown, csr: Csr, family: frozenset[str]
) -> PlanQuote:
    premium = rater.premium(plan)
    medical = plan.line is ProductLine.MEDICAL
    used = _used(plan, premium, credit, family, rater) if medical else ZERO
    rules = rater.rule_book.of(plan)
    return PlanQuote(
        plan=plan,
        variant=_variant(plan, rater, household, csr),
        premium=premium,
        ehb_share=premium.part("aptc_eligible" if medical else "pediatric_ehb", family),
        credit=used,
        net_premium=None if premium.total is None else premium.total - (used or ZERO),
        reasons=plan_reasons(Case(plan, household, rules, premium, rater.ages_on_start, rater.law)),
    )


def _used(
    plan: Plan, premium: Premium, credit: Credit | CreditUnknown, family: frozenset[str], rater: Rater
) -> Money | None:
    if isinstance(credit, CreditUnknown):
        return None
    return plan_credit(credit.amount, plan, premium, family, rater.law, rater.on) if credit.amount else ZERO


def _variant(plan: Plan, rater: Rater, household: Household, csr: Csr) -> PlanVariant | None:
    """The filed variant of the level; the standard one where it is missing, then whatever is filed first."""
    filed = rater.market.variants.get(plan.plan_id, ())
    wanted = variant_for(csr, plan, rater.law, rater.on) if household.on_exchange else Csr.OFF_EXCHANGE
    by_suffix = {variant.csr: variant for variant in filed}
    fallback = next(iter(filed), None)
    return by_suffix.get(wanted) or by_suffix.get(Csr.STANDARD) or fallback
