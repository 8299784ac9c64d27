"""CSV tables read row by row: columns found by name, rows strict in their number of cells, shifts refused."""

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from catalog.importers.common import ImportContext, Record, note, refused
from catalog.importers.files import open_bytes, text_of
from catalog.terms import Source

Guards = Mapping[str, re.Pattern[str]]  # folded column -> shape that every filled cell of it has
LONGEST_ROW = 1 << 20  # characters; rows of real tables take a few thousand
_FOLDED = re.compile(r"[^a-z0-9]+")


def fold(header: str) -> str:
    """``"PLAN ID"``, ``"PlanId"`` and ``"plan_id"`` are one column: ``planid``."""
    return _FOLDED.sub("", header.lower())


class Row(Record):
    """One row; fields are asked for by folded column name. Row numbers are those of a spreadsheet: header is row 1."""

    __slots__ = ("_cells", "_columns", "_table")

    def __init__(self, table: "Header", number: int, cells: list[str]) -> None:
        super().__init__(table.file, f"row {number}")
        self._table = table
        self._columns = table.columns
        self._cells = cells

    def text(self, name: str) -> str:
        """The cell without outer spaces; empty where the table has no such column."""
        index = self._columns.get(name)
        return "" if index is None else self._cells[index].strip()

    def label_of(self, name: str) -> str:
        """The column's name as the file spells it."""
        return self._table.labels.get(name, name)

    def filled(self) -> bool:
        """Whether any cell holds text."""
        return any(self._cells)


class Header:
    """The first row: columns by folded name."""

    def __init__(self, file: str, cells: list[str], spelling: Callable[[str], str] = fold) -> None:
        self.file = file
        self.width = len(cells)
        self._spelling = spelling
        self.columns: dict[str, int] = {}
        self.labels: dict[str, str] = {}
        for index, cell in enumerate(cells):
            self._add(index, cell)

    def _add(self, index: int, cell: str) -> None:
        name = self._spelling(cell)
        if name in self.columns:
            raise self._refused(cell, "each column once", "repeated-column")
        if name:
            self.columns[name], self.labels[name] = index, cell.strip()

    def require(self, names: Iterable[str]) -> None:
        """Refuse a table in which columns are missing."""
        missing = [name for name in names if fold(name) not in self.columns]
        if missing:
            raise self._refused(", ".join(self.labels.values()), ", ".join(missing), "missing-columns")

    def _refused(self, found: str, expected: str, code: str) -> Exception:
        return refused(Source(self.file, "row 1"), "header", found, expected, code)


def header_names(head: bytes) -> frozenset[str]:
    """Folded column names of the first line, for recognising a table."""
    first = head.decode("utf-8-sig", errors="replace").splitlines()[:1]
    cells = next(csv.reader(first), []) if first else []
    return frozenset(fold(cell) for cell in cells)


def read_rows(
    path: Path,
    context: ImportContext,
    required: Collection[str] = (),
    guards: Guards | None = None,
    spelling: Callable[[str], str] = fold,
) -> Iterator[Row]:
    """Every filled row of the table.

    ``required`` are column names in any spelling; ``spelling`` folds a header cell to a column name, for formats
    whose names changed over the years. ``guards`` are shapes of id columns: where a cell lacks its
    shape and a cell beside it has it, the row is shifted. FileRefused (``missing-columns``, ``repeated-column``,
    ``shifted-columns``, ``malformed-csv``) where the table cannot be trusted.
    """
    with open_bytes(path, context.on_progress) as stream, text_of(stream) as text:
        records = _records(path.name, _Lines(path.name, text))
        header = Header(path.name, next(records, (1, []))[1], spelling)
        header.require(required)
        shift = _ShiftGuard(header, guards or {})
        empty = True
        for number, cells in records:
            if any(cells):
                empty = False
                shift.check(number, cells)
                yield Row(header, number, cells)
        if empty:
            expected = "at least one row below the header"
            context.asides.append(note(Source(path.name, "row 1"), "rows", "none", expected, "no-rows"))


class _Lines(Iterator[str]):
    """Lines of a table, as many as a row of sane length can take; a row may hold line breaks in quotes."""

    def __init__(self, file: str, text: TextIO) -> None:
        self._file, self._text = file, text
        self.row, self._left = 0, 0

    def begin_row(self) -> None:
        """The next lines belong to the next row."""
        self.row, self._left = self.row + 1, LONGEST_ROW

    def __next__(self) -> str:
        line = self._text.readline(self._left + 1)
        self._left -= len(line)
        if self._left < 0:
            found, expected = f"more than {LONGEST_ROW:,} characters", "a row that ends before that"
            raise refused(Source(self._file, f"row {self.row}"), "row", found, expected, "malformed-csv")
        if not line:
            raise StopIteration
        return line


def _records(file: str, lines: _Lines) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, strict=True)
    while True:
        lines.begin_row()
        try:
            cells = next(reader, None)
        except csv.Error as wrong:
            expected = "rows of cells, a quoted cell closed by its quote"
            raise refused(Source(file, f"row {lines.row}"), "row", str(wrong), expected, "malformed-csv") from wrong
        if cells is None:
            return
        yield lines.row, cells


class _ShiftGuard:
    """Refuses rows whose cells stand under the wrong columns."""

    def __init__(self, header: Header, guards: Guards) -> None:
        self._header = header
        self._guards = {header.columns[name]: (name, shape) for name, shape in guards.items() if name in header.columns}

    def check(self, number: int, cells: list[str]) -> None:
        """FileRefused where the row has too many or too few cells, or a guarded cell stands beside its column."""
        if len(cells) != self._header.width:
            found, expected = f"{len(cells)} cells", f"{self._header.width} cells as in the header"
            raise self._refused(number, "number of cells", found, expected)
        for index, (name, shape) in self._guards.items():
            cell = cells[index].strip()
            if cell and not shape.fullmatch(cell) and self._beside(index, cells, shape):
                label = self._header.labels[name]
                raise self._refused(number, label, cell, f"the value that stands beside it; {label} is shifted")

    def _beside(self, index: int, cells: list[str], shape: re.Pattern[str]) -> bool:
        """Whether a neighbour that is not plainly in its own place holds what this column is for."""
        neighbours = [beside for beside in (index - 1, index + 1) if 0 <= beside < len(cells)]
        return any(shape.fullmatch(cells[beside].strip()) and not self._at_home(beside, cells) for beside in neighbours)

    def _at_home(self, index: int, cells: list[str]) -> bool:
        return index in self._guards and bool(self._guards[index][1].fullmatch(cells[index].strip()))

    def _refused(self, number: int, field: str, found: str, expected: str) -> Exception:
        source = Source(self._header.file, f"row {number}")
        return refused(source, field, found, expected, "shifted-columns", "Cells stand under the wrong columns.")
