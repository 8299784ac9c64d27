"""The six certified stand-alone dental plans of the demo: designs and rates.

The pediatric out-of-pocket maximum is 450 for one child and 900 for two or more in 2026; the 2027 amounts were
not known when this was written, so 2027 repeats them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalog.demo.designs import shares
from catalog.demo.geography import STATE
from catalog.demo.lineup import ISSUER_ID, VARIANTS

CHILD_MOOP, CHILDREN_MOOP = 450, 900
TIERS = ("single", "couple", "single_one", "single_two", "single_three", "couple_one", "couple_two", "couple_three")


@dataclass(frozen=True)
class DentalPlan:
    """One dental plan of one year; rates are (child, adult) by age, or eight family-tier amounts."""

    number: str
    year: int
    name: str
    level: str
    plan_type: str
    deductible: int
    services: Mapping[str, str]
    rates: tuple[Decimal, ...]
    pediatric_share: str
    guaranteed: bool = True
    child_only: bool = False

    network_id = "OHN005"
    area_id = "OHS005"
    variants = VARIANTS["dental"]

    @property
    def plan_id(self) -> str:
        """HIOS standard component id."""
        return f"{ISSUER_ID}{STATE}{self.number}"

    @property
    def product_id(self) -> str:
        """HIOS product id."""
        return self.plan_id[:10]

    @property
    def features(self) -> frozenset[str]:
        """Adults are covered unless the plan is for children only."""
        return frozenset() if self.child_only else frozenset({"adult"})

    @property
    def family_tiers(self) -> bool:
        """Rated by family tier instead of by age."""
        return len(self.rates) == len(TIERS)

    @property
    def annual_maximum(self) -> int:
        """Yearly maximum of what the plan pays for an adult, in dollars."""
        return 1500 if self.level == "High" else 1000


_HIGH = (
    "child_routine=NC child_basic=20%d child_major=50%d child_ortho=50%"
    " adult_routine=NC adult_basic=20%d adult_major=50%d"
)
_LOW = (
    "child_routine=NC child_basic=40%d child_major=50%d child_ortho=50%"
    " adult_routine=NC adult_basic=50%d adult_major=60%d"
)
_COPAY_HIGH = (
    "child_routine=NC child_basic=35 child_major=250 child_ortho=350 adult_routine=NC adult_basic=45 adult_major=325"
)
_COPAY_LOW = (
    "child_routine=10 child_basic=60 child_major=350 child_ortho=350 adult_routine=15 adult_basic=75 adult_major=450"
)

# number | name | level | type | deductible | services | rates | pediatric share | guaranteed | child only
_TABLE = (
    ("1010001", "Dental Family High PPO", "High", "PPO", 50, _HIGH, "33.40 41.80", "0.9610", True, False),
    ("1010002", "Dental Family Low PPO", "Low", "PPO", 75, _LOW, "24.90 27.10", "0.9480", True, False),
    ("1020001", "Dental Copay High EPO", "High", "EPO", 0, _COPAY_HIGH, "27.60 29.90", "0.9550", True, False),
    ("1020002", "Dental Copay Low EPO", "Low", "EPO", 0, _COPAY_LOW, "19.80 20.40", "0.9420", True, False),
    ("1030001", "Dental Household High PPO", "High", "PPO", 50, _HIGH,
     "42.50 84.00 74.25 105.50 128.75 115.75 147.00 170.25", "0.3900", False, False),
    ("1040001", "Dental Kids Low PPO", "Low", "PPO", 60, _LOW, "26.30 0", "1", True, True),
)  # fmt: skip

_INCREASE = {2026: Decimal(1), 2027: Decimal("1.04")}


def _rates(text: str, year: int) -> tuple[Decimal, ...]:
    return tuple((Decimal(rate) * _INCREASE[year]).quantize(Decimal("0.01")) for rate in text.split())


def dental_plans(year: int) -> tuple[DentalPlan, ...]:
    """Our dental plans of a plan year, by plan id."""
    return tuple(
        DentalPlan(number, year, name, level, kind, deductible, shares(services), _rates(rates, year), *rest)
        for number, name, level, kind, deductible, services, rates, *rest in _TABLE
    )
