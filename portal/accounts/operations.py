"""Everything that changes an account: checks, writes, and leaves an audit row in the same transaction."""

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.accounts.passwords import hash_password, outdated, verify
from portal.web import clock
from portal.web.audit import audit
from portal.web.database import db
from portal.web.housekeeping import sweep
from portal.web.idempotency import KeyReused, form_key, idempotent
from portal.web.limits import Limit, count_try, forgive
from portal.web.permissions import Role
from portal.web.sessions import end_sessions
from portal.web.tokens import hashed

SIGN_IN_BY_EMAIL = Limit("sign in by email", 10, timedelta(minutes=5))
SIGN_IN_BY_ADDRESS = Limit("sign in by address", 100, timedelta(minutes=5))
REGISTER_BY_ADDRESS = Limit("register by address", 100, timedelta(minutes=5))


class EmailTaken(Exception):
    """There is an account with this email already."""


def load_account(account_id: str) -> Account | None:
    """The account of a signed-in browser session; None when it is gone or disabled."""
    account = db().get(Account, account_id)
    return account if account and account.disabled_at is None else None


def create(session: Session, email: str, name: str, password: str, role: Role = Role.MEMBER) -> Account:
    """A new account. Raises EmailTaken."""
    moment = clock.instant()
    account = Account(
        email=email.casefold(),
        name=name,
        role=role,
        password_hash=hash_password(password),
        created_at=moment,
        password_changed_at=moment,
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        raise EmailTaken from None
    audit(session, "account.created", "account", account.id, subject=account.id)
    return account


def register(
    session: Session, email: str, name: str, password: str, address: str, browser_session: str = ""
) -> Account:
    """Somebody makes an account for themselves; the same form sent twice at once gives the same account.

    Raises EmailTaken, LimitReached, KeyMissing, KeyReused.
    """
    count_try(session, REGISTER_BY_ADDRESS, address, clock.instant())
    session.commit()
    key = form_key(browser_session)
    made = idempotent(session, key, hashed(email.casefold(), name), lambda: create(session, email, name, password).id)
    account = session.get_one(Account, made)
    if not verify(account.password_hash, password):
        raise KeyReused
    return account


def note_sign_out(session: Session, account_id: str) -> None:
    """Leave a trace of somebody who signs out."""
    audit(session, "account.signed_out", "account", account_id, subject=account_id)


def authenticate(session: Session, email: str, password: str, address: str) -> Account | None:
    """The account when email and password fit, else None after the same time. Raises LimitReached.

    Each try is counted and committed before the password is looked at, so that no failure can go uncounted.
    """
    email, moment = email.casefold(), clock.instant()
    count_try(session, SIGN_IN_BY_EMAIL, email, moment)
    count_try(session, SIGN_IN_BY_ADDRESS, address, moment)
    session.commit()
    account = session.scalars(sa.select(Account).where(Account.email == email)).one_or_none()
    right = verify(account.password_hash if account else None, password)
    if account is None or not right or account.disabled_at is not None:
        _note_failure(session, account)
        return None
    _note_success(session, account, password)
    return account


def _note_failure(session: Session, account: Account | None) -> None:
    audit(session, "account.sign_in_failed", "account", account.id if account else "unknown")
    session.commit()


def _note_success(session: Session, account: Account, password: str) -> None:
    forgive(session, SIGN_IN_BY_EMAIL, account.email)
    if outdated(account.password_hash):
        account.password_hash = hash_password(password)
    audit(session, "account.signed_in", "account", account.id, subject=account.id)
    sweep(session, current_app.extensions["settings"], clock.instant())


def change_password(session: Session, account_id: str, current: str, new: str, keep_session: str) -> bool:
    """Set a new password and end all other browser sessions.

    False when the current password is wrong. Raises LimitReached.
    """
    account = session.get_one(Account, account_id)
    count_try(session, SIGN_IN_BY_EMAIL, account.email, clock.instant())
    session.commit()
    if not verify(account.password_hash, current):
        return False
    account.password_hash, account.password_changed_at = hash_password(new), clock.instant()
    forgive(session, SIGN_IN_BY_EMAIL, account.email)
    end_sessions(session, account.id, but=keep_session)
    audit(session, "account.password_changed", "account", account.id, subject=account.id)
    return True
