"""The small type language of the law files, and the conversion of YAML nodes to plain frozen values.

A parameter declares what its values look like (``type:``):

* a scalar: ``decimal``, ``integer``, ``date``, ``boolean`` or ``string``; a trailing ``?`` lets a field
  be left out or null
* a list: ``[item type]``
* a record with fixed fields: ``{self: decimal, family: decimal}``
* an open map: ``{"*": decimal}``

YAML is read as nodes and text only, so a number never passes through a float and every value knows its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Value = Decimal | int | date | bool | str | tuple | Mapping | None

_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_INTEGER = re.compile(r"-?\d+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NULL_TAG = "tag:yaml.org,2002:null"
_BOOLEANS = MappingProxyType({"true": True, "false": False})


class LawFileError(ValueError):
    """A law file cannot be trusted. The message starts with ``file:line:`` and says how to mend it."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(f"{file}:{line}: {problem}")
        self.file, self.line, self.problem = file, line, problem


@dataclass(frozen=True, slots=True)
class Source:
    """The file being read; turns a node and a problem into a located error."""

    file: str

    def error(self, node: Node, problem: str) -> LawFileError:
        """A `LawFileError` at the line of `node` (lines count from 1)."""
        return LawFileError(self.file, node.start_mark.line + 1, problem)

    def mapping(self, node: Node, what: str) -> dict[str, Node]:
        """The entries of a mapping node by key text; refuses another kind of node and a key given twice."""
        if not isinstance(node, MappingNode):
            raise self.error(node, f"{what} must be a mapping of 'key: value' lines")
        entries: dict[str, Node] = {}
        for key, value in node.value:
            if key.value in entries:
                raise self.error(key, f"{what} gives '{key.value}' twice; keep one")
            entries[key.value] = value
        return entries

    def sequence(self, node: Node, what: str) -> list[Node]:
        """The items of a list node; refuses another kind of node."""
        if not isinstance(node, SequenceNode):
            raise self.error(node, f"{what} must be a list")
        return node.value

    def text(self, node: Node, what: str) -> str:
        """The text of a non-empty scalar node."""
        if not isinstance(node, ScalarNode) or is_null(node):
            raise self.error(node, f"{what} must be a text that is not empty")
        return node.value

    def date(self, node: Node, what: str) -> date:
        """The date of a scalar node written YYYY-MM-DD."""
        return _scalar(self, node, "date", what)


def is_null(node: Node) -> bool:
    """Whether a node is a YAML null: nothing, ``~`` or ``null``, without quotes."""
    return node.tag == _NULL_TAG


def check_type(source: Source, spec: Node) -> None:
    """Refuse a ``type:`` that is not of the type language."""
    if isinstance(spec, ScalarNode):
        if spec.value.removesuffix("?") not in _SCALARS:
            raise source.error(spec, f"type '{spec.value}' is not known; use one of {', '.join(sorted(_SCALARS))}")
    elif isinstance(spec, SequenceNode):
        if len(spec.value) != 1:
            raise source.error(spec, "a list type names exactly one item type, such as [decimal]")
        check_type(source, spec.value[0])
    else:
        for field in source.mapping(spec, "type").values():
            check_type(source, field)


def convert(source: Source, node: Node, spec: Node, what: str) -> Value:
    """The frozen value of `node` read as type `spec`; `what` names the place in errors."""
    if isinstance(spec, ScalarNode):
        if is_null(node) and spec.value.endswith("?"):
            return None
        return _scalar(source, node, spec.value.removesuffix("?"), what)
    if isinstance(spec, SequenceNode):
        return tuple(convert(source, item, spec.value[0], what) for item in source.sequence(node, what))
    return _record(source, node, source.mapping(spec, "type"), what)


def _record(source: Source, node: Node, fields: dict[str, Node], what: str) -> Mapping[str, Any]:
    given = source.mapping(node, what)
    if "*" in fields:
        return MappingProxyType({k: convert(source, v, fields["*"], f"{what}, {k}") for k, v in given.items()})
    for key, value in given.items():
        if key not in fields:
            raise source.error(value, f"{what} has an unknown field '{key}'; expected {', '.join(fields)}")
    return MappingProxyType({k: _field(source, node, given.get(k), spec, f"{what}, {k}") for k, spec in fields.items()})


def _field(source: Source, record: Node, node: Node | None, spec: Node, what: str) -> Value:
    if node is not None:
        return convert(source, node, spec, what)
    if isinstance(spec, ScalarNode) and spec.value.endswith("?"):
        return None
    raise source.error(record, f"{what} is missing")


def _scalar(source: Source, node: Node, kind: str, what: str) -> Any:
    pattern, make, wanted = _SCALARS[kind]
    if not isinstance(node, ScalarNode) or is_null(node) or not pattern.fullmatch(node.value):
        found = f"'{node.value}'" if isinstance(node, ScalarNode) else "a list or mapping"
        raise source.error(node, f"{what} must be {wanted}; found {found}")
    try:
        return make(node.value)
    except ValueError as problem:
        raise source.error(node, f"{what} must be {wanted}; found '{node.value}' ({problem})") from None


_SCALARS = MappingProxyType(
    {
        "decimal": (_DECIMAL, Decimal, "a plain number such as 10600 or 2.10"),
        "integer": (_INTEGER, int, "a whole number such as 26"),
        "date": (_DATE, date.fromisoformat, "a date such as 2026-12-15"),
        "boolean": (re.compile("true|false"), _BOOLEANS.__getitem__, "true or false"),
        "string": (re.compile(r"(?s).+"), str, "a text that is not empty"),
    }
)
