"""`coverwright quote`: price a household for every plan at its address."""

import inspect
import json
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from catalog.parameters import MissingParameter, load
from catalog.store.market import (
    ReleaseInfo,
    UnknownReleaseError,
    Whereabouts,
    local_market,
    locate,
    locate_published,
    release_info,
)
from catalog.terms import Household, LocalMarket, Market, format_money
from configurator import quote_json
from configurator.quote import PlanQuote, Quote, quote
from configurator.quote_json import FieldProblem, HouseholdRefused
from configurator.rating import ages_needed
from configurator.tax_credit import CreditUnknown

_NEEDS_TABLES = "a database with tables; run coverwright db upgrade"
_MOST_BYTES = 256 << 10
DONE, DONE_WITH_PROBLEMS, REFUSED = 0, 1, 2

_HELP = """Price the household in HOUSEHOLD.json (- for standard input) for every plan at its address.

Exit code: 0 done. 1 done, but the catalogue lacks something: the tax credit is unknown though an income is told, or
a plan that these people could have has no price. 2 refused: the file, the address or the release is wrong; each wrong
field is named.

With --json one object is printed on standard output: the quote, or with exit code 2 schema_version and refused[],
each with field, found, expected."""


def _as_written(*texts: str | None) -> str:
    """Documentation that click prints line by line as it stands."""
    paragraphs = "\n\n".join(inspect.cleandoc(text or "") for text in texts).split("\n\n")
    return "".join(f"\n\n\b\n{paragraph}" for paragraph in paragraphs)


class _RefusedError(Exception):
    """Nothing was priced; each problem names a field."""

    def __init__(self, *problems: FieldProblem) -> None:
        super().__init__(*map(str, problems))
        self.problems = problems


@click.command("quote", help=_HELP + _as_written(quote_json.__doc__, quote_json.quote_document.__doc__))
@click.argument("household_file", metavar="HOUSEHOLD.json", type=click.Path(allow_dash=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--release",
    "release_id",
    default="",
    metavar="ID",
    help="Catalogue release; else the newest published one that knows the ZIP code.",
)
@click.pass_context
def command(context: click.Context, household_file: Path, as_json: bool, release_id: str) -> None:
    """Read, price, print."""
    try:
        found = _read_and_price(household_file, release_id)
    except _RefusedError as refused:
        _print_refusal(refused.problems, as_json)
        context.exit(REFUSED)
    except DatabaseError as error:
        _print_refusal((FieldProblem("DATABASE_URL", str(error.orig), _NEEDS_TABLES),), as_json)
        context.exit(REFUSED)
    _print_json(quote_json.quote_document(found)) if as_json else _print_table(found)
    context.exit(DONE_WITH_PROBLEMS if _has_problems(found) else DONE)


def _read_and_price(household_file: Path, release_id: str) -> Quote:
    """The quote; the database is left as soon as it is made."""
    from portal.cli import records

    household = _household(household_file)
    sessions = records()
    try:
        with sessions.read() as session:
            return quoted(session, household, release_id)
    finally:
        sessions.engine.dispose()


def _household(path: Path) -> Household:
    try:
        return quote_json.household_from_text(_content(path).decode("utf-8-sig"))
    except OSError as error:
        raise _RefusedError(FieldProblem(str(path), str(error.strerror), "a file that can be read")) from None
    except UnicodeDecodeError:
        raise _RefusedError(FieldProblem(str(path), "bytes that are not text", "a JSON document in UTF-8")) from None
    except HouseholdRefused as refused:
        raise _RefusedError(*refused.problems) from None


def _content(path: Path) -> bytes:
    with nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb") as stream:
        content = stream.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        expected = f"a household, which takes less than {_MOST_BYTES >> 10} KB"
        raise _RefusedError(FieldProblem(str(path), f"more than {_MOST_BYTES >> 10} KB", expected))
    return content


def quoted(session: Session, household: Household, release_id: str = "") -> Quote:
    """The household's quote on a release, or on the published one of its year and place."""
    release, where = _place(session, household, release_id)
    if where.location is None:
        raise _RefusedError(_place_problem(household, where))
    here = replace(household, county_fips=where.location.county_fips)
    try:
        return quote(_market(session, release, here, where), here, load())
    except MissingParameter as missing:
        raise _RefusedError(FieldProblem("effective_date", str(household.effective_date), str(missing))) from None


def _market(session: Session, release: ReleaseInfo, household: Household, where: Whereabouts) -> LocalMarket:
    on = household.effective_date
    ages = ages_needed(household.applicants, on)
    return local_market(session, release.release_id, where.location, on=on, ages=ages)


def _place(session: Session, household: Household, release_id: str) -> tuple[ReleaseInfo, Whereabouts]:
    """The release and where the address is in it: the one named, else the one that people there shop from."""
    address = {"zip_code": household.zip_code, "county_fips": household.county_fips}
    if release_id:
        return _named(session, household, release_id), locate(session, release_id, **address)
    year = household.effective_date.year
    found = locate_published(session, plan_year=year, market=Market.INDIVIDUAL, **address)
    if found is None:
        expected = f"a plan year with a published release; none is published for {year}"
        raise _RefusedError(FieldProblem("effective_date", str(household.effective_date), expected))
    return found


def _named(session: Session, household: Household, release_id: str) -> ReleaseInfo:
    try:
        release = release_info(session, release_id)
    except UnknownReleaseError as error:
        raise _RefusedError(FieldProblem("--release", release_id, str(error))) from None
    if release.plan_year != household.effective_date.year:
        expected = f"a date in {release.plan_year}, the plan year of release {release_id}"
        raise _RefusedError(FieldProblem("effective_date", str(household.effective_date), expected))
    return release


def _place_problem(household: Household, where: Whereabouts) -> FieldProblem:
    if where.asks:
        counties = ", ".join(f"{county.fips} ({county.name})" for county in where.counties)
        return FieldProblem("county_fips", household.county_fips or "nothing", f"one of {counties}")
    name = "county_fips" if where.counties and household.county_fips else "zip"
    found = household.county_fips if name == "county_fips" else household.zip_code
    return FieldProblem(name, found, where.refusal)


def _has_problems(found: Quote) -> bool:
    """Whether the catalogue lacked something; an income that was not told is no problem."""
    unknown = isinstance(found.credit, CreditUnknown) and found.credit.code != "income-unknown"
    return unknown or any(_lacks_only_a_price(row) for row in found.plans)


def _lacks_only_a_price(row: PlanQuote) -> bool:
    """A plan that is not for these people anyway needs no price for them."""
    refused = {refusal.code for refusal in row.premium.refusals}
    return bool(refused) and {reason.code for reason in row.reasons} <= refused


def _print_refusal(problems: tuple[FieldProblem, ...], as_json: bool) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)
    if as_json:
        refused = [{"field": each.field, "found": each.found, "expected": each.expected} for each in problems]
        _print_json({"schema_version": quote_json.SCHEMA_VERSION, "refused": refused})


def _print_json(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def _print_table(found: Quote) -> None:
    credit = found.credit
    unknown = isinstance(credit, CreditUnknown)
    amount = f"unknown. {credit.text}" if unknown else f"{format_money(credit.amount)} a month. {credit.text}"
    click.echo(f"Release {found.inputs.release_id}, cover from {found.inputs.effective_date}")
    click.echo(f"Tax credit: {amount.strip()}")
    for note in found.notes:
        click.echo(f"Note: {note.text}")
    for line in dict.fromkeys(row.plan.line for row in found.plans):
        click.echo(f"\n{line.value.capitalize()} plans")
        for row in found.plans:
            if row.plan.line is line:
                click.echo(_line(row))


def _line(row: PlanQuote) -> str:
    price = "no price" if row.net_premium is None else format_money(row.net_premium)
    why = "  not for you: " + "; ".join(reason.text for reason in row.reasons) if row.reasons else ""
    return f"{price:>12}  {row.plan.plan_id}  {row.plan.name}{why}"


def register(cli: click.Group) -> None:
    """Add the verb."""
    cli.add_command(command)
