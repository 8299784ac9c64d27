"""Reads the law files (YAML) and refuses what cannot be trusted, naming file and line.

A file is a list of parameters::

    - name: aca.moop.self            # dotted, unique over all files
      title: Most a person can pay in a year
      unit: USD per year
      type: decimal                  # the type language of schema.py
      by: state                      # only for parameters kept by key
      mark: V2                       # may stand here for all values ...
      cite: ["CMS memo 2026-01-29"]
      values:
        - {from: 2026-01-01, until: 2026-12-31, value: 10600}     # ... or on the value

A value may also carry ``key`` (one or a list), ``recorded``, ``note``, ``mark`` and ``cite``. The mark ``unknown`` goes
with a note and no value. Two values of one key may overlap only if they were recorded on different days; the later one
wins.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from pathlib import Path

import yaml
from yaml.nodes import Node, ScalarNode

from catalog.parameters.law import DEFAULT_KEY, MARKS, STATES, UNKNOWN, Dated, Law, Parameter
from catalog.parameters.schema import LawFileError, Source, Value, check_type, convert

DATA = Path(__file__).parent / "data"

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_PARAMETER_KEYS = frozenset({"name", "title", "unit", "type", "by", "mark", "cite", "values"})
_NEEDED_KEYS = ("name", "title", "unit", "type", "values")
_VALUE_KEYS = frozenset({"key", "from", "until", "recorded", "value", "mark", "cite", "note"})
_YAML_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@functools.cache
def load() -> Law:
    """The law shipped with the product; read once, then kept."""
    return read_law(DATA)


def read_law(folder: Path) -> Law:
    """The law of all ``*.yaml`` files of a folder. Raises `LawFileError` at the first problem."""
    held: dict[str, Parameter] = {}
    for path in sorted(folder.glob("*.yaml")):
        for parameter in read_file(path):
            if (other := held.get(parameter.name)) is not None:
                problem = f"'{parameter.name}' is already defined in {other.file}:{other.line}; keep one"
                raise LawFileError(parameter.file, parameter.line, problem)
            held[parameter.name] = parameter
    return Law.of(held.values())


def read_file(path: Path) -> Iterator[Parameter]:
    """The parameters of one file, in its order."""
    source = Source(path.name)
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_YAML_LOADER)
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise LawFileError(path.name, line, f"this is not valid YAML: {problem.problem}") from None
    if root is None:
        raise LawFileError(path.name, 1, "the file is empty; expected a list of parameters")
    for node in source.sequence(root, "the file"):
        yield _parameter(source, node)


def _parameter(source: Source, node: Node) -> Parameter:
    fields = source.mapping(node, "a parameter")
    _refuse_unknown(source, fields, _PARAMETER_KEYS, "a parameter")
    for key in _NEEDED_KEYS:
        if key not in fields:
            raise source.error(node, f"this parameter has no '{key}'")
    name = _checked_name(source, fields["name"])
    check_type(source, fields["type"])
    by = source.text(fields["by"], f"by of '{name}'") if "by" in fields else None
    rows = [
        (row_node, row)
        for row_node in source.sequence(fields["values"], f"values of '{name}'")
        for row in _rows(source, row_node, fields, name, by)
    ]
    if not rows:
        raise source.error(node, f"'{name}' has no values; give at least one, if need be with mark: unknown")
    _refuse_overlaps(source, name, rows)
    texts = (source.text(fields[key], f"{key} of '{name}'") for key in ("title", "unit"))
    return Parameter(name, *texts, by, tuple(row for _, row in rows), source.file, node.start_mark.line + 1)


def _checked_name(source: Source, node: Node) -> str:
    name = source.text(node, "name")
    if not _NAME.fullmatch(name):
        raise source.error(node, f"name '{name}' must be lower-case words joined by dots, such as aca.moop.self")
    return name


def _refuse_unknown(source: Source, fields: dict[str, Node], allowed: frozenset[str], what: str) -> None:
    for key, node in fields.items():
        if key not in allowed:
            raise source.error(node, f"{what} has an unknown key '{key}'; expected {', '.join(sorted(allowed))}")


def _rows(source: Source, node: Node, parameter: dict[str, Node], name: str, by: str | None) -> Iterator[Dated]:
    """One row for each key that the value is written for."""
    fields = source.mapping(node, f"a value of '{name}'")
    _refuse_unknown(source, fields, _VALUE_KEYS, f"a value of '{name}'")
    first, last = _period(source, node, fields, name)
    mark = _mark(source, node, fields.get("mark", parameter.get("mark")), name)
    note = source.text(fields["note"], "note") if "note" in fields else ""
    value = _value(source, node, fields, parameter["type"], name, mark, note)
    cite = _cite(source, node, fields.get("cite", parameter.get("cite")), name)
    recorded = source.date(fields["recorded"], f"recorded of '{name}'") if "recorded" in fields else None
    for key in _keys(source, node, fields.get("key"), name, by):
        yield Dated(value, first, last, mark, cite, note, recorded, key)


def _period(source: Source, node: Node, fields: dict[str, Node], name: str) -> tuple[date, date | None]:
    if "from" not in fields:
        raise source.error(node, f"a value of '{name}' has no 'from' date")
    first = source.date(fields["from"], f"from of '{name}'")
    last = source.date(fields["until"], f"until of '{name}'") if "until" in fields else None
    if last is not None and last < first:
        raise source.error(fields["until"], f"a value of '{name}' ends {last} before it starts {first}")
    return first, last


def _mark(source: Source, row: Node, node: Node | None, name: str) -> str:
    if node is None:
        raise source.error(row, f"a value of '{name}' has no mark; say how far it is trusted: {', '.join(MARKS)}")
    mark = source.text(node, f"mark of '{name}'")
    if mark not in MARKS:
        raise source.error(node, f"mark '{mark}' of '{name}' is not known; use one of {', '.join(MARKS)}")
    return mark


def _cite(source: Source, row: Node, node: Node | None, name: str) -> tuple[str, ...]:
    items = [] if node is None else source.sequence(node, f"cite of '{name}'")
    if not items:
        raise source.error(row, f"a value of '{name}' has no citation; add cite: [\"where it comes from\"]")
    return tuple(source.text(item, f"cite of '{name}'") for item in items)


def _value(source: Source, row: Node, fields: dict[str, Node], spec: Node, name: str, mark: str, note: str) -> Value:
    if mark == UNKNOWN:
        if "value" in fields or not note:
            raise source.error(
                row, f"'{name}' is marked unknown: leave the value out and say in a note what is missing"
            )
        return None
    if "value" not in fields:
        raise source.error(row, f"a value of '{name}' has no 'value'; if it is not known, use mark: unknown and a note")
    return convert(source, fields["value"], spec, f"value of '{name}'")


def _keys(source: Source, row: Node, node: Node | None, name: str, by: str | None) -> Iterable[str | None]:
    if (by is None) != (node is None):
        rule = f"needs a 'key' ({by})" if by else "has a 'key', but the parameter has no 'by'"
        raise source.error(row, f"a value of '{name}' {rule}")
    if node is None:
        return (None,)
    items = [node] if isinstance(node, ScalarNode) else source.sequence(node, f"key of '{name}'")
    for item in items:
        if by == "state" and item.value not in STATES | {DEFAULT_KEY}:
            raise source.error(item, f"key '{item.value}' of '{name}' is not a state code (or '{DEFAULT_KEY}')")
    return [source.text(item, f"key of '{name}'") for item in items]


def _refuse_overlaps(source: Source, name: str, rows: list[tuple[Node, Dated]]) -> None:
    for (_, a), (node, b) in combinations(rows, 2):
        if (
            a.key == b.key
            and a.recorded == b.recorded
            and (a.holds_on(b.effective_from) or b.holds_on(a.effective_from))
        ):
            place = f" for '{b.key}'" if b.key else ""
            problem = f"'{name}'{place} has two values for {max(a.effective_from, b.effective_from)}"
            raise source.error(node, f"{problem}; end one earlier, or give the newer one a 'recorded' date")
