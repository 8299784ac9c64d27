"""One plan year and one market in one import: told by the caller, or by the first row that says it."""

import sqlalchemy as sa

from catalog.store.loading import Loader
from catalog.store.row_checks import finding
from catalog.store.tables import benefits, business_rules, limits, rates, tier_rates, variants
from catalog.terms import FileRefused, Market, Noun, OptionRate, Plan, Rate, Severity, TierRate

_TELLS_YEAR = (Plan, Rate, TierRate)
AT_ONCE = 500
PLAN_ID_LENGTH = 14


class ImportScope:
    """Plan year and market of an import. ``admit`` refuses another year, and leaves plans of another market aside."""

    def __init__(self, plan_year: int | None, market: Market | None) -> None:
        self.plan_year = plan_year
        self.market = market
        self._chosen = market is not None
        self._option_years: set[int] = set()
        self.left_aside: set[str] = set()

    def admit(self, noun: Noun) -> bool:
        """Whether the noun belongs to this import. Raises FileRefused for another plan year or a second market."""
        if isinstance(noun, _TELLS_YEAR) and noun.effective_from is not None:
            self._check_year(noun)
        elif isinstance(noun, OptionRate):
            self._option_years.add(noun.effective_from.year)
        return not isinstance(noun, Plan) or self._admit_plan(noun)

    def learn(self, found: object) -> None:
        """Take what the importer read in headers, where no row said it."""
        self.plan_year = self.plan_year or getattr(found, "plan_year", None)
        self.market = self.market or getattr(found, "market", None)

    @property
    def year(self) -> int | None:
        """The plan year; rates of options tell it where no plan does and all of them begin in the same year."""
        if self.plan_year is None and len(self._option_years) == 1:
            return next(iter(self._option_years))
        return self.plan_year

    def drop_left_aside(self, loader: Loader) -> None:
        """Take out what belongs to plans of the other market; it is no problem of the files."""
        ids = sorted(self.left_aside)
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            for table in (variants, rates, tier_rates, business_rules):
                loader.remove(table, table.table.c.plan_id.in_(some))
            for table in (limits, benefits):
                loader.remove(table, sa.func.substr(table.table.c.variant_id, 1, PLAN_ID_LENGTH).in_(some))

    def _check_year(self, noun: Plan | Rate | TierRate) -> None:
        year = noun.effective_from.year
        if self.plan_year is None:
            self.plan_year = year
        if year != self.plan_year:
            expected = f"a date in {self.plan_year}, the plan year of this import"
            raise FileRefused(
                finding(
                    noun,
                    "wrong-year",
                    "effective_from",
                    noun.effective_from,
                    expected,
                    "One import holds one plan year. Import each year alone",
                    Severity.REFUSED,
                )
            )

    def _admit_plan(self, plan: Plan) -> bool:
        self.market = self.market or plan.market
        if plan.market is self.market:
            return True
        if not self._chosen:
            expected = f"{self.market}, as the plans before it"
            message = "One import holds one market. Name it: --market individual or --market small_group"
            raise FileRefused(
                finding(plan, "mixed-markets", "market", plan.market, expected, message, Severity.REFUSED)
            )
        self.left_aside.add(plan.plan_id)
        return False
