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
    """Open what answers to `words`; returns it.

    Waits for the page's scripts first: one of them opens the basket on wide screens, and a click at the same moment
    would close it again.
    """
    page = scope if isinstance(scope, Page) else scope.page
    page.wait_for_load_state("load")
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


def basket(page: Page) -> Locator:
    """The basket, open: beside the page, or the bar at the bottom of a phone."""
    return open_disclosure(page.locator("aside.basket"), "Your bundle")


def bundle_total(page: Page) -> Decimal:
    """What the whole bundle costs a month, as the bar of the basket says."""
    return dollars(page.locator("#basket-total").inner_text())


def choose_medical(page: Page, url: str, metal: str) -> str:
    """Choose the cheapest medical plan of a metal level that can be bought, on the list; returns its name."""
    page.goto(f"{url}/plans?metal={metal}&buyable=y")
    card = page.locator(".plan-card:not(.plan-card--closed)").first
    name = card.locator(".card-title").inner_text()
    card.get_by_role("button", name=re.compile("^Choose")).click()
    expect(page.locator("aside.basket")).to_be_visible()
    expect(basket(page)).to_contain_text(name)
    return name


def choose_option(page: Page, url: str, line: str, words: str = "") -> str:
    """Choose the first option of a line whose name has the words; returns its name. Waits for the basket."""
    page.goto(f"{url}/builder/{line}")
    card = (
        page.locator(".option:not(.option--closed)")
        .filter(has=page.locator("h3", has_text=words or re.compile("^(?!No thanks)")))
        .first
    )
    name = card.locator("h3").inner_text()
    card.get_by_role("button", name=re.compile("^Choose")).click()
    expect(page.locator(".option--chosen h3")).to_have_text(name)
    expect(page.locator("#basket-body")).to_contain_text(name)
    return name


def answer_questions(page: Page) -> None:
    """Say no, or none, to what the rules still ask, if they ask."""
    if not page.locator("#answers-send").count():
        return
    asked = basket(page).locator("form.questions").filter(has=page.locator("#answers-send"))
    for group in asked.get_by_role("group").all():
        group.get_by_label("No", exact=True).check()
    for amount in asked.locator("input[type=text]").all():
        amount.fill("0")
    asked.locator("#answers-send").click()
    expect(page.locator("#answers-send")).to_have_count(0)


def save_bundle(page: Page, name: str) -> None:
    """Save what is in the basket; the page of the saved bundle opens."""
    bundle = basket(page)
    bundle.get_by_label("Name of this bundle").fill(name)
    bundle.get_by_role("button", name="Save this bundle").click()
    page.wait_for_url(re.compile("/saved/"))


def tick_to_compare(page: Page, number: int) -> list[str]:
    """Tick the first plans of the list and go to the comparison; returns their names."""
    chosen = page.locator(".plan-card:not(.plan-card--closed)")
    names = [chosen.nth(place).locator(".card-title").inner_text() for place in range(number)]
    for place in range(number):
        chosen.nth(place).get_by_label(re.compile("^Compare")).check()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.locator("h1")).to_have_text("Compare plans")
    return names
