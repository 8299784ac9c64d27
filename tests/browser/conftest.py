"""A real Chromium for the tests of this folder: Debian's own, driven by Playwright."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# What keeps a browser quiet and self-contained: no graphics card, no updates, no talk with its maker.
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


def find_chromium() -> str | None:
    """Return the path of the browser: ``COVERWRIGHT_CHROMIUM`` if set, else the first of the usual names."""
    named = os.environ.get("COVERWRIGHT_CHROMIUM")
    return next(filter(None, map(shutil.which, [named] if named else NAMES)), None)


def launch_arguments() -> list[str]:
    """Return Chromium's flags; its sandbox cannot be set up by root."""
    return [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of Chromium; a test that needs it is skipped where there is none."""
    path = find_chromium()
    if path is None:
        pytest.skip("needs Chromium: use ./run test, install it, or set COVERWRIGHT_CHROMIUM to its path")
    return path


@pytest.fixture(scope="session")
def browser(chromium_path) -> Iterator[Browser]:
    """One browser for the session; each test opens its own context."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=launch_arguments())
        yield browser
        browser.close()
