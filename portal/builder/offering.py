"""What the builder offers a household: lines, options, riders, people, and the questions before a policy is issued."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from catalog.terms import Option, OptionKind, Person, PersonRole, Product, ProductLine, UnderwritingQuestion
from configurator.ancillary import role_of
from configurator.bundle import FILED_LINES, Choice
from portal.builder.picks import Offered, in_order
from portal.plans.shop import Shop

UNDERWRITTEN = "questions"
DECLINE, REFER = "decline", "refer"


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
    return accepted or possible_people(shop, line)


def possible_people(shop: Shop, line: ProductLine) -> tuple[str, ...]:
    """Whom the page of a line offers to cover: all whose role one of its options takes, whatever their age."""
    found = (each.person_id for each in shop.household.applicants if _accepted(shop, line, each, any_age=True))
    return tuple(found) or shop.applicant_ids


def _accepted(shop: Shop, line: ProductLine, person: Person, *, any_age: bool = False) -> bool:
    options = [option for option in shop.market.shelf.in_line(line) if option.kind is OptionKind.CHOICE]
    on = shop.household.effective_date
    if not options or (person.birth_date is not None and person.birth_date > on):
        return True
    age, roles = person.age_on(on), (role_of(person), PersonRole.ANY)
    filed = [shop.market.shelf.eligibility.get(option.option_id, ()) for option in options]
    taken = [[r for r in rows if r.role in roles and (any_age or r.min_age <= age <= r.max_age)] for rows in filed]
    return any(not rows or fitting for rows, fitting in zip(filed, taken, strict=True))


def people_for(shop: Shop, line: ProductLine, picked: Choice | None, wanted: Collection[str] = ()) -> tuple[str, ...]:
    """Whom the page of a line prices: those asked for, else those on the policy, else the usual people."""
    asked = in_order(wanted, shop.applicant_ids)
    return asked or (picked.covered if picked else usual_people(shop, line))


@dataclass(frozen=True, slots=True)
class HealthQuestion:
    """A filed question put to one person; ``key`` names the answer."""

    question: UnderwritingQuestion
    person_id: str
    name: str

    @property
    def key(self) -> str:
        """The question and the person."""
        return f"{self.question.question_id}.{self.person_id}"

    def other_than_expected(self, answers: Mapping[str, str]) -> bool:
        """Answered, and not in the way that the issuer takes without another look."""
        return answers.get(self.key, self.question.expected_answer) != self.question.expected_answer


def questions_for(shop: Shop, option_id: str, covered: Iterable[str]) -> tuple[HealthQuestion, ...]:
    """What must be answered for each person before the option is issued; nothing up to the guaranteed face amount."""
    option = option_named(shop, option_id)
    product = shop.market.shelf.products.get(option.product_id) if option else None
    if product is None or product.underwriting != UNDERWRITTEN or guaranteed(option):
        return ()
    ids = set(covered)
    people = [person for person in shop.household.persons if person.person_id in ids]
    return tuple(
        HealthQuestion(each, person.person_id, person.name)
        for person in people
        for each in shop.market.shelf.questions.get(product.product_id, ())
        if each.role in (role_of(person), PersonRole.ANY)
    )


def guaranteed(option: Option) -> bool:
    """Whether the option's face amount is within what the issuer gives without questions."""
    face, limit = option.attribute("face_amount"), option.attribute("guaranteed_issue_amount")
    return face is not None and limit is not None and face <= limit
