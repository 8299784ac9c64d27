"""The first lines of the list: for whom, where and from when; the credit; what is worth knowing."""

from dataclasses import dataclass
from datetime import date

from catalog.terms import Csr, Metal, ProductLine
from configurator.quote import Quote
from configurator.savings import Note
from portal.plans.prices import CreditStory, IncomeChange, credit_story, income_changes
from portal.plans.shop import Shop
from portal.web.formats import count_of

_ASSUMED = "assumed-"
_SILVER_SAVINGS = ("Silver plans give you extra savings: lower deductibles and limits.", Metal.SILVER.value)
_SAVINGS = {
    Csr.SILVER_73: _SILVER_SAVINGS,
    Csr.SILVER_87: _SILVER_SAVINGS,
    Csr.SILVER_94: _SILVER_SAVINGS,
    Csr.ZERO: ("Extra savings for tribal members: you pay nothing for covered care, on any metal level here.", ""),
    Csr.LIMITED: (
        "Extra savings for tribal members: you pay nothing for care from an Indian health provider or by its referral.",
        "",
    ),
}
_KINDS = ("County", "Parish", "Borough", "Area", "City", "city", "Municipality", "Municipio", "Island")


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything above the cards. ``assumed`` are the notes on what was taken for granted, not told.

    ``savings`` says what a cost-sharing reduction gives here, empty for none; ``savings_metal`` is the filter value
    of the metal level that it takes, empty where any will do. ``lines`` are the product lines sold here.
    """

    people: str
    county: str
    start: date
    credit: CreditStory
    income_known: bool
    changes: tuple[IncomeChange, ...]
    notes: tuple[Note, ...]
    assumed: tuple[Note, ...]
    quick: bool
    savings: str
    savings_metal: str
    lines: frozenset[ProductLine]
    release_id: str
    law_version: str


def overview_of(shop: Shop, line: ProductLine = ProductLine.MEDICAL) -> Overview:
    """The overview of a household's shop. Income changes matter to medical plans only."""
    quote = shop.quote
    savings, metal = _savings(quote, line)
    return Overview(
        people=count_of(len(shop.applicant_ids), "person", "people"),
        county=county_words(shop.market.location.county_name),
        start=shop.household.effective_date,
        credit=credit_story(quote, shop.market),
        income_known=shop.household.income is not None,
        changes=income_changes(quote, shop.law) if line is ProductLine.MEDICAL else (),
        notes=tuple(note for note in quote.notes if not note.code.startswith(_ASSUMED)),
        assumed=tuple(note for note in quote.notes if note.code.startswith(_ASSUMED)),
        quick=quote.quick,
        savings=savings,
        savings_metal=metal,
        lines=frozenset(row.plan.line for row in quote.plans),
        release_id=quote.inputs.release_id,
        law_version=quote.inputs.law_version,
    )


def _savings(quote: Quote, line: ProductLine) -> tuple[str, str]:
    """What the household's cost-sharing level gives on plans of the line sold here, and the metal that it takes."""
    held = (row.variant.csr for row in quote.in_line(line) if row.variant)
    return _SAVINGS.get(quote.csr, ("", "")) if quote.csr in held else ("", "")


def county_words(name: str) -> str:
    """``Franklin County``, whether the county is filed with that word or without."""
    return name if name.endswith(_KINDS) else f"{name} County"
