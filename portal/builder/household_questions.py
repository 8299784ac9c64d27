"""What rules still have to know about the household itself: the question in words, and the field that answers it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from catalog.terms import Person, Relationship
from configurator.facts import Fact
from portal.plans.shop import Shop


@dataclass(frozen=True, slots=True)
class OpenFact:
    """Something untold about the household. ``person_id`` and ``field`` say where it is answered, as far as it can be.

    Without a person the field is one of the address page; without a field there is nothing that a person can tell.
    """

    text: str
    person_id: str = ""
    field: str = ""


# Facts that come from one answer for each person: the attribute, the question, the field of the person's page.
_OF_PEOPLE: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "applicant_has_medicare": ("medicare", "whether {} has Medicare", "medicare-0"),
        "medicare_any": ("medicare", "whether {} has Medicare", "medicare-0"),
        "other_offer_any": ("other_offer", "whether {} could get affordable cover elsewhere", "other_offer-0"),
        "tobacco_any": ("tobacco", "whether {} uses tobacco", "tobacco-0"),
    }
)
_OF_INCOME = frozenset({"income", "fpl_percent", "credit_by_income", "extra_savings", "savings_by_income"})
_APPLICANT = "applicant_"


def open_facts(shop: Shop, facts: tuple[Fact, ...]) -> tuple[OpenFact, ...]:
    """What is untold behind these facts, each thing once."""
    return tuple(dict.fromkeys(each for fact in facts for each in _behind(shop, fact)))


def _behind(shop: Shop, fact: Fact) -> Iterator[OpenFact]:
    if fact.name in _OF_PEOPLE:
        attribute, words, field = _OF_PEOPLE[fact.name]
        for person in _asked_about(shop, fact):
            if getattr(person, attribute) is None:
                yield OpenFact(_about(person, words), person.person_id, field)
    elif fact.name in _OF_INCOME and shop.household.income is None:
        yield OpenFact("what your household expects to earn in the year", field="income")
    else:
        yield OpenFact(f"{fact.type.meaning}; you do not need to do anything about this")


def _asked_about(shop: Shop, fact: Fact) -> tuple[Person, ...]:
    if fact.name.startswith(_APPLICANT):
        return tuple(each for each in shop.household.persons if each.relationship is Relationship.SELF)
    return shop.household.applicants


def _about(person: Person, words: str) -> str:
    """Said to the applicant as "you" where no name is known."""
    if person.relationship is Relationship.SELF and person.name.startswith("You "):
        return words.format("you").replace("you has", "you have").replace("you uses", "you use")
    return words.format(person.name)
