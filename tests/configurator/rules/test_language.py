"""The rule language: what parses, what is refused and where, and logic with unknown facts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from configurator.rules import UNKNOWN, number, standard_vocabulary, text, yes_no
from configurator.rules.checking import check_condition
from configurator.rules.evaluator import compile_expression
from configurator.rules.syntax import SyntaxProblem, names, parse

VOCABULARY = standard_vocabulary(
    {"a": yes_no("a"), "b": yes_no("b"), "n": number("n"), "color": text("c", "red", "blue")}
)
LAW = frozenset({"limits.most"})


def evaluate(expression, facts=None, **lines):
    tree = parse(expression)
    check_condition(tree, VOCABULARY, LAW)
    return compile_expression(tree, VOCABULARY)({"household": facts or {}, "law": {"limits.most": Decimal(3)}} | lines)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3 == 7", True),
        ("2 * (1 + 2) == 6", True),
        ("10 - 4 - 3 == 3", True),
        ("-2 + 5 == 3", True),
        ("not yes or yes", True),
        ("not (yes or yes)", False),
        ("yes or yes and no", True),
        ("1 < 2 and 2 <= 2 and 3 >= 3 and 3 > 2 and 1 != 2", True),
        ("'red' in ['red', 'blue']", True),
        ("'green' not in ['red', 'blue']", True),
        ("count(yes, no, 1 == 1) == 2", True),
        ("3 <= law.limits.most", True),
        ("4 <= law.limits.most", False),
    ],
)
def test_expressions_mean_what_they_say(expression, expected):
    assert evaluate(expression) is expected


def test_an_attribute_of_an_unchosen_line_is_no_zero_or_none():
    assert evaluate("not hsa.selected and medical.metal == 'none' and medical.oldest_age == 0") is True


def test_attributes_are_read_from_the_line():
    medical = {"selected": True, "metal": "gold", "oldest_age": Decimal(44)}
    assert evaluate("medical.metal == 'gold' and medical.oldest_age == 44", medical=medical) is True


@pytest.mark.parametrize(
    ("expression", "column", "words"),
    [
        ("medical.metal ==", 16, "ends too early"),
        ("medical.metal == 'silber'", 17, "values: bronze, catastrophic"),
        ("medical.metl == 'gold'", 0, "did you mean 'metal'"),
        ("medicl.metal == 'gold'", 0, "did you mean 'medical'"),
        ("household.colour == 'red'", 0, "did you mean 'color'"),
        ("law.limits.mst == 3", 0, "did you mean 'limits.most'"),
        ("medical.metal < 'gold'", 0, "only numbers have an order"),
        ("medical.metal == 3", 17, "cannot be compared"),
        ("medical.oldest_age", 0, "must be yes or no"),
        ("medical.oldest_age and yes", 0, "needs a yes or no"),
        ("household.n * 2 == 4", 0, "multiply by a number written first"),
        ("1 < 2 < 3", 6, "compare two values at a time"),
        ("yes yes", 4, "nothing was expected after this"),
        ("(yes", 4, "ends too early"),
        ("household.n in [household.n]", 16, "plain values only"),
        ("yes ? no", 4, "cannot read '?'"),
        ("count() == 1", 6, "a value was expected"),
        ("__import__('os')", 10, "nothing was expected after this"),
    ],
)
def test_a_wrong_expression_is_refused_at_the_spot(expression, column, words):
    with pytest.raises(SyntaxProblem, match=words.replace("(", r"\(").replace("?", r"\?")) as caught:
        check_condition(parse(expression), VOCABULARY, LAW)
    assert caught.value.offset == column


ATOMS = st.sampled_from(["household.a", "household.b", "household.n > 3", "household.color == 'red'", "yes", "no"])
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map("not ({})".format),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: "({}) {} ({})".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "count({}, {}) >= 1".format(*parts)),
    ),
    max_leaves=12,
)
FACTS = st.fixed_dictionaries(
    {
        "a": st.booleans(),
        "b": st.booleans(),
        "n": st.integers(0, 6).map(Decimal),
        "color": st.sampled_from(["red", "blue", "none"]),
    }
)


@given(EXPRESSIONS, FACTS, st.sets(st.sampled_from(["a", "b", "n", "color"])))
def test_learning_a_fact_never_overturns_what_was_certain(expression, facts, hidden):
    partly = evaluate(expression, {name: value for name, value in facts.items() if name not in hidden})
    fully = evaluate(expression, facts)
    assert fully in (True, False)
    assert partly is UNKNOWN or partly is fully


@given(EXPRESSIONS)
def test_names_lists_each_word_of_the_expression(expression):
    assert {name.path for name in names(parse(expression))} <= {
        f"household.{name}" for name in ("a", "b", "n", "color")
    }


@given(st.text(max_size=40))
def test_no_text_crashes_the_parser(expression):
    problem = syntax_problem(expression)
    assert problem is None or 0 <= problem.offset <= len(expression)


def syntax_problem(expression):
    try:
        parse(expression)
    except SyntaxProblem as problem:
        return problem
    return None
