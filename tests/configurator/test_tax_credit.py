"""The tax credit: both conventions, income bounds, benchmark, what a plan gets, cost-sharing levels."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.parameters import MissingParameter, applicable_percentage_table
from catalog.terms import Csr, Metal, PovertyRatio, format_dollars
from configurator.rating import Rater
from configurator.tax_credit import (
    Benchmark,
    Credit,
    CreditUnknown,
    applicable_percentage,
    benchmark,
    dental_credit,
    half_up,
    least_generous,
    marketplace_quote_credit,
    plan_credit,
    poverty_ratio,
    tax_rule_credit,
    variant_for,
)
from tests.configurator.markets import LAW, ON, aged, child, dental, household, market, plan, rate, spouse

IN_2026 = date(2026, 1, 1)
ONE_2026 = Decimal(15650)
SELF = aged("p1", 40)


def ratio(income, guideline=ONE_2026):
    return PovertyRatio(Decimal(income), guideline)


# Percentage and income bounds


@pytest.mark.parametrize(
    ("percent", "share"),
    [
        (100, "2.10"),
        (Fraction(13299, 100), "2.10"),
        (133, "3.14"),  # the jump is at exactly 133
        (150, "4.19"),
        (175, "5.395"),
        (200, "6.60"),
        (250, "8.44"),
        (300, "9.96"),
        (400, "9.96"),
    ],
)
def test_the_applicable_percentage_of_2026(percent, share):
    table = applicable_percentage_table(LAW, IN_2026)
    assert applicable_percentage(Fraction(percent), table) == Fraction(share)


def test_a_percentage_outside_the_table_is_refused():
    with pytest.raises(ValueError, match=r"401\.00 percent"):
        applicable_percentage(Fraction(401), applicable_percentage_table(LAW, IN_2026))


@pytest.mark.parametrize("convention", [marketplace_quote_credit, tax_rule_credit])
@pytest.mark.parametrize(
    ("income", "reason"),
    [
        ("15649.99", "income-too-low"),
        ("15650", ""),
        ("62600", ""),  # 400 percent exactly still counts (26 CFR 1.36B-2(b)(1))
        ("62600.01", "income-too-high"),
    ],
)
def test_income_bounds_are_inclusive_and_exact(convention, income, reason):
    credit = convention(ratio(income), Decimal(2000), LAW, IN_2026)
    assert (credit.reason, credit.amount > 0) == (reason, not reason)


def test_a_refusal_names_the_income_at_the_limit_and_the_next_step():
    whole = poverty_ratio(household(aged("p1", 40), income="90000"), LAW, "OH")
    credit = marketplace_quote_credit(whole, Decimal(2000), LAW, ON)
    limit = format_dollars(whole.guideline * 4)
    assert credit.text.endswith(f"is above 400 percent of the poverty guideline ({limit} for 1 person).")
    assert "The Marketplace decides" in credit.next_step


def test_in_2025_there_was_no_upper_bound():
    credit = marketplace_quote_credit(ratio(200000, Decimal(15060)), Decimal(2000), LAW, date(2025, 6, 1))
    assert credit.amount == 584  # 2,000 - 8.5 % of 200,000 / 12 = 583.33


# The two conventions


def test_the_example_of_the_reference_in_both_conventions():
    benchmark_premium = Decimal("527.69")
    quoted = marketplace_quote_credit(ratio(37650), benchmark_premium, LAW, IN_2026)
    by_tax_rule = tax_rule_credit(ratio(37650), benchmark_premium, LAW, IN_2026)
    assert quoted.amount == Decimal("274.00")
    # 240 percent: 6.60 + 1.84 * 40/50 = 8.072, rounded to 8.07; 527.69 - 253.19625 = 274.49375
    assert by_tax_rule.amount == Decimal("274.49")


def test_the_steps_tell_the_arithmetic():
    steps = {step.code: step for step in marketplace_quote_credit(ratio(37650), Decimal("527.69"), LAW, IN_2026).steps}
    assert steps["percent_of_poverty"].value == Decimal("240.58")
    assert steps["applicable_percentage"].value == Decimal("8.0932")
    assert steps["applicable_percentage"].cite == "Rev. Proc. 2025-25"
    assert steps["credit"].value == Decimal("274.00")


def test_the_quote_rounds_up_only_what_is_not_whole():
    # 2.10 % of 24,000 is 504 a year, 42 a month: no fraction to round
    whole = marketplace_quote_credit(ratio(24000, Decimal(20000)), Decimal("142.00"), LAW, IN_2026)
    above = marketplace_quote_credit(ratio(24000, Decimal(20000)), Decimal("142.01"), LAW, IN_2026)
    assert (whole.amount, above.amount) == (Decimal(100), Decimal(101))


@pytest.mark.parametrize("convention", [marketplace_quote_credit, tax_rule_credit])
def test_a_credit_is_never_negative(convention):
    assert convention(ratio(62600), Decimal(100), LAW, IN_2026).amount == 0


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [("0.005", 2, "0.01"), ("0.0049999", 2, "0.00"), ("-0.005", 2, "0.00"), ("8.0725", 3, "8.073")],
)
def test_half_up(value, places, rounded):
    assert half_up(Fraction(value), places) == Decimal(rounded)


def test_a_year_without_law_is_refused_by_name():
    with pytest.raises(MissingParameter, match=r"poverty\.guideline"):
        poverty_ratio(household(SELF, effective_date=date(2031, 1, 1)), LAW, "OH")


def test_the_guideline_is_that_of_the_year_before_and_of_the_state():
    four = household(SELF, spouse(), child("c1", 5), child("c2", 7))
    assert poverty_ratio(four, LAW, "OH").guideline == 15960 + 3 * 5680
    assert poverty_ratio(four, LAW, "AK").guideline == 19950 + 3 * 7100
    assert poverty_ratio(replace(four, tax_household_size=6), LAW, "OH").guideline == 15960 + 5 * 5680
    assert poverty_ratio(replace(four, income=None), LAW, "OH") is None


INCOMES = st.integers(1596000, 6384000).map(lambda cents: Decimal(cents) / 100)
PREMIUMS = st.integers(0, 300000).map(lambda cents: Decimal(cents) / 100)
ONE_2027 = Decimal(15960)


@settings(max_examples=60, deadline=None)
@given(INCOMES, PREMIUMS)
def test_conventions_differ_by_the_rounding_of_percent_and_dollar_only(income, premium):
    quoted = marketplace_quote_credit(ratio(income, ONE_2027), premium, LAW, ON).amount
    by_tax_rule = tax_rule_credit(ratio(income, ONE_2027), premium, LAW, ON).amount
    # one percent of poverty moves the share by at most 1.07 / 17 points, rounding it by 0.005 more
    points = Decimal("1.07") / 17 + Decimal("0.005")
    assert -Decimal("0.01") - Decimal("0.005") * income / 1200 <= by_tax_rule - quoted + 1
    assert by_tax_rule - quoted <= points * income / 1200 + Decimal("0.01")


@settings(max_examples=60, deadline=None)
@given(st.integers(100, 400), PREMIUMS)
def test_at_a_whole_percent_of_poverty_they_differ_by_a_dollar_and_the_rounded_percentage(percent, premium):
    income = ONE_2027 * percent / 100
    quoted = marketplace_quote_credit(ratio(income, ONE_2027), premium, LAW, ON).amount
    by_tax_rule = tax_rule_credit(ratio(income, ONE_2027), premium, LAW, ON).amount
    assert abs(quoted - by_tax_rule) <= 1 + Decimal("0.005") * income / 1200 + Decimal("0.01")


@settings(max_examples=60, deadline=None)
@given(INCOMES, INCOMES, PREMIUMS)
def test_more_income_never_gives_more_credit(one, other, premium):
    low, high = sorted((one, other))
    for convention in (marketplace_quote_credit, tax_rule_credit):
        less = convention(ratio(high, ONE_2027), premium, LAW, ON).amount
        assert less <= convention(ratio(low, ONE_2027), premium, LAW, ON).amount


# The benchmark

SILVERS = [plan(f"99999OH001000{n}") for n in range(1, 5)]


def flat(of, amount, **fields):
    return {of.plan_id: (rate(of.plan_id, 0, amount, 999, **fields),)}


def silver_market(*amounts, extra=(), extra_rows=None, **fields):
    """Silver plans with one rate for every age."""
    plans = SILVERS[: len(amounts)]
    rows = {key: row for of, amount in zip(plans, amounts, strict=True) for key, row in flat(of, amount).items()}
    return market(*plans, *extra, rate_rows=rows | (extra_rows or {}), **fields)


def found_for(found, *persons):
    return benchmark(Rater(found, persons or (SELF,), LAW, ON, tobacco=False))


def test_the_second_lowest_silver_plan():
    found = found_for(silver_market(300, 100, 200, 400))
    assert (found.plan_id, found.premium, found.lowest_premium) == (SILVERS[2].plan_id, 200, 100)


def test_two_plans_of_one_price_are_two_plans():
    found = found_for(silver_market(100, 100, 200))
    assert (found.plan_id, found.premium) == (SILVERS[1].plan_id, 100)


def test_only_one_silver_plan_is_the_benchmark_itself():
    found = found_for(silver_market(300))
    assert (found.premium, found.note) == (300, "Only one silver plan is offered here; it is the benchmark.")


def test_it_is_ranked_by_essential_health_benefits_not_by_price():
    rows = flat(SILVERS[0], 100, ehb=Decimal(90)) | flat(SILVERS[1], 95) | flat(SILVERS[2], 120, ehb=Decimal(94))
    found = found_for(market(*SILVERS[:3], rate_rows=rows))
    assert (found.plan_id, found.premium) == (SILVERS[2].plan_id, 94)


def test_plans_that_we_do_not_sell_count_and_other_plans_do_not():
    theirs = plan("11111OH0010001")
    others = (
        plan("99999OH0020001", metal=Metal.GOLD),
        plan("99999OH0020002", qhp_type="Off the Exchange"),
        dental("99999OH0090001"),
    )
    rows = {key: row for of in others for key, row in flat(of, 1).items()} | flat(theirs, 150)
    found = found_for(silver_market(100, 200, extra=(theirs, *others), extra_rows=rows))
    assert (found.plan_id, found.silver_plans) == (theirs.plan_id, 3)


def test_a_family_counts_its_three_oldest_children():
    people = [SELF, *(child(f"c{n}", n) for n in range(1, 6))]
    assert found_for(silver_market(100, 200), *people).premium == 800


def test_an_incomplete_market_makes_the_credit_unknown():
    found = found_for(silver_market(100, 200, complete=False))
    assert isinstance(found, CreditUnknown)
    assert found.code == "market-incomplete"


def test_a_silver_plan_that_cannot_be_priced_makes_the_credit_unknown():
    gap = {SILVERS[2].plan_id: (rate(SILVERS[2].plan_id, 30, 50),)}
    people = (aged("p1", 30), aged("p2", 31))
    found = found_for(silver_market(100, 200, extra=SILVERS[2:3], extra_rows=gap), *people)
    assert (found.code, "age 31" in found.text) == ("silver-without-price", True)


def test_a_silver_plan_without_an_essential_share_makes_the_credit_unknown():
    rows = flat(SILVERS[2], 50, ehb=None, aptc_eligible=None)
    found = found_for(silver_market(100, 200, extra=SILVERS[2:3], extra_rows=rows))
    assert found.code == "silver-without-ehb-share"


def test_a_silver_plan_without_any_rate_makes_the_credit_unknown():
    found = found_for(silver_market(100, 200, 300, extra=SILVERS[3:], extra_rows={SILVERS[3].plan_id: ()}))
    assert found.code == "silver-without-price"


def test_no_silver_plan_makes_the_credit_unknown():
    assert found_for(market()).code == "no-silver-plan"


# Pediatric dental: 26 CFR 1.36B-3(f)(3)

DENTALS = [dental(f"99999OH009000{n}") for n in range(1, 4)]


def with_dentals(*parts, embedded=()):
    plans = DENTALS[: len(parts)]
    rows = {}
    for of, part in zip(plans, parts, strict=True):
        rows |= flat(of, 50, pediatric_ehb=Decimal(part))
    return silver_market(100, 105, 130, extra=plans, extra_rows=rows, with_pediatric_dental=frozenset(embedded))


def test_without_a_child_no_dental_part_is_added():
    assert found_for(with_dentals(20, 30)).premium == 105


def test_the_second_lowest_childrens_part_is_added_for_each_child():
    found = found_for(with_dentals(20, 30, 40), SELF, child("c1", 5), child("c2", 7))
    assert (found.premium, found.dental, found.dental_plan_id) == (315 + 60, 60, DENTALS[1].plan_id)


def test_the_only_dental_plan_counts():
    assert found_for(with_dentals(20), SELF, child("c1", 5)).premium == 210 + 20


def test_a_plan_with_childrens_dental_is_not_topped_up_and_the_order_follows():
    embedded = [SILVERS[2].plan_id]  # 260 with dental; 200 + 70 and 210 + 70 without
    found = found_for(with_dentals(60, 70, embedded=embedded), SELF, child("c1", 5))
    assert (found.plan_id, found.premium, found.dental) == (SILVERS[0].plan_id, 270, 70)
    assert found.lowest_plan_id == SILVERS[2].plan_id


def test_no_dental_plan_known_is_said():
    found = found_for(silver_market(100, 105, with_pediatric_dental=frozenset()), SELF, child("c1", 5))
    assert (found.premium, found.note[:24]) == (210, "No stand-alone dental pl")


# What one plan gets


def used(of, credit, price, family=frozenset({"p1"})):
    return plan_credit(Decimal(credit), of, price, family, LAW, ON)


def price_of(of, amount=100, **fields):
    return Rater(market(of, rate_rows=flat(of, amount, **fields)), (SELF,), LAW, ON).premium(of)


def test_a_plan_gets_no_more_than_its_essential_part():
    of = SILVERS[0]
    price = price_of(of, aptc_eligible=Decimal("96.50"))
    assert (used(of, 300, price), used(of, 50, price)) == (Decimal("96.50"), 50)


@pytest.mark.parametrize("fields", [{"metal": Metal.CATASTROPHIC}, {"qhp_type": "Off the Exchange"}])
def test_catastrophic_and_off_exchange_plans_get_nothing(fields):
    of = plan(**fields)
    assert used(of, 300, price_of(of)) == 0


def test_a_plan_that_files_no_share_gets_an_unknown_credit():
    assert used(SILVERS[0], 300, price_of(SILVERS[0], ehb=None, aptc_eligible=None)) is None


def test_what_is_left_goes_to_the_childrens_part_of_a_dental_plan():
    rows = flat(DENTALS[0], 50, pediatric_ehb=Decimal(20))
    price = Rater(market(DENTALS[0], rate_rows=rows), (SELF, child("c1", 5)), LAW, ON).premium(DENTALS[0])
    ids = frozenset({"p1", "c1"})
    assert [dental_credit(Decimal(left), DENTALS[0], price, ids) for left in (0, 15, 500)] == [0, 15, 20]


# Cost-sharing levels


def test_a_policy_gives_the_least_generous_level_of_its_people():
    # 45 CFR 155.305(g)(3): none, limited, 73, 87, 94, zero
    assert least_generous([Csr.ZERO, Csr.SILVER_73]) is Csr.SILVER_73
    assert least_generous([Csr.LIMITED, Csr.SILVER_94]) is Csr.LIMITED
    assert least_generous([Csr.SILVER_94, Csr.STANDARD]) is Csr.STANDARD
    assert least_generous([]) is Csr.STANDARD


@pytest.mark.parametrize(
    ("level", "metal", "variant"),
    [
        (Csr.SILVER_87, Metal.SILVER, Csr.SILVER_87),
        (Csr.SILVER_87, Metal.GOLD, Csr.STANDARD),
        (Csr.ZERO, Metal.GOLD, Csr.ZERO),
        (Csr.LIMITED, Metal.BRONZE, Csr.LIMITED),
        (Csr.ZERO, Metal.CATASTROPHIC, Csr.STANDARD),
    ],
)
def test_the_variant_that_a_level_leads_to(level, metal, variant):
    assert variant_for(level, plan(metal=metal), LAW, ON) is variant


def test_kinds_of_answers():
    assert isinstance(found_for(silver_market(1, 2)), Benchmark)
    assert isinstance(marketplace_quote_credit(ratio(20000), Decimal(1), LAW, ON), Credit)
