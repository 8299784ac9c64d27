"""A bundle: one policy in each chosen line, priced, described in the words of the rules, and checked.

    bundler = Bundler(market, household, law, rules, answers)
    bundler.bundle([Choice(ProductLine.MEDICAL, "99001OH0010001", ("a", "b"))]).net_premium

Only what the member chose goes in (line, option, people, riders); everything else is derived here, always in the
same way, so that a stored configuration can be priced and checked again from its inputs.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from catalog.parameters import Law
from catalog.terms import (
    NO_SOURCE,
    ZERO,
    Household,
    LocalMarket,
    Metal,
    Money,
    Option,
    OptionKind,
    Person,
    Plan,
    PlanVariant,
    ProductLine,
    Relationship,
    Source,
)
from configurator.ancillary import OptionPremium, face_amount, option_premium, role_of
from configurator.eligibility import Applicants, Reason, not_for_children_alone, only_for_children
from configurator.enrollment import BrokerStanding, Enrolling
from configurator.facts import facts_of
from configurator.policy_rules import CHILDREN, PARTNERS
from configurator.quote import PlanQuote, Quote, quote
from configurator.rating import is_pediatric
from configurator.rules import RuleSet, Verdict, check
from configurator.tax_credit import CSR_NAMES, CreditUnknown, dental_credit

FILED_LINES = (ProductLine.MEDICAL, ProductLine.DENTAL)
_AGE_CODES = ("dependent-age", "age")
_RELATIONSHIP_CODES = ("relationship", "role")
_LEVELS = (Metal.BRONZE, Metal.SILVER, Metal.GOLD, Metal.PLATINUM)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the member chose in one line: a plan or option id, the people covered, riders on top."""

    line: ProductLine
    option_id: str
    covered: tuple[str, ...]
    riders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One row of a policy's price: the filed rate, what it comes to a month, whether it counts, and why.

    ``person_id`` is empty where the rate is for the whole policy; ``item`` names the rider where it is one's.
    """

    person_id: str
    rate: Decimal
    amount: Money
    charged: bool
    reason: str
    item: str = ""
    source: Source = NO_SOURCE


@dataclass(frozen=True, slots=True)
class Policy:
    """A chosen policy with its price. ``premium`` and ``net_premium`` are None where it cannot be priced.

    ``credit`` is None where the tax credit is unknown; nothing is taken off then. ``reasons`` are why these people
    cannot have it, refusals of the price among them.
    """

    choice: Choice
    name: str
    issuer_id: str
    premium: Money | None
    credit: Money | None
    net_premium: Money | None
    rows: tuple[PriceRow, ...]
    reasons: tuple[Reason, ...]
    plan: Plan | None = None
    variant: PlanVariant | None = None
    options: tuple[Option, ...] = ()

    @property
    def line(self) -> ProductLine:
        """The product line of the policy."""
        return self.choice.line

    @property
    def available(self) -> bool:
        """It has a price and nothing speaks against these people having it."""
        return self.net_premium is not None and not self.reasons


@dataclass(frozen=True, slots=True)
class Bundle:
    """Policies in line order with their totals a month and the verdict of the rules.

    Totals are None where a policy has no price. ``credit`` is what is used, None where it is unknown.
    """

    policies: tuple[Policy, ...]
    verdict: Verdict
    premium: Money | None
    credit: Money | None
    net_premium: Money | None

    @property
    def valid(self) -> bool:
        """Every policy can be priced and bought, and no rule is violated."""
        return self.verdict.valid and all(
            policy.net_premium is not None and not policy.reasons for policy in self.policies
        )

    def policy(self, line: ProductLine) -> Policy | None:
        """The policy of a line, or None."""
        return next((policy for policy in self.policies if policy.line is line), None)


class Bundler:
    """Prices and checks bundles for one household; quotes for the same people are made once."""

    def __init__(
        self,
        market: LocalMarket,
        household: Household,
        law: Law,
        rules: RuleSet,
        answers: Mapping[str, Any] | None = None,
        enrolling: Enrolling | None = None,
        broker: BrokerStanding | None = None,
    ) -> None:
        self.market, self.household, self.law, self.rules = market, household, law, rules
        self.answers, self.enrolling, self.broker = answers or {}, enrolling, broker
        self.on = household.effective_date
        self._quotes: dict[frozenset[str], Quote] = {}

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """The household's facts, as the rules see them."""
        state = self.market.location.state
        return facts_of(self.household, self.law, state, self.answers, self.enrolling, self.broker)

    @cached_property
    def _options(self) -> Mapping[str, Option]:
        return {option.option_id: option for option in self.market.shelf.options}

    def quote_for(self, covered: Iterable[str]) -> Quote:
        """Every plan priced for these people of the household, as if only they applied."""
        ids = frozenset(covered)
        if ids not in self._quotes:
            persons = tuple(replace(person, applying=person.person_id in ids) for person in self.household.persons)
            self._quotes[ids] = quote(self.market, replace(self.household, persons=persons), self.law)
        return self._quotes[ids]

    def bundle(self, choices: Iterable[Choice]) -> Bundle:
        """Price and check. KeyError for an option that is not on offer at the address."""
        ordered = sorted(choices, key=lambda choice: list(ProductLine).index(choice.line))
        policies: list[Policy] = []
        for choice in ordered:
            policies.append(self._policy(choice, policies))
        selection = self.selection(policies)
        verdict = check(self.rules, selection, self.facts, self.law, self.on)
        return Bundle(
            policies=tuple(policies),
            verdict=verdict,
            premium=_total(policy.premium for policy in policies),
            credit=_total(policy.credit for policy in policies),
            net_premium=_total(policy.net_premium for policy in policies),
        )

    def _policy(self, choice: Choice, earlier: Sequence[Policy]) -> Policy:
        if choice.line is ProductLine.MEDICAL:
            return self._medical(choice)
        if choice.line is ProductLine.DENTAL and choice.option_id not in self._options:
            return self._dental(choice, earlier)
        return self._ancillary(choice)

    def _medical(self, choice: Choice) -> Policy:
        row = self.quote_for(choice.covered).by_plan_id[choice.option_id]
        return self._from_plan(choice, row, row.credit)

    def _dental(self, choice: Choice, earlier: Sequence[Policy]) -> Policy:
        row = self.quote_for(choice.covered).by_plan_id[choice.option_id]
        return self._from_plan(choice, row, self._credit_left(row, earlier))

    def _credit_left(self, row: PlanQuote, earlier: Sequence[Policy]) -> Money | None:
        """What the medical policy leaves of the credit, for the children's part of the dental plan."""
        medical = next((policy for policy in earlier if policy.line is ProductLine.MEDICAL), None)
        if medical is None:
            return ZERO
        priced = self.quote_for(medical.choice.covered)
        if isinstance(priced.credit, CreditUnknown) or medical.credit is None:
            return None
        leftover = priced.credit.amount - medical.credit if medical.credit else ZERO
        return dental_credit(leftover, row.plan, row.premium, priced.credit_person_ids)

    def _from_plan(self, choice: Choice, row: PlanQuote, credit: Money | None) -> Policy:
        total = row.premium.total
        rows = tuple(
            PriceRow(each.person_id, each.rate, each.rate, each.charged, each.reason, source=each.source)
            for each in row.premium.people
        )
        return Policy(
            choice=choice,
            name=row.plan.name,
            issuer_id=row.plan.issuer_id,
            premium=total,
            credit=credit,
            net_premium=None if total is None else total - (credit or ZERO),
            rows=rows,
            reasons=row.reasons,
            plan=row.plan,
            variant=row.variant,
        )

    def _ancillary(self, choice: Choice) -> Policy:
        options = tuple(self._options[each] for each in (choice.option_id, *choice.riders))
        people = self._people(choice)
        prices = [self._option_price(option, people) for option in options]
        total = _total(price.total for price in prices)
        refused = tuple(
            Reason(each.code, each.text, "filed rates", each.person_ids) for price in prices for each in price.refusals
        )
        product = self.market.shelf.products.get(options[0].product_id)
        return Policy(
            choice=choice,
            name=options[0].name,
            issuer_id=product.issuer_id if product else "",
            premium=total,
            credit=ZERO,
            net_premium=total,
            rows=tuple(
                row for option, price in zip(options, prices, strict=True) for row in _option_rows(option, price)
            ),
            reasons=refused + tuple(reason for price in prices for reason in price.reasons),
            options=options,
        )

    def _option_price(self, option: Option, people: Sequence[Person]) -> OptionPremium:
        return option_premium(option, people, self.market.shelf, self.market.location.rating_area, self.on)

    def _people(self, choice: Choice) -> tuple[Person, ...]:
        return tuple(person for person in self.household.persons if person.person_id in choice.covered)

    def _ages_at_year_start(self, people: Iterable[Person]) -> list[int]:
        """Ages on January 1 of the plan year of those who are born by the first day of cover (45 CFR 156.155(a)(5))."""
        ages = Applicants(self.household, self.law).ages_at_year_start
        return [ages[person.person_id] for person in people if person.person_id in ages]

    # What the rules see

    def selection(self, policies: Sequence[Policy]) -> dict[str, list[dict[str, Any]]]:
        """Attributes of each policy by line, in the vocabulary of the rules."""
        doubles = {line: self._policies_per_person(line, policies) for line in ProductLine}
        found: dict[str, list[dict[str, Any]]] = {}
        for policy in policies:
            attributes = self._common(policy) | {"policies_per_person": doubles[policy.line]}
            if policy.line in FILED_LINES:
                attributes |= self._of_filed_plan(policy)
            if policy.line is ProductLine.MEDICAL:
                attributes |= self._of_medical(policy)
            if policy.line is ProductLine.CRITICAL_ILLNESS:
                attributes |= self._of_illness(policy, policies)
            found.setdefault(policy.line.value, []).append(attributes)
        return found

    def _policies_per_person(self, line: ProductLine, policies: Sequence[Policy]) -> Decimal:
        covered = Counter(person for policy in policies if policy.line is line for person in policy.choice.covered)
        return Decimal(max(covered.values(), default=0))

    def _common(self, policy: Policy) -> dict[str, Any]:
        people = self._people(policy.choice)
        ages = [
            person.age_on(self.on) for person in people if person.birth_date is None or person.birth_date <= self.on
        ]
        children = [person.age_on(self.on) for person in people if person.relationship in CHILDREN]
        adult_age = self.law.value("rating.adult_age", self.on)
        codes = {reason.code for reason in policy.reasons}
        face = _filed(policy.options[0], "face_amount") if policy.options else None
        return {
            "selected": True,
            "people": Decimal(len(people)),
            "adults": Decimal(sum(age >= adult_age for age in ages)),
            "oldest_age": Decimal(max(ages, default=0)),
            "youngest_age": Decimal(min(ages, default=0)),
            "oldest_child_age": Decimal(max(children, default=0)),
            "covers_applicant": any(person.relationship is Relationship.SELF for person in people),
            "covers_spouse": any(person.relationship in PARTNERS for person in people),
            "covers_children": bool(children),
            "guaranteed_issue": self._guaranteed(policy),
            "face_amount": face or Decimal(0),
            "unaccepted_relationship": not codes.isdisjoint(_RELATIONSHIP_CODES),
            "outside_age_limits": not codes.isdisjoint(_AGE_CODES),
            "days_before_medical": Decimal(0),  # all policies of a bundle start on the household's day
            "coordinates_with_medical": any(o.attribute("coordinates_with_medical") is True for o in policy.options),
        }

    def _guaranteed(self, policy: Policy) -> bool:
        product = self.market.shelf.products.get(policy.options[0].product_id) if policy.options else None
        return product is None or product.underwriting != "questions"

    def _of_filed_plan(self, policy: Policy) -> dict[str, Any]:
        pediatric = sum(is_pediatric(person, self.law, self.on) for person in self._people(policy.choice))
        return {"under_19": Decimal(pediatric), "sold_at_address": True}

    def _of_medical(self, policy: Policy) -> dict[str, Any]:
        people = self._people(policy.choice)
        ages = self._ages_at_year_start(people)
        unexempt = self._ages_at_year_start(person for person in people if not person.hardship_exemption)
        plan, variant = policy.plan, policy.variant
        product = self.market.shelf.products.get(plan.product_id)
        return {
            "metal": plan.metal.level.value if plan.metal else "none",
            "on_exchange": self.household.on_exchange,
            "hdhp": bool(variant and variant.hsa_eligible),
            "pediatric_dental": plan.plan_id in self.market.with_pediatric_dental,
            "csr": CSR_NAMES.get(variant.csr, "standard") if variant else "standard",
            "credit": policy.credit or ZERO,
            "oldest_unexempt_age": Decimal(max(unexempt, default=0)),
            "oldest_age_at_year_start": Decimal(max(ages, default=0)),
            "child_only": only_for_children(plan),
            "adult_only": not_for_children_alone(plan),
            "medicare_entitled": Decimal(sum(bool(person.medicare) for person in people)),
            "shared_savings": CSR_NAMES[self.quote_for(policy.choice.covered).csr],
            "levels_from_current": self._levels_from_current(plan),
            "current_level_sold": self._current_level_sold(),
            "requires_another_line": bool(product and product.requires_line),
        }

    def _levels_from_current(self, plan: Plan) -> Decimal:
        """Metal levels up or down from the plan that the household has; catastrophic is far from every other."""
        current = self.enrolling.current_metal if self.enrolling else None
        if current is None or plan.metal is None or plan.metal.level is current.level:
            return Decimal(0)
        if {plan.metal.level, current.level} <= set(_LEVELS):
            return Decimal(abs(_LEVELS.index(plan.metal.level) - _LEVELS.index(current.level)))
        return Decimal(len(_LEVELS))

    def _current_level_sold(self) -> bool:
        current = self.enrolling.current_metal if self.enrolling else None
        side = "on_exchange" if self.household.on_exchange else "off_exchange"
        medical = (plan for plan in self.market.plans if plan.line is ProductLine.MEDICAL and getattr(plan, side))
        return current is None or any(plan.metal and plan.metal.level is current.level for plan in medical)

    def _of_illness(self, policy: Policy, policies: Sequence[Policy]) -> dict[str, Any]:
        """Shares of the applicant's face amount that the filed option gives to the family, and the sum of it all."""
        option, covers = policy.options[0], self._common(policy)
        face, fixed = _filed(option, "face_amount"), _filed(option, "child_face_amount")
        child = fixed * 100 / face if face and fixed else _filed(option, "child_percent")
        return {
            "spouse_percent": _filed(option, "spouse_percent") or Decimal(0) if covers["covers_spouse"] else Decimal(0),
            "child_percent": child or Decimal(0) if covers["covers_children"] else Decimal(0),
            "aggregate_face_amount": self._most_face_amount(policy.line, policies),
            "aggregate_limit": _filed(option, "aggregate_face_limit") or Decimal(0),
        }

    def _most_face_amount(self, line: ProductLine, policies: Sequence[Policy]) -> Decimal:
        """The most that one person is covered for over all policies of a line."""
        amounts: Counter[str] = Counter()
        for policy in policies:
            if policy.line is line:
                read = partial(_filed, policy.options[0])
                for person in self._people(policy.choice):
                    own = face_amount(read, role_of(person), person.age_on(self.on))
                    amounts[person.person_id] += own or Decimal(0)
        return max(amounts.values(), default=Decimal(0))


def _filed(option: Option, name: str) -> Decimal | None:
    """A number filed on the option; None where there is none of that name."""
    value = option.attribute(name)
    return value if isinstance(value, Decimal) else None


def _option_rows(option: Option, price: OptionPremium) -> tuple[PriceRow, ...]:
    item = option.name if option.kind is OptionKind.RIDER else ""
    return tuple(
        PriceRow(each.person_id, each.rate, each.amount, each.charged, each.reason, item, each.source)
        for each in price.charges
    )


def _total(amounts: Iterable[Money | None]) -> Money | None:
    listed = list(amounts)
    return None if None in listed else sum(listed, ZERO)
