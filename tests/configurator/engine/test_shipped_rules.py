"""The shipped rules in the engine: solver and evaluator agree, and the builder's best-known case is told in full."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from catalog.parameters import load as load_law
from configurator.engine import NONE, Availability, Cause, ConfigurationModel, OptionModel
from configurator.facts import FACTS, fact_types
from configurator.rules import UNKNOWN, load_rules, standard_vocabulary
from configurator.rules.check import numeric_parameters
from configurator.rules.vocabulary import Kind

LAW = load_law()
VOCABULARY = standard_vocabulary(fact_types())
RULES = load_rules(VOCABULARY, numeric_parameters(LAW))
DAY = date(2027, 1, 1)
ONE_DAY = timedelta(days=1)
BUNDLES = 10_000
ASKED = [fact.name for fact in FACTS if fact.asked]
NUMBERS = (Decimal(0), Decimal(1), Decimal(2), Decimal(25), Decimal(29), Decimal(30), Decimal(65), Decimal(500))

# What most options of a real shelf are; random options differ from it in a few attributes.
USUAL = {"sold_at_address": True, "covers_applicant": True, "adults": Decimal(1), "people": Decimal(1)}
USUAL |= {"policies_per_person": Decimal(1), "metal": "silver", "csr": "standard", "shared_savings": "standard"}


def value(random, kind):
    if kind.kind is Kind.YES_NO:
        return random.random() < 0.5
    return random.choice(NUMBERS) if kind.kind is Kind.NUMBER else random.choice(kind.values)


def option(random, line, number):
    types = VOCABULARY.lines[line]
    spoken = {name: val for name, val in USUAL.items() if name in types}
    for name in random.sample(sorted(types), random.randint(0, 4)):
        spoken[name] = value(random, types[name])
    return OptionModel(f"{line}-{number}", spoken | {"selected": True}, random.randint(0, 90_000))


def shelf(random):
    return {line: tuple(option(random, line, n) for n in range(4)) for line in VOCABULARY.lines}


def random_facts(random):
    return {name: value(random, kind) for name, kind in VOCABULARY.facts.items()}


def test_solver_and_evaluator_agree_on_ten_thousand_bundles():
    seed = 20270101
    print(f"seed {seed}, {BUNDLES} bundles")
    random = Random(seed)
    verdicts = Counter()
    for _ in range(BUNDLES // 200):
        on = random.choice((date(2025, 6, 1), date(2026, 1, 1), DAY))
        model = ConfigurationModel.load(shelf(random), RULES, LAW, on)
        assert not model.missing_law
        for _ in range(200):
            facts = random_facts(random)
            some = random.sample(model.lines, random.choice((1, 2, 3, 5)))
            bundle = {line: random.choice(model.compiled.options[line]).option_id for line in some}
            full = {line: bundle.get(line, NONE) for line in model.lines}
            verdict = model.check(bundle, facts)
            possible = model.compiled.oracle.possible(
                [
                    model.compiled.encoding.go,
                    *model.compiled.fact_literals(facts),
                    *model.compiled.choice_literals(full).values(),
                ]
            )
            assert possible is verdict.valid, (bundle, facts, verdict)
            assert verdict.open_questions == ()
            verdicts[possible] += 1
    assert min(verdicts[True], verdicts[False]) > BUNDLES // 20, verdicts


def metal(name, **more):
    return USUAL | {"metal": name} | more


def builder_model():
    medical = (
        OptionModel("bronze-1", metal("bronze"), 30_000),
        OptionModel("bronze-2", metal("bronze"), 28_000),
        OptionModel("gold-1", metal("gold"), 50_000),
        OptionModel("gold-hsa", metal("gold", hdhp=True), 48_000, "our quality award"),
    )
    plain = {name: value for name, value in USUAL.items() if name in VOCABULARY.lines["hsa"]}
    return ConfigurationModel.load({"medical": medical, "hsa": (OptionModel("account", plain, 300),)}, RULES, LAW, DAY)


NO_OTHER_COVER = {
    "applicant_has_medicare": False,
    "general_fsa": False,
    "other_medical_cover": False,
    "claimed_as_dependent": False,
    "dpc_monthly_fee": Decimal(0),
}


def test_with_an_account_gold_is_greyed_for_one_rule_and_made_possible_by_giving_up_the_account():
    model = builder_model()
    choices = {"medical": "bronze-1", "hsa": "account"}
    found = model.valid_domains(choices, NO_OTHER_COVER)["medical"]
    assert found["gold-1"] is Availability.UNAVAILABLE
    assert found["gold-hsa"] is found["bronze-2"] is Availability.AVAILABLE
    conflict = model.explain(choices, NO_OTHER_COVER, ("medical", "gold-1"))
    assert [rule.id for rule in conflict.rules] == ["HSA-NEEDS-HDHP-2026"]
    assert conflict.rules[0].cite
    assert conflict.choices == (("hsa", "account"),)
    assert conflict.facts == ()
    repair = model.reconfigure(choices, NO_OTHER_COVER, force={"medical": "gold-1"})
    assert [(change.line, change.after, change.cause) for change in repair.changes] == [
        ("medical", "gold-1", Cause.WANTED),
        ("hsa", NONE, Cause.RULE),
    ]
    assert [rule.id for rule in repair.changes[1].conflict.rules] == ["HSA-NEEDS-HDHP-2026"]


def test_a_fact_that_rules_an_option_out_is_told_instead_of_a_choice():
    model = builder_model()
    facts = NO_OTHER_COVER | {"general_fsa": True}
    conflict = model.explain({"medical": "gold-1"}, facts, ("hsa", "account"))
    assert conflict.facts == (("general_fsa", True),)
    assert conflict.choices == ()
    assert model.reconfigure({}, facts, force={"hsa": "account"}) is None


def test_an_unknown_fact_greys_nothing_and_is_asked():
    model = builder_model()
    choices = {"medical": "bronze-1", "hsa": "account"}
    facts = NO_OTHER_COVER | {"general_fsa": UNKNOWN}
    assert model.valid_domains(choices, facts)["hsa"]["account"] is Availability.AVAILABLE
    question = model.next_question(choices, facts, askable=ASKED)
    assert question.fact == "general_fsa"
    assert question.rules == ("HSA-NO-GENERAL-FSA",)
    assert ("hsa", "account") in question.options
    assert model.next_question(choices, facts, askable=("dental_assurance",)) is None


def test_before_2026_bronze_did_not_go_with_an_account():
    plain = {name: value for name, value in USUAL.items() if name in VOCABULARY.lines["hsa"]}
    lines = {
        "medical": (OptionModel("bronze", metal("bronze")),),
        "hsa": (OptionModel("account", plain),),
    }
    eve, day = (
        ConfigurationModel.load(lines, RULES, LAW, on).valid_domains({"hsa": "account"}, NO_OTHER_COVER)["medical"]
        for on in (date(2025, 12, 31), date(2026, 1, 1))
    )
    assert eve["bronze"] is Availability.UNAVAILABLE
    assert day["bronze"] is Availability.AVAILABLE


def test_preferred_options_carry_a_reason_and_rank_no_higher():
    model = builder_model()
    assert model.option("medical", "gold-hsa").preferred == "our quality award"
    best = model.complete({}, NO_OTHER_COVER, required=("medical",))
    assert [each.configuration["medical"] for each in best] == ["bronze-2", "bronze-1", "gold-hsa", "gold-1"]
    assert {each.configuration["hsa"] for each in best} == {NONE}


def binding(day, recorded=None):
    return {rule.id for rule in ConfigurationModel.load({}, RULES, LAW, day, recorded).compiled.rules}


def edges():
    """Days on which a shipped rule begins or has ended."""
    for rule in RULES.rules:
        yield rule.effective_from
        if rule.effective_until:
            yield rule.effective_until + ONE_DAY
        if rule.repealed:
            yield rule.repealed.effective_from


@pytest.mark.parametrize("day", sorted(set(edges())))
def test_rules_change_only_at_the_edges_of_their_dates(day):
    """Guarantee 8: from one edge to the day before the next one the same rules bind."""
    later = min((edge for edge in edges() if edge > day), default=date(2040, 1, 1))
    assert binding(day) == binding(later - ONE_DAY)


def test_some_edge_changes_the_rules():
    assert binding(date(2025, 12, 31)) != binding(date(2026, 1, 1))


def test_what_was_not_known_yet_does_not_bind():
    known = [rule for rule in RULES.rules if rule.repealed]
    assert known
    for rule in known:
        day, recorded = rule.repealed.effective_from, rule.repealed.recorded
        assert rule.id in binding(day, recorded - ONE_DAY)
        assert rule.id not in binding(day, recorded)
