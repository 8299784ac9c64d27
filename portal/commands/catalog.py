"""`coverwright catalog`: filed files become drafts, drafts become the catalogue that people shop from."""

import csv
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from tqdm import tqdm

from catalog.importers import families, read
from catalog.store import documents
from catalog.store.base import Sessions
from catalog.store.drafts import DraftReport, file_records, is_known
from catalog.store.releases import (
    Diff,
    Move,
    Preview,
    ReleaseInfo,
    ReleaseRefused,
    UnknownReleaseError,
    check_rollback,
    diff,
    list_releases,
    preview,
    problems_of,
    publish,
    release_info,
    rollback,
    withdraw,
    without,
)
from catalog.store.staging import staged
from catalog.terms import FileRefused, Market, Problem
from portal.web.clock import instant
from portal.web.settings import read_settings

DONE, DONE_WITH_PROBLEMS, REFUSED = 0, 1, 2
_COLUMNS = tuple(each.name for each in fields(Problem))

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


@click.group(epilog=documents.__doc__)
def catalog() -> None:
    """Plans, rates and areas: import, look, publish, compare, roll back, withdraw.

    Exit codes: 0 done, 1 done and some rows were left out, 2 refused.
    """


@catalog.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--format", "file_format", default="auto", show_default=True, type=click.Choice(("auto", *families())))
@click.option("--plan-year", type=int, help="Refuse files of another plan year.")
@click.option(
    "--market", type=click.Choice([each.value for each in Market]), help="Take the plans of this market only."
)
@click.option("--dry-run", is_flag=True, help="Check everything and keep nothing.")
@click.option("--report", "report_file", type=click.Path(dir_okay=False, path_type=Path), help="Write problems as CSV.")
@as_json_option
def import_files(
    paths: tuple[Path, ...],
    file_format: str,
    plan_year: int | None,
    market: str | None,
    dry_run: bool,
    report_file: Path | None,
    as_json: bool,
) -> None:
    """Read files and folders into one draft release. What is published stays as it is."""
    chosen = Market(market) if market else None
    try:
        report = _import(paths, file_format, plan_year, chosen, dry_run)
    except FileRefused as refused:
        _write_report(report_file, [refused.problem])
        if as_json:
            _print_json(documents.refusal_document(refused.problem))
        _refuse(f"{refused.problem}\nNothing was imported.")
    _write_report(report_file, report.problems)
    for problem in report.problems:
        click.echo(f"{problem.severity}: {problem}", err=True)
    if as_json:
        _print_json(documents.import_document(report, dry_run=dry_run))
    else:
        _say_imported(report, dry_run)
    raise SystemExit(DONE_WITH_PROBLEMS if report.left_out else DONE)


@catalog.command("publish")
@click.argument("release_id", metavar="RELEASE")
@yes_option
@as_json_option
def publish_release(release_id: str, yes: bool, as_json: bool) -> None:
    """Show what changes, then let people shop from this release in place of the one before it."""
    with _reading() as session:
        found = preview(session, release_id)
    _say_preview(found)
    if found.refusal:
        _refuse(found.refusal)
    _ask(yes, "Publish it?", lambda: as_json and _print_json(documents.preview_document(found)))
    with _writing() as session:
        info = publish(session, release_id, _now())
    _answer(info, as_json, f"Release {info.release_id} is published.")


@catalog.command("rollback")
@click.argument("release_id", metavar="RELEASE")
@yes_option
@as_json_option
def rollback_release(release_id: str, yes: bool, as_json: bool) -> None:
    """Withdraw a published release and publish the one that it replaced."""
    with _reading() as session:
        info = check_rollback(session, release_id)
    click.echo(f"{release_id} would be withdrawn; {info.predecessor_id} would be published.", err=True)
    _ask(yes, "Roll back?", lambda: None)
    with _writing() as session:
        info = rollback(session, release_id, _now())
    _answer(info, as_json, f"Release {info.release_id} is published again; {release_id} is withdrawn.")


@catalog.command("withdraw")
@click.argument("release_id", metavar="RELEASE")
@yes_option
@as_json_option
def withdraw_release(release_id: str, yes: bool, as_json: bool) -> None:
    """Stop selling from a published release, also from a first one. Nothing takes its place; it can be published again.

    Where another published release of its plan year and market knows a ZIP code, people see that one there.
    """
    with _reading() as session:
        info, moved = release_info(session, release_id), without(session, release_id)
    click.echo(_line(info), err=True)
    _say_moves(moved)
    _ask(yes, "Withdraw it?", lambda: as_json and _print_json(documents.withdrawal_document(info, moved)))
    with _writing() as session:
        info = withdraw(session, release_id)
    _answer(info, as_json, f"Release {info.release_id} is withdrawn.")


@catalog.command("list")
@as_json_option
def list_all(as_json: bool) -> None:
    """Every release, newest first."""
    with _reading() as session:
        found = list_releases(session)
    if as_json:
        _print_json(documents.list_document(found))
        return
    for info in found:
        click.echo(_line(info))


@catalog.command("show")
@click.argument("release_id", metavar="RELEASE")
@as_json_option
def show(release_id: str, as_json: bool) -> None:
    """What a release holds, where it came from and what its import left out."""
    with _reading() as session:
        info, problems = release_info(session, release_id), problems_of(session, release_id)
    if as_json:
        _print_json(documents.release_document(info, problems))
        return
    click.echo(_line(info))
    _say_counts("", info.counts)
    for file in info.files:
        click.echo(f"  read from {file['name']} (SHA-256 {file['sha256'][:16]}...)")
    for problem in problems:
        click.echo(f"  {problem.severity}: {problem}")


@catalog.command("diff")
@click.argument("old_id", metavar="OLD")
@click.argument("new_id", metavar="NEW")
@click.option("--details", default=20, show_default=True, help="Rows to show of each kind and table.")
@as_json_option
def show_diff(old_id: str, new_id: str, details: int, as_json: bool) -> None:
    """What differs between two releases, with old and new values and the files they were read from."""
    with _reading() as session:
        found = diff(session, old_id, new_id, details=details)
    if as_json:
        _print_json(documents.diff_document(found))
    else:
        _say_diff(found)


# --- importing --------------------------------------------------------------------------------------------------------


def _import(
    paths: tuple[Path, ...], file_format: str, plan_year: int | None, market: Market | None, dry_run: bool
) -> DraftReport:
    with _progress() as on_progress, _records() as records:
        with records.read() as session:
            is_known(session.connection(), "")  # a database without tables is told before minutes of reading
        found = read(paths, format=file_format, plan_year=plan_year, market=market, on_progress=on_progress)
        files = file_records(path for path, _ in found.files)
        with staged(found, made_on=_now(), files=files, plan_year=plan_year, market=market) as stage:
            return stage.report_for(records) if dry_run else stage.keep(records)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """A bar on standard error, if somebody watches; it starts anew for each file."""
    if not sys.stderr.isatty():
        yield None
        return
    with tqdm(unit="B", unit_scale=True, leave=False) as bar:

        def on_progress(name: str, done: int, size: int) -> None:
            if done < bar.n or bar.desc != f"{name}: ":
                bar.reset(total=size)
                bar.set_description(name)
            bar.update(done - bar.n)

        yield on_progress


def _write_report(path: Path | None, problems: Any) -> None:
    if path is not None:
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, _COLUMNS)
            writer.writeheader()
            writer.writerows(_safe(asdict(each)) for each in problems)


def _safe(row: dict[str, str]) -> dict[str, str]:
    """A cell that begins like a formula is not run when the report is opened in a spreadsheet."""
    return {
        name: f"'{value}" if value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value for name, value in row.items()
    }


def _say_imported(report: DraftReport, dry_run: bool) -> None:
    _say_counts("", report.counts)
    _say_counts("exact duplicates, collapsed: ", report.duplicates)
    _say_counts("left out: ", report.quarantined)
    if dry_run:
        click.echo(f"Dry run: the draft would be {report.release_id}. Nothing was kept.")
    elif report.already:
        click.echo(f"This content is there already: {report.release_id}.")
    elif report.refusal:
        click.echo(f"Draft {report.release_id}.")
    else:
        click.echo(f"Draft {report.release_id}. To sell from it: coverwright catalog publish {report.release_id}")
    if report.refusal:
        click.echo(f"It cannot be published: {report.refusal}")


# --- saying -----------------------------------------------------------------------------------------------------------


def _say_counts(before: str, counts: Any) -> None:
    named = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items() if number)
    if named:
        click.echo(f"  {before}{named}")


def _line(info: ReleaseInfo) -> str:
    where = ", ".join(info.states) or "no state"
    when = f", published {info.published_at:%Y-%m-%d}" if info.published_at else ""
    return f"{info.release_id}  {info.state}  plan year {info.plan_year}, {info.market or 'no market'}, {where}{when}"


def _say_preview(found: Preview) -> None:
    click.echo(_line(found.release), err=True)
    if found.replaces:
        click.echo(f"It takes the place of {found.replaces.release_id}:", err=True)
        _say_diff(found.changes, err=True)
    else:
        click.echo("It is the first of its issuers, market and plan year; nothing is replaced.", err=True)
    for each in found.beside:
        click.echo(f"Note: {each.release_id} stays published beside it.", err=True)
    _say_moves(found.moves, found.release.release_id)


def _say_moves(found: tuple[Move, ...], this_id: str = "") -> None:
    """In how many places people see another release; the newest one that knows a ZIP code is the one seen there."""
    for each in found:
        now = f"people who now see {each.now_id}" if each.now_id else "where no release is seen today, people"
        then = f"see {'this release' if each.then_id == this_id else each.then_id}" if each.then_id else "see no plans"
        zips = f"{each.zip_codes:,} ZIP code{'s' * (each.zip_codes != 1)}"
        counties = f"{each.counties:,} {'county' if each.counties == 1 else 'counties'}"
        click.echo(f"In {zips} ({counties}) {now} will {then}.", err=True)


def _say_diff(found: Diff, *, err: bool = False) -> None:
    if found.empty:
        click.echo("  No difference in content.", err=err)
    for name, table in found.tables.items():
        words = name.replace("_", " ")
        click.echo(f"  {words}: {table.added} added, {table.removed} removed, {table.changed} changed", err=err)
        for row in table.rows:
            changes = "; ".join(f"{each.field} {each.old} -> {each.new}" for each in row.fields)
            source = (row.new or row.old).source
            click.echo(f"    {row.kind} {row.key}{': ' if changes else ''}{changes}  ({source})", err=err)


def _answer(info: ReleaseInfo, as_json: bool, words: str) -> None:
    _print_json(documents.release_document(info)) if as_json else click.echo(words)


def _print_json(document: documents.Document) -> None:
    click.echo(json.dumps(document, indent=2))


# --- asking and refusing ----------------------------------------------------------------------------------------------


def _ask(yes: bool, question: str, otherwise: Callable[[], Any]) -> None:
    """Go on when told to; without a person to ask, refuse and say how."""
    if yes:
        return
    if not sys.stdin.isatty():
        otherwise()
        _refuse("Nothing was changed. Add --yes to go on.")
    if not click.confirm(question, err=True):
        _refuse("Nothing was changed.")


def _refuse(words: str) -> NoReturn:
    from portal.cli import Refused

    raise Refused(words)


def _now() -> datetime:
    """The moment, on the day that COVERWRIGHT_TODAY sets where it does."""
    today, moment = read_settings(needs_secret=False).today, instant()
    return moment if today is None else datetime.combine(today, moment.timetz())


@contextmanager
def _reading() -> Iterator[Session]:
    with _records() as records, records.read() as session:
        yield session


@contextmanager
def _writing() -> Iterator[Session]:
    """One transaction."""
    with _records() as records, records.write() as session:
        yield session


@contextmanager
def _records() -> Iterator[Sessions]:
    from portal.cli import records

    opened = records()
    try:
        with _explained():
            yield opened
    finally:
        opened.engine.dispose()


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what the store refuses into a message and exit code 2."""
    try:
        yield
    except (ReleaseRefused, UnknownReleaseError) as refused:
        _refuse(str(refused))
    except DatabaseError as error:
        _refuse(f"The database cannot be used: {error.orig}. Run `coverwright db upgrade` if its tables are missing.")


def register(cli: click.Group) -> None:
    """Add the group."""
    cli.add_command(catalog)
