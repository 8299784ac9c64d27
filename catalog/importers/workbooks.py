"""Workbooks: the service-area template, and the list of ZIP codes with their counties and rating areas.

A ZIP list names counties without FIPS code. A name is looked up among the counties that the other files of the same
import give (service areas, rating areas); where none has it, the key ``MA:norfolk`` (state, name in small letters)
stands in for the code and a note says so, because no plan can be matched to that county.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from catalog.importers import text
from catalog.importers.common import Format, Found, ImportContext, county_name_key, note, quarantined, refused
from catalog.importers.sheets import Sheet, SheetRow, SheetTable, read_sheets
from catalog.importers.text import UnreadableText
from catalog.terms import County, RatingAreaPart, ServiceAreaPart, Source, ZipCounty

_SERVICE_COLUMNS = ("Service Area ID*", "Service Area Name*", "State*", "County Name", "Partial County")
_ZIP_COLUMNS = ("zip", "County", "Multiple Counties?", "Rating Region")
_GROUP_SHEETS = frozenset(
    {
        "employee census",
        "standard industry code factors",
        "group size factors",
        "participation rate factors",
        "rate basis type multipliers",
    }
)
_TEMPLATE_YEAR = re.compile(r"(\d{4}) Service Area")
_NAMED = re.compile(r"(.+?)\s*-\s*(\d{4,5})")
_STATE_IN_AREA = re.compile(r"R-([A-Z]{2})\d+")


def read_service_areas(path: Path, context: ImportContext) -> Iterator[Found]:
    """Service areas and the counties they name."""
    sheet, table = _table(path, _SERVICE_COLUMNS)
    if found := _TEMPLATE_YEAR.search(sheet.rows[0][0] if sheet.rows and sheet.rows[0] else ""):
        context.saw_year(int(found[1]), Source(path.name, "row 1, column A"), "template")
    issuer = _labelled(sheet, "HIOS Issuer ID:*", text.issuer_id)
    state = _labelled(sheet, "Issuer State:*", text.state)
    context.saw_state(state)
    for row in table.records("Service Area ID*"):
        if not row.text("State*").startswith("Required"):  # the row of hints below the header
            yield from _service_area(row, issuer, state, context)


def _labelled(sheet: Sheet, label: str, parse: Callable[[str], str]) -> str:
    value = sheet.value_beside(label)
    try:
        return parse(value)
    except UnreadableText as wrong:
        source = Source(sheet.file, f"sheet {sheet.name}")
        raise refused(source, label, value, wrong.expected, "wrong-header") from wrong


def _service_area(row: SheetRow, issuer: str, state: str, context: ImportContext) -> Iterator[Found]:
    entire = row.read(text.required_yes_no, "State*")
    partial = not entire and (row.read(text.yes_no, "Partial County") or False)
    county = None if entire else row.read(text.named_county, "County Name")
    zips = row.read(text.zip_codes, "Service Area Zip Code(s)") if partial else ()
    if partial and not zips and not row.problems:
        expected = "the ZIP codes that the partial county covers"
        yield quarantined(row.source, "Service Area Zip Code(s)", "", expected, "partial-county-without-zip")
        return
    if county and not row.problems:
        context.saw_county(state, county.name, county.fips)
        noun = County(county.fips, county.name, state, row.source)
        if context.is_new(noun):
            yield noun
    yield from row.outcome(
        ServiceAreaPart(
            issuer_id=issuer,
            service_area_id=row.text("Service Area ID*"),
            name=row.text("Service Area Name*"),
            state=state,
            entire_state=bool(entire),
            county_fips=county.fips if county else "",
            partial=partial,
            zip_codes=zips or (),
            source=row.source,
        )
    )


class _ZipRow(NamedTuple):
    filed: SheetRow
    zip_code: str
    area: str
    fips: str  # or the key that stands in for it
    several: bool  # the ZIP code lies in more than one county


def read_zip_list(path: Path, context: ImportContext) -> Iterator[Found]:
    """ZIP codes with their counties, and the rating areas that follow from them."""
    _, table = _table(path, _ZIP_COLUMNS)
    rows: list[_ZipRow] = []
    for row in table.records("zip"):
        zip_code, area = row.read(text.zip_code, "zip"), row.read(text.rating_area, "Rating Region")
        several = row.read(text.yes_no, "Multiple Counties?")
        if row.problems:
            yield from row.problems
            continue
        fips, found = _county(row, _state_of(area, context), context)
        yield from found
        rows.append(_ZipRow(row, zip_code, area, fips, bool(several)))
    yield from _zip_counties(rows)
    yield from _rating_areas(rows, context)


def _state_of(area: str, context: ImportContext) -> str:
    """The state in a code such as R-MA010, else that of the files before."""
    found = _STATE_IN_AREA.fullmatch(area)
    return found[1] if found else context.state


def _zip_counties(rows: list[_ZipRow]) -> Iterator[Found]:
    listed = Counter(row.zip_code for row in rows)
    for filed, zip_code, _, fips, several in rows:
        yield ZipCounty(zip_code, fips, filed.source)
        if several and listed[zip_code] == 1:
            message = "People of the other counties will not find their plans."
            expected = "a row for each county of this ZIP code"
            yield note(filed.source, "Multiple Counties?", "Yes, in one row", expected, "zip-in-more-counties", message)


def _county(row: SheetRow, state: str, context: ImportContext) -> tuple[str, list[Found]]:
    """The county's FIPS code, and what its first use tells: the county, a note where a key stands in for the code."""
    filed = row.text("County")
    named = _NAMED.fullmatch(filed)
    name = named[1] if named else filed
    fips = named[2].zfill(5) if named else context.county_fips(state, name)
    county = County(fips or f"{state}:{county_name_key(name)}", name, state, row.source)
    if not context.is_new(county):
        return county.fips, []
    if fips:
        return fips, [county]
    message = "Import the service areas or rating areas with it, which name counties with their codes."
    expected = "a county that another file of this import gives with its FIPS code"
    return county.fips, [county, note(row.source, "County", name, expected, "county-without-fips", message)]


def _rating_areas(rows: list[_ZipRow], context: ImportContext) -> Iterator[Found]:
    """Areas are made of counties or of 3-digit ZIPs (45 CFR 147.102(b)): the one of the two that no area splits."""
    by_county, by_zip3 = (_areas(rows, place) for place in (_county_of, _zip3_of))
    use_county = _whole(by_county) and (not _whole(by_zip3) or all(fips.isdigit() for fips in by_county))
    place, taken = (_county_of, by_county) if use_county else (_zip3_of, by_zip3)
    first: dict[str, _ZipRow] = {}
    for row in rows:
        known = first.setdefault(place(row), row)
        if known.area != row.area:
            expected = f"{known.area}, as {known.filed.place} says for {place(row)}"
            yield quarantined(row.filed.source, "Rating Region", row.area, expected, "split-rating-area")
    for where in taken:
        area, source = first[where].area, first[where].filed.source
        parts = {"county_fips": where} if use_county else {"zip3": where}
        yield RatingAreaPart(_state_of(area, context), area, source=source, **parts)


def _county_of(row: _ZipRow) -> str:
    return row.fips


def _zip3_of(row: _ZipRow) -> str:
    return row.zip_code[:3]


def _areas(rows: list[_ZipRow], place: Callable[[_ZipRow], str]) -> dict[str, set[str]]:
    areas: dict[str, set[str]] = {}
    for row in rows:
        areas.setdefault(place(row), set()).add(row.area)
    return areas


def _whole(areas: dict[str, set[str]]) -> bool:
    """Whether each place lies in one area."""
    return all(len(found) == 1 for found in areas.values())


def _table(path: Path, columns: tuple[str, ...]) -> tuple[Sheet, SheetTable]:
    for sheet in read_sheets(path):
        if table := sheet.find_header(*columns):
            return sheet, table
    raise refused(Source(path.name, "file"), "columns", "no such table", ", ".join(columns), "missing-columns")


def _holds(columns: tuple[str, ...]) -> Callable[[Path, bytes], bool]:
    """A recogniser: some sheet has a row with these columns."""
    return lambda path, _head: any(sheet.find_header(*columns) for sheet in read_sheets(path))


def _is_group_workbook(path: Path, _head: bytes) -> bool:
    return any(sheet.name.lower() in _GROUP_SHEETS for sheet in read_sheets(path))


def refuse_group_workbook(path: Path, _context: ImportContext) -> Iterator[Found]:
    """Refuse, with the way to go: rosters and group factors are no part of a catalogue."""
    sheets = ", ".join(sheet.name for sheet in read_sheets(path))
    expected = "a workbook of service areas or ZIP codes"
    message = "Census rosters and group rating factors belong to group quoting, not to the catalogue."
    raise refused(Source(path.name, "file"), "sheets", sheets, expected, "group-quoting-file", message)


FORMATS = (
    Format("Service-area workbook", "workbook", "xlsx", 2, _holds(_SERVICE_COLUMNS[:3]), read_service_areas),
    Format("ZIP and county workbook", "workbook", "xlsx", 5, _holds(_ZIP_COLUMNS[:2]), read_zip_list),
    Format("Group-quoting workbook", "workbook", "xlsx", 0, _is_group_workbook, refuse_group_workbook),
)
