"""Somebody at the site with a browser of their own, and everything the browser complained about meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

from tests.browser.demo_site import Site

NARROW, WIDE = 390, 1280
HEIGHTS = {NARROW: 844, WIDE: 900}
WAIT = 20_000
# A form that comes back, a page that is not there, a stale version: answers that Chromium notes in its console.
EXPECTED = tuple(f"status of {status.value}" for status in HTTPStatus if 400 <= status < 500)


@dataclass
class Visit:
    """A context with its first page, on the site; `complaints` are console errors, script errors and failed answers."""

    site: Site
    context: BrowserContext
    page: Page
    width: int
    scripts: bool
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a path of the site."""
        self.page.goto(self.site.url + path)
        return self.page

    def another_tab(self) -> Page:
        """A second page of the same browser, watched like the first."""
        page = self.context.new_page()
        watch(page, self.complaints)
        return page


def watch(page: Page, complaints: list[str]) -> None:
    """Note console errors (a policy violation is one), script errors and server errors of a page."""

    def console(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in EXPECTED):
            complaints.append(f"{page.url}: {message.text}")

    def answered(response: Response) -> None:
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            complaints.append(f"{response.url} answered {response.status}")

    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("response", answered)


@contextmanager
def visiting(
    browser: Browser, site: Site, width: int = WIDE, *, scripts: bool = True, state: Any = None, **options: Any
) -> Iterator[Visit]:
    """A visit with the cookies of `state` (nobody's by default); afterwards the browser must have had no complaint."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS.get(width, 844)},
        java_script_enabled=scripts,
        storage_state=state,
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(WAIT)
    visit = Visit(site, context, context.new_page(), width, scripts)
    watch(visit.page, visit.complaints)
    try:
        yield visit
    finally:
        context.close()
    assert not visit.complaints, "\n".join(visit.complaints)
