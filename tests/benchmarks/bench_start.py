"""Time from starting the server to its first ready answer: ``python tests/benchmarks/bench_start.py``.

The portal on an empty migrated database, one gunicorn worker, against a Flask application of one line started the
same way in the same run. Prints seconds and their ratio, asserts nothing.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 5
PATIENCE = 60
BARE = "import flask\napp = flask.Flask('bare')\napp.add_url_rule('/readyz', view_func=lambda: 'ready')\n"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def seconds_to_ready(target: str, folder: Path, environment: dict[str, str]) -> float:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "-b", f"127.0.0.1:{port}", target]
    start = time.monotonic()
    server = subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL)
    try:
        while not answers(port):
            if time.monotonic() - start > PATIENCE:
                raise SystemExit(f"{target} did not answer within {PATIENCE} seconds")
            time.sleep(0.02)
        return time.monotonic() - start
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bare.py").write_text(BARE, encoding="utf-8")
        environment = os.environ | {"COVERWRIGHT_MODE": "demo", "COVERWRIGHT_DATA": folder, "PYTHONPATH": str(ROOT)}
        upgrade = [sys.executable, "-c", "from portal.cli import main; main(['db', 'upgrade'])"]
        subprocess.run(upgrade, cwd=ROOT, env=environment, check=True, capture_output=True)
        ours = [seconds_to_ready("portal:create_app()", ROOT, environment) for _ in range(ROUNDS)]
        bare = [seconds_to_ready("bare:app", Path(folder), environment) for _ in range(ROUNDS)]
    portal, flask = statistics.median(ours), statistics.median(bare)
    print(f"the portal, start to ready          {portal:6.2f} s")
    print(f"one-line Flask application          {flask:6.2f} s")
    print(f"ratio                               {portal / flask:6.1f}")


if __name__ == "__main__":
    main()
