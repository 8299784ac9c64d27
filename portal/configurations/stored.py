"""What a saved version holds: the inputs of a bundle, and what they came to on the day it was saved.

The inputs are enough to make the bundle again (catalogue release, law, rules, household, choices); the outcome is
kept beside them, so that a later replay can prove that nothing has moved.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.parameters import Law
from catalog.store.market import local_market, locate
from catalog.terms import Household, Money, ProductLine
from configurator.bundle import Bundle, Bundler, Choice
from configurator.facts import read_answers
from configurator.rating import ages_needed
from configurator.rules import RuleSet
from portal.plans.shop import Shop
from portal.web.formats import dollars


@dataclass(frozen=True, slots=True)
class StoredInputs:
    """Everything that a bundle is made from.

    ``answers`` are told household facts as stored (numbers as text), ``names`` the real names by person id.
    ``sort_name`` and ``assumptions`` say in which order plans were shown when the choice was made.
    """

    household: Household
    choices: tuple[Choice, ...]
    release_id: str
    law_version: str
    rule_set_version: str
    answers: dict[str, bool | str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    sort_name: str = ""
    assumptions: tuple[str, ...] = ()
    quick: bool = False


def inputs_of(shop: Shop, choices: Iterable[Choice], sort_name: str = "", assumptions: str = "") -> StoredInputs:
    """The inputs of a bundle that is chosen in a shop now; ``sort_name`` is the order of the list it came from."""
    return StoredInputs(
        household=shop.household,
        choices=tuple(choices),
        release_id=shop.release.release_id,
        law_version=shop.law.version,
        rule_set_version=shop.bundler.rules.version,
        answers=dict(shop.record.facts),
        names={person.id: person.name for person in shop.record.people if person.name},
        sort_name=sort_name,
        assumptions=(assumptions,) if assumptions else (),
        quick=shop.record.quick,
    )


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A policy as it was priced, in dollars a month."""

    line: ProductLine
    option_id: str
    name: str
    premium: Money
    credit: Money | None
    net_premium: Money
    variant_id: str = ""


@dataclass(frozen=True, slots=True)
class StoredBundle:
    """A bundle as it was priced and checked, in dollars a month; ``credit`` is None where it was unknown."""

    policies: tuple[StoredPolicy, ...]
    premium: Money
    credit: Money | None
    net_premium: Money
    valid: bool
    open_questions: tuple[str, ...] = ()


class NotPriced(ValueError):
    """A policy of the bundle has no price, so there is nothing to store."""


def store_bundle(bundle: Bundle) -> StoredBundle:
    """The outcome to keep. Raises NotPriced."""
    if bundle.net_premium is None or not bundle.policies:
        raise NotPriced
    return StoredBundle(
        policies=tuple(
            StoredPolicy(
                line=policy.line,
                option_id=policy.choice.option_id,
                name=policy.name,
                premium=policy.premium,
                credit=policy.credit,
                net_premium=policy.net_premium,
                variant_id=policy.variant.variant_id if policy.variant else "",
            )
            for policy in bundle.policies
        ),
        premium=bundle.premium,
        credit=bundle.credit,
        net_premium=bundle.net_premium,
        valid=bundle.valid,
        open_questions=tuple(question.rule_id for question in bundle.verdict.open_questions),
    )


def replay(session: Any, inputs: StoredInputs, law: Law, rules: RuleSet) -> tuple[Bundler, Bundle]:
    """The bundle made again from its stored inputs, with the catalogue release it was made from.

    LookupError where the release is gone or the place is no longer in it.
    """
    household = inputs.household
    place = locate(session, inputs.release_id, household.zip_code, household.county_fips or None)
    if place.location is None:
        raise LookupError(place.refusal or f"ZIP code {household.zip_code} lies in more than one county.")
    on = household.effective_date
    ages = ages_needed(household.persons, on)
    market = local_market(session, inputs.release_id, place.location, on=on, ages=ages)
    bundler = Bundler(market, household, law, rules, read_answers(inputs.answers))
    return bundler, bundler.bundle(inputs.choices)


def differences(stored: StoredBundle, again: Bundle) -> tuple[str, ...]:
    """In words, what a replay gives differently; empty where it gives the same."""
    found = [_differs(policy.name, policy.net_premium, _net(again, policy.line)) for policy in stored.policies]
    return tuple(filter(None, (*found, _differs("The total", stored.net_premium, again.net_premium))))


def _net(bundle: Bundle, line: ProductLine) -> Money | None:
    policy = bundle.policy(line)
    return policy.net_premium if policy else None


def _differs(name: str, before: Money, now: Money | None) -> str:
    if before == now:
        return ""
    return f"{name} was {dollars(before)} a month when it was saved and is {dollars(now) if now else 'not priced'} now."


def renumbered(choices: Iterable[Choice], new_ids: Mapping[str, str]) -> tuple[Choice, ...]:
    """The same choices for people who got new ids (a copy of the household elsewhere)."""
    return tuple(
        Choice(c.line, c.option_id, tuple(new_ids[each] for each in c.covered if each in new_ids), c.riders)
        for c in choices
    )
