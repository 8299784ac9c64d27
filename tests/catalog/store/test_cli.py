"""`coverwright catalog`: what is printed, what is kept, and the exit codes that operators rely on."""

import csv
import json

import pytest
from click.testing import CliRunner

from catalog.store.base import Base, make_engine
from catalog.terms import Problem
from portal.cli import main

FILES = {
    "issuers.csv": """plan_year,issuer_id,name,state,sold_by_us
2027,12345,Lantern Health,OH,yes
""",
    "products.csv": """plan_year,product_id,issuer_id,line,name,excepted_benefit,underwriting,\
effective_from,effective_until
2027,ACC,12345,accident,Accident,yes,guaranteed,2027-01-01,2027-12-31
""",
    "options.csv": """plan_year,option_id,product_id,line,kind,name,order
2027,ACC-1,ACC,accident,choice,Accident basic,1
2027,ACC-2,ACC,accident,choice,Accident plus,2
""",
    "option_rates.csv": """plan_year,option_id,rating_area,age_low,age_high,tobacco,person_role,unit,amount,\
effective_from,effective_until
2027,ACC-1,ALL,0,120,any,self,per_person,9.50,2027-01-01,2027-12-31
2027,ACC-2,ALL,0,120,any,self,per_person,12.50,2027-01-01,2027-12-31
""",
}
PLACES = {
    "zip_counties.csv": """plan_year,zip,county_fips
2027,45202,39061
2027,45203,39061
""",
    "rating_areas.csv": """plan_year,state,rating_area,county_fips
2027,OH,9,39061
""",
}
STRAY_RATE = "2027,ACC-9,ALL,0,120,any,self,per_person,9.50,2027-01-01,2027-12-31\n"


@pytest.fixture
def folder(tmp_path):
    """The smallest catalogue that can be sold from, as the payer's own CSV set."""
    made = tmp_path / "own"
    made.mkdir()
    for name, text in FILES.items():
        (made / name).write_text(text)
    return made


@pytest.fixture
def run(tmp_path):
    """Run the console command against a database with tables."""
    database_url = f"sqlite:///{tmp_path / 'catalog.db'}"
    engine = make_engine(database_url)
    Base.metadata.create_all(engine)
    engine.dispose()
    environment = {
        "DATABASE_URL": database_url,
        "COVERWRIGHT_DATA": str(tmp_path),
        "COVERWRIGHT_MODE": "test",
        "COVERWRIGHT_TODAY": "2026-11-15",
    }
    return lambda *arguments: CliRunner(env=environment).invoke(main, ["catalog", *map(str, arguments)])


@pytest.fixture
def load(run, folder):
    """Import the folder; returns the release id."""

    def load_folder():
        result = run("import", folder, "--market", "individual", "--json")
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)["release"]["release_id"]

    return load_folder


def published(run):
    releases = json.loads(run("list", "--json").stdout)["releases"]
    return [each["release_id"] for each in releases if each["state"] == "published"]


def test_an_import_prints_one_document(run, folder):
    result = run("import", folder, "--market", "individual", "--json")
    document = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (document["schema_version"], document["status"], document["dry_run"]) == (1, "done", False)
    assert document["counts"]["option_rate"] == 2
    release = document["release"]
    assert release["release_id"] == f"2027-20261115-{release['content_hash'][:8]}"
    assert json.loads(run("import", folder, "--market", "individual", "--json").stdout)["release"]["already_imported"]


def test_a_dry_run_keeps_nothing(run, folder):
    result = run("import", folder, "--dry-run")
    assert (result.exit_code, "Nothing was kept" in result.stdout) == (0, True)
    assert run("list").stdout == ""


def test_a_draft_that_cannot_be_published_says_why(run, tmp_path):
    only_places = tmp_path / "places"
    only_places.mkdir()
    for name, text in PLACES.items():
        (only_places / name).write_text(text)
    (only_places / "market.csv").write_text("plan_year,state,county_fips,complete\n")
    result = run("import", only_places, "--json")
    document = json.loads(result.stdout)
    assert "holds nothing that can be sold" in document["refusal"]
    assert [(each["code"], each["file"]) for each in document["problems"]] == [("no-rows", "market.csv")]
    (only_places / "zip_counties.csv").write_text(PLACES["zip_counties.csv"] + "2027,43215,39061\n")
    result = run("import", only_places)
    assert "It cannot be published: " in result.stdout
    assert not any(words in result.stdout for words in ("To sell from it", "--market"))


def test_wrong_rows_end_with_exit_code_1_and_stand_in_the_report(run, folder, tmp_path):
    rates = folder / "option_rates.csv"
    rates.write_text(rates.read_text() + STRAY_RATE)
    result = run("import", folder, "--json", "--report", tmp_path / "report.csv")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["status"]) == (1, "done_with_problems")
    (problem,) = document["problems"]
    assert set(problem) == set(Problem.__dataclass_fields__)
    assert (problem["file"], problem["found"], problem["severity"]) == ("option_rates.csv", "ACC-9", "quarantined")
    with (tmp_path / "report.csv").open(newline="") as stream:
        assert list(csv.DictReader(stream)) == [problem]
    assert "quarantined: option_rates.csv, row 4" in result.stderr
    assert document["counts"]["option_rate"] == 2


@pytest.mark.parametrize(
    ("name", "text", "arguments"),
    [
        ("plans.xml", "<packagesList><packages><header>", ()),
        ("plans.xml", "not xml at all", ()),
        ("issuers.csv", FILES["issuers.csv"].replace("2027", "2026"), ()),
        ("issuers.csv", FILES["issuers.csv"], ("--plan-year", "2026")),
        ("issuers.csv", "some,other,columns\n1,2,3\n", ()),
    ],
    ids=["truncated", "not-what-it-claims", "mixed-years", "wrong-year", "unknown"],
)
def test_a_file_that_cannot_be_trusted_changes_nothing(run, folder, load, name, text, arguments):
    release_id = load()
    run("publish", release_id, "--yes")
    (folder / name).write_text(text)
    before = run("list", "--json").stdout
    result = run("import", folder, "--json", *arguments)
    document = json.loads(result.stdout)
    assert (result.exit_code, document["status"]) == (2, "refused")
    (problem,) = document["problems"]
    assert problem["severity"] == "refused"
    assert all(problem[each] for each in ("file", "place", "field", "found", "expected"))
    assert "Nothing was imported" in result.stderr
    assert run("list", "--json").stdout == before
    assert published(run) == [release_id]


def test_publish_shows_what_changes_and_wants_a_yes(run, folder, load):
    first = load()
    result = run("publish", first)
    assert (result.exit_code, published(run)) == (2, [])
    assert "first of its issuers" in result.stderr
    assert run("publish", first, "--yes").exit_code == 0
    rates = folder / "option_rates.csv"
    rates.write_text(rates.read_text().replace("12.50", "13.75"))
    second = load()
    result = run("publish", second, "--json")
    preview = json.loads(result.stdout)
    assert (result.exit_code, preview["replaces"], published(run)) == (2, first, [first])
    (row,) = preview["changes"]["tables"]["option_rate"]["rows"]
    assert row["fields"] == [{"field": "amount", "old": "12.5000", "new": "13.7500"}]
    assert row["new_source"] == {"file": "option_rates.csv", "place": "row 3"}
    assert "amount 12.5000 -> 13.7500" in result.stderr
    assert run("publish", second, "--yes").exit_code == 0
    assert published(run) == [second]


def test_roll_back(run, folder, load):
    first = load()
    run("publish", first, "--yes")
    options = folder / "options.csv"
    options.write_text(options.read_text().replace("plus", "extra"))
    second = load()
    run("publish", second, "--yes")
    assert run("rollback", second).exit_code == 2
    assert published(run) == [second]
    result = run("rollback", second, "--yes", "--json")
    assert json.loads(result.stdout)["release"]["release_id"] == first
    assert published(run) == [first]
    refused = run("rollback", first, "--yes")
    assert (refused.exit_code, "would be withdrawn" in refused.stderr) == (2, False)
    assert f"coverwright catalog withdraw {first}" in refused.stderr


def test_withdraw(run, load):
    first = load()
    run("publish", first, "--yes")
    assert (run("withdraw", first).exit_code, published(run)) == (2, [first])
    assert json.loads(run("withdraw", first, "--json").stdout)["moves"] == []
    for _ in range(2):
        result = run("withdraw", first, "--yes", "--json")
        assert json.loads(result.stdout)["release"]["state"] == "withdrawn", result.stderr
    assert published(run) == []
    refused = run("rollback", first, "--yes")
    assert (refused.exit_code, "would be withdrawn" in refused.stderr) == (2, False)
    assert "Stop selling" in run("withdraw", "--help").stdout


def test_a_preview_says_in_words_and_numbers_what_people_will_see(run, folder, load):
    for name, text in PLACES.items():
        (folder / name).write_text(text)
    first = load()
    assert run("publish", first, "--yes").exit_code == 0
    for name in FILES:
        (folder / name).write_text((folder / name).read_text().replace("12345", "67890"))
    (folder / "zip_counties.csv").write_text(PLACES["zip_counties.csv"] + "2027,43215,39049\n")
    second = load()
    result = run("publish", second, "--json")
    document = json.loads(result.stdout)
    assert document["beside"] == [first]
    assert document["moves"][1] == {"now_id": first, "then_id": second, "zip_codes": 2, "counties": 1}
    assert f"{first} stays published beside it" in result.stderr
    assert "In 1 ZIP code (1 county) where no release is seen today, people will see this release." in result.stderr
    assert f"In 2 ZIP codes (1 county) people who now see {first} will see this release." in result.stderr
    assert run("publish", second, "--yes").exit_code == 0
    assert f"people who now see {second} will see {first}." in run("withdraw", second).stderr


def test_show_and_diff(run, folder, load):
    first = load()
    document = json.loads(run("show", first, "--json").stdout)
    assert document["release"]["issuer_set"] == ["12345"]
    assert {each["name"] for each in document["release"]["files"]} == set(FILES)
    assert "2 option" in run("show", first).stdout
    (folder / "options.csv").write_text(FILES["options.csv"].replace("Accident plus", "Accident extra"))
    second = load()
    tables = json.loads(run("diff", first, second, "--json").stdout)["tables"]
    assert set(tables) == {"option"}
    assert "name Accident plus -> Accident extra" in run("diff", first, second).stdout
    assert "No difference" in run("diff", first, first).stdout


def test_unknown_releases_and_missing_tables_are_refused_in_words(run, tmp_path):
    result = run("show", "2027-nope")
    assert (result.exit_code, "no release 2027-nope" in result.stderr) == (2, True)
    empty = {"DATABASE_URL": f"sqlite:///{tmp_path / 'empty.db'}", "COVERWRIGHT_MODE": "test"}
    result = CliRunner(env=empty).invoke(main, ["catalog", "list"])
    assert (result.exit_code, "coverwright db upgrade" in result.stderr) == (2, True)


def test_filed_templates_each_become_a_draft(run, shared_data):
    files = [
        each
        for each in sorted((shared_data / "plans" / "serff").glob("*.x*"))
        if not each.name.endswith(("roster.xlsx", "rating_factors.xlsx"))
    ]
    assert len(files) == 8
    for file in files:
        result = run("import", file, "--json")
        assert result.exit_code in {0, 1}, result.stderr
        document = json.loads(result.stdout)
        assert sum(document["counts"].values()) + sum(document["quarantined"].values()) > 0
    assert len(json.loads(run("list", "--json").stdout)["releases"]) == len(files)
