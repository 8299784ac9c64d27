"""CPU time of a family's year under many plans: ``python tests/benchmarks/bench_year.py [SCALAR_PLANS]``.

A family of four, 200 services, 350 plans: the demo's medical variants of both plan years, repeated. The scalar engine,
which also makes clauses and ledger entries, takes SCALAR_PLANS of them (default 350) in the same run; both ways must
answer the same, line by line. Prints figures, asserts nothing on time.
"""

import sys
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path
from random import Random
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from catalog.demo import YEARS, write_puf  # noqa: E402
from catalog.terms import ProductLine, to_cents  # noqa: E402
from configurator.cost_sharing import Accumulators, CoveredPerson, ServiceLine, adjudicate, from_plan  # noqa: E402
from configurator.year.many import costs_under  # noqa: E402
from tests.configurator.filed import LAW, imported  # noqa: E402

PLANS, SERVICES, ROUNDS = 350, 200, 9
PEOPLE = tuple(CoveredPerson(f"p{number}") for number in range(1, 5))
PRICES = {
    "primary_care": 140, "specialist": 260, "laboratory": 60, "x_ray": 180, "imaging": 1100, "generic_drugs": 25,
    "preferred_brand_drugs": 380, "specialty_drugs": 5200, "emergency_room": 1900, "urgent_care": 210,
    "rehabilitation": 150, "mental_health_outpatient": 170, "outpatient_facility": 4200, "inpatient_facility": 24000,
    "inpatient_physician": 3600, "preventive_care": 220, "durable_equipment": 300, "chiropractic": 70,
}  # fmt: skip
OFTEN = ("generic_drugs", "generic_drugs", "primary_care", "laboratory", "specialist", "mental_health_outpatient")


def family_year():
    """200 services over a year, mostly cheap ones; the same for ever."""
    pick = Random(2027)
    names = [*PRICES, *OFTEN * 6]
    return [_service(pick, number, pick.choice(names)) for number in range(SERVICES)]


def _service(pick, number, category):
    on = date(YEARS[-1], 1, 1) + timedelta(days=pick.randrange(365))
    price = Decimal(PRICES[category] * pick.randrange(60, 160)) / 100
    days = pick.randrange(1, 6) if category.startswith("inpatient_f") else 0
    return ServiceLine(f"L{number}", pick.choice(PEOPLE).person_id, category, on, price, days=days)


def filed_plans():
    found = []
    for year in YEARS:
        with tempfile.TemporaryDirectory() as folder:
            write_puf(Path(folder), year)
            found += [each for each in imported([Path(folder)]).values() if each.plan.line is ProductLine.MEDICAL]
    return list(islice(cycle(found), PLANS)), len(found)


def cpu_ms(work):
    start = time.process_time()
    found = work()
    return (time.process_time() - start) * 1000, found


def main() -> None:
    filed, different = filed_plans()
    lines, on = family_year(), date(YEARS[-1], 1, 1)
    made, designs = cpu_ms(lambda: [from_plan(each, LAW, on, family=True) for each in filed])
    first, found = cpu_ms(lambda: costs_under(designs, PEOPLE, lines))
    next_times = [cpu_ms(lambda: costs_under(designs, PEOPLE, lines))[0] for _ in range(ROUNDS)]
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PLANS
    state = Accumulators(PEOPLE)
    slow, results = cpu_ms(lambda: [adjudicate(design, state, lines) for design in designs[:count]])
    for plan, done in enumerate(results):
        assert [to_cents(each.member_owes) for each in done.lines] == found.owed[:, plan].tolist()
    slow, fast = slow * PLANS / count, median(next_times)
    print(
        f"{PLANS} plans ({different} different), {SERVICES} services, family of {len(PEOPLE)}; {count} plans compared"
    )
    print(f"designs from filed plans                 {made:8.0f} ms CPU")
    print(f"the year under all plans, first          {first:8.0f} ms CPU (reads each plan's terms once)")
    print(f"the year under all plans, next           {fast:8.0f} ms CPU (median of {ROUNDS})")
    print(f"scalar engine, with clauses and ledger   {slow:8.0f} ms CPU ({slow / fast:.0f} times slower)")


if __name__ == "__main__":
    main()
