"""Benefits and Cost Sharing PUF: each row is one benefit of one variant."""

import re
from collections.abc import Iterable
from dataclasses import replace

from catalog.importers import text
from catalog.importers.common import Found, ImportContext
from catalog.importers.cost_text import cost_share
from catalog.importers.csv_table import Row
from catalog.importers.puf_table import Fields, Table, read_fields, required_text
from catalog.terms import Benefit, CostShare, DeductibleTiming, category_of

_BENEFIT: Fields = {
    "variant_id": (text.variant_id, "planid"),
    "covered": (text.covered, "iscovered"),
    "ehb": (text.yes_no, "isehb"),
    "limit_quantity": (text.quantity, "limitqty"),
    "limit_unit": (text.squeeze, "limitunit"),
    "minimum_stay": (text.positive_count, "minimumstay"),
    "exclusions": (text.squeeze, "exclusions"),
    "explanation": (text.squeeze, "explanation"),
    "excluded_from_in_moop": (text.yes_no, "isexclfrominnmoop"),
    "excluded_from_out_moop": (text.yes_no, "isexclfromoonmoop"),
    "ehb_variance": (text.squeeze, "ehbvarreason"),
}
# Tier -> copay, coinsurance, and the column of 2014 to 2016 that says whether the deductible applies.
_TIERS = {
    "in_1": ("copayinntier1", "coinsinntier1", "issubjtodedtier1"),
    "in_2": ("copayinntier2", "coinsinntier2", "issubjtodedtier2"),
    "out": ("copayoutofnet", "coinsoutofnet", ""),
}


def _nouns(row: Row, _context: ImportContext) -> Iterable[Found]:
    name = row.read(required_text, "benefitname") or ""
    fields = read_fields(row, _BENEFIT)
    shares = {tier: _share(row, *columns) for tier, columns in _TIERS.items()}
    if row.problems:
        return row.problems
    return [Benefit(name=name, category=category_of(name), source=row.source, **fields, **shares)]


def _share(row: Row, copay: str, coinsurance: str, subject: str) -> CostShare | None:
    """One network tier; the problem names the cell that cannot be read."""
    before = len(row.problems)
    row.read(lambda cell: cost_share(cell, ""), copay)
    row.read(lambda cell: cost_share("", cell), coinsurance)
    if len(row.problems) > before:
        return None
    share = cost_share(row.text(copay), row.text(coinsurance))
    return _after_deductible(share) if share and row.read(text.yes_no, subject) else share


def _after_deductible(share: CostShare) -> CostShare:
    """Where a column says that the deductible applies, amounts whose words say nothing come after it."""
    timings = {}
    for part in ("copay", "coinsurance"):
        if getattr(share, part) is not None and getattr(share, f"{part}_timing") is DeductibleTiming.NONE:
            timings[f"{part}_timing"] = DeductibleTiming.AFTER
    return replace(share, **timings)


BENEFITS = Table(
    name="Benefits and Cost Sharing PUF",
    order=20,
    telling=frozenset({"benefitname", "planid", "isehb", "iscovered", "copayinntier1", "coinsinntier1"}),
    required=("benefitname", "planid", "iscovered"),
    nouns=_nouns,
    spellings={
        "limitquantity": "limitqty",
        "issubjectedtodedtier1": "issubjtodedtier1",
        "issubjectedtodedtier2": "issubjtodedtier2",
        "isexcludedfrominnmoop": "isexclfrominnmoop",
        "isexcludedfromoonmoop": "isexclfromoonmoop",
    },
    guards={"planid": re.compile(r"\d{5}[A-Z]{2}\d{7}-\d{2}", re.IGNORECASE)},
)
