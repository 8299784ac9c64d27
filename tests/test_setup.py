"""The set-up keeps its promises: exact locks without hosts, checked archives, a shell script that any sh reads."""

import base64
import hashlib
import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ["requirements.txt", "tests/requirements.txt", "static/requirements.txt"]
PIN = re.compile(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==\S+", re.MULTILINE)


def load_script(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def assets(tmp_path, monkeypatch):
    """The fetching script working in a folder of its own, on one package that needs no network."""
    module = load_script(ROOT / "static" / "fetch_assets.py")
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        entry = tarfile.TarInfo("package/dist/a.js")
        entry.size = 2
        tar.addfile(entry, io.BytesIO(b"ok"))
    package = {
        "name": "a",
        "version": "1",
        "integrity": "sha512-" + base64.b64encode(hashlib.sha512(archive.getvalue()).digest()).decode(),
        "files": {"dist/a.js": "a/a.js"},
    }
    path = tmp_path / "a-1.tgz"
    path.write_bytes(archive.getvalue())
    monkeypatch.setattr(module, "STATIC", tmp_path)
    monkeypatch.setattr(module, "MANIFEST", tmp_path / "assets.json")
    monkeypatch.setattr(module, "VENDOR", tmp_path / "vendor")
    monkeypatch.setattr(module, "STAMP", tmp_path / "vendor" / ".manifest")
    monkeypatch.setattr(module, "fetch", lambda package, folder: path)
    module.package = package
    return module


def fetch_with(assets, **changes):
    assets.MANIFEST.write_text(json.dumps({"packages": [assets.package | changes]}))
    return assets.main([])


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_versions_and_hashes_and_no_host(lock):
    text = (ROOT / lock).read_text()
    assert not re.search(r"://|file:|--index|--find-links|/home/|/tmp/|/opt/", text)
    for requirement in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]:
        assert PIN.match(requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


def test_runtime_lock_holds_every_declared_dependency():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    locked = set(PIN.findall((ROOT / "requirements.txt").read_text()))
    assert {re.match(r"[A-Za-z0-9-]+", each)[0].lower() for each in declared} <= locked


def test_test_lock_agrees_with_the_runtime_lock():
    def pins(lock):
        return set(re.findall(r"^[a-z0-9-]+==[^ ;\\]+", (ROOT / lock).read_text(), re.MULTILINE))

    assert pins("requirements.txt") <= pins("tests/requirements.txt")


@pytest.mark.parametrize("verb", ["demo", "test", "setup", "gallery", "lock", "help"])
def test_help_tells_every_verb(verb):
    done = subprocess.run([ROOT / "run", "help"], capture_output=True, text=True, check=True)
    assert re.search(rf"^  {verb}\b", done.stdout, re.MULTILINE)


def test_an_unknown_verb_is_refused_with_the_help():
    done = subprocess.run([ROOT / "run", "fly"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Usage: ./run VERB" in done.stderr
    assert "Unknown verb: fly" in done.stderr


def test_every_browser_file_was_fetched():
    assert load_script(ROOT / "static" / "fetch_assets.py").main(["--check"]) == 0


def test_fetching_writes_the_listed_files(assets):
    assert fetch_with(assets) == 0
    assert (assets.VENDOR / "a" / "a.js").read_bytes() == b"ok"
    assert assets.main(["--check"]) == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"integrity": "sha512-AAAA"}, "a@1 is not the expected archive: found sha512-"),
        ({"files": {"dist/b.js": "b.js"}}, "a@1 holds no file dist/b.js."),
    ],
)
def test_a_wrong_archive_is_refused_and_the_old_files_stay(assets, capsys, change, message):
    fetch_with(assets)
    assert fetch_with(assets, **change) == 1
    assert message in capsys.readouterr().err
    assert (assets.VENDOR / "a" / "a.js").read_bytes() == b"ok"
    assert assets.main(["--check"]) == 1


SKIPPING = """
import pytest
@pytest.fixture
def missing(): pytest.skip("no server")
def test_by_fixture(missing): pass
@pytest.mark.skip(reason="tired")
def test_by_mark(): pass
def test_fine(): pass
"""


@pytest.mark.parametrize(
    ("ci", "outcome"), [("", "1 passed, 3 skipped"), ("true", "1 passed, 3 errors")], ids=["anywhere", "ci"]
)
def test_a_skip_is_an_error_where_nothing_may_be_skipped(tmp_path, ci, outcome):
    (tmp_path / "test_skips.py").write_text(SKIPPING)
    (tmp_path / "test_whole.py").write_text("import pytest\npytest.skip('no file', allow_module_level=True)\n")
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    environment = {**os.environ, "CI": ci, "PYTHONPATH": str(ROOT), "PYTEST_ADDOPTS": ""}
    options = ["-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", tmp_path, "--continue-on-collection-errors"]
    command = [sys.executable, "-m", "pytest", *options, tmp_path]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert outcome in done.stdout
    assert done.returncode == (1 if ci else 0)
