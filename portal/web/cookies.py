"""Cookies of the portal: names, flags, one place to set and drop them."""

from flask import Request, Response, current_app

from portal.web.settings import Settings

SESSION = "session"
SHOPPER = "shopper"


def cookie_name(kind: str, settings: Settings) -> str:
    """`__Host-` names bind the cookie to this very host over https; plain http in demo and test cannot use them."""
    return f"__Host-coverwright_{kind}" if settings.secure else f"coverwright_{kind}"


def read_cookie(request: Request, kind: str, settings: Settings) -> str:
    """The cookie's value, or an empty text."""
    return request.cookies.get(cookie_name(kind, settings), "")


def set_cookie(response: Response, kind: str, value: str, max_age: int | None = None) -> None:
    """Set it for this host only, unreadable to scripts, not sent by other sites' forms."""
    settings: Settings = current_app.extensions["settings"]
    response.set_cookie(
        cookie_name(kind, settings),
        value,
        max_age=max_age,
        secure=settings.secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def drop_cookie(response: Response, kind: str) -> None:
    """Ask the browser to forget it."""
    settings: Settings = current_app.extensions["settings"]
    response.delete_cookie(cookie_name(kind, settings), secure=settings.secure, httponly=True, samesite="Lax", path="/")
