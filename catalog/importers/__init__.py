"""Filed formats in, catalogue nouns out: ``read`` is the one door, each format has a module behind it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from catalog.importers.common import Format, Found, ImportContext, Progress, note, refused
from catalog.importers.files import claimed_kind, kind_of, read_head, told_kind
from catalog.importers.formats import FORMATS
from catalog.importers.text import UNREADABLE
from catalog.terms import FileRefused, Market, Problem, Source

_ANY = "a Plans & Benefits, Rates or crosswalk XML, an Exchange PUF, a Marketplace answer, or a file of our CSV set"
_OFTEN = 3  # fewer wrong rows than this never refuse a file

__all__ = ["FORMATS", "FileRefused", "Found", "ImportContext", "Reading", "families", "read"]


class Reading(Iterator[Found]):
    """Nouns and problems of an import, one by one; ``plan_year`` and ``market`` are known once files were read."""

    def __init__(
        self, files: Sequence[tuple[Path, Format]], skipped: Iterable[Problem], context: ImportContext
    ) -> None:
        self.files = tuple((path, chosen.name) for path, chosen in files)
        self._labels = {path.name: chosen.labels for path, chosen in files}
        self._context = context
        self._found = _found(files, skipped, context)

    def __next__(self) -> Found:
        return next(self._found)

    def in_file_words(self, problem: Problem) -> Problem:
        """The problem with its field named as its file names it, where that is known."""
        return replace(problem, field=self._labels.get(problem.file, {}).get(problem.field, problem.field))

    @property
    def plan_year(self) -> int | None:
        """The plan year that was asked for, or the first one that the files state."""
        return self._context.plan_year

    @property
    def market(self) -> Market | None:
        """The market that was asked for, or the first one that the files state."""
        return self._context.market


def read(
    paths: Sequence[Path],
    *,
    format: str = "auto",  # noqa: A002 - the name of the command-line option
    plan_year: int | None = None,
    market: Market | None = None,
    on_progress: Progress | None = None,
) -> Reading:
    """Read files and folders into catalogue nouns.

    Formats are detected by content before anything is read; ``format`` narrows them to one family. Files are read
    in the order in which their nouns refer to each other. Yields nouns, and problems that are QUARANTINED (left
    out) or NOTE (kept). FileRefused, at once or while iterating, where a file cannot be trusted: nothing that was
    read before it may be used.
    """
    context = ImportContext(plan_year, market, on_progress=on_progress)
    formats = _family(format)
    chosen: list[tuple[Path, Format]] = []
    skipped: list[Problem] = []
    for path, in_folder in _expand(paths, skipped):
        found = _choose(path, formats, in_folder)
        if isinstance(found, Problem):
            skipped.append(found)
        else:
            chosen.append((path, found))
    chosen.sort(key=lambda pair: (pair[1].order, pair[0].name))
    return Reading(chosen, skipped, context)


def families() -> tuple[str, ...]:
    """What ``format`` may name, besides ``auto``."""
    return tuple(dict.fromkeys(known.family for known in FORMATS))


def _found(files: Sequence[tuple[Path, Format]], skipped: Iterable[Problem], context: ImportContext) -> Iterator[Found]:
    yield from skipped
    for path, chosen in files:
        yield from _trusted(path, chosen.read(path, context))
        yield from context.asides
        context.asides.clear()
    for finish in context.at_end:
        yield from finish()


def _trusted(path: Path, found: Iterator[Found]) -> Iterator[Found]:
    """Refuse a file in which a field is wrong more often than rows are right: its columns are not what they claim."""
    nouns = 0
    wrong: dict[tuple[str, str], list[Problem]] = {}
    for item in found:
        if not isinstance(item, Problem):
            nouns += 1
        elif item.code in UNREADABLE:
            wrong.setdefault((item.field, item.code), []).append(item)
        yield item
    for problems in wrong.values():
        if len(problems) >= _OFTEN and len(problems) > nouns:
            first = problems[0]
            message = f"{len(problems)} rows are wrong in this field and {nouns} are right."
            source = Source(path.name, first.place)
            raise refused(source, first.field, first.found, first.expected, "wrong-throughout", message)


def _family(name: str) -> tuple[Format, ...]:
    if name == "auto":
        return FORMATS
    if name not in families():
        expected = f"auto, {', '.join(families())}"
        raise refused(Source("the command", "--format"), "format", name, expected, "unknown-format")
    return tuple(known for known in FORMATS if known.family == name)


def _expand(paths: Sequence[Path], skipped: list[Problem]) -> Iterator[tuple[Path, bool]]:
    for path in paths:
        if path.is_dir():
            yield from ((file, True) for file in _inside(path, skipped))
        elif path.is_file():
            yield path, False
        else:
            raise refused(Source(str(path), "file"), "path", "nothing", "a file or a folder", "missing-file")


def _inside(folder: Path, skipped: list[Problem]) -> Iterator[Path]:
    """The folder's files that claim a kind of ours; a link that leads out of it is passed over with a note."""
    home = folder.resolve()
    for file in sorted(folder.rglob("*")):
        if not claimed_kind(file) or not file.is_file():
            continue
        if file.resolve().is_relative_to(home):
            yield file
        else:
            message = "The file was passed over. Copy it into the folder, or name it in the command."
            expected = "files of the folder itself"
            source = Source(file.name, "file")
            skipped.append(note(source, "file", "a link out of the folder", expected, "link-leads-out", message))


def _choose(path: Path, formats: tuple[Format, ...], in_folder: bool) -> Format | Problem:
    head = read_head(path)
    _check_claim(path, head)
    chosen = next((known for known in formats if known.kind == kind_of(head) and known.recognises(path, head)), None)
    if chosen:
        return chosen
    wanted = ", ".join(dict.fromkeys(_label(known) for known in formats if known.kind == kind_of(head))) or _ANY
    if in_folder and kind_of(head) == "json":
        message = "The file was passed over."
        return note(Source(path.name, "file"), "content", "no format we know", wanted, "unknown-file", message)
    raise refused(Source(path.name, "file"), "content", _glimpse(head), wanted, "unknown-format")


def _label(known: Format) -> str:
    return "a file of the payer's own CSV set" if known.family == "own" else known.name


def _check_claim(path: Path, head: bytes) -> None:
    """Refuse a file whose content is not what its name says."""
    kind, claimed = kind_of(head), claimed_kind(path)
    if kind == "empty":
        raise refused(Source(path.name, "file"), "content", "nothing", "a file with content", "empty-file")
    if kind == "binary" or (claimed and claimed != kind):
        found = told_kind(head)
        expected = f"{claimed or 'a format we know'}, as the name says"
        raise refused(Source(path.name, "file"), "content", found, expected, "not-the-format-it-claims")


def _glimpse(head: bytes) -> str:
    """What an unknown file is, in words: it may be anybody's, so none of its text is shown."""
    names = {"csv": "text or a table", "xlsx": "a workbook or another ZIP file", "json": "JSON", "xml": "XML"}
    return f"{names[kind_of(head)]} of another kind"
