"""Small markets for tests: one rating area, rates by age, a plan in a line of code."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from catalog.parameters import load
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
    Source,
    TobaccoRule,
)

LAW = load()
ON = date(2027, 1, 1)
YEAR_END = date(2027, 12, 31)
AREA = "9"
HERE = Location("43215", "39049", "Franklin County", "OH", AREA)
ISSUER = "99999"


def plan(plan_id="99999OH0010001", line=ProductLine.MEDICAL, metal=Metal.SILVER, **fields):
    issuer = fields.pop("issuer_id", plan_id[:5])
    known = {"product_id": plan_id[:10], "issuer_id": issuer, "state": "OH", "market": Market.INDIVIDUAL}
    return Plan(plan_id=plan_id, line=line, name=f"Plan {plan_id}", metal=metal, **(known | fields))


def dental(plan_id="99999OH0090001", **fields):
    return plan(plan_id, line=ProductLine.DENTAL, metal=Metal.HIGH, **fields)


def rate(plan_id, age, amount, last_age=None, **fields):
    """A filed row; ``ehb`` is the whole rate unless said otherwise."""
    dollars = Decimal(amount)
    known = {"ehb": dollars, "aptc_eligible": dollars, "source": Source("rates.csv", f"row {age}")}
    high = age if last_age is None else last_age
    return Rate(plan_id, AREA, age, high, ON, YEAR_END, dollars, **(known | fields))


def rates(plan_id, base="100.00", **fields):
    """Rows for every age: 0-14, each of 15-63, 64 and over; 10 cents more for each year of age."""
    ages = [(0, 14), *((age, age) for age in range(15, 64)), (64, 999)]
    return tuple(rate(plan_id, low, Decimal(base) + Decimal(low) / 10, high, **fields) for low, high in ages)


def with_tobacco(row, amount):
    return replace(row, tobacco_rule=TobaccoRule.USER_NON_USER, tobacco=Decimal(amount))


def market(*plans, rate_rows=None, **fields):
    """A complete market of these plans; every plan has all ages unless ``rate_rows`` gives its rows."""
    rows = {each.plan_id: rates(each.plan_id) for each in plans} | (rate_rows or {})
    known = {
        "release_id": "test",
        "plan_year": 2027,
        "market": Market.INDIVIDUAL,
        "location": HERE,
        "complete": True,
        "issuers": {each.issuer_id: Issuer(each.issuer_id) for each in plans},
        "variants": {},
        "tier_rates": {},
        "business_rules": (),
        "with_pediatric_dental": frozenset(each.plan_id for each in plans),
    }
    return LocalMarket(plans=plans, rates=rows, **(known | fields))


def aged(person_id, age, relationship=Relationship.SELF, on=ON, **fields):
    """Somebody whose birthday is the day cover starts."""
    return Person(person_id, relationship, birth_date=on.replace(year=on.year - age), **fields)


def child(person_id, age, **fields):
    return aged(person_id, age, Relationship.CHILD, **fields)


def spouse(person_id="p2", age=40, **fields):
    return aged(person_id, age, Relationship.SPOUSE, **fields)


def household(*persons, income="60000", **fields):
    dollars = None if income is None else Decimal(income)
    known = {"zip_code": HERE.zip_code, "county_fips": HERE.county_fips, "effective_date": ON, "income": dollars}
    return Household(persons, **(known | fields))
