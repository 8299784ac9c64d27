"""The service-area, rating-area and ZIP workbooks in the shape of the regulator's, with the same bytes every time."""

import re
from collections import Counter
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook

from catalog.demo.geography import AREA_OF, STATE, ZIP_COUNTIES, ServiceArea, county_label, service_areas
from catalog.demo.lineup import ISSUER_ID
from catalog.demo.puf import yes

_FIXED_TIME = (2026, 1, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_SERVICE_AREA_HEADER = (
    "Service Area ID*", "Service Area Name*", "State*", "County Name", "Partial County",
    "Service Area Zip Code(s)", "Partial County Justification",
)  # fmt: skip
_SERVICE_AREA_HINTS = (
    "Required:\nEnter the Service Area ID",
    "Required:\nEnter the Service Area Name",
    "Required:\nDoes this Service Area cover the entire state?",
    'Required if State is "No":\nSelect the County - FIPS this Service Area covers',
    'Required if State is "No":\nDoes this Service Area include a partial county?',
    'Required if Partial County is "Yes":\nEnter the ZIP codes, separated by commas',
    'Required if Partial County is "Yes":\nEnter the reason',
)


def column_name(number: int) -> str:
    """Spreadsheet column letters of a column number from 1: 28 -> ``AB``."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _save(path: Path, title: str, rows: list[tuple[object, ...]]) -> Path:
    """Save one sheet; the time stamps that the format wants are fixed."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    raw = BytesIO()
    book.save(raw)
    with ZipFile(raw) as source, ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = _STAMP.sub(rb"\g<1>2026-01-01T00:00:00Z", source.read(name))
            target.writestr(ZipInfo(name, _FIXED_TIME), data, ZIP_DEFLATED)
    return path


def _area_rows(area: ServiceArea) -> list[tuple[object, ...]]:
    if area.entire_state:
        return [(area.area_id, area.name, "Yes")]
    partial = dict(area.partial)
    why = "No hospital of this network in the rest of the county"
    return [
        (area.area_id, area.name, "No", county_label(fips), yes(fips in partial))
        + ((", ".join(partial[fips]), why) if fips in partial else ())
        for fips in area.counties
    ]


def _service_area_sheet(year: int, dental: bool) -> list[tuple[object, ...]]:
    rows = [row for area in service_areas(year).values() if area.dental is dental for row in _area_rows(area)]
    return [
        (f"{year} Service Area v11.0",),
        ("Rows below the hints hold one county each.",),
        ("HIOS Issuer ID:*", ISSUER_ID),
        ("Issuer State:*", STATE),
        _SERVICE_AREA_HEADER,
        _SERVICE_AREA_HINTS,
        *rows,
    ]


def _zip_sheet() -> list[tuple[object, ...]]:
    counties = Counter(zip_code for zip_code, _ in ZIP_COUNTIES)
    rows = [
        (int(zip_code), county_label(fips), yes(counties[zip_code] > 1), f"Rating Area {AREA_OF[fips]}")
        for zip_code, fips in ZIP_COUNTIES
    ]
    return [("zip", "County", "Multiple Counties?", "Rating Region"), *rows]


def write_workbooks(out_dir: Path, year: int) -> list[Path]:
    """Write the four workbooks of a plan year: service areas (medical, dental), rating areas, ZIP codes."""
    return [
        _save(out_dir / "Service_Areas_Medical.xlsx", "Service Area", _service_area_sheet(year, dental=False)),
        _save(out_dir / "Service_Areas_Dental.xlsx", "Service Area", _service_area_sheet(year, dental=True)),
        _save(out_dir / "Rating_Areas.xlsx", "Master Zip Code List", _zip_sheet()),
        _save(out_dir / "Zip_Counties.xlsx", "Master Zip Code List", _zip_sheet()),
    ]
