"""The rule catalogue: every entry stands, and what a function keeps is a function that exists and is tested."""

import ast
import importlib
import re
from functools import lru_cache
from pathlib import Path

import pytest

from catalog.parameters import load
from catalog.terms import TierRate
from configurator.facts import fact_types
from configurator.rating import premium
from configurator.rules import FOLDER, RuleKind, boundary_trials, find_problems, load_rules, standard_vocabulary
from configurator.rules.check import numeric_parameters
from portal.builder.picks import Picks
from tests.configurator.markets import AREA, ON, YEAR_END, aged, child, market, plan

ROOT = Path(__file__).resolve().parents[3]
ENTRIES = 40
LAW = load()
VOCABULARY, NAMES = standard_vocabulary(fact_types()), numeric_parameters(LAW)
RULES = load_rules(VOCABULARY, NAMES)
# Entries that restrict no choice: they are prices and dates, or something that must be said.
KEPT_BY_FUNCTIONS_ALONE = {1, 3, 4, 5, 6, 15, 16, 20, 21, 27, 29, 31, 36}
HARDEST_WORD = 14
LONGEST_SENTENCE = 30
EIGHTH_GRADE = 8


def test_every_entry_of_the_catalogue_stands_and_no_other():
    assert {rule.entry for rule in RULES.every} == set(range(1, ENTRIES + 1))


def test_what_restricts_a_choice_is_a_constraint():
    constrained = {rule.entry for rule in RULES.rules}
    assert set(range(1, ENTRIES + 1)) - constrained == KEPT_BY_FUNCTIONS_ALONE


def test_nothing_is_wrong_with_the_files():
    assert find_problems(VOCABULARY, NAMES, [FOLDER]) == []


@pytest.mark.parametrize(
    "trial", list(boundary_trials(RULES, LAW)), ids=lambda trial: f"{trial.rule.id}: {trial.test.name}"
)
def test_each_rule_binds_from_its_first_day_and_not_the_day_before(trial):
    assert trial.as_expected, str(trial)


KEPT = [(rule.id, name) for rule in RULES.kept for name in rule.implemented_by]
TESTS = [(rule.id, name) for rule in RULES.kept for name in rule.kept_by]


@pytest.mark.parametrize(("rule_id", "name"), KEPT)
def test_each_named_function_exists(rule_id, name):
    module, _, path = name.partition(":")
    found = importlib.import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    assert callable(found)
    assert found.__doc__


@lru_cache
def names_in(path):
    return {node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("rule_id", "name"), TESTS)
def test_each_named_test_exists(rule_id, name):
    path, _, test = name.partition("::")
    assert test in names_in(path)


def test_a_test_that_is_gone_would_be_noticed():
    path, _, test = TESTS[0][1].partition("::")
    assert f"{test}_gone" not in names_in(path)


def test_law_is_cited_and_an_issuers_rule_says_so():
    for rule in RULES.every:
        assert (rule.mark == "CBR") is rule.issuer_rule, rule.id
        assert any(cite.startswith("issuer rule") for cite in rule.cite) or not rule.issuer_rule, rule.id


def test_what_is_not_verified_is_marked():
    assert {rule.entry for rule in RULES.every if rule.mark == "M"} == {22, 37, 38, 40}
    assert {rule.entry for rule in RULES.every if rule.mark == "V3"} == {24, 25}


def test_a_constraint_says_what_to_do():
    assert [rule.id for rule in RULES.rules if not rule.mend] == []


@pytest.mark.parametrize("rule", RULES.every, ids=lambda rule: rule.id)
def test_messages_are_short_and_plain(rule):
    for text in (rule.message, rule.mend):
        assert "!" not in text
        sentences = [sentence.split() for sentence in text.replace("?", ".").split(".")]
        assert max(map(len, sentences)) <= LONGEST_SENTENCE, text
        assert [word for word in re.findall(r"[A-Za-z']+", text) if len(word) > HARDEST_WORD] == []


def grade(text):
    """School grade by Flesch and Kincaid; a group of vowels counts as a syllable, a silent e does not."""
    words = re.findall(r"[A-Za-z']+", text)
    sentences = len(re.findall(r"[.?]", text))
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_messages_together_read_at_the_eighth_grade_or_below():
    assert grade(" ".join(f"{rule.message} {rule.mend}" for rule in RULES.every)) <= EIGHTH_GRADE
    assert grade("Notwithstanding aforementioned provisions, individuals are ineligible.") > EIGHTH_GRADE


def test_rules_speak_of_attributes_never_of_plans():
    for path in FOLDER.glob("*.yaml"):
        text = path.read_text()
        assert "plan_id" not in text
        assert "option_id" not in text


@pytest.mark.parametrize("rule", RULES.kept, ids=lambda rule: rule.id)
def test_a_kept_rule_is_a_computation_or_a_document(rule):
    assert rule.kind in (RuleKind.COMPUTATION, RuleKind.DOCUMENT)


# Rules whose functions have no test elsewhere


def test_nothing_is_picked_for_anybody():
    assert (Picks().choices, Picks().declined) == ((), ())


def test_family_tiers_ignore_age_and_tobacco():
    tiered = plan()
    row = TierRate(tiered.plan_id, AREA, ON, YEAR_END, single=500, single_one=700)
    stock = market(tiered, rate_rows={tiered.plan_id: ()}, tier_rates={tiered.plan_id: (row,)})
    prices = {
        premium(tiered, (aged("p1", age, tobacco=tobacco), child("c1", young)), stock, LAW, ON).total
        for age in (21, 40, 64)
        for tobacco in (True, False, None)
        for young in (0, 14, 20)
    }
    assert prices == {700}
