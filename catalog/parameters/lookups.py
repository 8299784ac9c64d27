"""Typed questions to the law. Each takes the law and a day (or plan year) and raises `MissingParameter` for a gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from catalog.parameters.law import Law, MissingParameter

INDIVIDUAL = "individual"
SMALL_GROUP = "small_group"


@dataclass(frozen=True, slots=True)
class Band:
    """One row of the applicable percentage table: from `low` (included) to below `high` percent of poverty.

    The percentage of income runs in a straight line from `start_pct` to `end_pct`. `high` None: no upper end.
    """

    low: Decimal
    high: Decimal | None
    start_pct: Decimal
    end_pct: Decimal


@dataclass(frozen=True, slots=True)
class IncomeRange:
    """Incomes, in percent of poverty, that can get the tax credit; both ends included, `high` None: no upper end."""

    low: Decimal
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class CsrBand:
    """Cost-sharing reduction: incomes from above `low` (or from `low`, if `low_included`) to `high` percent of poverty.

    `level` is the actuarial value in percent, `variant` the suffix of the HIOS plan id.
    """

    level: str
    low: Decimal
    low_included: bool
    high: Decimal
    variant: str


@dataclass(frozen=True, slots=True)
class AvRange:
    """Allowed actuarial value of a metal level in percent: `low` to `high`, both included, around `target`."""

    target: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A plan chosen on or before `selected_by` (and after the cut-off before) starts on `effective`."""

    selected_by: date
    effective: date


@dataclass(frozen=True, slots=True)
class OpenEnrollment:
    """The open enrolment window of a state for a plan year; `start` and `end` included.

    `cutoffs` is empty where the start dates of a state exchange are not known.
    """

    state: str
    plan_year: int
    start: date
    end: date
    cutoffs: tuple[Cutoff, ...]

    def is_open(self, on: date) -> bool:
        """Whether a plan can be chosen on that day without a special enrolment period."""
        return self.start <= on <= self.end

    def effective_date(self, selected: date) -> date:
        """The first day of cover for a plan chosen on `selected`.

        Raises `ValueError` outside the window, `MissingParameter` where the state's start dates are not held.
        """
        if not self.is_open(selected):
            window = f"{self.plan_year} in {self.state} ({self.start} to {self.end})"
            raise ValueError(f"{selected} is outside open enrolment for {window}")
        for cutoff in self.cutoffs:
            if selected <= cutoff.selected_by:
                return cutoff.effective
        reason = f"the dates on which cover starts are not held for {self.state}, plan year {self.plan_year}."
        raise MissingParameter("enrollment.open", selected, reason)


def poverty_guideline(law: Law, state: str, household_size: int, on: date) -> Decimal:
    """USD per year: the guideline used for cover on that day (the one published for the year before)."""
    if household_size < 1:
        raise ValueError(f"household size must be 1 or more; found {household_size}")
    row = law.value("poverty.guideline", on, key=state)
    return row["first"] + row["additional"] * (household_size - 1)


def applicable_percentage_table(law: Law, on: date) -> tuple[Band, ...]:
    """Share of income (percent) that the household pays for the benchmark, by percent of poverty (26 USC 36B(b)(3))."""
    rows = law.value("ptc.applicable_percentage", on)
    return tuple(Band(row["low"], row["high"], row["start"], row["end"]) for row in rows)


def income_range(law: Law, on: date) -> IncomeRange:
    """Incomes that can get the premium tax credit, in percent of poverty (26 CFR 1.36B-2(b)(1))."""
    row = law.value("ptc.income_range", on)
    return IncomeRange(row["low"], row["high"])


def csr_bands(law: Law, on: date) -> tuple[CsrBand, ...]:
    """The cost-sharing reduction levels of silver plans, richest first (45 CFR 155.305(g))."""
    rows = law.value("csr.bands", on)
    return tuple(CsrBand(r["level"], r["low"], r["low_included"], r["high"], r["variant"]) for r in rows)


def age_curve(law: Law, state: str, on: date, market: str = INDIVIDUAL) -> Mapping[int, Decimal]:
    """Factor by age, 0 to 64 (64 stands for all older ages); a check of filed rates, never a source of them.

    Raises `MissingParameter` for a state that does not rate by age (see `tier_factors`) or whose curve is not held.
    """
    name = f"rating.age_curve_of_state.{_market(market)}"
    curve = law.value(name, on, key=state)
    if curve == "none":
        raise MissingParameter(name, on, f"{state} does not rate by age; it uses family tiers.")
    bands = law.value("rating.age_curve", on, key=curve)
    return MappingProxyType({age: factor for band, factor in bands.items() for age in _ages(band)})


def tier_factors(law: Law, state: str, on: date) -> Mapping[str, Decimal] | None:
    """Family tier factors of a state that rates by tier (NY, VT); None for a state that rates by age.

    Keys: one_adult, two_adults, one_adult_children, two_adults_children, child_only (None where there is none).
    """
    if not law.value("rating.uses_family_tiers", on, key=state):
        return None
    return law.value("rating.family_tiers", on, key=state)


def tobacco_cap(law: Law, state: str, market: str, on: date) -> Decimal:
    """The most a tobacco user's rate may be, as a ratio to the rate without tobacco; 1 means no tobacco rating."""
    return law.value(f"rating.tobacco_ratio.{_market(market)}", on, key=state)


def open_enrollment(law: Law, state: str, plan_year: int, *, recorded_by: date | None = None) -> OpenEnrollment:
    """The open enrolment window of a state for a plan year; `recorded_by` answers with the law known on that day."""
    row = law.value("enrollment.open", date(plan_year, 1, 1), key=state, recorded_by=recorded_by)
    cutoffs = tuple(Cutoff(c["selected_by"], c["effective"]) for c in row["cutoffs"])
    return OpenEnrollment(state, plan_year, row["start"], row["end"], cutoffs)


def metal_av_range(law: Law, metal: str, on: date, *, on_exchange: bool = False) -> AvRange:
    """Allowed actuarial value of bronze, expanded_bronze, silver, gold or platinum (45 CFR 156.140, 156.200(b)(3))."""
    level = "silver_on_exchange" if metal == "silver" and on_exchange else metal
    row = law.value("metal.av_range", on, key=level)
    return AvRange(row["target"], row["low"], row["high"])


def _market(market: str) -> str:
    if market not in (INDIVIDUAL, SMALL_GROUP):
        raise ValueError(f"market must be '{INDIVIDUAL}' or '{SMALL_GROUP}'; found '{market}'")
    return market


def _ages(band: str) -> range:
    """The ages of a band written "21-24" or "25"."""
    first, _, last = band.partition("-")
    return range(int(first), int(last or first) + 1)
