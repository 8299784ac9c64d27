"""Marketplace answers: every row of the ten captures survives, shoppers are merged, traps do not bite."""

import gzip
import json
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.importers import read
from catalog.terms import (
    Benefit,
    CopayUnit,
    CostLimit,
    CostShare,
    County,
    Csr,
    DeductibleTiming,
    FileRefused,
    Issuer,
    LimitKind,
    LimitScope,
    MarketCoverage,
    Metal,
    NetworkTier,
    Plan,
    PlanVariant,
    Problem,
    Rate,
    RatingAreaPart,
    ServiceAreaPart,
    Severity,
    TobaccoRule,
    ZipCounty,
)

CSR = {"Exchange variant (no CSR)": Csr.STANDARD, "73% AV Level Silver Plan CSR": Csr.SILVER_73}
TIERS = {
    "In-Network": NetworkTier.IN_1,
    "In-Network Tier 2": NetworkTier.IN_2,
    "Out-of-Network": NetworkTier.OUT,
    "Combined In-Out of Network": NetworkTier.COMBINED,
}
UNNAMED = {"Other Relationship", "Sponsored Dependent"}  # relationships that we have no word of our own for
MARK = {"in_1": "In-Network", "in_2": "In-Network Tier 2", "out": "Out-of-Network"}


def by_key(found):
    """Nouns by type and key; equal repeats collapse, different ones with one key fail."""
    nouns = {}
    for noun in found:
        assert not isinstance(noun, Problem), noun
        known = nouns.setdefault(type(noun), {}).setdefault(noun.key, noun)
        assert known == noun
    return nouns


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "plans" / "marketplace_py2026"


@pytest.fixture(scope="module")
def captures(folder):
    return [json.loads(gzip.decompress(path.read_bytes()), parse_float=Decimal) for path in folder.glob("*.json.gz")]


@pytest.fixture(scope="module")
def nouns(folder):
    return by_key(read([folder]))


@pytest.fixture(scope="module")
def shown(captures):
    """Every plan of every capture with what the capture says of the shopper."""
    return [(capture, plan) for capture in captures for plan in capture["response"]["plans"]]


def variant_of(plan):
    csr = CSR[plan["moops"][0]["csr"]]
    return f"{plan['id']}-{csr.value}"


def check_share(share, row):
    """The cost share says what the numbers beside the display text say, wherever those can be trusted."""
    words = row["display_string"]
    if words == "Not Covered":
        assert share.member_pays_all
        assert share.filed_coinsurance == words
    elif words == "Not Applicable":
        assert not share.is_filed
    else:
        assert (share.copay or 0, share.coinsurance or 0) == (row["copay_amount"], row["coinsurance_rate"])
        assert share.is_filed
        after = {share.copay_timing, share.coinsurance_timing} & {DeductibleTiming.AFTER}
        assert bool(after) is ("after deductible" in words.lower())
        assert (share.copay_timing is DeductibleTiming.WITH) is ("with deductible" in words)
        assert (share.copay_unit is CopayUnit.DAY) is ("per Day" in words)
        assert (share.copay_unit is CopayUnit.STAY) is ("per Stay" in words)


def test_counts(nouns, shown):
    assert len(shown) == 834
    assert {kind.__name__: len(found) for kind, found in nouns.items()} == {
        "Issuer": 19,
        "Product": 38,
        "Plan": 288,
        "PlanVariant": 392,
        "CostLimit": 1268,
        "Benefit": 3283,
        "Rate": 834,
        "ServiceAreaPart": 31,
        "RatingAreaPart": 5,
        "County": 5,
        "ZipCounty": 5,
        "MarketCoverage": 5,
    }


def test_every_premium_survives(nouns, shown):
    for capture, plan in shown:
        age = int(capture["_meta"]["profile_id"].split("_")[1])
        area = str(capture["response"]["rate_area"]["area"])
        rate = nouns[Rate][plan["id"], area, age, age, date(2026, 1, 1)]
        assert (rate.individual, rate.ehb, rate.aptc_eligible, rate.pediatric_ehb) == (
            plan["premium"],
            plan["ehb_premium"],
            plan["aptc_eligible_premium"],
            plan["pediatric_ehb_premium"],
        )
        assert rate.effective_until.isoformat() == "2026-12-31"


def test_every_cost_sharing_survives(nouns, shown):
    compared = 0
    of_variant = {}
    for noun in nouns[Benefit].values():
        of_variant.setdefault(noun.variant_id, {})[noun.name.lower()] = noun
    for _, plan in shown:
        benefits = of_variant[variant_of(plan)]
        assert set(benefits) == {benefit["name"].lower() for benefit in plan["benefits"]}
        for benefit in plan["benefits"]:
            noun = benefits[benefit["name"].lower()]
            assert noun.covered is benefit["covered"]
            assert noun.limit_quantity == (benefit["limit_quantity"] if benefit["has_limits"] else None)
            assert noun.limit_unit == benefit["limit_unit"]
            tiers = {MARK[name]: getattr(noun, name) for name in MARK if getattr(noun, name)}
            assert set(tiers) == {row["network_tier"] for row in benefit["cost_sharings"]}
            for row in benefit["cost_sharings"]:
                compared += 1
                check_share(tiers[row["network_tier"]], row)
    assert compared == 16_005


def test_every_limit_survives(nouns, shown):
    scopes = {"Combined": LimitScope.COMBINED, "Medical": LimitScope.MEDICAL, "Drug": LimitScope.DRUG}
    for _, plan in shown:
        rows = [(LimitKind.DEDUCTIBLE, scopes[row["type"].split()[0]], row) for row in plan["tiered_deductibles"]]
        rows += [(LimitKind.MOOP, LimitScope.COMBINED, row) for row in plan["tiered_moops"]]
        for kind, scope, row in rows:
            limit = nouns[CostLimit][variant_of(plan), kind, scope, TIERS[row["network_tier"]]]
            assert limit.individual == row["amount"]
            assert limit.per_person is None
            assert limit.per_group is None


def test_every_plan_attribute_survives(nouns, shown):
    for _, shape in shown:
        plan, variant = nouns[Plan][shape["id"],], nouns[PlanVariant][variant_of(shape),]
        assert plan.metal is Metal(shape["metal_level"].lower())
        assert plan.plan_type == shape["type"]
        assert plan.design_type == ("Design 1" if shape["is_standardized_plan"] else "")
        assert plan.service_area_id == shape["service_area_id"]
        assert plan.max_dependent_age == shape["max_age_child"]
        assert plan.tobacco_free_months == shape["tobacco_lookback"]
        assert plan.directory_url == shape["network_url"]
        assert plan.formulary_url == shape["formulary_url"]
        assert list(plan.disease_programs) == shape["disease_mgmt_programs"]
        assert len(plan.accepted_relationships) == len(shape["issuer"]["eligible_dependents"])
        assert ("other" in plan.accepted_relationships) is bool(UNNAMED & set(shape["issuer"]["eligible_dependents"]))
        assert variant.name == " ".join(shape["name"].split())
        assert variant.hsa_eligible is shape["hsa_eligible"]
        assert variant.sbc_url == shape["benefits_url"]
        assert nouns[Issuer][plan.issuer_id,].phone == shape["issuer"]["toll_free"]


def test_every_place_survives(nouns, shown):
    for capture, plan in shown:
        meta, area = capture["_meta"], capture["response"]["rate_area"]
        fips = meta["county_fips"]
        assert (plan["issuer"]["id"], plan["service_area_id"], fips) in nouns[ServiceAreaPart]
        assert nouns[RatingAreaPart][meta["state"], fips, ""].rating_area == str(area["area"])
        assert (meta["zipcode"], fips) in nouns[ZipCounty]
        assert nouns[MarketCoverage][fips,].complete
    assert nouns[County]["39049",].name == "Franklin County"


def test_a_plan_is_named_by_its_standard_variant_in_whatever_order_files_come(nouns, folder, tmp_path):
    renamed = {name.name: f"{9 - index}.json.gz" for index, name in enumerate(sorted(folder.glob("*.json.gz")))}
    for name, other in renamed.items():
        (tmp_path / other).write_bytes((folder / name).read_bytes())
    again = by_key(read([tmp_path]))
    assert again[Plan] == nouns[Plan]
    for plan in nouns[Plan].values():
        standard = nouns[PlanVariant].get((f"{plan.plan_id}-01",))
        assert standard is None or standard.name == plan.name
    twins = [key for key in nouns[PlanVariant] if key[0].endswith("-04")]
    assert len(twins) == 104


def test_premiums_after_credit_and_placeholders_are_no_content(nouns):
    text = repr(nouns)
    assert "NOT_YET_IMPLEMENTED" not in text
    assert "premium_w_credit" not in text


def plan_of(**changes):
    share = {"network_tier": "In-Network", "csr": "Exchange variant (no CSR)", "display_string": "$30"}
    plan = {
        "id": "10101OH0010001",
        "name": "Harbor Silver",
        "premium": 500.10,
        "ehb_premium": 490.5,
        "aptc_eligible_premium": 490.5,
        "pediatric_ehb_premium": 0,
        "metal_level": "Silver",
        "type": "HMO",
        "state": "OH",
        "market": "Individual",
        "product_division": "HealthCare",
        "tobacco_lookback": 6,
        "service_area_id": "OHS001",
        "issuer": {"id": "10101", "name": "Harbor Example", "state": "OH", "eligible_dependents": ["Self"]},
        "benefits": [{"name": "Specialist Visit", "covered": True, "cost_sharings": [share]}],
        "oopc": -1,
        "waiting_period_duration": "NOT_YET_IMPLEMENTED",
    }
    return plan | changes


def capture_of(*plans, total=None, **meta):
    asked = {
        "county_fips": "39049",
        "state": "OH",
        "zipcode": "43215",
        "profile_id": "single_40_250fpl",
        "plan_year": 2026,
    }
    response = {"total": len(plans) if total is None else total, "rate_area": {"state": "OH", "area": 9}}
    return {"_meta": asked | meta, "response": response | {"plans": plans}}


def taken(tmp_path, *captures):
    """Nouns and problems of captures written to files."""
    for index, capture in enumerate(captures):
        (tmp_path / f"{index}.json").write_text(json.dumps(capture))
    return list(read([tmp_path]))


def of(found, kind):
    return [noun for noun in found if isinstance(noun, kind)]


def shown_share(tmp_path, **row):
    share = {"network_tier": "In-Network", "csr": "Exchange variant (no CSR)"} | row
    benefits = [{"name": "Specialist Visit", "covered": True, "cost_sharings": [share]}]
    return of(taken(tmp_path, capture_of(plan_of(benefits=benefits))), Benefit)[0].in_1


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {"display_string": "$500 Copay after deductible/25% Coinsurance after deductible"},
            CostShare(
                copay=Decimal(500),
                copay_timing=DeductibleTiming.AFTER,
                coinsurance=Decimal("0.25"),
                coinsurance_timing=DeductibleTiming.AFTER,
            ),
        ),
        (
            {"display_string": "$50/40% Coinsurance after deductible"},
            CostShare(copay=Decimal(50), coinsurance=Decimal("0.4"), coinsurance_timing=DeductibleTiming.AFTER),
        ),
        (
            {"display_string": "$1100 Copay per Day"},
            CostShare(copay=Decimal(1100), copay_unit=CopayUnit.DAY),
        ),
        (
            {"display_string": "$750 Copay with deductible", "coinsurance_options": "No Charge after deductible"},
            CostShare(copay=Decimal(750), copay_timing=DeductibleTiming.WITH),
        ),
        (
            {"display_string": "No Charge", "copay_options": "Not Applicable", "coinsurance_options": "No Charge"},
            CostShare(coinsurance=Decimal(0)),
        ),
        (
            {"display_string": "No Charge", "copay_options": "", "coinsurance_options": "Not Applicable"},
            CostShare(copay=Decimal(0)),
        ),
        (
            {"display_string": "No Charge After Deductible", "copay_options": "No Charge after deductible"},
            CostShare(copay=Decimal(0), copay_timing=DeductibleTiming.AFTER),
        ),
        (
            {"display_string": "Not Covered", "copay_amount": 0, "coinsurance_rate": 1},
            CostShare(coinsurance=Decimal(1)),
        ),
        ({"display_string": "Not Applicable"}, CostShare()),
        ({"display_string": "$62", "copay_amount": 62.5}, CostShare(copay=Decimal("62.5"))),
        ({"display_string": "12%", "coinsurance_rate": 0.125}, CostShare(coinsurance=Decimal("0.125"))),
        ({"display_string": "$62", "copay_amount": 0}, CostShare(copay=Decimal(62))),
    ],
)
def test_the_display_text_is_what_counts(tmp_path, row, expected):
    assert shown_share(tmp_path, **row) == expected


def test_family_amounts_stand_beside_the_individual_one(tmp_path):
    row = {
        "type": "Maximum Out of Pocket for Medical and Drug EHB Benefits (Total)",
        "csr": "Exchange variant (no CSR)",
        "network_tier": "In-Network",
    }
    rows = [row | {"family_cost": whose, "amount": amount} for whose, amount in
            (("Individual", 9200), ("Family Per Person", 9200), ("Family", 18400))]  # fmt: skip
    limit = of(taken(tmp_path, capture_of(plan_of(moops=rows))), CostLimit)
    assert [(each.individual, each.per_person, each.per_group) for each in limit] == [(9200, 9200, 18400)]


def test_a_shopper_without_tobacco_leaves_the_tobacco_rate_unknown(tmp_path):
    apart, same = (of(taken(tmp_path, capture_of(plan_of(tobacco_lookback=months))), Rate)[0] for months in (6, 0))
    assert (apart.tobacco_rule, apart.tobacco) == (TobaccoRule.USER_NON_USER, None)
    assert same.tobacco_rule is TobaccoRule.NO_PREFERENCE


def test_a_raw_answer_gives_plans_and_says_that_it_cannot_price_them(tmp_path):
    found = taken(tmp_path, capture_of(plan_of())["response"])
    assert of(found, Plan)
    assert not of(found, Rate)
    assert not of(found, MarketCoverage)
    assert [(each.code, each.severity) for each in of(found, Problem)] == [("rates-without-age", Severity.NOTE)]


def test_pages_of_one_question_complete_a_market_together(tmp_path):
    pages = [capture_of(plan_of(id=f"10101OH001000{page}"), total=2) for page in (1, 2)]
    assert not of(taken(tmp_path, pages[0]), MarketCoverage)
    assert [each.complete for each in of(taken(tmp_path, *pages), MarketCoverage)] == [True]


def test_two_shoppers_do_not_complete_each_others_market(tmp_path):
    pages = [
        capture_of(plan_of(id=f"10101OH001000{page}"), total=2, profile_id=f"single_{age}_x")
        for page, age in ((1, 27), (2, 40))
    ]
    assert not of(taken(tmp_path, *pages), MarketCoverage)


def test_a_wrong_plan_is_left_out_alone_and_the_market_is_not_called_complete(tmp_path):
    found = taken(tmp_path, capture_of(plan_of(id="10101OH001"), plan_of()))
    wrong = of(found, Problem)
    assert [(each.severity, each.code, each.place, each.found) for each in wrong] == [
        (Severity.QUARANTINED, "wrong-id", "$.plans[0]", "10101OH001")
    ]
    assert [plan.plan_id for plan in of(found, Plan)] == ["10101OH0010001"]
    assert not of(found, MarketCoverage)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"premium": 0}, "zero-rate"),
        ({"premium": "much"}, "unreadable-plan"),
        ({"metal_level": "Tin"}, "unreadable-cell"),
        ({"benefits": []}, "unreadable-cell"),
        ({"issuer": {"id": "1"}}, "wrong-id"),
    ],
)
def test_what_cannot_be_read_is_quarantined_by_name(tmp_path, changes, code):
    found = taken(tmp_path, capture_of(plan_of(**changes)))
    assert [(each.severity, each.code) for each in of(found, Problem)] == [(Severity.QUARANTINED, code)]
    assert not of(found, Plan)


def test_contradicting_captures_both_come_through_for_the_store_to_refuse(tmp_path):
    found = taken(tmp_path, capture_of(plan_of()), capture_of(plan_of(type="PPO")))
    assert {plan.plan_type for plan in of(found, Plan)} == {"HMO", "PPO"}


def test_equal_captures_give_equal_nouns(tmp_path):
    once, twice = taken(tmp_path, capture_of(plan_of())), taken(tmp_path, capture_of(plan_of()), capture_of(plan_of()))
    assert Counter(type(noun).__name__ for noun in twice)["Rate"] == 2
    assert set(map(repr, by_key(twice))) == set(map(repr, by_key(once)))
    assert by_key(twice) == by_key(once)


def refusal(path: Path):
    with pytest.raises(FileRefused) as caught:
        list(read([path]))
    return caught.value.problem


def test_a_truncated_download_is_refused(tmp_path, folder):
    whole = min(folder.glob("*.json.gz")).read_bytes()
    (tmp_path / "cut.json.gz").write_bytes(whole[: len(whole) // 2])
    assert refusal(tmp_path / "cut.json.gz").code == "damaged-gzip"
    (tmp_path / "cut.json").write_bytes(gzip.decompress(whole)[:100_000])
    assert refusal(tmp_path / "cut.json").code == "damaged-json"


def test_another_shape_is_refused_with_its_place(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"response": {"plans": {}}}))
    problem = refusal(tmp_path / "a.json")
    assert (problem.code, problem.place) == ("not-the-format-it-claims", "$.plans")


def test_a_question_that_cannot_be_read_is_refused(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(capture_of(plan_of(), county_fips="Franklin")))
    problem = refusal(tmp_path / "a.json")
    assert (problem.code, problem.field, problem.found) == ("wrong-id", "county_fips", "Franklin")


def test_captures_of_two_years_are_refused(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(capture_of(plan_of())))
    (tmp_path / "b.json").write_text(json.dumps(capture_of(plan_of(), plan_year=2027)))
    assert refusal(tmp_path).code == "wrong-year"
