"""One database session a request: reading for GET, writing for everything else.

A writing session is committed after the view has made its answer and before the answer leaves; it is rolled back when
the answer is an error (4xx, 5xx) or an exception. A view that must keep something in spite of an error calls
`db().commit()` itself.
"""

from pathlib import Path

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from catalog.store.base import Sessions, make_engine
from portal.web.settings import Settings

_READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FIRST_ERROR = 400
_SQLITE_BUSY = frozenset({5, 6})  # SQLITE_BUSY, SQLITE_LOCKED, https://www.sqlite.org/rescode.html
# Classes and codes of https://www.postgresql.org/docs/15/errcodes-appendix.html: serialization failure, deadlock,
# too many connections, statement timeout, lock not available, shutting down or starting up.
_POSTGRES_BUSY = frozenset({"40001", "40P01", "53300", "57014", "55P03", "57P01", "57P02", "57P03"})


def open_sessions(settings: Settings) -> Sessions:
    """Engine and session factories for the settings; makes the folder of an SQLite file."""
    engine = make_engine(settings.database_url)
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
    return Sessions(engine)


def init_database(app: Flask, settings: Settings) -> None:
    """Give the app its session factories and close what a request left open."""
    app.extensions["sessions"] = open_sessions(settings)
    app.after_request(_release)
    app.teardown_appcontext(_close)


def sessions() -> Sessions:
    """The factories of the running app, for work outside the request's own transaction."""
    return current_app.extensions["sessions"]


def db() -> Session:
    """The session of this request, opened at first use."""
    if "db" not in g:
        factory = sessions().reader if _reading() else sessions().writer
        g.db = factory()
        g.db.info["scope"] = g.get("scope")
    return g.db


def _reading() -> bool:
    return request.method in _READING_METHODS and not g.get("writes", False)


def finish(response: Response) -> None:
    """Commit what the view wrote, or undo it when the answer is an error. Raises what the commit raises."""
    session = g.get("db")
    if session is None or _reading():
        return
    if response.status_code >= _FIRST_ERROR:
        session.rollback()
    else:
        session.commit()


def undo() -> None:
    """Throw away what this request wrote so far; error pages call it before they render."""
    session = g.get("db")
    if session is not None:
        session.rollback()


def _release(response: Response) -> Response:
    """Let go of what was not committed: on SQLite, storing the browser session would wait for it in vain."""
    undo()
    return response


def is_busy(error: Exception) -> bool:
    """Whether the records were in use for too long or out of reach, so that trying again later may work."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, PoolTimeout)
    code, state = getattr(error.orig, "sqlite_errorcode", 0), getattr(error.orig, "sqlstate", None)
    unreachable = isinstance(error, OperationalError) and hasattr(error.orig, "sqlstate") and state is None
    return unreachable or code & 0xFF in _SQLITE_BUSY or state in _POSTGRES_BUSY or error.connection_invalidated


def _close(_: BaseException | None) -> None:
    session = g.pop("db", None)
    if session is not None:
        session.close()
