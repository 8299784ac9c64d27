"""A plan's benefit design in the form that adjudication needs: terms per service and network tier, and pools.

A pool is one deductible, one maximum or one paid maximum with its amounts for the people on the policy. Terms say
for one service in one tier what the member pays, in which order, and which pools take part.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from catalog.terms import ZERO, CopayUnit, LimitScope, Money, NetworkTier, ProductLine


class Measure(StrEnum):
    """What an accumulator counts."""

    DEDUCTIBLE = "deductible"
    MOOP = "moop"
    UNITS = "units"  # visits, days or items of one benefit
    PAID = "paid"  # dollars that the plan has paid


class Period(StrEnum):
    """How long an accumulator counts before it starts again."""

    YEAR = "year"
    MONTH = "month"
    STAY = "stay"
    LIFETIME = "lifetime"


class Unit(StrEnum):
    """What a benefit's limit is counted in."""

    COUNT = "count"  # visits, treatments, items
    DAYS = "days"
    DOLLARS = "dollars"


class Method(StrEnum):
    """How copay, coinsurance and deductible follow each other in one benefit."""

    NO_CHARGE = "no_charge"
    COPAY_ONLY = "copay_only"
    COPAY_THEN_DEDUCTIBLE = "copay_then_deductible"
    DEDUCTIBLE_THEN_COPAY = "deductible_then_copay"
    DEDUCTIBLE_THEN_COINSURANCE = "deductible_then_coinsurance"
    DEDUCTIBLE_ONLY = "deductible_only"
    COINSURANCE_ONLY = "coinsurance_only"
    NOT_COVERED = "not_covered"


class Coverage(StrEnum):
    """Whether the plan covers a service in a tier, or does not say what the member pays."""

    COVERED = "covered"
    NOT_COVERED = "not_covered"
    NOT_FILED = "not_filed"


@dataclass(frozen=True, slots=True)
class Bucket:
    """What a ledger entry counts toward. ``name`` is a benefit or a maximum where scope and tier do not say it."""

    measure: Measure
    scope: LimitScope | None = None
    tier: NetworkTier | None = None
    name: str = ""
    period: Period = Period.YEAR

    @property
    def key(self) -> str:
        """The same text for the same accumulator."""
        return "|".join((self.measure, self.scope or "", self.tier or "", self.name, self.period))


@dataclass(frozen=True, slots=True)
class Pool:
    """A bucket with its limits: ``person`` for each person, ``family`` for all together; None: no limit.

    An aggregate family deductible has no ``person`` amount. ``text`` and ``cite`` say where the amounts come from.
    """

    bucket: Bucket
    key: str
    person: Money | None
    family: Money | None
    text: str = ""
    cite: str = ""


def pool(bucket: Bucket, person: Money | None, family: Money | None, text: str = "", cite: str = "") -> Pool:
    """A pool of that bucket."""
    return Pool(bucket, bucket.key, person, family, text, cite)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A limit on a benefit, for each person: so many visits, days or dollars in a period."""

    amount: Decimal
    unit: Unit
    period: Period
    text: str = ""  # as filed: "30 Visit(s) per Year"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Time from the start of cover before a benefit begins."""

    months: int = 0
    days: int = 0
    waived_with_prior_cover: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What the member pays for one service in one network tier.

    ``copay_first``: the copay comes before the deductible, otherwise after it. ``copay_counts``: the copay counts
    toward the deductible. ``rate`` is the member's share 0..1 of what is left; ``least`` and ``most`` bound it for each
    unit. ``free_visits``: first visits of a year without any cost sharing; ``copay_visits``: first visits at the copay
    alone, later ones under the rest. ``allowance``: the most the plan pays for each unit. ``copay_days``: days of a
    stay that are charged. ``credits``: further pools that the member's payment fills but that do not bound it.
    """

    category: str
    tier: NetworkTier
    coverage: Coverage = Coverage.COVERED
    copay: Money = ZERO
    copay_unit: CopayUnit = CopayUnit.SERVICE
    copay_days: int | None = None
    copay_first: bool = True
    copay_counts: bool = False
    deductible_applies: bool = False
    rate: Decimal = Decimal(0)
    least: Money | None = None
    most: Money | None = None
    waived_if_admitted: bool = False
    free_visits: int = 0
    copay_visits: int = 0
    preventive: bool = False
    quantity: Quantity | None = None
    allowance: Money | None = None
    waiting: Waiting | None = None
    deductible: Pool | None = None
    moops: tuple[Pool, ...] = ()
    credits: tuple[Pool, ...] = ()
    maximums: tuple[Pool, ...] = ()
    units: Bucket | None = None  # where visits or days are counted; None: nothing needs the count
    filed: str = ""

    @property
    def method(self) -> Method:
        """The name of the order in which the parts apply."""
        if self.coverage is not Coverage.COVERED:
            return Method.NOT_COVERED
        if not self.deductible_applies:
            return _WITHOUT_DEDUCTIBLE[bool(self.copay), bool(self.rate)]
        if self.copay:
            return Method.COPAY_THEN_DEDUCTIBLE if self.copay_first else Method.DEDUCTIBLE_THEN_COPAY
        return Method.DEDUCTIBLE_THEN_COINSURANCE if self.rate else Method.DEDUCTIBLE_ONLY


_WITHOUT_DEDUCTIBLE = {
    (False, False): Method.NO_CHARGE,
    (True, False): Method.COPAY_ONLY,
    (True, True): Method.COPAY_ONLY,
    (False, True): Method.COINSURANCE_ONLY,
}


@dataclass(frozen=True, slots=True)
class Design:
    """All terms of a plan or option for a policy of one person (``family`` false) or of several.

    ``gaps`` name services that are covered without a filed amount, and limits that cannot be applied: numbers that rest
    on them are not known, and a page that shows them says so. ``help_counts``: what a drug maker pays for the member
    counts toward deductible and maximum; it must not beside a health savings account (IRS Notice 2004-50, Q&A-9).
    """

    design_id: str
    line: ProductLine
    family: bool
    terms: Mapping[tuple[str, NetworkTier], Terms]
    gaps: tuple[str, ...] = ()
    help_counts: bool = True
    memo: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)  # what others work out of the terms

    def terms_of(self, category: str, tier: NetworkTier) -> Terms:
        """The terms, or "not covered" where the plan has none for that service."""
        return self.terms.get((category, tier)) or Terms(category, tier, Coverage.NOT_COVERED)
