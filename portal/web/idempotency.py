"""A form that creates something creates it once, however often the button is pressed.

The form carries a random key. The key, the effect and the answer are written in one transaction under a unique
constraint, so that twenty requests at once still make one row and all twenty people-clicks get the same answer.
"""

from collections.abc import Callable

from flask import redirect, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from portal.web import clock
from portal.web.models import IdempotencyKey
from portal.web.scope import current_scope
from portal.web.tokens import hashed

FIELD = "idempotency_key"
SEE_OTHER = 303
_NOT_BODY = frozenset({FIELD, "csrf_token"})


class KeyMissing(Exception):
    """A creating form came without its key."""


class KeyReused(Exception):
    """The key of one form came again with other content."""


def once(session: Session, act: Callable[[], str]) -> Response:
    """Do `act` (it returns the path to go to) at most once for the key in the request's form; answer with a redirect.

    Raises KeyMissing or KeyReused (both answered by a 422 page).
    """
    scope = current_scope()
    owner = scope.account_id or scope.shopper_id or ""
    location = idempotent(session, form_key(owner), body_hash(), act)
    return redirect(location, SEE_OTHER)


def form_key(owner: str) -> str:
    """The key of the request's form, bound to whom it was shown and to where it is sent. Raises KeyMissing."""
    key = request.form.get(FIELD, "")
    if not key:
        raise KeyMissing
    return hashed(owner, request.path, key)


def body_hash() -> str:
    """What the form said, apart from its tokens."""
    pairs = sorted((name, value) for name, value in request.form.items(multi=True) if name not in _NOT_BODY)
    return hashed(*(part for pair in pairs for part in pair))


def idempotent(session: Session, key_hash: str, body: str, act: Callable[[], str]) -> str:
    """The location that `act` gives, or gave when the key was first seen. Raises KeyReused when `body` differs."""
    stored = session.get(IdempotencyKey, key_hash) or _claim(session, key_hash, body)
    if stored.body_hash != body:
        raise KeyReused
    if not stored.location:
        stored.location = act()
        session.flush()
    return stored.location


def _claim(session: Session, key_hash: str, body: str) -> IdempotencyKey:
    row = IdempotencyKey(key_hash=key_hash, body_hash=body, location="", created_at=clock.instant())
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # another request won the race and has committed: take its answer
        return session.get_one(IdempotencyKey, key_hash, populate_existing=True)
    return row
