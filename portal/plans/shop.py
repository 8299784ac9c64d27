"""The shop as one person sees it: the current household, what its address can buy, and every price.

One pricing function (`configurator.quote.quote`) stands behind card, compare, page, PDF and command line; this
module only brings it its inputs, once a request.
"""

import os
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from flask import g
from sqlalchemy.orm import Session

from catalog.parameters import Law, load
from catalog.store.market import ReleaseInfo, Whereabouts, local_market, locate, locate_published, release_info
from catalog.terms import Household, LocalMarket, Market
from configurator.bundle import Bundler
from configurator.facts import fact_types, read_answers
from configurator.quote import Quote
from configurator.rating import ages_needed
from configurator.rules import FOLDER, RuleSet, load_rules, standard_vocabulary
from configurator.rules.check import numeric_parameters
from portal.household.models import HouseholdRecord
from portal.household.operations import current_household

OWN_RULES = "COVERWRIGHT_RULES"


def rule_folders() -> tuple[Path, ...]:
    """Our rule files, and on top of them the payer's own folder where the setting COVERWRIGHT_RULES names one."""
    own = os.environ.get(OWN_RULES, "")
    return (FOLDER, Path(own)) if own else (FOLDER,)


@lru_cache(maxsize=1)
def rule_set() -> RuleSet:
    """The payer's rules, read once a process."""
    return load_rules(standard_vocabulary(fact_types()), numeric_parameters(load()), folders=rule_folders())


class NoShop(Exception):
    """There is nothing to price yet. ``endpoint`` is the page that asks for what is missing, in ``message``."""

    def __init__(self, endpoint: str, message: str) -> None:
        super().__init__(message)
        self.endpoint = endpoint
        self.message = message


@dataclass
class Shop:
    """Everything that prices are made from, for one household."""

    record: HouseholdRecord
    release: ReleaseInfo
    place: Whereabouts
    market: LocalMarket
    law: Law

    @cached_property
    def household(self) -> Household:
        """The household as a plain value."""
        return self.record.to_terms()

    @cached_property
    def bundler(self) -> Bundler:
        """Prices and checks bundles for this household."""
        return Bundler(self.market, self.household, self.law, rule_set(), read_answers(self.record.facts))

    @cached_property
    def applicant_ids(self) -> tuple[str, ...]:
        """Ids of the people who want cover."""
        return tuple(person.person_id for person in self.household.applicants)

    @property
    def quote(self) -> Quote:
        """Every plan priced for everybody who wants cover."""
        return self.bundler.quote_for(self.applicant_ids)


def open_shop(session: Session) -> Shop:
    """The shop of this request. Raises NoShop where the household or its place is not known yet."""
    if "shop" not in g:
        g.shop = _open(session)
    return g.shop


def _open(session: Session) -> Shop:
    record = current_household(session)
    if record is None:
        raise NoShop("pages.landing", "Tell us where you live and who needs cover. Then we show every plan and price.")
    return shop_for(session, record)


def shop_for(session: Session, record: HouseholdRecord, release_id: str | None = None) -> Shop:
    """The shop of a household; ``release_id`` replays an earlier catalogue release. Raises NoShop."""
    law, on = load(), record.effective_date
    release, place = _release(session, release_id, record)
    if place.refusal:
        raise NoShop("household.address", place.refusal)
    if place.location is None:
        raise NoShop("household.county", f"ZIP code {record.zip_code} lies in more than one county. Choose yours.")
    household = record.to_terms()
    if not household.applicants:
        raise NoShop("household.show", "Nobody in your household needs cover. Say who does.")
    ages = ages_needed(household.applicants, on)
    market = local_market(session, release.release_id, place.location, on=on, ages=ages)
    return Shop(record, release, place, market, law)


def _release(session: Session, release_id: str | None, record: HouseholdRecord) -> tuple[ReleaseInfo, Whereabouts]:
    plan_year = record.effective_date.year
    address = {"zip_code": record.zip_code, "county_fips": record.county_fips or None}
    if release_id:
        return release_info(session, release_id), locate(session, release_id, **address)
    found = locate_published(session, plan_year=plan_year, market=Market.INDIVIDUAL, **address)
    if found is None:
        raise NoShop("household.address", f"We have no plans for {plan_year} yet. Choose another start, or call us.")
    return found
