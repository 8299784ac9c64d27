"""Tables that all pages share: browser sessions, anonymous shoppers, limits, idempotency keys, the audit trail."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from catalog.store.base import Base, JsonDocument, PublicId, UtcDateTime, new_public_id


class WebSession(Base):
    """A browser session that holds something. The cookie's id is kept only as a hash."""

    __tablename__ = "web_session"

    id_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    account_id: Mapped[str | None] = mapped_column(
        PublicId, sa.ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    data: Mapped[dict[str, Any]] = mapped_column(JsonDocument)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class Shopper(Base):
    """Somebody who shops without signing in, known by a random cookie whose hash is kept here."""

    __tablename__ = "shopper"

    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_public_id)
    cookie_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class LimitEvent(Base):
    """One counted try, for limits that must hold over several processes and restarts."""

    __tablename__ = "limit_event"

    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_public_id)
    name: Mapped[str] = mapped_column(sa.String(40))
    key_hash: Mapped[str] = mapped_column(sa.String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (sa.Index("ix_limit_event_name_key_hash_at", "name", "key_hash", "at"),)


class IdempotencyKey(Base):
    """The answer that a form key already got, stored in the same transaction as its effect."""

    __tablename__ = "idempotency_key"

    key_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    location: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AuditEvent(Base):
    """One thing that somebody did or saw. Rows are only ever added."""

    __tablename__ = "audit_event"

    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_public_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    action: Mapped[str] = mapped_column(sa.String(60))
    account_id: Mapped[str | None] = mapped_column(PublicId, index=True)
    shopper_id: Mapped[str | None] = mapped_column(PublicId)
    role: Mapped[str] = mapped_column(sa.String(20))
    subject_id: Mapped[str | None] = mapped_column(PublicId, index=True)
    object_type: Mapped[str] = mapped_column(sa.String(60))
    object_id: Mapped[str] = mapped_column(sa.String(80))
    reason: Mapped[str] = mapped_column(sa.Text)
    address: Mapped[str] = mapped_column(sa.String(45))
    request_id: Mapped[str] = mapped_column(PublicId)
    details: Mapped[dict[str, Any]] = mapped_column(JsonDocument)
