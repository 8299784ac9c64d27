"""Helpers of the importers' tests: fixtures' folders, and what an import yields."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from catalog.importers import read
from catalog.terms import FileRefused, Problem

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """Small invented files in every format."""
    return HERE / "fixtures"


@pytest.fixture(scope="session")
def bad() -> Path:
    """Seeded files that must be refused."""
    return HERE / "bad"


@pytest.fixture(scope="session")
def run():
    """Import paths: nouns by type name, problems by code, and what the reading learned."""

    def run(*paths, **options):
        reading = read(list(paths), **options)
        found = list(reading)
        return SimpleNamespace(
            nouns=[item for item in found if not isinstance(item, Problem)],
            problems=[item for item in found if isinstance(item, Problem)],
            of=lambda kind: [item for item in found if type(item) is kind],
            reading=reading,
        )

    return run


@pytest.fixture(scope="session")
def refusal():
    """The problem that an import is refused with."""

    def refusal(*paths, **options):
        with pytest.raises(FileRefused) as refused:
            list(read(list(paths), **options))
        return refused.value.problem

    return refusal
