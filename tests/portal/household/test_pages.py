"""The household's pages for a family of four."""

import pytest

PAGES = ("/household", "/household/address", "/household/county", "/household/people/new")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_of_the_household_opens(family, path):
    assert family.get(path).status == 200


def test_each_person_has_a_page_and_another_can_be_added(family):
    links = [link["href"] for link in family.get("/household").dom.main("a") if "/people/" in link["href"]]
    people = [link for link in links if not link.endswith("/new")]
    assert len(people) == 4
    for link in people:
        assert family.get(link).status == 200
    new = family.get("/household/people/new")
    assert family.submit(new, "/household/people/new", birth_date="4/12/2019", applying="yes").status == 303
    assert "April 12, 2019" in family.get("/household").text


def test_two_versions_are_shown_in_words(family):
    form = family.get("/household/address")
    family.submit(form, "/household/address", income="50000")
    late = family.submit(form, "/household/address", income="90000")
    assert late.status == 409
    rows = [[cell.get_text() for cell in row(["th", "td"])] for row in late.dom.tbody("tr")]
    assert rows == [["Income for the year", "$90,000.00", "$50,000.00"]]
