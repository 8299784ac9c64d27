"""The demo's year as public use files and as regulator templates gives the same nouns, to the last field."""

from collections import Counter
from dataclasses import fields

import pytest

from catalog.demo import YEARS, write_ancillary, write_puf, write_serff
from catalog.importers import read
from catalog.terms import Benefit, CostLimit, County, Crosswalk, Plan, PlanVariant, Rate, ServiceAreaPart, TierRate

FILED = (Plan, PlanVariant, CostLimit, Benefit, Rate, TierRate, ServiceAreaPart, Crosswalk)


def nouns_of(*folders):
    """Nouns by type and key; any problem, and any second content for a key, fails."""
    nouns = {}
    for noun in read(folders):
        assert nouns.setdefault((type(noun), noun.key), noun) == noun
    return nouns


@pytest.fixture(scope="module", params=YEARS)
def both(request, tmp_path_factory):
    """One plan year of the demo, imported from either format; our own set stands beside both."""
    folder, year = tmp_path_factory.mktemp("demo"), request.param
    write_puf(folder / "puf", year)
    write_serff(folder / "serff", year)
    write_ancillary(folder / "own", year)
    return nouns_of(folder / "puf", folder / "own"), nouns_of(folder / "serff", folder / "own")


def test_the_same_things_are_in_both(both):
    from_puf, from_serff = both
    only_serff = from_serff.keys() - from_puf.keys()
    assert from_puf.keys() <= from_serff.keys()
    assert {kind for kind, _ in only_serff} <= {County}  # the tables of the PUFs know counties by code only


def test_they_are_equal_field_by_field(both):
    from_puf, from_serff = both
    differences = Counter(
        (kind.__name__, field.name)
        for (kind, key), noun in from_puf.items()
        for field in fields(noun)
        if field.compare and getattr(noun, field.name) != getattr(from_serff[kind, key], field.name)
    )
    assert differences == {}


def test_filed_words_are_the_same_too(both):
    from_puf, from_serff = both
    for (kind, key), noun in from_puf.items():
        if kind is Benefit:
            other = from_serff[kind, key]
            for tier in ("in_1", "in_2", "out"):
                share, same = getattr(noun, tier), getattr(other, tier)
                assert (share is None) is (same is None)
                if share:
                    assert (share.filed_copay, share.filed_coinsurance) == (same.filed_copay, same.filed_coinsurance)


def test_the_comparison_is_about_something(both):
    counts = Counter(kind for kind, _ in both[0])
    assert counts[Rate] > 10_000
    assert counts[Benefit] > 5_000
    for kind in set(FILED) - {Crosswalk}:
        assert counts[kind] > 10
