"""The plan list of a family of four with 350 plans on sale: CPU and SQL statements of one page of 25 cards.

Run: ``python tests/benchmarks/bench_plan_list.py [PLANS]``. Prints figures, asserts none on time. The named alternative
prices each plan by itself (`configurator.rating.premium`), sharing nothing between plans.
"""

import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from sqlalchemy import event  # noqa: E402

from catalog.parameters import load  # noqa: E402
from catalog.store.market import current_release, local_market, locate  # noqa: E402
from catalog.terms import Household, LocalMarket, Market, Person, ProductLine, Relationship  # noqa: E402
from configurator.quote import quote  # noqa: E402
from configurator.rating import Rater, premium  # noqa: E402
from portal import create_app  # noqa: E402
from tests.demo_release import make_template  # noqa: E402

PLANS, RUNS = 350, 9
ON = date(2027, 1, 1)
AGES = {"you": (38, Relationship.SELF), "partner": (36, Relationship.SPOUSE), "one": (7, Relationship.CHILD)}
AGES |= {"two": (4, Relationship.CHILD)}
COPIED = ("catalog_plan", "catalog_variant", "catalog_limit", "catalog_benefit", "catalog_rate")
FIRST_COPY = 20  # product digits that the demo leaves free


def multiply(database: Path, wanted: int) -> int:
    """Copy our medical plans with all that belongs to them until `wanted` are on sale; returns how many there are."""
    with closing(sqlite3.connect(database)) as connection, connection:
        one = "SELECT plan_id FROM catalog_plan WHERE line = 'medical' AND plan_id LIKE '99001OH00%'"
        filed = len(connection.execute(one).fetchall())
        copies = -(-wanted // filed) - 1
        for number in range(FIRST_COPY, FIRST_COPY + copies):
            for table in COPIED:
                connection.execute(_copy(connection, table, number, one))
    return filed * (copies + 1)


def _copy(connection: sqlite3.Connection, table: str, number: int, one: str) -> str:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    changed = {
        "plan_id": f"'99001OH{number}' || substr(plan_id, 10)",
        "variant_id": f"'99001OH{number}' || substr(variant_id, 10)",
        "design_key": f"design_key || '{number}'",
    }
    owner = "plan_id" if "plan_id" in columns else "substr(variant_id, 1, 14)"
    values = ", ".join(changed.get(column, column) for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {owner} IN ({one})"


def milliseconds(act: Callable[[], object]) -> float:
    """Median CPU milliseconds of a few runs after one that warms up."""
    act()
    spent = []
    for _ in range(RUNS):
        start = time.process_time()
        act()
        spent.append((time.process_time() - start) * 1000)
    return statistics.median(spent)


def household() -> Household:
    """The family of the landing page's example."""
    persons = tuple(Person(name, kind, age=age) for name, (age, kind) in AGES.items())
    return Household(persons, "43215", "39049", ON, income=Decimal("72000.00"))


def market_of(app: object) -> LocalMarket:
    """What the address can buy."""
    with app.extensions["sessions"].reader() as session:
        release = current_release(session, plan_year=ON.year, market=Market.INDIVIDUAL)
        place = locate(session, release.release_id, "43215").location
        ages = {age for age, _ in AGES.values()}
        return local_market(session, release.release_id, place, on=ON, ages=ages)


def measure_pricing(market: LocalMarket, family: Household) -> None:
    """Print the CPU of a whole quote, and of the premiums alone with and without what plans share."""
    law = load()
    ours = [plan for plan in market.plans if plan.line is ProductLine.MEDICAL and plan.issuer_id == "99001"]

    def together() -> list[object]:
        rater = Rater(market, family.applicants, law, ON)
        return [rater.premium(plan) for plan in ours]

    def apart() -> list[object]:
        return [premium(plan, family.applicants, market, law, ON) for plan in ours]

    shared, alone = milliseconds(together), milliseconds(apart)
    whole = milliseconds(lambda: quote(market, family, law))
    print(f"quote of {len(market.plans)} plans for four, with benchmark and credit: {whole:.1f} ms CPU")
    print(f"premiums of our {len(ours)} medical plans, one rater: {shared:.1f} ms CPU")
    print(f"the same plan by plan (premium()): {alone:.1f} ms CPU, {alone / shared:.1f} times as much")


def measure_page(app: object) -> None:
    """Print CPU, statements and size of the list page."""
    browser = app.test_client()
    people = {"zip_code": "43215", "people": "38, 36, 7, 4", "income": "72000"}
    landing = browser.get("/").text
    hidden = dict(re.findall(r'name="(csrf_token|idempotency_key)" value="([^"]+)"', landing))
    browser.post("/start", data=people | hidden)
    seen: list[str] = []
    event.listen(app.extensions["sessions"].engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    answer = browser.get("/plans")
    cold = sum(each != "BEGIN" for each in seen)
    seen.clear()
    browser.get("/plans")
    warm = sum(each != "BEGIN" for each in seen)
    cards = answer.text.count('<article class="card')
    print(f"list page, {cards} cards: {milliseconds(lambda: browser.get('/plans')):.1f} ms CPU, {warm} SQL statements")
    print(f"first page at an address: {cold} SQL statements; {len(answer.data) / 1024:.0f} KB of HTML")


def main() -> None:
    """Make the catalogue, measure, print."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else PLANS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = make_template(folder, years=(2027,))
        print(f"{multiply(database, wanted)} medical plans on sale")
        settings = {"COVERWRIGHT_MODE": "test", "COVERWRIGHT_TODAY": "2026-11-15", "COVERWRIGHT_DATA": str(folder)}
        app = create_app({"DATABASE_URL": f"sqlite:///{database}", "TESTING": True, **settings})
        measure_page(app)
        measure_pricing(market_of(app), household())


if __name__ == "__main__":
    main()
