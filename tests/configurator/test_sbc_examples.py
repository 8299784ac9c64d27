"""Coverage examples against filed numbers, as far as the filed data goes, and the rules of how they are shown."""

import csv
from datetime import date
from decimal import Decimal

import pytest

from catalog.demo import write_puf
from catalog.terms import CoverageExample, ProductLine
from configurator.cost_sharing import from_plan
from configurator.sbc_examples import EXAMPLES, checks, example, example_lines, example_year, plain_example, rounded
from tests.configurator.filed import LAW, benefit, deductible, imported, moop, plan_design

ON = date(2026, 1, 1)
MIA_EXACT = ("17970NJ0010003-01", "91762NJ0070105-01")
PEG_NEAR = (*MIA_EXACT, "91762NJ0070106-05")


@pytest.fixture(scope="module")
def filed(shared_data):
    with (shared_data / "sbc/sbc_coverage_examples.csv").open(newline="") as stream:
        return {row["plan_id"]: row for row in csv.DictReader(stream)}


def plain(row, name):
    amounts = (Decimal(row[column]) for column in ("ded_med", "coins_med", "moop"))
    return plain_example(name, *amounts, LAW, ON)


@pytest.mark.parametrize("plan_id", MIA_EXACT)
def test_mia_is_exact_for_plans_with_one_coinsurance(filed, plan_id):
    row, shown = filed[plan_id], plain(filed[plan_id], "fracture")
    expected = tuple(Decimal(row[f"frac_{part}"]) for part in ("ded", "copay", "coins", "limit"))
    assert (shown.deductible, shown.copay, shown.coinsurance, shown.limit) == expected


@pytest.mark.parametrize("plan_id", PEG_NEAR)
def test_peg_is_within_300_dollars(filed, plan_id):
    row, shown = filed[plan_id], plain(filed[plan_id], "baby")
    assert shown.deductible == Decimal(row["baby_ded"])
    assert abs(shown.coinsurance - Decimal(row["baby_coins"])) <= 300


def test_the_maximum_binds_before_the_coinsurance_is_rounded(filed):
    assert plain(filed["91762NJ0070105-01"], "baby").coinsurance == 2500  # 8,450 - 6,000 = 2,450, half up
    assert plain(filed["91762NJ0070106-05"], "baby").coinsurance == 1300  # 2,100 - 800


@pytest.mark.parametrize(("amount", "shown"), [
    ("0", 0), ("4.99", 0), ("5", 10), ("94.99", 90), ("95", 100), ("99.99", 100), ("100", 100), ("149.99", 100),
    ("150", 200), ("1195", 1200), ("2450", 2500),
])  # fmt: skip
def test_rounding_is_half_up_to_100_or_below_that_to_10(amount, shown):
    assert rounded(Decimal(amount), LAW, ON) == shown


@pytest.mark.parametrize("name", EXAMPLES)
def test_our_lines_add_up_to_the_official_total(name):
    assert sum(line.allowed for line in example_lines(name, LAW, ON)) == LAW.value("sbc.example_total", ON, key=name)


SERVICES = {line.category for name in EXAMPLES for line in example_lines(name, LAW, ON)}


def one_coinsurance(text="40% Coinsurance after deductible"):
    return plan_design([deductible(2500), moop(9800)], [benefit(name, text) for name in sorted(SERVICES)])


def test_the_engine_agrees_with_the_plain_arithmetic_where_everything_is_shared():
    design = from_plan(one_coinsurance(), LAW, ON, family=False)
    assert example(design, "fracture", LAW, ON) == plain_example(
        "fracture", Decimal(2500), Decimal("0.4"), Decimal(9800), LAW, ON
    )
    assert example(design, "diabetes", LAW, ON) == plain_example(
        "diabetes", Decimal(2500), Decimal("0.4"), Decimal(9800), LAW, ON
    )


def test_pegs_routine_visits_are_preventive_and_free():
    year = example_year(from_plan(one_coinsurance(), LAW, ON, family=False), "baby", LAW, ON)
    assert {each.category: each.member_owes for each in year.drivers}["prenatal_care"] == 0
    shared = LAW.value("sbc.example_total", ON, key="baby") - 600 - 2500
    assert year.member_owes == 2500 + Decimal("0.4") * shared


def test_what_is_not_covered_is_in_the_limits_row():
    filed = plan_design([deductible(0), moop(9800)], [benefit("emergency_room", "$300.00")])
    shown = example(from_plan(filed, LAW, ON, family=False), "fracture", LAW, ON)
    # x-ray 350, crutches 150 and 5 visits of 190 are not covered: 1,450, shown as 1,500
    assert (shown.copay, shown.limit, shown.total) == (300, 1500, 1800)


def test_the_report_sets_filed_and_computed_side_by_side():
    shown = plain_example("fracture", Decimal(2500), Decimal("0.4"), Decimal(9800), LAW, ON)
    filed = (CoverageExample("fracture", Decimal(2500), Decimal(0), Decimal(200), None),)
    found = {each.row: each.difference for each in checks(filed, (shown,))}
    assert found == {"deductible": 0, "copay": 0, "coinsurance": -100, "limit": None}
    assert all(each.difference is None for each in checks((), (shown,)))


def test_the_demos_filed_figures_which_another_arithmetic_made_agree(tmp_path):
    """The demo files the result of its own small calculation over the same lines.

    It caps after rounding, so a shown amount may differ by one step; and it does not know the free visits of a
    catastrophic plan, which Joe uses.
    """
    write_puf(tmp_path, 2027)
    start, compared = date(2027, 1, 1), 0
    for key, filed in imported([tmp_path]).items():
        if filed.plan.line is not ProductLine.MEDICAL or key[-2:] in ("02", "03"):
            continue
        if filed.variant.primary_visits_before_cost_sharing:
            continue
        design = from_plan(filed, LAW, start, family=False)
        for row in checks(filed.variant.examples, tuple(example(design, name, LAW, start) for name in EXAMPLES)):
            allowed = 0 if row.row in ("deductible", "limit") else 100
            assert abs(row.difference) <= allowed, (key, row)
            compared += 1
    assert compared > 500
