"""The demo's files, written once for all tests of this folder, and readers of them."""

import csv
from pathlib import Path

import pytest

from catalog.demo import write_all


@pytest.fixture(scope="session")
def demo_files(tmp_path_factory) -> Path:
    """Folder with both plan years in every format."""
    folder = tmp_path_factory.mktemp("demo")
    write_all(folder)
    return folder


@pytest.fixture(scope="session")
def table(demo_files):
    """``table(2027, "puf/Rate_PUF.csv")``: rows of a file as dicts, read once."""
    read: dict[tuple[int, str], list[dict[str, str]]] = {}

    def rows(year: int, name: str) -> list[dict[str, str]]:
        if (year, name) not in read:
            with (demo_files / str(year) / name).open(newline="", encoding="utf-8") as lines:
                read[year, name] = list(csv.DictReader(lines))
        return read[year, name]

    return rows
