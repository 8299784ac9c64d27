"""What becomes of an anonymous shopper's work when that person signs in: nothing is ever overwritten."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.web.audit import audit
from portal.web.registries import Merging, add_merger, mergers
from portal.web.scope import everything, personal_models


def on_merge(merge: Merging) -> Merging:
    """Register `merge(session, shopper_id, account_id)`, run before rows change owner.

    Use it where a plain change of owner is not enough, such as "only one household is the current one".
    Works as a decorator.
    """
    add_merger(merge)
    return merge


def pieces(session: Session, shopper_id: str) -> int:
    """How many rows the shopper owns."""
    with everything(session, "counting a shopper's work"):
        return sum(_count(session, model, shopper_id) for model in personal_models())


def _count(session: Session, model: type, shopper_id: str) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model).where(model.shopper_id == shopper_id))


def claim(session: Session, shopper_id: str, account_id: str) -> None:
    """Give everything the shopper made to the account, beside what the account already has."""
    with everything(session, "merging a shopper's work into an account"):
        for merge in mergers():
            merge(session, shopper_id, account_id)
        moved = {model.__tablename__: _give(session, model, shopper_id, account_id) for model in personal_models()}
    counts = {table: number for table, number in moved.items() if number}
    audit(session, "shopper.claimed", "shopper", shopper_id, subject=account_id, details={"rows": counts})


def _give(session: Session, model: type, shopper_id: str, account_id: str) -> int:
    """How many rows of a table changed owner."""
    mine = sa.update(model).where(model.shopper_id == shopper_id)
    return session.execute(mine.values(member_account_id=account_id, shopper_id=None)).rowcount


def leave(session: Session, shopper_id: str, account_id: str) -> None:
    """Keep only what is in the account: the shopper's work stays where it is and ends with the shopper."""
    rows = pieces(session, shopper_id)
    audit(session, "shopper.left_behind", "shopper", shopper_id, subject=account_id, details={"rows": rows})
