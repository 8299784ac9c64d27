"""Where Chromium is, and how to start it quietly."""

import os
import shutil

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
