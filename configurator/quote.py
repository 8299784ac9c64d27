"""A household priced for every plan at its address: the one pricing function of cards, pages, PDF and command line.

    quote(market, household, law) -> Quote

Pure: the same market, household and law give the same quote for ever, and `Quote.inputs` names all three.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from catalog.parameters import Law, MissingParameter, applicable_percentage_table
from catalog.terms import (
    ZERO,
    Csr,
    Household,
    LocalMarket,
    Location,
    Market,
    Money,
    Person,
    Plan,
    PlanVariant,
    PovertyRatio,
    ProductLine,
)
from configurator.eligibility import Applicants, Case, Reason, plan_reasons
from configurator.policy_rules import RuleBook
from configurator.rating import Premium, Rater
from configurator.savings import Note, assumptions, coverage_family, public_cover_notes, shared_csr
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

    A gap in the law of the credit makes the credit unknown; raises `MissingParameter` where a price itself needs a
    value that is not held.
    """
    on, people = household.effective_date, household.applicants
    rater, applicants = Rater(market, people, law, on), Applicants(household, law)
    savings = _savings(market, household, law, rater.rule_book)
    plans = (_plan_quote(plan, rater, applicants, savings) for plan in _ours(market))
    return Quote(
        inputs=QuoteInputs(market.release_id, law.version, market.plan_year, on, market.location),
        household=household,
        quick=any(person.birth_date is None for person in people),
        poverty=savings.poverty,
        benchmark=savings.benchmark,
        credit=savings.credit,
        credit_person_ids=savings.person_ids,
        csr=savings.csr,
        notes=(*savings.notes, *assumptions(people, law, on)),
        plans=tuple(sorted(plans, key=by_net_premium)),
    )


@dataclass(frozen=True, slots=True)
class _Savings:
    """What the household gets, whatever the plan."""

    poverty: PovertyRatio | None
    benchmark: Benchmark | CreditUnknown | None
    credit: Credit | CreditUnknown
    person_ids: frozenset[str]
    csr: Csr
    notes: tuple[Note, ...]


def _savings(market: LocalMarket, household: Household, law: Law, rule_book: RuleBook) -> _Savings:
    """Credit and cost-sharing level; nothing of both for plans that are not bought through the Exchange."""
    family, left_out = coverage_family(household.applicants)
    ids = frozenset(person.person_id for person in family)
    poverty, gap = _poverty(market, household, law)
    public = public_cover_notes(household, poverty, law, market.location.state)
    if none := _no_credit(market, household, family):
        notes = (*left_out, *public) if none.reason == "nobody-eligible" else public
        return _Savings(poverty, None, none, ids, _level_without_credit(market, household, law), notes)
    found = benchmark(Rater(market, family, law, household.effective_date, tobacco=False, rule_book=rule_book))
    credit = gap or _credit(poverty, found, law, household.effective_date)
    csr, mixed = shared_csr(household.applicants, ids, poverty, law, household.effective_date)
    return _Savings(poverty, found, credit, ids, csr, (*left_out, *mixed, *public))


def _poverty(market: LocalMarket, household: Household, law: Law) -> tuple[PovertyRatio | None, CreditUnknown | None]:
    """Income against the guideline; None and the reason where the law's figures for the date are not held."""
    if market.market is not Market.INDIVIDUAL:
        return None, None
    try:
        applicable_percentage_table(law, household.effective_date)
        return poverty_ratio(household, law, market.location.state), None
    except MissingParameter as missing:
        return None, CreditUnknown("law-missing", f"The tax credit is unknown. {missing}")


def _no_credit(market: LocalMarket, household: Household, family: tuple[Person, ...]) -> Credit | None:
    """A credit of nothing where none is in question; None where it depends on the income."""
    if market.market is not Market.INDIVIDUAL:
        text = "The tax credit is only for plans that people buy for themselves."
        return Credit(ZERO, MARKETPLACE_QUOTE, reason="small-group", text=text, cite="26 USC 36B(c)(2)(A)")
    if not household.on_exchange:
        text = "The tax credit is only for plans bought through the Exchange."
        return Credit(ZERO, MARKETPLACE_QUOTE, reason="off-exchange", text=text, cite="45 CFR 155.305(f)(3)")
    if not family:
        text = "Everybody who wants cover has Medicare or another offer of cover, so there is no tax credit."
        cite = "45 CFR 155.305(f)(1)(ii)(B)"
        return Credit(ZERO, MARKETPLACE_QUOTE, reason="nobody-eligible", text=text, cite=cite)
    return None


def _level_without_credit(market: LocalMarket, household: Household, law: Law) -> Csr:
    """Tribal members have the limited level on the Exchange even without a credit (45 CFR 155.350(b))."""
    if market.market is not Market.INDIVIDUAL or not household.on_exchange:
        return Csr.STANDARD
    return shared_csr(household.applicants, frozenset(), None, law, household.effective_date)[0]


def by_net_premium(row: PlanQuote) -> tuple[bool, Money, str]:
    """Sort key: what you pay after credit, then plan id; plans without a price come last."""
    return row.net_premium is None, row.net_premium or ZERO, row.plan.plan_id


def _ours(market: LocalMarket) -> Iterable[Plan]:
    """The plans of issuers marked as ours; an issuer that the release does not name is taken as ours."""
    return (p for p in market.plans if p.issuer_id not in market.issuers or market.issuers[p.issuer_id].sold_by_us)


def _credit(
    poverty: PovertyRatio | None, found: Benchmark | CreditUnknown, law: Law, on: date
) -> Credit | CreditUnknown:
    """The most credit a month, or what keeps it unknown; an income outside the range settles it without a benchmark."""
    if poverty is None:
        return CreditUnknown("income-unknown", TELL_INCOME)
    premium = found.premium if isinstance(found, Benchmark) else ZERO
    credit = marketplace_quote_credit(poverty, premium, law, on)
    return found if isinstance(found, CreditUnknown) and not credit.reason else credit


def _plan_quote(plan: Plan, rater: Rater, applicants: Applicants, savings: _Savings) -> PlanQuote:
    premium = rater.premium(plan)
    medical = plan.line is ProductLine.MEDICAL
    used = _used(plan, premium, savings, rater) if medical else ZERO
    rules = rater.rule_book.of(plan)
    return PlanQuote(
        plan=plan,
        variant=_variant(plan, rater, applicants.household, savings.csr),
        premium=premium,
        ehb_share=premium.part("aptc_eligible" if medical else "pediatric_ehb", savings.person_ids),
        credit=used,
        net_premium=None if premium.total is None else premium.total - (used or ZERO),
        reasons=plan_reasons(Case(plan, rules, premium, applicants)),
    )


def _used(plan: Plan, premium: Premium, savings: _Savings, rater: Rater) -> Money | None:
    credit = savings.credit
    if isinstance(credit, CreditUnknown):
        return None
    return plan_credit(credit.amount, plan, premium, savings.person_ids, rater.law, rater.on) if credit.amount else ZERO


def _variant(plan: Plan, rater: Rater, household: Household, csr: Csr) -> PlanVariant | None:
    """The filed variant of the level; the standard one where it is missing, then whatever is filed first."""
    filed = rater.market.variants.get(plan.plan_id, ())
    wanted = variant_for(csr, plan, rater.law, rater.on) if household.on_exchange else Csr.OFF_EXCHANGE
    by_suffix = {variant.csr: variant for variant in filed}
    fallback = next(iter(filed), None)
    return by_suffix.get(wanted) or by_suffix.get(Csr.STANDARD) or fallback
