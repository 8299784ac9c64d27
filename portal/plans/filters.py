"""What a visitor wants to see of the list. The address holds all of it, so that a page can be sent and gone back to."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from catalog.terms import Metal, Money, ProductLine
from portal.plans.offers import Position
from portal.plans.sorting import NET_PREMIUM, SortOrder
from portal.plans.wording import metal_words
from portal.web.formats import whole_dollars

Arguments = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a plan must be to be shown; an empty field asks for nothing. ``network`` is a network id."""

    metals: frozenset[str] = frozenset()
    types: frozenset[str] = frozenset()
    network: str = ""
    hsa: bool = False
    buyable: bool = False
    most_premium: Money | None = None
    most_deductible: Money | None = None

    def matches(self, position: Position) -> bool:
        """Whether a plan has everything asked for; an amount that is not known is not below a limit."""
        plan, variant = position.row.plan, position.row.variant
        return (
            (not self.metals or metal_slug(plan.metal) in self.metals)
            and (not self.types or plan.plan_type in self.types)
            and self.network in ("", plan.network_id)
            and (not self.hsa or bool(variant and variant.hsa_eligible))
            and (not self.buyable or position.buyable)
            and _within(position.net_premium, self.most_premium)
            and _within(position.deductible, self.most_deductible)
        )

    def arguments(self) -> Arguments:
        """The address arguments that say the same."""
        found = {
            "metal": sorted(self.metals),
            "type": sorted(self.types),
            "network": self.network,
            "hsa": "y" if self.hsa else "",
            "buyable": "y" if self.buyable else "",
            "most_premium": _plain(self.most_premium),
            "most_deductible": _plain(self.most_deductible),
        }
        return {name: value for name, value in found.items() if value}

    def active(self, network_names: dict[str, str]) -> Iterator[tuple[str, "Filters"]]:
        """Each thing asked for in words, and the filters without it."""
        for metal in sorted(self.metals):
            yield metal.replace("_", " ").capitalize(), replace(self, metals=self.metals - {metal})
        for kind in sorted(self.types):
            yield kind, replace(self, types=self.types - {kind})
        if self.network:
            yield network_names.get(self.network, self.network), replace(self, network="")
        if self.hsa:
            yield "HSA-qualified", replace(self, hsa=False)
        if self.buyable:
            yield "Only plans I can buy", replace(self, buyable=False)
        if self.most_premium is not None:
            yield f"Up to {whole_dollars(self.most_premium)} a month", replace(self, most_premium=None)
        if self.most_deductible is not None:
            yield f"Deductible up to {whole_dollars(self.most_deductible)}", replace(self, most_deductible=None)


@dataclass(frozen=True, slots=True)
class ListState:
    """The list as one address asks for it. ``shown`` are plans whose rider was chosen, ``compared`` those ticked."""

    line: ProductLine = ProductLine.MEDICAL
    filters: Filters = field(default_factory=Filters)
    order: SortOrder = NET_PREMIUM
    page: int = 1
    shown: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()

    def arguments(self, **changes: Any) -> Arguments:
        """Address arguments of this state with changes; what stands for itself is left out."""
        state = replace(self, **changes)
        found = {
            "line": "" if state.line is ProductLine.MEDICAL else state.line.value,
            **state.filters.arguments(),
            "sort": "" if state.order is NET_PREMIUM else state.order.code,
            "with": list(state.shown),
            "plan": list(state.compared),
            "page": state.page if state.page > 1 else "",
        }
        return {name: value for name, value in found.items() if value}


def metal_slug(metal: Metal | None) -> str:
    """The filter value of a metal level; expanded bronze is bronze."""
    return metal.level.value if metal else ""


def metal_choice(metal: Metal) -> tuple[str, str]:
    """Filter value and words of a metal level."""
    return metal.level.value, metal_words(metal.level)


def _within(amount: Money | None, most: Money | None) -> bool:
    return most is None or (amount is not None and amount <= most)


def _plain(amount: Money | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}"
