"""A small market of nouns in memory, and a database with tables in it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from catalog.store import tables
from catalog.store.base import Base, Sessions, make_engine
from catalog.terms import (
    Benefit,
    BusinessRule,
    CostLimit,
    CostShare,
    County,
    CoverageExample,
    Crosswalk,
    Csr,
    DeductibleTiming,
    Issuer,
    LimitKind,
    LimitScope,
    Market,
    MarketCoverage,
    Metal,
    Network,
    NetworkTier,
    Option,
    OptionBenefit,
    OptionEligibility,
    OptionKind,
    OptionRate,
    PersonRole,
    Plan,
    PlanVariant,
    Product,
    ProductLine,
    Rate,
    RateUnit,
    RatingAreaPart,
    Relationship,
    ServiceAreaPart,
    Source,
    TierRate,
    UnderwritingQuestion,
    ZipCounty,
)

MADE_ON = datetime(2026, 11, 15, 12, tzinfo=UTC)
FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)
OURS, OTHER = "12345", "54321"


# Rates of an invented plan that follow the federal age curve from $300.00 at 21.
ON_CURVE = {0: "229.50", 21: "300.00", 30: "340.50", 40: "383.40", 64: "900.00"}


def source(place):
    return Source("made.csv", place)


def plan(plan_id, **changes):
    base = Plan(
        plan_id=plan_id,
        product_id=plan_id[:10],
        issuer_id=plan_id[:5],
        state="OH",
        market=Market.INDIVIDUAL,
        line=ProductLine.MEDICAL,
        name=f"Plan {plan_id}",
        plan_type="HMO",
        metal=Metal.SILVER,
        network_id="OHN001",
        service_area_id="OHS001",
        ehb_percent=Decimal("0.9998"),
        effective_from=FIRST,
        effective_until=LAST,
        disease_programs=("Asthma", "Diabetes"),
        accepted_relationships=(Relationship.SPOUSE,),
        child_only_offering="Allows Adult-Only",  # not for every age, so that few rates make a whole plan
        source=source(f"plan {plan_id}"),
    )
    return replace(base, **changes)


def variant(plan_id, csr=Csr.STANDARD, **changes):
    base = PlanVariant(
        variant_id=f"{plan_id}-{csr}",
        plan_id=plan_id,
        csr=csr,
        av=Decimal("0.702448046755971"),
        hsa_eligible=False,
        examples=(CoverageExample("baby", Decimal("100.00"), Decimal("20.00"), Decimal("0.00"), None),),
        source=source(f"variant {plan_id}-{csr}"),
    )
    return replace(base, **changes)


def cost_limits(variant_id):
    for kind, amount in ((LimitKind.DEDUCTIBLE, Decimal(6000)), (LimitKind.MOOP, Decimal(8900))):
        yield CostLimit(
            variant_id,
            kind,
            LimitScope.COMBINED,
            NetworkTier.IN_1,
            amount,
            amount,
            amount * 2,
            source=source(f"limit {variant_id} {kind}"),
        )


def benefit(variant_id, category, covered=True, copay=Decimal("40.00"), **changes):
    share = CostShare(copay=copay, copay_timing=DeductibleTiming.AFTER, filed_copay=f"${copay} after deductible")
    base = Benefit(
        variant_id,
        category.replace("_", " "),
        category,
        covered,
        ehb=True,
        limit_quantity=Decimal(20),
        limit_unit="visits per year",
        in_1=share,
        out=CostShare(coinsurance=Decimal(1), filed_coinsurance="100.00%"),
        source=source(f"benefit {variant_id} {category}"),
    )
    return replace(base, **changes)


def rate(plan_id, age, amount, area="9", **changes):
    low, high = (0, 14) if age < 15 else (64, 999) if age >= 64 else (age, age)
    base = Rate(plan_id, area, low, high, FIRST, LAST, Decimal(amount), source=source(f"rate {plan_id} {area} {low}"))
    return replace(base, **changes)


def whole_plan(plan_id, riders=(), ages=(0, 21, 30, 40, 64), **changes):
    """A plan with variant, limits, benefits and rates."""
    yield plan(plan_id, **changes)
    yield variant(plan_id)
    yield from cost_limits(f"{plan_id}-01")
    for category in ("primary_care", "generic_drugs", "child_dental_checkup", *riders):
        yield benefit(f"{plan_id}-01", category)
    for age in ages:
        yield rate(plan_id, age, ON_CURVE[age])


def places():
    yield Issuer(OURS, "Lantern Health", "OH", True, website="https://lantern.example", source=source("issuer 1"))
    yield Issuer(OTHER, "Other Health", "OH", False, source=source("issuer 2"))
    yield Network(OURS, "OHN001", "Lantern Network", "https://lantern.example/doctors", source=source("network"))
    for fips, name in (("39061", "Hamilton"), ("39165", "Warren"), ("39017", "Butler")):
        yield County(fips, name, "OH", source=source(f"county {fips}"))
    for zip_code, fips in (("45202", "39061"), ("45040", "39165"), ("45040", "39017"), ("45011", "39017")):
        yield ZipCounty(zip_code, fips, source=source(f"zip {zip_code} {fips}"))
    yield RatingAreaPart("OH", "9", county_fips="39061", source=source("area 1"))
    yield RatingAreaPart("OH", "9", county_fips="39165", source=source("area 2"))
    for issuer in (OURS, OTHER):
        yield ServiceAreaPart(issuer, "OHS001", "South", "OH", county_fips="39061", source=source(f"sa {issuer} 1"))
        yield ServiceAreaPart(
            issuer,
            "OHS001",
            "South",
            "OH",
            county_fips="39165",
            partial=True,
            zip_codes=("45040",),
            source=source(f"sa {issuer} 2"),
        )
    yield MarketCoverage("OH", "39061", True, source=source("coverage"))


def ancillary():
    yield Product("ACC", OURS, ProductLine.ACCIDENT, "Accident", excepted_benefit=True, source=source("product"))
    yield Option(
        "ACC-1",
        "ACC",
        ProductLine.ACCIDENT,
        "Accident basic",
        attributes=(
            ("conversion_right", True),
            ("face_amount", Decimal("10000.00")),
            ("level", "low"),
            ("since", FIRST),
        ),
        source=source("option 1"),
    )
    yield Option(
        "ACC-1-R",
        "ACC",
        ProductLine.ACCIDENT,
        "Sports rider",
        kind=OptionKind.RIDER,
        base_option_id="ACC-1",
        order=1,
        source=source("option 2"),
    )
    for option_id in ("ACC-1", "ACC-1-R"):
        yield OptionRate(
            option_id, PersonRole.SELF, RateUnit.PER_1000, Decimal("0.1234"), FIRST, LAST, source=source(option_id)
        )
    yield OptionBenefit("ACC-1", "Broken bone", pays_amount=Decimal(500), pays_unit="per_event", source=source("pays"))
    yield OptionEligibility("ACC-1", PersonRole.SELF, 18, 64, source=source("who"))
    yield UnderwritingQuestion("ACC", "Q1", "Do you race cars?", source=source("question"))


def market():
    """Two plans of ours, one of them a twin with a rider, one plan of another issuer, a dental plan, all the rest."""
    yield from places()
    yield from whole_plan(f"{OURS}OH0010001")
    yield variant(f"{OURS}OH0010001", Csr.SILVER_94, av=Decimal("0.94"))
    yield from whole_plan(f"{OURS}OH0010002", riders=("adult_dental_routine",))
    yield from whole_plan(f"{OTHER}OH0010001")
    dental = f"{OURS}OH0020001"
    yield plan(dental, line=ProductLine.DENTAL, metal=Metal.LOW, network_id="")
    yield variant(dental)
    yield TierRate(dental, "9", FIRST, LAST, Decimal("20.00"), couple=Decimal("40.00"), source=source("tier"))
    yield BusinessRule(OURS, max_dependent_age=25, relationship="child", source=source("rule"))
    yield Crosswalk(f"{OURS}OH0010009", f"{OURS}OH0010001", county_fips="39061", source=source("crosswalk"))
    yield from ancillary()


@pytest.fixture
def make():
    """Builders of nouns."""
    return SimpleNamespace(
        ours=f"{OURS}OH0010001",
        twin=f"{OURS}OH0010002",
        other=f"{OTHER}OH0010001",
        dental=f"{OURS}OH0020001",
        made_on=MADE_ON,
        first=FIRST,
        last=LAST,
        plan=plan,
        variant=variant,
        limits=cost_limits,
        benefit=benefit,
        rate=rate,
        whole_plan=whole_plan,
        market=market,
        places=places,
        source=source,
        on_curve=ON_CURVE,
    )


@pytest.fixture(scope="module")
def store_engine(module_database_url):
    """An engine whose database has every table of the catalogue."""
    engine = make_engine(module_database_url)
    Base.metadata.create_all(engine, tables=[tables.release, tables.problem, *(t.table for t in tables.NOUN_TABLES)])
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(store_engine):
    """Sessions over a database that has every table and no row."""
    with store_engine.begin() as connection:
        connection.execute(sa.delete(tables.release))
    return Sessions(store_engine)
