"""Everything by keyboard alone, at a desk."""

import pytest
from playwright.sync_api import expect

from tests.browser import steps

pytestmark = pytest.mark.browser
FAR = 80


def tab_to(page, locator):
    """Press Tab until the element has the focus; each stop on the way must show where it is."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if locator.evaluate("each => each === document.activeElement"):
            return
    pytest.fail(f"{locator} was not reached in {FAR} stops")


def test_from_the_first_page_to_a_plan_in_the_bundle(visitor):
    page = visitor.page
    page.goto(visitor.site.url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for name, value in steps.FAMILY.items():
        field = page.locator(f"main input[name={name}]")
        tab_to(page, field)
        page.keyboard.type(value)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Plans and prices")

    card = page.locator(".plan-card").first
    why = card.locator("summary", has_text="Why this price")
    tab_to(page, why)
    outline = why.evaluate("each => getComputedStyle(each).outlineStyle + getComputedStyle(each).outlineWidth")
    assert outline == "solid3px"
    page.keyboard.press("Enter")
    expect(card.get_by_text("You pay", exact=True)).to_be_visible()
    name = card.locator(".card-title").inner_text()
    tab_to(page, card.get_by_role("button", name=f"Choose {name}"))
    page.keyboard.press("Enter")
    expect(page.locator("aside.basket")).to_contain_text(name)


def test_a_filter_keeps_the_focus_and_says_how_many_are_left(visitor):
    page = visitor.page
    steps.price(page, visitor.site.url)
    filters = steps.open_disclosure(page, "Filter the plans")
    filters.get_by_label("Gold", exact=True).check()
    show = filters.get_by_role("button", name="Show these plans")
    show.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#plan-list")).to_contain_text("take this filter off")
    expect(page.get_by_role("status").filter(has_text="plans")).to_be_visible()
    expect(show).to_be_focused()
