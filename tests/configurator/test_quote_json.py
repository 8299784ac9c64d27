"""The documented JSON: every wrong field is named, and what goes out says the same as the quote."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.terms import Relationship
from configurator.quote import quote
from configurator.quote_json import (
    HouseholdRefused,
    household_from,
    household_from_text,
    money_text,
    quote_document,
)
from tests.configurator.markets import LAW, aged, child, household, market, plan

PERSON = {"relationship": "self", "birth_date": "1987-01-01"}
PARTNER = {"relationship": "spouse", "age": 40}
DOCUMENT = {"schema_version": 1, "effective_date": "2027-01-01", "zip": "43215", "people": [PERSON]}


def with_person(**fields):
    return DOCUMENT | {"people": [PERSON | fields]}


def problems(document):
    with pytest.raises(HouseholdRefused) as refused:
        household_from(document)
    return {problem.field: (problem.found, problem.expected) for problem in refused.value.problems}


def test_the_shortest_document():
    found = household_from(DOCUMENT)
    assert (found.zip_code, found.county_fips, found.effective_date) == ("43215", "", date(2027, 1, 1))
    assert (found.income, found.tax_household_size, found.on_exchange) == (None, None, True)
    assert [(p.person_id, p.relationship, p.applying, p.tobacco) for p in found.persons] == [
        ("p1", Relationship.SELF, True, None)
    ]


def test_every_field():
    person = {
        "id": "dana",
        "name": "Dana",
        "relationship": "ward",
        "age": 12,
        "applying": False,
        "tobacco": True,
        "other_offer": False,
        "medicare": None,
        "tribal_member": True,
        "lives_with_applicant": True,
        "hardship_exemption": "ABC123",
    }
    more = {"county_fips": "39049", "on_exchange": False, "income": "60240.50", "tax_household_size": 5}
    found = household_from(DOCUMENT | more | {"people": [PERSON, person]})
    assert (found.county_fips, found.on_exchange, found.income, found.size) == ("39049", False, Decimal("60240.50"), 5)
    ward = found.persons[1]
    assert (ward.person_id, ward.age, ward.birth_date, ward.applying) == ("dana", 12, None, False)
    assert (ward.tobacco, ward.tribal_member, ward.hardship_exemption) == (True, True, "ABC123")


@pytest.mark.parametrize(
    ("document", "field", "found"),
    [
        ([], "the document", "[]"),
        (DOCUMENT | {"schema_version": 2}, "schema_version", "2"),
        (DOCUMENT | {"schema_version": True}, "schema_version", "True"),
        (DOCUMENT | {"schema_version": 1.0}, "schema_version", "1.0"),
        (DOCUMENT | {"schema_version": Decimal("1.0")}, "schema_version", "1.0"),
        (with_person(id="\ud800"), "people[0].id", "'\\ud800'"),
        (with_person(name="Dana\nzip: found 'x'"), "people[0].name", "\"Dana\\nzip: found 'x'\""),
        (with_person(name="x" * 121), "people[0].name", f"'{'x' * 59}..."),
        (DOCUMENT | {"people": [PERSON] * 21}, "people", "21 people"),
        (DOCUMENT | {"zip\nzip": 1}, "'zip\\nzip'", "1"),
        (DOCUMENT | {"\ud800": [["x"] * 101]}, "'\\ud800'", "[[" + "'x', " * 11 + "'x'..."),
        (DOCUMENT | {"zip": ["x"] * 101}, "zip", "101 entries"),
        (DOCUMENT | {"people": [PERSON, PARTNER, PARTNER]}, "people[2].relationship", "'spouse'"),
        (
            DOCUMENT | {"people": [PERSON, PARTNER, PARTNER | {"relationship": "life_partner"}]},
            "people[2].relationship",
            "'life_partner'",
        ),
        (DOCUMENT | {"effective_date": "01/01/2027"}, "effective_date", "'01/01/2027'"),
        (DOCUMENT | {"effective_date": "2027-02-30"}, "effective_date", "'2027-02-30'"),
        (DOCUMENT | {"effective_date": "2027-W01-1"}, "effective_date", "'2027-W01-1'"),
        (DOCUMENT | {"zip": 43215}, "zip", "43215"),
        (DOCUMENT | {"zip": "43215-1234"}, "zip", "'43215-1234'"),
        (DOCUMENT | {"zip": "\u0664\u0663\u0662\u0661\u0665"}, "zip", "'\u0664\u0663\u0662\u0661\u0665'"),
        (DOCUMENT | {"county_fips": "9049"}, "county_fips", "'9049'"),
        (DOCUMENT | {"income": Decimal("60240.5")}, "income", "60240.5"),
        (DOCUMENT | {"income": "-5"}, "income", "'-5'"),
        (DOCUMENT | {"income": "1.005"}, "income", "'1.005'"),
        (DOCUMENT | {"income": "$5"}, "income", "'$5'"),
        (DOCUMENT | {"income": True}, "income", "True"),
        (DOCUMENT | {"tax_household_size": 0}, "tax_household_size", "0"),
        (DOCUMENT | {"on_exchange": "yes"}, "on_exchange", "'yes'"),
        (DOCUMENT | {"people": []}, "people", "[]"),
        (DOCUMENT | {"people": ["Dana"]}, "people[0]", "'Dana'"),
        (DOCUMENT | {"incom": "1"}, "incom", "'1'"),
        (with_person(relationship="cousin"), "people[0].relationship", "'cousin'"),
        (with_person(relationship=["self"]), "people[0].relationship", "['self']"),
        (with_person(age=40), "people[0].birth_date", "both"),
        (DOCUMENT | {"people": [{"relationship": "self"}]}, "people[0].birth_date", "neither"),
        (DOCUMENT | {"people": [{"birth_date": "1987-01-01"}]}, "people[0].relationship", "nothing"),
        (DOCUMENT | {"people": [{"relationship": "self", "age": 121}]}, "people[0].age", "121"),
        (with_person(tobacco="no"), "people[0].tobacco", "'no'"),
        (with_person(applying=None), "people[0].applying", "null"),
        (with_person(id=""), "people[0].id", "''"),
        (with_person(smoker=True), "people[0].smoker", "True"),
        (with_person(applying=False), "people", "'nobody applying'"),
        (DOCUMENT | {"people": [PERSON, PERSON]}, "people[1].relationship", "'self'"),
        (
            DOCUMENT | {"people": [PERSON | {"id": "a"}, {"id": "a", "relationship": "child", "age": 5}]},
            "people[1].id",
            "'a'",
        ),
    ],
)
def test_a_wrong_field_is_named_with_what_was_found(document, field, found):
    wrong = problems(document)
    assert list(wrong) == [field]
    assert wrong[field][0] == found
    assert wrong[field][1]


def test_all_wrong_fields_are_named_at_once():
    wrong = problems({"schema_version": 1, "zip": "x", "people": [{"relationship": "pet", "age": -1}]})
    assert set(wrong) == {"effective_date", "zip", "people[0].relationship", "people[0].age"}


def test_a_misspelled_field_gets_a_hint():
    assert problems(DOCUMENT | {"incom": "1"})["incom"][1] == "no such field; did you mean income?"


def test_a_long_value_is_cut():
    assert len(problems(DOCUMENT | {"zip": "9" * 5000})["zip"][0]) < 80


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('{"schema_version": 1,', "line 1, column 22"),
        ("", "line 1, column 1"),
        ('{"zip": "43215", "zip": "43201"}', "zip"),
        ('{"\\ud800": 1, "\\ud800": 1}', "'\\ud800'"),
        ("[" * 100_000, "the document"),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, "the document"),
    ],
)
def test_a_text_that_is_no_document_is_refused(text, field):
    with pytest.raises(HouseholdRefused) as refused:
        household_from_text(text)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_number_of_thousands_of_digits_is_a_wrong_field():
    text = json.dumps(DOCUMENT)[:-1] + ', "income": ' + "9" * 50_000 + ', "tax_household_size": ' + "9" * 50_000 + "}"
    with pytest.raises(HouseholdRefused) as refused:
        household_from_text(text)
    assert [problem.field for problem in refused.value.problems] == ["income", "tax_household_size"]


def test_a_value_nested_as_deep_as_can_be_read_is_shown_short():
    deep = []
    for _ in range(50_000):
        deep = [deep]
    assert problems(DOCUMENT | {"zip": deep})["zip"][0] == "a value inside values inside values"


def test_every_problem_is_one_line_that_can_be_printed():
    with pytest.raises(HouseholdRefused) as refused:
        household_from(DOCUMENT | {"a\nb": "c\nd", "e\u2028": ["f\n", "\udc00"], "zip": "\x1b[31m"})
    assert len(str(refused.value).splitlines()) == 3
    assert str(refused.value).encode("utf-8")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from([*DOCUMENT, "income", "county_fips", "tax_household_size"]), ANYTHING))
def test_any_document_is_a_household_or_is_refused_with_words(document):
    refused = ()
    try:
        household_from(document)
    except HouseholdRefused as wrong:
        refused = wrong.problems
    assert all(problem.field and problem.expected for problem in refused)


# Out


def documented(*persons, **fields):
    silver = (plan("99999OH0010001"), plan("99999OH0010002"))
    people = persons or (aged("p1", 40), *(child(f"c{n}", n) for n in range(4)))
    return quote(market(*silver), household(*people, **fields), LAW)


def test_what_goes_out_is_plain_json_without_numbers_for_money():
    document = quote_document(documented())
    assert json.loads(json.dumps(document)) == document
    assert document["plans"][0]["premium"] == "404.00"
    assert "." not in "".join(str(v) for v in walk(document) if isinstance(v, int | float))


def walk(value):
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from walk(inner)
    else:
        yield value


def test_the_document_says_what_the_quote_says():
    found = documented()
    document = quote_document(found)
    assert document["credit"]["amount"] == money_text(found.credit.amount)
    assert document["benchmark"]["plan_id"] == found.benchmark.plan_id
    for row, said in zip(found.plans, document["plans"], strict=True):
        assert said["net_premium"] == money_text(row.net_premium)
        charged = [Decimal(person["rate"]) for person in said["people"] if person["charged"]]
        assert sum(charged) == Decimal(said["premium"])
    assert [person["charged"] for person in document["plans"][0]["people"]] == [True, False, True, True, True]


def test_an_unknown_credit_is_null_and_says_why():
    document = quote_document(documented(income=None))
    assert (document["credit"]["status"], document["credit"]["amount"]) == ("unknown", None)
    assert document["credit"]["text"] == "Tell us your income to see a tax credit."
    assert {said["credit_applied"] for said in document["plans"]} == {None}


def test_off_the_exchange_there_is_no_benchmark():
    document = quote_document(documented(on_exchange=False))
    assert (document["benchmark"], document["credit"]["status"]) == ({"status": "none"}, "none")


def test_a_quick_quote_is_marked():
    found = household_from(DOCUMENT | {"people": [{"relationship": "self", "age": 40}]})
    assert quote_document(quote(market(plan()), found, LAW))["quick"] is True
    assert quote_document(documented())["quick"] is False


def test_a_plan_that_cannot_be_bought_says_why():
    said = quote_document(documented(aged("p1", 66, medicare=True)))["plans"][0]
    assert (said["eligible"], said["reasons"][0]["code"], said["reasons"][0]["person_ids"]) == (
        False,
        "medicare",
        ["p1"],
    )
