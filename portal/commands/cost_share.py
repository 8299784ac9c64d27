"""`coverwright cost-share`: who pays what for the service lines of a case."""

import inspect
import json
import sys
from pathlib import Path
from typing import Any

import click

from catalog.parameters import MissingParameter, load
from catalog.terms import format_money
from configurator.cost_sharing import LineResult, answer_json, case_json
from configurator.cost_sharing.answer_json import Answer
from configurator.cost_sharing.case_json import CaseRefused
from configurator.quote_json import FieldProblem

DONE, DONE_WITH_PROBLEMS, REFUSED = 0, 1, 2

_HELP = """Work out who pays what for the service lines in CASE.json (- for standard input).

Exit code: 0 done. 1 done, but the design does not file everything that the lines need; gaps say what. 2 refused: the
file is not a case, or the law of that day is not held; each wrong field is named.

With --json one object is printed on standard output: the answer, or with exit code 2 schema_version and refused[],
each with field, found, expected."""


def _as_written(*texts: str | None) -> str:
    """Documentation that click prints line by line as it stands."""
    paragraphs = "\n\n".join(inspect.cleandoc(text or "") for text in texts).split("\n\n")
    return "".join(f"\n\n\b\n{paragraph}" for paragraph in paragraphs)


@click.command("cost-share", help=_HELP + _as_written(case_json.__doc__, answer_json.__doc__))
@click.argument("case_file", metavar="CASE.json", type=click.Path(allow_dash=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def command(context: click.Context, case_file: Path, as_json: bool) -> None:
    """Read, adjudicate, print."""
    try:
        found = _answer(case_file)
    except CaseRefused as refused:
        _print_refusal(refused.problems, as_json)
        context.exit(REFUSED)
    _print_json(answer_json.answer_document(found)) if as_json else _print_table(found)
    context.exit(DONE if found.complete else DONE_WITH_PROBLEMS)


def _answer(path: Path) -> Answer:
    case = case_json.case_from_text(_text(path))
    try:
        return answer_json.answer(case, load())
    except MissingParameter as missing:
        raise CaseRefused([FieldProblem("effective_date", str(case.effective_date), str(missing))]) from None


def _text(path: Path) -> str:
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise CaseRefused([FieldProblem(str(path), str(error.strerror), "a file that can be read")]) from None
    except UnicodeDecodeError:
        raise CaseRefused([FieldProblem(str(path), "bytes that are not text", "a JSON document in UTF-8")]) from None


def _print_refusal(problems: tuple[FieldProblem, ...], as_json: bool) -> None:
    for problem in problems:
        click.echo(str(problem), err=True)
    if as_json:
        refused = [{"field": each.field, "found": each.found, "expected": each.expected} for each in problems]
        _print_json({"schema_version": case_json.SCHEMA_VERSION, "refused": refused})


def _print_json(document: dict[str, Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))


def _print_table(found: Answer) -> None:
    for result in found.lines:
        click.echo(_row(result))
        for clause in result.clauses:
            click.echo(f"    {clause.number}: {clause.text}" + (f" ({clause.cite})" if clause.cite else ""))
    for gap in found.design.gaps:
        click.echo(f"Not filed: {gap}")


def _row(result: LineResult) -> str:
    line = result.line
    what = f"{line.line_id}  {line.on}  {line.person_id}  {line.category}"
    back = " taken back" if result.reversal else ""
    return f"{what}{back}: you {format_money(result.member_owes)}, plan {format_money(result.plan_pays)}"


def register(cli: click.Group) -> None:
    """Add the verb."""
    cli.add_command(command)
