"""The table of drafts: what somebody is putting together now, one draft for each household."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from catalog.store.base import Base, JsonDocument, PublicId, UtcDateTime, new_public_id
from portal.builder.picks import Picks
from portal.web.scope import Personal
from portal.web.versioning import Versioned


class BundleDraft(Versioned, Personal, Base):
    """The picks of a household with the way back (``history``, newest last).

    ``valid`` is what the rules said when the person last changed something; a page that finds otherwise says so.
    ``sort_name`` and ``assumptions`` are the order of the list from which the medical plan was chosen.
    ``configuration_id`` is the saved bundle that is being changed, if any. Signing in moves the draft with its
    household, so that the draft of the current household is always the current draft.
    """

    __tablename__ = "bundle_draft"

    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_public_id)
    household_id: Mapped[str] = mapped_column(PublicId, sa.ForeignKey("household.id", ondelete="CASCADE"), unique=True)
    picks: Mapped[Picks] = mapped_column(JsonDocument(Picks), default=Picks)
    history: Mapped[tuple[Picks, ...]] = mapped_column(JsonDocument(tuple[Picks, ...]), default=())
    sort_name: Mapped[str] = mapped_column(sa.String(120), default="")
    assumptions: Mapped[str] = mapped_column(sa.Text, default="")
    release_id: Mapped[str] = mapped_column(sa.String(80))
    valid: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    configuration_id: Mapped[str | None] = mapped_column(
        PublicId, sa.ForeignKey("configuration.id", ondelete="SET NULL"), index=True, default=None
    )
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
