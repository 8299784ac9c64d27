"""What the builder offers a household: lines, options, riders, people, and the questions before a policy is issued."""

from collections.abc import Collection, Iterable

from catalog.terms import Option, OptionKind, Person, PersonRole, Product, ProductLine, UnderwritingQuestion
from configurator.ancillary import role_of
from configurator.bundle import FILED_LINES, Choice
from portal.builder.picks import Offered, in_order
from portal.plans.shop import Shop

UNDERWRITTEN = "questions"
DECLINE = "decline"


def lines_of(shop: Shop) -> tuple[ProductLine, ...]:
    """The product lines in which something is on offer at the address, in their usual order."""
    sold = {row.plan.line for row in shop.quote.plans} | {option.line for option in shop.market.shelf.options}
    return tuple(line for line in ProductLine if line in sold)


def offered(shop: Shop) -> Offered:
    """Everything that can be picked."""
    shelf = shop.market.shelf.options
    plans = {(row.plan.line, row.plan.plan_id) for row in shop.quote.plans}
    options = {(option.line, option.option_id) for option in shelf if option.kind is OptionKind.CHOICE}
    riders = {(option.base_option_id, option.option_id) for option in shelf if option.kind is OptionKind.RIDER}
    return Offered(frozenset(plans | options), frozenset(riders), shop.applicant_ids)


def options_in(shop: Shop, line: ProductLine) -> tuple[str, ...]:
    """Ids of what can be chosen in a line: filed plans cheapest first, then options in shelf order."""
    plans = tuple(row.plan.plan_id for row in shop.quote.in_line(line)) if line in FILED_LINES else ()
    shelf = shop.market.shelf.in_line(line)
    return plans + tuple(option.option_id for option in shelf if option.kind is OptionKind.CHOICE)


def riders_of(shop: Shop, option_id: str) -> tuple[Option, ...]:
    """Riders that can be added to an option."""
    shelf = shop.market.shelf.options
    return tuple(each for each in shelf if each.kind is OptionKind.RIDER and each.base_option_id == option_id)


def option_named(shop: Shop, option_id: str) -> Option | None:
    """An option of the shelf; None for a filed plan."""
    return next((option for option in shop.market.shelf.options if option.option_id == option_id), None)


def product_of(shop: Shop, line: ProductLine) -> Product | None:
    """The product behind the options of a line; None for filed plans and where nothing is offered."""
    options = shop.market.shelf.in_line(line)
    return shop.market.shelf.products.get(options[0].product_id) if options else None


def usual_people(shop: Shop, line: ProductLine) -> tuple[str, ...]:
    """Whom a policy of the line would cover unless the person says otherwise: all who can have one of its options."""
    accepted = tuple(each.person_id for each in shop.household.applicants if _accepted(shop, line, each))
    return accepted or shop.applicant_ids


def _accepted(shop: Shop, line: ProductLine, person: Person) -> bool:
    options = [option for option in shop.market.shelf.in_line(line) if option.kind is OptionKind.CHOICE]
    on = shop.household.effective_date
    if not options or (person.birth_date is not None and person.birth_date > on):
        return True
    age, roles = person.age_on(on), (role_of(person), PersonRole.ANY)
    filed = [shop.market.shelf.eligibility.get(option.option_id, ()) for option in options]
    return any(not rows or any(r.role in roles and r.min_age <= age <= r.max_age for r in rows) for rows in filed)


def people_for(shop: Shop, line: ProductLine, picked: Choice | None, wanted: Collection[str] = ()) -> tuple[str, ...]:
    """Whom the page of a line prices: those asked for, else those on the policy, else the usual people."""
    asked = in_order(wanted, shop.applicant_ids)
    return asked or (picked.covered if picked else usual_people(shop, line))


def questions_for(shop: Shop, option_id: str, covered: Iterable[str]) -> tuple[UnderwritingQuestion, ...]:
    """What must be answered before the option is issued to these people; nothing up to the guaranteed face amount."""
    option = option_named(shop, option_id)
    product = shop.market.shelf.products.get(option.product_id) if option else None
    if product is None or product.underwriting != UNDERWRITTEN or guaranteed(option):
        return ()
    ids = set(covered)
    roles = {role_of(person) for person in shop.household.persons if person.person_id in ids} | {PersonRole.ANY}
    return tuple(each for each in shop.market.shelf.questions.get(product.product_id, ()) if each.role in roles)


def guaranteed(option: Option) -> bool:
    """Whether the option's face amount is within what the issuer gives without questions."""
    face, limit = option.attribute("face_amount"), option.attribute("guaranteed_issue_amount")
    return face is not None and limit is not None and face <= limit
