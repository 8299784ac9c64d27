"""Ancillary products of a release: read once a process, then narrowed to a place and a date."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from catalog.store import tables
from catalog.store.cache import ReleaseCache
from catalog.store.mapping import NounTable
from catalog.store.tables import issuers, number_of, options, products
from catalog.terms import Option, OptionShelf, Product

_RELEASES_KEPT = 4


@dataclass(frozen=True)
class _WholeShelf:
    """All that a release sells beside medical and dental plans, and the state of each issuer."""

    shelf: OptionShelf
    states: dict[str, str]


_shelves: ReleaseCache[_WholeShelf] = ReleaseCache(_RELEASES_KEPT)


def shelf_at(
    session: Session, release_id: str, *, areas: Collection[tuple[str, str]], state: str, on: date
) -> OptionShelf:
    """Products of ours that can start on a date at a place, with everything that belongs to their options.

    ``areas`` are the (issuer, service area) pairs that hold the place; ``state`` is where it lies. A product without
    a service area is sold in the whole state of its issuer. Options that cannot be sold are left out.
    """
    whole = _shelves.get(session, release_id, lambda: _whole_shelf(session, release_id))
    here = {
        key: product
        for key, product in whole.shelf.products.items()
        if _starts(product, on) and _reaches(product, areas, state, whole.states[product.issuer_id])
    }
    return _narrow(whole.shelf, here)


def _starts(product: Product, on: date) -> bool:
    early = product.effective_from is not None and on < product.effective_from
    late = product.effective_until is not None and on > product.effective_until
    return not (early or late)


def _reaches(product: Product, areas: Collection[tuple[str, str]], state: str, issuer_state: str) -> bool:
    if product.service_area_id:
        return (product.issuer_id, product.service_area_id) in areas
    return issuer_state in ("", state)


def _narrow(whole: OptionShelf, here: dict[str, Product]) -> OptionShelf:
    kept = tuple(option for option in whole.options if option.product_id in here)
    ids = {option.option_id for option in kept}

    def of_options(parts: Any) -> dict[str, Any]:
        return {key: rows for key, rows in parts.items() if key in ids}

    return OptionShelf(
        products=here,
        options=kept,
        rates=of_options(whole.rates),
        benefits=of_options(whole.benefits),
        eligibility=of_options(whole.eligibility),
        questions={key: rows for key, rows in whole.questions.items() if key in here},
    )


def _whole_shelf(session: Session, release_id: str) -> _WholeShelf:
    found, states = _products(session, release_id)
    shelf = OptionShelf(
        products=found,
        options=_options(session, release_id, found),
        rates=_grouped(session, release_id, tables.option_rates, "option_id"),
        benefits=_grouped(session, release_id, tables.option_benefits, "option_id", "order"),
        eligibility=_grouped(session, release_id, tables.option_eligibility, "option_id"),
        questions=_grouped(session, release_id, tables.questions, "product_id", "order"),
    )
    return _WholeShelf(shelf, states)


def _products(session: Session, release_id: str) -> tuple[dict[str, Product], dict[str, str]]:
    own = issuers.table.c
    query = (
        sa.select(*products.columns, own.state)
        .outerjoin(
            issuers.table,
            sa.and_(own.release_no == products.release_no, own.issuer_id == products.table.c.issuer_id),
        )
        .where(products.release_no == number_of(release_id), own.sold_by_us.is_not(sa.false()))
        .order_by(products.table.c.product_id)
    )
    found, states = {}, {}
    for row in session.execute(query):
        product = products.read(row)
        found[product.product_id] = product
        states[product.issuer_id] = row[-1] or ""
    return found, states


def _options(session: Session, release_id: str, found: Collection[str]) -> tuple[Option, ...]:
    columns = options.table.c
    query = (
        sa.select(*options.columns)
        .where(options.release_no == number_of(release_id), columns.not_sellable_reason == "")
        .order_by(columns.line, columns.order, columns.option_id)
    )
    read = (options.read(row) for row in session.execute(query))
    return tuple(option for option in read if option.product_id in found)


def _grouped(
    session: Session, release_id: str, table: NounTable, field: str, *order: str
) -> dict[str, tuple[Any, ...]]:
    columns = table.table.c
    query = (
        sa.select(*table.columns)
        .where(table.release_no == number_of(release_id))
        .order_by(*(columns[name] for name in (field, *order, *table.key)))
    )
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        noun = table.read(row)
        rows[getattr(noun, field)].append(noun)
    return {key: tuple(nouns) for key, nouns in rows.items()}
