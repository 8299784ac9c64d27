"""Refuse state changes that another site asked the browser to send, before the form token is even looked at."""

from urllib.parse import urlsplit

from flask import abort, request

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OWN = frozenset({"same-origin", "none"})
FORBIDDEN = 403


def refuse_foreign_forms() -> None:
    """Before each request: 403 when `Sec-Fetch-Site` or `Origin` says that the form came from elsewhere."""
    if request.method in _SAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in _OWN:
        abort(FORBIDDEN)
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(FORBIDDEN)


def own_path(target: str | None) -> str:
    """A path of this site to go back to, or an empty text when `target` could lead elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return ""
    parts = urlsplit(target)
    clean = not parts.scheme and not parts.netloc and "\\" not in target and target.isprintable()
    return target if clean else ""
