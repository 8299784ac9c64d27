"""What the tests of documents share: the invented household, and a process that remembers no earlier document."""

import importlib.util
from pathlib import Path

import pytest

from portal.documents import engine

_spec = importlib.util.spec_from_file_location("documents_example", Path(__file__).with_name("example.py"))
_example = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_example)


@pytest.fixture(scope="session")
def example():
    """The module with the invented bundle summaries."""
    return _example


@pytest.fixture
def fresh(monkeypatch):
    """Start with nothing kept, so that the test sees a document made anew; what others kept comes back afterwards."""
    for name in ("_files", "_parts", "_counts"):
        monkeypatch.setattr(engine, name, engine.Kept(getattr(engine, name).most))
