"""How an Exchange PUF is read: its kind by its columns, headers in any year's spelling, one plan year.

A row whose cells cannot be read is left out and reported. A file is refused where most of its rows fail in one
column: then header and cells do not belong together.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalog.importers.common import Found, ImportContext, refused
from catalog.importers.csv_table import Guards, Row, fold, header_names, read_rows
from catalog.importers.files import read_head
from catalog.importers.text import UnreadableText, required_count, squeeze
from catalog.terms import Problem, Source

Fields = Mapping[str, tuple[Callable[[str], Any], str]]  # field of a noun -> parser, folded column

_SAMPLE = 200  # rows after which a column that fails in most of them refuses the file
_ENOUGH = 3  # fewer wrong rows than this never refuse a file

YEAR = "businessyear"

_YEAR_SUFFIX = re.compile(r"(?<=[a-z])(20\d\d)$")


@dataclass(frozen=True)
class Table:
    """One kind of PUF.

    ``telling`` columns tell it from the others; ``required`` ones must be there; ``spellings`` maps other years'
    and states' folded names to ours; ``guards`` are shapes of id columns. ``nouns`` turns one row into its nouns,
    or into its problems; ``labels`` are the columns of the nouns' fields, as in `Format`.
    """

    name: str
    order: int
    telling: frozenset[str]
    required: tuple[str, ...]
    nouns: Callable[[Row, ImportContext], Iterable[Found]]
    spellings: Mapping[str, str] = field(default_factory=dict)
    guards: Guards = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    def spelling(self, names: Iterable[str]) -> Callable[[str], str]:
        """How this header's names become ours.

        Two names that end in years (``PlanID_2025``, ``PlanID_2026``) become ``planidprev`` and ``planidnew``.
        """
        years = sorted({found[1] for name in names if (found := _YEAR_SUFFIX.search(fold(name)))})
        ends = dict(zip(years, ("prev", "new"), strict=True)) if len(years) == 2 else {}

        def ours(name: str) -> str:
            folded = _YEAR_SUFFIX.sub(lambda found: ends.get(found[1], found[1]), fold(name))
            return self.spellings.get(folded, folded)

        return ours

    def likeness(self, names: Iterable[str]) -> float:
        """Share of the telling columns that the header has, 0 to 1."""
        names = tuple(names)
        return len(self.telling.intersection(map(self.spelling(names), names))) / len(self.telling)


def read_table(table: Table, path: Path, context: ImportContext) -> Iterator[Found]:
    """Nouns and problems of a PUF, streamed in one pass; FileRefused makes void what was yielded before it."""
    spelling = table.spelling(header_names(read_head(path)))
    reading = _Reading(table, path.name, context)
    for row in read_rows(path, context, table.required, table.guards, spelling):
        yield from reading.nouns(row)
    reading.check_failures()


def read_fields(row: Row, fields: Fields) -> dict[str, Any]:
    """Each field of a noun by its parser; unreadable cells become problems of the row."""
    return {name: row.read(parse, column) for name, (parse, column) in fields.items()}


def required_text(cell: str) -> str:
    """Text with single spaces; UnreadableText where there is none."""
    if not cell:
        raise UnreadableText(cell, "some text")
    return squeeze(cell)


def filled(values: Iterable[object]) -> bool:
    """Whether any value is stated."""
    return any(value is not None for value in values)


def first(row: Row, *names: str) -> str:
    """The first of these columns whose cell holds anything."""
    return next((name for name in names if row.text(name)), names[0])


class _Reading:
    """One pass over one file, with what was seen so far."""

    def __init__(self, table: Table, file: str, context: ImportContext) -> None:
        self._table = table
        self._file = file
        self._context = context
        self._rows = 0
        self._year = ""
        self._failures: Counter[str] = Counter()
        self._examples: dict[str, Problem] = {}

    def nouns(self, row: Row) -> Iterator[Found]:
        """What one row holds."""
        self._rows += 1
        self._check_year(row)
        yield from self._table.nouns(row, self._context)
        for wrong in row.problems:
            self._failures[wrong.field] += 1
            self._examples.setdefault(wrong.field, wrong)
        if self._rows == _SAMPLE:
            self.check_failures()

    def _check_year(self, row: Row) -> None:
        text = row.text(YEAR)
        if text != self._year:
            year = row.read(required_count, YEAR)
            if year is not None:
                self._context.saw_year(year, row.source, row.label_of(YEAR))
                self._year = text

    def check_failures(self) -> None:
        """Refuse the file where one column fails in most rows."""
        for column, times in self._failures.items():
            if times >= _ENOUGH and times * 2 > self._rows:
                wrong = self._examples[column]
                message = f"{times} of {self._rows} rows fail here: header and cells do not seem to belong together."
                source = Source(self._file, wrong.place)
                raise refused(source, column, wrong.found, wrong.expected, "shifted-columns", message)
