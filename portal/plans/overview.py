"""The first lines of the list: for whom, where and from when; the credit; what is worth knowing."""

from dataclasses import dataclass
from datetime import date

from catalog.terms import ProductLine
from configurator.savings import Note
from portal.plans.prices import CreditStory, IncomeChange, credit_story, income_changes
from portal.plans.shop import Shop
from portal.web.formats import count_of

_ASSUMED = "assumed-"
_KINDS = ("County", "Parish", "Borough", "Area", "City", "city", "Municipality", "Municipio", "Island")


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything above the cards. ``assumed`` are the notes on what was taken for granted, not told."""

    people: str
    county: str
    start: date
    credit: CreditStory
    income_known: bool
    changes: tuple[IncomeChange, ...]
    notes: tuple[Note, ...]
    assumed: tuple[Note, ...]
    quick: bool
    release_id: str
    law_version: str


def overview_of(shop: Shop, line: ProductLine = ProductLine.MEDICAL) -> Overview:
    """The overview of a household's shop. Income changes matter to medical plans only."""
    quote = shop.quote
    return Overview(
        people=count_of(len(shop.applicant_ids), "person", "people"),
        county=county_words(shop.market.location.county_name),
        start=shop.household.effective_date,
        credit=credit_story(quote),
        income_known=shop.household.income is not None,
        changes=income_changes(quote, shop.law) if line is ProductLine.MEDICAL else (),
        notes=tuple(note for note in quote.notes if not note.code.startswith(_ASSUMED)),
        assumed=tuple(note for note in quote.notes if note.code.startswith(_ASSUMED)),
        quick=quote.quick,
        release_id=quote.inputs.release_id,
        law_version=quote.inputs.law_version,
    )


def county_words(name: str) -> str:
    """``Franklin County``, whether the county is filed with that word or without."""
    return name if name.endswith(_KINDS) else f"{name} County"
