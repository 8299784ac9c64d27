"""The builder's pages as a browser without scripts sees them: choose, break a rule, mend it, undo, save."""

import re

GOLD, BRONZE = "99001OH0010009", "99001OH0010001"


def post(client, path, **fields):
    return client.post(path, fields)


def test_an_empty_builder_says_what_to_do(family):
    page = family.get("/builder")
    assert page.h1 == "Your bundle"
    assert "Nothing is in it yet" in page.text


def test_every_line_opens(family):
    lines = [link["href"] for link in family.get("/builder").dom.select(".builder-line a")]
    assert len(lines) == 11
    for line in lines:
        page = family.get(line)
        assert page.status == 200
        assert not page.dom.select(".option--chosen")


def chosen(client, line):
    page = client.get(f"/builder/{line}")
    return [each["id"].removeprefix("option-") for each in page.dom.select(".option--chosen[id]")]


def pick(client, line, option, **more):
    """Choose with what the page of the line would send."""
    page = client.get(f"/builder/{line}")
    form = page.dom.find(id="apply")
    fields = {each["name"]: each["value"] for each in form("input") if each["name"] != "covered"}
    fields["covered"] = [each["value"] for each in form("input", attrs={"name": "covered"})]
    return client.post(f"/builder/{line}", fields | {"option": option} | more, token=False)


def test_choose_break_a_rule_and_mend_it(family):
    assert pick(family, "medical", GOLD).location == "/builder/medical"
    assert pick(family, "hsa", "LW-HSA-STD").status == 303
    page = family.get("/builder/hsa")
    assert "needs a high-deductible, bronze or catastrophic medical plan" in page.text
    assert "26 USC 223(c)(2)(H)" in page.text
    pick(family, "medical", BRONZE)
    assert "Everything fits" in family.get("/builder").text
