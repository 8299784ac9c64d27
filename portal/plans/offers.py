"""What the list, the plan page and the comparison show: medical designs, each with its priced positions.

Plans of one design differ only in a dental, vision or fitness rider. They stand together as one offer; every position
is a filed plan of its own with its own price.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from catalog.store.market import Twin, networks_of, twins
from catalog.terms import Benefit, CostLimit, Money, Network, PlanDesign, ProductLine
from configurator.quote import PlanQuote
from portal.plans.figures import Figures, figures_of, read_benefits, read_limits
from portal.plans.shop import Shop
from portal.plans.wording import rider_words


@dataclass(frozen=True, slots=True)
class Position:
    """One filed plan with its price and its in-network figures."""

    row: PlanQuote
    riders: tuple[str, ...]
    limits: tuple[CostLimit, ...]
    figures: Figures
    network: Network | None
    pediatric_dental: bool

    @property
    def plan_id(self) -> str:
        """The filed plan id."""
        return self.row.plan.plan_id

    @property
    def buyable(self) -> bool:
        """Whether these people can buy it."""
        return self.row.eligible and self.row.net_premium is not None

    @property
    def net_premium(self) -> Money | None:
        """Dollars a month after credit."""
        return self.row.net_premium

    @property
    def deductible(self) -> Money | None:
        """In-network deductibles of these people together."""
        return self.figures.deductible_total

    @property
    def limit(self) -> Money | None:
        """The most these people pay in the network in a year."""
        return self.figures.limit_total

    def design(self, benefits: tuple[Benefit, ...]) -> PlanDesign:
        """The filed design with these benefits; only for a plan that files a variant."""
        return PlanDesign(self.row.plan, self.row.variant, self.limits, benefits)

    @property
    def rider_label(self) -> str:
        """The riders in words."""
        return rider_words(self.riders)


@dataclass(frozen=True, slots=True)
class Offer:
    """One design with its positions, the one with fewest riders first."""

    design_key: str
    positions: tuple[Position, ...]


def offers_of(session: Session, shop: Shop, line: ProductLine, plan_ids: Collection[str] | None = None) -> list[Offer]:
    """Offers of a line at the household's address, in three statements.

    ``plan_ids`` keeps those that hold one of them, with the limits of every network tier; otherwise only in-network
    limits are read.
    """
    rows = shop.quote.in_line(line)
    release_id = shop.release.release_id
    designs = twins(session, release_id, [row.plan.plan_id for row in rows])
    if plan_ids is not None:
        keys = {designs[each].design_key for each in plan_ids if each in designs}
        rows = tuple(row for row in rows if designs[row.plan.plan_id].design_key in keys)
    return _grouped(_positions(session, shop, rows, designs, every_tier=plan_ids is not None), designs)


def designs_of(session: Session, shop: Shop, positions: Iterable[Position]) -> dict[str, PlanDesign]:
    """Filed designs by plan id with every benefit, in one statement; a plan without a variant is absent."""
    held = [position for position in positions if position.row.variant]
    ids = [position.row.variant.variant_id for position in held]
    filed = read_benefits(session, shop.release.release_id, ids)
    return {
        each.plan_id: PlanDesign(
            each.row.plan, each.row.variant, each.limits, filed.get(each.row.variant.variant_id, ())
        )
        for each in held
    }


def _positions(
    session: Session, shop: Shop, rows: Iterable[PlanQuote], designs: dict[str, Twin], *, every_tier: bool
) -> Iterator[Position]:
    held, release_id = list(rows), shop.release.release_id
    ids = [row.variant.variant_id for row in held if row.variant]
    limits = read_limits(session, release_id, ids, every_tier=every_tier)
    networks = networks_of(session, release_id)
    for row in held:
        own = limits.get(row.variant.variant_id, ()) if row.variant else ()
        yield Position(
            row=row,
            riders=designs[row.plan.plan_id].riders if row.plan.line is ProductLine.MEDICAL else (),
            limits=own,
            figures=figures_of(own, family=len(shop.applicant_ids) > 1),
            network=networks.get((row.plan.issuer_id, row.plan.network_id)),
            pediatric_dental=row.plan.plan_id in shop.market.with_pediatric_dental,
        )


def _grouped(positions: Iterable[Position], designs: dict[str, Twin]) -> list[Offer]:
    groups: dict[str, list[Position]] = defaultdict(list)
    for position in positions:
        groups[designs[position.plan_id].design_key].append(position)
    return [Offer(key, tuple(sorted(held, key=_fewest_riders))) for key, held in groups.items()]


def _fewest_riders(position: Position) -> tuple:
    return len(position.riders), position.net_premium is None, position.net_premium or 0, position.plan_id
