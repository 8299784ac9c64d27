"""A payer's folder over ours, what was known when, and mistakes in rules that functions keep."""

from datetime import date

import pytest

from catalog.parameters import MissingParameter, load
from configurator.facts import fact_types
from configurator.rules import (
    FOLDER,
    RuleFileError,
    boundary_trials,
    check,
    find_problems,
    load_rules,
    run_trials,
    standard_vocabulary,
)
from configurator.rules.changes import RuleChange, changes
from configurator.rules.check import numeric_parameters

LAW = load()
VOCABULARY, NAMES = standard_vocabulary(fact_types()), numeric_parameters(LAW)
NEW_YEAR = date(2027, 1, 1)

RULE = """\
  - id: {id}
    title: A test rule
    {more}
    cite: ["issuer rule: a test"]
    mark: CBR
    effective: {{from: {first}}}
    when: hsa.selected
    require: medical.metal == '{metal}'
    message: "Only {metal}."
    tests:
      - {{name: good, on: 2027-01-01, choose: {{hsa: {{}}, medical: {{metal: {metal}}}}}, expect: pass}}
      - {{name: bad, on: 2027-01-01, choose: {{hsa: {{}}}}, expect: fail}}
"""
KEPT = """\
rules:
  - id: KEPT
    kind: computation
    title: A price
    cite: ["a source"]
    mark: V1
    effective: {from: 2026-01-01}
    message: "A price."
    implemented_by: [configurator.rating:premium]
    kept_by: [tests/configurator/test_rating.py::test_twelve_people]
"""


def rule(rule_id="OWN", metal="bronze", more="issuer_rule: yes", first="2025-01-01"):
    return RULE.format(id=rule_id, metal=metal, more=more, first=first)


@pytest.fixture
def folder(tmp_path):
    """Folders of rules: `folder(name, *rules)` writes one and gives its path."""

    def write(name, *texts):
        place = tmp_path / name
        place.mkdir()
        text = texts[0] if texts and texts[0].startswith("rules:") else "rules:\n" + "".join(texts)
        (place / f"{name}.yaml").write_text(text if texts else "", encoding="utf-8")
        return place

    return write


def loaded(*folders):
    return load_rules(VOCABULARY, NAMES, folders=folders)


# A payer's folder


def test_a_later_folder_adds_rules_and_keeps_ours(folder):
    ours, both = loaded(FOLDER), loaded(FOLDER, folder("own", rule()))
    assert [each.id for each in both.rules] == [*(each.id for each in ours.rules), "OWN"]
    assert both.kept == ours.kept
    assert both.version != ours.version


def test_an_issuers_rule_is_replaced_in_its_place(folder):
    issuers = next(each for each in loaded(FOLDER).rules if each.issuer_rule)
    both = loaded(FOLDER, folder("own", rule(issuers.id)))
    assert both.rule(issuers.id).message == "Only bronze."
    assert len(both.rules) == len(loaded(FOLDER).rules)


@pytest.mark.parametrize(
    ("rule_id", "more"),
    [
        ("MEDICAL-NO-MEDICARE", "issuer_rule: yes"),
        ("MEDICAL-NO-MEDICARE", "issuer_rule: no"),
        ("OWN", "replaces: MEDICAL-NO-MEDICARE"),
        ("TOBACCO-RATE", "issuer_rule: yes"),
    ],
)
def test_law_is_never_replaced(folder, rule_id, more):
    with pytest.raises(RuleFileError, match="is law and cannot be replaced") as caught:
        loaded(FOLDER, folder("own", rule(rule_id, more=more)))
    assert str(caught.value).startswith("own.yaml:2: ")


def test_one_id_twice_in_one_folder_is_refused(folder):
    with pytest.raises(RuleFileError, match=r"stands already at own\.yaml:2"):
        loaded(FOLDER, folder("own", rule(), rule()))


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(RuleFileError, match="there is no such folder or file"):
        loaded(FOLDER, tmp_path / "nowhere")


def test_a_single_file_is_a_folder_too(folder):
    assert loaded(folder("own", rule()) / "own.yaml").rules[0].entry == 0


def test_an_empty_file_holds_no_rules(folder):
    assert loaded(folder("own")).every == ()


# What was known when


def test_a_law_that_reaches_back_binds_from_the_day_it_became_known(folder):
    old = rule("OLD", "gold")
    new = rule("NEW", "bronze", more="issuer_rule: yes\n    replaces: OLD\n    recorded: 2025-07-04")
    found = loaded(folder("own", old, new))
    on = date(2025, 3, 1)
    assert [each.id for each in found.in_force(on)] == ["NEW"]
    assert [each.id for each in found.in_force(on, date(2025, 7, 3))] == ["OLD"]
    assert [each.id for each in found.in_force(on, date(2025, 7, 4))] == ["NEW"]
    bronze = {"hsa": [{"selected": True}], "medical": [{"metal": "bronze"}]}
    assert check(found, bronze, {}, LAW, on).valid
    assert not check(found, bronze, {}, LAW, on, date(2025, 7, 3)).valid


def test_a_repeal_that_reaches_back(folder):
    ended = "issuer_rule: yes\n    repealed: {from: 2026-01-01, recorded: 2026-05-01, cite: [a source]}"
    (found,) = loaded(folder("own", rule(more=ended))).rules
    for on, known, binds in (
        (date(2025, 12, 31), None, True),
        (date(2026, 1, 1), None, False),
        (date(2026, 1, 1), date(2026, 4, 30), True),
        (date(2026, 1, 1), date(2026, 5, 1), False),
    ):
        assert found.in_force(on, known) is binds


def test_telehealth_beside_an_account_by_what_was_known():
    found, chosen = loaded(FOLDER), {"hsa": [{"selected": True}], "telehealth": [{"selected": True}]}
    on = date(2025, 1, 1)

    def broken(known):
        return {violation.rule_id for violation in check(found, chosen, {}, LAW, on, known).violations}

    assert "HSA-NO-TELEHEALTH" in broken(date(2025, 7, 3))
    assert "HSA-NO-TELEHEALTH" not in broken(date(2025, 7, 4))
    assert "HSA-NO-TELEHEALTH" not in broken(None)


def test_law_that_is_missing_stops_only_who_needs_it():
    found, on = loaded(FOLDER), date(2028, 1, 1)
    chosen = {"hsa": [{"selected": True}], "medical": [{"selected": True, "metal": "bronze", "people": 1}]}
    assert "HSA-DPC-FEE" not in {
        each.rule_id for each in check(found, chosen, {"dpc_monthly_fee": 0}, LAW, on).violations
    }
    with pytest.raises(MissingParameter, match=r"dpc\.monthly_cap\.one"):
        check(found, chosen, {"dpc_monthly_fee": 100}, LAW, on)


def test_a_rule_with_wrong_dates_fails_at_its_edges(folder):
    text = rule().replace("{from: 2025-01-01}", "{from: 2027-01-01, until: 2027-12-31}")
    found = loaded(folder("own", text))
    assert all(trial.as_expected for trial in (*run_trials(found, LAW), *boundary_trials(found, LAW)))
    assert [trial.test.passes for trial in boundary_trials(found, LAW)] == [True, False, False, True]


# Mistakes


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("kind: computation", "kind: price", "3:11", "unknown kind 'price'; known: constraint, computation, document"),
        ("configurator.rating:premium", "rating", "9:22", "is not of the form package.module:Name"),
        ("[tests/configurator/test_rating.py::test_twelve_people]", "[]", "10:14", "at least one was expected"),
        ("tests/configurator/test_rating.py::", "", "10:15", "is not of the form tests/path.py::test_name"),
        ("    title: A price\n", "    title: A price\n    when: yes\n", "5:5", "unknown field 'when'"),
        ("{from: 2026-01-01}", "{from: 2026-01-01, until: 2025-12-31}", "7:42", "the last day is before the first"),
        ("    title: A price\n", "    title: A price\n    entry: 0\n", "5:12", "a whole number of 1 or more"),
        ("rules:\n", "- \n", "1:1", "fields (name: value) were expected here"),
    ],
)
def test_a_wrong_kept_rule_is_refused_at_the_spot(folder, old, new, place, words):
    text = KEPT.replace(old, new, 1)
    own = folder("own", "rules:\n")
    (own / "own.yaml").write_text(text)
    with pytest.raises(RuleFileError) as caught:
        loaded(own)
    assert str(caught.value).startswith(f"own.yaml:{place}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize("style", ["", ">-", '"'])
def test_the_caret_finds_the_word_in_a_condition_of_several_lines(folder, style):
    lines = ["medical.metal == 'bronze'", "  or medical.metal == 'silber'"]
    body = "\n       ".join(lines)
    written = f'"{body}"' if style == '"' else f"{style}\n       {body}"
    own = folder("own", rule().replace("medical.metal == 'bronze'", written, 1))
    with pytest.raises(RuleFileError) as caught:
        loaded(own)
    _, shown, caret = str(caught.value).splitlines()
    assert shown[caret.index("^") :].startswith("'silber'")


def test_every_rule_with_a_mistake_is_named(folder):
    wrong = [rule(f"R{number}").replace("hsa.selected", "hsa.chosen") for number in range(3)]
    found = find_problems(VOCABULARY, NAMES, [folder("own", *wrong, rule("GOOD"))])
    assert len(found) == 3
    assert all("hsa has no attribute 'chosen'" in problem for problem in found)


def test_mistakes_between_files_are_named(folder):
    assert "stands already" in find_problems(VOCABULARY, NAMES, [folder("own", rule(), rule())])[0]


def test_a_file_that_is_no_text_is_refused(folder):
    own = folder("own", rule())
    (own / "own.yaml").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read as UTF-8" in find_problems(VOCABULARY, NAMES, [own])[0]


# Differences


def test_what_differs_between_two_sets(folder):
    first = loaded(folder("a", rule("ONE"), rule("TWO"), rule("SAME")))
    second = loaded(folder("b", rule("TWO", "gold"), rule("SAME"), rule("THREE")))
    found = changes(first, second)
    assert (found.added, found.removed) == (("THREE",), ("ONE",))
    assert found.changed == (RuleChange("TWO", ("require", "message", "tests")),)
    assert not changes(second, second)


def test_a_rule_that_became_another_kind_differs(folder):
    first = loaded(folder("a", rule("KEPT")))
    assert changes(first, loaded(folder("b", KEPT))).changed == (RuleChange("KEPT", ("kind",)),)
