"""The builder's pages as a browser without scripts sees them: choose, break a rule, mend it, undo, save."""

import re

import pytest

from portal.builder import operations
from tests.portal.builder.conftest import BRONZE, GOLD
from tests.portal.conftest import PageClient

FIXED_PAYMENT = {"accident", "critical_illness", "hospital_indemnity"}


def lines_of(builder):
    return [link["href"].rpartition("/")[2] for link in builder.page().dom.select(".builder-line a")]


def test_an_empty_builder_says_what_to_do(builder):
    page = builder.page()
    assert page.h1 == "Your bundle"
    assert "Nothing is in it yet" in page.text
    assert "0 of 11 steps decided" in page.text
    assert page.dom.find("a", href="/builder")["aria-current"] == "page"


def test_without_a_household_the_builder_asks_for_one(builder_app):
    nobody = PageClient(builder_app)
    assert "/" in [link["href"] for link in nobody.get("/builder").dom.main("a")]
    assert nobody.post("/builder/vision", {"option": "none"}).location == "/"


def test_every_line_opens_with_nothing_chosen_and_no_thanks_beside_the_rest(builder):
    lines = lines_of(builder)
    assert len(lines) == 11
    for line in lines:
        page = builder.page(line)
        assert not page.dom.select(".option--chosen"), line
        assert not page.dom.select("input[type=radio][checked]"), line
        thanks = page.dom.find("button", value="none")
        choices = [each for each in page.dom("button", attrs={"name": "option"}) if each["value"] != "none"]
        assert thanks["form"] == "apply", line
        assert all(each["class"] == thanks["class"] for each in choices), line
        assert ("pays a fixed amount" in page.text) == (line in FIXED_PAYMENT), line


def test_choose_break_a_rule_and_mend_it(builder):
    assert builder.choose("medical", GOLD).location == "/builder/medical"
    assert builder.choose("hsa", "LW-HSA-STD").status == 303
    page = builder.page("hsa")
    violation = page.dom.select_one(".violation")
    assert "needs a high-deductible, bronze or catastrophic medical plan" in violation.text
    assert "26 USC 223(c)(2)(H)" in violation.text
    assert {link["href"] for link in violation("a")} == {"/builder/medical", "/builder/hsa"}
    assert "1 thing to mend" in page.text
    builder.choose("medical", BRONZE)
    page = builder.page()
    assert re.search(r"Nothing is broken; \d questions open", page.dom.find(id="basket-total").text)
    assert not page.dom.select(".violation")


def test_a_step_asks_for_what_it_needs_instead_of_being_closed(builder):
    option = builder.page("hsa").dom.find(id="option-LW-HSA-STD")
    assert "This needs something more" in option.text
    assert option.find("button", attrs={"name": "option"})
    builder.choose("medical", GOLD)
    option = builder.page("hsa").dom.find(id="option-LW-HSA-STD")
    assert "Does not go with your bundle as it is" in option.text
    assert option.find("button", attrs={"name": "option"})


def test_what_these_people_cannot_have_stays_visible_with_the_reason(builder):
    kids = builder.page("vision").dom.find(id="option-LW-VIS-KID")
    assert kids.find("button", disabled=True)
    assert not kids.find("button", attrs={"name": "option"})
    assert "Where this is written" in kids.text


def test_a_closed_option_shows_for_whom_it_would_be_open(builder):
    page = builder.page("dental")
    closed = page.dom.select_one(".option--closed")
    others = [each["value"] for each in closed.find("form")("input", attrs={"name": "covered"})]
    again = builder.page("dental", covered=others).dom.find(id=closed["id"])
    assert len(others) == 2
    assert again.find("button", attrs={"name": "option"})


def test_prices_differences_and_totals_agree(builder):
    builder.choose("medical", GOLD)
    card = builder.page("vision").dom.find(id="option-LW-VIS-PLU")
    price = re.search(r"\$([\d.]+)", card.select_one(".option-price .money").text).group(1)
    assert f"+${price} a month" in card.text
    medical = float(builder.total.split()[0].strip("$"))
    builder.choose("vision", "LW-VIS-PLU")
    assert builder.total == f"${medical + float(price):.2f} a month"
    assert "Your total" not in builder.page("vision").dom.find(id="option-LW-VIS-PLU").text
    without = builder.page().dom.select_one(".basket-totals dd").text.strip()
    assert without == f"${medical:.2f}"


def test_an_add_on_changes_nothing_in_the_price_of_the_medical_plan(builder):
    builder.choose("medical", GOLD)
    before = builder.page("medical").dom.select_one("section.sheet .money").text
    for line, option in (("accident", "LW-ACC-PLU"), ("telehealth", "LW-TEL-STD"), ("vision", "LW-VIS-PRE")):
        builder.choose(line, option)
    assert builder.page("medical").dom.select_one("section.sheet .money").text == before


def test_another_option_takes_the_place_of_the_first(builder):
    builder.choose("vision", "LW-VIS-ESS")
    builder.choose("vision", "LW-VIS-PLU")
    assert builder.bundle == ["Vision Plus"]
    assert builder.chosen("vision") == ["LW-VIS-PLU"]


def test_no_thanks_is_an_answer_of_its_own(builder):
    builder.choose("vision", "LW-VIS-PLU")
    builder.choose("vision", "none")
    assert builder.bundle == []
    assert "This is your answer now" in builder.page("vision").text
    assert "1 of 11 steps decided" in builder.page().text


def test_each_policy_leaves_on_its_own(builder):
    for line, option in (("medical", GOLD), ("vision", "LW-VIS-PLU"), ("accident", "LW-ACC-BAS")):
        builder.choose(line, option)
    assert builder.send("/builder/vision/remove").location == "/builder"
    assert builder.bundle == ["Select Gold 1500", "Accident Basic"]


def test_undo_goes_back_step_by_step(builder):
    builder.choose("medical", GOLD)
    builder.choose("vision", "LW-VIS-PLU")
    builder.send("/builder/clear")
    assert builder.bundle == []
    builder.send("/builder/undo")
    assert len(builder.bundle) == 2
    builder.send("/builder/undo")
    assert builder.bundle == ["Select Gold 1500"]
    builder.send("/builder/undo")
    assert builder.bundle == []
    assert not builder.page().dom.find(id="undo")


def test_the_way_back_is_bounded(builder, monkeypatch):
    monkeypatch.setattr(operations, "LONGEST_HISTORY", 3)
    for option in ("LW-VIS-PLU", "LW-VIS-ESS", "LW-VIS-PLU", "LW-VIS-ESS", "LW-VIS-PLU"):
        builder.choose("vision", option)
    kept = [[choice.option_id for choice in picks.choices] for picks in builder.draft().history]
    assert kept == [["LW-VIS-ESS"], ["LW-VIS-PLU"], ["LW-VIS-ESS"]]


def test_the_same_choice_again_is_no_change(builder):
    builder.choose("vision", "LW-VIS-PLU")
    version = builder.draft().version
    builder.choose("vision", "LW-VIS-PLU")
    assert builder.draft().version == version


def ticked(page):
    return [box["value"] for box in page.dom.find(id="people")("input", attrs={"name": "covered"}, checked=True)]


def test_people_who_can_have_it_are_ticked_beforehand(builder):
    everybody = ticked(builder.page("vision"))
    assert len(everybody) == 4
    assert ticked(builder.page("wellness")) == everybody[:2]
    assert ticked(builder.page("hsa")) == everybody[:1]


def test_only_people_whom_a_line_can_cover_are_offered(builder):
    everybody = ticked(builder.page("vision"))

    def asked_for(line):
        return [box["value"] for box in builder.page(line).dom.find(id="people")("input", attrs={"name": "covered"})]

    assert asked_for("hsa") == everybody[:1]
    assert asked_for("wellness") == everybody[:2]
    assert asked_for("vision") == everybody
    builder.change_person(everybody[0], birth_date="4/12/1950")
    assert asked_for("hsa") == ticked(builder.page("hsa")) == everybody[:1]


@pytest.mark.parametrize(
    ("line", "own", "no_thanks"),
    [
        ("hsa", "An account of its own", "I do not want a health savings account."),
        ("telehealth", "A service of its own", "I do not want telehealth visits from here."),
        ("vision", "A policy of its own", "I do not want vision cover from here."),
    ],
)
def test_a_line_is_called_what_it_is(builder, line, own, no_thanks):
    text = builder.page(line).text
    assert own in text
    assert no_thanks in text
    assert ("policy of its own" in text) == (line == "vision")


def test_an_underwriter_who_looks_at_the_application_is_announced(builder):
    page = builder.page("critical_illness")
    answers = builder.health(CRI_1="no", CRI_2="yes")
    assert builder.choose("critical_illness", "LW-CRI-20", page, **answers).status == 303
    assert "An underwriter, a person at the issuer, will look at the application of You (38)" in builder.page().text
    builder.choose("critical_illness", "none")
    fields = builder.hidden(builder.page("critical_illness")) | {"option": "LW-CRI-20"} | answers
    path = "/builder/critical_illness"
    swapped = builder.client.post(path, fields, token=False, headers={"HX-Request": "true"})
    assert "An underwriter" in swapped.dom.find(id="step").text
    assert "An underwriter" not in builder.page().text


def test_a_child_can_have_the_policy_that_is_filed_for_children_alone(builder):
    kids = builder.page("vision").dom.find(id="option-LW-VIS-KID")
    form = kids.find("form")
    others = [each["value"] for each in form("input", attrs={"name": "covered"})]
    assert "See it for Child (7) only" in form.text
    page = builder.page("vision", covered=others)
    assert builder.choose("vision", "LW-VIS-KID", page).status == 303
    assert builder.bundle == ["Vision Kids"]


def test_prices_for_other_people_before_and_after_a_choice(builder):
    everybody = ticked(builder.page("vision"))
    page = builder.page("vision", covered=everybody[:2])
    assert ticked(page) == everybody[:2]
    builder.choose("vision", "LW-VIS-PLU", page)
    assert builder.draft().picks.choices[0].covered == tuple(everybody[:2])
    fields = builder.hidden(builder.page("vision"), "people") | {"covered": everybody[:3]}
    assert builder.client.post("/builder/vision/people", fields, token=False).status == 303
    assert builder.draft().picks.choices[0].covered == tuple(everybody[:3])


def test_a_rider_is_a_priced_switch(builder):
    builder.choose("vision", "LW-VIS-PRE")
    before = builder.total
    page = builder.page("vision")
    rider = page.dom.find(id="rider-LW-VIS-PAIR").find_parent("form")
    fields = {each["name"]: each["value"] for each in rider("input")}
    builder.client.post("/builder/vision", fields, token=False)
    assert builder.draft().picks.choices[0].riders == ("LW-VIS-PAIR",)
    assert builder.total != before
    off = builder.page("vision").dom.find(id="rider-LW-VIS-PAIR").find_parent("form")
    assert not off("input", attrs={"name": "riders"})


def test_health_questions_come_first_and_are_not_kept(builder):
    page = builder.page("critical_illness")
    names = {each["name"] for each in page.dom.select(".health-questions input")}
    answers = builder.health(CRI_1="no", CRI_2="no")
    assert names == set(answers)
    assert all(each.text.strip().startswith("You (38): ") for each in page.dom.select(".health-questions legend"))
    assert builder.choose("critical_illness", "LW-CRI-20", **answers).status == 303
    assert not builder.page("critical_illness").dom.select(".health-questions input[checked]")


def test_the_guaranteed_amount_needs_no_health_questions(builder):
    assert builder.choose("critical_illness", "LW-CRI-10").status == 303


def test_each_person_has_a_face_amount(builder):
    text = builder.page("life").dom.find(id="option-LW-LIF-50").select_one(".face-amounts").text
    assert "You (38): $50,000" in text
    assert "Spouse (36): $25,000" in text
    assert "Child (7): $5,000" in text


def test_the_rules_ask_right_there_and_listen(builder):
    builder.choose("medical", BRONZE)
    builder.choose("hsa", "LW-HSA-STD")
    page = builder.page()
    assert "Do you or your spouse have a general health flexible spending account" in page.text
    builder.send("/builder/answer", page, **{"fact-general_fsa": "yes", "fact-other_medical_cover": "no"})
    page = builder.page()
    assert "26 USC 223(c)(1)(A)" in page.dom.select_one(".violation").text
    assert page.dom.find(id="told-fact-general_fsa-0").has_attr("checked")
    fields = {"fact-general_fsa": "no", "fact-other_medical_cover": "no"}
    assert builder.send("/builder/answer", page, **fields).location == "/builder"
    assert "Nothing is broken" in builder.page().text


def test_everything_fits_only_when_nothing_is_open(builder):
    builder.choose("medical", BRONZE)
    assert "Everything fits" in builder.page().text
    builder.choose("hsa", "LW-HSA-STD")
    page = builder.page()
    assert "Everything fits" not in page.text
    asked = {each["name"] for each in page.dom.select(".questions [name^=fact-]")}
    link = page.dom.select_one(".open-facts a")
    assert f"{len(asked) + 1} questions open" in page.text
    assert "Whether you have Medicare" in page.dom.select_one(".open-facts").text
    person, _, field = link["href"].partition("#")
    assert builder.client.get(person).dom.find(id=field)
    applicant = person.rpartition("/")[2]
    builder.send("/builder/answer", page, **{each: "0" if each.endswith("fee") else "no" for each in asked})
    assert "1 question open" in builder.page().text
    builder.change_person(applicant, medicare="no", birth_date="4/12/1988")
    assert "Everything fits" in builder.page().text


def test_an_answer_can_close_an_option_for_certain(builder):
    builder.choose("medical", BRONZE)
    builder.choose("hsa", "LW-HSA-STD")
    builder.send("/builder/answer", **{"fact-general_fsa": "yes"})
    builder.send("/builder/hsa/remove")
    option = builder.page("hsa").dom.find(id="option-LW-HSA-STD")
    assert "Not possible for the people shown" in option.text
    assert option.find("button", disabled=True)


@pytest.mark.parametrize("line", ["medical", "vision"])
def test_a_change_answers_a_script_with_the_pieces_that_moved(builder, line):
    option = {"medical": GOLD, "vision": "LW-VIS-PLU"}[line]
    fields = builder.hidden(builder.page(line)) | {"option": option}
    answer = builder.client.post(f"/builder/{line}", fields, token=False, headers={"HX-Request": "true"})
    assert answer.status == 200
    assert "<html" not in answer.text
    assert answer.dom.find(id="step")
    assert {each["id"] for each in answer.dom(attrs={"hx-swap-oob": True})} == {
        "basket-total",
        "basket-body",
        "basket-live",
    }
    version = {each["value"] for each in answer.dom("input", attrs={"name": "version"})}
    assert version == {str(builder.draft().version)}


def test_the_total_is_announced_politely(builder):
    live = builder.page().dom.find(id="basket-live")
    assert (live["role"], live["aria-live"]) == ("status", "polite")


def test_the_basket_says_what_pays_a_fixed_amount(builder):
    builder.choose("accident", "LW-ACC-BAS")
    builder.choose("vision", "LW-VIS-PLU")
    lines = builder.page().dom.select(".basket-line")
    assert ["Not comprehensive cover" in line.text for line in lines] == [False, True]


def test_rates_open_to_where_they_are_filed(builder):
    builder.choose("vision", "LW-VIS-PLU")
    card = builder.page("vision").dom.find(id="option-LW-VIS-PLU")
    assert "option_rates.csv, row" in card.text or "rates.csv, row" in card.text
