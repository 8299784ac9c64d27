"""The plan list as a family of four sees it."""

from decimal import Decimal

import pytest

from portal.plans import listing as listing_module
from tests.portal.plans.conftest import CATASTROPHIC, DENTAL, SILVER, SILVER_BOTH, SILVER_VISION


def net(card):
    return card.find(class_="money--large").contents[0]


def test_the_first_line_says_for_whom_where_and_from_when(family, words):
    page = family.get("/plans")
    assert words(page.dom.find("p", class_="lead")) == (
        "For 4 people in Franklin County, cover from January 1, 2027. Change"
    )
    assert "22 of 22 plans" in words(page.dom.find(id="plan-count"))
    assert "27 filed plans on 22 cards" in words(page.dom.main)


def test_cards_come_by_what_you_pay_with_what_cannot_be_bought_last(family, cards, dollars):
    found = cards(family.get("/plans"))
    prices = [dollars(net(card)) for plan_id, card in found.items() if plan_id != CATASTROPHIC]
    assert prices == sorted(prices)
    assert list(found)[-1] == CATASTROPHIC


def test_the_sort_has_a_name_and_says_what_it_assumes(family, words):
    page = family.get("/plans?sort=bad-year")
    said = words(page.dom.find(id="order-words"))
    assert said.startswith("Sorted by bad-year total Lowest first: your premiums after credit")
    assert page.dom.find("select", id="sort").find("option", selected=True)["value"] == "bad-year"


def test_a_bad_year_order_is_another_order(family, cards):
    by_price, by_bad_year = cards(family.get("/plans")), cards(family.get("/plans?sort=bad-year"))
    assert set(by_price) == set(by_bad_year)
    assert list(by_price) != list(by_bad_year)


def test_an_ineligible_plan_stays_with_its_reason_and_rule(family, cards, words):
    card = cards(family.get("/plans"))[CATASTROPHIC]
    text = words(card)
    assert "You cannot buy this plan" in text
    assert "catastrophic plans are for people younger than 30" in text
    assert "45 CFR 156.155(a)(5), (c)" in text
    assert family.get("/plans?buyable=y").dom.find("input", attrs={"form": "order", "name": "buyable"})["value"] == "y"
    assert CATASTROPHIC not in cards(family.get("/plans?buyable=y"))


def test_the_credit_opens_to_its_arithmetic(family, words):
    text = words(family.get("/plans").dom.main)
    assert "Your tax credit is up to $1,159.00 a month" in text
    assert "Share of income you pay for the benchmark plan" in text
    assert "26 CFR 1.36B-3(d)" in text


def test_what_another_income_would_change(family, words):
    details = family.get("/plans").dom.find("details", id="how")
    text = words(details)
    assert "What if my income changes?" in text
    assert "$64,800" in text
    assert "$79,200" in text
    assert "Report a change of income" in text
    assert "may qualify for Medicaid or CHIP" in text


def test_children_who_may_have_medicaid_are_told(demo_client, words):
    demo_client.submit(demo_client.get("/"), "/start", zip_code="43215", people="38, 7", income="40000")
    assert "children may qualify for Medicaid or CHIP" in words(demo_client.get("/plans").dom.main)


def test_without_income_prices_are_full_and_the_page_says_what_is_missing(demo_client, cards, words):
    demo_client.submit(demo_client.get("/"), "/start", zip_code="43215", people="38, 7", income="")
    page = demo_client.get("/plans")
    assert "Tell us your income to see a tax credit." in words(page.dom.main)
    assert "Your tax credit is not known yet" in words(cards(page)[SILVER])


def test_a_market_we_do_not_know_whole_gives_no_credit_and_says_so(demo_client, words):
    demo_client.submit(demo_client.get("/"), "/start", zip_code="45875", people="38", income="30000")
    assert "the tax credit is unknown" in words(demo_client.get("/plans").dom.main)


def test_a_quick_quote_says_so(family, words):
    assert "This is a quick quote" in words(family.get("/plans").dom.main)


def test_why_this_price_opens_to_filed_rows(family, cards, words):
    details = next(each for each in cards(family.get("/plans"))[SILVER]("details"))
    text = words(details)
    assert details.summary.text == "Why this price"
    assert len(details.find("tbody")("tr")) == 4 + 3  # people; full price, credit, you pay
    assert "Rate_PUF.csv, row" in text
    assert "Filed rate for age 38" in text


def test_choosing_puts_the_very_plan_into_the_bundle(family, cards, words):
    page = family.get(f"/plans?with={SILVER_VISION}")
    form = cards(page)[SILVER_VISION].find("form")
    fields = {each["name"]: each["value"] for each in form("input")}
    answer = family.follow(family.post(form["action"], fields, token=False))
    assert "Select Silver 4500 + Adult Vision" in words(answer.dom.main)


# Riders


def test_twins_stand_on_one_card_with_a_priced_switch(family, cards, words, dollars):
    found = cards(family.get("/plans"))
    assert SILVER in found
    assert SILVER_VISION not in found
    positions = found[SILVER].find(class_="switch")("a")
    assert [words(each).split(" $")[0] for each in positions] == [
        "No rider",
        "Adult vision",
        "Adult dental and adult vision",
    ]
    base, vision = (dollars(words(each).rsplit("$", 2 if "+" in words(each) else 1)[1]) for each in positions[:2])
    assert f"(+${vision - base})" in words(positions[1])
    assert positions[0]["aria-current"] == "true"


def test_each_position_of_the_switch_is_its_own_filed_plan(family, cards, dollars):
    plain = cards(family.get("/plans"))[SILVER]
    target = plain.find(id=f"rider-{SILVER_BOTH}")["href"]
    found = cards(family.get(target.partition("#")[0]))
    assert SILVER not in found
    assert dollars(net(found[SILVER_BOTH])) > dollars(net(plain))
    assert found[SILVER_BOTH].find("input", attrs={"name": "plan"})["value"] == SILVER_BOTH
    assert found[SILVER_BOTH].h2.a["href"] == f"/plans/{SILVER_BOTH}"


# Filters


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("metal=gold", lambda card: "Gold" in card),
        ("metal=bronze", lambda card: "ronze" in card),
        ("type=EPO", lambda card: "EPO" in card),
        ("metal=gold&metal=silver&type=HMO", lambda card: "HMO" in card and ("Gold" in card or "Silver" in card)),
        ("hsa=y", lambda card: "HSA-qualified" in card),
        ("network=OHN003", lambda card: "Open" in card),
    ],
)
def test_filters_keep_what_was_asked_for(family, cards, words, query, kept):
    everything = cards(family.get("/plans"))
    page = family.get(f"/plans?{query}")
    found = cards(page)
    wanted = {plan_id for plan_id, card in everything.items() if kept(words(card))}
    assert set(found) == wanted
    assert 0 < len(found) < len(everything)
    assert f"{len(found)} of {len(everything)} plans" in words(page.dom.find(id="plan-count"))


def test_amounts_filter_by_what_the_family_pays(family, cards, dollars):
    found = cards(family.get("/plans?most_premium=$300"))
    assert found
    assert all(dollars(net(card)) <= Decimal(300) for card in found.values())


def test_the_highest_deductible_is_the_whole_family_s(family, cards, words, dollars):
    everything = cards(family.get("/plans"))
    found = cards(family.get("/plans?most_deductible=6,600"))
    amounts = {plan_id: words(card).split("(deductible) ")[1].split(" Most ")[0] for plan_id, card in found.items()}
    family_amounts = [dollars(text.partition(", ")[2] or text) for text in amounts.values()]
    assert SILVER in found  # $6,600 for the family
    assert max(family_amounts) == Decimal(6600)
    assert len(found) < len(everything)


def test_a_filter_can_be_taken_off_and_all_of_them(family, words):
    page = family.get("/plans?metal=gold&most_premium=900&sort=deductible")
    chips = {words(chip).split(" ")[0]: chip["href"] for chip in page.dom("a", class_="chip")}
    assert chips["Gold"] == "/plans?most_premium=900&sort=deductible"
    assert chips["Clear"] == "/plans?sort=deductible"
    assert page.dom.find("input", attrs={"name": "metal", "value": "gold"}).has_attr("checked")
    hidden = page.dom.find("input", attrs={"form": "filters", "name": "sort"})
    assert hidden["value"] == "deductible"


def test_an_amount_that_is_none_is_said_beside_its_field(family, words):
    page = family.get("/plans?most_premium=cheap")
    assert "“cheap” is not an amount. Enter dollars, such as 450." in words(page.dom.main)
    assert "22 of 22 plans" in words(page.dom.find(id="plan-count"))


def test_nothing_left_says_how_to_get_plans_back(family, words):
    page = family.get("/plans?most_premium=0.01")
    assert "No plan has all of that" in words(page.dom.main)
    assert page.dom.find("a", string="Clear all filters")


@pytest.mark.parametrize(
    "query", ["page=-3", "page=99", "page=x", "sort=up", "line=life", "metal=tin", "with=..", "plan=x"]
)
def test_an_odd_address_is_no_error(family, query):
    assert family.get(f"/plans?{query}").status == 200


# Pages, parts, other lines, nothing to show


def test_pages_keep_filters_and_order(family, cards, monkeypatch):
    monkeypatch.setattr(listing_module, "CARDS_A_PAGE", 4)
    first = family.get("/plans?type=HMO&sort=deductible")
    following = first.dom.find("a", rel="next")["href"]
    second = family.get(following)
    assert "type=HMO" in following
    assert "sort=deductible" in following
    assert len(cards(first)) == 4
    assert not set(cards(first)) & set(cards(second))


def test_htmx_gets_the_part_that_changes_and_the_count(family):
    part = family.browser.get("/plans?metal=gold", headers={"HX-Request": "true"})
    assert "<html" not in part.text
    assert 'id="plan-count" hx-swap-oob="innerHTML"' in part.text
    whole = family.browser.get(
        "/plans?metal=gold", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )
    assert "<html" in whole.text
    assert whole.text.count('id="plan-count"') == 1


def test_dental_plans_are_a_view_of_the_same_list(family, cards, words):
    page = family.get("/plans?line=dental")
    assert page.h1 == "Dental plans and prices"
    assert DENTAL in cards(page)
    assert "Child check-up" in words(cards(page)[DENTAL])
    assert page.dom.find("input", attrs={"form": "filters", "name": "line"})["value"] == "dental"


def test_where_we_sell_no_medical_plan_the_page_says_so(demo_client, words):
    demo_client.submit(demo_client.get("/"), "/start", zip_code="45701", people="38", income="")
    page = demo_client.get("/plans")
    text = words(page.dom.main)
    assert "We sell no medical plan in Athens County" in text
    assert "The Health Insurance Marketplace of your state shows plans of other companies" in text
    assert page.dom.find("a", string="Change where you live")
    assert "0 of 0" not in text
    assert "taken off" not in text
    assert not page.dom.main("select")


def test_an_income_too_high_is_answered_first_with_who_decides_and_what_now(demo_client, words):
    demo_client.submit(demo_client.get("/"), "/start", zip_code="43215", people="38, 36, 7, 4", income="200000")
    main = demo_client.get("/plans").dom.main
    assert words(main.find(class_="plan-credit")).startswith(
        "No tax credit for you: your income is above 400 percent of the poverty guideline ($132,000 for 4 people)."
    )
    text = words(main)
    assert "The Marketplace decides this, by federal tax rules." in text
    assert "26 CFR 1.36B-2(b)(1)" in words(main.find("details", id="how"))
    assert main.find("a", string="Change the income")["href"] == "/household/address"


def test_an_income_too_low_leads_to_medicaid_and_says_so_right_there(demo_client, words):
    demo_client.submit(demo_client.get("/"), "/start", zip_code="43215", people="38", income="9000")
    main = demo_client.get("/plans").dom.main
    credit = main.find(class_="plan-credit")
    assert words(credit).startswith("No tax credit: your income is below 100 percent of the poverty guideline ($")
    following = [words(each) for each in credit.find_next_siblings("p")[:2]]
    assert "You may qualify for Medicaid: apply at your state first." in following[0]
    assert "The Marketplace decides" in following[0]
    assert "The adults here may qualify for Medicaid" in following[1]


def test_extra_savings_on_silver_are_said_above_the_list_with_a_way_to_them(demo_client, cards, words):
    demo_client.submit(demo_client.get("/"), "/start", zip_code="43215", people="38", income="24000")
    main = demo_client.get("/plans").dom.main
    said = main.find("strong", string="Silver plans give you extra savings: lower deductibles and limits.")
    assert said
    link = main.find("a", string="Show only silver plans")["href"]
    found = cards(demo_client.get(link))
    assert found
    assert all("Extra savings included" in words(card) for card in found.values())


def test_who_has_no_extra_savings_hears_of_none(demo_client, words):
    demo_client.submit(demo_client.get("/"), "/start", zip_code="43215", people="38", income="60000")
    assert "extra savings" not in words(demo_client.get("/plans").dom.main)


def test_the_benchmark_is_named_with_its_issuer(family, words):
    text = words(family.get("/plans").dom.find("details", id="how"))
    assert "The benchmark is plan" not in text
    assert "(plan 99" in text


@pytest.mark.parametrize("path", ["/plans", "/plans/compare", f"/plans/{SILVER}"])
def test_without_a_household_the_page_asks_for_one(demo_client, words, path):
    page = demo_client.get(path)
    assert "One thing first" in words(page.dom.main)
    assert page.dom.main.find("a", string="Go there")["href"] == "/"


def test_a_split_zip_code_leads_to_the_county_question(demo_client):
    demo_client.submit(demo_client.get("/"), "/start", zip_code="43016", people="38", income="")
    assert demo_client.get("/plans").dom.main.find("a", string="Go there")["href"] == "/household/county"


def test_the_people_of_a_note_are_told_apart(family, words):
    text = words(family.get("/plans").dom.main)
    assert "You (38), Spouse (36), Child (7) and Child (4): we took it that there is no other offer" in text
