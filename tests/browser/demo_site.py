"""The demo as a site on this machine: seeded in a folder of its own and served by a thread."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import WSGIRequestHandler, make_server

from catalog.store.base import Base
from portal import create_app

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-c", "from portal.cli import main; main()")
# What the portal may take from the machine that runs the tests; its own settings come from here alone.
OWN_SETTINGS = ("COVERWRIGHT_", "DATABASE_URL", "SECRET_KEY", "DATA_KEYS", "REDIS_URL")


@dataclass(frozen=True)
class SignIn:
    """An invented person of the demo who can sign in."""

    role: str
    name: str
    email: str
    password: str


@dataclass(frozen=True)
class Site:
    """A running demo: its address, the application behind it, and who can sign in."""

    url: str
    app: Flask
    sign_ins: tuple[SignIn, ...]

    def person(self, role: str) -> SignIn:
        """Return the demo's first person of the role."""
        return next(person for person in self.sign_ins if person.role == role)

    def sign_in(self, page: Page, role: str) -> None:
        """Sign in as the person of the role, the way people do."""
        person = self.person(role)
        page.goto(f"{self.url}/sign-in")
        page.fill("input[name=email]", person.email)
        page.fill("input[name=password]", person.password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)


class QuietHandler(WSGIRequestHandler):
    """Says nothing about requests that went well."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log server errors only."""
        if str(code).startswith("5"):
            super().log_request(code, size)


def settings(folder: Path) -> dict[str, str]:
    """Return the environment of a demo that keeps all it has in `folder`."""
    return {
        "COVERWRIGHT_MODE": "demo",
        "COVERWRIGHT_TODAY": "2026-11-15",
        "COVERWRIGHT_DATA": str(folder),
        "SECRET_KEY": "only for tests, on this machine, in a folder that goes away",
    }


def seed(folder: Path) -> tuple[SignIn, ...]:
    """Fill `folder` through the console command, as an operator does; return who can sign in."""
    machine = {name: value for name, value in os.environ.items() if not name.startswith(OWN_SETTINGS)}
    environment = machine | settings(folder)
    subprocess.run([*COMMAND, "db", "upgrade"], cwd=ROOT, env=environment, check=True)
    command = [*COMMAND, "seed-demo", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    return tuple(SignIn(**person) for person in json.loads(done.stdout)["sign_ins"])


@contextmanager
def serve(folder: Path, sign_ins: tuple[SignIn, ...]) -> Iterator[Site]:
    """Serve a seeded folder on a free port of this machine until the block ends."""
    app = create_app(settings(folder))
    # Tables that only tests know may be loaded in this process; whatever walks all personal tables meets them too.
    Base.metadata.create_all(app.extensions["sessions"].engine)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, name="demo site")
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.port}", app, sign_ins)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
