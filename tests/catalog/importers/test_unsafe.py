"""Files made to exhaust memory or to show what is not theirs: refused at once, with file and place, in few words."""

import gzip
import os

import pytest

from catalog.importers import csv_table, files
from catalog.importers.files import open_bytes, read_head
from catalog.terms import FileRefused, Issuer

HEADER = b"plan_year,issuer_id,name,state,sold_by_us\n"
ROW = b"2027,12345,Lantern Health,OH,yes\n"


@pytest.fixture
def short_rows(monkeypatch):
    """Rows of at most 100 characters."""
    monkeypatch.setattr(csv_table, "LONGEST_ROW", 100)


@pytest.mark.parametrize(
    "long", [b"x" * 101, b'2027,12345,"' + b"x\n" * 51, b",".join([b'"\n"'] * 30)], ids=["line", "cell", "cells"]
)
def test_a_row_that_does_not_end_is_refused_where_it_stands(refusal, tmp_path, short_rows, long):
    path = tmp_path / "issuers.csv"
    path.write_bytes(HEADER + ROW + long + ROW * 50)
    problem = refusal(path)
    assert (problem.code, problem.file, problem.place) == ("malformed-csv", "issuers.csv", "row 3")
    assert problem.found == "more than 100 characters"


def test_rows_of_the_longest_length_are_read(run, tmp_path, short_rows):
    path = tmp_path / "issuers.csv"
    path.write_bytes(HEADER + ROW.replace(b"Lantern Health", b"x" * 81) + ROW)
    assert len(run(path).of(Issuer)) == 2
    path.write_bytes(HEADER + ROW + ROW.replace(b"Lantern Health", b"x" * 82))
    with pytest.raises(FileRefused):
        run(path)


def test_a_line_is_not_read_further_than_a_row_may_be_long(refusal, tmp_path):
    path = tmp_path / "issuers.csv"
    path.write_bytes(HEADER + b"," * (csv_table.LONGEST_ROW + 1))
    assert refusal(path).place == "row 2"


@pytest.fixture
def small_gzip(monkeypatch):
    """Limits that a small file can pass."""
    monkeypatch.setattr(files, "SMALL", 1 << 16)
    monkeypatch.setattr(files, "_CHUNK", 1 << 12)


def test_a_gzip_that_unpacks_to_far_more_than_a_table_is_refused(refusal, tmp_path, small_gzip):
    path = tmp_path / "issuers.csv.gz"
    path.write_bytes(gzip.compress(HEADER + ROW * 200_000, mtime=0))
    problem = refusal(path)
    assert (problem.code, problem.field, problem.file) == ("unsafe-gzip", "size", "issuers.csv.gz")


def test_a_gzip_is_unpacked_piece_by_piece(tmp_path, small_gzip):
    path = tmp_path / "spaces.json.gz"
    path.write_bytes(gzip.compress(b'{"plans": ' + b" " * (50 << 20), mtime=0))
    with pytest.raises(FileRefused) as refused, open_bytes(path) as stream:
        stream.read()
    assert int(refused.value.problem.place.split()[1]) < 20  # of 50 MB


def test_a_gzip_that_packs_well_is_read_as_the_file_itself(run, tmp_path):
    plain, packed = tmp_path / "issuers.csv", tmp_path / "packed" / "issuers.csv.gz"
    packed.parent.mkdir()
    content = HEADER + b"".join(b"2027,%05d,Health %d,OH,yes\n" % (n, n) for n in range(10_000, 40_000))
    plain.write_bytes(content)
    packed.write_bytes(gzip.compress(content, mtime=0))
    assert read_head(packed) == read_head(plain) == content[: files.HEAD]
    assert [noun.name for noun in run(packed).of(Issuer)] == [noun.name for noun in run(plain).of(Issuer)]


@pytest.mark.parametrize(
    "content",
    [
        b'{"plans":' + b"[" * 100_000,
        b'{"plans":[' + b'{"id":' * 100_000 + b"1" + b"}" * 100_000 + b"]}",
        b'{"response":{"plans":[{"id":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"}]}}",
    ],
)
def test_json_nested_without_end_is_refused(refusal, tmp_path, content):
    path = tmp_path / "deep.json"
    path.write_bytes(content)
    assert (refusal(path).code, refusal(path).found) == ("damaged-json", "values nested too deep")


def test_a_folder_does_not_lead_out_of_itself(run, tmp_path):
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    folder.mkdir()
    (outside / "secret.csv").write_text("nobody may read this\n")
    (folder / "real.csv").write_bytes(HEADER + ROW)
    (folder / "link.csv").symlink_to(outside / "secret.csv")
    (folder / "inside.csv").symlink_to("real.csv")
    (folder / "all").symlink_to(outside, target_is_directory=True)
    (folder / "again").symlink_to(folder, target_is_directory=True)
    (folder / "gone.csv").symlink_to(outside / "nothing.csv")
    os.mkfifo(folder / "pipe.csv")
    found = run(folder)
    assert [(problem.code, problem.file, problem.severity) for problem in found.problems] == [
        ("link-leads-out", "link.csv", "note")
    ]
    assert [noun.source.file for noun in found.of(Issuer)] == ["inside.csv", "real.csv"]


def test_an_unknown_file_is_named_but_not_quoted(refusal, tmp_path):
    path = tmp_path / "passwords.csv"
    path.write_text("root:x:0:0:root:/root:/bin/sh\n")
    assert (refusal(path).code, refusal(path).found) == ("unknown-format", "text or a table of another kind")
