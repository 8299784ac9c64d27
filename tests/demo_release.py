"""The demo's catalogue on SQLite: generated, imported and published once a run, then copied for each test."""

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from catalog.demo import YEARS, write_ancillary, write_market, write_puf
from catalog.importers import read
from catalog.store.base import Base, Sessions, make_engine
from catalog.store.drafts import file_records, write_draft
from catalog.store.releases import publish
from portal.web.features import load_models

MADE_ON = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
PARTS = (("puf", write_puf), ("own", write_ancillary), ("market", write_market))


def make_template(folder: Path, years: tuple[int, ...] = YEARS) -> Path:
    """Write, import and publish the demo's plan years; returns the SQLite file, at rest."""
    load_models()
    database = folder / "template.db"
    engine = make_engine(f"sqlite:///{database}")
    Base.metadata.create_all(engine)
    sessions = Sessions(engine)
    for year in years:
        publish_year(sessions, folder / str(year), year)
    engine.dispose()
    _settle(database)
    return database


def publish_year(sessions: Sessions, folder: Path, year: int) -> None:
    """Write, import and publish one plan year in a database that has its tables."""
    paths = [path for name, write in PARTS for path in write(folder / name, year)]
    with sessions.write() as session:
        draft = write_draft(session, read(paths), made_on=MADE_ON, files=file_records(paths))
        publish(session, draft.release_id, MADE_ON)


def _settle(database: Path) -> None:
    """Bring the write-ahead log into the file, so that one file is the whole database."""
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def copy_template(template: Path, folder: Path) -> str:
    """URL of a copy that a test has to itself."""
    copy = shutil.copyfile(template, folder / "demo.db")
    return f"sqlite:///{copy}"
