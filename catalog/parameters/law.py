"""Dated law held in memory: parameters, their dated values, and the question "what held on that day?"."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from catalog.parameters.schema import Value

DEFAULT_KEY = "default"
UNKNOWN = "unknown"

MARKS: Mapping[str, str] = MappingProxyType(
    {
        "V1": "read in the regulation text (45 CFR, eCFR of January 2025) or in the official form guide",
        "V2": "two independent sources agree",
        "V3": "one source",
        "D": "derived from a stated rule, not checked against a publication",
        "M": "from memory, not verified",
        "CBR": "carrier business rule: a default that the issuer may change",
        UNKNOWN: "not found; a calculation that needs it is refused",
    }
)

_STATE_CODES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY"
)
STATES = frozenset(_STATE_CODES.split())


class MissingParameter(LookupError):
    """A calculation asked for a dated value that is not held.

    `name` is the parameter, `on` the day it was asked for, `reason` what is missing in plain words.
    """

    def __init__(self, name: str, on: date, reason: str) -> None:
        super().__init__(name, on, reason)
        self.name, self.on, self.reason = name, on, reason

    def __str__(self) -> str:
        return f"The law value '{self.name}' for {self.on.isoformat()} is missing: {self.reason}"


@dataclass(frozen=True, slots=True)
class Dated:
    """One value with the days it holds for, its citation and how far it is trusted (`MARKS`).

    `effective_until` is inclusive; None means until further notice. `recorded` is the day the value became known,
    kept apart from the days it holds for; None means that it was known before it took effect.
    `key` is the state (or other key) the value belongs to, in a parameter kept by key.
    """

    value: Value
    effective_from: date
    effective_until: date | None
    mark: str
    cite: tuple[str, ...]
    note: str = ""
    recorded: date | None = None
    key: str | None = None

    def holds_on(self, on: date) -> bool:
        """Whether the value is in effect on that day."""
        return self.effective_from <= on and (self.effective_until is None or on <= self.effective_until)

    def known_by(self, recorded_by: date | None) -> bool:
        """Whether the value was known on that day; always true when no day is asked for."""
        return recorded_by is None or self.recorded is None or self.recorded <= recorded_by


@dataclass(frozen=True, slots=True)
class Parameter:
    """One named piece of law: what it is, its unit, and its dated values.

    `by` names the key that its values are kept by ("state", ...) or is None. `file` and `line` say where it is written.
    """

    name: str
    title: str
    unit: str
    by: str | None
    values: tuple[Dated, ...]
    file: str = field(default="", compare=False)
    line: int = field(default=0, compare=False)

    def own_keys(self) -> frozenset[str]:
        """The keys that have values of their own."""
        return frozenset(row.key for row in self.values if row.key is not None)


@dataclass(frozen=True, slots=True)
class Law:
    """All parameters; immutable. `version` is a hash of the content, the same wherever the same law is loaded."""

    parameters: Mapping[str, Parameter]
    version: str

    @classmethod
    def of(cls, parameters: Iterable[Parameter]) -> Law:
        """A law of these parameters."""
        held = {p.name: p for p in sorted(parameters, key=lambda p: p.name)}
        return cls(MappingProxyType(held), _content_hash(held.values()))

    def names(self) -> tuple[str, ...]:
        """All parameter names in alphabetical order."""
        return tuple(self.parameters)

    def value(self, name: str, on: date, *, recorded_by: date | None = None, key: str | None = None) -> Value:
        """The value of `name` that holds on the day `on`.

        `key` picks the state (or other key) of a parameter kept by key; a key without values of its own gets the
        default where the parameter has one. `recorded_by` answers with what was known on that day.
        Raises `MissingParameter` naming the parameter, the day and what is missing.
        """
        return self.entry(name, on, recorded_by=recorded_by, key=key).value

    def entry(self, name: str, on: date, *, recorded_by: date | None = None, key: str | None = None) -> Dated:
        """As `value`, with effective dates, mark, citation and note: the answer to "why?"."""
        parameter = self._parameter(name, on)
        rows = _rows_of_key(parameter, on, key)
        held = [row for row in rows if row.holds_on(on) and row.known_by(recorded_by)]
        if not held:
            raise MissingParameter(name, on, _gap(parameter, rows, key, on))
        row = max(held, key=lambda r: r.recorded or date.min)
        if row.mark == UNKNOWN:
            raise MissingParameter(name, on, f"{row.note} {_mend(parameter)}")
        return row

    def _parameter(self, name: str, on: date) -> Parameter:
        if name in self.parameters:
            return self.parameters[name]
        near = difflib.get_close_matches(name, self.parameters, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise MissingParameter(name, on, f"no parameter has this name.{hint}")


def _rows_of_key(parameter: Parameter, on: date, key: str | None) -> list[Dated]:
    """The values under `key`. A key with values of its own never falls back: a gap in them is a gap."""
    if parameter.by is None and key is not None:
        raise MissingParameter(parameter.name, on, f"it is not kept by key, but the key '{key}' was asked for.")
    if parameter.by is not None and key is None:
        raise MissingParameter(parameter.name, on, f"it is kept by {parameter.by}; say which {parameter.by} is wanted.")
    if parameter.by == "state" and key not in STATES:
        raise MissingParameter(parameter.name, on, f"'{key}' is not a two-letter code of a state or DC, such as OH.")
    found = key if key in parameter.own_keys() else DEFAULT_KEY if parameter.by else None
    return [row for row in parameter.values if row.key == found]


def _gap(parameter: Parameter, rows: list[Dated], key: str | None, on: date) -> str:
    """Why no row answered, in plain words."""
    place = f" for {parameter.by} '{key}'" if key else ""
    if not rows:
        return (
            f"no value is held{place}; values exist for {', '.join(sorted(parameter.own_keys()))}. {_mend(parameter)}"
        )
    if any(row.holds_on(on) for row in rows):
        return f"the value{place} was not yet known on the day asked about."
    spans = "; ".join(_span(row) for row in rows)
    return f"values{place} are held only {spans}. {_mend(parameter)}"


def _span(row: Dated) -> str:
    until = f" to {row.effective_until.isoformat()}" if row.effective_until else " on"
    return f"from {row.effective_from.isoformat()}{until}"


def _mend(parameter: Parameter) -> str:
    return f"To mend it, add a dated value with its source to the law file {parameter.file}."


def _content_hash(parameters: Iterable[Parameter]) -> str:
    plain = [(p.name, p.title, p.unit, p.by, sorted(map(_plain_row, p.values))) for p in parameters]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:16]


def _plain_row(row: Dated) -> str:
    fields = (row.key, row.effective_from, row.effective_until, row.recorded, row.mark, row.cite, row.note)
    return json.dumps([_plain(f) for f in (*fields, row.value)])


def _plain(value: Value) -> object:
    """A JSON form that keeps kinds apart, so that 1, true and "1" hash differently."""
    if isinstance(value, Mapping):
        return {k: _plain(value[k]) for k in sorted(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return None if value is None else f"{type(value).__name__}:{value}"
