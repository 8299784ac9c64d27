"""`coverwright quote` on an imported release: the captured prices to the cent, refusals, exit codes, JSON."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from catalog.importers import read
from catalog.store.base import Sessions, make_engine
from catalog.store.drafts import write_draft
from catalog.terms import ProductLine
from configurator.tax_credit import CreditUnknown
from portal import migrations
from portal.cli import main
from portal.commands.quote import _print_table
from tests.configurator.captures import FOLDER, read_captures

MADE_ON = datetime(2026, 11, 15, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def release(module_database_url, shared_data):
    """A draft of the captured answers, through importer and store: (database URL, release id)."""
    engine = make_engine(module_database_url)
    migrations.upgrade(engine)
    with Sessions(engine).write() as session:
        release_id = write_draft(session, read([shared_data / FOLDER]), made_on=MADE_ON).release_id
    engine.dispose()
    return module_database_url, release_id


@pytest.fixture
def run(release, tmp_path, monkeypatch):
    """Price a document: `run(document)`; gives exit code, the printed object and standard error."""
    monkeypatch.setenv("DATABASE_URL", release[0])
    monkeypatch.setenv("COVERWRIGHT_DATA", str(tmp_path))
    monkeypatch.setenv("COVERWRIGHT_MODE", "test")
    path = tmp_path / "household.json"

    def running(document, *words, release_id=release[1]):
        path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
        named = ("--release", release_id) if release_id else ()
        done = CliRunner().invoke(main, ["quote", str(path), "--json", *named, *words], catch_exceptions=False)
        return done.exit_code, json.loads(done.stdout), done.stderr

    return running


def household(capture, **fields):
    person = {"relationship": "self", "birth_date": f"{2026 - capture.age}-01-01", "tobacco": False}
    known = {
        "schema_version": 1,
        "effective_date": "2026-01-01",
        "zip": capture.zip_code,
        "county_fips": capture.county_fips,
        "income": str(capture.income),
        "tax_household_size": 1,
        "people": [person],
    }
    return known | fields


def test_every_captured_price_is_exact_through_importer_and_store(run, shared_data):
    count = 0
    for capture in read_captures(shared_data):
        _, document, _ = run(household(capture))
        found = {
            p["plan_id"]: (Decimal(p["premium"]), Decimal(p["net_premium"])) for p in document["plans"] if p["premium"]
        }
        assert {key: found.get(key) for key in capture.prices} == capture.prices
        count += len(capture.prices)
    assert count == 834


@pytest.fixture(scope="module")
def columbus(shared_data):
    return next(c for c in read_captures(shared_data) if c.county_fips == "39049" and c.age == 40)


def test_a_price_that_can_be_told_exits_with_0_and_names_its_release(run, columbus, release):
    code, document, errors = run(household(columbus))
    assert (code, errors) == (0, "")
    assert document["schema_version"] == 1
    assert document["inputs"]["release_id"] == release[1]
    assert (document["credit"]["amount"], document["benchmark"]["premium"]) == ("274.00", "527.69")
    assert document["csr"] == "73"


def test_a_rate_that_is_not_in_the_release_is_no_guess(run, columbus):
    person = {"relationship": "self", "birth_date": "1995-01-01"}
    code, document, _ = run(household(columbus, people=[person]))
    assert code == 1
    assert (document["credit"]["status"], document["plans"][0]["premium"]) == ("unknown", None)
    assert "age 31 in rating area 9" in document["plans"][0]["reasons"][0]["text"]


def test_the_county_may_be_left_out_where_the_zip_code_tells_it(run, columbus):
    code, document, _ = run({key: value for key, value in household(columbus).items() if key != "county_fips"})
    assert (code, document["inputs"]["county_fips"]) == (0, "39049")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"zip": "99999"}, "zip"),
        ({"county_fips": "39061"}, "county_fips"),
        ({"effective_date": "2027-01-01"}, "effective_date"),
        ({"income": 60240.5}, "income"),
    ],
)
def test_a_wrong_field_is_refused_by_name(run, columbus, fields, field):
    code, document, errors = run(household(columbus, **fields))
    assert code == 2
    assert [each["field"] for each in document["refused"]] == [field]
    assert errors.startswith(f"{field}: found ")


def test_a_draft_is_used_only_by_name(run, columbus):
    code, document, _ = run(household(columbus), release_id="")
    assert (code, document["refused"][0]["field"]) == (2, "effective_date")
    assert "none is published for 2026" in document["refused"][0]["expected"]


def test_an_unknown_release_is_refused(run, columbus):
    code, document, _ = run(household(columbus), release_id="2026-nothing")
    assert (code, document["refused"][0]["field"]) == (2, "--release")


def test_a_text_that_is_not_json_is_refused(run):
    code, document, _ = run("{")
    assert (code, document["refused"][0]["expected"]) == (2, "a JSON document")


def test_without_json_people_read_a_list(release, columbus, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", release[0])
    monkeypatch.setenv("COVERWRIGHT_MODE", "test")
    done = CliRunner().invoke(main, ["quote", "-", "--release", release[1]], input=json.dumps(household(columbus)))
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[1] == "Tax credit: $274.00 a month."
    assert lines[2].startswith("Note: ")
    parts = done.stdout.split("\n\n")[1:]
    assert [part.splitlines()[0] for part in parts] == ["Medical plans", "Dental plans"][: len(parts)]
    assert parts[0].splitlines()[1].split()[:2] == ["$123.28", "29341OH0100050"]


def test_medical_and_dental_plans_stand_apart(capsys):
    plans = [("M1", ProductLine.MEDICAL), ("D1", ProductLine.DENTAL), ("M2", ProductLine.MEDICAL)]
    rows = [
        SimpleNamespace(net_premium=None, reasons=(), plan=SimpleNamespace(plan_id=each, line=line, name="Plan"))
        for each, line in plans
    ]
    inputs = SimpleNamespace(release_id="2027-x", effective_date="2027-01-01")
    credit = CreditUnknown("income-unknown", "No income is told.")
    _print_table(SimpleNamespace(credit=credit, inputs=inputs, notes=(), plans=rows))
    medical, dental = capsys.readouterr().out.split("\n\n")[1:]
    assert [line.split()[-2] for line in medical.splitlines()] == ["Medical", "M1", "M2"]
    assert [line.split()[-2] for line in dental.splitlines()] == ["Dental", "D1"]


def test_help_documents_the_shape():
    shown = CliRunner().invoke(main, ["quote", "--help"]).stdout
    for word in (
        "schema_version",
        "birth_date",
        "tax_household_size",
        "hardship_exemption",
        "net_premium",
        "Exit code",
    ):
        assert word in shown
