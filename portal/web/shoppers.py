"""Anonymous shoppers: a row behind a random cookie, made at the first thing somebody sends, kept for 30 days."""

import sqlalchemy as sa
from flask import Response, current_app, g, request

from portal.web import clock, cookies
from portal.web.database import apart, db
from portal.web.models import Shopper
from portal.web.settings import Settings
from portal.web.tokens import hashed, new_token


def current_shopper() -> Shopper | None:
    """The shopper of this browser, or None while nothing was sent yet."""
    if "shopper" not in g:
        g.shopper = _find()
    return g.shopper


def _find() -> Shopper | None:
    settings: Settings = current_app.extensions["settings"]
    cookie = cookies.read_cookie(request, cookies.SHOPPER, settings)
    if not cookie:
        return None
    live = sa.select(Shopper).where(Shopper.cookie_hash == hashed(cookie), Shopper.expires_at > clock.instant())
    return db().scalars(live).one_or_none()


def known_or_new() -> str | None:
    """The shopper's id; on a request that may write, a new shopper is made when there is none."""
    shopper = current_shopper()
    if shopper is None and request.method == "POST":
        shopper = _make()
    return shopper.id if shopper else None


def _make() -> Shopper:
    settings: Settings = current_app.extensions["settings"]
    moment, cookie = clock.instant(), new_token()
    shopper = Shopper(cookie_hash=hashed(cookie), created_at=moment, expires_at=moment + settings.shopper_life)
    db().add(shopper)
    db().flush()
    g.shopper, g.shopper_cookie = shopper, cookie
    return shopper


def forget() -> None:
    """Part this browser from its shopper; called when the work has found an owner or is left behind."""
    g.shopper, g.shopper_cookie = None, ""


def send_cookie(response: Response) -> Response:
    """After each request: hand out, or take back, the shopper's cookie when that changed."""
    cookie = g.get("shopper_cookie")
    settings: Settings = current_app.extensions["settings"]
    if cookie:
        cookies.set_cookie(response, cookies.SHOPPER, cookie, int(settings.shopper_life.total_seconds()))
    elif cookie == "":
        cookies.drop_cookie(response, cookies.SHOPPER)
    return response


def purge() -> None:
    """Delete shoppers whose 30 days are over, with everything they left; run when somebody signs in."""
    with apart() as records:
        records.execute(sa.delete(Shopper).where(Shopper.expires_at < clock.instant()))
