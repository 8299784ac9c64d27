"""An import reads and checks in a database of its own: the records are locked for the move alone."""

import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from catalog.store import staging, tables
from catalog.store.base import Sessions
from catalog.store.drafts import FileRecord, write_draft
from catalog.store.staging import staged
from catalog.terms import FileRefused

FILES = (FileRecord("made.csv", "0" * 64),)
EVERY = (tables.release, tables.problem, *(each.table for each in tables.NOUN_TABLES))


def rows(sessions: Sessions):
    """Every row of every table, without the release's own number."""
    with sessions.read() as session:
        return {
            table.name: sorted(
                repr({name: value for name, value in row.items() if name not in {"number", "release_no"}})
                for row in session.execute(sa.select(table)).mappings()
            )
            for table in EVERY
        }


def stray(make):
    """A market with one rate too many, so that there is a problem to move."""
    yield from make.market()
    yield make.rate("99999OH0010001", 40, "383.40")


@pytest.fixture
def direct(sessions, make):
    """Report and rows of the same import written straight into the records, which are empty again."""
    with sessions.write() as session:
        report = write_draft(session, stray(make), made_on=make.made_on, files=FILES)
    written = rows(sessions)
    with sessions.write() as session:
        session.execute(sa.delete(tables.release))
    return report, written


def test_a_staged_draft_is_the_draft_that_a_direct_one_would_be(sessions, make, direct):
    with staged(stray(make), made_on=make.made_on, files=FILES) as stage:
        assert stage.keep(sessions) == direct[0]
    assert rows(sessions) == direct[1]
    assert direct[1]["catalog_problem"]


def test_rows_sent_as_values_are_the_same_rows(sessions, make, direct, monkeypatch):
    monkeypatch.setattr(staging, "_BATCH", 2)
    monkeypatch.setattr(staging.Stage, "_attach", staging.Stage._transfer)
    with staged(stray(make), made_on=make.made_on, files=FILES) as stage:
        assert stage.keep(sessions) == direct[0]
    assert rows(sessions) == direct[1]


def test_the_same_content_again_changes_nothing(sessions, make):
    for already in (False, True):
        with staged(make.market(), made_on=make.made_on) as stage:
            assert stage.report_for(sessions).already is already
            assert stage.keep(sessions).already is already
    assert len(rows(sessions)["catalog_release"]) == 1


def test_two_drafts_keep_their_rows_apart(sessions, make):
    for found in (make.market(), make.places()):
        with staged(found, made_on=make.made_on) as stage:
            stage.keep(sessions)
    with sessions.read() as session:
        counties = tables.counties.table
        counted = sa.select(sa.func.count()).select_from(counties).group_by(counties.c.release_no)
        per_release = session.scalars(counted).all()
    assert per_release == [3, 3]


def test_people_can_write_while_files_are_read(make, tmp_path):
    """What is read takes the write lock of the records for itself; an import that held it would wait in vain."""
    engine = staging.make_engine(f"sqlite:///{tmp_path / 'records.db'}")
    tables.release.metadata.create_all(engine, tables=EVERY)
    other = sqlite3.connect(tmp_path / "records.db", isolation_level=None, timeout=0)

    def reading():
        other.execute("BEGIN IMMEDIATE")
        yield from make.market()

    try:
        with staged(reading(), made_on=make.made_on) as stage:
            assert not stage.report_for(Sessions(engine)).already  # a dry run answers while another one writes
            other.execute("ROLLBACK")
            stage.keep(Sessions(engine))
        assert len(rows(Sessions(engine))["catalog_release"]) == 1
    finally:
        other.close()
        engine.dispose()


def test_nothing_is_left_behind(sessions, make, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def broken():
        yield make.plan(make.ours)
        yield make.plan(make.ours, name="Another name")

    with pytest.raises(FileRefused), staged(broken(), made_on=make.made_on) as stage:
        stage.keep(sessions)
    with staged(make.market(), made_on=make.made_on):
        assert list(Path(tmp_path).iterdir())
    assert not list(Path(tmp_path).iterdir())
    assert not rows(sessions)["catalog_release"]
