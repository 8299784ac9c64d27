"""`coverwright rules`: mistakes with their place, tests, weak spots, differences, stored bundles, explanations."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from click.testing import CliRunner

from catalog.importers import read
from catalog.store.base import Sessions, make_engine
from catalog.store.drafts import write_draft
from catalog.terms import Household, Person, ProductLine, Relationship
from configurator.bundle import Choice
from configurator.rules import FOLDER
from portal import migrations
from portal.cli import main
from portal.configurations.models import Configuration, ConfigurationVersion
from portal.configurations.stored import StoredBundle, StoredInputs
from portal.plans.shop import rule_set
from portal.web.models import Shopper
from portal.web.scope import everything
from tests.configurator.captures import FOLDER as CAPTURES
from tests.configurator.captures import read_captures
from tests.demo_release import copy_template

OWN = """\
rules:
  - id: OWN-NO-SILVER
    title: We do not sell silver this year
    issuer_rule: yes
    cite: ["issuer rule: withdrawn"]
    mark: CBR
    effective: {from: 2026-01-01}
    when: medical.selected
    require: medical.metal != 'silver'
    message: "We no longer sell silver plans."
    tests:
      - {name: bronze, on: 2026-01-01, choose: {medical: {metal: bronze}}, expect: pass}
      - {name: silver, on: 2026-01-01, choose: {medical: {metal: silver}}, expect: fail}
"""
MOMENT = datetime(2026, 11, 15, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def settings(monkeypatch, tmp_path):
    monkeypatch.setenv("COVERWRIGHT_MODE", "test")
    monkeypatch.setenv("COVERWRIGHT_TODAY", "2026-11-15")
    monkeypatch.setenv("COVERWRIGHT_DATA", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'empty.db'}")
    monkeypatch.delenv("COVERWRIGHT_RULES", raising=False)


@pytest.fixture
def own(tmp_path):
    """A folder of a payer's own rules: `own(text)` writes it and gives its path."""
    folder = tmp_path / "own"
    folder.mkdir()

    def write(text=OWN):
        (folder / "own.yaml").write_text(text, encoding="utf-8")
        return folder

    return write


def run(*words):
    done = CliRunner().invoke(main, ["rules", *map(str, words)], catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr


def run_json(*words):
    code, output, errors = run(*words, "--json")
    document = json.loads(output)
    assert document.pop("schema_version") == 1
    return code, document, errors


# check


def test_our_rules_can_be_loaded():
    code, document, errors = run_json("check")
    assert (code, document["problems"], errors) == (0, [], "")
    assert document["rules"] > 40
    assert run("check")[1].startswith(f"{document['rules']} rules can be used")


def test_a_payers_folder_adds_a_rule(own, monkeypatch):
    ours = run_json("check")[1]
    code, document, _ = run_json("check", own())
    assert (code, document["rules"]) == (0, ours["rules"] + 1)
    assert document["version"] != ours["version"]
    monkeypatch.setenv("COVERWRIGHT_RULES", str(own()))
    assert run_json("check")[1] == document


def test_the_portal_reads_the_same_folder(own, monkeypatch):
    monkeypatch.setenv("COVERWRIGHT_RULES", str(own()))
    rule_set.cache_clear()
    try:
        assert rule_set().version == run_json("check")[1]["version"]
        assert rule_set().rule("OWN-NO-SILVER").issuer_rule
    finally:
        rule_set.cache_clear()


def test_each_mistake_is_shown_with_its_place_and_a_caret(own):
    wrong = OWN.replace("!= 'silver'", "!= 'silber'") + OWN.removeprefix("rules:\n").replace("mark: CBR", "mark: CBS")
    code, document, errors = run_json("check", own(wrong))
    assert code == 2
    assert [problem.splitlines()[0].split(": ")[0] for problem in document["problems"]] == [
        "own.yaml:9:31",
        "own.yaml:18:11",
    ]
    line, caret = errors.splitlines()[1:3]
    assert line[caret.index("^") :].startswith("'silber'")


def test_law_cannot_be_replaced(own):
    code, document, errors = run_json("check", own(OWN.replace("OWN-NO-SILVER", "MEDICAL-NO-MEDICARE")))
    assert code == 2
    assert "MEDICAL-NO-MEDICARE" in document["problems"][0]
    assert "is law and cannot be replaced" in errors


def test_a_path_that_is_not_there_is_refused(tmp_path):
    code, document, _ = run_json("check", tmp_path / "nowhere")
    assert code == 2
    assert "there is no such folder or file" in document["problems"][0]


def test_a_whole_set_stands_alone(own):
    code, document, _ = run_json("check", own(), "--whole")
    assert (code, document["rules"]) == (0, 1)


# test


def test_all_tests_of_our_rules_come_out_as_written():
    code, document, errors = run_json("test")
    assert (code, document["failures"], errors) == (0, [], "")
    assert document["tests"] > 200


def test_a_test_that_fails_is_named(own):
    turned = OWN.replace("{metal: bronze}}, expect: pass", "{metal: bronze}}, expect: fail").replace(
        "{metal: silver}}, expect: fail", "{metal: silver}}, expect: pass"
    )
    code, document, errors = run_json("test", own(turned))
    assert code == 1
    first = document["failures"][0]
    assert (first["rule_id"], first["test"], first["file"], first["line"]) == (
        "OWN-NO-SILVER",
        "bronze",
        "own.yaml",
        12,
    )
    assert (first["expected"], first["found"]) == ("fail", "pass")
    assert "own.yaml:12: OWN-NO-SILVER, 'bronze': expected fail, came out as pass" in errors


def test_tests_need_rules_that_load(own):
    code, document, _ = run_json("test", own("rules: [\n"))
    assert code == 2
    assert document["refused"][0].startswith("own.yaml:")


# audit


def test_our_rules_have_no_weak_spot():
    code, document, _ = run_json("audit")
    assert (code, document) == (0, {"from": "2026-01-01", "until": "2027-12-31", "findings": [], "release": None})


def test_weak_spots_are_named(own):
    weak = OWN.replace("{from: 2026-01-01}", "{from: 2026-01-01, until: 2026-06-30}").replace(
        "when: medical.selected", "when: medical.metal == 'silver'"
    )
    code, document, _ = run_json("audit", own(weak))
    assert code == 1
    assert {(each["kind"], each["subject"]) for each in document["findings"]} == {
        ("untested_rule", "OWN-NO-SILVER"),
        ("ends_unreplaced", "OWN-NO-SILVER"),
    }


def test_law_that_is_missing_next_year_is_named(monkeypatch):
    monkeypatch.setenv("COVERWRIGHT_TODAY", "2027-11-15")
    code, document, _ = run_json("audit")
    assert code == 1
    assert {(each["kind"], each["subject"]) for each in document["findings"]} == {("law_gap", "HSA-DPC-FEE")}
    assert "dpc.monthly_cap" in run("audit")[1]


def test_every_option_of_the_demo_can_be_bought_by_somebody(demo_template, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", copy_template(demo_template, tmp_path))
    listed = CliRunner().invoke(main, ["catalog", "list", "--json"]).stdout
    release_id = json.loads(listed)["releases"][0]["release_id"]
    code, document, _ = run_json("audit", "--release", release_id)
    assert (code, document["findings"]) == (0, [])
    assert document["release"]["places"]
    assert "MEDIGAP-BY-ITSELF" in document["release"]["idle_rules"]
    assert "HSA-NEEDS-HDHP-2026" not in document["release"]["idle_rules"]


def test_an_option_that_nobody_can_buy_is_named(demo_template, tmp_path, monkeypatch, own):
    monkeypatch.setenv("DATABASE_URL", copy_template(demo_template, tmp_path))
    release_id = json.loads(CliRunner().invoke(main, ["catalog", "list", "--json"]).stdout)["releases"][0]["release_id"]
    barred = OWN.replace("!= 'silver'", "!= 'catastrophic'").replace("metal: silver", "metal: catastrophic")
    code, document, _ = run_json("audit", own(barred), "--release", release_id)
    assert code == 1
    dead = [each for each in document["findings"] if each["kind"] == "dead_option"]
    assert dead
    assert all("OWN-NO-SILVER" in each["text"] and each["subject"].startswith("medical/") for each in dead)


def test_a_release_that_is_not_there_is_refused(demo_template, tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", copy_template(demo_template, tmp_path))
    code, document, _ = run_json("audit", "--release", "2027-nothing")
    assert code == 2
    assert "There is no release 2027-nothing" in document["refused"][0]


def test_a_database_without_tables_is_refused():
    code, document, _ = run_json("audit", "--release", "2027-nothing")
    assert code == 2
    assert "run coverwright db upgrade" in document["refused"][0]


# diff


def test_what_came_went_and_changed(tmp_path):
    new = tmp_path / "new"
    shutil.copytree(FOLDER, new)
    text = (new / "hsa.yaml").read_text().replace("HSA-NO-GENERAL-FSA", "HSA-NO-FSA")
    (new / "hsa.yaml").write_text(
        text.replace("require: not household.applicant_has_medicare", "require: hsa.selected")
    )
    code, document, _ = run_json("diff", FOLDER, new, "--whole")
    assert code == 0
    assert document == {
        "added": ["HSA-NO-FSA"],
        "removed": ["HSA-NO-GENERAL-FSA"],
        "changed": [{"rule_id": "HSA-NO-MEDICARE", "fields": ["require"]}],
        "stored": None,
    }
    shown = run("diff", FOLDER, new, "--whole")[1]
    assert "added: HSA-NO-FSA" in shown
    assert "changed: HSA-NO-MEDICARE: require" in shown


def test_rules_that_only_moved_do_not_differ(tmp_path):
    new = tmp_path / "new"
    shutil.copytree(FOLDER, new)
    for path in new.glob("*.yaml"):
        path.write_text("# moved down a line\n" + path.read_text())
    assert run("diff", FOLDER, new, "--whole")[:2] == (0, "No rule differs.\n")


@pytest.fixture(scope="module")
def stored(module_database_url, shared_data):
    """A release of captured plans with two stored configurations, silver and bronze: (database URL, their ids)."""
    engine = make_engine(module_database_url)
    migrations.upgrade(engine)
    capture = next(c for c in read_captures(shared_data) if c.county_fips == "39049" and c.age == 40)
    with Sessions(engine).write() as session:
        release_id = write_draft(session, read([shared_data / CAPTURES]), made_on=MOMENT).release_id
        shopper = Shopper(cookie_hash="0" * 64, created_at=MOMENT, expires_at=MOMENT)
        session.add(shopper)
        session.flush()
        with everything(session, "test"):
            ids = {metal: keep(session, capture, release_id, shopper, metal) for metal in ("Silver", "Bronze")}
    engine.dispose()
    return module_database_url, ids


def keep(session, capture, release_id, shopper, metal):
    """A configuration of a plan of the metal level in two versions, of which the newest counts; its id."""
    plan_id = next(plan["id"] for plan in capture.plans if plan["metal_level"] == metal)
    person = Person("p1", Relationship.SELF, birth_date=date(1986, 1, 1), tobacco=False)
    household = Household((person,), capture.zip_code, capture.county_fips, date(2026, 1, 1), income=capture.income)
    choice = Choice(ProductLine.MEDICAL, plan_id, ("p1",))
    inputs = StoredInputs(household, (choice,), release_id, "law", "rules")
    amounts = StoredBundle((), Decimal(1), Decimal(0), Decimal(1), True)
    kept = Configuration(
        name=metal, plan_year=2026, created_at=MOMENT, changed_at=MOMENT, shopper_id=shopper.id, versions=[]
    )
    session.add(kept)
    session.flush()
    for number in (1, 2):
        version = ConfigurationVersion(
            number=number,
            made_on=MOMENT.date(),
            created_at=MOMENT,
            inputs=replace(inputs, release_id="2026-gone") if number == 1 else inputs,
            bundle=amounts,
            shopper_id=shopper.id,
        )
        kept.versions.append(version)
    session.flush()
    return kept.id


@pytest.fixture
def on_stored(stored, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", stored[0])
    return stored[1]


def empty_folder(tmp_path):
    folder = tmp_path / "none"
    folder.mkdir()
    return folder


def test_a_stored_configuration_that_becomes_invalid_is_named(on_stored, own, tmp_path):
    code, document, _ = run_json("diff", empty_folder(tmp_path), own(), "--stored")
    assert code == 1
    assert (document["added"], document["stored"]["looked_at"], document["stored"]["not_replayed"]) == (
        ["OWN-NO-SILVER"],
        2,
        [],
    )
    (spoiled,) = document["stored"]["invalid"]
    assert (spoiled["configuration_id"], spoiled["version"]) == (on_stored["Silver"], 2)
    assert spoiled["violations"] == [
        {
            "rule_id": "OWN-NO-SILVER",
            "message": "We no longer sell silver plans.",
            "cite": ["issuer rule: withdrawn"],
        }
    ]


def test_what_was_invalid_before_is_not_news(on_stored, own, tmp_path):
    code, document, _ = run_json("diff", own(), own(), "--stored")
    assert (code, document["stored"]["invalid"]) == (0, [])
    code, document, _ = run_json("diff", own(), empty_folder(tmp_path), "--stored")
    assert (code, document["removed"], document["stored"]["invalid"]) == (0, ["OWN-NO-SILVER"], [])


def test_a_stored_configuration_shows_no_person(on_stored, own, tmp_path):
    _, shown, _ = run("diff", empty_folder(tmp_path), own(), "--stored")
    assert f"becomes invalid: {on_stored['Silver']} version 2: OWN-NO-SILVER" in shown
    assert "2 stored configurations looked at, 1 become invalid." in shown
    assert "1986" not in shown


def test_stored_configurations_need_tables(own, tmp_path):
    code, document, _ = run_json("diff", empty_folder(tmp_path), own(), "--stored")
    assert code == 2
    assert "run coverwright db upgrade" in document["refused"][0]


# explain


def test_a_rule_is_explained_in_words():
    code, document, _ = run_json("explain", "MEDICAL-CATASTROPHIC-AGE")
    assert (code, document["kind"], document["entry"], document["mark"]) == (0, "constraint", 10, "V1")
    assert document["when"] == 'medical "metal level" is catastrophic'
    assert " is below 30 (" in document["require"]
    assert {"name": "29 on the first day", "on": "2027-01-01", "expect": "pass"} in document["tests"]
    assert "message: A catastrophic plan needs" in run("explain", "MEDICAL-CATASTROPHIC-AGE")[1]


def test_a_rule_that_a_function_keeps_names_it_and_its_tests():
    code, document, _ = run_json("explain", "AGE-AT-START")
    assert (code, document["kind"], document["when"]) == (0, "computation", "")
    assert document["implemented_by"] == ["configurator.rating:Rater.ages"]
    assert "in: configurator.rating:Rater.ages" in run("explain", "AGE-AT-START")[1]


def test_a_repealed_rule_says_since_when_that_is_known():
    _, document, _ = run_json("explain", "HSA-NO-TELEHEALTH", "--on", "2025-03-01")
    assert document["in_force"] is False
    assert document["repealed"]["recorded"] == "2025-07-04"
    assert "ended from 2025-01-01, known since 2025-07-04" in run("explain", "HSA-NO-TELEHEALTH")[1]


def test_a_replaced_rule_is_in_force_only_in_its_time():
    for on, first, second in (("2025-12-31", True, False), ("2026-01-01", False, True)):
        assert run_json("explain", "HSA-NEEDS-HDHP", "--on", on)[1]["in_force"] is first
        assert run_json("explain", "HSA-NEEDS-HDHP-2026", "--on", on)[1]["in_force"] is second


def test_an_unknown_rule_gets_a_hint():
    code, document, _ = run_json("explain", "hsa-needs-hdp")
    assert code == 2
    assert document["refused"][0].startswith("RULE_ID: found 'hsa-needs-hdp', expected one of HSA-NEEDS-HDHP")


def test_rules_of_every_shape_can_be_explained():
    for rule_id in ("HSA-DPC-FEE", "FAMILY-NEEDS-APPLICANT", "BROKER-STANDING", "FIXED-INDEMNITY-NOTICE"):
        assert run("explain", rule_id)[0] == 0


@pytest.mark.parametrize("verb", ["check", "test", "audit", "diff", "explain"])
def test_help_documents_the_shape(verb):
    shown = CliRunner().invoke(main, ["rules", verb, "--help"]).stdout
    assert "With --json:" in shown
    assert "schema_version" in shown
