"""Where people live and who they are: county question, another person, mistakes, many people, long names."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import steps

pytestmark = pytest.mark.browser
EMOJI = "👩‍👩‍👧‍👦" * 43  # 301 code points
TWELVE = "44, 43, 24, 22, 19, 17, 15, 12, 9, 7, 4, 1"


def test_a_zip_code_in_several_counties_asks_which(anybody):
    page = anybody.page
    steps.price(page, anybody.site.url, zip_code=steps.SPLIT_ZIP)
    expect(page.locator("h1")).to_have_text("Which county do you live in?")
    counties = page.get_by_role("radio")
    assert counties.count() > 1
    page.get_by_role("button", name="Continue to plans").click()
    expect(page.locator("#error-summary")).to_contain_text("Choose your county")
    if not anybody.scripts:  # without scripts, going back to a sent form is the browser's own question
        page.goto(f"{anybody.site.url}/household/county")
    wanted = page.locator("main .ds-c-choice-wrapper label").first.inner_text()
    page.get_by_label(wanted, exact=True).check()
    page.get_by_role("button", name="Continue to plans").click()
    expect(page.locator("main .lead")).to_contain_text(wanted)
    assert steps.count(page) > 0
    page.go_back()
    expect(page.locator("h1")).to_have_text("Which county do you live in?")


def test_a_wrong_birth_date_is_named_and_then_mended(anybody):
    page = anybody.page
    steps.price(page, anybody.site.url)
    page.get_by_role("navigation").get_by_role("link", name="Your household").click()
    page.get_by_role("link", name="Add a person").click()
    page.fill("input[name=name]", "Noor")
    page.fill("input[name=birth_date]", "31/12/2019")
    page.get_by_role("button", name="Save").click()
    summary = page.locator("#error-summary")
    expect(summary).to_contain_text("31/12/2019")
    if anybody.scripts:
        expect(summary).to_be_focused()
    expect(page.locator("input[name=name]")).to_have_value("Noor")
    field = page.locator("input[name=birth_date]")
    expect(field).to_have_attribute("aria-invalid", "true")
    summary.get_by_role("link").first.click()
    expect(field).to_be_focused()
    field.fill("12/31/2019")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("Your household")
    expect(page.locator("main tbody tr")).to_have_count(5)
    expect(page.get_by_role("table")).to_contain_text("December 31, 2019")
    page.get_by_role("link", name="See plans and prices").click()
    expect(page.locator("main .lead")).to_contain_text("5 people")


def test_mistakes_on_the_first_page_come_back_with_what_was_typed(anybody):
    page = anybody.page
    steps.price(page, anybody.site.url, zip_code="4321", people="38, soon")
    summary = page.locator("#error-summary")
    expect(summary).to_contain_text("ZIP")
    expect(summary).to_contain_text("“soon”")
    if anybody.scripts:
        expect(summary).to_be_focused()
    expect(page.locator("main input[name=people]")).to_have_value("38, soon")
    expect(page.locator("main input[name=income]")).to_have_value("72000")


def test_where_nothing_is_sold_the_page_says_who_decided(visitor):
    page = visitor.page
    steps.price(page, visitor.site.url, zip_code=steps.NOTHING_SOLD)
    expect(page.locator("main")).to_contain_text(re.compile("We (sell|have) no|do not sell"))


def test_going_back_never_asks_to_send_again(visitor):
    page = visitor.page
    steps.price(page, visitor.site.url, zip_code="4321")
    expect(page.locator("#error-summary")).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="Help").click()
    expect(page.locator("h1")).to_have_text("Help")
    page.go_back()
    expect(page.locator("h1")).to_have_text("What would health cover cost you?")
    page.go_forward()
    expect(page.locator("h1")).to_have_text("Help")


def test_twelve_people_have_a_price(anybody):
    page = anybody.page
    steps.price(page, anybody.site.url, people=TWELVE)
    expect(page.locator("main .lead")).to_contain_text("12 people")
    why = steps.open_disclosure(steps.cards(page).first, "Why this price")
    assert why.locator("tbody tr:not(.total)").count() >= 12
    assert not steps.sideways(page)


def test_a_name_of_three_hundred_signs_breaks_no_page(anybody):
    page = anybody.page
    steps.price(page, anybody.site.url)
    page.goto(f"{anybody.site.url}/household/people/new")
    page.fill("input[name=name]", EMOJI)
    page.fill("input[name=birth_date]", "4/12/2015")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("Your household")
    row = page.get_by_role("rowheader").filter(has_text="👩").inner_text()
    assert 0 < len(row) < len(EMOJI)
    for path in ("/household", "/plans?metal=platinum"):
        page.goto(anybody.site.url + path)
        assert not steps.sideways(page)


def test_two_tabs_see_both_versions(anybody):
    page = anybody.page
    steps.price(page, anybody.site.url)
    page.goto(f"{anybody.site.url}/household/address")
    other = anybody.another_tab()
    other.goto(page.url)
    _send_income(other, "50000")
    expect(other.locator("h1")).to_have_text("Your household")
    _send_income(page, "90000")
    expect(page.locator("h1")).to_have_text("Somebody changed this in the meantime")
    expect(page.get_by_role("row", name="Income")).to_have_text(re.compile(r"\$90,000\.00.*\$50,000\.00"))
    expect(page.locator("main tbody tr")).to_have_count(1)
    page.get_by_role("button", name="Save what I sent instead").click()
    expect(page.locator("h1")).to_have_text("Your household")
    expect(page.locator("main")).to_contain_text("$90,000")


def _send_income(page, income):
    page.fill("input[name=income]", income)
    page.get_by_role("button", name="Save").click()
