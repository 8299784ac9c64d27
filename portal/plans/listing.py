"""The plan list: offers filtered, ordered, cut into pages, and made into cards."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from catalog.terms import Benefit, Metal, Money, ProductLine
from configurator.eligibility import Reason
from configurator.tax_credit import CreditUnknown
from portal.plans.figures import read_benefits
from portal.plans.filters import Arguments, Filters, ListState, metal_choice
from portal.plans.offers import Offer, Position
from portal.plans.prices import PriceStory, price_story
from portal.plans.services import CARD_SERVICES
from portal.plans.shop import Shop
from portal.plans.sorting import NET_PREMIUM, ORDERS, SortOrder, bad_year, in_order, months_left
from portal.plans.wording import in_network_words, metal_words, savings_words
from portal.web.formats import count_of, dollars

CARDS_A_PAGE = 25
Filed = Mapping[str, tuple[Benefit, ...]]  # benefits by variant id


@dataclass(frozen=True, slots=True)
class Switch:
    """One position of a rider switch: its words, its price, the difference to the plan without rider, its address."""

    plan_id: str
    label: str
    net: Money | None
    difference: str
    current: bool
    link: Arguments


@dataclass(frozen=True, slots=True)
class Card:
    """One medical design as the list shows it, in the position that was chosen."""

    plan_id: str
    name: str
    metal: str
    plan_type: str
    savings: str
    story: PriceStory
    credit_unknown: bool
    deductible: str
    drug_deductible: str
    limit: str
    services: tuple[tuple[str, str], ...]
    pediatric_dental: str
    hsa: bool
    network: str
    directory: str
    good_year: Money | None
    bad_year: Money | None
    switches: tuple[Switch, ...]
    reasons: tuple[Reason, ...]
    buyable: bool
    compared: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters can offer here: pairs of value and words."""

    metals: list[tuple[str, str]]
    types: list[str]
    networks: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list. Links are address arguments of the list."""

    state: ListState
    cards: tuple[Card, ...]
    count: str
    twins: str
    page: int
    pages: int
    total: int
    orders: tuple[SortOrder, ...]
    active: tuple[tuple[str, Arguments], ...]
    clear: Arguments
    scale: Money

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Names and values that the filter form sends along: everything of the address but filters and page."""
        return _pairs(self.state.arguments(filters=Filters(), page=1))

    @property
    def kept_by_order(self) -> list[tuple[str, str]]:
        """Names and values that the order form sends along: everything of the address but order and page."""
        return _pairs(self.state.arguments(order=NET_PREMIUM, page=1))

    def page_link(self, page: int) -> Arguments:
        """Address arguments of a page."""
        return self.state.arguments(page=page)


def _pairs(held: Arguments) -> list[tuple[str, str]]:
    return [(name, each) for name, value in held.items() for each in ([value] if isinstance(value, str) else value)]


def choices_of(offers: Iterable[Offer]) -> Choices:
    """Metal levels, kinds and networks on sale, in their usual order."""
    rows = [position for offer in offers for position in offer.positions]
    levels = {position.row.plan.metal.level for position in rows if position.row.plan.metal}
    networks = {position.row.plan.network_id: position.network.name for position in rows if position.network}
    return Choices(
        metals=[metal_choice(metal) for metal in Metal if metal in levels],
        types=sorted({position.row.plan.plan_type for position in rows if position.row.plan.plan_type}),
        networks=sorted(networks.items(), key=lambda pair: pair[1]),
    )


def listing_of(session: Session, shop: Shop, offers: list[Offer], state: ListState) -> Listing:
    """One page of the list, in one more statement for any number of plans."""
    matching, owners = _matching(offers, state)
    months = months_left(shop.household.effective_date)
    shown = in_order(matching, state.order, months)
    pages = max(1, -(-len(shown) // CARDS_A_PAGE))
    page = min(max(1, state.page), pages)
    held = shown[(page - 1) * CARDS_A_PAGE : page * CARDS_A_PAGE]
    cards = cards_of(session, shop, held, owners, state)
    networks = dict(choices_of(offers).networks)
    return Listing(
        state=state,
        cards=cards,
        count=f"{len(shown)} of {count_of(len(offers), 'plan')}",
        twins=_twin_words(offers),
        page=page,
        pages=pages,
        total=len(offers),
        orders=tuple(ORDERS.values()),
        active=tuple((words, state.arguments(filters=rest, page=1)) for words, rest in state.filters.active(networks)),
        clear=ListState(line=state.line, order=state.order, compared=state.compared).arguments(),
        scale=max((card.bad_year for card in cards if card.bad_year is not None), default=Money(0)),
    )


def _matching(offers: Iterable[Offer], state: ListState) -> tuple[list[Position], dict[str, Offer]]:
    """The position of each offer that is shown: the chosen one, else the first that has what is asked for."""
    shown, owners = [], {}
    for offer in offers:
        fitting = [position for position in offer.positions if state.filters.matches(position)]
        if fitting:
            position = next((each for each in fitting if each.plan_id in state.shown), fitting[0])
            shown.append(position)
            owners[position.plan_id] = offer
    return shown, owners


def _twin_words(offers: list[Offer]) -> str:
    filed = sum(len(offer.positions) for offer in offers)
    if filed == len(offers):
        return ""
    return f"Plans that differ only by a rider stand on one card: {filed} filed plans on {len(offers)} cards."


def cards_of(
    session: Session, shop: Shop, held: list[Position], owners: dict[str, Offer], state: ListState
) -> tuple[Card, ...]:
    """Cards of positions, with the benefits they show."""
    wanted = [category for _, category in CARD_SERVICES[state.line]]
    ids = [position.row.variant.variant_id for position in held if position.row.variant]
    filed = read_benefits(session, shop.release.release_id, ids, wanted)
    return tuple(_card(shop, position, owners[position.plan_id], filed, state) for position in held)


def _card(shop: Shop, position: Position, offer: Offer, filed: Filed, state: ListState) -> Card:
    row, figures = position.row, position.figures
    plan, variant = row.plan, row.variant
    months = months_left(shop.household.effective_date)
    return Card(
        plan_id=plan.plan_id,
        name=plan.name,
        metal=metal_words(plan.metal),
        plan_type=plan.plan_type,
        savings=savings_words(variant.csr) if variant else "",
        story=price_story(row, shop.quote),
        credit_unknown=isinstance(shop.quote.credit, CreditUnknown),
        deductible=figures.deductible.words,
        drug_deductible=figures.drugs.words if figures.drugs else "",
        limit=figures.limit.words if figures.drug_limit is None else f"{figures.limit.words}, drugs apart",
        services=_services(filed.get(variant.variant_id, ()) if variant else (), state.line),
        pediatric_dental=_pediatric_dental(position),
        hsa=bool(variant and variant.hsa_eligible),
        network=position.network.name if position.network else "",
        directory=plan.directory_url or (position.network.url if position.network else ""),
        good_year=None if row.net_premium is None else row.net_premium * months,
        bad_year=bad_year(row.net_premium, position.limit, months),
        switches=switches_of(offer, position, state),
        reasons=row.reasons,
        buyable=position.buyable,
        compared=plan.plan_id in state.compared,
    )


def _services(benefits: Iterable[Benefit], line: ProductLine) -> tuple[tuple[str, str], ...]:
    by_category = {benefit.category: benefit for benefit in benefits}
    return tuple((label, in_network_words(by_category.get(category))) for label, category in CARD_SERVICES[line])


def _pediatric_dental(position: Position) -> str:
    if position.row.plan.line is not ProductLine.MEDICAL:
        return ""
    return "Included" if position.pediatric_dental else "Not included"


def switches_of(offer: Offer, current: Position, state: ListState) -> tuple[Switch, ...]:
    """The positions of a rider switch; empty where the design has one plan only."""
    if len(offer.positions) == 1:
        return ()
    base = offer.positions[0]
    others = tuple(each for each in state.shown if each not in {position.plan_id for position in offer.positions})
    return tuple(
        Switch(
            plan_id=position.plan_id,
            label=position.rider_label,
            net=position.net_premium,
            difference=_difference(position, base),
            current=position is current,
            link=state.arguments(shown=(*others, position.plan_id)),
        )
        for position in offer.positions
    )


def _difference(position: Position, base: Position) -> str:
    if position is base or position.net_premium is None or base.net_premium is None:
        return ""
    amount = position.net_premium - base.net_premium
    return f"+{dollars(amount)}" if amount >= 0 else dollars(amount)
