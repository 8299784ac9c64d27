"""Whether an option goes with the rest of a bundle: by trying it, and reading what the rules say.

An option is closed only where nothing that is chosen in another line could settle what speaks against it. To find
out, the rules are asked once more with every other line unknown: what is still broken then is broken for certain.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from catalog.terms import ProductLine, spoken_list
from configurator.bundle import Bundle, Bundler, Choice, Policy
from configurator.eligibility import Reason
from configurator.rules import UNKNOWN, Violation, check


class Standing(StrEnum):
    """How an option stands beside the rest of the bundle.

    OPEN fits. NEEDS asks for something in a line where nothing is chosen yet. CLASHES goes against a choice in
    another line, which can be changed. CLOSED cannot be had by these people, whatever else is chosen.
    """

    OPEN = "open"
    NEEDS = "needs"
    CLASHES = "clashes"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What speaks against an option: one sentence, how to mend it, citations, people and lines concerned."""

    text: str
    mend: str
    cites: tuple[str, ...]
    person_ids: tuple[str, ...] = ()
    lines: tuple[ProductLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """An option tried out: the bundle with it, its policy, and how it stands."""

    bundle: Bundle
    policy: Policy
    standing: Standing
    obstacles: tuple[Obstacle, ...]


class _AnyAttributes(dict):
    """Attributes of a line in which everything is still possible."""

    def get(self, _name: str, _default: Any = None) -> Any:
        return UNKNOWN


def try_choice(bundler: Bundler, others: Iterable[Choice], choice: Choice, broken_before: Collection[str]) -> Trial:
    """Put a choice beside the choices of other lines. ``broken_before`` are ids of rules broken without it."""
    bundle = bundler.bundle([*others, choice])
    policy = bundle.policy(choice.line)
    new = [each for each in bundle.verdict.violations if each.rule_id not in broken_before]
    for_certain = _broken_for_certain(bundler, policy) if new else frozenset()
    final = [each for each in new if each.rule_id in for_certain]
    names = {person.person_id: person.name for person in bundler.household.persons}
    own = tuple(obstacle_of_reason(reason, names) for reason in _worth_saying(policy.reasons))
    if own or final:
        return Trial(bundle, policy, Standing.CLOSED, own or tuple(map(obstacle_of, final)))
    standing = _standing(new, choice.line, {each.line for each in bundle.policies})
    return Trial(bundle, policy, standing, tuple(map(obstacle_of, new)))


def _standing(new: list[Violation], line: ProductLine, chosen: set[ProductLine]) -> Standing:
    if not new:
        return Standing.OPEN
    concerned = {ProductLine(each) for violation in new for each in violation.lines} - {line}
    return Standing.CLASHES if concerned & chosen else Standing.NEEDS


def _worth_saying(reasons: tuple[Reason, ...]) -> Iterator[Reason]:
    """Reasons with missing rates last, and only of people about whom nothing better is said."""
    told = {person for reason in reasons if not _about_rates(reason) for person in reason.person_ids}
    for reason in sorted(reasons, key=_about_rates):
        if not _about_rates(reason) or not reason.person_ids or not told.issuperset(reason.person_ids):
            yield reason


def _about_rates(reason: Reason) -> bool:
    """A missing rate is the weakest of explanations; who may have the policy says more."""
    return reason.code.startswith("no-rate")


def obstacle_of_reason(reason: Reason, names: Mapping[str, str]) -> Obstacle:
    """Why these people cannot have a policy. A missing rate is said plainly, with what is filed beside the citation."""
    if not _about_rates(reason):
        return Obstacle(reason.text, "", (reason.cite,), reason.person_ids)
    who = spoken_list(names[each] for each in reason.person_ids if each in names)
    text = f"This has no price here{f' for {who}' if who else ''}."
    return Obstacle(text, "", (reason.text, reason.cite), reason.person_ids)


def obstacle_of(violation: Violation) -> Obstacle:
    """A broken rule in its own words."""
    lines = tuple(ProductLine(each) for each in violation.lines)
    return Obstacle(violation.message, violation.mend, violation.cite, lines=lines)


def _broken_for_certain(bundler: Bundler, policy: Policy) -> frozenset[str]:
    selection = {line.value: [_AnyAttributes()] for line in ProductLine}
    selection |= bundler.selection([policy])
    verdict = check(bundler.rules, selection, bundler.facts, bundler.law, bundler.on)
    return frozenset(violation.rule_id for violation in verdict.violations)
