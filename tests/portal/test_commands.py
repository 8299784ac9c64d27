"""The console command, the migrations, and readiness."""

import json

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click.testing import CliRunner

from catalog.store.base import Base
from portal import migrations
from portal.cli import main
from portal.web.features import load_models
from tests.portal.conftest import make_app


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command on a database of its own: `run("db", "upgrade")`."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'command.db'}")
    monkeypatch.setenv("COVERWRIGHT_DATA", str(tmp_path))
    monkeypatch.setenv("COVERWRIGHT_MODE", "demo")

    def running(*words, **environment):
        return CliRunner().invoke(main, list(words), env=environment)

    return running


def test_help_names_the_families_of_verbs(run):
    shown = run("--help").stdout
    assert "db" in shown
    assert "seed-demo" in shown


def test_a_wrong_database_url_is_refused(run):
    done = run("db", "upgrade", DATABASE_URL="mysql://x")
    assert done.exit_code == 2
    assert "DATABASE_URL" in done.stderr


def test_upgrading_twice_changes_nothing(run):
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "upgrade").exit_code == 0
    assert run("db", "current").stdout.startswith(str(migrations.head()))


def test_seeding_prints_the_sign_ins_and_repeats(run):
    run("db", "upgrade")
    first, second = run("seed-demo", "--json"), run("seed-demo", "--json")
    assert first.exit_code == 0, first.output
    assert json.loads(first.stdout) == json.loads(second.stdout)
    assert {person["role"] for person in json.loads(first.stdout)["sign_ins"]} >= {"member", "broker", "admin"}
    assert "invented" in run("seed-demo").stdout


@pytest.mark.parametrize("mode", ["production", None])
def test_seeding_is_refused_in_production(run, mode):
    run("db", "upgrade")
    done = run("seed-demo", COVERWRIGHT_MODE=mode, SECRET_KEY="k" * 32, COVERWRIGHT_HOSTS="cover.example.com")
    assert done.exit_code == 2
    assert "production" in done.stderr
    assert "COVERWRIGHT_MODE=demo" in done.stderr


def is_ours(thing, name, kind, reflected, compared):
    return not (kind == "table" and name.startswith("sample_"))


def test_migrations_and_tables_in_code_agree(engine):
    """When they do not: coverwright db revision "what changed"."""
    load_models()
    migrations.upgrade(engine)
    with engine.connect() as connection:
        options = {"include_object": is_ours, "compare_type": True}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []


def test_ready_when_migrated(engine, database_url, data_folder):
    migrations.upgrade(engine)
    app = make_app(database_url, data_folder)
    assert app.test_client().get("/readyz").status_code == 200
    assert app.test_client().get("/healthz").text == "ok\n"
    app.extensions["sessions"].engine.dispose()


def test_not_ready_before_migrating(client):
    page = client.get("/readyz")
    assert page.status == 503
    assert "coverwright db upgrade" in page.text
