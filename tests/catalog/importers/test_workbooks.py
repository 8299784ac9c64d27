"""Service-area and ZIP workbooks: rows to places, names to FIPS codes, and workbooks that no one should open."""

import zipfile
from collections import Counter

import pytest
from openpyxl import Workbook

from catalog.importers import sheets
from catalog.terms import County, RatingAreaPart, ServiceAreaPart, ZipCounty

ZIP_HEADER = ("zip", "County", "Multiple Counties?", "Rating Region")
AREA_HEADER = (
    "Service Area ID*",
    "Service Area Name*",
    "State*",
    "County Name",
    "Partial County",
    "Service Area Zip Code(s)",
)


def workbook(path, *rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def areas(tmp_path):
    """A service-area template: one whole state, one county, one part of a county, one row that says too little."""
    return workbook(
        tmp_path / "areas.xlsx",
        ("2027 Service Area v11.0",),
        (),
        ("HIOS Issuer ID:*", 12345),
        ("Issuer State:*", "MA"),
        (),
        AREA_HEADER,
        ("Required: id", "Required: name", "Required: does it cover the state?", "", "", ""),
        ("MAS001", "All of it", "Yes"),
        ("MAS002", "West", "No", "Hampden - 25013", "No"),
        ("MAS002", "West", "No", "Franklin - 25011", "Yes", "01301, 01302"),
        ("MAS002", "West", "No", "Berkshire - 25003", "Yes", None),
        ("MAS002", "West", "No", "Suffolk", "No"),
    )


def test_service_areas(run, areas):
    result = run(areas)
    assert result.reading.plan_year == 2027
    assert result.of(ServiceAreaPart) == [
        ServiceAreaPart("12345", "MAS001", "All of it", "MA", entire_state=True),
        ServiceAreaPart("12345", "MAS002", "West", "MA", county_fips="25013"),
        ServiceAreaPart("12345", "MAS002", "West", "MA", False, "25011", True, ("01301", "01302")),
    ]
    assert result.of(County) == [County("25013", "Hampden", "MA"), County("25011", "Franklin", "MA")]
    assert [(problem.code, problem.place) for problem in result.problems] == [
        ("partial-county-without-zip", "row 11"),
        ("wrong-id", "row 12, column D"),
    ]
    assert result.of(ServiceAreaPart)[1].source.place == "row 9"


def test_names_of_counties_meet_the_codes_of_the_other_files(run, areas, tmp_path):
    zips = workbook(
        tmp_path / "zips.xlsx",
        ZIP_HEADER,
        (1103, "Hampden County", "No", "R-MA001"),
        ("01301", "Franklin", "Yes", "R-MA001"),
        ("02108", "Suffolk", "No", "R-MA005"),
    )
    result = run(zips, areas)
    assert result.of(ZipCounty) == [
        ZipCounty("01103", "25013"),
        ZipCounty("01301", "25011"),
        ZipCounty("02108", "MA:suffolk"),
    ]
    assert County("MA:suffolk", "Suffolk", "MA") in result.of(County)
    notes = [(problem.code, problem.found) for problem in result.problems if problem.severity == "note"]
    assert notes == [("county-without-fips", "Suffolk"), ("zip-in-more-counties", "Yes, in one row")]


@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        (
            [("01103", "Hampden", "R-MA001"), ("01201", "Berkshire", "R-MA001"), ("02108", "Suffolk", "R-MA005")],
            {"zip3": {"011": "R-MA001", "012": "R-MA001", "021": "R-MA005"}},
        ),
        (
            [("43002", "Franklin - 39049", "Rating Area 9"), ("43065", "Delaware - 39041", "Rating Area 8")],
            {"county_fips": {"39049": "9", "39041": "8"}},
        ),
        (
            [("02108", "Norfolk", "R-MA005"), ("02301", "Norfolk", "R-MA006")],
            {"zip3": {"021": "R-MA005", "023": "R-MA006"}},
        ),
    ],
)
def test_areas_are_made_of_what_none_of_them_splits(run, tmp_path, rows, parts):
    path = workbook(tmp_path / "zips.xlsx", ZIP_HEADER, *((code, name, "No", area) for code, name, area in rows))
    ((place, areas),) = parts.items()
    found = {getattr(part, place): part.rating_area for part in run(path).of(RatingAreaPart)}
    assert found == areas


def test_a_row_that_splits_a_place_is_left_out(run, tmp_path):
    rows = [("02108", "Norfolk", "No", "R-MA005"), ("02109", "Norfolk", "No", "R-MA006")]
    result = run(workbook(tmp_path / "zips.xlsx", ZIP_HEADER, *rows))
    assert [
        (problem.code, problem.place, problem.found)
        for problem in result.problems
        if problem.code != "county-without-fips"
    ] == [("split-rating-area", "row 3", "R-MA006")]
    assert [part.rating_area for part in result.of(RatingAreaPart)] == ["R-MA005"]


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("quoting_tool__service_areas.xlsx", {"ServiceAreaPart": 18, "County": 1}),
        ("quoting_tool__zip_counties.xlsx", {"ZipCounty": 5, "County": 3, "RatingAreaPart": 4}),
        ("quoting_tool__rating_areas.xlsx", {"ZipCounty": 1, "County": 1, "RatingAreaPart": 1}),
    ],
)
def test_real_workbooks(run, shared_data, name, counts):
    result = run(shared_data / "plans" / "serff" / name)
    assert Counter(type(noun).__name__ for noun in result.nouns) == counts
    assert {problem.severity for problem in result.problems} <= {"note"}


@pytest.mark.parametrize("name", ["quoting_tool__rating_factors.xlsx", "quoting_tool__roster.xlsx"])
def test_group_workbooks_are_told_where_they_belong(refusal, shared_data, name):
    problem = refusal(shared_data / "plans" / "serff" / name)
    assert problem.code == "group-quoting-file"
    assert "group quoting" in problem.message


def test_a_workbook_without_our_tables_is_refused(refusal, tmp_path):
    assert refusal(workbook(tmp_path / "other.xlsx", ("name", "shoe size"))).code == "unknown-format"


def test_missing_columns_are_named(refusal, tmp_path):
    problem = refusal(workbook(tmp_path / "zips.xlsx", ZIP_HEADER[:3], ("01103", "Hampden", "No")))
    assert problem.code == "missing-columns"
    assert "Rating Region" in problem.expected


def packed(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def test_a_zip_bomb_is_refused_before_it_is_unpacked(refusal, tmp_path):
    problem = refusal(packed(tmp_path / "bomb.xlsx", {"xl/worksheets/sheet1.xml": b"0" * (8 << 20)}))
    assert problem.code == "unsafe-workbook"
    assert "times its size" in problem.found


def far_below(path, row, of=1):
    """Workbooks with one filled row and another one far below it; nothing between them is in the file."""
    book = Workbook()
    for number in range(of):
        sheet = book.active if number == 0 else book.create_sheet()
        sheet["A1"] = "zip"
        sheet.cell(row=row, column=1, value="44101")
    book.save(path)
    return path


def test_a_row_far_below_the_others_is_refused(refusal, tmp_path):
    problem = refusal(far_below(tmp_path / "gap.xlsx", 1_048_576))
    assert (problem.code, problem.field) == ("unsafe-workbook", "empty rows")
    assert problem.place == f"sheet Sheet, row {sheets.MAX_EMPTY_ROWS + 2}"


def test_gaps_of_all_sheets_count_together(refusal, tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MAX_EMPTY_ROWS", 50)
    assert refusal(far_below(tmp_path / "one.xlsx", 52)).code == "unknown-format"
    assert refusal(far_below(tmp_path / "two.xlsx", 52, of=2)).code == "unsafe-workbook"


def test_more_cells_than_a_catalogue_has_are_refused(refusal, tmp_path, monkeypatch):
    monkeypatch.setattr(sheets, "MAX_CELLS", 5)
    problem = refusal(workbook(tmp_path / "many.xlsx", ("a", "b", "c"), ("d", "e", "f")))
    assert (problem.code, problem.field, problem.place) == ("unsafe-workbook", "cells", "sheet Sheet, row 2")


def test_a_workbook_with_entities_is_refused(refusal, tmp_path):
    content = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
    assert refusal(packed(tmp_path / "entities.xlsx", {"xl/workbook.xml": content})).code == "unsafe-workbook"


def test_other_zips_and_cut_off_workbooks_are_refused(refusal, tmp_path):
    assert refusal(packed(tmp_path / "photos.xlsx", {"a.txt": b"text"})).code == "damaged-workbook"
    whole = workbook(tmp_path / "whole.xlsx", ZIP_HEADER).read_bytes()
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(whole[: len(whole) // 2])
    assert refusal(cut).code == "damaged-workbook"
