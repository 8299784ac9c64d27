"""The basket: each policy with its own price, the total with and without add-ons, what the rules say, what is asked."""

from dataclasses import dataclass

from catalog.terms import Money, ProductLine
from configurator.bundle import Bundle, Policy
from configurator.facts import BY_NAME, Fact
from configurator.notices import Notice, notices_for
from configurator.rules import Verdict
from portal.builder.availability import Obstacle, obstacle_of, obstacle_of_reason
from portal.builder.household_questions import OpenFact, open_facts
from portal.configurations.summary import FIXED_PAYMENT, LINE_WORDS
from portal.plans.shop import Shop
from portal.plans.wording import source_words
from portal.web.formats import count_of, dollars

MANY_PEOPLE = 3


@dataclass(frozen=True, slots=True)
class RateLine:
    """One filed rate of a policy: who or what it is for, what it comes to, whether it counts, where it is filed."""

    who: str
    amount: Money
    charged: bool
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class PolicyLine:
    """A policy in the basket, in dollars a month; ``net`` is None where it has no price for these people."""

    line: ProductLine
    label: str
    name: str
    covers: str
    premium: Money | None
    credit: Money | None
    net: Money | None
    rows: tuple[RateLine, ...]
    problems: tuple[Obstacle, ...]
    fixed_payment: bool


@dataclass(frozen=True, slots=True)
class Basket:
    """What is in the bundle and whether it can be saved. Totals are None where a policy has no price.

    ``without_add_ons`` is the medical plan alone; None where there is none.
    """

    policies: tuple[PolicyLine, ...]
    total: Money | None
    premium: Money | None
    credit: Money | None
    without_add_ons: Money | None
    add_ons: bool
    violations: tuple[Obstacle, ...]
    valid: bool
    questions: tuple[Fact, ...]
    told: tuple[Fact, ...]
    household_facts: tuple[OpenFact, ...]
    overlaps: tuple[Notice, ...]

    @property
    def count(self) -> int:
        """Problems to mend before it can be saved."""
        return len(self.violations) + sum(bool(policy.problems) for policy in self.policies)

    @property
    def announcement(self) -> str:
        """The total and the rule state in one sentence, for people who listen."""
        if not self.policies:
            return "Your bundle is empty."
        total = f"Total {dollars(self.total)} a month." if self.total is not None else "The total is not known."
        return f"{total} {self.state_words}."

    @property
    def open_count(self) -> int:
        """Questions whose answers the rules wait for."""
        return len(self.questions) + len(self.household_facts)

    @property
    def state(self) -> str:
        """``stop`` where something is broken, ``open`` where a rule waits for an answer, else ``good``."""
        if not self.valid:
            return "stop"
        return "open" if self.open_count else "good"

    @property
    def state_words(self) -> str:
        """The state in words, without a full stop."""
        if self.state == "good":
            return "Everything fits"
        if self.state == "stop":
            return f"{count_of(self.count, 'thing')} to mend"
        return f"Nothing is broken; {count_of(self.open_count, 'question')} open"


def basket_of(shop: Shop, bundle: Bundle) -> Basket:
    """The basket of a bundle."""
    names = {person.person_id: person.name for person in shop.household.persons}
    policies = tuple(_policy_line(policy, names, shop.applicant_ids) for policy in bundle.policies)
    asked, others = _open_facts(bundle.verdict)
    return Basket(
        policies=policies,
        total=bundle.net_premium,
        premium=bundle.premium,
        credit=bundle.credit,
        without_add_ons=_without_add_ons(bundle),
        add_ons=any(policy.line is not ProductLine.MEDICAL for policy in bundle.policies),
        violations=tuple(map(obstacle_of, bundle.verdict.violations)),
        valid=bundle.valid,
        questions=asked,
        told=_told(shop),
        household_facts=open_facts(shop, others),
        overlaps=_overlaps(shop, bundle),
    )


def _covers(covered: tuple[str, ...], names: dict[str, str], everybody: tuple[str, ...]) -> str:
    """Who is covered; in short where it is everybody and they are many."""
    if len(everybody) >= MANY_PEOPLE and set(covered) == set(everybody):
        return f"Everybody ({count_of(len(everybody), 'person', 'people')})"
    return " · ".join(names[each] for each in covered if each in names)


def _policy_line(policy: Policy, names: dict[str, str], everybody: tuple[str, ...]) -> PolicyLine:
    return PolicyLine(
        line=policy.line,
        label=LINE_WORDS[policy.line],
        name=policy.name,
        covers=_covers(policy.choice.covered, names, everybody),
        premium=policy.premium,
        credit=policy.credit,
        net=policy.net_premium,
        rows=rate_lines(policy, names),
        problems=tuple(obstacle_of_reason(reason, names) for reason in policy.reasons),
        fixed_payment=policy.line in FIXED_PAYMENT,
    )


def rate_lines(policy: Policy, names: dict[str, str]) -> tuple[RateLine, ...]:
    """The filed rates behind a policy's price."""
    return tuple(
        RateLine(
            who=": ".join(filter(None, (names.get(row.person_id, "The whole policy"), row.item))),
            amount=row.amount,
            charged=row.charged,
            reason=row.reason,
            source=source_words(row.source),
        )
        for row in policy.rows
    )


def _overlaps(shop: Shop, bundle: Bundle) -> tuple[Notice, ...]:
    """What is to be said of several policies together; what is said of one stands on the page of its line."""
    bundler = shop.bundler
    found = notices_for(bundler.selection(bundle.policies), bundler.law, bundler.on)
    return tuple(notice for notice in found if len(notice.lines) > 1)


def _without_add_ons(bundle: Bundle) -> Money | None:
    medical = bundle.policy(ProductLine.MEDICAL)
    return medical.net_premium if medical else None


def _open_facts(verdict: Verdict) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """Facts to ask for right here, and those that the household's pages ask for."""
    names = dict.fromkeys(name for question in verdict.open_questions for name in question.facts)
    facts = [BY_NAME[name] for name in names if name in BY_NAME]
    return tuple(fact for fact in facts if fact.asked), tuple(fact for fact in facts if not fact.asked)


def _told(shop: Shop) -> tuple[Fact, ...]:
    return tuple(BY_NAME[name] for name in shop.record.facts if name in BY_NAME and BY_NAME[name].asked)
