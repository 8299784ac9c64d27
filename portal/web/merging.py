"""What becomes of an anonymous shopper's work when that person signs in: nothing is ever overwritten."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

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
        for model in personal_models():
            mine = sa.update(model).where(model.shopper_id == shopper_id)
            session.execute(mine.values(member_account_id=account_id, shopper_id=None))
