"""A personal, editable table and its pages, for tests of what protects such tables."""

import sqlalchemy as sa
from flask import Blueprint, request
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.store.base import Base, PublicId, new_public_id
from portal.web.audit import audit
from portal.web.database import db
from portal.web.idempotency import once
from portal.web.permissions import policy
from portal.web.scope import Personal, get_or_404
from portal.web.versioning import Versioned, check_version


class Shelf(Base):
    """Not personal; holds notes."""

    __tablename__ = "sample_shelf"

    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_public_id)
    notes: Mapped[list["Note"]] = relationship()


class Note(Personal, Versioned, Base):
    """A personal row that people edit."""

    __tablename__ = "sample_note"

    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_public_id)
    text: Mapped[str] = mapped_column(sa.Text)
    shelf_id: Mapped[str | None] = mapped_column(sa.ForeignKey("sample_shelf.id"))


notes = Blueprint("notes", __name__)


@notes.get("/notes")
@policy.shopper
def index():
    return ",".join(sorted(db().scalars(sa.select(Note.text))))


@notes.post("/notes")
@policy.shopper
def create():
    def act():
        note = Note(text=request.form["text"])
        db().add(note)
        db().flush()
        audit(db(), "note.created", "note", note.id)
        return f"/notes/{note.id}"

    return once(db(), act)


@notes.get("/notes/<public_id>")
@policy.shopper
def show(public_id):
    return get_or_404(Note, public_id).text


@notes.post("/notes/<public_id>")
@policy.shopper
def change(public_id):
    note = get_or_404(Note, public_id)
    sent = request.form["text"]
    check_version(note, request.form["version"], {"Text": sent}, {"Text": note.text}, f"/notes/{note.id}")
    note.text = sent
    return "changed"
