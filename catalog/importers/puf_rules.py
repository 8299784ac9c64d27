"""Business Rules and Plan ID Crosswalk PUFs: who may be on a policy, and where last year's plans lead."""

import re
from collections.abc import Iterable, Iterator

from catalog.importers import text
from catalog.importers.common import Found, ImportContext, quarantined
from catalog.importers.csv_table import Row, fold
from catalog.importers.puf_table import Fields, Table, first, read_fields
from catalog.terms import BusinessRule, Crosswalk, ProductLine

_ISSUER, _PRODUCT, _PLAN = "issuerid", "productid", "standardcomponentid"
_RULE: Fields = {
    "issuer_id": (text.issuer_id, _ISSUER),
    "max_dependent_age": (text.count, "dependentmaximumagerule"),
    "age_determination": (text.stated, "agedeterminationrule"),
    "tobacco_free_months": (text.count, "minimumtobaccofreemonthsrule"),
    "rate_determination": (text.stated, "enrolleecontractratedeterminationrule"),
    "domestic_partner_as_spouse": (text.yes_no, "domesticpartnerasspouseindicator"),
}
# How many children's rates count; the first of these that is stated.
_CHILDREN = (
    "maxchildreninpolicy",
    "twoparentfamilymaxdependentsrule",
    "singleparentfamilymaxdependentsrule",
    "childrenonlycontractmaxchildrenrule",
)
_OR_MORE = re.compile(r"\s*or more\s*$", re.IGNORECASE)
_LIVES = re.compile(r"\s*([^,;:]+?)\s*[,:]\s*(yes|no)\s*(?:;|,|$)", re.IGNORECASE)


def _rules(row: Row, _context: ImportContext) -> Iterable[Found]:
    fields = read_fields(row, _RULE)
    children = row.read(_charged, first(row, *_CHILDREN))
    level = {
        "product_id": row.read(text.product_id, _PRODUCT) if text.stated(row.text(_PRODUCT)) else "",
        "plan_id": row.read(text.plan_id, _PLAN) if text.stated(row.text(_PLAN)) else "",
        "line": _line(row) or "",
    }
    people = list(_people(row))
    if row.problems:
        return row.problems
    return [
        BusinessRule(
            relationship=relationship,
            cohabitation_required=together,
            max_children_charged=children,
            source=row.source,
            **level,
            **fields,
        )
        for relationship, together in people
    ]


def _charged(cell: str) -> int | None:
    """``3`` and ``3 or more``: so many children's rates count, oldest first."""
    return text.count(_OR_MORE.sub("", cell))


def _line(row: Row) -> str | None:
    """Medical or dental; a row that names neither holds for both."""
    words = row.text("medicalordentalrule").lower()
    if words in ("medical", "dental"):
        return words
    return row.attempt(lambda: _dental_only(row), "dentalonlyplan")


def _dental_only(row: Row) -> str:
    dental = text.yes_no(row.text("dentalonlyplan"))
    return "" if dental is None else (ProductLine.DENTAL if dental else ProductLine.MEDICAL).value


def _people(row: Row) -> Iterator[tuple[str, bool | None]]:
    """Relationships accepted, and whether each must live with the applicant; one empty where none is listed.

    A state's table has a row for each; the federal one lists ``Spouse,No; Life Partner,Yes`` in one cell.
    """
    if row.text("relationship"):
        yield text.relationship(row.text("relationship")).value, row.read(text.yes_no, "cohabitationrequired")
        return
    listed = row.text("cohabitationrule")
    if not text.stated(listed):
        yield "", None
    elif accepted := row.read(_listed_people, "cohabitationrule"):
        yield from accepted.items()


def _listed_people(cell: str) -> dict[str, bool]:
    """Relationship -> whether both must live together, out of ``Spouse,No; Life Partner,Yes``."""
    if _LIVES.sub("", cell).strip():
        raise text.UnreadableText(cell, "relationships with Yes or No, such as Spouse,No; Life Partner,Yes")
    accepted: dict[str, bool] = {}
    for name, answer in _LIVES.findall(cell):
        relationship = text.relationship(name).value
        accepted[relationship] = accepted.get(relationship, False) or answer.lower() == "yes"
    return accepted


_FROM, _TO, _AGE_OFF = "planidprev", "planidnew", "ageoffplanidnew"
_YEAR = re.compile(r"20\d\d$")
_NOTHING = frozenset({"", "na", "none", "notapplicable"})  # and zeros: ZIP code 00000 means the whole county


def _crosswalk(row: Row, context: ImportContext) -> Iterable[Found]:
    if year := _YEAR.search(fold(row.label_of(_TO))):
        context.saw_year(int(year[0]), row.source, row.label_of(_TO))
    shared = {
        "from_plan": row.read(text.plan_id, _FROM),
        "to_plan": row.read(_plan_or_none, _TO),
        "county_fips": row.read(text.county_fips, "fipscode") if _is_stated(row.text("fipscode")) else "",
        "level": text.squeeze(row.text("crosswalklevel")),
        "reason": text.squeeze(row.text("reasonforcrosswalk")),
        "age_off_plan": row.read(_plan_or_none, _AGE_OFF),
        "state": row.read(text.state, "state"),
        "dental": row.read(text.yes_no, "dentalplan"),
    }
    zips = row.read(text.zip_codes, "zipcode") if _is_stated(row.text("zipcode")) else ()
    if row.problems:
        return row.problems
    if shared["to_plan"] == "" and not shared["reason"]:
        label = row.label_of("reasonforcrosswalk")
        return [quarantined(row.source, label, "", "the reason why no plan follows", "crosswalk-without-reason")]
    return [Crosswalk(zip_code=zip_code, source=row.source, **shared) for zip_code in zips or ("",)]


def _is_stated(cell: str) -> bool:
    return fold(cell).strip("0") not in _NOTHING


def _plan_or_none(cell: str) -> str:
    return text.plan_id(cell) if _is_stated(cell) else ""


BUSINESS_RULES = Table(
    name="Business Rules PUF",
    order=20,
    telling=frozenset(
        {_ISSUER, _PRODUCT, _PLAN, "agedeterminationrule", "dependentmaximumagerule", "minimumtobaccofreemonthsrule"}
    ),
    required=(_ISSUER, _PRODUCT, _PLAN, "dependentmaximumagerule", "minimumtobaccofreemonthsrule"),
    nouns=_rules,
    spellings={
        "dependentmaximumagrule": "dependentmaximumagerule",
        "dependentmaxagerule": "dependentmaximumagerule",
        "dentalonly": "dentalonlyplan",
    },
)
CROSSWALKS = Table(
    name="Plan ID Crosswalk PUF",
    order=20,
    telling=frozenset({_FROM, _TO, "crosswalklevel", "reasonforcrosswalk", "fipscode"}),
    required=("state", _FROM, _TO, "crosswalklevel", "reasonforcrosswalk"),
    nouns=_crosswalk,
)
