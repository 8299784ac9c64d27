"""Our css, scripts and fonts: served under names that carry a hash of the content, so that browsers may keep them.

Files are copied once into the data folder under their lasting names, text ones with a compressed twin beside them.
"""

import gzip
import hashlib
import os
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from portal.web.branding import brand_css
from portal.web.headers import add_static_headers
from portal.web.settings import ROOT, Settings

FOLDER = ROOT / "static"
TEXTS = frozenset({".css", ".js", ".svg"})
SERVED = TEXTS | {".woff2", ".png", ".ico"}
HASH_DIGITS = 12
LASTING_NAME = rf"\.[0-9a-f]{{{HASH_DIGITS}}}\.\w+$"
ONE_DAY = 86_400


def init_static_files(app: Flask, settings: Settings) -> None:
    """Serve static/ ahead of the app and give templates `static_url(name)`."""
    published = settings.data / "static"
    noise = WhiteNoise(
        app.wsgi_app,
        add_headers_function=add_static_headers,
        immutable_file_test=LASTING_NAME,
        allow_all_origins=False,
        max_age=ONE_DAY,
    )
    names = {}
    for name, content in _contents():
        names[name] = lasting = _lasting_name(name, content)
        path = _keep(published / lasting, content)
        noise.add_file_to_dictionary(f"/static/{lasting}", str(path))
        noise.add_file_to_dictionary(f"/static/{name}", str(path))
    app.wsgi_app = noise
    app.jinja_env.globals["static_url"] = lambda name: f"/static/{names.get(name, name)}"


def _contents() -> list[tuple[str, bytes]]:
    files = sorted(path for path in FOLDER.rglob("*") if path.suffix in SERVED)
    found = [(path.relative_to(FOLDER).as_posix(), path.read_bytes()) for path in files]
    return [*found, ("brand.css", brand_css().encode())]


def _lasting_name(name: str, content: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:HASH_DIGITS]}{dot}{suffix}"


def _keep(path: Path, content: bytes) -> Path:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix in TEXTS:
            _write(path.with_name(path.name + ".gz"), gzip.compress(content, mtime=0))
        _write(path, content)
    return path


def _write(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    draft.write_bytes(content)
    draft.replace(path)
