import pytest

from catalog.parameters import Law, load, read_law


@pytest.fixture(scope="session")
def law() -> Law:
    """The law that ships with the product."""
    return load()


@pytest.fixture
def law_of(tmp_path):
    """Reads a law written in the test: file name to YAML text."""

    def read(**files: str) -> Law:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return read_law(tmp_path)

    return read
