"""Which family tier a group of people is, where rates are filed by tier (45 CFR 147.102(c)(2))."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.terms import Person, Relationship
from configurator.policy_rules import PARTNERS

_CHILDREN = ("", "one", "two", "three")  # names in `TierRate`; three stands for more too
_WORDS = ("", " with one child", " with two children", " with three or more children")


@dataclass(frozen=True, slots=True)
class Tier:
    """Tier of a group: the ``TierRate`` field that prices it, in words, and who holds the policy."""

    field: str
    text: str
    subscriber_id: str


def tier_of(persons: tuple[Person, ...], ages: Mapping[str, int]) -> Tier:
    """The tier of at least one person; with no applicant or partner the oldest holds the policy."""
    subscriber = min(persons, key=lambda person: _rank(person, ages))
    partner = any(person.relationship in PARTNERS for person in persons if person is not subscriber)
    dependents = min(len(persons) - 1 - partner, len(_CHILDREN) - 1)
    adults = "couple" if partner else "single"
    field = f"{adults}_{_CHILDREN[dependents]}" if dependents else adults
    words = "a couple" if partner else "one adult"
    return Tier(field, words + _WORDS[dependents], subscriber.person_id)


def _rank(person: Person, ages: Mapping[str, int]) -> tuple[int, int, str]:
    order = 0 if person.relationship is Relationship.SELF else 1 if person.relationship in PARTNERS else 2
    return order, -ages[person.person_id], person.person_id
