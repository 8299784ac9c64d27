"""The demo's catalogue: the invented issuer's filings, written as files and imported like anybody's."""

from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from catalog.demo import YEARS, write_all
from catalog.importers import read
from catalog.store.drafts import file_records, write_draft
from catalog.store.market import current_release
from catalog.store.releases import publish
from catalog.terms import Market
from portal.web import clock
from portal.web.seeding import on_seed

FOLDER = "demo-filings"
PARTS = ("puf", "own", "market")


@on_seed(order=10)
def seed_catalogue(session: Session, _accounts: dict[str, str]) -> None:
    """Publish a release for each plan year that has none; the files stay in the data folder to try the commands on."""
    missing = [year for year in YEARS if current_release(session, plan_year=year, market=Market.INDIVIDUAL) is None]
    if not missing:
        return
    folder = current_app.extensions["settings"].data / FOLDER
    write_all(folder)
    for year in missing:
        release_id = _import(session, [folder / str(year) / part for part in PARTS])
        publish(session, release_id, clock.instant())


def _import(session: Session, paths: list[Path]) -> str:
    report = write_draft(session, read(paths), made_on=clock.instant(), files=file_records(paths))
    return report.release_id
