"""Markets built straight from the captured Marketplace answers, without importer or store."""

import gzip
import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from catalog.terms import (
    Household,
    Issuer,
    LocalMarket,
    Location,
    Market,
    Metal,
    Person,
    Plan,
    ProductLine,
    Rate,
    Relationship,
)

FOLDER = "plans/marketplace_py2026"
YEAR = 2026
PROFILES = {"single_27_400fpl": (27, Decimal(60240)), "single_40_250fpl": (40, Decimal(37650))}


@dataclass(frozen=True)
class Capture:
    """One captured answer: who asked from where, and the plans with their prices."""

    name: str
    zip_code: str
    county_fips: str
    state: str
    rating_area: str
    age: int
    income: Decimal
    plans: tuple[dict, ...]

    @property
    def prices(self) -> dict[str, tuple[Decimal, Decimal]]:
        """``premium`` and ``premium_w_credit`` by plan id."""
        return {plan["id"]: (Decimal(plan["premium"]), Decimal(plan["premium_w_credit"])) for plan in self.plans}


def read_captures(shared_data: Path) -> list[Capture]:
    return [read_capture(path) for path in sorted((shared_data / FOLDER).glob("plans_*.json.gz"))]


def read_capture(path: Path) -> Capture:
    answer = json.loads(gzip.decompress(path.read_bytes()), parse_float=Decimal)
    meta, response = answer["_meta"], answer["response"]
    age, income = PROFILES[meta["profile_id"]]
    area = str(response["rate_area"]["area"])
    place = (meta["zipcode"], meta["county_fips"], meta["state"], area)
    return Capture(path.name.removesuffix(".json.gz"), *place, age, income, tuple(response["plans"]))


def household_of(capture: Capture) -> Household:
    birth = date(YEAR - capture.age, 1, 1)
    person = Person("p1", Relationship.SELF, birth_date=birth, tobacco=False)
    return Household((person,), capture.zip_code, capture.county_fips, date(YEAR, 1, 1), capture.income, 1)


def market_of(capture: Capture) -> LocalMarket:
    return LocalMarket(
        release_id=capture.name,
        plan_year=YEAR,
        market=Market.INDIVIDUAL,
        location=Location(
            capture.zip_code, capture.county_fips, f"County {capture.county_fips}", capture.state, capture.rating_area
        ),
        complete=True,
        issuers={plan["issuer"]["id"]: Issuer(plan["issuer"]["id"]) for plan in capture.plans},
        plans=tuple(plan_of(plan) for plan in capture.plans),
        variants={},
        rates={plan["id"]: (rate_of(plan, capture),) for plan in capture.plans},
        tier_rates={},
        business_rules=(),
        with_pediatric_dental=frozenset(),
    )


def plan_of(plan: dict) -> Plan:
    return Plan(
        plan_id=plan["id"],
        product_id=plan["id"][:10],
        issuer_id=plan["issuer"]["id"],
        state=plan["state"],
        market=Market.INDIVIDUAL,
        line=ProductLine.MEDICAL,
        name=plan["name"],
        metal=Metal(plan["metal_level"].lower()),
        max_dependent_age=plan["max_age_child"],
    )


def rate_of(plan: dict, capture: Capture) -> Rate:
    return Rate(
        plan_id=plan["id"],
        rating_area=capture.rating_area,
        age_low=capture.age,
        age_high=capture.age,
        effective_from=date(YEAR, 1, 1),
        effective_until=date(YEAR, 12, 31),
        individual=Decimal(plan["premium"]),
        ehb=Decimal(plan["ehb_premium"]),
        aptc_eligible=Decimal(plan["aptc_eligible_premium"]),
        pediatric_ehb=Decimal(plan["pediatric_ehb_premium"]),
    )
