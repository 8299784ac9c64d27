"""How the page of a line speaks: of a policy that covers people, of a service, or of an account."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from catalog.terms import ProductLine
from portal.configurations.summary import LINE_WORDS

_UNCHANGED = "It changes nothing in the price of your medical plan."


@dataclass(frozen=True, slots=True)
class LineWords:
    """What stands on its own, who it is for, the button that changes that, and what "no thanks" means."""

    own: str
    people: str
    change_people: str
    no_thanks: str


_POLICY = LineWords(
    own="A policy of its own: you say yes to it on its own, pay for it on its own, and can end it on its own. "
    + _UNCHANGED,
    people="Who should this cover?",
    change_people="Cover these people",
    no_thanks="I do not want {} cover from here.",
)
_SERVICE = LineWords(
    own="A service of its own, no insurance: you say yes to it on its own, pay for it on its own, and can end it on "
    "its own. " + _UNCHANGED,
    people="Who should this be for?",
    change_people="Change who it is for",
    no_thanks="I do not want this from here.",
)
_WORDS: Mapping[ProductLine, LineWords] = MappingProxyType(
    {
        ProductLine.TELEHEALTH: replace(_SERVICE, no_thanks="I do not want telehealth visits from here."),
        ProductLine.WELLNESS: replace(_SERVICE, no_thanks="I do not want a wellness program from here."),
        ProductLine.TRANSPORT: replace(_SERVICE, no_thanks="I do not want rides from here."),
        ProductLine.HSA: LineWords(
            own="An account of its own: you open it on its own, pay for it on its own, and can close it on its own. "
            + _UNCHANGED,
            people="Whose account should this be?",
            change_people="Change whose account it is",
            no_thanks="I do not want a health savings account.",
        ),
    }
)


def words_of(line: ProductLine) -> LineWords:
    """The words of a line."""
    return _WORDS.get(line) or replace(_POLICY, no_thanks=_POLICY.no_thanks.format(LINE_WORDS[line].lower()))
