"""Every change of a household: checks, writes, and leaves an audit row in the same transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.parameters import Law, MissingParameter, load, open_enrollment
from catalog.store.market import Whereabouts, locate_published
from catalog.terms import Market, Relationship, spoken_list
from configurator.enrollment import first_of_next_month
from portal.household.models import HouseholdRecord, PersonRecord
from portal.household.people_text import MOST_PEOPLE, Entry, guess_relationships
from portal.household.wording import in_words
from portal.web import clock
from portal.web.audit import audit
from portal.web.merging import on_merge
from portal.web.scope import current_scope
from portal.web.versioning import check_version

Fields = Mapping[str, Any]


class TooManyPeople(Exception):
    """The household is full."""


def current_household(session: Session) -> HouseholdRecord | None:
    """The household that this person shops for: the one changed last."""
    if current_scope().empty:
        return None
    newest = sa.select(HouseholdRecord).order_by(HouseholdRecord.changed_at.desc(), HouseholdRecord.id).limit(1)
    return session.scalars(newest).one_or_none()


def find_place(session: Session, zip_code: str, county_fips: str, effective: date) -> Whereabouts | None:
    """Where a ZIP code (and county) lies in the catalogue for that start of cover; None where nothing is published."""
    found = locate_published(
        session,
        plan_year=effective.year,
        market=Market.INDIVIDUAL,
        zip_code=zip_code,
        county_fips=county_fips or None,
    )
    return found[1] if found else None


def first_place(session: Session, zip_code: str, today: date) -> tuple[Whereabouts | None, date]:
    """Where a ZIP code lies and the first day of cover for somebody who chooses today.

    Next plan year where its open enrollment runs and its catalogue knows the ZIP code, else this year's next month.
    """
    next_month, next_year = first_of_next_month(today), today.year + 1
    later = find_place(session, zip_code, "", date(next_year, 1, 1))
    if later and not later.refusal and (starts := open_starts(load(), state_of(later), next_year, today)):
        return later, starts[0]
    now = find_place(session, zip_code, "", date(today.year, 1, 1))
    refused_later = later and later.refusal and (now is None or next_month.year == next_year)
    return (later if refused_later else now), next_month


def state_of(place: Whereabouts) -> str:
    """The state of the counties found; empty where there are none."""
    return place.counties[0].state if place.counties else ""


def open_starts(law: Law, state: str, plan_year: int, today: date) -> tuple[date, ...]:
    """First days of cover that the open enrollment of a plan year still offers, earliest first (45 CFR 155.410(f))."""
    try:
        window = open_enrollment(law, state, plan_year)
    except MissingParameter:
        return ()
    if not window.is_open(today):
        return ()
    return tuple(cutoff.effective for cutoff in window.cutoffs if cutoff.selected_by >= today)


@dataclass(frozen=True, slots=True)
class StartChoice:
    """A first day of cover to choose; outside open enrollment it takes a life event (45 CFR 155.420)."""

    on: date
    needs_life_event: bool


def possible_starts(law: Law, place: Whereabouts | None, today: date) -> tuple[StartChoice, ...]:
    """First days of cover to choose from: open enrollment's, and the next month's first, earliest first."""
    years = (today.year, today.year + 1)
    opened = {day for year in years for day in open_starts(law, state_of(place) if place else "", year, today)}
    return tuple(StartChoice(day, day not in opened) for day in sorted({*opened, first_of_next_month(today)}))


def needs_life_event(law: Law, state: str, start: date, today: date) -> bool:
    """Whether cover can start on that day only with a life event, for somebody who chooses today."""
    return start not in open_starts(law, state, start.year, today)


def start_quick(
    session: Session, zip_code: str, county_fips: str, entries: list[Entry], income: Decimal | None, effective: date
) -> HouseholdRecord:
    """A new current household from the landing page; relationships are guessed and marked as quick."""
    last_child_age = load().value("dependents.medical.last_age", effective)
    household = HouseholdRecord(
        zip_code=zip_code,
        county_fips=county_fips,
        effective_date=effective,
        income=income,
        tax_household_size=None,
        on_exchange=True,
        quick=True,
        facts={},
        changed_at=clock.instant(),
    )
    guessed = guess_relationships(entries, effective, last_child_age)
    for position, (entry, relationship) in enumerate(zip(entries, guessed, strict=True)):
        household.people.append(
            PersonRecord(position=position, relationship_=relationship, birth_date=entry.birth_date, age=entry.age)
        )
    session.add(household)
    session.flush()
    audit(session, "household.started", "household", household.id)
    return household


def set_county(session: Session, household: HouseholdRecord, county_fips: str) -> None:
    """Settle which county of a split ZIP code the household lives in."""
    household.county_fips = county_fips
    _changed(session, household, "household.county_set", ["county"])


def change_address(session: Session, household: HouseholdRecord, sent_version: str, fields: Fields) -> None:
    """Address, income and start of cover. Raises Conflict where the form was filled in on an older version."""
    _refuse_stale(household, sent_version, fields, household)
    for name in ("zip_code", "county_fips", "income", "tax_household_size", "on_exchange", "effective_date"):
        setattr(household, name, fields[name])
    _changed(session, household, "household.changed", sorted(fields))


def save_person(
    session: Session, household: HouseholdRecord, person: PersonRecord | None, sent_version: str, fields: Fields
) -> PersonRecord:
    """Add or change somebody. Raises Conflict, TooManyPeople."""
    _refuse_stale(household, sent_version, fields, person)
    if person is None:
        if len(household.people) >= MOST_PEOPLE:
            raise TooManyPeople
        person = PersonRecord(position=1 + max((other.position for other in household.people), default=-1))
        household.people.append(person)
    for name, value in fields.items():
        setattr(person, name, value)
    household.quick = any(other.birth_date is None for other in household.people)
    _changed(session, household, "household.person_saved", sorted(fields), person.id)
    return person


def remove_person(session: Session, household: HouseholdRecord, person: PersonRecord, sent_version: str) -> None:
    """Take somebody off the household; the next person becomes the applicant where the applicant leaves."""
    _refuse_stale(household, sent_version, {}, None)
    household.people.remove(person)
    if person.relationship_ is Relationship.SELF and household.people:
        household.people[0].relationship_ = Relationship.SELF
    _changed(session, household, "household.person_removed", [], person.id)


def tell_facts(session: Session, household: HouseholdRecord, answers: Fields) -> None:
    """Keep answers to questions that rules ask; None takes an answer back."""
    kept = {**household.facts, **answers}
    household.facts = {name: value for name, value in kept.items() if value is not None}
    _changed(session, household, "household.facts_told", sorted(answers))


def _refuse_stale(
    household: HouseholdRecord, sent_version: str, fields: Fields, stored: HouseholdRecord | PersonRecord | None
) -> None:
    """Raise Conflict with the fields that differ; where all are alike, with the people as they are now."""
    now = {name: getattr(stored, name) for name in fields} if stored else {}
    mine, theirs = in_words(fields), in_words(now)
    theirs = {label: text for label, text in theirs.items() if text != mine[label]} or _people_now(household)
    mine = {label: mine.get(label, "The people as they were") for label in theirs}
    check_version(household, sent_version, mine, theirs, "/household")


def _people_now(household: HouseholdRecord) -> dict[str, str]:
    return {"People": spoken_list(person.label(household.effective_date) for person in household.people)}


def _changed(session: Session, household: HouseholdRecord, action: str, fields: list[str], person_id: str = "") -> None:
    household.changed_at = clock.instant()
    session.flush()
    audit(session, action, "household", household.id, details={"fields": fields, "person": person_id})


@on_merge
def keep_the_newer_on_top(session: Session, shopper_id: str, _account_id: str) -> None:
    """Both households stay; the one just worked on is current, because it was changed last."""
    newest = (
        sa.select(HouseholdRecord)
        .where(HouseholdRecord.shopper_id == shopper_id)
        .order_by(HouseholdRecord.changed_at.desc())
        .limit(1)
    )
    if household := session.scalars(newest).one_or_none():
        household.changed_at = clock.instant()
