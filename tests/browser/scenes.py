"""The pages in the states that people meet them in: every accessibility check and every picture is taken of these.

A scene is a name, who looks, and how to get there. Whoever is a `family` has priced a household of four; a `chooser`
is such a family with a bundle that fits, a `breaker` one whose bundle breaks a rule; a `member` is the demo's signed-in
person with a saved bundle; a `stranger` has sent nothing yet. Only strangers and members change anything.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, expect

from portal.commands.seed import PEOPLE
from portal.web.permissions import Role
from tests.browser import steps
from tests.browser.demo_site import Site
from tests.browser.visits import visiting

STRANGER, FAMILY, MEMBER, CHOOSER, BREAKER = "stranger", "family", "member", "chooser", "breaker"
Arrange = Callable[[Page, str], None]


@dataclass(frozen=True)
class Scene:
    """One state of one page; `arrange(page, url of the site)` leads there from anywhere."""

    name: str
    who: str
    arrange: Arrange


def at(path: str) -> Arrange:
    """A page that an address alone leads to."""
    return lambda page, url: page.goto(url + path) and None


def _mistaken_start(page: Page, url: str) -> None:
    steps.price(page, url, zip_code="432", people="38, soon", income="a lot")


def _priced(**fields: str) -> Arrange:
    """What the landing page leads to for other people."""
    return lambda page, url: steps.price(page, url, **fields)


def _few_plans(**fields: str) -> Arrange:
    """The list as other people see it, cut to one metal level: what differs stands above the cards."""

    def arrange(page: Page, url: str) -> None:
        steps.price(page, url, **fields)
        page.goto(url + "/plans?metal=platinum&metal=catastrophic")

    return arrange


def _everything_open(path: str) -> Arrange:
    def arrange(page: Page, url: str) -> None:
        page.goto(url + path)
        for summary in page.locator("main details:not([open]) > summary").all():
            if summary.is_visible():
                summary.click()

    return arrange


def _compared(number: int, differences: str = "") -> Arrange:
    def arrange(page: Page, url: str) -> None:
        page.goto(url + "/plans")
        ids = [box.get_attribute("value") for box in page.locator("input[name=plan]").all()[:number]]
        page.goto(url + "/plans/compare?" + "&".join(f"plan={each}" for each in ids) + differences)

    return arrange


def _plan_named(words: str) -> Arrange:
    def arrange(page: Page, url: str) -> None:
        page.goto(url + "/plans")
        page.locator(".card-title a", has_text=re.compile(words)).first.click()
        expect(page.locator("h1")).to_contain_text(re.compile(words))

    return arrange


def _closed_plan(page: Page, url: str) -> None:
    page.goto(url + "/plans")
    page.locator(".plan-card--closed .card-title a").first.click()
    page.wait_for_load_state()


def _wrong_person(page: Page, url: str) -> None:
    page.goto(url + "/household/people/new")
    page.fill("input[name=birth_date]", "31/12/1990")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()


def _wrong_address(page: Page, url: str) -> None:
    page.goto(url + "/household/address")
    page.fill("input[name=zip_code]", "00000")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()


def _first_person(page: Page, url: str) -> None:
    page.goto(url + "/household")
    page.get_by_role("link", name=re.compile("^Change ")).first.click()
    page.wait_for_load_state()


def _wrong_sign_in(page: Page, url: str) -> None:
    page.goto(url + "/sign-in")
    page.fill("input[name=email]", "nobody@example.com")
    page.fill("input[name=password]", "not the password")
    page.press("input[name=password]", "Enter")
    expect(page.locator("#error-summary")).to_be_visible()


def _empty_registration(page: Page, url: str) -> None:
    page.goto(url + "/register")
    page.get_by_role("button", name="Make the account").click()
    expect(page.locator("#error-summary")).to_be_visible()


def _saved_bundle(page: Page, url: str) -> None:
    page.goto(url + "/saved")
    page.locator("main .card-title a").first.click()
    page.wait_for_load_state()


def _everything_of_saved_bundle(page: Page, url: str) -> None:
    _saved_bundle(page, url)
    _everything_open(page.url.removeprefix(url))(page, url)


def _linked_bundle(page: Page, url: str) -> None:
    _saved_bundle(page, url)
    page.get_by_role("button", name="Make a link to continue elsewhere").click()
    expect(page.locator("main code")).to_be_visible()


def _resumed(page: Page, url: str) -> None:
    _linked_bundle(page, url)
    page.goto(page.locator("main code").inner_text())


def _renamed(page: Page, url: str) -> None:
    _saved_bundle(page, url)
    page.get_by_role("link", name="Rename").click()
    page.wait_for_load_state()


def _conflict(page: Page, url: str) -> None:
    """Two tabs change the same address."""
    steps.price(page, url)
    page.goto(url + "/household/address")
    other = page.context.new_page()
    other.goto(page.url)
    _send_income(other, "50000")
    other.close()
    _send_income(page, "90000")


def _send_income(page: Page, income: str) -> None:
    page.fill("input[name=income]", income)
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()


def _empty_bundle(page: Page, url: str) -> None:
    steps.price(page, url)
    page.goto(url + "/builder")


def _with_basket(path: str) -> Arrange:
    def arrange(page: Page, url: str) -> None:
        page.goto(url + path)
        steps.basket(page)

    return arrange


def _refused_save(page: Page, url: str) -> None:
    page.goto(url + "/builder")
    steps.basket(page).get_by_role("button", name="Save this bundle").click()
    expect(page.locator("#error-summary")).to_be_visible()


def _changing_a_saved_bundle(page: Page, url: str) -> None:
    _saved_bundle(page, url)
    page.get_by_role("button", name="Change this bundle").click()
    steps.basket(page)


def _merging(page: Page, url: str) -> None:
    member = next(person for person in PEOPLE if person.role is Role.MEMBER)
    steps.price(page, url)
    page.goto(url + "/sign-in")
    page.fill("input[name=email]", member.email)
    page.fill("input[name=password]", member.password)
    page.press("input[name=password]", "Enter")
    expect(page.locator("h1")).to_have_text("You started something before you signed in")


def _open_too_long(page: Page, url: str) -> None:
    steps.price(page, url)
    page.goto(url + "/household/address")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("This page was open too long")


LINES = ("medical", "dental", "critical_illness", "life", "hsa")


SCENES = (
    Scene("landing", STRANGER, at("/")),
    Scene("landing-mistakes", STRANGER, _mistaken_start),
    Scene("landing-nothing-sold", STRANGER, _priced(zip_code=steps.NOTHING_SOLD)),
    Scene("plans-nobody-yet", STRANGER, at("/plans")),
    Scene("household-nobody-yet", STRANGER, at("/household")),
    Scene("saved-nothing-yet", STRANGER, at("/saved")),
    Scene("help", STRANGER, _everything_open("/help")),
    Scene("sign-in", STRANGER, at("/sign-in")),
    Scene("sign-in-wrong", STRANGER, _wrong_sign_in),
    Scene("register", STRANGER, at("/register")),
    Scene("register-mistakes", STRANGER, _empty_registration),
    Scene("missing-page", STRANGER, at("/no-such-page")),
    Scene("county-question", STRANGER, _priced(zip_code=steps.SPLIT_ZIP)),
    Scene("plans-credit-unknown", STRANGER, _few_plans(zip_code=steps.INCOMPLETE_MARKET)),
    Scene("plans-no-income", STRANGER, _few_plans(income="")),
    Scene("plans-medicaid", STRANGER, _few_plans(income="30000")),
    Scene("plans-household-of-twelve", STRANGER, _few_plans(people="44, 43, 24, 22, 19, 17, 15, 12, 9, 7, 4, 1")),
    Scene("plans", FAMILY, at("/plans?metal=silver")),
    Scene("plans-open", FAMILY, _everything_open("/plans?metal=gold&metal=catastrophic")),
    Scene("plans-no-match", FAMILY, at("/plans?most_premium=1")),
    Scene("plans-filter-mistake", FAMILY, at("/plans?metal=gold&most_premium=cheap")),
    Scene("plans-dental", FAMILY, at("/plans?line=dental")),
    Scene("compare-nothing", FAMILY, at("/plans/compare")),
    Scene("compare-five", FAMILY, _compared(5)),
    Scene("compare-differences", FAMILY, _compared(3, "&differences=1")),
    Scene("plan", FAMILY, _plan_named("Silver")),
    Scene("plan-closed", FAMILY, _closed_plan),
    Scene("household", FAMILY, at("/household")),
    Scene("household-person", FAMILY, _first_person),
    Scene("household-add-person", FAMILY, at("/household/people/new")),
    Scene("household-wrong-birth-date", FAMILY, _wrong_person),
    Scene("household-address", FAMILY, at("/household/address")),
    Scene("household-conflict", STRANGER, _conflict),
    Scene("household-wrong-zip", FAMILY, _wrong_address),
    Scene("builder-empty", STRANGER, _empty_bundle),
    Scene("builder", CHOOSER, _with_basket("/builder")),
    *(Scene(f"builder-{line.replace('_', '-')}", CHOOSER, at(f"/builder/{line}")) for line in LINES),
    Scene("builder-open", CHOOSER, _everything_open("/builder/dental")),
    Scene("builder-violation", BREAKER, _with_basket("/builder/hsa")),
    Scene("builder-refused", BREAKER, _refused_save),
    Scene("builder-changing-saved", MEMBER, _changing_a_saved_bundle),
    Scene("account-merge", STRANGER, _merging),
    Scene("form-open-too-long", STRANGER, _open_too_long),
    Scene("member-landing", MEMBER, at("/")),
    Scene("member-plans", MEMBER, at("/plans?metal=gold")),
    Scene("member-household", MEMBER, at("/household")),
    Scene("account", MEMBER, at("/account")),
    Scene("account-password", MEMBER, at("/account/password")),
    Scene("saved", MEMBER, at("/saved")),
    Scene("saved-bundle", MEMBER, _saved_bundle),
    Scene("saved-bundle-open", MEMBER, _everything_of_saved_bundle),
    Scene("saved-bundle-link", MEMBER, _linked_bundle),
    Scene("saved-bundle-resume", MEMBER, _resumed),
    Scene("saved-bundle-rename", MEMBER, _renamed),
)


def remembered(browser: Browser, site: Site) -> dict[str, Any]:
    """Cookies of everybody who looks at scenes: each does once what all their scenes begin with."""
    beginnings: dict[str, Callable[[Page], None]] = {
        FAMILY: lambda page: steps.price(page, site.url),
        CHOOSER: lambda page: _choose(page, site.url),
        BREAKER: lambda page: _break(page, site.url),
        MEMBER: lambda page: site.sign_in(page, "member"),
    }
    found: dict[str, Any] = {STRANGER: None}
    for who, begin in beginnings.items():
        with visiting(browser, site) as visit:
            begin(visit.page)
            found[who] = visit.context.storage_state()
    return found


def _choose(page: Page, url: str) -> None:
    steps.price(page, url)
    steps.choose_medical(page, url, "gold")
    steps.choose_option(page, url, "dental")


def _break(page: Page, url: str) -> None:
    _choose(page, url)
    steps.choose_option(page, url, "hsa")
