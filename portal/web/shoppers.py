"""Anonymous shoppers: a row behind a random cookie, made at the first thing somebody sends, kept for 30 days."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Response, abort, current_app, g, request, session
from sqlalchemy.exc import IntegrityError

from portal.web import clock, cookies
from portal.web.database import db
from portal.web.idempotency import FIELD
from portal.web.models import Shopper
from portal.web.sessions import rotate
from portal.web.settings import Settings
from portal.web.tokens import hashed, keyed, new_token

CONFLICT = 409
REPEATED_WITHIN = timedelta(seconds=60)


def current_shopper() -> Shopper | None:
    """The shopper of this browser, or None while nothing was sent yet."""
    if "shopper" not in g:
        g.shopper = _find()
    return g.shopper


def _find() -> Shopper | None:
    settings: Settings = current_app.extensions["settings"]
    cookie = cookies.read_cookie(request, cookies.SHOPPER, settings)
    return _with_cookie(cookie) if cookie else None


def _with_cookie(cookie: str) -> Shopper | None:
    live = sa.select(Shopper).where(Shopper.cookie_hash == hashed(cookie), Shopper.expires_at > clock.instant())
    return db().scalars(live).one_or_none()


def known_or_new() -> str | None:
    """The shopper's id; on a request that may write, a new shopper is made when there is none."""
    shopper = current_shopper()
    if shopper is None and request.method == "POST":
        shopper = _make()
    return shopper.id if shopper else None


def _make() -> Shopper:
    """A new shopper, in a browser session with a new id: whoever knew the old one must not become this person."""
    cookie = _cookie_of_this_form()
    shopper = _with_cookie(cookie)
    if shopper is not None and clock.instant() - shopper.created_at > REPEATED_WITHIN:
        cookie, shopper = new_token(), None
    shopper = shopper or _add(cookie)
    g.shopper, g.shopper_cookie = shopper, cookie
    rotate()
    return shopper


def _cookie_of_this_form() -> str:
    """The same for a first form that is sent several times at once, so that it makes one shopper, not several.

    The key of the form is random and only in the page that this person was shown, so that knowing the browser session
    (somebody may have planted it) is not enough to make the cookie. A form without a key gets a cookie of its own.
    """
    key = request.form.get(FIELD, "")
    return keyed(current_app.secret_key, "shopper", session.session_id, key) if key else new_token()


def _add(cookie: str) -> Shopper:
    settings: Settings = current_app.extensions["settings"]
    moment = clock.instant()
    shopper = Shopper(cookie_hash=hashed(cookie), created_at=moment, expires_at=moment + settings.shopper_life)
    try:
        with db().begin_nested():
            db().add(shopper)
    except IntegrityError:  # the other of two requests at once was first
        return _with_cookie(cookie) or abort(CONFLICT)
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
