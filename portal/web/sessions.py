"""Browser sessions kept in the database, so that signing out or disabling an account ends them at once.

The cookie carries a random id signed with the secret key. A session that holds nothing has no row: its form token is
derived from the id, so that looking at a page never writes. The id changes at sign-in and sign-out (`rotate`).
"""

import hmac
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask, Request, Response, current_app, session
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.datastructures import CallbackDict

from portal.web import clock, cookies
from portal.web.models import WebSession
from portal.web.settings import Settings
from portal.web.tokens import hashed, keyed, new_token

FORM_TOKEN = "csrf_token"  # noqa: S105 - the name under which the form library looks for it
ACCOUNT = "_user_id"
TOUCH_SECONDS = 60


class StoredSession(CallbackDict, SessionMixin):
    """The data of one browser session and the id it came with."""

    def __init__(self, session_id: str, data: dict[str, Any], row: WebSession | None, fresh_cookie: bool) -> None:
        super().__init__(data, on_update=_mark_modified)
        self.session_id = session_id
        self.row = row
        self.fresh_cookie = fresh_cookie
        self.replaces: list[str] = []
        self.modified = False
        self.accessed = False

    def __getitem__(self, key: str) -> Any:
        self.accessed = True
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.accessed = True
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """As a dict's; notes that the session was looked at."""
        self.accessed = True
        return super().get(key, default)

    def rotate(self, secret: str) -> None:
        """Leave the old id and its row behind; the content moves to a new random id."""
        self.replaces.append(self.session_id)
        self.session_id, self.row, self.fresh_cookie = new_token(), None, True
        self[FORM_TOKEN] = form_token(secret, self.session_id)

    def content(self) -> dict[str, Any]:
        """What must be stored: everything that cannot be derived."""
        return {key: value for key, value in self.items() if key != FORM_TOKEN}


def _mark_modified(stored: StoredSession) -> None:
    stored.modified = True
    stored.accessed = True


def form_token(secret: str, session_id: str) -> str:
    """The secret that a session's forms carry."""
    return keyed(secret, "form", session_id)


def rotate() -> None:
    """Change the id of the current browser session."""
    session.rotate(current_app.secret_key)


class SqlSessions(SessionInterface):
    """Opens and saves `StoredSession`s."""

    def open_session(self, app: Flask, request: Request) -> StoredSession:
        """The session of the cookie, or a new empty one."""
        settings: Settings = app.extensions["settings"]
        session_id = _verified(cookies.read_cookie(request, cookies.SESSION, settings), app.secret_key)
        row = _load(app, session_id, settings) if session_id else None
        fresh = not session_id
        session_id = session_id or new_token()
        data = dict(row.data) if row else {}
        data[FORM_TOKEN] = form_token(app.secret_key, session_id)
        return StoredSession(session_id, data, row, fresh)

    def save_session(self, app: Flask, stored: StoredSession, response: Response) -> None:
        """Write what changed, forget what was left behind, send the cookie when it is new."""
        if stored.accessed:
            response.vary.add("Cookie")
        if stored.replaces or stored.modified:
            _store(app, stored)
        elif _due(stored.row, clock.instant()):
            _touch(app, stored)
        if stored.fresh_cookie and stored.accessed:
            cookies.set_cookie(response, cookies.SESSION, _signed(stored.session_id, app.secret_key))


def _signed(session_id: str, secret: str) -> str:
    return f"{session_id}.{keyed(secret, 'session', session_id)}"


def _verified(cookie: str, secret: str) -> str:
    session_id, _, _ = cookie.partition(".")
    return (
        session_id if session_id and hmac.compare_digest(cookie.encode(), _signed(session_id, secret).encode()) else ""
    )


def _load(app: Flask, session_id: str, settings: Settings) -> WebSession | None:
    try:
        with app.extensions["sessions"].read() as records:
            row = records.get(WebSession, hashed(session_id))
    except SQLAlchemyError:  # nobody is signed in while the records cannot be read; error pages still work
        app.logger.exception("the browser session could not be read")
        return None
    return None if row is None or _expired(row, settings, clock.instant()) else row


def _expired(row: WebSession, settings: Settings, moment: datetime) -> bool:
    return moment - row.seen_at > settings.session_idle or moment - row.created_at > settings.session_absolute


def _due(row: WebSession | None, moment: datetime) -> bool:
    return row is not None and (moment - row.seen_at).total_seconds() > TOUCH_SECONDS


def _store(app: Flask, stored: StoredSession) -> None:
    content, moment, settings = stored.content(), clock.instant(), app.extensions["settings"]
    key = hashed(stored.session_id)
    with app.extensions["sessions"].write() as records:
        for left_behind in stored.replaces:
            records.execute(sa.delete(WebSession).where(WebSession.id_hash == hashed(left_behind)))
        row = records.get(WebSession, key)
        if row is None and content and stored.row is None:
            records.add(_new_row(key, content, moment))
        elif row is not None:
            if _expired(row, settings, moment):  # what was in it is gone; a form put aside now is a new beginning
                row.created_at = moment
            row.data, row.seen_at, row.account_id = content, moment, content.get(ACCOUNT)


def _touch(app: Flask, stored: StoredSession) -> None:
    """Keep the session awake; when the records are busy the page is still shown, and the next one tries again."""
    try:
        _store(app, stored)
    except OperationalError:
        app.logger.warning("a browser session could not be kept awake")


def _new_row(key: str, content: dict[str, Any], moment: datetime) -> WebSession:
    return WebSession(id_hash=key, account_id=content.get(ACCOUNT), data=content, created_at=moment, seen_at=moment)


def end_sessions(records: Session, account_id: str, but: str = "") -> None:
    """End all browser sessions of an account, except the one with the id `but`."""
    kept = hashed(but) if but else ""
    records.execute(sa.delete(WebSession).where(WebSession.account_id == account_id, WebSession.id_hash != kept))
