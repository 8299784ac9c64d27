"""What every importer shares: the import's expectations, formats, records with their places, problems.

A format module offers ``FORMATS``, a tuple of ``Format``. Its ``read(path, context)`` yields nouns, and problems of
severity QUARANTINED (the row is left out) or NOTE (the row is kept); it raises ``FileRefused`` where the file cannot
be trusted. All problems are built by ``note``, ``quarantined`` and ``refused``, so that they read alike.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from catalog.importers.text import UnreadableText, squeeze
from catalog.terms import AttributeValue, FileRefused, Issuer, Keyed, Market, Noun, Problem, Severity, Source

Found = Noun | Problem
Progress = Callable[[str, int, int], None]  # file name, bytes read, bytes in all
T = TypeVar("T")


def note(source: Source, field: str, found: str, expected: str, code: str, message: str = "") -> Problem:
    """A finding that leaves nothing out."""
    return Problem(Severity.NOTE, code, source.file, source.place, field, found, expected, message)


def quarantined(source: Source, field: str, found: str, expected: str, code: str, message: str = "") -> Problem:
    """A finding that leaves the row or cell's noun out."""
    return Problem(Severity.QUARANTINED, code, source.file, source.place, field, found, expected, message)


def refused(source: Source, field: str, found: str, expected: str, code: str, message: str = "") -> FileRefused:
    """The exception for a file that cannot be trusted; raise it."""
    return FileRefused(Problem(Severity.REFUSED, code, source.file, source.place, field, found, expected, message))


@dataclass
class ImportContext:
    """What an import expects and what its files have told so far.

    ``plan_year`` and ``market`` are the expected ones, or None until the first file names them; after that every
    file must agree, because a release holds one plan year of one market. ``memory`` holds, by format name, what a
    format must know of its own files that were read before.
    """

    plan_year: int | None = None
    market: Market | None = None
    state: str = ""
    on_progress: Progress | None = None
    memory: dict[str, Any] = field(default_factory=dict)
    _year_from: str = "the import"
    _market_from: str = "the import"
    _seen: dict[tuple[type, tuple[object, ...]], Keyed] = field(default_factory=dict)
    _county_names: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    option_attributes: dict[str, dict[str, tuple[AttributeValue, Source]]] = field(default_factory=dict)
    asides: list[Problem] = field(default_factory=list)  # findings of a whole file, told when it was read
    at_end: list[Callable[[], Iterable[Found]]] = field(default_factory=list)

    def saw_year(self, year: int, source: Source, field: str = "plan year") -> None:
        """Take the first year as the import's plan year; another one is refused as ``wrong-year``."""
        if self.plan_year is None:
            self.plan_year, self._year_from = year, str(source)
        elif year != self.plan_year:
            raise refused(
                source,
                field,
                str(year),
                f"{self.plan_year} as in {self._year_from}",
                "wrong-year",
                "One import holds one plan year; import the other year's files on their own.",
            )

    def saw_market(self, market: Market, source: Source, field: str = "market") -> None:
        """Take the first market as the import's; another one is refused as ``wrong-market``."""
        if self.market is None:
            self.market, self._market_from = market, str(source)
        elif market is not self.market:
            raise refused(
                source,
                field,
                market.value,
                f"{self.market.value} as in {self._market_from}",
                "wrong-market",
                "One import holds one market; import the other market's files on their own.",
            )

    def saw_state(self, state: str) -> None:
        """Remember the first state that a file names, for files that name none."""
        self.state = self.state or state

    def is_new(self, noun: Keyed) -> bool:
        """Whether no noun of this type and key was seen; remembers it.

        For nouns that several files imply (issuer, product, county): the first file that states one wins.
        """
        mark = (type(noun), noun.key)
        if mark in self._seen:
            return False
        self._seen[mark] = noun
        return True

    def issuer(self, issuer_id: str) -> Issuer | None:
        """The issuer as the first file that stated it did."""
        return self._seen.get((Issuer, (issuer_id,)))

    def saw_county(self, state: str, name: str, fips: str) -> None:
        """Remember a county's name, for files that name counties without FIPS code."""
        self._county_names.setdefault((state, county_name_key(name)), set()).add(fips)

    def county_fips(self, state: str, name: str) -> str | None:
        """The FIPS code that this import's files give that name, or None where none or several do."""
        known = self._county_names.get((state, county_name_key(name)), set())
        return next(iter(known)) if len(known) == 1 else None


def county_name_key(name: str) -> str:
    """``"St. Lawrence County"`` and ``"st lawrence"`` meet."""
    return squeeze(name.lower().replace(".", "").removesuffix(" county"))


@dataclass(frozen=True)
class Format:
    """One kind of file.

    ``family`` is what ``--format`` names (serff, workbook, puf, marketplace, own). ``kind`` is the outer shape
    (xml, xlsx, csv, json). ``recognises(path, head)`` looks at the first bytes, already unpacked; it must be
    lenient (a damaged file of this kind is still this kind) and must not read the whole file. Files are read in
    ascending ``order``: places and issuers 0-9, plans 10-19, what hangs on plans 20-29, rates 30-39, ancillary 40-49.
    ``labels`` are what the file calls fields of its nouns, for findings that are made after it was read.
    """

    name: str
    family: str
    kind: str
    order: int
    recognises: Callable[[Path, bytes], bool]
    read: Callable[[Path, ImportContext], Iterator[Found]]
    labels: Mapping[str, str] = field(default_factory=dict, compare=False)


class Record(ABC):
    """One filed row or group of cells: reads cells with a parser and collects what could not be read.

    Subclasses say where the text of a field is (``text``) and, where cells have places of their own, ``place_of``.
    """

    __slots__ = ("file", "place", "problems")

    def __init__(self, file: str, place: str) -> None:
        self.file = file
        self.place = place
        self.problems: list[Problem] = []

    @abstractmethod
    def text(self, name: str) -> str:
        """The cell's text; empty where there is no such cell."""

    def place_of(self, name: str) -> str:
        """Where the cell stands."""
        return self.place

    def label_of(self, name: str) -> str:
        """The field's name as the file spells it."""
        return name

    @property
    def source(self) -> Source:
        """Where the record stands."""
        return Source(self.file, self.place)

    def read(self, parse: Callable[[str], T], name: str) -> T | None:
        """The parsed cell; where it cannot be read, a quarantine problem is kept and None returned."""
        return self.attempt(lambda: parse(self.text(name)), name)

    def attempt(self, reading: Callable[[], T], name: str) -> T | None:
        """The result of ``reading``; an ``UnreadableText`` it raises is kept as a problem of that field."""
        try:
            return reading()
        except UnreadableText as wrong:
            found = self.problem(name, wrong)
            if found not in self.problems:  # several nouns of a row may read the same cell
                self.problems.append(found)
            return None

    def problem(self, name: str, wrong: UnreadableText) -> Problem:
        """The quarantine problem of an unreadable cell."""
        source = Source(self.file, self.place_of(name))
        return quarantined(source, self.label_of(name), wrong.found, wrong.expected, wrong.code)

    def outcome(self, *nouns: Noun) -> Iterable[Found]:
        """The nouns if every cell could be read, else the problems."""
        return self.problems or nouns


def any_text(*cells: str) -> bool:
    """Whether any cell holds text: a limit or a cost share is a noun where it does, even "Not Applicable"."""
    return any(cell.strip() for cell in cells)
