"""Riders as a switch, up to five plans side by side, and the page of one plan."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import steps

pytestmark = pytest.mark.browser


def test_a_rider_is_a_switch_with_its_price(anybody):
    page = anybody.page
    steps.price(page, anybody.site.url)
    card = page.locator(".plan-card:has(.switch)").first
    name = card.locator(".card-title").inner_text()
    before = steps.dollars(card.locator(".money--large").inner_text())
    other = card.locator(".switch-position:not([aria-current])").first
    stated = steps.dollars(other.inner_text())
    chosen = other.get_attribute("id")
    other.click()
    switched = page.locator(f"#{chosen}")
    expect(switched).to_have_attribute("aria-current", "true")
    card = page.locator(".plan-card").filter(has=switched)
    assert steps.dollars(card.locator(".money--large").inner_text()) == stated != before
    assert card.locator(".card-title").inner_text() != name or stated != before
    if anybody.scripts:
        expect(switched).to_be_focused()


def test_three_plans_side_by_side_then_only_where_they_differ(anybody):
    page = anybody.page
    steps.price(page, anybody.site.url)
    names = steps.tick_to_compare(page, 3)
    side_by_side = page.locator("#comparison, .compare-narrow").locator("visible=true")
    for name in names:
        expect(side_by_side.get_by_role("link", name=name, exact=True)).to_be_visible()
    table = page.locator("#comparison")
    assert table.locator("thead th[scope=col]").count() == 4
    rows = table.locator("tbody th[scope=row]").count()
    page.get_by_role("link", name="Only differences").click()
    expect(page.locator("main")).to_contain_text("rows that are alike are hidden")
    left = table.locator("tbody th[scope=row]").count()
    assert 0 < left < rows
    for row in table.locator("tbody tr:not(.group-row)").all():
        assert len(set(row.locator("td").all_text_contents())) > 1
    page.go_back()
    expect(page.get_by_role("link", name="Only differences")).to_be_visible()


def test_a_comparison_for_a_spreadsheet(visitor):
    page = visitor.page
    steps.price(page, visitor.site.url)
    names = steps.tick_to_compare(page, 2)
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("CSV")).click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    assert waiting.value.suggested_filename.endswith(".csv")
    assert all(name in text for name in names)


def test_the_page_of_a_plan_repeats_the_price_of_the_list(anybody):
    page = anybody.page
    steps.price(page, anybody.site.url)
    card = page.locator(".plan-card:not(.plan-card--closed)").nth(2)
    listed = steps.dollars(card.locator(".money--large").inner_text())
    card.locator(".card-title a").click()
    expect(page.get_by_role("heading", name="What it costs you")).to_be_visible()
    assert steps.dollars(page.locator("main .money--large").first.inner_text()) == listed
    assert (
        steps.dollars(steps.open_disclosure(page, "Why this price").get_by_text("You pay").locator("..").inner_text())
        == listed
    )
    for heading in ("What you may not like", "Deductibles and limits", "What it covers and what you pay"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.go_back()
    expect(page.locator("h1")).to_have_text("Plans and prices")
