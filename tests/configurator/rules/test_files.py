"""Rule files: the shipped ones keep their own tests, and a wrong one is refused with its place."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from catalog.parameters import load
from configurator.facts import fact_types
from configurator.rules import RuleFileError, check, load_rules, run_trials, standard_vocabulary
from configurator.rules.check import numeric_parameters

LAW = load()
NAMES = numeric_parameters(LAW)
VOCABULARY = standard_vocabulary(fact_types())
RULES = load_rules(VOCABULARY, NAMES)

GOOD = """\
rules:
  - id: ONE
    title: A test rule
    entry: 1
    cite: ["a source"]
    mark: V1
    effective: {from: 2026-01-01, until: 2026-12-31}
    when: hsa.selected
    require: medical.metal == 'bronze'
    message: "Bronze only."
    tests:
      - {name: good, on: 2026-01-01, choose: {hsa: {}, medical: {metal: bronze}}, expect: pass}
      - {name: bad, on: 2026-12-31, choose: {hsa: {}, medical: {metal: gold}}, expect: fail}
"""


def rules_of(tmp_path, text):
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    return load_rules(VOCABULARY, NAMES, tmp_path)


@pytest.mark.parametrize("trial", list(run_trials(RULES, LAW)), ids=lambda trial: f"{trial.rule.id}: {trial.test.name}")
def test_every_case_in_the_rule_files_comes_out_as_written(trial):
    assert trial.as_expected, str(trial)


def test_a_rule_that_replaces_another_leaves_no_gap_and_no_overlap():
    for rule in RULES.rules:
        if rule.replaces:
            assert rule.effective_from == RULES.rule(rule.replaces).effective_until + timedelta(days=1)


def test_a_case_turned_round_is_noticed():
    first = RULES.rules[0]
    turned = replace(first, tests=tuple(replace(test, passes=not test.passes) for test in first.tests))
    trials = list(run_trials(replace(RULES, rules=(turned,)), LAW))
    assert trials
    assert not any(trial.as_expected for trial in trials)


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("metal == 'bronze'", "metal == 'silber'", "9:31", "no medical has a metal 'silber'; values: bronze"),
        ("    title: A test rule\n", "", "2:5", "field 'title' is missing"),
        ("    title:", "    titel:", "3:5", "unknown field 'titel'"),
        ("    mark: V1", "    mark: V9", "6:11", "unknown mark 'V9'"),
        ("from: 2026-01-01, until", "from: 2026-02-30, until", "7:23", "a date such as 2026-01-01"),
        ("expect: fail", "expect: pass", "12:7", "no test that expects fail"),
        ("{hsa: {}, medical: {metal: gold}}", "{hsas: {}}", "13:46", "no product line is called 'hsas'"),
        ("{metal: gold}", "{metall: gold}", "13:65", "nothing is called 'metall'"),
        ("    entry: 1\n", "    entry: 1\n    entry: 2\n", "5:5", "stands here twice"),
        ("rules:\n", "rules: [\n", "", "not readable as YAML"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_column(tmp_path, old, new, place, words):
    with pytest.raises(RuleFileError) as caught:
        rules_of(tmp_path, GOOD.replace(old, new, 1))
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"rules.yaml:{place}")


def test_the_caret_stands_under_the_wrong_word(tmp_path):
    with pytest.raises(RuleFileError) as caught:
        rules_of(tmp_path, GOOD.replace("metal == 'bronze'", "metal == 'silber'", 1))
    _, shown, caret = str(caught.value).splitlines()
    assert shown[caret.index("^") :].startswith("'silber'")


def test_two_rules_of_one_id_are_refused(tmp_path):
    with pytest.raises(RuleFileError, match="ONE stands already at"):
        rules_of(tmp_path, GOOD + GOOD.removeprefix("rules:\n"))


def test_a_rule_binds_only_between_its_dates(tmp_path):
    rules = rules_of(tmp_path, GOOD)
    broken = {"hsa": [{"selected": True}], "medical": [{"selected": True, "metal": "gold"}]}
    for on, valid in (("2025-12-31", True), ("2026-01-01", False), ("2026-12-31", False), ("2027-01-01", True)):
        assert check(rules, broken, {}, LAW, date.fromisoformat(on)).valid is valid


def test_each_policy_of_a_split_household_is_checked(tmp_path):
    rules = rules_of(tmp_path, GOOD)
    split = {"hsa": [{"selected": True}], "medical": [{"metal": "bronze"}, {"metal": "gold"}]}
    assert [found.rule_id for found in check(rules, split, {}, LAW, date(2026, 5, 1)).violations] == ["ONE"]


def test_an_unknown_fact_leaves_the_rule_open_and_the_bundle_valid():
    selection = {"critical_illness": [{"selected": True, "oldest_age": 40, "covers_applicant": True}]}
    verdict = check(RULES, selection, {}, LAW, date(2027, 1, 1))
    assert verdict.valid
    assert ("other_medical_cover",) in [question.facts for question in verdict.open_questions]


def test_the_version_follows_the_content(tmp_path):
    first = rules_of(tmp_path, GOOD).version
    assert first == rules_of(tmp_path, GOOD).version
    assert first != rules_of(tmp_path, GOOD.replace("Bronze only", "Only bronze")).version
