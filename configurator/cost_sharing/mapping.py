"""From a plan as imported (`PlanDesign`) to its adjudication design.

A deductible of a tier is the tier's own row, else the row that counts in and out of the network together. Every maximum
that speaks of a service and tier applies. Where a plan has a second tier without limits of its own, those of the first
hold; where a service outside the network is filed "after deductible" and no such deductible is filed, the first tier's
holds. The self-only limit of the law caps each person inside a family (45 CFR 156.130(a), (c)).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from catalog.parameters import Law
from catalog.terms import (
    ZERO,
    Benefit,
    CopayUnit,
    CostLimit,
    CostShare,
    DeductibleTiming,
    LimitKind,
    LimitScope,
    Money,
    NetworkTier,
    PlanDesign,
    ProductLine,
    format_dollars,
)
from configurator.cost_sharing.clauses import PaidMaximum, TextTerms, paid_maximums, text_terms
from configurator.cost_sharing.design import (
    Bucket,
    Coverage,
    Design,
    Measure,
    Period,
    Pool,
    Quantity,
    Terms,
    Unit,
    pool,
)

TIERS = (NetworkTier.IN_1, NetworkTier.IN_2, NetworkTier.OUT)
IN_NETWORK = (NetworkTier.IN_1, NetworkTier.IN_2)
DRUGS = frozenset({"generic_drugs", "preferred_brand_drugs", "non_preferred_brand_drugs", "specialty_drugs"})
PREVENTIVE = frozenset({"preventive_care", "well_baby"})
PRIMARY_CARE = "primary_care"
SPECIALTY_DRUGS = "specialty_drugs"
_AFTER = (DeductibleTiming.AFTER, DeductibleTiming.BEFORE, DeductibleTiming.WITH)
_DENTAL_GROUPS = {"adults": "adult_", "children": "child_"}
_LAW_CITE = "45 CFR 156.130(a) and (c)"
_MEASURES = {LimitKind.DEDUCTIBLE: Measure.DEDUCTIBLE, LimitKind.MOOP: Measure.MOOP}
_SCOPES = (LimitScope.MEDICAL, LimitScope.DRUG)
_FALLBACKS = {NetworkTier.IN_2: NetworkTier.IN_1}


def from_plan(
    filed: PlanDesign,
    law: Law,
    on: date,
    *,
    family: bool,
    crossover: Iterable[tuple[NetworkTier, NetworkTier]] = (),
) -> Design:
    """The design of a policy for one person or a family, by the law of the day on which cover starts.

    ``crossover`` holds pairs of tiers: what counts in the first also counts in the second. No format files it.
    Raises `MissingParameter` where the self-only limit is needed and not held for that year.
    """
    return _Mapper(filed, _Pools(filed, law, on, family), tuple(crossover)).design()


class _TermsOnDemand(Mapping[tuple[str, NetworkTier], Terms]):
    """Terms by service and tier, each made when it is first asked for: a year asks for a few of some two hundred."""

    def __init__(self, mapper: "_Mapper") -> None:
        self._mapper = mapper
        self._held: dict[tuple[str, NetworkTier], Terms | None] = {}

    def __getitem__(self, key: tuple[str, NetworkTier]) -> Terms:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def get(self, key: tuple[str, NetworkTier], default: Terms | None = None) -> Terms | None:
        """The terms, made once."""
        if key not in self._held:
            self._held[key] = self._mapper.terms(*key)
        return self._held[key] or default

    def __iter__(self) -> Iterator[tuple[str, NetworkTier]]:
        return ((category, tier) for category in self._mapper.categories for tier in TIERS)

    def __len__(self) -> int:
        return len(self._mapper.categories) * len(TIERS)


class _Pools:
    """The deductibles and maximums of a plan for one person or a family."""

    def __init__(self, filed: PlanDesign, law: Law, on: date, family: bool) -> None:
        self.family = family
        self._deductibles: dict[tuple[LimitScope, NetworkTier], Pool | None] = {}
        self._known: dict[tuple[LimitScope, NetworkTier, bool], tuple[Pool, ...]] = {}
        self.rows = {(row.kind, row.scope, row.tier): made for row in filed.limits if (made := self._pool(row))}
        self.medical = filed.plan.line is ProductLine.MEDICAL
        self.by_law = self._law_pool(law, on) if self.medical and self._needs_law() else None

    def _pool(self, row: CostLimit) -> Pool | None:
        person, group = amounts(row, self.family)
        if person is None and group is None:
            return None
        bucket = Bucket(_MEASURES[row.kind], row.scope, row.tier)
        return pool(bucket, person, group, _limit_text(row, person, group), str(row.source) if row.source.file else "")

    def _needs_law(self) -> bool:
        """Not where one maximum for everything in the network already holds for each person."""
        maximums = [held for (kind, _, tier), held in self.rows.items() if kind is LimitKind.MOOP and tier != "out"]
        return len(maximums) != 1 or maximums[0].person is None

    def _law_pool(self, law: Law, on: date) -> Pool:
        person = law.value("aca.moop.self", on)
        group = law.value("aca.moop.family", on) if self.family else None
        text = f"By law nobody pays more than {format_dollars(person)} a year in the network, also inside a family."
        return pool(Bucket(Measure.MOOP, LimitScope.COMBINED, None, "law"), person, group, text, _LAW_CITE)

    def deductible(self, scope: LimitScope, tier: NetworkTier) -> Pool | None:
        """The one deductible of a service: the tier's own, else the one for all tiers."""
        key = (scope, tier)
        if key not in self._deductibles:
            self._deductibles[key] = self._find_deductible(scope, tier)
        return self._deductibles[key]

    def _find_deductible(self, scope: LimitScope, tier: NetworkTier) -> Pool | None:
        places = ((s, t) for t in (tier, NetworkTier.COMBINED) for s in (scope, LimitScope.COMBINED))
        found = next((held for s, t in places if (held := self.rows.get((LimitKind.DEDUCTIBLE, s, t)))), None)
        fallback = _FALLBACKS.get(tier)
        return found or (self.deductible(scope, fallback) if fallback else None)

    def maximums(self, scope: LimitScope, tier: NetworkTier, ehb: bool) -> tuple[Pool, ...]:
        """Every maximum that speaks of a service in a tier."""
        key = (scope, tier, ehb)
        if key not in self._known:
            own = self._maximums(scope, tier) or self._maximums(scope, _FALLBACKS.get(tier, tier))
            law = (self.by_law,) if self.by_law and ehb and tier in IN_NETWORK else ()
            self._known[key] = (*own, *law)
        return self._known[key]

    def _maximums(self, scope: LimitScope, tier: NetworkTier) -> tuple[Pool, ...]:
        places = ((s, t) for t in (tier, NetworkTier.COMBINED) for s in (scope, LimitScope.COMBINED))
        return tuple(held for s, t in places if (held := self.rows.get((LimitKind.MOOP, s, t))))


def amounts(row: CostLimit, family: bool) -> tuple[Money | None, Money | None]:
    """(each person's, the family's) amount of a filed limit; a family row without its own amounts uses the individual.

    A family amount without one per person is aggregate: only the family's counts.
    """
    if not family:
        return row.individual, None
    if row.per_person is None and row.per_group is None:
        return row.individual, None
    return row.per_person, row.per_group


def _limit_text(row: CostLimit, person: Money | None, group: Money | None) -> str:
    what = "Deductible" if row.kind is LimitKind.DEDUCTIBLE else "Most you pay in a year"
    whose = [f"{format_dollars(person)} for each person"] if person is not None else []
    whose += [f"{format_dollars(group)} for the family"] if group is not None else []
    scope = {LimitScope.MEDICAL: " for medical care", LimitScope.DRUG: " for drugs"}.get(row.scope, "")
    return f"{what}{scope}{_TIER_TEXTS[row.tier]}: {', '.join(whose)}."


_TIER_TEXTS = {
    NetworkTier.IN_1: " in the network",
    NetworkTier.IN_2: " in the second tier of the network",
    NetworkTier.OUT: " outside the network",
    NetworkTier.COMBINED: " in and outside the network together",
}


class _Mapper:
    """Makes the terms of a benefit in a tier."""

    def __init__(
        self, filed: PlanDesign, pools: _Pools, crossover: tuple[tuple[NetworkTier, NetworkTier], ...]
    ) -> None:
        self.filed, self.pools, self.crossover = filed, pools, crossover
        self.benefits = {benefit.category: benefit for benefit in filed.benefits}
        self.free = PREVENTIVE if pools.medical else frozenset()

    @property
    def categories(self) -> list[str]:
        """Every service that has terms."""
        return sorted(self.benefits.keys() | self.free)

    def design(self) -> Design:
        """The design; only the terms that are asked for are made."""
        gaps = sorted(self._gaps())
        plan, variant = self.filed.plan, self.filed.variant
        terms = _TermsOnDemand(self)
        help_counts = not variant.hsa_eligible
        return Design(variant.variant_id, plan.line, self.pools.family, terms, tuple(gaps), help_counts)

    def _gaps(self) -> Iterator[str]:
        for each in self.filed.benefits:
            if _coverage(each, each.in_1) is Coverage.NOT_FILED:
                yield each.category
            if each.covered and each.limit_quantity is not None and quantity(each) is None:
                yield f"limit of {each.category}: {each.limit_unit}"

    def terms(self, category: str, tier: NetworkTier) -> Terms | None:
        """The terms of a service in a tier; None where the plan does not name it."""
        benefit, preventive = self.benefits.get(category), category in self.free
        if benefit is None:
            coverage = Coverage.COVERED if tier in IN_NETWORK else Coverage.NOT_COVERED
            return Terms(category, tier, coverage, preventive=True) if preventive else None
        share = share_of(benefit, tier)
        coverage = _coverage(benefit, share)
        if coverage is not Coverage.COVERED:
            return Terms(category, tier, coverage, preventive=preventive, filed=_exclusion(benefit))
        return self._covered(benefit, tier, share, preventive)

    def _covered(self, benefit: Benefit, tier: NetworkTier, share: CostShare, preventive: bool) -> Terms:
        scope = LimitScope.DRUG if benefit.category in DRUGS else LimitScope.MEDICAL
        applies = deductible_applies(share)
        deductible = self._deductible(scope, tier, applies)
        limit, words = quantity(benefit), text_terms(benefit.explanation)
        return Terms(
            category=benefit.category,
            tier=tier,
            copay=share.copay or ZERO,
            copay_unit=share.copay_unit,
            copay_days=self._copay_days(share),
            copay_first=share.copay_timing is not DeductibleTiming.AFTER,
            copay_counts=share.copay_timing is DeductibleTiming.WITH,
            deductible_applies=applies and deductible is not None,
            rate=share.coinsurance or Decimal(0),
            least=words.least,
            most=self._most(benefit, words),
            waived_if_admitted=words.waived_if_admitted,
            free_visits=self._first_visits(benefit, "primary_visits_before_cost_sharing"),
            copay_visits=self._first_visits(benefit, "primary_copays_before_deductible"),
            preventive=preventive,
            quantity=limit,
            waiting=words.waiting,
            deductible=deductible,
            moops=self._maximums(benefit, scope, tier),
            credits=self._credits(benefit, scope, tier),
            maximums=tuple(self._paid_maximums(benefit, limit)),
            units=self._units(benefit, limit),
            filed=_filed(share),
        )

    def _deductible(self, scope: LimitScope, tier: NetworkTier, applies: bool) -> Pool | None:
        found = self.pools.deductible(scope, tier)
        if found is None and applies and tier is NetworkTier.OUT:
            return self.pools.deductible(scope, NetworkTier.IN_1)
        return found

    def _maximums(self, benefit: Benefit, scope: LimitScope, tier: NetworkTier) -> tuple[Pool, ...]:
        """None where the plan files that the benefit does not count; what is not an EHB need not count (156.130(d))."""
        excluded = benefit.excluded_from_in_moop if tier in IN_NETWORK else benefit.excluded_from_out_moop
        counts = benefit.ehb is not False if excluded is None else not excluded
        return self.pools.maximums(scope, tier, benefit.ehb is not False) if counts else ()

    def _credits(self, benefit: Benefit, scope: LimitScope, tier: NetworkTier) -> tuple[Pool, ...]:
        if not self.crossover:
            return ()
        own = (self.pools.deductible(scope, tier), *self._maximums(benefit, scope, tier))
        others = [
            found
            for source, target in self.crossover
            if source is tier
            for found in (self.pools.deductible(scope, target), *self._maximums(benefit, scope, target))
        ]
        return tuple(each for each in others if each is not None and each not in own)

    def _copay_days(self, share: CostShare) -> int | None:
        return self.filed.variant.inpatient_copay_days or None if share.copay_unit is CopayUnit.DAY else None

    def _most(self, benefit: Benefit, words: TextTerms) -> Money | None:
        filed = self.filed.variant.specialty_drug_max if benefit.category == SPECIALTY_DRUGS else None
        return words.most if filed is None else filed

    def _first_visits(self, benefit: Benefit, name: str) -> int:
        return (getattr(self.filed.variant, name) or 0) if benefit.category == PRIMARY_CARE else 0

    def _units(self, benefit: Benefit, limit: Quantity | None) -> Bucket | None:
        """Where visits are counted, if anything needs their number."""
        counted = limit is not None and limit.unit is not Unit.DOLLARS
        visits = [self._first_visits(benefit, f"primary_{name}") for name in _FIRST]
        if not counted and not any(visits):
            return None
        return Bucket(Measure.UNITS, name=benefit.category, period=limit.period if limit else Period.YEAR)

    def _paid_maximums(self, benefit: Benefit, limit: Quantity | None) -> Iterator[Pool]:
        if limit and limit.unit is Unit.DOLLARS:
            bucket = Bucket(Measure.PAID, name=benefit.category, period=limit.period)
            yield pool(bucket, limit.amount, None, f"The plan pays at most {limit.text}.")
        for each in paid_maximums(self.filed.plan.exclusions) if not self.pools.medical else ():
            if benefit.category.startswith(_DENTAL_GROUPS.get(each.group, "")):
                yield _paid_pool(each)


_FIRST = ("visits_before_cost_sharing", "copays_before_deductible")


def _paid_pool(found: PaidMaximum) -> Pool:
    bucket = Bucket(Measure.PAID, name=f"maximum {found.group}".strip(), period=Period(found.period))
    text = f"The plan pays at most {format_dollars(found.amount)} for each person a {found.period}."
    return pool(bucket, found.amount, None, text)


def share_of(benefit: Benefit, tier: NetworkTier) -> CostShare | None:
    """The cost share of a tier; a second tier that files none is like the first."""
    if tier is NetworkTier.IN_2:
        return benefit.in_2 if benefit.in_2 and benefit.in_2.is_filed else benefit.in_1
    return benefit.in_1 if tier is NetworkTier.IN_1 else benefit.out


def _coverage(benefit: Benefit, share: CostShare | None) -> Coverage:
    if not benefit.covered or (share is not None and share.member_pays_all):
        return Coverage.NOT_COVERED
    if share is None or not share.is_filed:
        return Coverage.NOT_FILED if benefit.in_1 is share else Coverage.NOT_COVERED
    return Coverage.COVERED


def _exclusion(benefit: Benefit) -> str:
    return f"Excluded: {benefit.exclusions}." if benefit.exclusions else ""


def deductible_applies(share: CostShare) -> bool:
    """Whether any part of a cost share is filed in relation to the deductible."""
    return share.copay_timing in _AFTER or share.coinsurance_timing in _AFTER


def _filed(share: CostShare) -> str:
    texts = [text for text in (share.filed_copay, share.filed_coinsurance) if text and text != "Not Applicable"]
    return f"Filed: {' / '.join(texts)}." if texts else ""


_UNITS = ((re.compile("day"), Unit.DAYS), (re.compile("dollar"), Unit.DOLLARS), (re.compile("hour|month"), None))
_PERIODS = (
    (re.compile("lifetime"), Period.LIFETIME),
    (re.compile("per month"), Period.MONTH),
    (re.compile("per (stay|admission|episode|confinement)"), Period.STAY),
    (re.compile("year|benefit period|annual"), Period.YEAR),
)


@lru_cache(4096)
def _counted_in(unit: str) -> tuple[Unit, Period] | None:
    """What "Visit(s) per Year" counts and for how long; None where we cannot apply it."""
    words = unit.lower()
    before, _, _ = words.partition(" per ")
    kind = next((kind for pattern, kind in _UNITS if pattern.search(before)), Unit.COUNT)
    period = next((period for pattern, period in _PERIODS if pattern.search(words)), None)
    if kind is None or period is None or re.search(r"\d", words):
        return None
    return kind, period


def quantity(benefit: Benefit) -> Quantity | None:
    """The limit of a benefit; None where there is none or where its unit cannot be applied."""
    if benefit.limit_quantity is None or not (counted := _counted_in(benefit.limit_unit)):
        return None
    text = f"{benefit.limit_quantity:,f} {benefit.limit_unit}"
    return Quantity(benefit.limit_quantity, *counted, text)
