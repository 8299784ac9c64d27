"""The orders of the plan list. An order has a name and says what it assumes; both belong to a saved quote.

The order changes what people choose, so it is a decision of the payer and is never left unsaid.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Protocol, TypeVar

from catalog.terms import ZERO, Money

LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class SortOrder:
    """What a list was ordered by: a stable code, its name, and what it assumes, in words for page and paper."""

    code: str
    name: str
    assumptions: str


class Sortable(Protocol):
    """What an order looks at; None where nothing is filed or no price is known."""

    plan_id: str
    buyable: bool
    net_premium: Money | None
    deductible: Money | None
    limit: Money | None


Row = TypeVar("Row", bound=Sortable)
NET_PREMIUM = SortOrder(
    "net-premium",
    "monthly price after credit",
    "Lowest first: the filed premium of everybody who wants cover, less the tax credit. "
    "What you pay when you use care is not in it, so the first plan may not be the cheapest in a year with much care. "
    "Of plans at one price, the one with the lower bad-year total comes first.",
)
DEDUCTIBLE = SortOrder(
    "deductible",
    "deductible",
    "Lowest first: what you pay first, in the network, for the whole family, or for one person who buys alone. "
    "A separate deductible for drugs is added. The premium is not in it.",
)
LIMIT = SortOrder(
    "out-of-pocket-limit",
    "out-of-pocket limit",
    "Lowest first: the most that you pay in a year for covered care in the network. The premium is not in it.",
)
BAD_YEAR = SortOrder(
    "bad-year",
    "bad-year total",
    "Lowest first: your premiums after credit from the first day of cover through December, plus the most that you "
    "pay for covered care in the network. It assumes care so costly that you reach the limit.",
)
ORDERS: MappingProxyType[str, SortOrder] = MappingProxyType(
    {order.code: order for order in (NET_PREMIUM, DEDUCTIBLE, LIMIT, BAD_YEAR)}
)


def order_named(code: str | None) -> SortOrder:
    """The order of a code; the monthly price after credit for any other text."""
    return ORDERS.get(code or "", NET_PREMIUM)


def months_left(start: date) -> int:
    """Months of premium from the first day of cover through December of its year."""
    return LAST_MONTH + 1 - start.month


def bad_year(net_premium: Money | None, limit: Money | None, months: int) -> Money | None:
    """Premiums of the months and the out-of-pocket limit; None where one of the two is not known."""
    return None if net_premium is None or limit is None else net_premium * months + limit


_Figure = Callable[[Sortable, int], Money | None]
_FIGURES: MappingProxyType[str, _Figure] = MappingProxyType(
    {
        NET_PREMIUM.code: lambda row, _: row.net_premium,
        DEDUCTIBLE.code: lambda row, _: row.deductible,
        LIMIT.code: lambda row, _: row.limit,
        BAD_YEAR.code: lambda row, months: bad_year(row.net_premium, row.limit, months),
    }
)


def _known_first(amount: Money | None) -> tuple[bool, Money]:
    return amount is None, ZERO if amount is None else amount


def in_order(rows: Iterable[Row], order: SortOrder, months: int) -> list[Row]:
    """Rows in an order: what can be bought first, an unknown figure last; ties by price, bad-year total, plan id."""
    figure = _FIGURES[order.code]

    def key(row: Row) -> tuple:
        amounts = (figure(row, months), row.net_premium, bad_year(row.net_premium, row.limit, months))
        return (not row.buyable, *(part for amount in amounts for part in _known_first(amount)), row.plan_id)

    return sorted(rows, key=key)
