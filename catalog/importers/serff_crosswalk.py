"""Plan crosswalk template as exported to XML: where each plan of last year leads.

Template 2.3.3 was at hand. The names of root and elements carry the two years.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from catalog.importers import text
from catalog.importers.common import Format, Found, ImportContext, refused
from catalog.importers.serff import version_note
from catalog.importers.xml_cells import Cells, local_name, read_pieces, root_name
from catalog.terms import Crosswalk, Source

KNOWN_VERSIONS = frozenset({"2.3.3"})
_ROOT = re.compile(r"plan_crosswalk_(\d{4})")
_PLAN = re.compile(r"plan_id_(\d{4})_hios")
_AGE_OFF = re.compile(r"plan_id_\d{4}_for_enrollees_aging_off\w*")
_COUNTIES = ("county_fips", "county_name", "county")
_ZIP_CODES = ("service_area_zip_codes", "zip_codes", "zip_code")


def recognises(_path: Path, head: bytes) -> bool:
    """Whether the root is a plan crosswalk of some year."""
    return bool(_ROOT.fullmatch(root_name(head)))


def read_crosswalk(path: Path, context: ImportContext) -> Iterator[Found]:
    """Crosswalk rows: one for a plan, or one for each county or ZIP code that a row names."""
    header = Cells(path.name, etree.Element("issuer_information"))
    checked = False
    for piece in read_pieces(path, context, ("version", "issuer_information", "crosswalk")):
        cells = Cells(path.name, piece)
        if not checked:
            _check_year(path.name, piece, context)
            checked = True
        name = local_name(piece)
        if name == "version":
            yield from version_note(_as_version(path.name, cells), KNOWN_VERSIONS)
        elif name == "issuer_information":
            header = cells
            market = header.read(text.market, "market_coverage")
            if market:
                context.saw_market(market, header.source, "market_coverage")
        else:
            yield from _rows(cells, header, path.name, piece, context)


def _as_version(file: str, cells: Cells) -> Cells:
    """The template's number under the name that other templates give it."""
    element = etree.Element("version")
    etree.SubElement(element, "templateVersion").text = cells.text("number")
    return Cells(file, element)


def _check_year(file: str, piece: etree._Element, context: ImportContext) -> None:
    root = local_name(piece.getroottree().getroot())
    found = _ROOT.fullmatch(root)
    if not found:
        raise refused(Source(file, "line 1"), "root element", root, "plan_crosswalk_ and the year", "unknown-template")
    context.saw_year(int(found[1]), Source(file, "line 1"), root)


def _rows(cells: Cells, header: Cells, file: str, piece: etree._Element, context: ImportContext) -> Iterator[Found]:
    from_name, to_name = _plan_names(cells, context)
    county = _county(cells, context, header.text("issuer_state"))
    zips = cells.read(text.zip_codes, cells.first(*_ZIP_CODES)) or ("",)
    age_off = next((name for name in cells.names() if _AGE_OFF.fullmatch(name)), "")
    shared = {
        "from_plan": cells.read(text.plan_id, from_name),
        "to_plan": cells.read(text.plan_id, to_name) if text.stated(cells.text(to_name)) else "",
        "county_fips": county,
        "level": cells.text("crosswalk_level"),
        "reason": cells.text("reason_for_crosswalk"),
        "age_off_plan": cells.read(text.plan_id, age_off) if text.stated(cells.text(age_off)) else "",
        "state": header.read(text.state, "issuer_state"),
        "dental": header.read(text.yes_no, "dental_only_plan"),
        "source": Source(file, f"line {piece.sourceline}"),
    }
    yield from cells.problems or header.problems or [Crosswalk(zip_code=zip_code, **shared) for zip_code in zips]


def _plan_names(cells: Cells, context: ImportContext) -> tuple[str, str]:
    """Names of the cells that hold last year's plan and this year's."""
    years = {int(found[1]): name for name in cells.names() if (found := _PLAN.fullmatch(name))}
    new = context.plan_year or max(years, default=0)
    old = [year for year in years if year < new]
    if not old:
        expected = f"plan_id_{new - 1}_hios and plan_id_{new}_hios"
        raise refused(cells.source, "plan ids", ", ".join(years.values()) or "none", expected, "unknown-template")
    return years[max(old)], years.get(new, "")


def _county(cells: Cells, context: ImportContext, state: str) -> str:
    """FIPS code of the row's county, written as code, as ``Name - 23005``, or as a name of this import's counties."""
    name = cells.first(*_COUNTIES)
    filed = text.stated(cells.text(name))
    if not filed:
        return ""
    return cells.attempt(lambda: _county_fips(filed, context, state), name) or ""


def _county_fips(filed: str, context: ImportContext, state: str) -> str:
    if known := context.county_fips(state, filed):
        return known
    return text.county_fips(filed) if filed.isdigit() else text.named_county(filed).fips


FORMATS = (
    Format(name="Plan crosswalk XML", family="serff", kind="xml", order=20, recognises=recognises, read=read_crosswalk),
)
