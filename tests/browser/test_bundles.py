"""A bundle from the first choice to its PDF: built, broken, mended, saved, kept through signing in, downloaded."""

import re
from uuid import uuid4

import pdfua
import pypdf
import pytest
from playwright.sync_api import expect

from tests.browser import steps

pytestmark = pytest.mark.browser
EMOJI = "👩‍👩‍👧‍👦" * 43  # 301 code points
PASSWORD = "a calm lake at noon"


def build(page, url):
    """A gold plan, a dental plan and an accident policy; everything fits."""
    steps.price(page, url)
    steps.choose_medical(page, url, "gold")
    medical = steps.bundle_total(page)
    steps.choose_option(page, url, "dental")
    steps.choose_option(page, url, "accident")
    steps.answer_questions(page)
    assert steps.bundle_total(page) > medical
    expect(page.locator("#basket-total")).to_contain_text("Everything fits")


def break_a_rule(page, url):
    """A health savings account beside a gold plan: refused with a reason and where it is written."""
    steps.choose_option(page, url, "hsa")
    expect(page.locator("#basket-total")).to_contain_text("to mend")
    violation = steps.basket(page).locator(".violation").first
    expect(violation).to_contain_text("health savings account")
    expect(steps.open_disclosure(violation, "Where this is written")).to_contain_text("26 USC 223")


def be_refused(page):
    """Saving what breaks a rule changes nothing and says why."""
    steps.basket(page).get_by_role("button", name="Save this bundle").click()
    expect(page.locator("#error-summary")).to_contain_text("health savings account")


def mend(page, url):
    """A bronze plan goes with the account; returns its name and the total."""
    name = steps.choose_medical(page, url, "bronze")
    steps.answer_questions(page)
    expect(page.locator("#basket-total")).to_contain_text("Nothing is broken; 1 question open")
    return name, steps.bundle_total(page)


def register(page):
    """Make an account from the page that is open; returns the email address."""
    email = f"{uuid4().hex}@example.com"
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Make one").click()
    page.fill("input[name=name]", "Noor Haddad")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return email


def check_paper(page, words, total):
    """The PDF behind a link: a tagged document of several pages that begins with the monthly amount of the page."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=words, exact=True).click()
    path = waiting.value.path()
    assert waiting.value.suggested_filename.endswith(".pdf")
    assert path.read_bytes().startswith(b"%PDF")
    paper = pypdf.PdfReader(path)
    assert len(paper.pages) > 1
    assert f"${total:,.2f}" in paper.pages[0].extract_text()
    findings = pdfua.validate(path).findings
    assert not [found.message for found in findings if found.severity is pdfua.Severity.ERROR]


def test_a_bundle_is_built_broken_mended_saved_and_printed(anybody):
    page, url = anybody.page, anybody.site.url
    build(page, url)
    break_a_rule(page, url)
    be_refused(page)
    bronze, total = mend(page, url)
    steps.save_bundle(page, "Our choice")
    expect(page.locator("main")).to_contain_text(bronze)
    assert steps.dollars(page.locator("main .money--large").first.inner_text()) == total
    saved_at = page.url
    register(page)
    expect(page.locator("main")).to_contain_text("We kept what you started")
    page.goto(saved_at)
    expect(page.locator("h1")).to_have_text("Our choice")
    check_paper(page, "Download the PDF", total)


def test_large_print(visitor):
    page, url = visitor.page, visitor.site.url
    steps.price(page, url)
    steps.choose_medical(page, url, "silver")
    total = steps.bundle_total(page)
    steps.save_bundle(page, "")
    check_paper(page, "PDF in large print", total)


def test_signing_in_offers_to_keep_both(anybody):
    page, url = anybody.page, anybody.site.url
    steps.price(page, url)
    steps.choose_medical(page, url, "silver")
    steps.save_bundle(page, "First")
    email = register(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("What would health cover cost you?")
    steps.price(page, url, people="61")
    steps.choose_medical(page, url, "bronze")
    steps.save_bundle(page, "Second")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Sign in").click()
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    expect(page.locator("h1")).to_have_text("You started something before you signed in")
    page.get_by_label("Keep both").check()
    page.get_by_role("button", name="Continue").click()
    page.goto(f"{url}/saved")
    expect(page.locator("main .card-title")).to_have_text(["Second", "First"])


def test_a_double_click_saves_once(anybody):
    page, url = anybody.page, anybody.site.url
    steps.price(page, url)
    steps.choose_medical(page, url, "silver")
    bundle = steps.basket(page)
    bundle.get_by_label("Name of this bundle").fill("Once")
    bundle.get_by_role("button", name="Save this bundle").dblclick()
    expect(page.locator("h1")).to_have_text("Once")
    page.goto(f"{url}/saved")
    expect(page.locator("main .card-title")).to_have_count(1)


def test_a_long_name_breaks_no_page(anybody):
    page, url = anybody.page, anybody.site.url
    steps.price(page, url)
    steps.choose_medical(page, url, "silver")
    steps.save_bundle(page, EMOJI)
    assert 0 < len(page.locator("h1").inner_text()) < len(EMOJI)
    assert not steps.sideways(page)
    page.goto(f"{url}/saved")
    assert not steps.sideways(page)


def test_every_step_can_be_left_by_the_back_button(anybody):
    page, url = anybody.page, anybody.site.url
    steps.price(page, url)
    steps.choose_medical(page, url, "silver")
    total = steps.bundle_total(page)
    steps.choose_option(page, url, "vision")
    page.go_back()
    expect(page.locator("h1")).to_be_visible()
    page.goto(f"{url}/builder")
    assert steps.bundle_total(page) > total
    page.go_back()
    expect(page.locator("h1")).to_be_visible()
    steps.basket(page)


def test_an_earlier_version_is_kept_beside_the_newest(visitor):
    page, url = visitor.page, visitor.site.url
    steps.price(page, url)
    steps.choose_medical(page, url, "silver")
    steps.save_bundle(page, "Ours")
    page.get_by_role("button", name="Change this bundle").click()
    steps.choose_option(page, url, "vision")
    steps.basket(page).get_by_role("button", name="Save as its next version").click()
    expect(page.get_by_role("table", name=re.compile("Versions"))).to_contain_text("Version 1")


def test_what_a_swap_changed_is_announced_and_focus_stays(visitor):
    page, url = visitor.page, visitor.site.url
    steps.price(page, url)
    steps.choose_medical(page, url, "silver")
    page.goto(f"{url}/builder/vision")
    button = page.locator(".option").get_by_role("button", name=re.compile("^Choose")).first
    chosen = button.get_attribute("id")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#basket-live")).to_contain_text("a month")
    expect(page.locator("#basket-live")).to_contain_text(f"${steps.bundle_total(page):,.2f}")
    expect(page.locator(f"#{chosen}")).to_be_focused()


def test_two_tabs_change_the_same_bundle(anybody):
    page, url = anybody.page, anybody.site.url
    steps.price(page, url)
    steps.choose_medical(page, url, "silver")
    page.goto(f"{url}/builder/vision")
    other = anybody.another_tab()
    steps.choose_option(other, url, "dental")
    page.locator(".option").get_by_role("button", name=re.compile("^Choose")).first.click()
    expect(page.locator("#error-summary")).to_contain_text("Your bundle was changed in another tab")
    expect(page.locator("#error-summary")).to_contain_text("In your bundle now: medical, dental.")
