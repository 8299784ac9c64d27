"""Fetch the third-party browser files named in ``assets.json`` into ``static/vendor/``.

Nothing third-party is committed. Each package is packed by the npm client (so the machine's own npm settings hold),
its archive must have the sha512 written in the manifest, and only the listed files are taken out of it. Packing one
archive brings no dependencies along: the design system alone would bring 137 of them for two style sheets.

Usage: ``python static/fetch_assets.py [--check]``. Exit code 0 when every file is in place, 1 when not; ``--check``
only looks and fetches nothing.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).resolve().parent
MANIFEST = STATIC / "assets.json"
VENDOR = STATIC / "vendor"
STAMP = VENDOR / ".manifest"


class AssetError(Exception):
    """A package could not be fetched, is not the one the manifest names, or lacks a listed file."""


def is_complete(packages: list[dict]) -> bool:
    """Return whether ``static/vendor`` was made from this very manifest and still holds every file."""
    if not STAMP.is_file() or STAMP.read_text() != manifest_digest():
        return False
    return all((VENDOR / target).is_file() for package in packages for target in package["files"].values())


def manifest_digest() -> str:
    """Return the sha256 of the manifest in hexadecimal."""
    return hashlib.sha256(MANIFEST.read_bytes()).hexdigest()


def fetch(package: dict, folder: Path) -> Path:
    """Pack one package into `folder` and return the archive's path; raise `AssetError` with npm's own words."""
    specifier = f"{package['name']}@{package['version']}"
    folder.mkdir()
    command = ["npm", "pack", "--silent", "--ignore-scripts", specifier]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    archives = list(folder.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        said = done.stderr.strip() or done.stdout.strip() or f"exit code {done.returncode}"
        raise AssetError(f"{specifier} could not be fetched. npm said: {said}")
    return archives[0]


def check(package: dict, archive: Path) -> None:
    """Raise `AssetError` unless the archive has the sha512 that the manifest names."""
    digest = hashlib.sha512(archive.read_bytes()).digest()
    found = f"sha512-{base64.b64encode(digest).decode()}"
    if found != package["integrity"]:
        name = f"{package['name']}@{package['version']}"
        raise AssetError(f"{name} is not the expected archive: found {found}, expected {package['integrity']}.")


def unpack(package: dict, archive: Path, target: Path) -> None:
    """Write the listed files of one archive under `target`; a listed file that is absent raises `AssetError`."""
    with tarfile.open(archive, "r:gz") as tar:
        for source, destination in package["files"].items():
            try:
                member = tar.extractfile(f"package/{source}")
            except KeyError:
                member = None
            if member is None:
                raise AssetError(f"{package['name']}@{package['version']} holds no file {source}.")
            path = target / destination
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(member.read())


def rebuild(packages: list[dict]) -> None:
    """Fetch everything beside ``static/vendor`` first and swap it in only when all of it is right."""
    with tempfile.TemporaryDirectory(dir=STATIC, prefix=".vendor-") as work:
        fresh = Path(work, "vendor")
        for number, package in enumerate(packages):
            archive = fetch(package, Path(work, str(number)))
            check(package, archive)
            unpack(package, archive, fresh)
        (fresh / STAMP.name).write_text(manifest_digest())
        shutil.rmtree(VENDOR, ignore_errors=True)
        fresh.rename(VENDOR)


def main(arguments: list[str]) -> int:
    """Bring ``static/vendor`` up to the manifest; return the exit code."""
    packages = json.loads(MANIFEST.read_text())["packages"]
    if is_complete(packages):
        return 0
    if arguments == ["--check"]:
        return 1
    try:
        rebuild(packages)
    except (AssetError, OSError) as problem:
        print(f"Browser files: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
