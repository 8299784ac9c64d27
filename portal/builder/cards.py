"""The options of a line as cards: price, difference to the bundle as it is, what they pay, why one cannot be had."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalog.store.cache import ReleaseCache
from catalog.store.market import designs
from catalog.terms import Money, Option, OptionBenefit, PersonRole, ProductLine, format_dollars, spoken_list
from configurator.ancillary import face_amount, option_premium, role_of
from configurator.bundle import Bundle, Choice
from portal.builder.availability import Obstacle, Standing, Trial, try_choice
from portal.builder.basket import RateLine, rate_lines
from portal.builder.offering import option_named, options_in, questions_for, riders_of
from portal.builder.picks import Picks
from portal.plans.services import CARD_SERVICES
from portal.plans.shop import Shop
from portal.plans.wording import in_network_words, metal_words
from portal.web.database import db
from portal.web.formats import count_of, dollars

SHOWN_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class PayRow:
    """One line of what an option pays or covers: the benefit, the figure, its limit and its waiting time."""

    benefit: str
    figure: str
    detail: str


@dataclass(frozen=True, slots=True)
class RiderSwitch:
    """A rider with its own price a month for the people shown; ``riders`` are those of the policy after a switch."""

    option_id: str
    name: str
    text: str
    price: Money | None
    on: bool
    riders: tuple[str, ...]
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class OptionCard:
    """One option as the page of its line shows it."""

    option_id: str
    name: str
    text: str
    price: Money | None
    credit: Money | None
    difference: str
    rows: tuple[RateLine, ...]
    pays: tuple[PayRow, ...]
    first_pays: tuple[PayRow, ...]
    columns: tuple[str, str]
    face_amounts: tuple[tuple[str, str], ...]
    riders: tuple[RiderSwitch, ...]
    chosen: bool
    standing: Standing
    obstacles: tuple[Obstacle, ...]
    others_could: str
    others_ids: tuple[str, ...]
    asks: bool
    plan_id: str = ""

    @property
    def closed(self) -> bool:
        """Cannot be had by these people."""
        return self.standing is Standing.CLOSED


Schedules = dict[str, tuple[PayRow, ...]]
_schedules: ReleaseCache[Schedules] = ReleaseCache(64)


def cards_of(shop: Shop, line: ProductLine, picks: Picks, covered: tuple[str, ...]) -> tuple[OptionCard, ...]:
    """Every option of the line for these people, in shelf order; what cannot be had stays in its place."""
    others = picks.others(line)
    before = shop.bundler.bundle(others)
    broken = {violation.rule_id for violation in before.verdict.violations}
    now = shop.bundler.bundle(picks.choices)
    schedules = _plan_schedules(shop, line)
    cards = []
    for option_id in options_in(shop, line):
        picked = picks.choice(line)
        riders = picked.riders if picked and picked.option_id == option_id else ()
        trial = try_choice(shop.bundler, others, Choice(line, option_id, covered, riders), broken)
        cards.append(_card(shop, trial, now, picks, schedules.get(option_id, ())))
    return tuple(cards)


def _card(shop: Shop, trial: Trial, now: Bundle, picks: Picks, schedule: tuple[PayRow, ...]) -> OptionCard:
    policy, choice = trial.policy, trial.policy.choice
    picked = picks.choice(choice.line)
    chosen = picked is not None and picked.option_id == choice.option_id
    option = option_named(shop, choice.option_id)
    names = {person.person_id: person.name for person in shop.household.persons}
    able, pays = _able(shop, trial, option), pay_rows(shop, option) if option else schedule
    return OptionCard(
        option_id=choice.option_id,
        name=policy.name,
        text=option.description if option else f"{metal_words(policy.plan.metal)}, {policy.plan.plan_type}.",
        price=policy.net_premium,
        credit=policy.credit,
        difference="" if chosen and picked == choice else _difference(trial.bundle, now),
        rows=rate_lines(policy, names),
        pays=pays if len(pays) > SHOWN_AT_ONCE or any(row.detail for row in pays) else (),
        first_pays=pays[:SHOWN_AT_ONCE],
        columns=("What", "Pays") if option and _pays_money(shop, option) else ("Care", "You pay"),
        face_amounts=_face_amounts(shop, option, choice.covered),
        riders=_riders(shop, choice),
        chosen=chosen,
        standing=trial.standing,
        obstacles=trial.obstacles,
        others_could=spoken_list(names[each] for each in able),
        others_ids=able,
        asks=bool(questions_for(shop, choice.option_id, choice.covered)),
        plan_id=policy.plan.plan_id if policy.plan else "",
    )


def _difference(candidate: Bundle, now: Bundle) -> str:
    """What the bundle would cost more or less a month; empty where the bundle is empty or has no total."""
    if not now.policies or candidate.net_premium is None or now.net_premium is None:
        return ""
    amount = candidate.net_premium - now.net_premium
    return f"{'+' if amount >= 0 else ''}{dollars(amount)} a month"


def _able(shop: Shop, trial: Trial, option: Option | None) -> tuple[str, ...]:
    """Some of the people shown who could have a closed option: whom nothing speaks against, else children alone."""
    if trial.standing is not Standing.CLOSED or not all(obstacle.person_ids for obstacle in trial.obstacles):
        return ()
    covered = trial.policy.choice.covered
    blocked = {person for obstacle in trial.obstacles for person in obstacle.person_ids}
    unblocked = tuple(person for person in covered if person not in blocked)
    if option is None:
        return unblocked
    people = [person for person in shop.household.persons if person.person_id in covered]
    children = tuple(person.person_id for person in people if role_of(person) is PersonRole.CHILD)
    groups = (unblocked, children, *((each,) for each in covered))
    return next((group for group in groups if group and _could_have(shop, option, group)), ())


def _could_have(shop: Shop, option: Option, group: tuple[str, ...]) -> bool:
    people = [person for person in shop.household.persons if person.person_id in group]
    area, on = shop.market.location.rating_area, shop.household.effective_date
    return option_premium(option, people, shop.market.shelf, area, on).eligible


# --- what an option pays ----------------------------------------------------------------------------------------------

_UNITS: Mapping[str, str] = {
    "per_event": "each time",
    "per_day": "a day",
    "allowance": "allowance",
    "per_stay": "a stay",
    "per_visit": "a visit",
}
_PERCENT: Mapping[str, str] = {"percent_of_face": "of the face amount", "percent_of_charge": "on top"}


def _pays_money(shop: Shop, option: Option) -> bool:
    return all(row.pays_amount is not None for row in shop.market.shelf.benefits.get(option.option_id, ()))


def pay_rows(shop: Shop, option: Option) -> tuple[PayRow, ...]:
    """The filed schedule of an option, in words."""
    return tuple(_pay_row(row) for row in shop.market.shelf.benefits.get(option.option_id, ()))


def _pay_row(row: OptionBenefit) -> PayRow:
    outside = " (outside the network)" if row.network_tier == "out_of_network" else ""
    details = (each.rstrip(".") for each in (_limit(row), _waiting(row), row.text) if each)
    return PayRow(f"{row.benefit}{outside}", _figure(row), " ".join(f"{each}." for each in details))


def _figure(row: OptionBenefit) -> str:
    if row.pays_amount is None:
        return row.member_pays or "Included"
    if row.pays_unit in _PERCENT:
        return f"{_plain(row.pays_amount)}% {_PERCENT[row.pays_unit]}"
    unit = _UNITS.get(row.pays_unit, row.pays_unit.replace("_", " "))
    return f"{format_dollars(row.pays_amount)} {unit}".strip()


def _limit(row: OptionBenefit) -> str:
    if row.limit_quantity is None:
        return ""
    if not row.limit_unit.startswith("per"):
        return f"At most {_plain(row.limit_quantity)} {row.limit_unit}"
    often = "once" if row.limit_quantity == 1 else f"{_plain(row.limit_quantity)} times"
    return f"At most {often} {row.limit_unit.replace('per ', 'a ').replace('a 2', 'every 2')}"


def _waiting(row: OptionBenefit) -> str:
    if not row.waiting_days:
        return ""
    waived = ", less with earlier cover" if row.waived_with_prior_cover else ""
    return f"Only after a waiting time of {count_of(row.waiting_days, 'day')}{waived}"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _plan_schedules(shop: Shop, line: ProductLine) -> Schedules:
    """What filed plans of the line cover, by plan id: the services that their cards show."""
    if line not in CARD_SERVICES:
        return {}
    release_id = shop.release.release_id
    ids = tuple(sorted(row.variant.variant_id for row in shop.quote.in_line(line) if row.variant))
    return _schedules.get(db(), (release_id, ids), lambda: _read_schedules(release_id, ids, CARD_SERVICES[line]))


def _read_schedules(release_id: str, ids: tuple[str, ...], services: tuple[tuple[str, str], ...]) -> Schedules:
    found = designs(db(), release_id, ids, [category for _, category in services]) if ids else {}
    return {
        design.plan.plan_id: tuple(
            PayRow(words, in_network_words(design.benefit(category)), "") for words, category in services
        )
        for design in found.values()
    }


def _face_amounts(shop: Shop, option: Option | None, covered: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each person's own face amount; empty where the option has none."""
    if option is None or option.attribute("face_amount") is None:
        return ()
    people = [person for person in shop.household.persons if person.person_id in covered]
    on = shop.household.effective_date
    amounts = ((p.name, face_amount(option.attribute, role_of(p), p.age_on(on))) for p in people)
    return tuple((name, format_dollars(amount)) for name, amount in amounts if amount is not None)


# --- riders -----------------------------------------------------------------------------------------------------------


def _riders(shop: Shop, choice: Choice) -> tuple[RiderSwitch, ...]:
    return tuple(_rider(shop, choice, rider) for rider in riders_of(shop, choice.option_id))


def _rider(shop: Shop, choice: Choice, rider: Option) -> RiderSwitch:
    people = [person for person in shop.household.persons if person.person_id in choice.covered]
    shelf, on = shop.market.shelf, shop.household.effective_date
    premium = option_premium(rider, people, shelf, shop.market.location.rating_area, on)
    held = rider.option_id in choice.riders
    after = tuple(r for r in choice.riders if r != rider.option_id) if held else (*choice.riders, rider.option_id)
    against = (*premium.refusals, *premium.reasons)
    why_not = against[0].text if against else ""
    return RiderSwitch(rider.option_id, rider.name, rider.description, premium.total, held, after, why_not)
