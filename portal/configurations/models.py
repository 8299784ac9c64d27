"""Tables of saved configurations: a name, and versions that never change."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.store.base import Base, JsonDocument, PublicId, UtcDateTime, new_public_id
from portal.configurations.stored import StoredBundle, StoredInputs
from portal.web.scope import Personal
from portal.web.versioning import Versioned


class Configuration(Versioned, Personal, Base):
    """A saved bundle under a name that can be changed. ``copied_from`` is the version it began as, if any."""

    __tablename__ = "configuration"

    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_public_id)
    name: Mapped[str] = mapped_column(sa.String(120))
    plan_year: Mapped[int] = mapped_column(sa.Integer)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    versions: Mapped[list["ConfigurationVersion"]] = relationship(
        back_populates="configuration",
        cascade="all, delete-orphan",
        order_by="ConfigurationVersion.number",
        lazy="selectin",
        passive_deletes=True,
    )

    @property
    def latest(self) -> "ConfigurationVersion":
        """The newest version; a configuration has at least one."""
        return self.versions[-1]


class ConfigurationVersion(Personal, Base):
    """What was chosen and what it cost on a day: never changed, so that it can be replayed.

    ``predecessor_id`` links the version that this one grew from: the one before, the copied one, or last year's.
    """

    __tablename__ = "configuration_version"

    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_public_id)
    configuration_id: Mapped[str] = mapped_column(
        PublicId, sa.ForeignKey("configuration.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[int] = mapped_column(sa.Integer)
    made_on: Mapped[date] = mapped_column(sa.Date)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    predecessor_id: Mapped[str | None] = mapped_column(PublicId)
    inputs: Mapped[StoredInputs] = mapped_column(JsonDocument(StoredInputs))
    bundle: Mapped[StoredBundle] = mapped_column(JsonDocument(StoredBundle))
    configuration: Mapped[Configuration] = relationship(back_populates="versions")

    __table_args__ = (sa.UniqueConstraint("configuration_id", "number"),)


class ResumeLink(Personal, Base):
    """A secret address that opens a copy of a version elsewhere; only its hash is kept, and it ends."""

    __tablename__ = "resume_link"

    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_public_id)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    version_id: Mapped[str] = mapped_column(
        PublicId, sa.ForeignKey("configuration_version.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
