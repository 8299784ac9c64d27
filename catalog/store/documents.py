"""Releases, imports and differences as JSON: the shapes that `coverwright catalog ... --json` prints.

Every document has `schema_version` (1). Amounts are decimal strings, dates and moments ISO, a value that is not stated
is null. `problem` is {severity, code, file, place, field, found, expected, message}; severity is "note" (nothing left
out), "quarantined" (a row was left out) or "refused" (nothing was taken). `counts`, `duplicates` and `quarantined` are
numbers of rows by table: issuer, product, plan, variant, limit, benefit, rate, tier_rate, business_rule, crosswalk,
county, zip_county, rating_area, service_area, network, market_coverage, option, option_rate, option_benefit,
option_eligibility, underwriting_question.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from catalog.store.diffs import Diff, RowChange, TableDiff
from catalog.store.drafts import DraftReport
from catalog.store.release_info import ReleaseInfo
from catalog.store.releases import Move, Preview
from catalog.terms import Noun, Problem

SCHEMA_VERSION = 1

Document = dict[str, Any]


def import_document(report: DraftReport, *, dry_run: bool) -> Document:
    """`catalog import`: status "done" or "done_with_problems", release, counts, duplicates, quarantined, problems.

    `quarantined` are rows that were read and then left out; `findings` are numbers of problems by severity, also of
    rows that could not be read. `release` is {release_id, plan_year, market, states, content_hash, already_imported};
    after a dry run nothing of it is kept. `refusal` says why it cannot be published; empty where it can.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "status": "done_with_problems" if report.left_out else "done",
        "dry_run": dry_run,
        "release": {
            "release_id": report.release_id,
            "plan_year": report.plan_year,
            "market": report.market,
            "states": list(report.states),
            "content_hash": report.content_hash,
            "already_imported": report.already,
        },
        "refusal": report.refusal,
        "counts": dict(report.counts),
        "duplicates": dict(report.duplicates),
        "quarantined": dict(report.quarantined),
        "findings": dict(Counter(str(each.severity) for each in report.problems)),
        "problems": _problems(report.problems),
    }


def refusal_document(problem: Problem) -> Document:
    """`catalog import` with exit code 2: status "refused" and the one problem that refused it."""
    return {"schema_version": SCHEMA_VERSION, "status": "refused", "problems": _problems([problem])}


def release_document(info: ReleaseInfo, problems: Iterable[Problem] = ()) -> Document:
    """`catalog show`, `publish`, `rollback`, `withdraw`: the release, and problems of its import.

    The release is {release_id, state, plan_year, market, states, issuer_set, counts, content_hash, files,
    predecessor_id, created_at, published_at}.
    """
    return {"schema_version": SCHEMA_VERSION, "release": _release(info), "problems": _problems(problems)}


def list_document(found: Iterable[ReleaseInfo]) -> Document:
    """`catalog list`: releases, newest first, each as in `catalog show`."""
    return {"schema_version": SCHEMA_VERSION, "releases": [_release(info) for info in found]}


def diff_document(found: Diff) -> Document:
    """`catalog diff`: old_id, new_id, tables by name {added, removed, changed, rows}.

    A row is {key, kind, old_source, new_source, fields}, its fields {field, old, new}; the numbers count all rows,
    `rows` holds the first of each kind.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "old_id": found.old_id,
        "new_id": found.new_id,
        "tables": {name: _table(each) for name, each in found.tables.items()},
    }


def preview_document(found: Preview) -> Document:
    """`catalog publish` without --yes: release, replaces and beside (ids), changes as in `catalog diff`, refusal.

    `moves` are {now_id, then_id, zip_codes, counties}: in how many places people see another release than now.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "release": _release(found.release),
        "replaces": found.replaces.release_id if found.replaces else None,
        "beside": [each.release_id for each in found.beside],
        "changes": diff_document(found.changes) if found.changes else None,
        "moves": _moves(found.moves),
        "refusal": found.refusal,
    }


def withdrawal_document(info: ReleaseInfo, found: Iterable[Move]) -> Document:
    """`catalog withdraw` without --yes: the release and moves as in `catalog publish`."""
    return {"schema_version": SCHEMA_VERSION, "release": _release(info), "moves": _moves(found)}


def _moves(found: Iterable[Move]) -> list[Document]:
    return [asdict(each) for each in found]


def _problems(found: Iterable[Problem]) -> list[Document]:
    return [asdict(each) for each in found]


def _release(info: ReleaseInfo) -> Document:
    return {each.name: plain(getattr(info, each.name)) for each in fields(info) if each.name != "lineage"}


def _table(found: TableDiff) -> Document:
    return {
        "added": found.added,
        "removed": found.removed,
        "changed": found.changed,
        "rows": [_row(each) for each in found.rows],
    }


def _row(change: RowChange) -> Document:
    return {
        "key": change.key,
        "kind": change.kind,
        "old_source": _source(change.old),
        "new_source": _source(change.new),
        "fields": [{"field": each.field, "old": plain(each.old), "new": plain(each.new)} for each in change.fields],
    }


def _source(noun: Noun | None) -> Document | None:
    return None if noun is None else {"file": noun.source.file, "place": noun.source.place}


def plain(value: Any) -> Any:
    """A value of a noun as JSON: decimals and dates as text, records as objects."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return value
