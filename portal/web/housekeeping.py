"""Deletes what has run out: browser sessions, anonymous shoppers with all they left, keys of forms sent long ago."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.web.models import IdempotencyKey, Shopper, WebSession
from portal.web.settings import Settings


def sweep(records: Session, settings: Settings, moment: datetime) -> None:
    """Run when somebody signs in: often enough, and never while a visitor waits for a page."""
    stale = sa.or_(
        WebSession.seen_at < moment - settings.session_idle,
        WebSession.created_at < moment - settings.session_absolute,
    )
    records.execute(sa.delete(WebSession).where(stale))
    records.execute(sa.delete(Shopper).where(Shopper.expires_at < moment))
    records.execute(sa.delete(IdempotencyKey).where(IdempotencyKey.created_at < moment - settings.shopper_life))
