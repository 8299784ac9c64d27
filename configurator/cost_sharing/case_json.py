"""The documented JSON of ``coverwright cost-share``: design, accumulators and lines in; lines and ledger out.

Case (unknown fields are refused; fields marked * are required; money is dollars as a decimal string)::

    {
      "schema_version": 1,                    *
      "effective_date": "2027-01-01",         *  first day of cover; the law of that day holds
      "plan_year_starts": "2027-01-01",          default January 1; older entries count toward lifetime limits only
      "design": {                             *
        "id": "", "line": "medical",             or dental, vision
        "limits": [{                             deductibles and maximums
          "kind": "deductible",               *  or moop
          "scope": "combined",                   or medical, drug
          "tier": "in_1",                        or in_2, out, combined
          "individual": "2500.00",               null: not applicable
          "per_person": "2500.00",               of each person in a family; null: an aggregate family limit
          "per_group": "5000.00"
        }],
        "benefits": [{
          "category": "specialist",           *
          "covered": true, "ehb": null,
          "limit_quantity": "30", "limit_unit": "Visit(s) per Year",
          "excluded_from_in_moop": null, "excluded_from_out_moop": null,
          "explanation": "",                     waiting periods and the like in fixed phrases, see `clauses`
          "in_1": {                              also in_2 and out; left out or null: nothing filed there
            "copay": "40.00", "copay_unit": "service",       or day, stay
            "copay_timing": "none",                          or before, after, with (the deductible)
            "coinsurance": "0.40",                           the member's share, 0 to 1
            "coinsurance_timing": "after"                    or none
          }
        }],
        "exclusions": "",                        yearly maximums in fixed phrases, see `clauses`
        "inpatient_copay_days": null, "primary_visits_before_cost_sharing": null,
        "primary_copays_before_deductible": null, "specialty_drug_max": null,
        "hsa_eligible": null,                    true: a drug maker's help (assistance) counts toward nothing
        "crossover": [["out", "in_1"]]           what counts in the first tier also counts in the second
      },
      "people": [{                            *  several people: a family policy
        "id": "p1",                           *
        "covered_from": null, "covered_until": null, "prior_cover": false
      }],
      "accumulators": [{                         the ledger so far
        "kind": "deductible",                 *  or moop, units, paid
        "scope": "combined", "tier": "in_1",     empty for units and paid
        "name": "", "period": "year",            or month, stay, lifetime
        "level": "individual",                *  or family
        "person": "p1",                       *
        "amount": "300.00",                   *  negative where it takes something back
        "on": "2027-01-15",                   *
        "line_id": "", "reversal": false
      }],
      "lines": [{                             *
        "id": "L1", "person": "p1", "category": "specialist", "on": "2027-02-01", "allowed": "180.00",     all *
        "billed": null, "tier": "in_1", "units": 1, "days": 0, "protected": false, "preventive": false,
        "admitted": false, "other_paid": null, "provider_liable": false, "assistance": "0.00"
      }],
      "reverse": ["L1"]                          lines of this case or of the ledger to take back at the end
    }

Answer: see `answer_json`.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from catalog.terms import (
    Benefit,
    CopayUnit,
    CostLimit,
    CostShare,
    Csr,
    DeductibleTiming,
    LimitKind,
    LimitScope,
    Market,
    NetworkTier,
    Plan,
    PlanDesign,
    PlanVariant,
    ProductLine,
)
from configurator.cost_sharing.design import Bucket, Measure, Period
from configurator.cost_sharing.lines import Accumulators, CoveredPerson, Entry, Level, ServiceLine
from configurator.quote_json import FieldProblem

SCHEMA_VERSION = 1
_ID = "case"


class Dollars(Decimal):
    """Not negative, at most two places, written in quotes."""


class Amount(Decimal):
    """As dollars, or negative."""


class Share(Decimal):
    """0 to 1, written in quotes."""


class Quantity(Decimal):
    """A limit: not negative, written in quotes."""


_PATTERNS = {
    Dollars: (r"\d{1,12}(\.\d{1,2})?", 'dollars as a decimal in quotes, not negative, such as "180.00"'),
    Amount: (r"-?\d{1,12}(\.\d{1,2})?", 'dollars as a decimal in quotes, such as "180.00" or "-180.00"'),
    Share: (r"0(\.\d{1,6})?|1(\.0{1,6})?", 'a share from 0 to 1 in quotes, such as "0.40"'),
    Quantity: (r"\d{1,9}(\.\d{1,2})?", 'a number in quotes, such as "30"'),
}
_Text = Annotated[str, Meta(min_length=1)]
_Count = Annotated[int, Meta(ge=0, le=10_000)]
_Some = Annotated[int, Meta(ge=1, le=10_000)]


class _CostShare(Struct, forbid_unknown_fields=True):
    copay: Dollars | None = None
    copay_unit: CopayUnit = CopayUnit.SERVICE
    copay_timing: DeductibleTiming = DeductibleTiming.NONE
    coinsurance: Share | None = None
    coinsurance_timing: DeductibleTiming = DeductibleTiming.NONE


class _Limit(Struct, forbid_unknown_fields=True):
    kind: LimitKind
    scope: LimitScope = LimitScope.COMBINED
    tier: NetworkTier = NetworkTier.IN_1
    individual: Dollars | None = None
    per_person: Dollars | None = None
    per_group: Dollars | None = None


class _Benefit(Struct, forbid_unknown_fields=True):
    category: _Text
    covered: bool = True
    ehb: bool | None = None
    limit_quantity: Quantity | None = None
    limit_unit: str = ""
    excluded_from_in_moop: bool | None = None
    excluded_from_out_moop: bool | None = None
    explanation: str = ""
    in_1: _CostShare | None = None
    in_2: _CostShare | None = None
    out: _CostShare | None = None


class _Person(Struct, forbid_unknown_fields=True):
    id: _Text
    covered_from: date | None = None
    covered_until: date | None = None
    prior_cover: bool = False


class _Entry(Struct, forbid_unknown_fields=True):
    kind: Measure
    level: Level
    person: _Text
    amount: Amount
    on: date
    scope: LimitScope | None = LimitScope.COMBINED
    tier: NetworkTier | None = NetworkTier.IN_1
    name: str = ""
    period: Period = Period.YEAR
    line_id: str = ""
    reversal: bool = False


class _Line(Struct, forbid_unknown_fields=True):
    id: _Text
    person: _Text
    category: _Text
    on: date
    allowed: Dollars
    billed: Dollars | None = None
    tier: NetworkTier = NetworkTier.IN_1
    units: _Some = 1
    days: _Count = 0
    protected: bool = False
    preventive: bool = False
    admitted: bool = False
    other_paid: Dollars | None = None
    provider_liable: bool = False
    assistance: Dollars = Dollars(0)


class _Design(Struct, forbid_unknown_fields=True):
    id: str = _ID
    line: ProductLine = ProductLine.MEDICAL
    limits: list[Any] = []
    benefits: list[Any] = []
    exclusions: str = ""
    inpatient_copay_days: _Some | None = None
    primary_visits_before_cost_sharing: _Count | None = None
    primary_copays_before_deductible: _Count | None = None
    specialty_drug_max: Dollars | None = None
    hsa_eligible: bool | None = None
    crossover: list[tuple[NetworkTier, NetworkTier]] = []


class _Case(Struct, forbid_unknown_fields=True):
    schema_version: Annotated[int, Meta(ge=SCHEMA_VERSION, le=SCHEMA_VERSION)]
    effective_date: date
    design: dict[str, Any]
    people: Annotated[list[Any], Meta(min_length=1)]
    lines: list[Any]
    plan_year_starts: date | None = None
    accumulators: list[Any] = []
    reverse: list[_Text] = []


class CaseRefused(ValueError):
    """The document is not a case; ``problems`` names the wrong fields."""

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Case:
    """A case that was read: the filed design and everything that is adjudicated under it."""

    effective_date: date
    filed: PlanDesign
    crossover: tuple[tuple[NetworkTier, NetworkTier], ...]
    state: Accumulators
    lines: tuple[ServiceLine, ...]
    reverse: tuple[str, ...]


T = TypeVar("T", bound=Struct)
_PLACE = re.compile(r"(.*?)(?: - at `\$\.?(.*)`)?", re.DOTALL)


class _Reader:
    """Converts the parts of a case one by one, so that every wrong part is named and not the first alone."""

    def __init__(self) -> None:
        self.problems: list[FieldProblem] = []

    def one(self, given: Any, kind: type[T], path: str) -> T | None:
        """The typed part, or None with a problem."""
        try:
            return msgspec.convert(given, kind, dec_hook=_decimal)
        except msgspec.ValidationError as wrong:
            self.problems.append(_problem(str(wrong), given, path))
            return None

    def each(self, given: list[Any], kind: type[T], path: str) -> list[T]:
        """The typed items of a list that are right."""
        found = (self.one(item, kind, f"{path}[{number}]") for number, item in enumerate(given))
        return [item for item in found if item is not None]

    def check(self, wrong: bool, field: str, found: str, expected: str) -> None:
        """Note a problem where something is wrong."""
        if wrong:
            self.problems.append(FieldProblem(field, found, expected))


def _decimal(kind: type, value: Any) -> Any:
    pattern, expected = _PATTERNS[kind]
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        raise ValueError(f"Expected {expected}")
    return kind(value)


def _problem(message: str, given: Any, path: str) -> FieldProblem:
    what, place = _PLACE.fullmatch(message).groups()
    field = ".".join(part for part in (path, place or "") if part) or "the document"
    expected = re.sub(r", got `.*`$", "", what).removeprefix("Expected ").replace("`", "")
    return FieldProblem(field.replace(".[", "["), _found(given, place or ""), expected)


def _found(given: Any, place: str) -> str:
    """The value at a place such as ``in_1.copay`` or ``crossover[0]``, short enough for a message."""
    for key in re.findall(r"[^.\[\]]+", place):
        try:
            given = given[int(key)] if isinstance(given, list) else given[key]
        except (KeyError, IndexError, TypeError, ValueError):
            return "nothing"
    text = json.dumps(given, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


_LONGEST = 60


def case_from_text(text: str) -> Case:
    """The case of a JSON text. Raises `CaseRefused`."""
    try:
        document = json.loads(text)
    except json.JSONDecodeError as wrong:
        raise CaseRefused(
            [FieldProblem(f"line {wrong.lineno}, column {wrong.colno}", wrong.msg, "a JSON document")]
        ) from None
    return case_from(document)


def case_from(document: Any) -> Case:
    """The case of a parsed document. Raises `CaseRefused` naming a wrong field of each wrong part."""
    reader = _Reader()
    top = reader.one(document, _Case, "")
    if top is None:
        raise CaseRefused(reader.problems)
    design = reader.one(top.design, _Design, "design")
    parts = _Parts(
        reader.each(design.limits, _Limit, "design.limits") if design else [],
        reader.each(design.benefits, _Benefit, "design.benefits") if design else [],
        reader.each(top.people, _Person, "people"),
        reader.each(top.accumulators, _Entry, "accumulators"),
        reader.each(top.lines, _Line, "lines"),
    )
    if not reader.problems:
        _check_names(reader, top, parts)
    if reader.problems or design is None:
        raise CaseRefused(reader.problems)
    return _case(top, design, parts)


@dataclass(frozen=True)
class _Parts:
    limits: list[_Limit]
    benefits: list[_Benefit]
    people: list[_Person]
    entries: list[_Entry]
    lines: list[_Line]

    @cached_property
    def names(self) -> list[str]:
        return [person.id for person in self.people]


def _check_names(reader: _Reader, top: _Case, parts: _Parts) -> None:
    """Ids that must be unique, and ids that must exist."""
    unique = (
        ("people", "id", parts.names),
        ("lines", "id", [line.id for line in parts.lines]),
        ("design.benefits", "category", [benefit.category for benefit in parts.benefits]),
        ("design.limits", "kind, scope, tier", [f"{row.kind} {row.scope} {row.tier}" for row in parts.limits]),
    )
    for path, name, values in unique:
        for value, count in Counter(values).items():
            reader.check(count > 1, f"{path}, {name}", f"{value} {count} times", "each once")
    for number, entry in enumerate(parts.entries):
        known = ", ".join(parts.names)
        reader.check(entry.person not in parts.names, f"accumulators[{number}].person", entry.person, f"one of {known}")
    _check_reversals(reader, top, parts)


def _check_reversals(reader: _Reader, top: _Case, parts: _Parts) -> None:
    known = {line.id for line in parts.lines} | {entry.line_id for entry in parts.entries if entry.line_id}
    for number, line_id in enumerate(top.reverse):
        reader.check(line_id not in known, f"reverse[{number}]", line_id, "the id of a line here or in accumulators")
    repeated = [line_id for line_id, count in Counter(top.reverse).items() if count > 1]
    reader.check(bool(repeated), "reverse", ", ".join(repeated), "each line once")


def _case(top: _Case, design: _Design, parts: _Parts) -> Case:
    since = top.plan_year_starts or top.effective_date.replace(month=1, day=1)
    state = Accumulators(tuple(map(_person, parts.people)), tuple(map(_entry, parts.entries)), since)
    lines = tuple(_service_line(line, number) for number, line in enumerate(parts.lines))
    filed = PlanDesign(*_plan(design), tuple(map(_limit, parts.limits)), tuple(map(_benefit, parts.benefits)))
    return Case(top.effective_date, filed, tuple(design.crossover), state, lines, tuple(top.reverse))


def _plan(design: _Design) -> tuple[Plan, PlanVariant]:
    plan = Plan(design.id, "", "", "", Market.INDIVIDUAL, design.line, "", exclusions=design.exclusions)
    variant = PlanVariant(
        design.id,
        design.id,
        Csr.STANDARD,
        hsa_eligible=design.hsa_eligible,
        specialty_drug_max=design.specialty_drug_max,
        inpatient_copay_days=design.inpatient_copay_days,
        primary_visits_before_cost_sharing=design.primary_visits_before_cost_sharing,
        primary_copays_before_deductible=design.primary_copays_before_deductible,
    )
    return plan, variant


def _limit(row: _Limit) -> CostLimit:
    return CostLimit(_ID, row.kind, row.scope, row.tier, row.individual, row.per_person, row.per_group)


def _benefit(row: _Benefit) -> Benefit:
    shares = {tier: _share(getattr(row, tier)) for tier in ("in_1", "in_2", "out")}
    return Benefit(
        _ID,
        row.category,
        row.category,
        row.covered,
        row.ehb,
        limit_quantity=row.limit_quantity,
        limit_unit=row.limit_unit,
        excluded_from_in_moop=row.excluded_from_in_moop,
        excluded_from_out_moop=row.excluded_from_out_moop,
        explanation=row.explanation,
        **shares,
    )


def _share(row: _CostShare | None) -> CostShare | None:
    if row is None:
        return None
    return CostShare(row.copay, row.copay_unit, row.copay_timing, row.coinsurance, row.coinsurance_timing)


def _person(row: _Person) -> CoveredPerson:
    return CoveredPerson(row.id, row.covered_from or date.min, row.covered_until or date.max, row.prior_cover)


def _entry(row: _Entry) -> Entry:
    by_place = row.kind in (Measure.DEDUCTIBLE, Measure.MOOP)
    scope, tier = (row.scope, row.tier) if by_place else (None, None)
    bucket = Bucket(row.kind, scope, tier, row.name, row.period)
    return Entry(row.line_id, row.person, row.on, bucket, row.level, row.amount, "carried in", row.reversal)


def _service_line(row: _Line, number: int) -> ServiceLine:
    return ServiceLine(
        row.id, row.person, row.category, row.on, row.allowed, row.billed, row.tier, row.units, row.days,
        row.protected, row.preventive, row.admitted, row.other_paid, row.provider_liable, number, row.assistance,
    )  # fmt: skip
