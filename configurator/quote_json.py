"""The documented JSON of ``coverwright quote``: a household in, a quote out. ``schema_version`` 1.

Household (unknown fields are refused; fields marked * are required)::

    {
      "schema_version": 1,                *
      "effective_date": "2027-01-01",     *  first day of cover
      "zip": "43215",                     *
      "county_fips": "39049",                5 digits; needed where the ZIP code lies in more than one county
      "on_exchange": true,                   default true
      "income": "60240.00",                  expected yearly household income (MAGI); left out or null: not told
      "tax_household_size": 4,               default: the people listed
      "people": [{                        *  1 to 20 people
        "id": "p1",                          default p1, p2 ... in order
        "name": "",
        "relationship": "self",           *  self, spouse, life_partner, child ... at most one self, one partner
        "birth_date": "1986-05-01",       *  or "age": 40, which makes it a quick quote
        "applying": true,                    default true: wants cover
        "tobacco": false,                    true, false or null (not told)
        "other_offer": null,                 another offer of health cover that rules out the tax credit
        "medicare": null,
        "tribal_member": null,
        "lives_with_applicant": null,
        "hardship_exemption": ""             exemption certificate number
      }]
    }

Quote: see `quote_document`. Money is a decimal string in dollars a month unless it says otherwise, dates are ISO.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any
from unicodedata import category

from catalog.terms import Household, Money, Person, Relationship
from configurator.policy_rules import PARTNERS
from configurator.quote import PlanQuote, Quote
from configurator.rating import PersonRate
from configurator.savings import Note
from configurator.tax_credit import CSR_NAMES, Benchmark, Credit, CreditUnknown, Step, exact_percent, half_up

SCHEMA_VERSION = 1
OLDEST_AGE = 120
MOST_PEOPLE = 20  # as many as the pages take
LONGEST_TEXT = 120
_UNREADABLE = {"Cc", "Cs", "Zl", "Zp"}  # control characters, halves of characters, line and paragraph separators


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One wrong field: where it is (``people[1].birth_date``), what was found, what is expected."""

    field: str
    found: str
    expected: str

    def __str__(self) -> str:
        """One line, whatever the document holds."""
        return f"{plain(self.field)}: found {plain(self.found)}, expected {plain(self.expected)}"


class HouseholdRefused(ValueError):
    """The document is not a household; ``problems`` names every wrong field."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


# Reading

_Check = Callable[[Any], Any]


class _WrongError(Exception):
    """A value is not what is expected; the text says what is."""


class _TooManyError(_WrongError):
    """As above; ``found`` says what there is better than the value would."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(expected)
        self.found = found


_MISSING = object()


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _WrongError("true or false")
    return value


def _maybe(check: _Check) -> _Check:
    return lambda value: None if value is None else check(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _WrongError("a text in quotes")
    if any(category(character) in _UNREADABLE for character in value):
        raise _WrongError("a text of letters, digits and signs, without line breaks and control characters")
    if len(value) > LONGEST_TEXT:
        raise _WrongError(f"a text of at most {LONGEST_TEXT} characters")
    return value.strip()


def _name(value: Any) -> str:
    text = _text(value)
    if not text:
        raise _WrongError("a text that is not empty")
    return text


def _digits(count: int, what: str) -> _Check:
    def check(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(rf"[0-9]{{{count}}}", value):
            raise _WrongError(f"{what}, {count} digits in quotes")
        return value

    return check


def _date(value: Any) -> date:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise _WrongError('a date in quotes, such as "2027-01-01"')


def _money(value: Any) -> Money:
    """Dollars: a decimal string with at most two places, or a whole number."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", text):
        raise _WrongError('dollars as a decimal in quotes, not negative, such as "60240.00"')
    return Decimal(text)


def _count(low: int, high: int) -> _Check:
    def check(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise _WrongError(f"a whole number from {low} to {high}")
        return value

    return check


def _relationship(value: Any) -> Relationship:
    try:
        return Relationship(value)
    except ValueError:
        raise _WrongError(f"one of {', '.join(Relationship)}") from None


def _version(value: Any) -> int:
    if type(value) is not int or value != SCHEMA_VERSION:
        raise _WrongError(f"{SCHEMA_VERSION}, the version of this document that we read")
    return value


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise _WrongError("a list of at least one person")
    if len(value) > MOST_PEOPLE:
        raise _TooManyError(f"{len(value)} people", f"at most {MOST_PEOPLE} people")
    return value


_REQUIRED = ("schema_version", "effective_date", "zip", "people")
_HOUSEHOLD: Mapping[str, _Check] = {
    "schema_version": _version,
    "effective_date": _date,
    "zip": _digits(5, "a ZIP code"),
    "county_fips": _maybe(_digits(5, "a county FIPS code")),
    "on_exchange": _boolean,
    "income": _maybe(_money),
    "tax_household_size": _maybe(_count(1, 99)),
    "people": _list,
}
_PERSON: Mapping[str, _Check] = {
    "id": _name,
    "name": _text,
    "relationship": _relationship,
    "birth_date": _date,
    "age": _count(0, OLDEST_AGE),
    "applying": _boolean,
    "tobacco": _maybe(_boolean),
    "other_offer": _maybe(_boolean),
    "medicare": _maybe(_boolean),
    "tribal_member": _maybe(_boolean),
    "lives_with_applicant": _maybe(_boolean),
    "hardship_exemption": _text,
}


@dataclass
class _Reader:
    """Reads fields and gathers every problem instead of stopping at the first."""

    problems: list[FieldProblem] = field(default_factory=list)

    def wrong(self, path: str, found: Any, expected: str) -> None:
        text = "nothing" if found is _MISSING else _shown(found)
        self.problems.append(FieldProblem(path, text, expected))

    def fields(self, path: str, given: Any, checks: Mapping[str, _Check], required: tuple[str, ...]) -> dict[str, Any]:
        """The right fields of an object; what is wrong, unknown or missing becomes a problem."""
        if not isinstance(given, dict):
            self.wrong(path or "the document", given, "an object in braces")
            return {}
        for name in (name for name in given if name not in checks):
            self.wrong(_join(path, name), given[name], f"no such field{_hint(name, checks)}")
        for name in required:
            if name not in given:
                self.wrong(_join(path, name), _MISSING, _expected(checks[name]))
        checked = {
            name: self._checked(_join(path, name), given[name], checks[name]) for name in given if name in checks
        }
        return {name: value for name, value in checked.items() if value is not _MISSING}

    def _checked(self, path: str, value: Any, check: _Check) -> Any:
        try:
            return check(value)
        except _TooManyError as wrong:
            self.problems.append(FieldProblem(path, wrong.found, str(wrong)))
            return _MISSING
        except _WrongError as wrong:
            self.wrong(path, value, str(wrong))
            return _MISSING


def _join(path: str, name: str) -> str:
    """The place of a field; a name that could be taken for something else is quoted and cut."""
    safe = name if name.isprintable() and len(name) <= _LONGEST else _shown(name)
    return f"{path}.{safe}" if path else safe


def _hint(name: str, known: Mapping[str, Any]) -> str:
    near = get_close_matches(name[:_LONGEST], known, n=1)
    return f"; did you mean {near[0]}?" if near else f"; the fields are {', '.join(known)}"


def _expected(check: _Check) -> str:
    """What a check wants, by asking it about something that is never right."""
    try:
        check(_MISSING)
    except _WrongError as wrong:
        return str(wrong)
    return "a value"


def _shown(value: Any) -> str:
    """A found value on one line, short enough for a message; of a nested value only its kind where it is long."""
    if isinstance(value, str):
        text = repr(value[: _LONGEST + 1])
    elif isinstance(value, int | Decimal | float | None) or len(value) <= _FEW:
        text = _plainly(value)
    else:
        text = f"{len(value)} entries"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _plainly(value: Any) -> str:
    try:
        return "null" if value is None else plain(str(value))
    except RecursionError:
        return "a value inside values inside values"


def plain(text: str) -> str:
    """The text on one line: what cannot be printed is written as an escape, so that it forges no other message."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


_LONGEST = 60
_FEW = 100


def household_from_text(text: str) -> Household:
    """The household of a JSON text. Raises `HouseholdRefused`, also for text that is not JSON or repeats a field."""
    try:
        document = json.loads(text, parse_float=Decimal, parse_int=_whole, object_pairs_hook=_object)
    except json.JSONDecodeError as wrong:
        place = f"line {wrong.lineno}, column {wrong.colno}"
        raise HouseholdRefused((FieldProblem(place, wrong.msg, "a JSON document"),)) from None
    except RecursionError:
        found, expected = "values nested too deep", "a household, at most a list of people in it"
        raise HouseholdRefused((FieldProblem("the document", found, expected),)) from None
    except _WrongError as wrong:
        name = _join("", str(wrong))
        raise HouseholdRefused((FieldProblem(name, "the same field twice", "each field once"),)) from None
    return household_from(document)


def _whole(digits: str) -> int | Decimal:
    """A whole number; one that no field takes stays a Decimal, which is read in one pass however long it is."""
    return int(digits) if len(digits) <= _LONGEST else Decimal(digits)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _WrongError(name)
        found[name] = value
    return found


def household_from(document: Any) -> Household:
    """The household of a parsed JSON document. Raises `HouseholdRefused` naming every wrong field.

    ``county_fips`` is empty where the document leaves it out; the caller resolves the ZIP code.
    """
    reader = _Reader()
    given = reader.fields("", document, _HOUSEHOLD, _REQUIRED)
    people = [_person(reader, place, entry) for place, entry in enumerate(given.get("people", ()))]
    _check_people(reader, people)
    if reader.problems:
        raise HouseholdRefused(tuple(reader.problems))
    return Household(
        persons=tuple(Person(**fields) for fields in people),
        zip_code=given["zip"],
        county_fips=given.get("county_fips") or "",
        effective_date=given["effective_date"],
        income=given.get("income"),
        tax_household_size=given.get("tax_household_size"),
        on_exchange=given.get("on_exchange", True),
    )


def _person(reader: _Reader, place: int, entry: Any) -> dict[str, Any]:
    path = f"people[{place}]"
    fields = reader.fields(path, entry, _PERSON, ("relationship",))
    if isinstance(entry, dict) and ("birth_date" in entry) == ("age" in entry):
        found = "both" if "age" in entry else "neither"
        reader.problems.append(
            FieldProblem(f"{path}.birth_date", found, "either birth_date or, for a quick quote, age")
        )
    return {"person_id": fields.pop("id", f"p{place + 1}")} | fields


_AT_MOST_ONE = (
    ({Relationship.SELF}, "only one person is the applicant"),
    (PARTNERS, "only one person is the applicant's spouse or life partner"),
)


def _check_people(reader: _Reader, people: list[dict[str, Any]]) -> None:
    """What no single person shows: ids used once, one applicant, somebody who wants cover."""
    ids: set[str] = set()
    for place, fields in enumerate(people):
        if fields["person_id"] in ids:
            reader.wrong(f"people[{place}].id", fields["person_id"], "an id that no other person has")
        ids.add(fields["person_id"])
    for relationships, why in _AT_MOST_ONE:
        places = [place for place, fields in enumerate(people) if fields.get("relationship") in relationships]
        for place in places[1:]:
            found = people[place]["relationship"].value
            reader.wrong(f"people[{place}].relationship", found, f"another relationship; {why}")
    if people and not any(fields.get("applying", True) for fields in people):
        reader.wrong("people", "nobody applying", "at least one person who wants cover")


# Writing


def quote_document(quote: Quote) -> dict[str, Any]:
    """The quote as plain JSON values.

    schema_version, quick
    inputs      release_id, law_version, plan_year, effective_date, zip, county_fips, county_name, state, rating_area
    household   income, tax_household_size, poverty_guideline, percent_of_poverty, on_exchange
    benchmark   status (known, unknown, none); plan_id, premium, dental, dental_plan_id, person_ids ... or code, text
    credit      status (known, none, unknown), amount (null: unknown), convention, reason, text, cite, person_ids,
                steps[code, text, value, unit, cite]
    csr         standard, limited, 73, 87, 94, zero
    notes[]     code, text, cite, person_ids
    plans[]     plan_id, variant_id, name, issuer_id, line, metal, type, premium, ehb_share, credit_applied,
                net_premium, eligible, reasons[code, text, cite, person_ids],
                people[id, age, rate, charged, tobacco_used, reason, source]
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "quick": quote.quick,
        "inputs": _inputs(quote),
        "household": _household(quote),
        "benchmark": _benchmark(quote.benchmark),
        "credit": _credit(quote),
        "csr": CSR_NAMES[quote.csr],
        "notes": [_note(note) for note in quote.notes],
        "plans": [plan_document(row) for row in quote.plans],
    }


def money_text(amount: Money | None) -> str | None:
    """Dollars with two places, or None."""
    return None if amount is None else f"{amount:.2f}"


def _inputs(quote: Quote) -> dict[str, Any]:
    inputs, place = quote.inputs, quote.inputs.location
    return {
        "release_id": inputs.release_id,
        "law_version": inputs.law_version,
        "plan_year": inputs.plan_year,
        "effective_date": inputs.effective_date.isoformat(),
        "zip": place.zip_code,
        "county_fips": place.county_fips,
        "county_name": place.county_name,
        "state": place.state,
        "rating_area": place.rating_area,
    }


def _household(quote: Quote) -> dict[str, Any]:
    poverty = quote.poverty
    return {
        "income": money_text(quote.household.income),
        "tax_household_size": quote.household.size,
        "poverty_guideline": money_text(poverty.guideline) if poverty else None,
        "percent_of_poverty": str(half_up(exact_percent(poverty), 2)) if poverty else None,
        "on_exchange": quote.household.on_exchange,
    }


def _benchmark(found: Benchmark | CreditUnknown | None) -> dict[str, Any]:
    if found is None:
        return {"status": "none"}
    if isinstance(found, CreditUnknown):
        return {"status": "unknown", "code": found.code, "text": found.text, "cite": found.cite}
    return {
        "status": "known",
        "plan_id": found.plan_id,
        "premium": money_text(found.premium),
        "dental": money_text(found.dental),
        "dental_plan_id": found.dental_plan_id,
        "lowest_plan_id": found.lowest_plan_id,
        "lowest_premium": money_text(found.lowest_premium),
        "silver_plans": found.silver_plans,
        "person_ids": list(found.person_ids),
        "note": found.note,
        "cite": found.cite,
    }


def _credit(quote: Quote) -> dict[str, Any]:
    credit, ids = quote.credit, sorted(quote.credit_person_ids)
    if isinstance(credit, CreditUnknown):
        told = {"reason": credit.code, "text": credit.text, "cite": credit.cite}
        return {"status": "unknown", "amount": None, "convention": None, **told, "person_ids": ids, "steps": []}
    return {
        "status": "known" if credit.amount else "none",
        "amount": money_text(credit.amount),
        "convention": credit.convention,
        "reason": credit.reason,
        "text": credit.text,
        "cite": credit.cite,
        "person_ids": ids,
        "steps": _steps(credit),
    }


def _steps(credit: Credit) -> list[dict[str, str]]:
    return [
        {"code": step.code, "text": step.text, "value": _value(step), "unit": step.unit, "cite": step.cite}
        for step in credit.steps
    ]


def _value(step: Step) -> str:
    """A step's value as text; dollars with two places."""
    return money_text(step.value) if step.unit.startswith("USD") else str(step.value)


def _note(note: Note) -> dict[str, Any]:
    return {"code": note.code, "text": note.text, "cite": note.cite, "person_ids": list(note.person_ids)}


def plan_document(row: PlanQuote) -> dict[str, Any]:
    """One plan of the quote as plain JSON values."""
    plan = row.plan
    return {
        "plan_id": plan.plan_id,
        "variant_id": row.variant.variant_id if row.variant else None,
        "name": plan.name,
        "issuer_id": plan.issuer_id,
        "line": plan.line.value,
        "metal": plan.metal.value if plan.metal else None,
        "type": plan.plan_type,
        "premium": money_text(row.premium.total),
        "ehb_share": money_text(row.ehb_share),
        "credit_applied": money_text(row.credit),
        "net_premium": money_text(row.net_premium),
        "eligible": row.eligible,
        "reasons": [_note(reason) for reason in row.reasons],
        "people": [_person_rate(rate) for rate in row.premium.people],
    }


def _person_rate(row: PersonRate) -> dict[str, Any]:
    return {
        "id": row.person_id,
        "age": row.age,
        "rate": money_text(row.rate),
        "charged": row.charged,
        "tobacco_used": row.tobacco_used,
        "reason": row.reason,
        "source": str(row.source) if row.source.file else "",
    }
