"""What a person must be told about a bundle, beside what the rules allow: notices of law and of the issuer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from catalog.parameters import Law
from catalog.terms import ProductLine

Selection = Mapping[str, Sequence[Mapping[str, Any]]]  # line -> attributes of each policy, as the rules see them

# Excepted benefits as separate policies (45 CFR 148.220(b)) and always (148.220(a)); none is part of medical cover.
ADD_ONS = tuple(line for line in ProductLine if line not in (ProductLine.MEDICAL, ProductLine.HSA))
FIXED_INDEMNITY = (ProductLine.HOSPITAL_INDEMNITY,)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that must be said: stable code, plain words, citation, the lines it is about.

    ``document`` names the notice that goes with an application, where the law has one.
    """

    code: str
    text: str
    cite: str
    lines: tuple[str, ...]
    document: str = ""


def notices_for(selection: Selection, law: Law, on: date) -> tuple[Notice, ...]:
    """Every notice for a bundle whose cover starts on ``on``; ``selection`` as `Bundler.selection` gives it."""
    return tuple(notice for say in _NOTICES for notice in say(selection, law, on))


def _separate_policies(selection: Selection, _law: Law, _on: date) -> Iterator[Notice]:
    for line in ADD_ONS:
        if selection.get(line.value):
            text = "This is a policy of its own, with its own price. You can drop it without changing the others."
            yield Notice("separate-policy", text, "45 CFR 148.220(b)", (line.value,))


def _fixed_indemnity(selection: Selection, law: Law, on: date) -> Iterator[Notice]:
    """The notice of individual fixed indemnity cover; its wording is not held, only which one it is."""
    lines = tuple(line.value for line in FIXED_INDEMNITY if selection.get(line.value))
    if lines:
        found = law.entry("indemnity.individual_notice", on)
        text = "This policy pays fixed amounts. It is not full health insurance."
        yield Notice("fixed-indemnity", text, "; ".join(found.cite), lines, document=found.value)


def _child_dental_twice(selection: Selection, _law: Law, _on: date) -> Iterator[Notice]:
    """Children in a dental plan beside a medical plan that has their dental care already (issuer rule)."""
    embedded = any(p["pediatric_dental"] and p["under_19"] for p in selection.get(ProductLine.MEDICAL.value, ()))
    again = any(policy["under_19"] for policy in selection.get(ProductLine.DENTAL.value, ()))
    if embedded and again:
        text = "The medical plan already has dental cover for children. You may not need to cover them twice."
        lines = (ProductLine.MEDICAL.value, ProductLine.DENTAL.value)
        yield Notice("child-dental-twice", text, "issuer rule: coordination of dental policies", lines)


_NOTICES: tuple[Callable[[Selection, Law, date], Iterator[Notice]], ...] = (
    _separate_policies,
    _fixed_indemnity,
    _child_dental_twice,
)
