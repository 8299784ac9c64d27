"""Files as bytes: what they are by content, unpacked from gzip, with progress, and within sane limits."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog.importers.common import ImportContext, Progress, refused
from catalog.terms import Source

HEAD = 65536  # bytes that recognisers see
_STEP = 1 << 20  # progress is told about once a megabyte
MAX_RATIO = 200  # unpacked to packed bytes; real tables pack 10 to 50 times
SMALL = 64 << 20  # unpacked bytes that may pack as they like
_CHUNK = 1 << 18  # bytes at a time, however much is asked for
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_KNOWN_BINARY = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"\xd0\xcf\x11\xe0": "an old Office file (.xls or .doc)",
}
_CONTROL = bytes(each for each in range(32) if each not in b"\t\n\r\f\x1a")
_KIND_WORDS = {
    "xlsx": "a workbook or another ZIP file",
    "xml": "XML or HTML content",
    "json": "JSON content",
    "csv": "plain text",
    "binary": "binary data",
    "empty": "nothing",
}
_SUFFIXES = {".xml": "xml", ".xlsx": "xlsx", ".xlsm": "xlsx", ".csv": "csv", ".json": "json"}


class _Counted(io.RawIOBase):
    """A file that tells how far it was read: ``done`` bytes."""

    def __init__(self, path: Path, on_progress: Progress | None) -> None:
        self._raw = path.open("rb", buffering=0)
        self._path, self._report = path, on_progress
        self._size, self.done, self._told = path.stat().st_size, 0, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        count = self._raw.readinto(buffer) or 0
        self.done += count
        if self._report and (self.done - self._told >= _STEP or (not count and self._told < self._size)):
            self._told = self.done
            self._report(self._path.name, self.done, self._size)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Unpacked(io.RawIOBase):
    """A gzip file as its content; FileRefused as soon as it unpacks to far more than such files hold."""

    def __init__(self, path: Path, packed: _Counted, raw: io.BufferedReader) -> None:
        self._path, self._packed = path, packed
        self._content = gzip.GzipFile(fileobj=raw)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        count = self._content.readinto(memoryview(buffer)[:_CHUNK])
        done = self._content.tell()
        if done > SMALL and done > MAX_RATIO * self._packed.done:
            place, found = f"after {done >> 20} MB unpacked", f"more than {MAX_RATIO} times the packed size"
            message = "Unpack the file and look at it; if it is right, import it unpacked."
            raise refused(Source(self._path.name, place), "size", found, "a table", "unsafe-gzip", message)
        return count


@contextmanager
def open_bytes(path: Path, on_progress: Progress | None = None) -> Iterator[io.BufferedIOBase]:
    """The file's bytes, unpacked where it is gzip; FileRefused as ``damaged-gzip`` or ``unsafe-gzip``."""
    counted = _Counted(path, on_progress)
    with io.BufferedReader(counted, _CHUNK) as raw:
        packed = raw.peek(2)[:2] == _GZIP
        try:
            yield io.BufferedReader(_Unpacked(path, counted, raw), _CHUNK) if packed else raw
        except (gzip.BadGzipFile, EOFError, zlib.error) as wrong:
            raise refused(
                Source(path.name, "file"), "content", str(wrong), "a complete gzip file", "damaged-gzip"
            ) from wrong


def read_head(path: Path) -> bytes:
    """The first bytes of the file, unpacked."""
    with open_bytes(path) as stream:
        return stream.read(HEAD)


def read_whole(path: Path, context: ImportContext, limit: int) -> bytes:
    """All bytes of a small file, unpacked; more than ``limit`` is refused as ``too-large``."""
    with open_bytes(path, context.on_progress) as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        found, expected = f"more than {limit >> 20} MB", f"at most {limit >> 20} MB unpacked"
        raise refused(Source(path.name, "file"), "size", found, expected, "too-large")
    return content


def kind_of(head: bytes) -> str:
    """Outer shape of a file's first bytes: xlsx (any ZIP), xml, json, csv (any other text), binary or empty."""
    if head.startswith(_ZIP):
        return "xlsx"
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if not start:
        return "empty"
    if _signature(head) or b"\0" in head or _garbled(head):
        return "binary"
    return {b"<": "xml", b"{": "json", b"[": "json"}.get(start, "csv")


def told_kind(head: bytes) -> str:
    """What a file's first bytes are, in words for people."""
    return _signature(head) or _KIND_WORDS[kind_of(head)]


def _signature(head: bytes) -> str:
    """The well-known kind of binary file; empty for any other content."""
    return next((words for start, words in _KNOWN_BINARY.items() if head.startswith(start)), "")


def _garbled(head: bytes) -> bool:
    """Whether more than one byte in a hundred is one that text does not use; a stray one happens in filed tables."""
    return (len(head) - len(head.translate(None, _CONTROL))) * 100 > len(head)


def claimed_kind(path: Path) -> str | None:
    """The shape that the file's name claims (``rates.csv.gz`` claims csv), or None where it claims none of ours."""
    name = Path(path.name.lower().removesuffix(".gz"))
    return _SUFFIXES.get(name.suffix)


def _one_byte_as_windows(error: UnicodeError) -> tuple[str, int]:
    """Read a byte that is not UTF-8 as Windows-1252, which spreadsheets write."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    byte = error.object[error.start : error.start + 1]
    return byte.decode("cp1252", errors="replace"), error.start + 1


codecs.register_error("coverwright-windows-1252", _one_byte_as_windows)


def text_of(stream: io.BufferedIOBase) -> io.TextIOWrapper:
    """The bytes as UTF-8 text, with or without byte-order mark; stray Windows-1252 bytes are understood."""
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors="coverwright-windows-1252", newline="")
