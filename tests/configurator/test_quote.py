"""The one pricing function: credit, cost-sharing variant, order, notes, and what a quote was made from."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.parameters import Law, MissingParameter
from catalog.terms import Csr, Issuer, Market, Metal, Person, PlanVariant, ProductLine, Relationship
from configurator.quote import quote
from configurator.tax_credit import Credit, CreditUnknown
from tests.configurator.markets import (
    HERE,
    LAW,
    ON,
    aged,
    child,
    dental,
    household,
    market,
    plan,
    rate,
    spouse,
    with_tobacco,
)

CHEAP, SECOND = plan("99999OH0010001"), plan("99999OH0010002")
GOLD = plan("99999OH0020001", metal=Metal.GOLD)
BRONZE = plan("99999OH0030001", metal=Metal.EXPANDED_BRONZE)
CATASTROPHIC = plan("99999OH0040001", metal=Metal.CATASTROPHIC)
OFF = plan("99999OH0050001", metal=Metal.BRONZE, qhp_type="Off the Exchange")
DENTAL = dental()
SELF = aged("p1", 40)
INCOME = "31920"  # 200 percent: 6.78 percent of income, 180.348 a month


def flat(of, amount, **fields):
    return {of.plan_id: (rate(of.plan_id, 0, amount, 999, **fields),)}


def here(**fields):
    rows = {
        **flat(CHEAP, 400),
        **flat(SECOND, 450),
        **flat(GOLD, 500, aptc_eligible=Decimal(490)),
        **flat(BRONZE, 200),
        **flat(CATASTROPHIC, 150),
        **flat(OFF, 210),
        **flat(DENTAL, 30, ehb=None, aptc_eligible=None, pediatric_ehb=Decimal(12)),
    }
    return market(CHEAP, SECOND, GOLD, BRONZE, CATASTROPHIC, OFF, DENTAL, **({"rate_rows": rows} | fields))


def quoted(*persons, income=INCOME, of=None, **fields):
    return quote(of or here(), household(*(persons or (SELF,)), income=income, **fields), LAW)


def nets(found):
    return {row.plan.plan_id: row.net_premium for row in found.plans}


def test_benchmark_credit_and_what_each_plan_gets():
    found = quoted()
    assert (found.benchmark.plan_id, found.credit.amount) == (SECOND.plan_id, Decimal(270))
    assert nets(found) == {
        BRONZE.plan_id: 0,
        DENTAL.plan_id: 30,
        CHEAP.plan_id: 130,
        CATASTROPHIC.plan_id: 150,
        SECOND.plan_id: 180,
        OFF.plan_id: 210,
        GOLD.plan_id: 230,
    }


def test_plans_stand_in_the_order_of_what_you_pay():
    assert [row.net_premium for row in quoted().plans] == [0, 30, 130, 150, 180, 210, 230]


def test_plans_of_one_price_stand_in_the_order_of_their_ids():
    rows = flat(CHEAP, 100) | flat(SECOND, 100)
    assert [row.plan.plan_id for row in quoted(of=market(SECOND, CHEAP, rate_rows=rows)).plans] == [
        CHEAP.plan_id,
        SECOND.plan_id,
    ]


def test_plans_without_a_price_come_last_and_say_why():
    found = quoted(of=market(CHEAP, SECOND, GOLD, rate_rows={GOLD.plan_id: ()}))
    last = found.plans[-1]
    assert (last.plan, last.net_premium, last.eligible) == (GOLD, None, False)


def test_the_credit_is_held_to_the_essential_part():
    rows = flat(CHEAP, 2000) | flat(SECOND, 2000) | flat(GOLD, 500, aptc_eligible=Decimal("490.50"))
    row = quoted(of=market(CHEAP, SECOND, GOLD, rate_rows=rows)).by_plan_id[GOLD.plan_id]
    assert (row.ehb_share, row.credit, row.net_premium) == (Decimal("490.50"), Decimal("490.50"), Decimal("9.50"))


def test_off_the_exchange_there_is_no_credit():
    found = quoted(on_exchange=False)
    assert (found.benchmark, found.credit.amount, found.credit.reason) == (None, 0, "off-exchange")
    assert found.by_plan_id[OFF.plan_id].eligible


def test_without_an_income_the_credit_is_unknown_and_asks_for_it():
    found = quoted(income=None)
    assert found.credit == CreditUnknown("income-unknown", "Tell us your income to see a tax credit.")
    assert {row.credit for row in found.in_line(ProductLine.MEDICAL)} == {None}
    assert nets(found)[GOLD.plan_id] == 500
    assert found.benchmark.premium == 450


def test_an_incomplete_market_makes_the_credit_unknown():
    found = quoted(of=here(complete=False))
    assert (found.credit.code, nets(found)[GOLD.plan_id]) == ("market-incomplete", 500)


@pytest.mark.parametrize(("income", "reason"), [("15959.99", "income-too-low"), ("63840.01", "income-too-high")])
def test_an_income_outside_the_range_settles_it_without_a_benchmark(income, reason):
    found = quoted(income=income, of=here(complete=False))
    assert isinstance(found.credit, Credit)
    assert (found.credit.amount, found.credit.reason) == (0, reason)


def test_people_with_another_offer_are_left_out_of_the_benchmark_and_of_the_credit():
    found = quoted(SELF, spouse(other_offer=True), income="50000", tax_household_size=2)
    assert (found.benchmark.premium, found.benchmark.person_ids) == (450, ("p1",))
    assert found.by_plan_id[BRONZE.plan_id].ehb_share == 200  # the spouse's part gets nothing
    assert [note.code for note in found.notes if note.person_ids == ("p2",)] == ["no-credit-other-offer"]


def test_nobody_left_means_no_credit():
    assert quoted(aged("p1", 40, other_offer=True)).credit.reason == "nobody-eligible"


def test_tobacco_raises_the_premium_not_the_benchmark():
    rows = {of.plan_id: (smoking(of, amount),) for of, amount in ((CHEAP, 400), (SECOND, 450))}
    found = quoted(aged("p1", 40, tobacco=True), of=market(CHEAP, SECOND, rate_rows=rows))
    assert (found.benchmark.premium, found.by_plan_id[SECOND.plan_id].premium.total) == (450, 540)


def smoking(of, amount):
    return with_tobacco(rate(of.plan_id, 0, amount, 999), Decimal(amount) * Decimal("1.2"))


def test_plans_of_other_issuers_count_for_the_benchmark_and_are_not_listed():
    theirs = plan("11111OH0010001")
    issuers = {"99999": Issuer("99999"), "11111": Issuer("11111", sold_by_us=False)}
    rows = flat(CHEAP, 400) | flat(SECOND, 450) | flat(theirs, 420)
    found = quoted(of=market(CHEAP, SECOND, theirs, rate_rows=rows, issuers=issuers))
    assert found.benchmark.plan_id == theirs.plan_id
    assert set(nets(found)) == {CHEAP.plan_id, SECOND.plan_id}


def test_people_with_medicare_or_another_offer_hear_why_even_where_nobody_is_left():
    found = quoted(aged("p1", 66, medicare=True, tobacco=False))
    assert [note.code for note in found.notes] == ["no-credit-medicare"]


def test_a_year_whose_poverty_guideline_is_not_held_still_has_prices():
    law = Law.of(p for p in LAW.parameters.values() if p.name != "poverty.guideline")
    found = quote(here(), household(SELF, income=INCOME), law)
    assert (found.credit.code, found.poverty, nets(found)[GOLD.plan_id]) == ("law-missing", None, 500)
    assert "poverty.guideline" in found.credit.text


def test_a_price_that_needs_a_missing_value_is_refused_by_name():
    law = Law.of(p for p in LAW.parameters.values() if p.name != "rating.charged_children.most")
    with pytest.raises(MissingParameter, match=r"rating\.charged_children\.most"):
        quote(here(), household(SELF), law)


def test_small_group_plans_have_no_credit():
    found = quoted(of=here(market=Market.SMALL_GROUP))
    assert (found.credit.amount, found.credit.reason, found.benchmark) == (0, "small-group", None)


def test_what_nobody_was_asked_is_said():
    assert {note.code: note.person_ids for note in quoted().notes} == {
        "assumed-no-tobacco": ("p1",),
        "assumed-no-other-offer": ("p1",),
    }
    assert quoted(aged("p1", 40, tobacco=False, other_offer=False)).notes == ()


# Dental


def test_what_a_medical_plan_leaves_over_pays_the_childrens_dental_part():
    found = quoted(SELF, child("c1", 5), income="40000")
    assert found.credit.amount > 500
    assert found.dental_credit(BRONZE.plan_id, DENTAL.plan_id) == 12  # the child's filed part, not the adult's
    assert found.dental_credit(GOLD.plan_id, DENTAL.plan_id) == 0
    assert found.dental_credit(CATASTROPHIC.plan_id, DENTAL.plan_id) == 0


def test_what_is_left_for_dental_is_unknown_while_the_credit_is():
    assert quoted(income=None).dental_credit(BRONZE.plan_id, DENTAL.plan_id) is None


# Variants


def variants(of, *suffixes):
    return {of.plan_id: tuple(PlanVariant(f"{of.plan_id}-{s}", of.plan_id, Csr(s)) for s in suffixes)}


FILED = variants(CHEAP, "00", "01", "04", "05", "06") | variants(GOLD, "00", "01", "02", "03") | variants(BRONZE, "01")


def variant(of, *persons, **fields):
    found = quoted(*persons, of=here(variants=FILED), **fields).by_plan_id[of.plan_id].variant
    return found.csr.value if found else None


@pytest.mark.parametrize(
    ("of", "income", "suffix"),
    [
        (CHEAP, "23000", "06"),
        (CHEAP, "31920", "05"),
        (CHEAP, "39000", "04"),
        (CHEAP, "50000", "01"),
        (GOLD, "23000", "01"),
    ],
)
def test_the_variant_follows_the_income(of, income, suffix):
    assert variant(of, income=income) == suffix


def test_tribal_variants_at_any_metal_fall_back_to_the_standard_one():
    tribal = aged("p1", 40, tribal_member=True)
    assert [variant(of, tribal) for of in (GOLD, BRONZE, CHEAP)] == ["02", "01", "01"]
    assert variant(GOLD, tribal, income="90000") == "03"


def test_off_the_exchange_the_base_variant():
    assert [variant(of, on_exchange=False) for of in (CHEAP, BRONZE, SECOND)] == ["00", "01", None]


# What it was made from


def test_a_quote_names_what_it_was_made_from():
    inputs = quoted().inputs
    assert (inputs.release_id, inputs.law_version, inputs.effective_date) == ("test", LAW.version, ON)
    assert inputs.location == HERE


def test_the_same_input_gives_the_same_quote():
    assert quoted(SELF, spouse()) == quoted(SELF, spouse())


def test_ages_without_birth_dates_make_a_quick_quote():
    by_age = Person("p1", Relationship.SELF, age=40)
    found = quoted(by_age)
    assert (found.quick, quoted().quick) == (True, False)
    assert nets(found) == nets(quoted())


def test_people_who_do_not_apply_are_not_priced_but_count_in_the_tax_household():
    found = quoted(SELF, spouse(applying=False), income="43280")
    assert (found.poverty.guideline, nets(found)[GOLD.plan_id]) == (21640, 230 + Decimal(64))


# Properties

PEOPLE = st.lists(st.integers(0, 80), min_size=0, max_size=5).map(
    lambda ages: (SELF, *(child(f"c{n}", age) for n, age in enumerate(ages)))
)
INCOMES = st.integers(0, 200000).map(Decimal)
MARKET = here()


@settings(max_examples=60, deadline=None)
@given(PEOPLE, INCOMES)
def test_a_credit_never_exceeds_the_essential_part_or_the_premium(people, income):
    found = quoted(*people, income=income, of=MARKET)
    for row in found.plans:
        assert 0 <= row.credit <= min(row.premium.total, found.credit.amount)
        assert row.plan.line is not ProductLine.MEDICAL or row.credit <= row.ehb_share
        assert row.net_premium == row.premium.total - row.credit


@settings(max_examples=60, deadline=None)
@given(PEOPLE, INCOMES)
def test_more_income_never_lowers_what_you_pay_above_the_lower_bound(people, income):
    low = quoted(*people, income=income + 70000, of=MARKET)
    high = quoted(*people, income=income + 80000, of=MARKET)
    assert low.credit.reason == "income-too-low" or high.credit.amount <= low.credit.amount


@settings(max_examples=30, deadline=None)
@given(PEOPLE, INCOMES, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_no_price(people, income, random):
    mixed = random.sample(people, len(people))
    assert nets(quoted(*people, income=income, of=MARKET)) == nets(quoted(*mixed, income=income, of=MARKET))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=3, max_size=3), INCOMES)
def test_a_fourth_child_raises_no_price(ages, income):
    three = [child(f"c{n}", age) for n, age in enumerate(ages)]
    fixed = {"income": income, "of": MARKET, "tax_household_size": 5}
    four = quoted(SELF, *three, child("c9", 0), **fixed)
    before = quoted(SELF, *three, **fixed)
    medical = {row.plan.plan_id for row in before.in_line(ProductLine.MEDICAL)}
    assert {key: net for key, net in nets(four).items() if key in medical} == {
        key: net for key, net in nets(before).items() if key in medical
    }


def test_a_year_without_rates_has_no_prices_but_law():
    found = quote(MARKET, replace(household(SELF), effective_date=date(2026, 1, 1)), LAW)
    assert {row.net_premium for row in found.plans} == {None}
