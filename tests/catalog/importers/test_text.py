"""Filed text: what each parser takes, what it refuses, and that no value is lost on the way."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.importers import text
from catalog.importers.cost_text import cost_share, display_cost_share
from catalog.terms import OLDEST, CopayUnit, CostShare, Csr, DeductibleTiming, Market, Metal, TobaccoRule

CENTS = st.integers(min_value=0, max_value=10_000_000)
AFTER, BEFORE, NONE, WITH = (
    DeductibleTiming.AFTER,
    DeductibleTiming.BEFORE,
    DeductibleTiming.NONE,
    DeductibleTiming.WITH,
)


@pytest.mark.parametrize(
    ("filed", "amount"),
    [
        ("$6,000 ", "6000.00"),
        ("$12000 per group", "12000.00"),
        ("$1,489", "1489.00"),
        ("1489.50", "1489.50"),
        ("$350 per person", "350.00"),
        ("$0", "0.00"),
        ("$20.5", "20.50"),
    ],
)
def test_money_is_exact_dollars(filed, amount):
    assert text.money(filed) == Decimal(amount)
    assert str(text.money(filed)) == amount


@pytest.mark.parametrize(
    "filed",
    ["", "  ", "Not Applicable", "not applicable ", "per person not applicable", "per group not applicable", "N/A"],
)
def test_missing_money_is_none_not_zero(filed):
    assert text.money(filed) is None


@pytest.mark.parametrize("filed", ["twelve", "$1.005", "-5", "1,00", "$", "1e3", "NaN", "5 dollars", "$5 per family"])
def test_other_money_is_refused_with_what_is_expected(filed):
    with pytest.raises(text.UnreadableMoney) as wrong:
        text.money(filed)
    assert wrong.value.found == filed
    assert wrong.value.expected


@settings(max_examples=60)
@given(CENTS, st.booleans(), st.booleans(), st.sampled_from(["", " ", " per group", " per person"]))
def test_money_survives_every_spelling(cents, dollar, commas, tail):
    amount = Decimal(cents).scaleb(-2)
    filed = f"{'$' if dollar else ''}{amount:{',' if commas else ''}.2f}{tail}"
    assert text.money(filed) == amount


@settings(max_examples=40)
@given(st.one_of(st.none(), CENTS), st.one_of(st.none(), CENTS))
def test_family_amounts_survive(person, group):
    parts = [
        f"per {who} not applicable" if cents is None else f"${Decimal(cents).scaleb(-2)} per {who}"
        for who, cents in (("person", person), ("group", group))
    ]
    found = text.family_money(" | ".join(parts))
    assert found == tuple(None if cents is None else Decimal(cents).scaleb(-2) for cents in (person, group))


@pytest.mark.parametrize("filed", ["$3000", "$3000 per group | $6000 per person", "$3000 per person | soon per group"])
def test_family_amounts_need_both_parts_in_their_places(filed):
    with pytest.raises(text.UnreadableMoney):
        text.family_money(filed)


def test_a_zero_premium_is_no_price():
    assert text.premium("441.16") == Decimal("441.16")
    with pytest.raises(text.ZeroPremium) as wrong:
        text.premium("0.00")
    assert wrong.value.code == "zero-rate"
    with pytest.raises(text.UnreadableMoney):
        text.premium("Not Applicable")


@settings(max_examples=40)
@given(st.integers(min_value=0, max_value=10_000))
def test_percentages_survive_as_shares(hundredths):
    share = Decimal(hundredths) / 10_000
    assert text.percent(f"{Decimal(hundredths).scaleb(-2)}%") == share
    assert text.share(str(share)) == share


@pytest.mark.parametrize("filed", ["150%", "50", "half", "-5%"])
def test_other_percentages_are_refused(filed):
    with pytest.raises(text.UnreadablePercent):
        text.percent(filed)


@pytest.mark.parametrize(("filed", "value"), [("1", "1"), ("0.35", "0.35"), ("35%", "0.35"), ("$12.50", "12.50")])
def test_apportionment_is_a_share_or_dollars(filed, value):
    assert text.apportionment(filed) == Decimal(value)


@pytest.mark.parametrize(
    ("filed", "found"),
    [
        ("1/1/2019", date(2019, 1, 1)),
        ("12/31/2027", date(2027, 12, 31)),
        ("2022-01-01", date(2022, 1, 1)),
        ("2025-10-14 03:00:32", date(2025, 10, 14)),
        ("", None),
    ],
)
def test_dates_in_both_spellings(filed, found):
    assert text.day(filed) == found


@pytest.mark.parametrize("filed", ["31/12/2027", "2027-02-30", "January 1, 2027", "46023", "2027"])
def test_other_dates_are_refused(filed):
    with pytest.raises(text.UnreadableDate):
        text.day(filed)


@settings(max_examples=40)
@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31)))
def test_dates_survive(day):
    assert text.day(day.isoformat()) == day
    assert text.day(f"{day.month}/{day.day}/{day.year}") == day


@pytest.mark.parametrize(
    ("filed", "ages"),
    [("0-14", (0, 14)), ("15", (15, 15)), ("64 and over", (64, OLDEST)), ("0-20", (0, 20)), ("Family Option", None)],
)
def test_age_bands(filed, ages):
    assert text.age_band(filed) == ages


@pytest.mark.parametrize("filed", ["150", "64-150", "130 and over", "20-0", "old", "", "14+"])
def test_other_ages_are_refused(filed):
    with pytest.raises(text.UnreadableText):
        text.age_band(filed)


@pytest.mark.parametrize(("filed", "area"), [("Rating Area 1", "1"), ("12", "12"), ("R-MA010", "R-MA010")])
def test_rating_areas(filed, area):
    assert text.rating_area(filed) == area


@pytest.mark.parametrize(
    ("parse", "filed", "value"),
    [
        (text.metal, "Expanded Bronze", Metal.EXPANDED_BRONZE),
        (text.metal, "Silver", Metal.SILVER),
        (text.metal, "Low", Metal.LOW),
        (text.metal, "", None),
        (text.market, "SHOP (Small Group)", Market.SMALL_GROUP),
        (text.market, "Individual", Market.INDIVIDUAL),
        (text.yes_no, "Yes", True),
        (text.yes_no, "false", False),
        (text.yes_no, "", None),
        (text.covered, "", False),
        (text.covered, "Covered", True),
        (text.is_new_plan, "Existing", False),
        (text.guaranteed_rate, "Estimated Rate", False),
        (text.tobacco_rule, "Tobacco User/Non-Tobacco User", TobaccoRule.USER_NON_USER),
        (text.tobacco_rule, "", TobaccoRule.NO_PREFERENCE),
        (text.quantity, "2,000", Decimal(2000)),
        (text.positive_count, "0", None),
        (text.positive_count, "3", 3),
        (text.stated, "Not Applicable", ""),
        (text.zip_code, "1001", "01001"),
        (text.county_fips, "1001.0", "01001"),
        (text.zip_codes, "43004, 43002;43004", ("43002", "43004")),
        (text.named_county, "Cumberland - 23005", ("Cumberland", "23005")),
        (text.listed, "Asthma, Heart Disease", ("Asthma", "Heart Disease")),
    ],
)
def test_other_cells(parse, filed, value):
    assert parse(filed) == value


@pytest.mark.parametrize(
    ("parse", "filed"),
    [
        (text.metal, "Tin"),
        (text.market, "Large Group"),
        (text.yes_no, "perhaps"),
        (text.covered, "sometimes"),
        (text.count, "1.5"),
        (text.issuer_id, "1234"),
        (text.product_id, "42690MA23"),
        (text.plan_id, "42690MA123450"),
        (text.variant_id, "42690MA1234502-1"),
        (text.zip_code, ""),
        (text.zip_code, "123456"),
        (text.named_county, "Cumberland"),
    ],
)
def test_other_cells_refused(parse, filed):
    with pytest.raises(text.UnreadableText):
        parse(filed)


@pytest.mark.parametrize(
    ("suffix", "words", "csr"),
    [
        ("00", "Standard Silver Off Exchange Plan", Csr.OFF_EXCHANGE),
        ("01", "Standard Silver On Exchange Plan", Csr.STANDARD),
        ("02", "Zero Cost Sharing Plan Variation", Csr.ZERO),
        ("03", "Limited Cost Sharing Plan Variation", Csr.LIMITED),
        ("04", "73% AV Level Silver Plan", Csr.SILVER_73),
        ("05", "87% AV Level Silver Plan", Csr.SILVER_87),
        ("06", "94% AV Level Silver Plan", Csr.SILVER_94),
        ("01", "", Csr.STANDARD),
    ],
)
def test_variation_words_agree_with_the_suffix(suffix, words, csr):
    assert text.variation(suffix, words) is csr
    for other in (set(Csr) - {csr}) if words else ():
        with pytest.raises(text.VariationMismatch):
            text.variation(other.value, words)


def test_an_unknown_suffix_is_refused():
    with pytest.raises(text.VariationMismatch):
        text.variation("31", "")


def share(copay=None, unit=CopayUnit.SERVICE, timing=NONE, coinsurance=None, part_timing=NONE):
    """A cost share for comparison; its filed texts take no part in equality."""
    decimals = [None if value is None else Decimal(value) for value in (copay, coinsurance)]
    return CostShare(decimals[0], unit, timing, decimals[1], part_timing)


@pytest.mark.parametrize(
    ("copay", "coinsurance", "expected"),
    [
        ("$20.00", "Not Applicable", share("20")),
        ("$250.00 Copay after deductible", "", share("250", timing=AFTER)),
        ("$20 Copay before deductible", "", share("20", timing=BEFORE)),
        ("$40.00 Copay with deductible", "", share("40", timing=WITH)),
        ("No Charge", "Not Applicable", share("0")),
        ("No Charge after deductible", "", share("0", timing=AFTER)),
        ("$350.00 Copay per Day", "", share("350", CopayUnit.DAY)),
        ("$500.00 Copay per Stay after deductible", "", share("500", CopayUnit.STAY, AFTER)),
        ("Not Applicable", "25.00% Coinsurance after deductible", share(coinsurance="0.25", part_timing=AFTER)),
        ("Not Applicable", "50.00%", share(coinsurance="0.5")),
        ("Not Applicable", "No Charge", share(coinsurance="0")),
        ("Not Applicable", "Not Applicable", share()),
        ("", "", None),
    ],
)
def test_cost_shares(copay, coinsurance, expected):
    assert cost_share(copay, coinsurance) == expected


def test_the_filed_texts_stay_beside_the_value():
    found = cost_share("$250.00 Copay after  deductible", "Not Applicable")
    assert (found.filed_copay, found.filed_coinsurance) == ("$250.00 Copay after deductible", "Not Applicable")


@pytest.mark.parametrize(("copay", "coinsurance"), [("25%", ""), ("", "$20"), ("20", ""), ("$20 sometimes", "")])
def test_other_cost_shares_are_refused(copay, coinsurance):
    with pytest.raises(text.UnreadableText):
        cost_share(copay, coinsurance)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (
            "$500 Copay after deductible/25% Coinsurance after deductible",
            share("500", timing=AFTER, coinsurance="0.25", part_timing=AFTER),
        ),
        ("No Charge After Deductible", share("0", timing=AFTER)),
        ("Not Covered", None),
        ("", None),
    ],
)
def test_display_texts(shown, expected):
    assert display_cost_share(shown) == expected


TIMINGS = {NONE: "", AFTER: " after deductible", BEFORE: " before deductible", WITH: " with deductible"}
UNITS = {CopayUnit.SERVICE: "", CopayUnit.DAY: " per Day", CopayUnit.STAY: " per Stay"}


@settings(max_examples=80)
@given(
    CENTS,
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(sorted(TIMINGS)),
    st.integers(0, 10_000),
    st.sampled_from(sorted(TIMINGS)),
)
def test_cost_shares_survive_both_spellings(cents, unit, timing, hundredths, part_timing):
    amount, part = Decimal(cents).scaleb(-2), Decimal(hundredths) / 10_000
    copay = f"${amount} Copay{UNITS[unit]}{TIMINGS[timing]}"
    coinsurance = f"{Decimal(hundredths).scaleb(-2)}% Coinsurance{TIMINGS[part_timing]}"
    expected = CostShare(amount, unit, timing, part, part_timing)
    assert cost_share(copay, coinsurance) == expected
    assert display_cost_share(f"{copay}/{coinsurance}") == expected
