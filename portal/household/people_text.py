"""The landing page's one line of ages or birth dates, read into people."""

import re
from dataclasses import dataclass
from datetime import date

from catalog.terms import Relationship

OLDEST = 120
MOST_PEOPLE = 20
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One person as typed: a birth date or an age."""

    birth_date: date | None
    age: int | None

    def age_on(self, on: date) -> int:
        """Age in whole years, for guessing relationships."""
        if self.age is not None:
            return self.age
        return max(
            0, on.year - self.birth_date.year - ((on.month, on.day) < (self.birth_date.month, self.birth_date.day))
        )


class NotPeople(ValueError):
    """A piece that is neither an age nor a birth date; the message names it and says what would do."""


def parse_date(text: str) -> date:
    """A date written 4/12/1988, 4-12-1988 or 1988-04-12; NotPeople otherwise."""
    match = _DATE.fullmatch(text.strip())
    if not match:
        raise NotPeople(f"“{text.strip()}” is not a date. Write month, day and year, such as 4/12/1988.")
    month, day, year, iso_year, iso_month, iso_day = match.groups()
    try:
        return date(int(year or iso_year), int(month or iso_month), int(day or iso_day))
    except ValueError:
        raise NotPeople(f"“{text.strip()}” is not a day in the calendar. Check the month and the day.") from None


def parse_birth_date(text: str, today: date) -> date:
    """A date of somebody living or due within a year; NotPeople otherwise."""
    born = parse_date(text)
    if born > today:
        raise NotPeople(f"“{text.strip()}” is in the future. Add a baby after the birth.")
    if today.year - born.year > OLDEST:
        raise NotPeople(f"“{text.strip()}” is more than {OLDEST} years ago. Check the year.")
    return born


def parse_people(text: str, today: date) -> list[Entry]:
    """Ages and birth dates separated by commas, semicolons, spaces or lines; NotPeople names the wrong piece."""
    pieces = [piece for piece in re.split(r"[,;\s]+", text) if piece]
    if not pieces:
        raise NotPeople("Enter an age or a birth date for each person, such as 38, 36, 7.")
    if len(pieces) > MOST_PEOPLE:
        raise NotPeople(f"Enter at most {MOST_PEOPLE} people. Call us about larger households.")
    return [_entry(piece, today) for piece in pieces]


def _entry(piece: str, today: date) -> Entry:
    if re.fullmatch(r"\d{1,3}", piece):
        age = int(piece)
        if age > OLDEST:
            raise NotPeople(f"“{piece}” is more than {OLDEST} years. Enter an age or a birth date, such as 4/12/1988.")
        return Entry(None, age)
    if _DATE.fullmatch(piece):
        return Entry(parse_birth_date(piece, today), None)
    raise NotPeople(f"“{piece}” is neither an age nor a birth date. Write 38 or 4/12/1988.")


def guess_relationships(entries: list[Entry], on: date, last_child_age: int) -> list[Relationship]:
    """First the applicant, then the first other adult past the dependent age as spouse, children, others.

    ``last_child_age`` is the last age at which children are covered (45 CFR 147.120). A guess that the household
    page shows and lets people correct.
    """
    guessed, spouse_found = [Relationship.SELF], False
    for entry in entries[1:]:
        if entry.age_on(on) <= last_child_age:
            guessed.append(Relationship.CHILD)
        elif not spouse_found:
            guessed.append(Relationship.SPOUSE)
            spouse_found = True
        else:
            guessed.append(Relationship.OTHER)
    return guessed
