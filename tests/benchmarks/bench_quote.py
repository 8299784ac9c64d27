"""CPU time of a quote: ``python tests/benchmarks/bench_quote.py``. Prints figures, asserts nothing.

350 plans (330 medical, 20 dental) of 12 issuers for a family of four, with the rates of every age as a release files
them, and with those of the family's ages only, as the store brings them.
"""

import sys
import time
from decimal import Decimal
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from catalog.terms import BusinessRule, Csr, Metal, PlanVariant, ProductLine  # noqa: E402
from configurator.quote import quote  # noqa: E402
from tests.configurator.markets import LAW, aged, child, dental, household, market, plan, rates, spouse  # noqa: E402

METALS = (Metal.BRONZE, Metal.SILVER, Metal.GOLD, Metal.SILVER, Metal.EXPANDED_BRONZE)
ISSUERS = [f"{10000 + number}" for number in range(12)]
FAMILY = household(aged("p1", 40), spouse("p2", 38), child("c1", 9), child("c2", 6), income="70000")
AGES = (40, 38, 9, 6)
ROUNDS = 15


def filed_plans():
    share = Decimal("0.9987")
    medical = [plan(f"{ISSUERS[n % 12]}OH001{n:04d}", metal=METALS[n % 5], ehb_percent=share) for n in range(330)]
    return [*medical, *(dental(f"{ISSUERS[n % 12]}OH900{n:04d}") for n in range(20))]


def filed_rules():
    relationships = ("self", "spouse", "child", "stepchild", "ward", "foster_child")
    return tuple(
        BusinessRule(issuer, line=line, relationship=who, max_dependent_age=25, max_children_charged=3)
        for issuer in ISSUERS
        for line in (ProductLine.MEDICAL, ProductLine.DENTAL)
        for who in relationships
    )


def a_market(ages=None):
    plans = filed_plans()
    rows = {each.plan_id: rates(each.plan_id, 200 + n, ehb=None, aptc_eligible=None) for n, each in enumerate(plans)}
    if ages:
        rows = {
            key: tuple(row for row in filed if any(row.age_low <= age <= row.age_high for age in ages))
            for key, filed in rows.items()
        }
    variants = {each.plan_id: tuple(PlanVariant(f"{each.plan_id}-{c}", each.plan_id, c) for c in Csr) for each in plans}
    return market(*plans, rate_rows=rows, business_rules=filed_rules(), variants=variants)


def cpu_ms(here):
    start = time.process_time()
    found = quote(here, FAMILY, LAW)
    assert all(row.net_premium is not None for row in found.plans)
    return (time.process_time() - start) * 1000


def main():
    for name, ages in (("rates of every age", None), ("rates of the family's ages", AGES)):
        here = a_market(ages)
        times = [cpu_ms(here) for _ in range(ROUNDS)]
        print(
            f"350 plans, family of four, {name}: {median(times):.1f} ms CPU (median of {ROUNDS}, best {min(times):.1f})"
        )


if __name__ == "__main__":
    main()
