"""Damaged files: whatever happens to the bytes, an import ends with nouns and problems or with a refusal."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from catalog.importers import read
from catalog.terms import FileRefused, Problem

DAMAGE = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
XML = ("plans_two_tiers.xml", "rates_tobacco_and_tiers.xml", "crosswalk.xml")


def outcome(path: Path) -> list:
    """What the import yields, or the one problem that refuses it; anything else is an error of the importer."""
    try:
        return list(read([path]))
    except FileRefused as refused:
        return [refused.problem]


@pytest.fixture(scope="module")
def damaged(fixtures, tmp_path_factory):
    """Write a fixture again with its bytes changed."""
    folder = tmp_path_factory.mktemp("damaged")
    book = Workbook()
    for row in [("zip", "County", "Multiple Counties?", "Rating Region"), ("01103", "Hampden", "No", "R-MA001")]:
        book.active.append(row)
    book.save(folder / "whole.xlsx")

    def write(name: str, change) -> Path:
        source = folder / "whole.xlsx" if name == "zips.xlsx" else fixtures / name
        path = folder / source.name.replace("whole", "zips")
        path.write_bytes(change(source.read_bytes()))
        return path

    return write


@DAMAGE
@given(name=st.sampled_from(XML), part=st.floats(0.02, 0.98))
def test_xml_that_breaks_off_anywhere_is_refused(damaged, name, part):
    path = damaged(f"serff/{name}", lambda content: content[: int(len(content) * part)])
    assert [problem.severity for problem in outcome(path)] == ["refused"]


@DAMAGE
@given(
    name=st.sampled_from([*(f"serff/{name}" for name in XML), "own/option_rates.csv", "own/products.csv", "zips.xlsx"]),
    places=st.lists(st.floats(0, 0.9999), min_size=1, max_size=4),
    noise=st.binary(min_size=1, max_size=6),
)
def test_noise_never_surprises(damaged, name, places, noise):
    def change(content: bytes) -> bytes:
        for place in places:
            at = int(len(content) * place)
            content = content[:at] + noise + content[at + len(noise) :]
        return content

    path = damaged(name, change)
    for item in outcome(path):
        assert (item.file if isinstance(item, Problem) else item.source.file) == path.name
        assert not isinstance(item, Problem) or item.expected
