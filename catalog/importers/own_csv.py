"""The payer's own CSV set: market, places and ancillary products; its columns are told in ancillary_columns.md."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from catalog.importers import own_text, text
from catalog.importers.common import Format, Found, ImportContext, quarantined
from catalog.importers.csv_table import Row, read_rows
from catalog.importers.own_columns import SET, best_fit
from catalog.terms import (
    AttributeValue,
    County,
    Issuer,
    MarketCoverage,
    Noun,
    Option,
    OptionBenefit,
    OptionEligibility,
    OptionKind,
    OptionRate,
    Product,
    RateUnit,
    RatingAreaPart,
    UnderwritingQuestion,
    ZipCounty,
)

_Build = Callable[[Row], Noun]
_GUARDS = {
    "planyear": re.compile(r"\d{4}"),
    "issuerid": re.compile(r"\d{5}"),
    "state": re.compile(r"[A-Z]{2}"),
    "countyfips": re.compile(r"\d{4,5}"),
    "ratingarea": re.compile(r"ALL|Rating Area \d+", re.IGNORECASE),
    "effectivefrom": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "effectiveuntil": re.compile(r"\d{4}-\d{2}-\d{2}"),
}


def _rows(path: Path, context: ImportContext, name: str) -> Iterator[Row]:
    """Rows of one file of the set, each of the import's plan year."""
    for row in read_rows(path, context, SET[name].required, _GUARDS):
        year = row.read(own_text.year, "planyear")
        if year is not None:
            context.saw_year(year, row.source, row.label_of("planyear"))
        yield row


def _reader(name: str, build: _Build, known: bool = False) -> Callable[[Path, ImportContext], Iterator[Found]]:
    """A reader of a file whose every row is one noun; ``known`` ones are remembered: other files imply them too."""

    def read(path: Path, context: ImportContext) -> Iterator[Found]:
        for row in _rows(path, context, name):
            noun = build(row)
            if known and not row.problems:
                context.is_new(noun)
            yield from row.outcome(noun)

    return read


def _issuer(row: Row) -> Issuer:
    return Issuer(
        issuer_id=row.read(text.issuer_id, "issuerid"),
        name=row.read(own_text.required, "name"),
        state=row.read(text.state, "state"),
        sold_by_us=row.read(text.required_yes_no, "soldbyus"),
        phone=row.text("phone"),
        tty=row.text("tty"),
        website=row.text("website"),
        address=row.text("address"),
        directory_url=row.read(own_text.url, "directoryurl"),
        formulary_url=row.read(own_text.url, "formularyurl"),
        payment_url=row.read(own_text.url, "paymenturl"),
        source=row.source,
    )


def _coverage(row: Row) -> MarketCoverage:
    return MarketCoverage(
        state=row.read(text.state, "state"),
        county_fips=row.read(text.county_fips, "countyfips"),
        complete=row.read(text.required_yes_no, "complete"),
        note=row.text("note"),
        source=row.source,
    )


def _zip_county(row: Row) -> ZipCounty:
    return ZipCounty(row.read(text.zip_code, "zip"), row.read(text.county_fips, "countyfips"), row.source)


def read_rating_areas(path: Path, context: ImportContext) -> Iterator[Found]:
    """Parts of rating areas, and the counties that a county_name column names."""
    for row in _rows(path, context, "rating_areas"):
        part = _area_part(row)
        county = County(part.county_fips, row.text("countyname"), part.state, row.source)
        named = bool(county.fips and county.name and not row.problems)
        if named:
            context.saw_county(county.state, county.name, county.fips)
        yield from row.outcome(part, *([county] if named and context.is_new(county) else []))


def _area_part(row: Row) -> RatingAreaPart:
    fips = row.read(text.county_fips, "countyfips") if row.text("countyfips") else ""
    zip3 = row.read(text.zip3, "zip3") if row.text("zip3") else ""
    if not row.problems and bool(fips) == bool(zip3):
        found = "both" if fips else "neither"
        expected = "a county or a 3-digit ZIP, one of the two"
        row.problems.append(quarantined(row.source, "county_fips, zip3", found, expected, "area-without-place"))
    area = row.read(text.rating_area, "ratingarea")
    return RatingAreaPart(row.read(text.state, "state"), area, fips, zip3, row.source)


def _product(row: Row) -> Product:
    return Product(
        product_id=row.read(own_text.required, "productid"),
        issuer_id=row.read(text.issuer_id, "issuerid"),
        line=row.read(own_text.line, "line"),
        name=row.read(own_text.required, "name"),
        description=row.text("description"),
        form_number=row.text("formnumber"),
        excepted_benefit=row.read(text.required_yes_no, "exceptedbenefit"),
        requires_line=row.read(own_text.optional_line, "requiresline"),
        underwriting=row.read(own_text.underwriting, "underwriting"),
        service_area_id=row.text("serviceareaid"),
        preferred=row.read(text.yes_no, "preferred") or False,
        brochure_url=row.read(own_text.url, "brochureurl"),
        outline_url=row.read(own_text.url, "outlineurl"),
        effective_from=row.read(own_text.day, "effectivefrom"),
        effective_until=row.read(own_text.day, "effectiveuntil"),
        source=row.source,
    )


def read_attributes(path: Path, context: ImportContext) -> Iterator[Found]:
    """Keep the attributes for the options that follow; those of no option are reported at the end of the import."""
    if not context.option_attributes:
        context.at_end.append(partial(_attributes_left, context))
    for row in _rows(path, context, "option_attributes"):
        option = row.read(own_text.required, "optionid")
        name = row.read(own_text.required, "name")
        parse = row.read(own_text.attribute_type, "type")
        value = row.read(parse, "value") if parse else None
        if row.problems:
            yield from row.problems
            continue
        kept = context.option_attributes.setdefault(option, {})
        if name in kept and kept[name][0] != value:
            expected = f"{kept[name][0]} as in {kept[name][1].place}, or one row"
            yield quarantined(row.source, "value", str(value), expected, "conflicting-attribute")
        else:
            kept[name] = (value, row.source)


def _attributes_left(context: ImportContext) -> Iterator[Found]:
    """Problems for attributes whose option is in no file."""
    while context.option_attributes:
        option, kept = context.option_attributes.popitem()
        for _, source in kept.values():
            yield quarantined(source, "option_id", option, "an option of options.csv", "attribute-without-option")


def read_options(path: Path, context: ImportContext) -> Iterator[Found]:
    """Options with the attributes that were read before them."""
    for row in _rows(path, context, "options"):
        kept = context.option_attributes.pop(row.text("optionid"), {})
        attributes = tuple((name, value) for name, (value, _) in sorted(kept.items()))
        option = _option(row, attributes)
        yield from row.outcome(option)


def _option(row: Row, attributes: tuple[tuple[str, AttributeValue], ...]) -> Option:
    kind = row.read(own_text.option_kind, "kind")
    base = row.text("baseoptionid")
    if kind and bool(base) is (kind is OptionKind.CHOICE):
        expected = "the option that the rider is added to; nothing for a choice"
        row.problems.append(quarantined(row.source, "base_option_id", base, expected, "wrong-base-option"))
    return Option(
        option_id=row.read(own_text.required, "optionid"),
        product_id=row.read(own_text.required, "productid"),
        line=row.read(own_text.line, "line"),
        name=row.read(own_text.required, "name"),
        kind=kind,
        base_option_id=base,
        description=row.text("description"),
        order=row.read(text.required_count, "order"),
        attributes=attributes,
        source=row.source,
    )


def _rate(row: Row) -> OptionRate:
    unit = row.read(own_text.rate_unit, "unit")
    amount = own_text.amount_per_1000 if unit is RateUnit.PER_1000 else own_text.amount
    return OptionRate(
        option_id=row.read(own_text.required, "optionid"),
        role=row.read(own_text.rate_role, "personrole"),
        unit=unit,
        amount=row.read(amount, "amount"),
        effective_from=row.read(own_text.day, "effectivefrom"),
        effective_until=row.read(own_text.day, "effectiveuntil"),
        age_low=row.read(own_text.age, "agelow"),
        age_high=row.read(own_text.oldest_age, "agehigh"),
        rating_area=row.read(own_text.rating_area, "ratingarea"),
        tobacco=row.read(own_text.tobacco, "tobacco"),
        source=row.source,
    )


def _benefit(row: Row) -> OptionBenefit:
    _both_or_none(row, "paysamount", "paysunit")
    _both_or_none(row, "limitqty", "limitunit")
    return OptionBenefit(
        option_id=row.read(own_text.required, "optionid"),
        benefit=row.read(own_text.required, "benefit"),
        text=row.text("text"),
        member_pays=row.read(own_text.member_pays, "memberpays"),
        pays_amount=row.read(own_text.optional_amount, "paysamount"),
        pays_unit=row.read(own_text.pays_unit, "paysunit"),
        limit_quantity=row.read(text.quantity, "limitqty"),
        limit_unit=row.read(own_text.limit_unit, "limitunit"),
        waiting_days=row.read(text.positive_count, "waitingperioddays"),
        waived_with_prior_cover=row.read(text.yes_no, "waivedwithpriorcover"),
        network_tier=row.read(own_text.network_tier, "tier"),
        order=row.read(text.required_count, "order"),
        source=row.source,
    )


def _both_or_none(row: Row, first: str, second: str) -> None:
    """Two cells that mean something only together."""
    if bool(row.text(first)) is not bool(row.text(second)):
        names = f"{row.label_of(first)}, {row.label_of(second)}"
        found = row.text(first) or row.text(second)
        row.problems.append(quarantined(row.source, names, found, "both cells, or none", "half-a-pair"))


def _eligibility(row: Row) -> OptionEligibility:
    return OptionEligibility(
        option_id=row.read(own_text.required, "optionid"),
        role=row.read(own_text.person_role, "personrole"),
        min_age=row.read(own_text.optional_age, "minage") or 0,
        max_age=row.read(own_text.oldest_age, "maxage"),
        max_count=row.read(text.count, "maxcount"),
        requires_role=row.read(own_text.optional_role, "requiresrole"),
        requires_option_id=row.text("requiresoptionid"),
        requires_fact=row.text("requiresfact"),
        text=row.text("text"),
        source=row.source,
    )


def _question(row: Row) -> UnderwritingQuestion:
    row.read(own_text.answer_type, "answertype")
    return UnderwritingQuestion(
        product_id=row.read(own_text.required, "productid"),
        question_id=row.read(own_text.required, "questionid"),
        text=row.read(own_text.required, "text"),
        role=row.read(own_text.person_role, "appliestorole"),
        expected_answer=row.read(own_text.expected_answer, "expectedanswer"),
        on_other_answer=row.read(own_text.outcome, "onotheranswer"),
        filed_form=row.text("source"),
        order=row.read(text.required_count, "order"),
        source=row.source,
    )


# File of the set -> reading order (see Format.order) and reader.
_READERS: dict[str, tuple[int, Callable[[Path, ImportContext], Iterator[Found]]]] = {
    "issuers": (0, _reader("issuers", _issuer, known=True)),
    "rating_areas": (1, read_rating_areas),
    "market": (3, _reader("market", _coverage)),
    "zip_counties": (4, _reader("zip_counties", _zip_county)),
    "products": (40, _reader("products", _product, known=True)),
    "option_attributes": (41, read_attributes),
    "options": (42, read_options),
    "option_rates": (43, _reader("option_rates", _rate)),
    "option_benefits": (44, _reader("option_benefits", _benefit)),
    "option_eligibility": (45, _reader("option_eligibility", _eligibility)),
    "underwriting_questions": (46, _reader("underwriting_questions", _question)),
}


def _recogniser(name: str) -> Callable[[Path, bytes], bool]:
    return lambda path, head: best_fit(path, head) == name


FORMATS = tuple(
    Format(f"{name}.csv of the payer's own set", "own", "csv", order, _recogniser(name), reader)
    for name, (order, reader) in _READERS.items()
)
