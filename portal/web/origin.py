"""Refuse state changes that another site asked the browser to send, before the form token is even looked at."""

from urllib.parse import urlsplit

from flask import abort, request

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OWN = frozenset({"same-origin", "none"})
BAD_REQUEST, FORBIDDEN = 400, 403


def refuse_foreign_forms() -> None:
    """Before each request: 403 when `Sec-Fetch-Site` or `Origin` says that the form came from elsewhere."""
    if request.method in _SAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in _OWN:
        abort(FORBIDDEN)
    if origin is not None and _host_of(origin) != request.host:
        abort(FORBIDDEN)


def refuse_unreadable_hosts() -> None:
    """Before each request: 400 when the `Host` header is no host name, as links would be made with it."""
    if not request.host:
        abort(BAD_REQUEST)


def _host_of(address: str) -> str:
    """Host and port of an address; an empty text, which is no host of ours, when it cannot be read."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def own_path(target: str | None) -> str:
    """A path of this site to go back to, or an empty text when `target` could lead elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    clean = not parts.scheme and not parts.netloc and "\\" not in target and target.isprintable()
    return target if clean else ""
