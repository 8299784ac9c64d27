"""Filed XML, read safely and piece by piece: no entities, no network, no document type, memory stays flat."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from catalog.importers.common import ImportContext, Record, refused
from catalog.importers.files import open_bytes, read_head
from catalog.importers.text import squeeze
from catalog.terms import Source

_ROOT = re.compile(rb"<(?:\w+:)?([A-Za-z_][\w.-]*)")
_LAST_TAG = re.compile(rb"</(?:\w+:)?([A-Za-z_][\w.-]*)\s*>\s*$")


def local_name(element: etree._Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2]


def root_name(head: bytes) -> str:
    """Local name of the root element, for recognising a file; empty where none begins in these bytes."""
    found = _ROOT.search(head)
    return found[1].decode() if found else ""


def has_root(name: str) -> Callable[[Path, bytes], bool]:
    """A recogniser of files whose root element has this local name."""
    return lambda _path, head: root_name(head) == name


def read_pieces(path: Path, context: ImportContext, names: tuple[str, ...]) -> Iterator[etree._Element]:
    """Each element with one of these local names once it is complete, in document order; freed afterwards.

    The names must not be nested in each other. FileRefused ``unsafe-xml`` where a document type is declared,
    ``malformed-xml`` where the file breaks off or is not well-formed.
    """
    with open_bytes(path, context.on_progress) as stream:
        try:
            yield from _pieces(path, stream, names)
        except etree.XMLSyntaxError as wrong:
            raise _malformed(path, wrong) from wrong


def _pieces(path: Path, stream: object, names: tuple[str, ...]) -> Iterator[etree._Element]:
    parser = etree.iterparse(
        stream,
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    checked = False
    for _, element in parser:
        if not checked:
            _refuse_document_type(path, element)
            checked = True
        yield element
        _free(element)
    if not checked:
        _refuse_document_type(path, parser.root)


def _refuse_document_type(path: Path, root: etree._Element) -> None:
    doctype = root.getroottree().docinfo.doctype
    if doctype:
        expected = "XML without a document type, as the templates export it"
        raise refused(Source(path.name, "line 1"), "document type", doctype[:80], expected, "unsafe-xml")


def _malformed(path: Path, wrong: etree.XMLSyntaxError) -> Exception:
    line, column = wrong.position
    message = "" if _is_closed(path) else "The file breaks off before its end; export or copy it again."
    source = Source(path.name, f"line {line}, column {column}")
    return refused(source, "XML", wrong.msg or "broken XML", "complete, well-formed XML", "malformed-xml", message)


def _is_closed(path: Path) -> bool:
    """Whether the file's last tag closes its root element; only looked at where the file could not be read."""
    found = _LAST_TAG.search(path.read_bytes()[-1000:])
    return bool(found) and found[1].decode() == root_name(read_head(path))


def _free(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


class Cells(Record):
    """The cells directly inside one element: ``<x cellLocation="Sheet-B.6"><cellValue>text</cellValue></x>`` or bare.

    Fields are asked for by element name, whatever its case. The record stands at the first cell that has a place,
    else at its line.
    """

    __slots__ = ("_cells", "_labels")

    def __init__(self, file: str, element: etree._Element) -> None:
        self._cells: dict[str, tuple[str, str]] = {}
        self._labels: dict[str, str] = {}
        for child in element:
            self._add(child)
        place = next((where for _, where in self._cells.values() if where), f"line {element.sourceline}")
        super().__init__(file, place)

    def _add(self, child: etree._Element) -> None:
        value = child
        if len(child):
            value = child[0]
            if local_name(value) != "cellValue":
                return  # a group of cells, read as a record of its own
        name = local_name(child)
        self._cells[name.lower()] = (squeeze(value.text), child.get("cellLocation", ""))
        self._labels[name.lower()] = name

    def text(self, name: str) -> str:
        """The cell's text with single spaces; empty where the element is not there."""
        return self._cells.get(name.lower(), ("", ""))[0]

    def place_of(self, name: str) -> str:
        """The cell's place in the workbook that the XML was exported from."""
        return self._cells.get(name.lower(), ("", ""))[1] or self.place

    def label_of(self, name: str) -> str:
        """The element's name as the file spells it."""
        return self._labels.get(name.lower(), name)

    def source_of(self, name: str) -> Source:
        """File and place of one cell."""
        return Source(self.file, self.place_of(name))

    def first(self, *names: str) -> str:
        """The one of several spellings of a field that the file uses; the first where it uses none."""
        return next((name for name in names if name.lower() in self._cells), names[0])

    def names(self) -> tuple[str, ...]:
        """Element names as the file spells them."""
        return tuple(self._labels.values())


def records(file: str, element: etree._Element | None, path: str) -> list[Cells]:
    """A record for each element at ``path`` (local names with slashes); one child is a list of one."""
    if element is None:
        return []
    return [Cells(file, found) for found in element.iterfind("/".join(f"{{*}}{name}" for name in path.split("/")))]


def record(file: str, element: etree._Element, path: str) -> Cells:
    """The record of the one element at ``path``; without cells where it is missing."""
    found = records(file, element, path)
    return found[0] if found else Cells(file, etree.Element("missing"))
