"""Filed cost shares in plain words: the same figure reads the same everywhere, and no figure reads like another."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.terms import Benefit, CopayUnit, CostShare, Csr, DeductibleTiming, Metal
from portal.plans.wording import (
    cost_words,
    in_network_words,
    metal_words,
    out_of_network_words,
    percent,
    quantity_words,
    rider_words,
    savings_words,
    second_tier_words,
)

D = Decimal

AFTER, BEFORE, WITH = DeductibleTiming.AFTER, DeductibleTiming.BEFORE, DeductibleTiming.WITH


@pytest.mark.parametrize(
    ("share", "category", "words"),
    [
        (CostShare(copay=D(40)), "primary_care", "$40 a visit"),
        (CostShare(copay=D("12.50")), "generic_drugs", "$12.50 a prescription"),
        (CostShare(copay=D(250), copay_timing=AFTER), "emergency_room", "$250 a visit after the deductible"),
        (CostShare(copay=D(30), copay_timing=BEFORE), "specialist", "$30 a visit, then the deductible"),
        (CostShare(copay=D(30), copay_timing=WITH), "imaging", "$30 each time, which counts toward the deductible"),
        (
            CostShare(copay=D(350), copay_unit=CopayUnit.DAY, copay_timing=AFTER),
            "inpatient_facility",
            "$350 a day after the deductible",
        ),
        (CostShare(copay=D(900), copay_unit=CopayUnit.STAY), "delivery", "$900 a stay"),
        (CostShare(coinsurance=D("0.4"), coinsurance_timing=AFTER), "imaging", "40% after the deductible"),
        (CostShare(coinsurance=D("0.125")), "imaging", "12.5%"),
        (CostShare(copay=D(20), coinsurance=D("0.2")), "urgent_care", "$20 a visit and 20%"),
        (CostShare(copay=D(0), coinsurance=D("0.2")), "urgent_care", "20%"),
        (CostShare(copay=D(20), coinsurance=D(0)), "urgent_care", "$20 a visit"),
        (CostShare(copay=D(0)), "preventive_care", "No charge"),
        (CostShare(coinsurance=D(0), coinsurance_timing=AFTER), "specialist", "No charge after the deductible"),
        (CostShare(coinsurance=D(1)), "specialist", "You pay the full cost"),
        (CostShare(), "specialist", "No figure filed"),
        (None, "specialist", "No figure filed"),
    ],
)
def test_a_cost_share_in_words(share, category, words):
    assert cost_words(share, category) == words


def test_the_whole_cost_outside_the_network_means_not_covered():
    assert cost_words(CostShare(coinsurance=D(1)), "specialist", out_of_network=True) == "Not covered"
    assert cost_words(CostShare(coinsurance=D(1), copay=D(50)), "specialist", out_of_network=True) != "Not covered"


amounts = st.decimals(min_value=0, max_value=2000, places=2)
shares = st.builds(
    CostShare,
    copay=st.none() | amounts,
    copay_unit=st.sampled_from(CopayUnit),
    copay_timing=st.sampled_from(DeductibleTiming),
    coinsurance=st.none() | st.decimals(min_value=0, max_value=1, places=2),
    coinsurance_timing=st.sampled_from(DeductibleTiming),
)


@settings(max_examples=150)
@given(shares)
def test_words_hide_neither_an_amount_nor_the_deductible(share):
    words = cost_words(share, "specialist")
    if share.copay:
        assert f"{share.copay:,.2f}".removesuffix(".00") in words
    if share.coinsurance and not share.member_pays_all:
        assert percent(share.coinsurance) in words
    charged_after = (share.copay and share.copay_timing is AFTER) or (
        share.coinsurance and not share.member_pays_all and share.coinsurance_timing is AFTER
    )
    if charged_after:
        assert "after the deductible" in words
    if share.copay or share.coinsurance:
        assert "No charge" not in words


def benefit(**fields):
    return Benefit(variant_id="v", name="n", category=fields.pop("category", "specialist"), covered=True, **fields)


@pytest.mark.parametrize(
    ("quantity", "unit", "words"),
    [
        (D("30.0000"), "Visit(s) per Year", "30 visits a year"),
        (D(1), "Exam(s) per Year", "1 exam a year"),
        (D(90), "Days per Year", "90 days a year"),
        (D("3000.0000"), "Dollars per Year", "$3,000 a year"),
        (D(1), "Treatment(s) per Lifetime", "1 treatment in a lifetime"),
        (D(1), "Item(s) per 3 Years", "1 item every 3 years"),
        (D(2), "Visit(s) per Benefit Period", "2 visits a benefit period"),
        (D(1200), "Visit(s) per Year", "1,200 visits a year"),
        (D(5), "", "5"),
        (None, "Visit(s) per Year", ""),
    ],
)
def test_a_quantity_limit_in_words(quantity, unit, words):
    assert quantity_words(benefit(limit_quantity=quantity, limit_unit=unit)) == words


def test_a_benefit_that_is_missing_is_not_the_same_as_one_that_is_not_covered():
    missing, refused = None, Benefit(variant_id="v", name="n", category="specialist", covered=False)
    assert (in_network_words(missing), out_of_network_words(missing)) == ("No figure filed", "No figure filed")
    assert (in_network_words(refused), out_of_network_words(refused)) == ("Not covered", "Not covered")
    assert second_tier_words(benefit(in_1=CostShare(copay=D(5)))) == ""
    assert second_tier_words(benefit(in_2=CostShare(copay=D(5)))) == "$5 a visit"


@pytest.mark.parametrize(
    ("riders", "words"),
    [
        ((), "No rider"),
        (("adult_eye_exam",), "Adult vision"),
        (("adult_dental_basic", "adult_dental_routine", "adult_eye_exam"), "Adult dental and adult vision"),
        (("adult_eye_exam", "adult_dental_basic", "weight_loss"), "Adult dental, adult vision and fitness"),
        (("massage_therapy",), "Massage therapy"),
    ],
)
def test_riders_in_words(riders, words):
    assert rider_words(riders) == words


def test_levels_and_savings_in_words():
    assert metal_words(Metal.EXPANDED_BRONZE) == "Expanded bronze"
    assert metal_words(Metal.HIGH) == "High option"
    assert metal_words(None) == "No metal level"
    assert savings_words(Csr.SILVER_94)
    assert savings_words(Csr.STANDARD) == ""
