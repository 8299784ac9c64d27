"""The engine's traps, errors, audit, questions, differences and export."""

import threading
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from catalog.parameters import MissingParameter
from configurator.engine import (
    NONE,
    Availability,
    Cause,
    ConfigurationModel,
    GaveUp,
    OptionModel,
    UnknownOption,
    diff,
    ranking,
    solver,
)
from configurator.rules import UNKNOWN, RuleSet, Vocabulary, number
from configurator.rules.model import RuleTest
from tests.configurator.engine.random_models import ATTRIBUTES, DAY, FACTS, LAW, VOCABULARY, load, make_rule


def option(name, price=100, **attributes):
    spoken = {key: Decimal(value) if type(value) is int else value for key, value in attributes.items()}
    return OptionModel(name, spoken, price)


def model_of(options, *rules):
    compiled = tuple(make_rule(f"R{n}", when, require) for n, (when, require) in enumerate(rules))
    return load({line: tuple(found) for line, found in options.items()}, compiled)


def domain(model, line, choices=None, facts=None):
    return {
        name for name, state in model.valid_domains(choices or {}, facts or {})[line].items() if state == "available"
    }


PAIR = {"a": [option("a0", flag=True), option("a1", 300)], "b": [option("b0", kind="x"), option("b1", 50, kind="y")]}


def test_a_line_shows_its_options_without_its_own_choice():
    model = model_of(PAIR, ("a.flag", "b.kind == 'x'"))
    assert domain(model, "a", {"a": "a0"}) == {NONE, "a0", "a1"}
    assert domain(model, "b", {"a": "a0"}) == {"b0"}
    assert domain(model, "a", {"a": "a0", "b": "b1"}) == {NONE, "a1"}


def test_an_option_that_another_line_can_still_help_is_not_greyed():
    """Taking what is not chosen yet for "none" would grey a0."""
    model = model_of(PAIR, ("a.flag", "b.selected"))
    assert not model.check({"a": "a0"}, {}).valid
    assert domain(model, "a") == {NONE, "a0", "a1"}


def test_what_only_a_look_ahead_finds_is_greyed():
    """Unit propagation alone would leave a0 open: each b is refused only together with the other."""
    model = model_of(PAIR, ("a.flag", "b.kind == 'x' or b.kind == 'y'"), ("a.flag", "b.kind == 'z' or not b.selected"))
    assert domain(model, "a") == {NONE, "a1"}


def test_propagate_is_never_called(monkeypatch):
    """It can report a conflict that is none after a call of solve."""

    def refuse(*_, **__):
        raise AssertionError("propagate() was called")

    monkeypatch.setattr(solver.Solver, "propagate", refuse)
    model = model_of(PAIR, ("a.flag", "b.kind == 'x'"))
    model.valid_domains({"a": "a0"}, {})
    model.explain({"a": "a0"}, {}, ("b", "b1"))
    assert model.reconfigure({"a": "a0", "b": "b1"}, {}).cost == 1
    assert model.complete({}, {})


def test_the_ranked_search_is_plain():
    """The stratified kind loses solutions when clauses are added between two calls."""
    assert ranking.GuardedRC2.__mro__[1].__name__ == "RC2"


def test_completions_differ_in_what_is_reported_even_where_others_tie():
    options = {"a": [option("a0", 100), option("a1", 200)]} | {
        line: [option(f"{line}{n}", 0) for n in range(3)] for line in "bcd"
    }
    found = model_of(options).complete({}, {}, required=("a",))
    assert [(each.configuration["a"], each.price) for each in found] == [("a0", 100), ("a1", 200)]


def test_completions_end_when_nothing_is_left_to_report():
    model = model_of(PAIR)
    assert len(model.complete({"a": "a0", "b": "b0"}, {})) == 1
    assert len(model.complete({}, {}, k=50)) == 9
    assert model.complete({}, {}, budget=0)[0].configuration == {"a": NONE, "b": NONE}
    assert len(model.complete({}, {}, k=50, budget=100)) == 4


def test_a_conflict_is_the_same_whatever_was_asked_before():
    rules = [("a.flag", "not b.selected"), ("a.selected", "b.kind != 'x'"), ("yes", "a.flag or not b.selected")]
    compiled = tuple(make_rule(f"R{n}", *rule) for n, rule in enumerate(rules))
    fresh, used = (load({line: tuple(found) for line, found in PAIR.items()}, compiled) for _ in range(2))
    for line, found in used.valid_domains({}, {}).items():
        for name in found:
            used.valid_domains({line: name}, {})
    assert used.explain({"a": "a0"}, {}, ("b", "b0")) == fresh.explain({"a": "a0"}, {}, ("b", "b0"))


def pigeons():
    """Six lines that need six different numbers of five: hard for a solver that only guesses."""
    vocabulary = Vocabulary({f"p{n}": {"n": number("hole")} | ATTRIBUTES for n in range(8)}, {})
    lines = {line: tuple(option(f"{line}h{n}", n=n + 1) for n in range(7)) for line in vocabulary.lines}
    names = sorted(lines)
    rules = [make_rule(f"IN-{p}", "yes", f"{p}.selected", vocabulary) for p in names]
    rules += [
        make_rule(f"{p}-{q}", f"{p}.selected", f"{p}.n != {q}.n", vocabulary)
        for number, p in enumerate(names)
        for q in names[:number]
    ]
    return lines, RuleSet(tuple(rules), "pigeons"), vocabulary


def test_where_the_conflict_budget_ends_an_option_stays_open(monkeypatch):
    lines, rules, vocabulary = pigeons()
    model = ConfigurationModel.load(lines, rules, LAW, DAY, vocabulary=vocabulary, conflicts=1)
    assert Availability.UNKNOWN in model.valid_domains({}, {})["p0"].values()
    assert model.explain({}, {}, ("p0", "p0h0")) is None
    monkeypatch.setattr(ranking.GuardedRC2, "left", 20)
    with pytest.raises(GaveUp):
        model.reconfigure({}, {})


def test_threads_share_one_model():
    model = model_of(PAIR, ("a.flag", "b.kind == 'x'"))
    answers = []

    def click():
        answers.extend(frozenset(domain(model, "b", {"a": chosen})) for chosen in ("a0", "a1") for _ in range(20))

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 160
    assert set(answers) == {frozenset({"b0"}), frozenset({NONE, "b0", "b1"})}


# Facts


def test_one_fact_in_several_rules_is_one_fact():
    model = model_of(PAIR, ("a.flag", "household.age < 18"), ("b.selected", "household.age >= 18"))
    assert domain(model, "b", {"a": "a0"}) == {NONE}
    assert model.explain({"a": "a0"}, {}, ("b", "b0")).facts == ()
    assert domain(model, "b", {"a": "a0"}, {"age": Decimal(18)}) == set()
    assert domain(model, "a", {}, {"age": Decimal("17.99")}) == {NONE, "a0", "a1"}


def test_an_attribute_against_an_unknown_number():
    options = {"a": [option(f"a{n}", n=n) for n in (1, 3, 5)]}
    model = model_of(options, ("a.selected", "a.n <= household.age"), ("yes", "2 * household.age < 8"))
    assert domain(model, "a") == {NONE, "a1", "a3"}
    assert domain(model, "a", facts={"age": Decimal("2.5")}) == {NONE, "a1"}
    assert model.check({"a": "a1"}, {}).open_questions


def test_a_sum_of_unknown_numbers_greys_nothing_until_all_are_told():
    words = Vocabulary(VOCABULARY.lines, FACTS | {"size": number("a number")})
    rule = make_rule("SUM", "a.selected", "household.age + 2 * household.size <= a.n", words)
    lines = {"a": (option("a0", n=4), option("a1", n=9))}
    model = ConfigurationModel.load(lines, RuleSet((rule,), "sum"), LAW, DAY, vocabulary=words)
    assert domain(model, "a", facts={"age": Decimal(9)}) == {NONE, "a0", "a1"}
    told = {"age": Decimal(2), "size": Decimal(3)}
    assert domain(model, "a", facts=told) == {NONE, "a1"}
    assert dict(model.explain({}, told, ("a", "a0")).facts) == told


def test_a_value_that_a_fact_cannot_have_is_refused():
    model = model_of(PAIR, ("a.flag", "household.t == 'x'"))
    with pytest.raises(ValueError, match=r"household.t: found 'w', expected x, y, z"):
        model.valid_domains({}, {"t": "w"})


def test_the_question_that_settles_most_comes_first():
    model = model_of(PAIR, ("a.flag", "household.f"), ("b.selected", "household.g"), ("b.kind == 'x'", "household.f"))
    question = model.next_question({"a": "a0", "b": "b0"}, {"t": UNKNOWN})
    assert question.fact == "f"
    assert question.rules == ("R0", "R2")
    assert model.next_question({}, {"f": True, "g": True}) is None


def test_a_question_about_a_number_tries_each_kind_of_answer():
    model = model_of(PAIR, ("a.flag", "household.age >= 3"), ("a.flag", "household.age < 9"))
    assert model.next_question({}, {}).options == (("a", "a0"),)


# Law and dates


class NoLaw:
    def value(self, name, on):
        raise MissingParameter(name, on, "it is not on file")


def test_law_that_is_not_on_file_greys_nothing_and_stops_only_the_check_that_needs_it():
    rule = make_rule("CAP", "a.flag", "a.n <= law.cap")
    model = ConfigurationModel.load(
        {line: tuple(found) for line, found in PAIR.items()}, RuleSet((rule,), "x"), NoLaw(), DAY, vocabulary=VOCABULARY
    )
    assert set(model.missing_law) == {"CAP"}
    assert domain(model, "a") == {NONE, "a0", "a1"}
    assert model.check({"a": "a1"}, {}).valid
    with pytest.raises(MissingParameter):
        model.check({"a": "a0"}, {})
    assert model.version


def dated(rule_id, start, end=None, **more):
    return make_rule(rule_id, "a.flag", "b.selected", effective_from=start, effective_until=end, **more)


def on(day, *rules, recorded=None):
    lines = {line: tuple(found) for line, found in PAIR.items()}
    return ConfigurationModel.load(lines, RuleSet(rules, "dated"), LAW, day, recorded, vocabulary=VOCABULARY)


def test_rules_bind_between_their_days_and_by_what_was_known():
    rule = dated("D", date(2026, 1, 1), date(2026, 12, 31), recorded=date(2026, 7, 4))
    for day, binds in ((date(2025, 12, 31), 0), (date(2026, 1, 1), 1), (date(2026, 12, 31), 1), (date(2027, 1, 1), 0)):
        assert len(on(day, rule).compiled.rules) == binds
    assert not on(date(2026, 3, 1), rule, recorded=date(2026, 7, 3)).compiled.rules
    early = on(date(2026, 3, 1), rule, recorded=date(2026, 7, 3))
    assert early.check({"a": "a0"}, {}).valid
    assert not on(date(2026, 3, 1), rule, recorded=date(2026, 7, 4)).check({"a": "a0"}, {}).valid


# Audit


def findings(model):
    return {(found.kind, found.subject) for found in model.audit() if found.kind != "untested_rule"}


def test_audit_names_what_is_dead_forced_and_redundant():
    model = model_of(
        PAIR,
        ("a.flag", "b.kind == 'z'"),
        ("yes", "b.selected"),
        ("a.flag", "b.kind == 'z' or b.kind == 'y'"),
        ("a.n > 5", "b.selected"),
    )
    assert findings(model) == {
        ("dead_option", "a/a0"),
        ("false_optional", "b"),
        ("redundant_rule", "R2"),
        ("redundant_rule", "R3"),
    }
    dead = next(found for found in model.audit() if found.kind == "dead_option")
    assert dead.rules == ("R0",)
    spoken = {found.subject: found for found in model.audit() if found.kind == "redundant_rule"}
    assert spoken["R2"].rules == ("R0",)
    assert spoken["R3"].rules == ()


def test_audit_of_a_model_without_any_bundle():
    model = model_of(PAIR, ("yes", "a.flag"), ("yes", "not a.selected"))
    void = model.audit()[0]
    assert (void.kind, void.rules) == ("void", ("R0", "R1"))
    assert model.explain({}, {}, None).rules == model.compiled.rules
    assert model.diagnose({"a": "a0"}, {}) == []


def test_audit_names_untested_rules():
    def case(passes, **choose):
        return RuleTest("a case", DAY, choose, {}, passes, 1)

    bad, idle = case(False, a={"flag": True}), case(True)
    good = case(True, a={"flag": True}, b={"selected": True})
    for tests, words in (
        ((bad, good), set()),
        ((bad, idle), {"no case shows what it allows where it applies"}),
        ((good,), {"no case shows what it refuses"}),
        ((), {"no case shows what it allows where it applies", "no case shows what it refuses"}),
    ):
        model = on(DAY, dated("D", date(2014, 1, 1), tests=tests))
        assert {found.detail for found in model.audit() if found.kind == "untested_rule"} == words


def test_audit_names_a_gap_between_a_rule_and_its_successor():
    old = dated("OLD", date(2014, 1, 1), date(2025, 12, 31))
    for start, gap in ((date(2026, 1, 1), False), (date(2026, 1, 2), True)):
        model = on(DAY, old, dated("NEW", start, replaces="OLD"))
        assert (("date_gap", "NEW") in findings(model)) is gap


# Repair, differences, version


def test_repair_of_a_valid_bundle_changes_nothing():
    repair = model_of(PAIR, ("a.flag", "b.kind == 'x'")).reconfigure({"a": "a0", "b": "b0"}, {})
    assert (repair.changes, repair.cost, repair.price) == ((), 0, 200)


def test_repair_names_what_is_gone_and_what_is_required():
    model = model_of(PAIR)
    repair = model.reconfigure({"a": "gone", "z": "gone"}, {}, required=("a", "b"))
    assert [(change.line, change.after, change.cause) for change in repair.changes] == [
        ("a", "a0", Cause.WITHDRAWN),
        ("b", "b1", Cause.REQUIRED),
        ("z", NONE, Cause.WITHDRAWN),
    ]


def test_diagnoses_drop_the_fewest_and_the_latest_lines():
    options = PAIR | {"c": [option("c0", flag=True)]}
    model = model_of(options, ("a.flag", "not b.selected"), ("b.selected", "not c.selected"))
    found = model.diagnose({"a": "a0", "b": "b0", "c": "c0"}, {})
    assert [each.drop for each in found] == [(("b", "b0"),), (("a", "a0"), ("c", "c0"))]
    assert model.diagnose({"a": "a0"}, {})[0].drop == ()


def test_difference_of_two_models():
    before = model_of(PAIR, ("a.flag", "b.selected"), ("a.n > 3", "b.selected"))
    after_options = {"a": [PAIR["a"][0], option("a2")], "b": [PAIR["b"][0], option("b1", 60, kind="y")]}
    after = model_of(after_options, ("a.flag", "b.kind == 'x'"))
    stored = {
        "fine": ({"a": "a0", "b": "b0"}, {}),
        "broken": ({"a": "a0", "b": "b1"}, {}),
        "gone": ({"a": "a1"}, {}),
        "never was": ({"a": "a0"}, {}),
    }
    found = diff(before, after, stored)
    assert found.options_added == (("a", "a2"),)
    assert found.options_removed == (("a", "a1"),)
    assert found.options_changed == (("b", "b1"),)
    assert (found.rules_added, found.rules_removed, found.rules_changed) == ((), ("R1",), ("R0",))
    assert [each.key for each in found.invalidated] == ["broken", "gone"]
    assert found.invalidated[0].violations[0].rule_id == "R0"
    assert found.invalidated[1].withdrawn == (("a", "a1"),)


def test_the_version_follows_whatever_decides():
    lines = {line: tuple(found) for line, found in PAIR.items()}
    base = load(lines, (make_rule("R", "a.flag", "b.n <= law.cap"),)).version
    same = load(lines, (make_rule("R", "a.flag", "b.n <= law.cap"),)).version
    dearer = load(lines | {"a": (option("a0", 101, flag=True), lines["a"][1])}, ()).version
    assert base == same
    assert len({base, dearer, load(lines, ()).version}) == 3


# Errors


def test_what_is_not_on_offer_is_refused_by_name():
    model = model_of({"a": [option("bronze-1")]})
    with pytest.raises(UnknownOption, match=r"a: no option 'bronze-2' is on offer; did you mean 'bronze-1'\?"):
        model.valid_domains({"a": "bronze-2"}, {})
    with pytest.raises(UnknownOption, match=r"a: no option 'x' is on offer$"):
        model.valid_domains({"a": "x"}, {})
    with pytest.raises(UnknownOption, match="no product line 'q'"):
        model.valid_domains({}, {}, ["q"])
    with pytest.raises(UnknownOption, match="no product line 'q'"):
        model.check({"q": "q0"}, {})
    with pytest.raises(UnknownOption, match="option 'a0' stands twice"):
        load({"a": (option("a0"), option("a0"))}, ())
    with pytest.raises(UnknownOption, match="no product line is called 'q'"):
        load({"q": ()}, ())


def test_requests_that_make_no_sense_are_refused():
    model = model_of(PAIR | {"c": [option("c0", None)]})
    with pytest.raises(ValueError, match="objective: found 'joy'"):
        model.complete({}, {}, "joy")
    with pytest.raises(ValueError, match="previous: closeness needs"):
        model.complete({}, {}, "closeness")
    with pytest.raises(ValueError, match="budget: a chosen option has no price"):
        model.complete({"c": "c0"}, {}, budget=100)
    with pytest.raises(ValueError, match="weights: a has 0"):
        model.reconfigure({}, {}, {"a": 0})
    with pytest.raises(ValueError, match="b: an attribute is unknown among n"):
        load({"b": (OptionModel("b0", {"n": UNKNOWN}),)}, (make_rule("R", "b.n > 1", "b.flag"),))


# Export


def uvl_solutions(text, model):
    """Bundles that satisfy an exported model, judged by Python after a change of signs: no engine of ours."""
    features, constraints = text.split("constraints\n")
    quoted = [line.strip().strip('"') for line in features.splitlines() if line.strip().startswith('"')]
    names = [name.removesuffix('" {abstract}') for name in quoted]
    flags = [name for name in names if name.startswith(("sum ", "household "))]
    python = " and ".join(f"({line.split(' // ')[0].strip()})" for line in constraints.splitlines() if line.strip())
    for sign, word in (("!", " not "), ("&", " and "), ("|", " or ")):
        python = python.replace(sign, word)
    for name in sorted(names, key=len, reverse=True):
        python = python.replace(f'"{name}"', f"on[{name!r}]")
    code = compile(python or "True", "uvl", "eval")
    for bundle in product(*(model.compiled.options[line] for line in model.lines)):
        picked = {f"{line}: {each.option_id}" for line, each in zip(model.lines, bundle, strict=True)}
        on = {name: name in picked for name in names}
        if any(
            eval(code, {"on": on | dict(zip(flags, values, strict=True)), "bundle": True})
            for values in product((True, False), repeat=len(flags))
        ):
            yield tuple(each.option_id for each in bundle)


def test_the_export_has_the_same_bundles():
    model = model_of(
        PAIR | {"c": [option("c0", n=2), option("c1", n=4)]},
        ("a.flag", "b.kind == 'x' or household.f"),
        ("c.selected", "not household.f and c.n <= household.age"),
        ("yes", "household.age < 3"),
        ("yes", "count(a.selected, b.selected, c.selected) >= 2"),
    )
    text = model.to_uvl()
    lines = [[each.option_id for each in model.compiled.options[line]] for line in model.lines]
    expected = {
        bundle
        for bundle in product(*lines)
        if model.explain(dict(zip(model.lines, bundle, strict=True)), {}, None) is None
    }
    assert 0 < len(expected) < 27
    assert set(uvl_solutions(text, model)) == expected
    assert "// R0" in text


def test_export_names_have_no_dots_or_quotes_and_stay_apart():
    model = load(
        {"a": (option("a.b"), option("a b"), option('a"b'))}, (make_rule("T", "a.selected", "household.t == 'x'"),)
    )
    names = [line.strip() for line in model.to_uvl().splitlines() if line.strip().startswith('"a: ')]
    assert len(set(names)) == 4
    assert not any("." in name or name.count('"') != 2 for name in names)
    assert '"household t is x"' in model.to_uvl()
