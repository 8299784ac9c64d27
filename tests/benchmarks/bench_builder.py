"""A click in the builder, for a family of four with the demo's catalogue: CPU of each page, and of trying its options.

Run: ``python tests/benchmarks/bench_builder.py``. Prints figures, asserts none on time. The named alternative makes a
new bundler for each option of the line, so that everything is priced anew for each.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bs4 import BeautifulSoup  # noqa: E402

from catalog.parameters import load  # noqa: E402
from catalog.store.base import Sessions, make_engine  # noqa: E402
from catalog.store.market import current_release, local_market, locate  # noqa: E402
from catalog.terms import Household, LocalMarket, Market, OptionKind, Person, ProductLine, Relationship  # noqa: E402
from configurator.bundle import Bundler, Choice  # noqa: E402
from portal import create_app  # noqa: E402
from portal.builder.availability import try_choice  # noqa: E402
from portal.plans.shop import rule_set  # noqa: E402
from tests.demo_release import make_template  # noqa: E402

RUNS = 9
ON = date(2027, 1, 1)
GOLD = "99001OH0010009"
AGES = {"you": (38, Relationship.SELF), "partner": (36, Relationship.SPOUSE), "one": (7, Relationship.CHILD)}
LINES = ("medical", "dental", "vision", "life", "hsa")


def milliseconds(act: Callable[[], object]) -> float:
    """Median CPU milliseconds of a few runs after one that warms up."""
    act()
    spent = []
    for _ in range(RUNS):
        start = time.process_time()
        act()
        spent.append((time.process_time() - start) * 1000)
    return statistics.median(spent)


def market(database: str) -> LocalMarket:
    """What the family's address can buy."""
    with Sessions(make_engine(database)).read() as session:
        release = current_release(session, plan_year=ON.year, market=Market.INDIVIDUAL)
        place = locate(session, release.release_id, "43215")
        return local_market(session, release.release_id, place.location, on=ON, ages={38, 36, 7})


def bundler_of(here: LocalMarket) -> Bundler:
    """A bundler that has priced nothing yet."""
    persons = tuple(Person(name, kind, age=age) for name, (age, kind) in AGES.items())
    return Bundler(here, Household(persons, "43215", "39049", ON, income=Decimal("72000.00")), load(), rule_set())


def clicks(here: LocalMarket) -> tuple[float, float, int]:
    """Try every ancillary option beside a medical plan: with one bundler, and anew for each; and how many they are."""
    ids = tuple(AGES)
    medical = [Choice(ProductLine.MEDICAL, GOLD, ids)]
    options = [Choice(each.line, each.option_id, ids) for each in here.shelf.options if each.kind is OptionKind.CHOICE]

    def shared() -> None:
        bundler = bundler_of(here)
        for choice in options:
            try_choice(bundler, medical, choice, ())

    def anew() -> None:
        for choice in options:
            try_choice(bundler_of(here), medical, choice, ())

    return milliseconds(shared), milliseconds(anew), len(options)


def pages(database: str, data: Path) -> dict[str, float]:
    """CPU of fetching each page by a browser with a plan in its bundle."""
    app = create_app({"DATABASE_URL": database, "COVERWRIGHT_DATA": str(data), "COVERWRIGHT_MODE": "test",
                      "COVERWRIGHT_TODAY": "2026-11-15"})  # fmt: skip
    browser = app.test_client()
    landing = BeautifulSoup(browser.get("/").text, "html.parser")
    hidden = {each["name"]: each["value"] for each in landing.find("form")("input", type="hidden")}
    browser.post("/start", data=hidden | {"zip_code": "43215", "people": "38, 36, 7, 4", "income": "72000"})
    browser.post("/builder/medical", data=hidden | {"option": GOLD})
    found = {"overview": milliseconds(lambda: browser.get("/builder"))}
    return found | {line: milliseconds(lambda line=line: browser.get(f"/builder/{line}")) for line in LINES}


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{make_template(Path(folder), years=(ON.year,))}"
        shared, anew, count = clicks(market(database))
        print(f"{count} options tried: {shared:.1f} ms CPU, {shared / count:.2f} ms each")
        print(f"priced anew for each option: {anew:.1f} ms CPU, {anew / shared:.1f} times as much")
        for name, spent in pages(database, Path(folder)).items():
            print(f"page {name}: {spent:.1f} ms CPU")


if __name__ == "__main__":
    main()
