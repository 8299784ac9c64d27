"""The demo goes through the importers like anybody's files: no finding, and both formats hold the same content."""

from dataclasses import replace

import pytest

from catalog.demo import YEARS
from catalog.importers.common import ImportContext
from catalog.importers.files import read_head
from catalog.importers.formats import FORMATS
from catalog.terms import Problem

# What the XML templates have no cell for; our own CSV set brings it.
NOT_IN_XML = {"Plan": {"formulary_url": ""}, "Issuer": {"name": ""}}
ONLY_IN_WORKBOOKS = {"County", "RatingAreaPart", "ZipCounty"}


def _format(path):
    head = read_head(path)
    fitting = (f for f in FORMATS if f.kind == path.suffix[1:] and f.recognises(path, head))
    return min(fitting, key=lambda f: f.order)


def _read(folder, year):
    """(nouns by type and key, problems) of a folder, its files in the order that the formats ask for."""
    context = ImportContext(plan_year=year)
    nouns, problems = {}, []
    for kind, path in sorted(
        ((_format(p), p) for p in folder.iterdir()), key=lambda pair: (pair[0].order, pair[1].name)
    ):
        for found in kind.read(path, context):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                nouns.setdefault(type(found).__name__, {})[found.key] = found
    return nouns, problems


@pytest.fixture(scope="module", params=YEARS)
def content(request, demo_files):
    """Folder name -> (nouns, problems) of one plan year."""
    year = request.param
    return {name: _read(demo_files / str(year) / name, year) for name in ("puf", "serff", "own", "market")}


def test_every_file_is_read_without_a_finding(content):
    assert {name: problems for name, (_, problems) in content.items() if problems} == {}
    assert all(nouns for nouns, _ in content.values())


def test_both_formats_have_the_same_content(content):
    from_puf, from_xml = content["puf"][0], content["serff"][0]
    assert set(from_xml) - set(from_puf) == ONLY_IN_WORKBOOKS
    for kind, nouns in from_puf.items():
        blank = NOT_IN_XML.get(kind, {})
        expected = {key: replace(noun, **blank) for key, noun in nouns.items()} if blank else nouns
        assert from_xml[kind] == expected, kind


def test_workbooks_agree_with_the_own_set(content):
    from_xml, own = content["serff"][0], content["own"][0]
    assert from_xml["ZipCounty"] == own["ZipCounty"]
    for kind in ("County", "RatingAreaPart"):
        assert from_xml[kind].items() <= own[kind].items(), kind
