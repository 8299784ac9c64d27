"""Workbooks as rows of text, opened safely: limits against ZIP bombs, no document types, no macros, no links."""

import lzma
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from catalog.importers.common import Record, refused
from catalog.importers.csv_table import fold
from catalog.importers.text import squeeze
from catalog.terms import Source

MAX_PARTS = 2000
MAX_UNPACKED = 200 << 20  # bytes of all parts together
MAX_RATIO = 200  # of one part; text of real sheets packs 10 to 30 times
_SMALL = 1 << 20  # a small part may pack as it likes
MAX_COLUMNS = 200
MAX_EMPTY_ROWS = 100_000  # of all sheets together, between or after filled ones
MAX_CELLS = 5_000_000  # up to the last filled one of each row, of all sheets together
# What the ZIP, XML and spreadsheet readers raise on bytes that are not as they should be (SyntaxError: broken XML).
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ArithmeticError,
    AttributeError,
    LookupError,
    SyntaxError,
    TypeError,
    ValueError,
)


@dataclass(frozen=True)
class Sheet:
    """One visible sheet: its name and its rows, row 1 first, each cell as text, up to the last filled one."""

    file: str
    name: str
    rows: tuple[tuple[str, ...], ...]

    def find_header(self, *names: str) -> "SheetTable | None":
        """The table whose header row, within the first 40 rows, holds these columns; None where there is none."""
        wanted = [fold(name) for name in names]
        for index, row in enumerate(self.rows[:40]):
            columns = {fold(cell): place for place, cell in reversed(list(enumerate(row))) if cell}
            if all(name in columns for name in wanted):
                return SheetTable(self, index, columns)
        return None

    def value_beside(self, label: str) -> str:
        """The cell right of the first cell with that label (``HIOS Issuer ID:*``); empty where there is none."""
        for row in self.rows[:40]:
            for index, cell in enumerate(row[:-1]):
                if fold(cell) == fold(label):
                    return row[index + 1]
        return ""


@dataclass(frozen=True)
class SheetTable:
    """A table in a sheet: index of its header row, and the index of each column by folded name."""

    sheet: Sheet
    header: int
    columns: dict[str, int]

    def records(self, key: str) -> Iterator["SheetRow"]:
        """Rows below the header in which the key column is filled."""
        for index in range(self.header + 1, len(self.sheet.rows)):
            row = SheetRow(self, index)
            if row.text(key):
                yield row


class SheetRow(Record):
    """One row of a table; its cells know their places (``row 17, column D``)."""

    __slots__ = ("_cells", "_columns")

    def __init__(self, table: SheetTable, index: int) -> None:
        super().__init__(table.sheet.file, f"row {index + 1}")
        self._cells = table.sheet.rows[index]
        self._columns = table.columns

    def text(self, name: str) -> str:
        """The cell's text; empty where the table has no such column."""
        index = self._columns.get(fold(name))
        return self._cells[index] if index is not None and index < len(self._cells) else ""

    def place_of(self, name: str) -> str:
        """Row and column letter."""
        index = self._columns.get(fold(name))
        return self.place if index is None else f"{self.place}, column {get_column_letter(index + 1)}"


def check_package(path: Path) -> None:
    """FileRefused ``damaged-workbook`` or ``unsafe-workbook`` before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            _check_sizes(path, parts)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with package.open(part) as content:
                        _check_part(path, part.filename, content.read(4096))
    except _DAMAGE as wrong:
        raise _refused(path, str(wrong), "a complete .xlsx workbook", "damaged-workbook") from wrong


def _check_sizes(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED:
        found, expected = f"{len(parts)} parts, {unpacked >> 20} MB", f"at most {MAX_PARTS} and {MAX_UNPACKED >> 20} MB"
        raise _refused(path, found, expected, "unsafe-workbook")
    for part in parts:
        if part.file_size > _SMALL and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            found = f"{part.filename} unpacks to {part.file_size // max(part.compress_size, 1)} times its size"
            raise _refused(path, found, f"at most {MAX_RATIO} times", "unsafe-workbook")


def _check_part(path: Path, name: str, start: bytes) -> None:
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise _refused(path, f"a document type in {name}", "none, as spreadsheets write it", "unsafe-workbook")


def _refused(path: Path, found: str, expected: str, code: str) -> Exception:
    return refused(Source(path.name, "file"), "workbook", found, expected, code)


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """Visible sheets of a workbook, cells as text (dates as ISO); FileRefused where it cannot be trusted."""
    status = path.stat()
    return _load(path, status.st_mtime_ns, status.st_size)


@lru_cache(2)  # each recogniser looks, then the reader reads
def _load(path: Path, _modified: int, _size: int) -> tuple[Sheet, ...]:
    check_package(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts of the template that hold no data: styles, validation lists
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                budget = _Budget(path)
                return tuple(_sheet(budget, sheet) for sheet in book.worksheets if sheet.sheet_state == "visible")
            finally:
                book.close()
    except _DAMAGE as wrong:
        raise _refused(path, type(wrong).__name__, "a complete .xlsx workbook", "damaged-workbook") from wrong


class _Budget:
    """How much a workbook may hold: a few bytes of it can name a row a million rows further down."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._empty_rows, self._cells = MAX_EMPTY_ROWS, MAX_CELLS

    def take(self, sheet: str, number: int, cells: int) -> None:
        """FileRefused as ``unsafe-workbook`` where this row is one too many."""
        self._cells -= cells
        self._empty_rows -= not cells
        if self._cells < 0 or self._empty_rows < 0:
            found = f"more than {MAX_EMPTY_ROWS if self._empty_rows < 0 else MAX_CELLS:,}"
            field, less = ("empty rows", "empty rows") if self._empty_rows < 0 else ("cells", "sheets and columns")
            message = f"Delete the {less} that hold no catalogue content and save the workbook again."
            source = Source(self.path.name, f"sheet {sheet}, row {number}")
            raise refused(source, field, found, "fewer in the whole workbook", "unsafe-workbook", message)


def _sheet(budget: _Budget, sheet: object) -> Sheet:
    rows: list[tuple[str, ...]] = []
    empty = 0
    for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), 1):
        cells = _filled(row)
        budget.take(sheet.title, number, len(cells))
        if cells:
            rows.extend([()] * empty)
            rows.append(cells)
        empty = 0 if cells else empty + 1
    return Sheet(budget.path.name, sheet.title, tuple(rows))


def _filled(row: tuple[object, ...]) -> tuple[str, ...]:
    """The cells up to the last one with text."""
    if not any(cell is not None for cell in row):
        return ()
    cells = [_text(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.isoformat()[:10]
    return squeeze(str(cell))
