"""What the loader refuses, with file and line, and how `Law` answers on small laws."""

import pickle
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.parameters import Dated, Law, LawFileError, MissingParameter, Parameter

GOOD = """\
- name: test.limit
  title: A limit
  unit: USD per year
  type: decimal
  mark: V1
  cite: ["45 CFR 1"]
  values:
    - {from: 2026-01-01, until: 2026-12-31, value: 10.50}
"""

KEYED = GOOD.replace("  type: decimal\n", "  type: decimal\n  by: state\n").replace("{from", "{key: default, from")


def test_a_number_keeps_its_written_form(law_of):
    entry = law_of(a=GOOD).entry("test.limit", date(2026, 7, 1))
    assert str(entry.value) == "10.50"
    assert (entry.effective_from, entry.effective_until) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (entry.mark, entry.cite, entry.note) == ("V1", ("45 CFR 1",), "")


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("  unit: USD per year", "  units: USD per year", 3, "unknown key 'units'"),
        ("  unit: USD per year\n", "", 1, "has no 'unit'"),
        ("test.limit", "Limit", 1, "name 'Limit' must be lower-case words"),
        ("type: decimal", "type: money", 4, "type 'money' is not known"),
        ("type: decimal", "type: [decimal, date]", 4, "exactly one item type"),
        ("  mark: V1\n", "", 7, "has no mark"),
        ("mark: V1", "mark: V9", 5, "mark 'V9' of 'test.limit' is not known"),
        ('  cite: ["45 CFR 1"]\n', "", 7, "has no citation"),
        ('cite: ["45 CFR 1"]', "cite: []", 8, "has no citation"),
        ('cite: ["45 CFR 1"]', 'cite: "45 CFR 1"', 6, "must be a list"),
        ("value: 10.50", "value: ten", 8, "must be a plain number such as 10600 or 2.10; found 'ten'"),
        ("value: 10.50", "value: 1e3", 8, "found '1e3'"),
        ("value: 10.50", "value: .nan", 8, "found '.nan'"),
        ("value: 10.50", "value: [1]", 8, "found a list or mapping"),
        (", value: 10.50", "", 8, "has no 'value'"),
        ("value: 10.50", "value: ", 8, "must be a plain number"),
        ("from: 2026-01-01, ", "", 8, "has no 'from' date"),
        ("from: 2026-01-01", "from: 01/01/2026", 8, "must be a date such as 2026-12-15; found '01/01/2026'"),
        ("until: 2026-12-31", "until: 2026-02-30", 8, "must be a date"),
        ("until: 2026-12-31", "until: 2025-12-31", 8, "ends 2025-12-31 before it starts 2026-01-01"),
        ("{from", "{efective: 1, from", 8, "unknown key 'efective'"),
        ("{from", "{key: OH, from", 8, "has a 'key', but the parameter has no 'by'"),
        ("{from", "{from: 2026-01-01, from", 8, "gives 'from' twice"),
        ("value: 10.50", "value: 10.50, mark: unknown, note: none", 8, "leave the value out"),
        ("value: 10.50", "mark: unknown", 8, "say in a note what is missing"),
        ("    - {from", "    - 5\n    - {from", 8, "must be a mapping"),
        ("values:\n    - {from: 2026-01-01, until: 2026-12-31, value: 10.50}", "values: []", 1, "has no values"),
        ("type: decimal", "type: {a: decimal}", 8, "must be a mapping"),
        ("type: decimal", "type: [decimal]", 8, "must be a list"),
        ("title: A limit", "title:", 2, "title of 'test.limit' must be a text"),
        ("title: A limit", "title: A: limit", 2, "not valid YAML"),
    ],
)
def test_a_bad_file_is_refused_with_file_and_line(law_of, old, new, line, problem):
    assert old in GOOD
    with pytest.raises(LawFileError) as refusal:
        law_of(bad=GOOD.replace(old, new, 1))
    assert str(refusal.value).startswith(f"bad.yaml:{refusal.value.line}: ")
    assert problem in str(refusal.value)
    assert refusal.value.line == line


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("key: default, ", "", "needs a 'key' (state)"),
        ("key: default", "key: Ohio", "key 'Ohio' of 'test.limit' is not a state code"),
        ("key: default", "key: [OH, ZZ]", "key 'ZZ'"),
    ],
)
def test_keys_are_checked(law_of, old, new, problem):
    with pytest.raises(LawFileError) as refusal:
        law_of(bad=KEYED.replace(old, new))
    assert problem in str(refusal.value)
    assert refusal.value.line == 9


RECORD = GOOD.replace("type: decimal", "type: {self: decimal, family: decimal?, on: boolean}")


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("{self: 1}", "value of 'test.limit', on is missing"),
        ("{self: 1, on: true, fam: 2}", "unknown field 'fam'; expected self, family, on"),
        ("{self: 1, on: maybe}", "must be true or false; found 'maybe'"),
        ("{self: null, on: true}", "value of 'test.limit', self must be a plain number"),
    ],
)
def test_records_are_checked_field_by_field(law_of, value, problem):
    with pytest.raises(LawFileError, match=r"bad\.yaml:8: ") as refusal:
        law_of(bad=RECORD.replace("10.50", value))
    assert problem in str(refusal.value)


def test_a_record_is_frozen_and_an_optional_field_may_be_left_out(law_of):
    value = law_of(a=RECORD.replace("10.50", "{self: 1, on: true}")).value("test.limit", date(2026, 1, 1))
    assert dict(value) == {"self": Decimal(1), "family": None, "on": True}
    with pytest.raises(TypeError):
        value["self"] = Decimal(2)


def test_an_empty_file_is_refused(law_of):
    with pytest.raises(LawFileError, match=r"empty\.yaml:1: the file is empty"):
        law_of(empty="# nothing yet\n")


def test_a_file_that_is_no_list_is_refused(law_of):
    with pytest.raises(LawFileError, match=r"odd\.yaml:1: the file must be a list"):
        law_of(odd="name: test.limit\n")


def test_two_files_may_not_define_one_name(law_of):
    with pytest.raises(LawFileError, match=r"b\.yaml:1: 'test\.limit' is already defined in a\.yaml:1"):
        law_of(a=GOOD, b=GOOD)


@pytest.mark.parametrize("first", ["2025-06-01", "2026-01-01", "2026-12-31"])
def test_overlapping_periods_are_refused(law_of, first):
    overlapping = GOOD + f"    - {{from: {first}, value: 11}}\n"
    with pytest.raises(LawFileError, match=r"bad\.yaml:9: 'test\.limit' has two values for 2026"):
        law_of(bad=overlapping)


def test_the_day_after_is_no_overlap(law_of):
    law = law_of(a=GOOD + "    - {from: 2027-01-01, value: 11}\n")
    assert law.value("test.limit", date(2026, 12, 31)) == Decimal("10.50")
    assert law.value("test.limit", date(2027, 1, 1)) == 11


def test_overlaps_are_counted_for_each_key(law_of):
    law = law_of(a=KEYED + "    - {key: [OH, TX], from: 2026-01-01, value: 11}\n")
    values = [law.value("test.limit", date(2026, 1, 1), key=state) for state in ("OH", "TX", "NJ")]
    assert values == [11, 11, Decimal("10.50")]


def test_a_key_with_rows_of_its_own_never_falls_back(law_of):
    law = law_of(a=KEYED + "    - {key: OH, from: 2026-06-01, value: 11}\n")
    with pytest.raises(MissingParameter, match="for state 'OH' are held only from 2026-06-01 on"):
        law.value("test.limit", date(2026, 1, 1), key="OH")


def test_a_correction_wins_from_the_day_it_was_recorded(law_of):
    law = law_of(a=GOOD + "    - {from: 2026-01-01, until: 2026-06-30, recorded: 2026-03-01, value: 12}\n")
    ask = [(date(2026, 2, 1), None), (date(2026, 2, 1), date(2026, 2, 28)), (date(2026, 7, 1), None)]
    answers = [law.value("test.limit", on, recorded_by=known) for on, known in ask]
    assert answers == [12, Decimal("10.50"), Decimal("10.50")]


def test_a_value_not_yet_known_is_refused(law_of):
    law = law_of(a=GOOD.replace("value: 10.50", "value: 10.50, recorded: 2025-11-01"))
    with pytest.raises(MissingParameter, match="not yet known on the day asked about"):
        law.value("test.limit", date(2026, 1, 1), recorded_by=date(2025, 10, 31))


def test_the_wording_of_a_refusal(law_of):
    law = law_of(limits=GOOD)
    with pytest.raises(MissingParameter) as refusal:
        law.value("test.limit", date(2027, 1, 1))
    assert str(refusal.value) == (
        "The law value 'test.limit' for 2027-01-01 is missing: values are held only from 2026-01-01 to 2026-12-31. "
        "To mend it, add a dated value with its source to the law file limits.yaml."
    )
    assert str(pickle.loads(pickle.dumps(refusal.value))) == str(refusal.value)


def test_a_misspelt_name_gets_a_suggestion(law_of):
    with pytest.raises(MissingParameter, match=r"no parameter has this name\. Did you mean 'test\.limit'\?"):
        law_of(a=GOOD).value("test.limt", date(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "key", "problem"), [(GOOD, "OH", "not kept by key"), (KEYED, None, "say which state is wanted")]
)
def test_a_key_must_be_asked_for_exactly_where_one_is_kept(law_of, text, key, problem):
    with pytest.raises(MissingParameter, match=problem):
        law_of(a=text).value("test.limit", date(2026, 1, 1), key=key)


def test_the_version_follows_the_content_and_not_its_place(law_of, tmp_path):
    versions = [law_of(a=GOOD).version]
    (tmp_path / "a.yaml").unlink()
    versions.append(law_of(b="# moved\n" + GOOD).version)
    (tmp_path / "b.yaml").unlink()
    versions.append(law_of(b=GOOD.replace("10.50", "10.51")).version)
    assert versions[0] == versions[1] != versions[2]


START = date(2024, 1, 1)


@st.composite
def histories(draw):
    """Rows of one parameter that follow each other, some days apart, the last perhaps open-ended."""
    rows, day = [], START
    for number, (gap, length) in enumerate(
        draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30)), min_size=1))
    ):
        first = day + timedelta(days=gap)
        last = first + timedelta(days=length)
        rows.append(Dated(number, first, last, "V1", ("test",)))
        day = last + timedelta(days=1)
    return rows


@given(histories(), st.integers(-2, 400))
@settings(max_examples=150)
def test_each_day_gets_the_one_row_that_covers_it_or_a_refusal(rows, offset):
    law = Law.of([Parameter("test.limit", "A limit", "days", None, tuple(rows), "a.yaml", 1)])
    on = START + timedelta(days=offset)
    covering = [row for row in rows if row.effective_from <= on <= row.effective_until]
    if covering:
        assert law.entry("test.limit", on) is covering[0]
    else:
        with pytest.raises(MissingParameter, match=r"test\.limit"):
            law.value("test.limit", on)
