"""What people do on the pages, step by step: each function does one thing and waits until it has happened."""

import re
from decimal import Decimal

from playwright.sync_api import Locator, Page, expect

FAMILY = {"zip_code": "43215", "people": "38, 36, 7, 4", "income": "72000"}
SPLIT_ZIP = "43016"
INCOMPLETE_MARKET = "45875"
NOTHING_SOLD = "45701"
_DOLLARS = re.compile(r"\$([\d,]+\.\d\d)")


def price(page: Page, url: str, **fields: str) -> None:
    """Send the landing page's three fields; a family of four by default."""
    page.goto(url)
    for name, value in (FAMILY | fields).items():
        page.fill(f"main input[name={name}]", value)
    page.get_by_role("button", name="See plans and prices").click()
    page.wait_for_load_state()


def cards(page: Page) -> Locator:
    """The plans on the list."""
    return page.locator(".plan-cards > li")


def count(page: Page) -> int:
    """How many plans the list says it has."""
    return int(re.search(r"\d+", page.locator("#plan-count").inner_text())[0])


def expect_count(page: Page, number: int) -> None:
    """Wait until the list says that it has so many plans."""
    expect(page.locator("#plan-count")).to_contain_text(re.compile(rf"^\s*{number}\b"))


def dollars(text: str) -> Decimal:
    """The first amount with cents of a text."""
    return Decimal(_DOLLARS.search(text)[1].replace(",", ""))


def prices(page: Page) -> list[Decimal]:
    """What each plan that can be bought costs a month, as listed."""
    priced = page.locator(".plan-card:not(.plan-card--closed) .plan-price .money--large")
    return [dollars(text) for text in priced.all_inner_texts()]


def open_disclosure(scope: Page | Locator, words: str) -> Locator:
    """Open what answers to `words`; returns it."""
    page = scope if isinstance(scope, Page) else scope.page
    found = scope.locator("details").filter(has=page.get_by_text(words, exact=True)).first
    if found.get_attribute("open") is None:
        found.locator("summary").first.click()
    expect(found).to_have_attribute("open", "")
    return found


def sideways(page: Page) -> list[str]:
    """What sticks out of the window; empty where nobody must scroll sideways."""
    return page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= wide) return [];
          return [...document.querySelectorAll("body *")]
            .filter(each => each.getBoundingClientRect().right > wide + 1)
            .slice(-5).map(each => each.outerHTML.slice(0, 120));
        }"""
    )
