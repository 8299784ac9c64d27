"""The demo member's household and one saved bundle: invented people, priced like anybody's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.parameters import load
from catalog.terms import Relationship
from configurator.bundle import Bundle, Choice
from portal.configurations.operations import save
from portal.configurations.stored import inputs_of
from portal.household.models import HouseholdRecord, PersonRecord
from portal.household.operations import open_starts
from portal.plans.shop import Shop, shop_for
from portal.plans.sorting import NET_PREMIUM
from portal.web import clock
from portal.web.scope import Scope
from portal.web.seeding import on_seed

FAMILY = (
    ("Dana", Relationship.SELF, date(1988, 4, 12)),
    ("Chris", Relationship.SPOUSE, date(1990, 9, 30)),
    ("Ellie", Relationship.CHILD, date(2019, 6, 3)),
    ("Sam", Relationship.CHILD, date(2022, 2, 17)),
)
ZIP_CODE, COUNTY, STATE = "43215", "39049", "OH"
INCOME = Decimal("72000.00")


@on_seed(order=30)
def seed_member(session: Session, accounts: dict[str, str]) -> None:
    """A household and a saved bundle for the member, unless there are some already."""
    with _as_owner(session, accounts["member"]):
        if session.scalar(sa.select(sa.func.count()).select_from(HouseholdRecord)):
            return
        shop = shop_for(session, _household(session))
        choices, bundle = _cheapest_silver(shop)
        save(session, inputs_of(shop, choices, NET_PREMIUM.name, NET_PREMIUM.assumptions), bundle, "Our family")


@contextmanager
def _as_owner(session: Session, account_id: str) -> Iterator[None]:
    before = session.info.get("scope")
    session.info["scope"] = Scope(account_id=account_id)
    try:
        yield
        session.flush()
    finally:
        session.info["scope"] = before


def _household(session: Session) -> HouseholdRecord:
    today = clock.today()
    starts = open_starts(load(), STATE, today.year + 1, today)
    record = HouseholdRecord(
        zip_code=ZIP_CODE,
        county_fips=COUNTY,
        effective_date=starts[0] if starts else date(today.year + 1, 1, 1),
        income=INCOME,
        tax_household_size=len(FAMILY),
        on_exchange=True,
        quick=False,
        facts={},
        changed_at=clock.instant(),
    )
    record.people = [
        PersonRecord(position=position, name=name, relationship_=relationship, birth_date=born, tobacco=False)
        for position, (name, relationship, born) in enumerate(FAMILY)
    ]
    session.add(record)
    session.flush()
    return record


def _cheapest_silver(shop: Shop) -> tuple[tuple[Choice, ...], Bundle]:
    """The first plan of the list on which extra savings come, for everybody."""
    wanted = (row for row in shop.quote.plans if row.eligible and row.plan.metal and row.plan.metal.value == "silver")
    chosen = next(wanted)
    choices = (Choice(chosen.plan.line, chosen.plan.plan_id, shop.applicant_ids),)
    return choices, shop.bundler.bundle(choices)
