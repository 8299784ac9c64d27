"""What a policy costs a month, from filed rates (45 CFR 147.102): looked up, never computed.

A premium is the sum of its members' filed rates at their age on the day cover starts. Of people under 21 only the
three oldest are charged; dental plans file a limit of their own, or none. Where no rate is filed the answer is a
refusal that names the age and the rating area.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

from catalog.parameters import Law, tobacco_cap
from catalog.terms import (
    NO_SOURCE,
    ZERO,
    LocalMarket,
    Money,
    Person,
    Plan,
    ProductLine,
    Rate,
    Source,
    TobaccoRule,
    add_years,
    age_on,
    format_date,
    round_cent,
    spoken_list,
)
from configurator.family_tier import tier_of
from configurator.policy_rules import PolicyRules, RuleBook


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no price: ``code`` is stable (``no-rate``, ``not-born`` ...), ``text`` is for people."""

    code: str
    text: str
    person_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonRate:
    """One person's line of a premium: the filed rate, and whether it counts.

    ``rate`` is the dollars a month filed for this person; the premium is the sum of the rows with ``charged``.
    ``ehb``, ``aptc_eligible`` and ``pediatric_ehb`` are parts of ``rate``; None where nothing is filed to tell.
    """

    person_id: str
    age: int
    rate: Money
    charged: bool
    tobacco_used: bool
    reason: str
    source: Source = NO_SOURCE
    ehb: Money | None = None
    aptc_eligible: Money | None = None
    pediatric_ehb: Money | None = None


@dataclass(frozen=True, slots=True)
class Premium:
    """Dollars a month for the whole policy with its rows; ``total`` is None where there are ``refusals``."""

    plan_id: str
    total: Money | None
    people: tuple[PersonRate, ...]
    refusals: tuple[Refusal, ...] = ()

    def part(self, name: str, person_ids: frozenset[str] | None = None) -> Money | None:
        """Sum of ``ehb``, ``aptc_eligible`` or ``pediatric_ehb`` over charged rows (of some people).

        None where there is no premium, or a row does not tell.
        """
        if self.total is None:
            return None
        rows = [row for row in self.people if row.charged and (person_ids is None or row.person_id in person_ids)]
        amounts = [getattr(row, name) for row in rows]
        return None if None in amounts else sum(amounts, ZERO)


def premium(plan: Plan, persons: Iterable[Person], market: LocalMarket, law: Law, on: date) -> Premium:
    """The monthly premium of a plan for these people, cover starting on a day.

    Use a `Rater` to price many plans for the same people.
    """
    return Rater(market, persons, law, on).premium(plan)


class Rater:
    """Prices the plans of a market for one group of people; what all plans share is worked out once.

    ``tobacco`` False prices everybody at the rate without tobacco, as the benchmark wants it (26 CFR 1.36B-3(e)).
    """

    def __init__(
        self,
        market: LocalMarket,
        persons: Iterable[Person],
        law: Law,
        on: date,
        *,
        tobacco: bool = True,
        rule_book: RuleBook | None = None,
    ) -> None:
        self.market = market
        self.persons = tuple(persons)
        self.law = law
        self.on = on
        self.rule_book = rule_book or RuleBook(market.business_rules)
        self._tobacco = tobacco
        self._ages: dict[str, Mapping[str, int]] = {}
        self._charged: dict[tuple[int | None, str], frozenset[str]] = {}

    def premium(self, plan: Plan) -> Premium:
        """The monthly premium of a plan, with one row a person in the order given."""
        rules = self.rule_book.of(plan)
        if refusal := self._unratable(rules):
            return Premium(plan.plan_id, None, (), (refusal,))
        tiers = [row for row in self.market.tier_rates.get(plan.plan_id, ()) if self._here_and_now(row)]
        return self._by_tier(plan, rules, tiers[0]) if tiers else self._by_age(plan, rules)

    def ages(self, rules: PolicyRules) -> Mapping[str, int]:
        """Age of each person by id, on the day that the plan's age rule names; ValueError for a rule not known."""
        rule = " ".join(rules.age_determination.lower().split())
        if rule not in self._ages:
            day = AGE_DAYS[rule](self.on)
            self._ages[rule] = MappingProxyType({p.person_id: _age(p, day, self.on) for p in self.persons})
        return self._ages[rule]

    @cached_property
    def pediatric(self) -> frozenset[str]:
        """Ids of the people whose dental care is pediatric."""
        return frozenset(p.person_id for p in self.persons if is_pediatric(p, self.law, self.on))

    def charged(self, plan: Plan, rules: PolicyRules) -> frozenset[str]:
        """Ids of the people whose rate counts: everybody, but of the young only the oldest few."""
        most = self._most_young(plan, rules)
        key = (most, rules.age_determination)
        if key not in self._charged:
            self._charged[key] = self._oldest(most, self.ages(rules))
        return self._charged[key]

    def _most_young(self, plan: Plan, rules: PolicyRules) -> int | None:
        """How many of the young are charged: three by law in medical plans, as filed elsewhere (45 CFR 148.220)."""
        filed = rules.max_children_charged
        if plan.line is not ProductLine.MEDICAL:
            return filed
        return self._law_most if filed is None else min(filed, self._law_most)

    @cached_property
    def _law_most(self) -> int:
        return self.law.value("rating.charged_children.most", self.on)

    @cached_property
    def _young_below(self) -> int:
        return self.law.value("rating.charged_children.below_age", self.on)

    @cached_property
    def _legal_age(self) -> int:
        return self.law.value("rating.tobacco.legal_age", self.on)

    @cached_property
    def _cap(self) -> Decimal:
        return tobacco_cap(self.law, self.market.location.state, self.market.market, self.on)

    def _oldest(self, most: int | None, ages: Mapping[str, int]) -> frozenset[str]:
        adults = [p for p in self.persons if ages[p.person_id] >= self._young_below]
        young = [p for p in self.persons if ages[p.person_id] < self._young_below]
        young.sort(key=lambda p: (-ages[p.person_id], p.birth_date or date.min, p.person_id))
        return frozenset(p.person_id for p in (*adults, *young[:most]))

    def _unratable(self, rules: PolicyRules) -> Refusal | None:
        """What keeps every plan from having a price for these people."""
        if not self.persons:
            return Refusal("nobody", "Nobody here wants cover. Say who wants cover.")
        if self._unborn:
            who = spoken_list(p.name or p.person_id for p in self._unborn)
            day = format_date(self.on)
            text = f"{who}: the birth date is after the day cover starts, {day}. Add the baby after the birth."
            return Refusal("not-born", text, tuple(p.person_id for p in self._unborn))
        if " ".join(rules.age_determination.lower().split()) not in AGE_DAYS:
            text = f"This plan files an age rule that we do not know: {rules.age_determination}."
            return Refusal("age-rule", text)
        return None

    @cached_property
    def _unborn(self) -> tuple[Person, ...]:
        return tuple(p for p in self.persons if p.birth_date is not None and p.birth_date > self.on)

    def _here_and_now(self, row: Rate) -> bool:
        here = row.rating_area == self.market.location.rating_area
        return here and row.effective_from <= self.on <= row.effective_until

    def _by_age(self, plan: Plan, rules: PolicyRules) -> Premium:
        ages, charged = self.ages(rules), self.charged(plan, rules)
        rates = self._rates(plan, frozenset(ages.values()))
        missing = sorted({age for age in ages.values() if age not in rates})
        if missing:
            return Premium(plan.plan_id, None, (), tuple(self._no_rate(age, ages, bool(rates)) for age in missing))
        rows = tuple(self._row(plan, p, ages[p.person_id], rates, charged) for p in self.persons)
        refusals = tuple(row for row in rows if isinstance(row, Refusal))
        if refusals:
            return Premium(plan.plan_id, None, (), refusals)
        return Premium(plan.plan_id, sum((row.rate for row in rows if row.charged), ZERO), rows)

    def _rates(self, plan: Plan, ages: frozenset[int]) -> dict[int, Rate]:
        """The filed row of each age; an age without a row is left out."""
        found: dict[int, Rate] = {}
        area, on = self.market.location.rating_area, self.on
        for row in self.market.rates.get(plan.plan_id, ()):
            for age in ages:
                if row.age_low <= age <= row.age_high and row.rating_area == area and row.covers(age, on):
                    found[age] = row
        return found

    def _no_rate(self, age: int, ages: Mapping[str, int], some: bool) -> Refusal:
        area = self.market.location.rating_area
        text = f"No rate is filed for age {age} in rating area {area}, so this plan has no price for that person."
        code = "no-rate" if some else "no-rates"
        return Refusal(code, text, tuple(person for person, years in ages.items() if years == age))

    def _row(
        self, plan: Plan, person: Person, age: int, rates: Mapping[int, Rate], charged: frozenset[str]
    ) -> PersonRate | Refusal:
        rate = rates[age]
        amount, used, reason = self._amount(person, age, rate)
        if amount is None:
            return Refusal("no-tobacco-rate", reason, (person.person_id,))
        counts = person.person_id in charged
        ehb = _share(plan, amount, (rate.ehb, rate.aptc_eligible), used)
        return PersonRate(
            person_id=person.person_id,
            age=age,
            rate=amount,
            charged=counts,
            tobacco_used=used,
            reason=reason if counts else self._not_charged,
            source=rate.source,
            ehb=ehb,
            aptc_eligible=_share(plan, amount, (rate.aptc_eligible, rate.ehb), used),
            pediatric_ehb=pediatric_share(plan, rate.pediatric_ehb, amount)
            if person.person_id in self.pediatric
            else ZERO,
        )

    @cached_property
    def _not_charged(self) -> str:
        return f"Not charged: younger than {self._young_below}, and enough older children are charged already"

    def _amount(self, person: Person, age: int, rate: Rate) -> tuple[Money | None, bool, str]:
        """Dollars, whether the tobacco rate was used, and why (45 CFR 147.102(a)(1)(iv))."""
        told_apart = rate.tobacco_rule is TobaccoRule.USER_NON_USER
        if not (self._tobacco and told_apart and person.tobacco) or age < self._legal_age or self._cap == 1:
            return rate.individual, False, f"Filed rate for age {age}"
        if rate.tobacco is None:
            return None, False, f"No tobacco rate is filed for age {age}, though the plan tells tobacco users apart."
        limit = tobacco_limit(rate.individual, self._cap)
        if rate.tobacco > limit:
            return limit, True, f"Filed tobacco rate for age {age}, held to the state's limit of {self._cap} times"
        return rate.tobacco, True, f"Filed tobacco rate for age {age}"

    def _by_tier(self, plan: Plan, rules: PolicyRules, row: object) -> Premium:
        ages = self.ages(rules)
        tier = tier_of(self.persons, ages)
        amount = getattr(row, tier.field)
        if amount is None:
            area = self.market.location.rating_area
            text = f"No family rate is filed for {tier.text} in rating area {area}."
            return Premium(plan.plan_id, None, (), (Refusal("no-rate", text),))
        rows = tuple(self._tier_row(plan, person, ages[person.person_id], amount, tier, row) for person in self.persons)
        return Premium(plan.plan_id, amount, rows)

    def _tier_row(self, plan: Plan, person: Person, age: int, amount: Money, tier: object, row: object) -> PersonRate:
        """The whole family rate stands on the subscriber's row."""
        holds = person.person_id == tier.subscriber_id
        rate = amount if holds else ZERO
        ehb = round_cent(rate * plan.ehb_percent) if plan.ehb_percent is not None else None
        return PersonRate(
            person_id=person.person_id,
            age=age,
            rate=rate,
            charged=holds,
            tobacco_used=False,
            reason=f"Filed family rate for {tier.text}" if holds else "In the family rate",
            source=row.source,
            ehb=ehb,
            aptc_eligible=ehb,
            pediatric_ehb=self._tier_pediatric(plan, rate) if holds else ZERO,
        )

    def _tier_pediatric(self, plan: Plan, amount: Money) -> Money | None:
        """Pediatric part of a family rate: a filed share of it, or filed dollars for each child charged."""
        children = len(self.pediatric)
        if not children:
            return ZERO
        filed = plan.pediatric_dental_apportionment
        if filed is None or filed <= 1:
            return pediatric_share(plan, None, amount)
        return min(amount, round_cent(filed * min(children, self._law_most)))


AGE_DAYS: Mapping[str, Callable[[date], date]] = MappingProxyType(
    {
        "": lambda on: on,
        "age on effective date": lambda on: on,
        # Nobody is priced again at a birthday inside the policy year, so this is the age at issue.
        "age on insured's birthday (during enrollment)": lambda on: on,
        "age on january 1st of the effective date year": lambda on: on.replace(month=1, day=1),
        "age on january 1st or july 1st": lambda on: on.replace(month=1 if on.month < 7 else 7, day=1),
    }
)


def ages_needed(persons: Iterable[Person], on: date) -> frozenset[int]:
    """Every age whose rate a premium may look up, whatever age rule a plan files; who is not born by then has none."""
    born = [person for person in persons if person.birth_date is None or person.birth_date <= on]
    return frozenset(_age(person, day(on), on) for person in born for day in AGE_DAYS.values())


def _age(person: Person, day: date, on: date) -> int:
    """Age on the day of the plan's age rule; a baby born after that day has age 0, a quick-quote age stands."""
    if person.birth_date is None:
        return person.age_on(on)
    return age_on(person.birth_date, max(day, person.birth_date))


def is_pediatric(person: Person, law: Law, on: date) -> bool:
    """Whether dental care is pediatric: to the end of the month of the 19th birthday (45 CFR 156.115(a)(6))."""
    age = law.value("dental.pediatric.age", on)
    if person.birth_date is None:
        return person.age_on(on) < age
    birthday = add_years(person.birth_date, age)
    return (on.year, on.month) <= (birthday.year, birthday.month)


def tobacco_limit(individual: Money, cap: Decimal) -> Money:
    """The most that a tobacco user is charged: the state's ratio of the rate without tobacco, half up to the cent."""
    return round_cent(individual * cap)


def pediatric_share(plan: Plan, filed: Money | None, amount: Money) -> Money | None:
    """Dollars of a dental rate that are pediatric essential health benefits (45 CFR 156.470(b)).

    Filed dollars of the rate; else the plan's filed apportionment, a share up to 1 or dollars; None where not filed.
    """
    if filed is not None:
        return filed
    apportioned = plan.pediatric_dental_apportionment
    if apportioned is None:
        return None
    return round_cent(amount * apportioned) if apportioned <= 1 else min(apportioned, amount)


def _share(plan: Plan, amount: Money, filed: tuple[Money | None, ...], tobacco_used: bool) -> Money | None:
    """EHB dollars of a rate: filed dollars, else the plan's filed percentage (45 CFR 156.470(a)).

    Filed dollars belong to the rate without tobacco; for a tobacco rate the percentage is exact where there is one.
    """
    dollars = next((value for value in filed if value is not None), None)
    if dollars is not None and not (tobacco_used and plan.ehb_percent is not None):
        return dollars
    return None if plan.ehb_percent is None else round_cent(amount * plan.ehb_percent)
