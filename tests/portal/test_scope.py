"""A personal row is seen by its owner only, whatever the query."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from portal.web import clock
from portal.web.models import Shopper
from portal.web.scope import Scope, Unscoped, everything
from tests.portal.conftest import PageClient
from tests.portal.samples import Note, Shelf, notes


@pytest.fixture
def sessions(app):
    return app.extensions["sessions"]


@pytest.fixture
def two_people(sessions):
    """Two shoppers with a note each; returns their ids."""
    with sessions.write() as records, everything(records, "test"):
        moment = clock.instant()
        people = [Shopper(cookie_hash=str(each), created_at=moment, expires_at=moment) for each in (1, 2)]
        records.add_all(people)
        records.flush()
        shelf = Shelf()
        records.add(shelf)
        records.flush()
        for person in people:
            records.add(Note(text=f"of {person.id}", shopper_id=person.id, shelf_id=shelf.id))
    return [person.id for person in people]


QUERIES = {
    "select": lambda records: records.scalars(sa.select(Note)).all(),
    "column": lambda records: records.scalars(sa.select(Note.text)).all(),
    "count": lambda records: range(records.scalar(sa.select(sa.func.count()).select_from(Note))),
    "count column": lambda records: range(records.scalar(sa.select(sa.func.count(Note.id)))),
    "alias": lambda records: records.scalars(sa.select(aliased(Note))).all(),
    "join": lambda records: records.execute(sa.select(Shelf, Note).join(Note)).all(),
    "subquery": lambda records: records.scalars(
        sa.select(Shelf.id).where(Shelf.id.in_(sa.select(Note.shelf_id)))
    ).all(),
    "exists": lambda records: records.scalars(
        sa.select(Shelf.id).where(sa.exists().where(Note.shelf_id == Shelf.id))
    ).all(),
    "legacy": lambda records: records.query(Note).all(),
    "lazy": lambda records: records.scalars(sa.select(Shelf)).one().notes,
    "update": lambda records: range(records.execute(sa.update(Note).values(text="x")).rowcount),
    "delete": lambda records: range(records.execute(sa.delete(Note)).rowcount),
}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_without_scope_raises(sessions, two_people, name):
    with pytest.raises(Unscoped), sessions.write() as records:
        QUERIES[name](records)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_finds_ones_own_rows_only(sessions, two_people, name):
    with sessions.write() as records:
        records.info["scope"] = Scope(shopper_id=two_people[0])
        assert len(QUERIES[name](records)) == 1


def test_get_by_key_is_filtered(sessions, two_people):
    with sessions.read() as records, everything(records, "test"):
        ids = {note.shopper_id: note.id for note in records.scalars(sa.select(Note))}
    with sessions.read() as records:
        records.info["scope"] = Scope(shopper_id=two_people[0])
        assert records.get(Note, ids[two_people[0]])
        assert records.get(Note, ids[two_people[1]]) is None


def test_a_visitor_who_owns_nothing_sees_nothing(sessions, two_people):
    with sessions.read() as records:
        records.info["scope"] = Scope()
        assert records.scalars(sa.select(Note)).all() == []


def test_nobody_writes_for_somebody_else(sessions, two_people):
    with sessions.writer() as records:
        records.info["scope"] = Scope(shopper_id=two_people[0])
        records.add(Note(text="planted", shopper_id=two_people[1]))
        with pytest.raises(Unscoped):
            records.flush()


def test_a_new_row_belongs_to_who_is_here(sessions, two_people):
    with sessions.write() as records:
        records.info["scope"] = Scope(shopper_id=two_people[0])
        note = Note(text="mine")
        records.add(note)
        records.flush()
        assert note.shopper_id == two_people[0]


def test_reading_sessions_do_not_write(sessions):
    with sessions.read() as records:
        records.add(Shelf())
        with pytest.raises(RuntimeError):
            records.flush()


def test_a_foreign_id_answers_as_a_missing_one(app):
    app.register_blueprint(notes)
    owner, other = PageClient(app), PageClient(app)
    made = owner.post("/notes", {"text": "mine", "idempotency_key": "k"})
    assert owner.get(made.location).text == "mine"
    other.post("/notes", {"text": "other", "idempotency_key": "k"})
    foreign, missing = other.get(made.location), other.get("/notes/" + "0" * 32)
    assert foreign.status == missing.status == 404

    def without_reference(page):
        return page.text.split("Reference")[0]

    assert without_reference(foreign) == without_reference(missing)
    assert other.get("/notes").text == "other"
