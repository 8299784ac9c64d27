"""What the invented issuer sells in 2026 and 2027: products, plans, base rates and the way from year to year."""

from dataclasses import dataclass
from decimal import Decimal

from catalog.demo import designs
from catalog.demo.designs import YEARS, Design
from catalog.demo.geography import STATE

ISSUER_ID = "99001"
ISSUER_NAME = "Lakewright Health Plan of Ohio"
TIN = "00-9900100"
SITE = "https://example.org/lakewright"
FORMULARY_URL = f"{SITE}/formulary"
PAYMENT_URL = f"{SITE}/pay"
FORMULARY_ID = "OHF001"

VARIANTS = {
    "catastrophic": ("00", "01"),
    "silver": ("00", "01", "02", "03", "04", "05", "06"),
    "other": ("00", "01", "02", "03"),
    "dental": ("00", "01"),
}


@dataclass(frozen=True)
class Network:
    """A provider network and its directory."""

    network_id: str
    name: str
    slug: str
    dental: bool = False

    @property
    def url(self) -> str:
        """Address of the provider directory."""
        return f"{SITE}/directory/{self.slug}"


NETWORKS = (
    Network("OHN001", "Lakewright Select Network", "select"),
    Network("OHN002", "Lakewright Choice Network", "choice"),
    Network("OHN003", "Lakewright Open Network", "open"),
    Network("OHN005", "Lakewright Dental Network", "dental", dental=True),
)


@dataclass(frozen=True)
class Product:
    """What is filed: HIOS product (10 characters), plan type, network and service area."""

    number: str
    name: str
    plan_type: str
    network_id: str
    area_id: str
    child_dental: bool
    referral: bool = False

    @property
    def product_id(self) -> str:
        """HIOS product id."""
        return f"{ISSUER_ID}{STATE}{self.number}"


PRODUCTS = {
    product.number: product
    for product in (
        Product("001", "Select", "HMO", "OHN001", "OHS001", child_dental=True, referral=True),
        Product("002", "Choice", "EPO", "OHN002", "OHS002", child_dental=False),
        Product("003", "Open", "PPO", "OHN003", "OHS003", child_dental=True),
        Product("006", "Valley", "HMO", "OHN001", "OHS004", child_dental=True, referral=True),
    )
}

# Base monthly rate at age 21 and area factor 1 of each rider; it is added to the plan's own base rate.
RIDER_RATES = {
    "Adult Vision": Decimal("3.20"),
    "Adult Vision & Fitness": Decimal("3.80"),
    "Adult Dental & Vision": Decimal("12.50"),
}
_RIDER_FEATURES = {
    "": frozenset(),
    "Adult Vision": frozenset({"vision"}),
    "Adult Vision & Fitness": frozenset({"vision", "fitness"}),
    "Adult Dental & Vision": frozenset({"dental", "vision"}),
}


@dataclass(frozen=True)
class Plan:
    """A medical plan of one year. ``base`` is the rate at age 21 before area factors, without the rider."""

    number: str
    year: int
    title: str
    metal: str
    design: str
    base: Decimal
    rider: str = ""
    tobacco: str = "graded"
    standardized: bool = False
    is_new: bool = False

    @property
    def product(self) -> Product:
        """The product that the plan belongs to."""
        return PRODUCTS[self.number[:3]]

    @property
    def plan_id(self) -> str:
        """HIOS standard component id, 14 characters."""
        return f"{ISSUER_ID}{STATE}{self.number}"

    @property
    def name(self) -> str:
        """Marketing name, with the rider after a plus sign."""
        return f"{self.product.name} {self.title}" + (f" + {self.rider}" if self.rider else "")

    @property
    def variants(self) -> tuple[str, ...]:
        """Variant suffixes that are filed for this metal."""
        return VARIANTS.get(self.metal.lower(), VARIANTS["other"])

    @property
    def features(self) -> frozenset[str]:
        """What decides whether a conditional benefit row is covered."""
        child = {"child_dental"} if self.product.child_dental else set()
        return _RIDER_FEATURES[self.rider] | child

    @property
    def full_base(self) -> Decimal:
        """Base rate with the rider."""
        return self.base + RIDER_RATES.get(self.rider, Decimal(0))

    @property
    def ehb_percent(self) -> Decimal:
        """Share of the premium that pays for essential health benefits, 4 decimals, 0..1."""
        return Decimal(1) if not self.rider else (self.base / self.full_base).quantize(Decimal("0.0001"))

    @property
    def nudge_key(self) -> str:
        """Plans of one design and product share their filed cents, so riders cost the same in each cell."""
        return f"{self.year}|{self.product.number}|{self.design}"

    def design_of(self, csr: str) -> Design:
        """Cost sharing of one variant."""
        return designs.variant_design(self.design, csr)

    def hsa_eligible(self, csr: str) -> bool:
        """Bronze and catastrophic plans count as HDHPs from 2026 (Notice 2026-5), others when so designed."""
        by_metal = self.metal in ("Bronze", "Expanded Bronze", "Catastrophic")
        return csr != "02" and (by_metal or self.design_of(csr).hdhp)


# number, title, metal (or 2026/2027), design, rate 2026, rate 2027 (0: not sold that year), rider
_TABLE = """
0010001 | Bronze 9500         | Expanded Bronze/Bronze | bronze_9500   | 268 | 296 |
0010002 | Standard Bronze     | Expanded Bronze | bronze_std   | 289 | 318 |
0010003 | Standard Silver     | Silver          | silver_std   | 372 | 408 |
0010004 | Standard Gold       | Gold            | gold_std     | 418 | 455 |
0010005 | Standard Platinum   | Platinum        | platinum_std | 566 | 610 |
0010006 | Silver 4500         | Silver          | silver_4500  | 365 | 401 |
0010007 | Silver 4500         | Silver          | silver_4500  | 365 | 401 | Adult Vision
0010008 | Silver 4500         | Silver          | silver_4500  | 365 | 401 | Adult Dental & Vision
0010009 | Gold 1500           | Gold            | gold_1500    | 429 | 468 |
0010010 | Gold 1500           | Gold            | gold_1500    | 429 | 468 | Adult Vision & Fitness
0010011 | Catastrophic        | Catastrophic    | catastrophic | 214 | 238 |
0010012 | Bronze Copay        | Expanded Bronze | bronze_copay | 297 | 327 |
0010013 | Silver 2500         | Silver          | silver_2500  | 389 | 0   |
0020001 | Bronze HSA          | Bronze          | bronze_hsa   | 305 | 336 |
0020002 | Silver HSA          | Silver          | silver_hsa   | 398 | 436 |
0020003 | Standard Bronze     | Expanded Bronze | bronze_std   | 312 | 343 |
0020004 | Standard Silver     | Silver          | silver_std   | 447 | 489 |
0020005 | Standard Gold       | Gold            | gold_std     | 439 | 478 |
0020006 | Silver Copay        | Silver          | silver_copay | 402 | 441 |
0020007 | Silver Copay        | Silver          | silver_copay | 402 | 441 | Adult Dental & Vision
0020008 | Gold Copay          | Gold            | gold_copay   | 455 | 497 |
0020009 | Bronze Value        | Bronze/Expanded Bronze | bronze_7000  | 308 | 339 |
0020010 | Bronze Value        | Bronze/Expanded Bronze | bronze_7000  | 308 | 339 | Adult Vision
0030001 | Bronze 8000         | Expanded Bronze | bronze_open  | 356 | 390 |
0030002 | Silver Two-Tier     | Silver          | silver_tiers | 462 | 505 |
0030003 | Gold Two-Tier       | Gold            | gold_tiers   | 540 | 588 |
0030004 | Platinum 250        | Platinum        | platinum_250 | 668 | 0   |
0030005 | Silver HSA          | Silver          | silver_hsa_open | 448 | 491 |
0030006 | Gold 2500           | Gold            | gold_2500    | 0   | 521 |
0060001 | Bronze 9500         | Expanded Bronze | bronze_9500  | 262 | 0   |
0060002 | Silver 4500         | Silver          | silver_4500  | 358 | 0   |
0060003 | Gold 1500           | Gold            | gold_1500    | 421 | 0   |
"""

# Tobacco profile where it is not "graded": no surcharge, or one ratio for all adults.
_TOBACCO = {"0010011": "none", "0010005": "none", "0030003": "flat", "0030006": "flat"}


def _plan(line: str, year: int) -> Plan | None:
    number, title, metals, design, before, after, rider = (cell.strip() for cell in line.split("|"))
    base = Decimal(before if year == YEARS[0] else after)
    metal = metals.split("/")[0 if year == YEARS[0] else -1]
    tobacco = _TOBACCO.get(number, "graded")
    new = year == YEARS[1] and before == "0"
    return (
        Plan(number, year, title, metal, design, base, rider, tobacco, design.endswith("_std"), new) if base else None
    )


def plans(year: int) -> tuple[Plan, ...]:
    """Our medical plans of a plan year, by plan id."""
    lines = _TABLE.strip().split("\n")
    return tuple(plan for plan in (_plan(line, year) for line in lines) if plan)
