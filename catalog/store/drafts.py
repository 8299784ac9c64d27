"""An import becomes a draft: complete or absent. Nothing that is published is ever touched.

with sessions.write() as session:
    report = write_draft(session, read(paths), made_on=now, files=file_records(paths))
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from catalog.store.checks import check_draft
from catalog.store.curve_check import note_rates_off_curve
from catalog.store.derived import derive_designs
from catalog.store.loading import Loader
from catalog.store.releases import refusal
from catalog.store.scope import ImportScope
from catalog.store.tables import NOUN_TABLES, ReleaseState, issuers, plans, problem, products, release
from catalog.terms import Issuer, Market, Noun, Problem, Severity, Source

_ID_DIGITS = 8


@dataclass(frozen=True)
class FileRecord:
    """A file that an import read, with the checksum of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class DraftReport:
    """What an import did.

    ``counts`` are the rows of the draft by table, ``duplicates`` the exact repeats that collapsed, ``quarantined`` the
    rows that were left out. ``already`` is true where the same content was imported before on that day: then nothing
    was written, and ``release_id`` names what is there. ``refusal`` says why it cannot be published, and is empty where
    it can.
    """

    release_id: str
    plan_year: int | None
    market: Market | None
    states: tuple[str, ...]
    counts: Mapping[str, int]
    duplicates: Mapping[str, int]
    quarantined: Mapping[str, int]
    problems: tuple[Problem, ...]
    content_hash: str
    already: bool = False
    refusal: str = ""

    @property
    def left_out(self) -> int:
        """How many findings left something out, the importer's own among them."""
        return sum(each.severity is Severity.QUARANTINED for each in self.problems)


class _AlreadyThereError(Exception):
    def __init__(self, report: DraftReport) -> None:
        super().__init__(report.release_id)
        self.report = report


def file_records(paths: Iterable[Path]) -> tuple[FileRecord, ...]:
    """Names and checksums of files, sorted by name; a folder stands for all files in it."""
    found = []
    for path in paths:
        for each in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if each.is_file():
                with each.open("rb") as stream:
                    found.append(FileRecord(each.name, file_digest(stream, "sha256").hexdigest()))
    return tuple(sorted(found, key=lambda each: (each.name, each.sha256)))


def write_draft(
    session: Session,
    found: Iterable[Noun | Problem],
    *,
    made_on: datetime,
    files: Iterable[FileRecord] = (),
    plan_year: int | None = None,
    market: Market | None = None,
) -> DraftReport:
    """Write what an importer found as a draft release and check it as a whole. The caller commits.

    ``plan_year`` and ``market`` are what is expected; None takes what the rows say, else what ``found`` itself knows
    after it was read (attributes of these names); its `in_file_words`, if it has one, names fields as files do.
    Raises FileRefused, and then every table is as it was before: rows of another plan year, of a second market, or the
    same plan, variant or rate with different content.
    """
    scope = ImportScope(plan_year, market)
    try:
        with session.begin_nested():
            connection = session.connection()
            loader = Loader(connection, _begin(connection, made_on, files))
            _load(loader, scope, found)
            loader.problems = list(map(getattr(found, "in_file_words", _as_it_is), loader.problems))
            report = _finish(loader, scope, made_on)
    except _AlreadyThereError as known:
        report = known.report
    return replace(report, refusal=refusal(session, report.release_id))


def _as_it_is(found: Problem) -> Problem:
    return found


def _begin(connection: Connection, made_on: datetime, files: Iterable[FileRecord]) -> int:
    row = {
        "state": ReleaseState.DRAFT,
        "states": (),
        "issuer_set": (),
        "counts": {},
        "files": tuple({"name": each.name, "sha256": each.sha256} for each in files),
        "created_at": made_on,
    }
    return connection.execute(sa.insert(release).values(row)).inserted_primary_key[0]


def _load(loader: Loader, scope: ImportScope, found: Iterable[Noun | Problem]) -> None:
    for each in found:
        if isinstance(each, Problem):
            loader.report(each)
        elif scope.admit(each):
            loader.add(each)
    scope.learn(found)
    loader.finish()
    _add_unnamed_issuers(loader)
    scope.drop_left_aside(loader)
    check_draft(loader)
    note_rates_off_curve(loader, scope.year, scope.market)
    derive_designs(loader)


def _add_unnamed_issuers(loader: Loader) -> None:
    """A plan names its issuer by id; where no file says more, the id and the state are what is known."""
    named = sa.exists().where(
        issuers.release_no == plans.release_no, issuers.table.c.issuer_id == plans.table.c.issuer_id
    )
    columns = plans.table.c
    query = (
        sa.select(columns.issuer_id, columns.state, sa.func.min(columns.source_file))
        .where(plans.release_no == loader.release_no, ~named)
        .group_by(columns.issuer_id, columns.state)
    )
    for issuer_id, state, file in loader.connection.execute(query).all():
        loader.add(Issuer(issuer_id, state=state, source=Source(file, "")))
    loader.finish()


def _finish(loader: Loader, scope: ImportScope, made_on: datetime) -> DraftReport:
    report, own = _report(loader, scope, made_on), _issuer_set(loader)
    _stop_at_twin(loader.connection, report)
    loader.connection.execute(
        sa.update(release)
        .where(release.c.number == loader.release_no)
        .values(
            release_id=report.release_id,
            plan_year=report.plan_year,
            market=report.market,
            states=report.states,
            issuer_set=own,
            lineage=lineage(own, report.market, report.plan_year),
            counts=dict(report.counts),
            content_hash=report.content_hash,
        )
    )
    _write_problems(loader)
    return report


def lineage(issuer_set: tuple[str, ...], market: Market | None, plan_year: int | None) -> str:
    """One line of releases, of which at most one is published: issuers, market and plan year."""
    return sha256(msgspec.json.encode([issuer_set, market, plan_year])).hexdigest()


def _report(loader: Loader, scope: ImportScope, made_on: datetime) -> DraftReport:
    content = msgspec.json.encode([scope.year, scope.market, f"{loader.content:064x}"])
    content_hash = sha256(content).hexdigest()
    return DraftReport(
        release_id=f"{scope.year or 'unknown'}-{made_on:%Y%m%d}-{content_hash[:_ID_DIGITS]}",
        plan_year=scope.year,
        market=scope.market,
        states=_states(loader),
        counts={each.name: loader.counts[each.name] for each in NOUN_TABLES},
        duplicates=dict(loader.duplicates),
        quarantined=dict(loader.quarantined),
        problems=tuple(loader.problems),
        content_hash=content_hash,
    )


def _stop_at_twin(connection: Connection, report: DraftReport) -> None:
    if is_known(connection, report.release_id):
        raise _AlreadyThereError(replace(report, already=True))


def is_known(connection: Connection, release_id: str) -> bool:
    """Whether there is a release of this id; also a plain question of whether the tables are there."""
    return connection.scalar(sa.select(release.c.number).where(release.c.release_id == release_id)) is not None


def _states(loader: Loader) -> tuple[str, ...]:
    query = sa.select(plans.table.c.state).where(plans.release_no == loader.release_no).distinct()
    return tuple(sorted(loader.connection.scalars(query)))


def _issuer_set(loader: Loader) -> tuple[str, ...]:
    """Issuers whose plans or products this portal sells; where there are neither, all that it sells for."""
    own = issuers.table.c
    mine = sa.select(own.issuer_id).where(issuers.release_no == loader.release_no, own.sold_by_us)
    selling = mine.where(
        sa.or_(
            *(
                sa.exists().where(each.release_no == issuers.release_no, each.table.c.issuer_id == own.issuer_id)
                for each in (plans, products)
            )
        )
    )
    return tuple(sorted(loader.connection.scalars(selling))) or tuple(sorted(loader.connection.scalars(mine)))


def _write_problems(loader: Loader) -> None:
    if loader.problems:
        rows = [
            {"release_no": loader.release_no, "position": position, **asdict(each)}
            for position, each in enumerate(loader.problems)
        ]
        loader.connection.execute(sa.insert(problem), rows)
