"""The browser of this machine starts and shows a page."""

import pytest

pytestmark = pytest.mark.browser


def test_chromium_shows_a_page(browser):
    page = browser.new_page()
    page.set_content("<h1>Żółw</h1>")
    assert page.inner_text("h1") == "Żółw"
    page.close()
