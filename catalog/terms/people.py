"""People who want cover: persons, household, age arithmetic."""

from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catalog.terms.kinds import Relationship
from catalog.terms.money import Money


def age_on(birth_date: date, on: date) -> int:
    """Whole years on a date; somebody born on February 29 has the birthday on March 1 in common years.

    ValueError where the date is before birth.
    """
    if on < birth_date:
        raise ValueError(f"{on} is before the birth date {birth_date}")
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return on.year - birth_date.year - (0 if had_birthday else 1)


def format_date(day: date) -> str:
    """A date as people read it: January 1, 2027."""
    return f"{day:%B} {day.day}, {day.year}"


def add_years(day: date, years: int) -> date:
    """The same day some years later; February 29 becomes March 1 where there is none."""
    year = day.year + years
    if (day.month, day.day) == (2, 29) and not isleap(year):
        return date(year, 3, 1)
    return day.replace(year=year)


def spoken_list(names: Iterable[str]) -> str:
    """Names as a person reads them out: ``You (38), Spouse (36) and Child (7)``; empty for none."""
    held = tuple(names)
    return f"{', '.join(held[:-1])} and {held[-1]}" if len(held) > 1 else "".join(held)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the household.

    ``age`` stands in for a birth date in quick quotes only. ``applying`` says who wants cover. ``other_offer``
    is true where another offer of minimum essential coverage bars the tax credit; None where not asked.
    """

    person_id: str
    relationship: Relationship
    birth_date: date | None = None
    age: int | None = None
    tobacco: bool | None = None  # regular use in the look-back period
    applying: bool = True
    other_offer: bool | None = None
    medicare: bool | None = None
    tribal_member: bool | None = None
    hardship_exemption: str = ""  # exemption certificate number, empty for none
    lives_with_applicant: bool | None = None
    name: str = ""

    def age_on(self, on: date) -> int:
        """Age in whole years on a date; a quick-quote age is taken as the age on that date."""
        if self.birth_date is not None:
            return age_on(self.birth_date, on)
        if self.age is None:
            raise ValueError(f"{self.person_id} has neither a birth date nor an age")
        return self.age


@dataclass(frozen=True, slots=True)
class Household:
    """People, address and the facts that decide price and eligibility.

    ``income`` is the expected yearly household income (MAGI) in dollars for the plan year; None where not told.
    ``tax_household_size`` counts the tax household, which may be larger than the people here.
    """

    persons: tuple[Person, ...]
    zip_code: str
    county_fips: str
    effective_date: date
    income: Money | None = None
    tax_household_size: int | None = None
    on_exchange: bool = True

    @property
    def applicants(self) -> tuple[Person, ...]:
        """The people who want cover, in the order given."""
        return tuple(person for person in self.persons if person.applying)

    @property
    def size(self) -> int:
        """Tax-household size; where not told, the people listed here."""
        return self.tax_household_size or len(self.persons)


@dataclass(frozen=True, slots=True)
class PovertyRatio:
    """Household income against the poverty guideline, exact; ``people`` is the size that the guideline is for."""

    income: Money
    guideline: Money
    people: int | None = None

    @property
    def percent(self) -> Decimal:
        """Income as a percentage of the guideline, not rounded."""
        return self.income * 100 / self.guideline
