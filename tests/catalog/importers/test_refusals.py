"""Files that cannot be trusted: each is refused with file, place and field named; and how files are found and read."""

import gzip

import pytest

from catalog.importers import FORMATS, families, read
from catalog.importers.common import Record
from catalog.importers.text import count
from catalog.terms import FileRefused, Market, Plan, Rate


@pytest.mark.parametrize(
    ("name", "code", "place", "field"),
    [
        ("truncated_plans.xml", "malformed-xml", "line 166", "XML"),
        ("entity_bomb.xml", "unsafe-xml", "line 1", "document type"),
        ("outside_entity.xml", "unsafe-xml", "line 1", "document type"),
        ("unknown_template.xml", "unknown-format", "file", "content"),
        ("page.csv", "not-the-format-it-claims", "file", "content"),
        ("market_shifted.csv", "shifted-columns", "row 3", "state"),
        ("market_short_row.csv", "shifted-columns", "row 3", "number of cells"),
        ("market_without_column.csv", "missing-columns", "row 1", "header"),
        ("market_open_quote.csv", "malformed-csv", "row 2", "row"),
        ("zip_counties_two_years.csv", "wrong-year", "row 3", "plan_year"),
        ("issuers_wrong_ids.csv", "wrong-throughout", "row 2", "issuer_id"),
    ],
)
def test_seeded_bad_files(refusal, bad, name, code, place, field):
    problem = refusal(bad / name)
    assert (problem.severity, problem.code, problem.file) == ("refused", code, name)
    assert problem.place.startswith(place)
    assert problem.field == field
    assert problem.expected


def test_a_file_that_breaks_off_says_so(refusal, bad):
    assert "breaks off" in refusal(bad / "truncated_plans.xml").message


def test_an_import_holds_one_year(refusal, fixtures, shared_data):
    old = shared_data / "plans" / "serff" / "quoting_tool__rates_valid_rates.xml"
    problem = refusal(fixtures / "serff" / "plans_two_tiers.xml", old)
    assert (problem.code, problem.found) == ("wrong-year", "2022")
    assert "2027" in problem.expected


@pytest.mark.parametrize("name", ["plans_two_tiers.xml", "rates_tobacco_and_tiers.xml", "crosswalk.xml"])
def test_the_year_that_was_asked_for_is_kept(refusal, fixtures, name):
    problem = refusal(fixtures / "serff" / name, plan_year=2026)
    assert (problem.code, problem.found, problem.file) == ("wrong-year", "2027", name)


def test_an_import_holds_one_market(refusal, fixtures):
    problem = refusal(fixtures / "serff" / "plans_two_tiers.xml", market=Market.SMALL_GROUP)
    assert (problem.code, problem.found) == ("wrong-market", "individual")


def test_plans_come_before_what_refers_to_them(run, fixtures):
    folder = fixtures / "serff"
    result = run(folder / "rates_tobacco_and_tiers.xml", folder / "plans_two_tiers.xml")
    kinds = [type(noun) for noun in result.nouns]
    assert kinds.index(Plan) < kinds.index(Rate)
    assert run(folder).nouns[: len(kinds)][0] == result.nouns[0]


def test_a_format_can_be_asked_for(run, refusal, fixtures):
    path = fixtures / "serff" / "plans_two_tiers.xml"
    assert run(path, format="serff").of(Plan)
    assert refusal(path, format="workbook").code == "unknown-format"
    assert refusal(path, format="fax").expected.startswith("auto, ")
    assert set(families()) == {known.family for known in FORMATS}


def test_content_counts_not_the_name(run, fixtures, tmp_path):
    nameless = tmp_path / "export.data"
    nameless.write_bytes((fixtures / "serff" / "plans_two_tiers.xml").read_bytes())
    assert run(nameless).of(Plan)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "empty-file"),
        ("blank.xml", b"  \n", "empty-file"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0", "not-the-format-it-claims"),
        ("table.xml", b"plan_year,zip,county_fips\n2027,44101,39035\n", "not-the-format-it-claims"),
        ("table.xlsx", b"plan_year,zip,county_fips\n2027,44101,39035\n", "not-the-format-it-claims"),
        ("letter.csv", b"Dear all,\nthe rates follow.\n", "unknown-format"),
        ("twice.csv", b"plan_year,zip,zip,county_fips\n2027,44101,44101,39035\n", "repeated-column"),
        # Without a fixed time the bytes differ from process to process, and so would the name of the test.
        ("cut.csv.gz", gzip.compress(b"plan_year,zip\n" + b"2027,44101\n" * 9, mtime=0)[:-9], "damaged-gzip"),
        ("wide.csv", b"plan_year,zip,county_fips\n2027,44101," + b"9" * 200_000 + b"\n", "malformed-csv"),
    ],
)
def test_other_files_that_cannot_be_trusted(refusal, tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    problem = refusal(path)
    assert (problem.code, problem.file) == (code, name)


def test_a_missing_path_is_refused_at_once(tmp_path):
    with pytest.raises(FileRefused) as refused:
        read([tmp_path / "nothing.csv"])
    assert refused.value.problem.code == "missing-file"


def test_a_folder_passes_over_unknown_json_and_other_suffixes(run, fixtures, tmp_path):
    (tmp_path / "notes.txt").write_text("to do")
    (tmp_path / "oracle.json").write_text('{"a": 1}')
    (tmp_path / "plans.xml").write_bytes((fixtures / "serff" / "plans_two_tiers.xml").read_bytes())
    result = run(tmp_path)
    assert [(problem.code, problem.file, problem.severity) for problem in result.problems] == [
        ("unknown-file", "oracle.json", "note")
    ]
    assert result.of(Plan)


def test_progress_reaches_the_end_of_each_file(fixtures):
    told = {}
    path = fixtures / "serff" / "plans_two_tiers.xml"
    list(read([path], on_progress=lambda name, done, size: told.update({name: (done, size)})))
    assert told == {path.name: (path.stat().st_size, path.stat().st_size)}


def test_tables_from_a_spreadsheet_are_understood(run, tmp_path):
    path = tmp_path / "issuers.csv"
    rows = "\ufeffPlan Year;Issuer ID;NAME;State;Sold By Us\r\n2027;12345;Seguros Ni\xf1o;OH;yes\r\n".replace(";", ",")
    path.write_bytes(b"\xef\xbb\xbf" + rows.removeprefix("\ufeff").encode("cp1252"))
    (issuer,) = run(path).nouns
    assert issuer.name == "Seguros Ni\xf1o"
    assert issuer.source.place == "row 2"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"%PDF-1.7\n1 0 obj << /Type /Catalog >>", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n1234", "a PNG image"),
        (b"abc\x01\x02\x03def", "binary data"),
        (b"just some words", "plain text"),
    ],
)
def test_a_file_of_another_kind_is_called_what_it_is(refusal, tmp_path, content, found):
    path = tmp_path / "rates.xml"
    path.write_bytes(content)
    problem = refusal(path)
    assert (problem.code, problem.found) == ("not-the-format-it-claims", found)


def test_a_cell_that_several_nouns_read_is_reported_once():
    class Cell(Record):
        def text(self, name):
            return "twelve"

    cell = Cell("made.csv", "row 2")
    assert [cell.read(count, "order"), cell.read(count, "order"), len(cell.problems)] == [None, None, 1]


def test_an_age_above_120_in_the_own_set_is_left_out(run, tmp_path):
    header = "plan_year,option_id,rating_area,age_low,age_high,tobacco,person_role,unit,amount,effective_from"
    rows = [f"2027,A,ALL,{ages},any,self,per_person,9.50,2027-01-01,2027-12-31" for ages in ("0,63", "64,120", "150,")]
    path = tmp_path / "option_rates.csv"
    path.write_text("\n".join([f"{header},effective_until", *rows]))
    found = run(path)
    assert [(each.place, each.field, each.found) for each in found.problems] == [("row 4", "age_low", "150")]
    assert len(found.nouns) == 2
