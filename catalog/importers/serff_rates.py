"""Rates template as exported to XML: premiums by age, or by family tier, for effective periods.

Templates v7.1 and v11.0 were at hand. A workbook may hold several sheets of periods; each item names its own.
"""

from collections.abc import Iterator
from pathlib import Path

from catalog.importers import text
from catalog.importers.common import Format, Found, ImportContext, any_text, quarantined, refused
from catalog.importers.serff import version_note
from catalog.importers.xml_cells import Cells, has_root, local_name, read_pieces
from catalog.terms import Rate, Source, TierRate

ROOT = "qhpApplicationRateGroupListVO"
KNOWN_VERSIONS = frozenset({"v7.1", "v11.0"})
_TIERS = {
    "couple": "coupleEnrollee",
    "single_one": "primaryEnrolleeOneDependent",
    "single_two": "primaryEnrolleeTwoDependent",
    "single_three": "primaryEnrolleeManyDependent",
    "couple_one": "coupleEnrolleeOneDependent",
    "couple_two": "coupleEnrolleeTwoDependent",
    "couple_three": "coupleEnrolleeManyDependent",
}


def read_rates(path: Path, context: ImportContext) -> Iterator[Found]:
    """Rates and family-tier rates of a Rates export."""
    issuer, by_family, count = "", False, 0
    for piece in read_pieces(path, context, ("header", "ratingMethod", "items")):
        name = local_name(piece)
        if name == "ratingMethod":
            by_family = "".join(piece.itertext()).strip().lower().startswith("family")
            continue
        cells = Cells(path.name, piece)
        if name == "header":
            yield from version_note(cells, KNOWN_VERSIONS)
            issuer = _issuer(cells)
        else:
            count += 1
            yield from _item(cells, issuer, by_family, context)
    if not count:
        raise refused(Source(path.name, "file"), "items", "no rate", "at least one rate", "empty-file")


def _issuer(header: Cells) -> str:
    issuer = header.read(text.issuer_id, "issuerId")
    if header.problems:
        wrong = header.problems[0]
        source = Source(wrong.file, wrong.place)
        raise refused(source, "issuerId", wrong.found, wrong.expected, "wrong-header")
    return issuer or ""


def _item(cells: Cells, issuer: str, by_family: bool, context: ImportContext) -> Iterator[Found]:
    noun = _noun(cells, by_family)
    if cells.problems:
        yield from cells.problems
        return
    if noun.effective_until < noun.effective_from:
        source, until = cells.source_of("expirationDate"), noun.effective_until.isoformat()
        yield quarantined(source, "expirationDate", until, f"not before {noun.effective_from}", "period-ends-early")
        return
    if issuer and not noun.plan_id.startswith(issuer):
        expected = f"a plan of issuer {issuer}"
        yield quarantined(noun.source, "planId", noun.plan_id, expected, "plan-of-another-issuer")
        return
    context.saw_year(noun.effective_from.year, cells.source_of("effectiveDate"), "effectiveDate")
    yield noun


def _noun(cells: Cells, by_family: bool) -> Rate | TierRate:
    """A rate by age where the item names an age, else one by tier if the method or its cells say so."""
    if not cells.text("ageNumber") and (by_family or any_text(*map(cells.text, _TIERS.values()))):
        return _tier_rate(cells)
    ages = cells.read(text.age_band, "ageNumber")
    return _tier_rate(cells) if ages is None and not cells.problems else _rate(cells, ages or (0, 0))


def _common(cells: Cells) -> dict[str, object]:
    return {
        "plan_id": cells.read(text.plan_id, "planId"),
        "rating_area": cells.read(text.rating_area, "rateAreaId"),
        "effective_from": cells.read(text.required_day, "effectiveDate"),
        "effective_until": cells.read(text.required_day, "expirationDate"),
        "source": cells.source_of("primaryEnrollee"),
    }


def _rate(cells: Cells, ages: tuple[int, int]) -> Rate:
    return Rate(
        **_common(cells),
        age_low=ages[0],
        age_high=ages[1],
        individual=cells.read(text.premium, "primaryEnrollee"),
        tobacco_rule=cells.read(text.tobacco_rule, "tobacco"),
        tobacco=cells.read(text.optional_premium, "primaryEnrolleeTobacco"),
    )


def _tier_rate(cells: Cells) -> TierRate:
    tiers = {tier: cells.read(text.optional_premium, element) for tier, element in _TIERS.items()}
    return TierRate(**_common(cells), single=cells.read(text.premium, "primaryEnrollee"), **tiers)


LABELS = {
    "plan_id": "planId",
    "rating_area": "rateAreaId",
    "age_low": "ageNumber",
    "age_high": "ageNumber",
    "effective_from": "effectiveDate",
    "effective_until": "expirationDate",
    "individual": "primaryEnrollee",
    "single": "primaryEnrollee",
    "tobacco": "primaryEnrolleeTobacco",
    **_TIERS,
}
FORMATS = (
    Format(
        name="Rates XML",
        family="serff",
        kind="xml",
        order=30,
        recognises=has_root(ROOT),
        read=read_rates,
        labels=LABELS,
    ),
)
