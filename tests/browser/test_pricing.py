"""The way from three fields to a price that explains itself, with and without scripts, narrow and wide."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import steps

pytestmark = pytest.mark.browser


def test_a_family_finds_its_prices_filters_them_and_asks_why(anybody):
    page = anybody.page
    steps.price(page, anybody.site.url)
    expect(page.locator("h1")).to_have_text("Plans and prices")
    everything = steps.count(page)
    assert everything > 20
    assert steps.cards(page).count() == min(25, everything)
    assert steps.prices(page) == sorted(steps.prices(page))

    filters = steps.open_disclosure(page, "Filter the plans")
    filters.get_by_label("Gold", exact=True).check()
    filters.get_by_role("button", name="Show these plans").click()
    page.wait_for_url(re.compile("metal=gold", re.IGNORECASE))
    expect(page.locator(".plan-cards .metal").first).to_contain_text("Gold")
    assert 0 < steps.count(page) < everything
    assert {words.strip() for words in page.locator(".plan-cards .metal").all_inner_texts()} == {"Gold"}

    first = steps.cards(page).first
    why = steps.open_disclosure(first, "Why this price")
    rows = why.locator("tbody tr")
    people = [row for row in rows.all_inner_texts() if re.match(r"\S", row)]
    assert len(people) >= 4
    expect(why).to_contain_text("You pay")
    paid = steps.dollars(rows.filter(has_text="You pay").inner_text())
    assert paid == steps.prices(page)[0]

    page.go_back()
    steps.expect_count(page, everything)
    expect(page.locator("h1")).to_have_count(1)


def test_only_plans_for_a_savings_account(anybody):
    page = anybody.page
    steps.price(page, anybody.site.url)
    everything = steps.count(page)
    filters = steps.open_disclosure(page, "Filter the plans")
    filters.get_by_label(re.compile("HSA")).check()
    filters.get_by_role("button", name="Show these plans").click()
    page.wait_for_url(re.compile("hsa="))
    expect(page.locator("#plan-list")).to_contain_text("take this filter off")
    assert 0 < steps.count(page) < everything
    kickers = page.locator(".plan-cards .card-kicker").all_inner_texts()
    assert all("HSA-qualified" in words for words in kickers)
