"""The account: who may sign in."""

from datetime import datetime

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column

from catalog.store.base import Base, PublicId, UtcDateTime, choice, new_public_id
from portal.web.permissions import Role
from portal.web.versioning import Versioned


class Account(Versioned, UserMixin, Base):
    """A person who can sign in. The email is kept in lower case; the password only as an argon2id hash."""

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_public_id)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    role: Mapped[Role] = mapped_column(choice(Role))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    password_changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
