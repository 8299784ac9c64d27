"""The demo's year says the same in both of its formats: regulator templates and Exchange tables."""

from collections import Counter

import pytest

from catalog.demo import YEARS, write_ancillary, write_puf, write_serff
from catalog.importers import read
from catalog.terms import Market, Problem


@pytest.fixture(scope="module", params=YEARS)
def formats(request, tmp_path_factory):
    """Nouns by key of each format, read together with the payer's own set."""
    year = request.param
    folder = tmp_path_factory.mktemp(f"demo{year}")
    write_ancillary(folder / "own", year)
    write_puf(folder / "puf", year)
    write_serff(folder / "serff", year)
    return {name: by_key(year, folder / name, folder / "own") for name in ("puf", "serff")}


def by_key(year, *folders):
    reading = read(list(folders))
    found = list(reading)
    assert [item for item in found if isinstance(item, Problem)] == []
    assert (reading.plan_year, reading.market) == (year, Market.INDIVIDUAL)
    return {(type(noun).__name__, *noun.key): noun for noun in found}


def test_both_formats_give_the_same_nouns(formats):
    puf, serff = formats["puf"], formats["serff"]
    assert Counter(key[0] for key in puf) == Counter(key[0] for key in serff)
    assert [key for key, noun in puf.items() if serff.get(key) != noun] == []


def test_the_lines_of_the_demo_are_all_there(formats):
    kinds = Counter(key[0] for key in formats["serff"])
    assert kinds["Plan"] >= 30
    assert kinds["Option"] >= 20
    assert min(kinds[kind] for kind in ("Rate", "TierRate", "Benefit", "CostLimit", "ServiceAreaPart", "ZipCounty")) > 0
    lines = {noun.line.value for key, noun in formats["serff"].items() if key[0] == "Product"}
    assert {"medical", "dental", "vision", "accident", "critical_illness", "life", "hsa"} <= lines
