"""Error pages: what happened, what to do, a number to quote. They load no user and no record, so they cannot fail."""

from dataclasses import dataclass

from flask import Flask, current_app, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from portal.web.continuing import fields_to_return
from portal.web.database import is_busy, undo
from portal.web.idempotency import KeyMissing, KeyReused
from portal.web.intake import UnkeepableText
from portal.web.limits import LimitReached
from portal.web.versioning import Conflict

SERVER_ERROR, TOO_MANY, CONFLICT, UNPROCESSABLE, BAD_REQUEST, UNAVAILABLE = 500, 429, 409, 422, 400, 503
BUSY_SECONDS = 10
BUSY_KINDS = (DBAPIError, PoolTimeout)


# A swap that fails shows the error where the whole content was, not inside the small piece that was asked for.
WHOLE_CONTENT = {"HX-Retarget": "#main", "HX-Reselect": "#main", "HX-Reswap": "outerHTML"}


@dataclass(frozen=True)
class Words:
    """What an error page says: a title, what happened, what to do next."""

    title: str
    happened: str
    next_step: str


PAGES = {
    400: Words(
        "This request could not be read",
        "Part of what the browser sent was missing or damaged.",
        "Go back, load the page again, and repeat the last step.",
    ),
    403: Words(
        "This page is not open to you",
        "Your account does not have access to this page, or the request came from another site.",
        "If you think it should be open, call us and give the reference number below.",
    ),
    404: Words(
        "We cannot find that page",
        "The address may be mistyped, or the page belongs to somebody else or is no longer kept.",
        "Check the address, or start from the home page.",
    ),
    405: Words(
        "That page does not take this kind of request",
        "The address exists, but it cannot be used in this way.",
        "Start from the home page and follow the links there.",
    ),
    409: Words(
        "Somebody changed this in the meantime",
        "What you were editing was changed after you opened it, in another tab or by another person.",
        "Look at what is stored now, then make your change again.",
    ),
    413: Words(
        "That is more than we can take at once",
        "What you sent is larger than one megabyte, or has more than a thousand fields.",
        "Send a smaller file, or split it into parts.",
    ),
    422: Words(
        "This form was already used",
        "The same form was sent before with other content, or without its key, so nothing was saved this time.",
        "Go back, load the page again, and send the form once more.",
    ),
    429: Words(
        "Too many tries",
        "There were many tries in a short time, so we paused them to keep accounts safe.",
        "Wait a few minutes, then try again.",
    ),
    500: Words(
        "Something went wrong on our side",
        "This is our fault, not yours. Nothing that you sent was half saved.",
        "Try again in a few minutes. If it happens again, call us and give the reference number below.",
    ),
    503: Words(
        "We cannot do this right now",
        "A part that this page needs is not answering.",
        "Try again in a few minutes.",
    ),
}


BUSY = Words(
    "We are busy for a moment",
    "Many people are saving at the same time, so yours did not go through. Nothing was half saved.",
    "Wait a few seconds, then load the page or send the form again.",
)


def error_page(status: int, words: Words | None = None, **more: object) -> Response:
    """The page for a status; what the request wrote is undone. Plain text when even the template fails."""
    undo()
    words = words or PAGES.get(status, PAGES[SERVER_ERROR])
    reference = g.get("request_id", "unknown")[:12]
    try:
        body = render_template("error/error.html", words=words, reference=reference, status=status, **more)
    except Exception:
        current_app.logger.exception("the error page itself failed")
        body = f"{words.title}. {words.happened} {words.next_step} Reference {reference}."
    page = Response(body, status, content_type="text/html; charset=utf-8")
    if request.headers.get("HX-Request"):
        page.headers.update(WHOLE_CONTENT)
    return page


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < BAD_REQUEST:
        return error.get_response()
    cause = getattr(error, "original_exception", None)
    if isinstance(cause, BUSY_KINDS) and is_busy(cause):
        return _busy(cause)
    page = error_page(error.code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            page.headers[name] = value
    return page


def _unexpected(error: Exception) -> Response:
    current_app.logger.error("request %s failed", g.get("request_id", ""), exc_info=error)
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    return error_page(SERVER_ERROR)


def _busy(error: DBAPIError | PoolTimeout) -> Response:
    """The records are in use by others for too long: nothing was written, and the same request may work soon."""
    if not is_busy(error):
        return _unexpected(error)
    current_app.logger.warning("request %s found the records busy", g.get("request_id", ""))
    page = error_page(UNAVAILABLE, BUSY)
    page.headers["Retry-After"] = str(BUSY_SECONDS)
    return page


def _unkeepable(error: UnkeepableText) -> Response:
    place = f"The field “{error.field.replace('_', ' ')}”" if error.field else "The name of a field"
    happened = f"{place} has a hidden character that cannot be stored. Nothing was saved."
    next_step = "Go back, delete what is in the field, type it again by hand, and send the form once more."
    return error_page(UNPROCESSABLE, Words("A field has a character we cannot store", happened, next_step))


def _limit(error: LimitReached) -> Response:
    minutes = max(1, -(-error.seconds // 60))
    wait = f"Wait about {minutes} minute{'s' if minutes > 1 else ''}, then try again."
    page = error_page(TOO_MANY, Words(PAGES[TOO_MANY].title, PAGES[TOO_MANY].happened, wait))
    page.headers["Retry-After"] = str(error.seconds)
    return page


def _conflict(error: Conflict | StaleDataError) -> Response:
    known = error if isinstance(error, Conflict) else Conflict()
    fields = fields_to_return()
    if fields is None:
        known.current_version = None  # without it the page offers no second try
    return error_page(CONFLICT, conflict=known, resend_to=request.full_path, fields=fields)


def _form_key(_: KeyMissing | KeyReused) -> Response:
    return error_page(UNPROCESSABLE)


def _old_form(_: CSRFError) -> Response:
    """The form token is old or missing. The origin was checked before, so what was typed may be offered again."""
    words = Words(
        "This page was open too long",
        "For your safety a form can only be sent from a page opened in this visit. Nothing was saved yet.",
        "Look over what you typed and send it again. Passwords must be typed again.",
    )
    fields = fields_to_return()
    if fields is None:
        return error_page(BAD_REQUEST)
    return error_page(BAD_REQUEST, words, resend_to=request.full_path.rstrip("?"), fields=fields)


def init_errors(app: Flask) -> None:
    """Register all pages."""
    app.register_error_handler(CSRFError, _old_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(UnkeepableText, _unkeepable)
    for kind in BUSY_KINDS:
        app.register_error_handler(kind, _busy)
    app.register_error_handler(LimitReached, _limit)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(StaleDataError, _conflict)
    app.register_error_handler(KeyMissing, _form_key)
    app.register_error_handler(KeyReused, _form_key)
    app.register_error_handler(Exception, _unexpected)
