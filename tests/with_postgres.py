"""Run a command with a fresh PostgreSQL database in ``COVERWRIGHT_TEST_POSTGRES``; drop the database afterwards.

The server is the one of ``TEST_DATABASE_URL``, else one that answers on 127.0.0.1:5432 without a password, else a
private one in a temporary folder, reachable only through its socket there. Without any of them the command runs without
the variable, and the tests that need it say so.

Usage: ``python tests/with_postgres.py COMMAND...``, or ``--check``: exit code 1 when no PostgreSQL can be had.
"""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

DRIVER = "postgresql+psycopg"
START_SECONDS = 30


def execute(server: URL, statement: str) -> None:
    """Run one statement outside a transaction, as creating and dropping databases demands."""
    engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))


def answers(server: URL) -> bool:
    """Return whether the server lets us in."""
    try:
        execute(server.update_query_dict({"connect_timeout": "3"}), "SELECT 1")
    except OperationalError:
        return False
    return True


def reachable_server() -> URL | None:
    """Return the server to use that somebody else runs, or None."""
    if named := os.environ.get("TEST_DATABASE_URL"):
        server = make_url(named).set(drivername=DRIVER)
        if not answers(server):
            raise SystemExit(f"TEST_DATABASE_URL: no answer from {server!r}. Start it or unset the variable.")
        return server
    for user in ("postgres", getpass.getuser()):
        server = URL.create(DRIVER, username=user, host="127.0.0.1", port=5432, database="postgres")
        if answers(server):
            return server
    return None


def server_programs() -> Path | None:
    """Return the folder of ``initdb`` and ``postgres``: the newest of Debian's, else what the path finds."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def server_account() -> str | None:
    """Return the account to run the server as: PostgreSQL refuses root, so root lends it another one."""
    if os.geteuid() != 0:
        return None
    accounts = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in accounts else "nobody"


@contextmanager
def private_server(programs: Path) -> Iterator[URL]:
    """Run a server in a temporary folder until the block ends; it promises no durability and listens on no port."""
    account = server_account()
    with tempfile.TemporaryDirectory(prefix="coverwright-pg-", ignore_cleanup_errors=True) as home:
        if account:
            shutil.chown(home, account)
        data, log = Path(home, "data"), Path(home, "log")
        as_account = {"user": account, "cwd": home}
        initdb = [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"]
        subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **as_account)
        options = [f"-cunix_socket_directories={home}", "-clisten_addresses=", "-cfsync=off", "-cmax_connections=200"]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [programs / "postgres", "-D", data, *options], stdout=output, stderr=output, **as_account
            )
        try:
            url = URL.create(DRIVER, username="postgres", database="postgres", query={"host": home})
            wait_until_ready(server, url, log)
            yield url
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait()


def wait_until_ready(server: subprocess.Popen, url: URL, log: Path) -> None:
    """Return when the server answers; raise `RuntimeError` with its log when it ends or stays silent."""
    give_up = time.monotonic() + START_SECONDS
    while not answers(url):
        if server.poll() is not None or time.monotonic() > give_up:
            raise RuntimeError(f"The private PostgreSQL did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


@contextmanager
def fresh_database(server: URL) -> Iterator[URL]:
    """Create a database of a name that nobody else has, and drop it when the block ends."""
    name = f"coverwright_test_{uuid.uuid4().hex[:12]}"
    execute(server, f"CREATE DATABASE {name}")
    try:
        yield server.set(database=name)
    finally:
        execute(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def run(command: list[str]) -> int:
    """Run the command with a database where there can be one; return its exit code."""
    with ExitStack() as stack:
        server, programs = reachable_server(), server_programs()
        if server is None and programs is not None:
            server = stack.enter_context(private_server(programs))
        environment = dict(os.environ)
        if server is not None:
            database = stack.enter_context(fresh_database(server))
            environment["COVERWRIGHT_TEST_POSTGRES"] = database.render_as_string(hide_password=False)
        return wait_for(subprocess.Popen(command, env=environment))


def wait_for(child: subprocess.Popen) -> int:
    """Return the exit code of the child, which gets Ctrl-C too and is left to finish its own cleaning up."""
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def main(arguments: list[str]) -> int:
    """Answer ``--check`` or run the command; return the exit code."""
    if arguments == ["--check"]:
        return int(reachable_server() is None and server_programs() is None)
    # A terminated run must still drop its database and stop its server.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
