"""Fixtures for every test: reference data, an empty database on each engine, and the rule about skipping.

Where ``CI=true`` a test that would be skipped fails instead: there, all that a test needs is present by agreement.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from catalog.store.base import make_engine
from portal.web.features import load_models

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"
NOTHING_MAY_BE_SKIPPED = os.environ.get("CI") == "true"


def fail_instead_of_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure that keeps the reason; an expected failure (xfail) stays what it is."""
    if NOTHING_MAY_BE_SKIPPED and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"CI=true allows no skipped test. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report = yield
    fail_instead_of_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    report = yield
    fail_instead_of_skip(report)
    return report


@pytest.fixture(scope="session", autouse=True)
def all_tables() -> None:
    """Know every table before the first test: which ones a test file happens to import must not matter."""
    load_models()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of public reference data that stands beside the checkout, not inside it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs the reference data, which is not beside this checkout (../shared/data)")
    return SHARED_DATA


def postgres_server() -> URL:
    """Address of the run's own PostgreSQL database, which also tells where to create others."""
    url = os.environ.get("COVERWRIGHT_TEST_POSTGRES")
    if not url:
        pytest.skip("needs PostgreSQL: use ./run test, or set COVERWRIGHT_TEST_POSTGRES to a database URL")
    return make_url(url)


def execute_on_server(server: URL, statement: str) -> None:
    """Run a statement that no transaction may hold."""
    engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))


def empty_postgres() -> Iterator[str]:
    """Yield the URL of a new, empty PostgreSQL database and drop it afterwards, whoever is still connected."""
    server = postgres_server()
    name = f"{server.database}_{uuid4().hex[:8]}"
    execute_on_server(server, f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        execute_on_server(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def empty_database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the URL of an empty database of the kind; an SQLite file is made in `folder`."""
    if kind == "postgresql":
        yield from empty_postgres()
    else:
        yield f"sqlite:///{folder / 'test.db'}"


BOTH = [pytest.param(kind, marks=pytest.mark.both_databases, id=kind) for kind in ("sqlite", "postgresql")]


@pytest.fixture(params=BOTH)
def database_url(request, tmp_path) -> Iterator[str]:
    """URL of an empty database that this test has to itself; the test runs once for each engine."""
    yield from empty_database(request.param, tmp_path)


@pytest.fixture(scope="module", params=BOTH)
def module_database_url(request, tmp_path_factory) -> Iterator[str]:
    """The same for tests that only read what their module loaded once."""
    yield from empty_database(request.param, tmp_path_factory.mktemp("database"))


@pytest.fixture
def engine(database_url) -> Iterator[Engine]:
    """An engine of `catalog.store` on `database_url`, without tables."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()
