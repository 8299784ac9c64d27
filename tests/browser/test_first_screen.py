"""The plan list answers on its first screen: a price is in sight before anybody scrolls, soon under the keyboard."""

import pytest

from tests.browser import steps

pytestmark = pytest.mark.browser

MOST_TABS = 18  # the seven links of the letterhead, then the few controls of the list
_IN_A_CARD = "() => Boolean(document.activeElement.closest('.plan-card'))"
_UNDER_THE_BAR = """() => {
  const focused = document.activeElement.getBoundingClientRect();
  return focused.bottom > document.querySelector('.compare-bar').getBoundingClientRect().top + 1;
}"""


def test_the_first_price_is_on_the_first_screen(anybody):
    page = anybody.page
    steps.price(page, anybody.site.url)
    price = steps.cards(page).first.locator(".money--large").bounding_box()
    assert price["y"] + price["height"] <= page.viewport_size["height"]


def test_the_keyboard_is_soon_at_the_first_plan(anybody):
    page = anybody.page
    steps.price(page, anybody.site.url)
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate(_IN_A_CARD):
            return
    pytest.fail(f"no plan is reached within {MOST_TABS} steps of the Tab key")


def test_nothing_in_focus_hides_under_the_compare_bar(visitor):
    page = visitor.page
    steps.price(page, visitor.site.url)
    steps.cards(page).first.get_by_label("Compare").check()
    for _ in range(8):
        page.keyboard.press("Tab")
        page.wait_for_function(f"!({_UNDER_THE_BAR})()")
