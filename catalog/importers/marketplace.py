"""Marketplace API answers to ``/plans/search``: raw, or captured as ``{_meta, response}``.

An answer shows plans as one shopper sees them: at one cost-sharing variant, one age, one county. Captures of several
shoppers are merged by the natural keys of the nouns: variant; plan, area and age; plan and county. What was worked
out for the shopper (premium after credit, yearly cost) is not catalogue content and is left out.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec

from catalog.importers.common import Format, Found, ImportContext, note, quarantined, refused
from catalog.importers.files import read_whole
from catalog.importers.marketplace_plan import PlanReading
from catalog.importers.marketplace_shapes import Answer, CountyShape, Envelope, Meta, PlanShape
from catalog.importers.text import UnreadableText, county_fips, state, zip_code
from catalog.terms import (
    County,
    Csr,
    MarketCoverage,
    Plan,
    Problem,
    ProductLine,
    RatingAreaPart,
    ServiceAreaPart,
    Source,
    ZipCounty,
)

NAME = "marketplace"
_LIMIT = 256 << 20  # bytes of one answer, unpacked
_ANSWER = re.compile(rb'\{\s*"(?:_meta|response|plans|total|rate_area|facet_groups|ranges)"')
_AGE = re.compile(r"(?:^|_)single_(\d{1,3})(?:_|$)")
T = TypeVar("T")


@dataclass
class _Memory:
    """What the captures of this import have told so far.

    ``plans`` holds each plan as every capture shows it, with the variant that named it: a plan has one name, but an
    answer shows that of the shopper's variant. So plans are told at the end.
    """

    plans: dict[str, list[tuple[Csr, Plan]]] = field(default_factory=dict)  # by plan id
    seen: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # (county, shopper) -> medical plan ids

    def keep(self, csr: Csr, plan: Plan) -> None:
        """Keep the plan once for each distinct content and variant."""
        known = self.plans.setdefault(plan.plan_id, [])
        if (csr, plan) not in known:
            known.append((csr, plan))

    def tell(self) -> Iterator[Plan]:
        """Every plan under the name of its standard variant, or of the first variant where that was not shown."""
        for known in self.plans.values():
            name = min(known, key=lambda pair: (pair[0] is not Csr.STANDARD, pair[0], pair[1].name))[1].name
            yield from (replace(plan, name=name) for _, plan in known)


def _memory(context: ImportContext) -> _Memory:
    if NAME not in context.memory:
        context.memory[NAME] = _Memory()
        context.at_end.append(context.memory[NAME].tell)
    return context.memory[NAME]


def is_answer(_path: Path, head: bytes) -> bool:
    """Whether the file starts like an answer or a capture of one."""
    return bool(_ANSWER.match(head.lstrip()))


def is_county_list(_path: Path, head: bytes) -> bool:
    """Whether the file is the list of counties that stands beside captures."""
    return head.lstrip()[:1] == b"[" and b'"county_fips"' in head and b'"county_name"' in head


def read_counties(path: Path, context: ImportContext) -> Iterator[Found]:
    """Counties with their names, and the ZIP codes asked for."""
    rows = _decoded(read_whole(path, context, _LIMIT), list[CountyShape], path.name)
    for index, row in enumerate(rows):
        source = Source(path.name, f"$[{index}]")
        try:
            county = County(county_fips(row.county_fips), row.county_name, state(row.state), source)
            zips = [ZipCounty(zip_code(row.zipcode), county.fips, source)] if row.zipcode else []
        except UnreadableText as wrong:
            yield quarantined(source, "county", wrong.found, wrong.expected, wrong.code)
            continue
        context.saw_county(county.state, county.name, county.fips)
        yield from (noun for noun in (county, *zips) if context.is_new(noun))


def read(path: Path, context: ImportContext) -> Iterator[Found]:
    """All nouns of one answer; a plan that cannot be read is left out alone."""
    envelope = _decoded(read_whole(path, context, _LIMIT), Envelope, path.name, raw_too=True)
    answer = _decoded(envelope.response, Answer, path.name)
    capture = _Capture(path.name, envelope.meta, answer, context)
    yield from capture.place()
    for index, raw in enumerate(answer.plans):
        yield from capture.plan(index, raw)
    yield from capture.end()


def _decoded(content: bytes | msgspec.Raw, shape: type[T], file: str, *, raw_too: bool = False) -> T:
    """The JSON as that shape; FileRefused as ``damaged-json`` or ``not-the-format-it-claims``."""
    source = Source(file, "$")
    try:
        found = msgspec.json.decode(content, type=shape)
    except msgspec.ValidationError as wrong:
        place, expected = _told(wrong)
        raise refused(Source(file, place), place, "another shape", expected, "not-the-format-it-claims") from wrong
    except RecursionError as wrong:
        raise _too_deep(source) from wrong
    except msgspec.DecodeError as wrong:
        raise refused(source, "content", str(wrong), "a whole JSON document", "damaged-json") from wrong
    if raw_too and found.response is msgspec.UNSET:
        return msgspec.structs.replace(found, response=msgspec.Raw(content))
    return found


def _too_deep(source: Source) -> Exception:
    return refused(source, "content", "values nested too deep", "an answer of the Marketplace", "damaged-json")


def _told(wrong: msgspec.ValidationError) -> tuple[str, str]:
    """Place and expectation out of ``Expected `str`, got `int` - at `$.id```."""
    message, _, place = str(wrong).partition(" - at ")
    return place.strip("`") or "$", message.replace("`", "")


class _Capture:
    """One answer on its way to nouns."""

    def __init__(self, file: str, meta: Meta | None, answer: Answer, context: ImportContext) -> None:
        self._file = file
        self._meta = meta
        self._answer = answer
        self._context = context
        self._memory = _memory(context)
        self._source = Source(file, "$._meta" if meta else "$")
        self._age = _age_of(meta)

    def place(self) -> Iterator[Found]:
        """County, ZIP code and rating area that were asked for; FileRefused where they cannot be read."""
        meta, area = self._meta, self._answer.rate_area
        if meta is None:
            return
        self._context.saw_year(meta.plan_year, self._source, "plan_year")
        fips = self._asked("county_fips", county_fips)
        home = self._asked("state", state)
        county = County(fips, "", home, self._source)
        if self._context.is_new(county):
            yield county
        yield ZipCounty(self._asked("zipcode", zip_code), fips, self._source)
        if area:
            yield RatingAreaPart(area.state, str(area.area), fips, source=Source(self._file, "$.response.rate_area"))

    def _asked(self, name: str, parse: Callable[[str], str]) -> str:
        try:
            return parse(getattr(self._meta, name))
        except UnreadableText as wrong:
            raise refused(self._source, name, wrong.found, wrong.expected, wrong.code) from wrong

    def plan(self, index: int, raw: msgspec.Raw) -> Iterator[Found]:
        """One plan with all that hangs on it."""
        source = Source(self._file, f"$.plans[{index}]")
        try:
            shape = _shape(raw, source)
            reading = PlanReading(shape, source)
            plan, nouns = reading.plan(), reading.nouns()
            self._context.saw_market(reading.market, source)
            priced = self._priced(reading)
        except msgspec.ValidationError as wrong:
            place, expected = _told(wrong)
            yield quarantined(source, place, "another shape", expected, "unreadable-plan")
            return
        except UnreadableText as wrong:
            yield quarantined(source, shape.id, wrong.found, wrong.expected, wrong.code)
            return
        yield from (noun for noun in nouns if not reading.is_implied(noun) or self._context.is_new(noun))
        yield from priced
        self._memory.keep(reading.csr, plan)
        if self._meta and reading.line is ProductLine.MEDICAL:
            shopper = self._meta.county_fips, self._meta.profile_id
            self._memory.seen.setdefault(shopper, set()).add(reading.plan_id)

    def _priced(self, reading: PlanReading) -> list[Found]:
        """Where the plan is sold and what it costs there, as far as the question is known."""
        if self._meta is None:
            return []
        part = ServiceAreaPart(
            reading.shape.issuer.id,
            reading.shape.service_area_id,
            "",
            reading.shape.state,
            county_fips=county_fips(self._meta.county_fips),
            source=reading.source,
        )
        parts: list[Found] = [part] if reading.shape.service_area_id else []
        if self._age is not None and self._answer.rate_area and reading.shape.premium is not None:
            year = self._meta.plan_year
            period = date(year, 1, 1), date(year, 12, 31)
            parts.append(reading.rate(str(self._answer.rate_area.area), self._age, period))
        return parts

    def end(self) -> Iterator[Found]:
        """Whether the county's market is complete, now that this answer is read; else why prices are missing."""
        if self._age is None:
            yield self._no_rates()
        if self._meta and self._is_complete(self._meta):
            fips = county_fips(self._meta.county_fips)
            yield MarketCoverage(self._meta.state, fips, complete=True, source=self._source)

    def _is_complete(self, meta: Meta) -> bool:
        """Whether the pages of this question, together, hold every plan that the answer counts."""
        known = self._memory.seen.get((meta.county_fips, meta.profile_id), set())
        return self._answer.total is not None and len(known) >= self._answer.total > 0

    def _no_rates(self) -> Problem:
        found = self._meta.profile_id if self._meta else "no _meta"
        expected = "a capture whose _meta.profile_id names one person's age, such as single_40_250fpl"
        message = "The answer does not say whose premium it shows; plans were taken without rates."
        return note(self._source, "_meta.profile_id", found, expected, "rates-without-age", message)


def _shape(raw: msgspec.Raw, source: Source) -> PlanShape:
    try:
        return msgspec.json.decode(raw, type=PlanShape)
    except RecursionError as wrong:
        raise _too_deep(source) from wrong


def _age_of(meta: Meta | None) -> int | None:
    """Age of the one shopper, as the capture names the profile."""
    found = _AGE.search(meta.profile_id) if meta else None
    return int(found[1]) if found else None


FORMATS = (
    Format("marketplace counties", NAME, "json", 0, is_county_list, read_counties),
    Format("marketplace answer", NAME, "json", 10, is_answer, read),
)
