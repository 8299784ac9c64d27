"""Picks and standing, without pages."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.terms import ProductLine
from configurator.bundle import Choice
from configurator.eligibility import Reason
from portal.builder.availability import obstacle_of_reason
from portal.builder.picks import Offered, Picks, in_order

PEOPLE = ("a", "b", "c")
LINES = st.sampled_from(ProductLine)
CHOICES = st.builds(
    Choice, LINES, st.sampled_from(["x", "y"]), st.permutations(PEOPLE).map(lambda each: tuple(each[:2]))
)
STEPS = st.lists(st.one_of(CHOICES, LINES, st.tuples(LINES)), max_size=12)


def walk(steps):
    """Choose, turn down, or (a tuple) take out, one after another."""
    picks = Picks()
    for step in steps:
        if isinstance(step, Choice):
            picks = picks.choosing(step)
        else:
            picks = picks.without(*step) if isinstance(step, tuple) else picks.declining(step)
    return picks


@given(STEPS)
def test_a_line_holds_one_thing_at_most(steps):
    picks = walk(steps)
    said = [*(choice.line for choice in picks.choices), *picks.declined]
    assert len(said) == len(set(said))
    lines = [list(ProductLine).index(choice.line) for choice in picks.choices]
    assert lines == sorted(lines)


@given(STEPS, CHOICES)
def test_choosing_and_taking_out_touch_no_other_line(steps, choice):
    picks = walk(steps)
    after = picks.choosing(choice)
    assert after.choice(choice.line) == choice
    assert after.others(choice.line) == picks.others(choice.line)
    assert after.without(choice.line) == picks.without(choice.line)


@given(STEPS, st.frozensets(st.sampled_from(PEOPLE), min_size=1))
def test_what_is_kept_is_on_offer_and_covers_people_of_the_household(steps, left):
    people = in_order(left, PEOPLE)
    goods = Offered(frozenset((line, "x") for line in ProductLine), frozenset(), people)
    picks = walk(steps)
    kept, gone, _ = goods.still(picks)
    assert {choice.option_id for choice in kept.choices} <= {"x"}
    assert all(choice.covered and set(choice.covered) <= set(people) for choice in kept.choices)
    assert len(kept.choices) + len(gone) == len(picks.choices)
    assert goods.still(kept) == (kept, (), False)


def test_a_missing_rate_is_said_plainly_with_the_filing_beside_it():
    filed = "No rate is filed for age 36 in rating area 9, so this plan has no price for that person."
    obstacle = obstacle_of_reason(Reason("no-rate", filed, "45 CFR 147.102", ("b", "c")), {"b": "Kim", "c": "Lee"})
    assert obstacle.text == "This has no price here for Kim and Lee."
    assert obstacle.cites == (filed, "45 CFR 147.102")
    other = Reason("role", "Vision Kids does not cover a spouse or partner.", "issuer rule", ("b",))
    assert obstacle_of_reason(other, {}).text == other.text
