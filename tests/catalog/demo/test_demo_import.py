"""The demo goes through the importers like anybody's files: no finding, and both formats hold the same content."""

import pytest

from catalog.demo import YEARS
from catalog.importers.common import ImportContext
from catalog.importers.files import read_head
from catalog.importers.formats import FORMATS
from catalog.terms import Problem


def _format(path):
    head = read_head(path)
    fitting = (f for f in FORMATS if f.kind == path.suffix[1:] and f.recognises(path, head))
    return min(fitting, key=lambda f: f.order)


def _read(folders, year):
    """(nouns by type and key, problems) of folders, their files in the order that the formats ask for."""
    context = ImportContext(plan_year=year)
    nouns, problems = {}, []
    files = [(_format(path), path) for folder in folders for path in folder.iterdir()]
    for kind, path in sorted(files, key=lambda pair: (pair[0].order, pair[1].name)):
        for found in kind.read(path, context):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                nouns.setdefault(type(found).__name__, {}).setdefault(found.key, found)
    return nouns, problems


@pytest.fixture(scope="module", params=YEARS)
def content(request, demo_files):
    """Format -> (nouns, problems) of one plan year, with our own CSV set and the competitors' plans."""
    folder = demo_files / str(request.param)
    return {name: _read([folder / name, folder / "own", folder / "market"], request.param) for name in ("puf", "serff")}


def test_every_file_is_read_without_a_finding(content):
    assert {name: problems for name, (_, problems) in content.items()} == {"puf": [], "serff": []}


def test_both_formats_have_the_same_content(content):
    from_puf, from_xml = content["puf"][0], content["serff"][0]
    assert set(from_xml) == set(from_puf)
    for kind, nouns in from_puf.items():
        assert from_xml[kind] == nouns, kind


def test_every_kind_of_noun_is_there(content):
    nouns = content["puf"][0]
    assert {
        "Benefit", "BusinessRule", "CostLimit", "County", "Issuer", "MarketCoverage", "Network", "Option",
        "OptionBenefit", "OptionEligibility", "OptionRate", "Plan", "PlanVariant", "Product", "Rate",
        "RatingAreaPart", "ServiceAreaPart", "TierRate", "UnderwritingQuestion", "ZipCounty",
    } <= set(nouns)  # fmt: skip
    assert len(nouns["County"]) == 88
