"""A real Chromium for the tests of this folder (Debian's own, driven by Playwright), and the demo as a site for it."""

import fcntl
import os
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.chromium import find_chromium, launch_arguments
from tests.browser.demo_site import SignIn, Site, seed, serve
from tests.browser.scenes import remembered
from tests.browser.visits import NARROW, WAIT, WIDE, Visit, visiting


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
    expect.set_options(timeout=WAIT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=launch_arguments())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    """The demo, served on this machine: seeded once for the whole run, with a copy for each test process."""
    folder = tmp_path_factory.mktemp("demo")
    sign_ins = copy_of_seeded_demo(tmp_path_factory.getbasetemp(), folder)
    with serve(folder, sign_ins) as site:
        yield site


def copy_of_seeded_demo(base: Path, folder: Path) -> tuple[SignIn, ...]:
    """Copy the demo into `folder`; the first process to come seeds it, the others wait for that."""
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    original, people = shared / "seeded-demo", shared / "seeded-demo.pickle"
    with (shared / "seeded-demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not people.exists():
            original.mkdir()
            people.write_bytes(pickle.dumps(seed(original)))
    shutil.copytree(original, folder, dirs_exist_ok=True)
    return pickle.loads(people.read_bytes())


@pytest.fixture(params=[NARROW, WIDE], ids=["narrow", "wide"])
def width(request) -> int:
    """A phone's window and a desk's."""
    return request.param


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def scripts(request) -> bool:
    """Whether the browser runs scripts: everything must work in both."""
    return request.param


@pytest.fixture
def anybody(browser, site, width, scripts) -> Iterator[Visit]:
    """A visitor whom nobody knows: once for each width, with and without scripts."""
    with visiting(browser, site, width, scripts=scripts) as visit:
        yield visit


@pytest.fixture
def visitor(browser, site) -> Iterator[Visit]:
    """A visitor whom nobody knows, at a desk, with scripts."""
    with visiting(browser, site) as visit:
        yield visit


@pytest.fixture(scope="session")
def cookies_of(browser, site) -> dict[str, Any]:
    """Cookies by who looks at the scenes."""
    return remembered(browser, site)
