"""Tables of the household: one current household for each shopper or member."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catalog.store.base import Base, Cents, JsonDocument, PublicId, UtcDateTime, choice, new_public_id
from catalog.terms import Household, Person, Relationship, age_on
from portal.web.scope import Personal
from portal.web.versioning import Versioned


class HouseholdRecord(Versioned, Personal, Base):
    """Address, income and start of cover. ``quick`` marks people known only by ages from the landing page.

    ``facts`` holds answers to household facts that have no column of their own (name to value).
    """

    __tablename__ = "household"

    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_public_id)
    zip_code: Mapped[str] = mapped_column(sa.String(5))
    county_fips: Mapped[str] = mapped_column(sa.String(5), default="")
    effective_date: Mapped[date] = mapped_column(sa.Date)
    income: Mapped[Decimal | None] = mapped_column(Cents)
    tax_household_size: Mapped[int | None] = mapped_column(sa.Integer)
    on_exchange: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    quick: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JsonDocument, default=dict)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    people: Mapped[list["PersonRecord"]] = relationship(
        back_populates="household",
        cascade="all, delete-orphan",
        order_by="PersonRecord.position",
        lazy="selectin",
    )

    def to_terms(self) -> Household:
        """The household as the plain value that prices and rules are made from."""
        return Household(
            persons=tuple(person.to_terms() for person in self.people),
            zip_code=self.zip_code,
            county_fips=self.county_fips,
            effective_date=self.effective_date,
            income=self.income,
            tax_household_size=self.tax_household_size,
            on_exchange=self.on_exchange,
        )


LABELS = {
    Relationship.SELF: "You",
    Relationship.SPOUSE: "Spouse",
    Relationship.LIFE_PARTNER: "Partner",
    Relationship.CHILD: "Child",
    Relationship.STEPCHILD: "Child",
    Relationship.ADOPTED_CHILD: "Child",
    Relationship.FOSTER_CHILD: "Foster child",
    Relationship.GRANDCHILD: "Grandchild",
    Relationship.PARENT: "Parent",
    Relationship.SIBLING: "Brother or sister",
}


class PersonRecord(Personal, Base):
    """Somebody in the household; the version of the household guards changes."""

    __tablename__ = "household_person"

    id: Mapped[str] = mapped_column(PublicId, primary_key=True, default=new_public_id)
    household_id: Mapped[str] = mapped_column(PublicId, sa.ForeignKey("household.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(sa.Integer)
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    relationship_: Mapped[Relationship] = mapped_column("relationship", choice(Relationship))
    birth_date: Mapped[date | None] = mapped_column(sa.Date)
    age: Mapped[int | None] = mapped_column(sa.Integer)
    tobacco: Mapped[bool | None] = mapped_column(sa.Boolean)
    applying: Mapped[bool] = mapped_column(sa.Boolean, default=True)
    other_offer: Mapped[bool | None] = mapped_column(sa.Boolean)
    medicare: Mapped[bool | None] = mapped_column(sa.Boolean)
    tribal_member: Mapped[bool | None] = mapped_column(sa.Boolean)
    hardship_exemption: Mapped[str] = mapped_column(sa.String(20), default="")
    household: Mapped[HouseholdRecord] = relationship(back_populates="people")

    def label(self, on: date) -> str:
        """What to call the person on a page: the name, else relationship and age on that day."""
        if self.name:
            return self.name
        age = self.age if self.birth_date is None else age_on(self.birth_date, max(on, self.birth_date))
        return f"{LABELS.get(self.relationship_, 'Family member')} ({age})"

    @classmethod
    def from_terms(cls, person: Person, position: int, name: str) -> "PersonRecord":
        """A record of somebody known as a plain value; ``name`` is the real one, which may be empty."""
        return cls(
            position=position,
            name=name,
            relationship_=person.relationship,
            birth_date=person.birth_date,
            age=person.age,
            tobacco=person.tobacco,
            applying=person.applying,
            other_offer=person.other_offer,
            medicare=person.medicare,
            tribal_member=person.tribal_member,
            hardship_exemption=person.hardship_exemption,
        )

    def to_terms(self) -> Person:
        """The person as a plain value, with a name that people recognize."""
        return Person(
            person_id=self.id,
            relationship=self.relationship_,
            birth_date=self.birth_date,
            age=self.age,
            tobacco=self.tobacco,
            applying=self.applying,
            other_offer=self.other_offer,
            medicare=self.medicare,
            tribal_member=self.tribal_member,
            hardship_exemption=self.hardship_exemption,
            name=self.label(self.household.effective_date),
        )
