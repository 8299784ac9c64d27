"""`coverwright cost-share`: the documented shapes, exit codes, and refusals that name every wrong part."""

import copy
import json

import pytest
from click.testing import CliRunner

from portal.cli import main

CASE = {
    "schema_version": 1,
    "effective_date": "2027-01-01",
    "design": {
        "limits": [
            {"kind": "deductible", "individual": "1000.00", "per_person": "1000.00", "per_group": "2000.00"},
            {"kind": "moop", "individual": "5000.00", "per_person": "5000.00", "per_group": "10000.00"},
        ],
        "benefits": [
            {"category": "specialist", "in_1": {"coinsurance": "0.20", "coinsurance_timing": "after"}},
            {"category": "primary_care", "in_1": {"copay": "40.00"}, "out": {"coinsurance": "0.5"}},
        ],
    },
    "people": [{"id": "p1"}, {"id": "p2"}],
    "accumulators": [
        {"kind": "deductible", "level": level, "person": "p1", "amount": "300.00", "on": "2027-01-15", "line_id": "L0"}
        for level in ("individual", "family")
    ],
    "lines": [
        {"id": "L1", "person": "p1", "category": "specialist", "on": "2027-02-01", "allowed": "1200.00"},
        {"id": "L2", "person": "p2", "category": "primary_care", "on": "2027-02-01", "allowed": "150.00"},
    ],
}


def changed(*path, value):
    case = copy.deepcopy(CASE)
    place = case
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return case


def run(case, *options):
    text = case if isinstance(case, str) else json.dumps(case)
    done = CliRunner().invoke(main, ["cost-share", "-", *options], input=text)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def refused(case):
    done = run(case, "--json")
    assert done.exit_code == 2
    document = json.loads(done.stdout)
    assert document["schema_version"] == 1
    return {row["field"]: (row["found"], row["expected"]) for row in document["refused"]}


def answered(case, code=0):
    done = run(case, "--json")
    assert done.exit_code == code, done.stderr
    return json.loads(done.stdout)


def test_lines_numbers_clauses_and_ledger():
    found = answered(CASE)
    first, second = found["lines"]
    # 700 of the deductible is left after 300; 20 % of 500
    assert (first["deductible"], first["coinsurance"], first["plan_pays"]) == ("700.00", "100.00", "400.00")
    assert (second["copay"], second["member_owes"]) == ("40.00", "40.00")
    assert {clause["number"] for clause in first["clauses"]} == {"deductible", "coinsurance"}
    sums = {(row["kind"], row["level"], row["person"]): row["used"] for row in found["accumulators"]}
    assert sums["deductible", "individual", "p1"] == "1000.00"
    assert sums["moop", "family", ""] == "840.00"
    assert {row["line_id"] for row in found["ledger"]} == {"L1", "L2"}
    assert found["gaps"] == []


def test_a_line_of_the_case_and_one_of_the_ledger_are_taken_back():
    found = answered(CASE | {"reverse": ["L1", "L0"]})
    back = found["lines"][-1]
    assert (back["id"], back["reversal"], back["allowed"], back["member_owes"]) == ("L1", True, "-1200.00", "-800.00")
    sums = {(row["kind"], row["level"], row["person"]): row["used"] for row in found["accumulators"]}
    assert sums["deductible", "individual", "p1"] == sums["deductible", "family", ""] == "0.00"


def test_what_the_design_does_not_file_is_said_and_ends_with_1():
    case = changed("design", "benefits", 0, "in_1", value=None)
    found = answered(case, code=1)
    assert found["gaps"] == ["specialist"]
    assert found["lines"][0]["certain"] is False
    assert "Not filed: specialist" in run(case).stdout


@pytest.mark.parametrize(("path", "value", "field"), [
    (("schema_version",), 2, "schema_version"),
    (("effective_date",), "1.1.2027", "effective_date"),
    (("people",), [], "people"),
    (("surprise",), 1, "the document"),
    (("lines", 0, "allowed"), 1200, "lines[0].allowed"),
    (("lines", 0, "allowed"), "-1", "lines[0].allowed"),
    (("lines", 0, "allowed"), "1.234", "lines[0].allowed"),
    (("lines", 0, "tier"), "third", "lines[0].tier"),
    (("lines", 0, "units"), 0, "lines[0].units"),
    (("lines", 0, "colour"), "blue", "lines[0]"),
    (("lines", 1, "id"), "L1", "lines, id"),
    (("people", 1, "id"), "p1", "people, id"),
    (("design", "line"), "pets", "design.line"),
    (("design", "limits", 0, "individual"), "a lot", "design.limits[0].individual"),
    (("design", "limits", 1, "kind"), "deductible", "design.limits, kind, scope, tier"),
    (("design", "benefits", 0, "in_1", "coinsurance"), "20", "design.benefits[0].in_1.coinsurance"),
    (("design", "benefits", 0, "in_1", "copay_timing"), "never", "design.benefits[0].in_1.copay_timing"),
    (("design", "crossover"), [["out"]], "design.crossover[0]"),
    (("accumulators", 0, "person"), "p9", "accumulators[0].person"),
    (("accumulators", 0, "amount"), "x", "accumulators[0].amount"),
    (("reverse",), ["nothing"], "reverse[0]"),
    (("reverse",), ["L1", "L1"], "reverse"),
])  # fmt: skip
def test_a_wrong_field_is_named_with_what_was_found_and_expected(path, value, field):
    found = refused(changed(*path, value=value))
    assert list(found) == [field]
    assert all(found[field])


def test_every_wrong_part_is_named_at_once():
    case = changed("lines", 0, "allowed", value="x")
    case["people"][1]["prior_cover"] = "yes"
    case["design"]["benefits"][1]["category"] = ""
    assert set(refused(case)) == {"lines[0].allowed", "people[1].prior_cover", "design.benefits[1].category"}


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"schema_version": 1}', '"case"'])
def test_what_is_no_case_is_refused(text):
    assert refused(text)


def test_an_unreadable_file_is_refused(tmp_path):
    done = CliRunner().invoke(main, ["cost-share", str(tmp_path / "missing.json")])
    assert done.exit_code == 2
    assert "missing.json" in done.stderr


def test_a_law_that_is_not_held_is_refused_by_name():
    case = changed("design", "limits", 1, "per_person", value=None) | {"effective_date": "2031-01-01"}
    found = refused(case)
    assert "aca.moop.self" in found["effective_date"][1]


def test_a_ledger_line_that_is_taken_back_already_is_refused():
    case = copy.deepcopy(CASE)
    case["accumulators"] += [row | {"amount": "-300.00", "reversal": True} for row in case["accumulators"]]
    assert set(refused(case | {"reverse": ["L0"]})) == {"reverse[0]"}


def test_the_table_for_people():
    text = run(CASE).stdout
    assert "L1  2027-02-01  p1  specialist: you $800.00, plan $400.00" in text


def test_help_documents_both_shapes():
    text = CliRunner().invoke(main, ["cost-share", "--help"]).stdout
    assert '"effective_date": "2027-01-01"' in text
    assert "balance_bill_possible" in text
