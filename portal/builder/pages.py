"""What the pages of the builder show, as plain values: the overview, one line, and what stands beside both."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from wtforms import Field

from catalog.terms import Money, ProductLine
from configurator.bundle import Bundle, Choice
from configurator.rules import Violation
from portal.builder import forms
from portal.builder.basket import Basket, PolicyLine, basket_of
from portal.builder.cards import OptionCard, cards_of
from portal.builder.line_words import LineWords, words_of
from portal.builder.models import BundleDraft
from portal.builder.offering import lines_of, offered, people_for, possible_people, product_of, questions_for
from portal.builder.operations import version_of
from portal.builder.picks import Picks
from portal.configurations.models import Configuration
from portal.configurations.summary import FIXED_PAYMENT, LINE_WORDS
from portal.plans.shop import Shop
from portal.web.formats import dollars

WHAT: Mapping[ProductLine, str] = MappingProxyType(
    {
        ProductLine.MEDICAL: "Doctors, hospital, drugs. The plan that your tax credit goes to.",
        ProductLine.DENTAL: "Check-ups, fillings, crowns.",
        ProductLine.VISION: "Eye exams, glasses, contact lenses.",
        ProductLine.ACCIDENT: "A fixed amount of money after an injury.",
        ProductLine.CRITICAL_ILLNESS: "A lump sum after a first heart attack, stroke or cancer.",
        ProductLine.HOSPITAL_INDEMNITY: "A fixed amount of money for a hospital stay.",
        ProductLine.LIFE: "Money for the people you name, if you die.",
        ProductLine.TELEHEALTH: "Doctor visits by video.",
        ProductLine.WELLNESS: "Devices at home, and a coach.",
        ProductLine.TRANSPORT: "Rides to care that is not an emergency.",
        ProductLine.HSA: "A savings account for health costs, free of tax.",
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of products with what was decided: ``state`` is done, current or todo."""

    line: ProductLine
    label: str
    text: str
    state: str
    detail: str
    net: Money | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands beside every page of the builder: steps, basket, and what to say on opening."""

    here: str
    version: str
    steps: tuple[Step, ...]
    basket: Basket
    lines: Mapping[ProductLine, str]
    can_undo: bool
    origin: Configuration | None
    name: str
    notices: tuple[str, ...]
    broken: tuple[Violation, ...]
    question_fields: tuple[Field, ...]
    told_fields: tuple[Field, ...]

    @property
    def decided(self) -> int:
        """How many lines have been decided."""
        return sum(bool(step.detail) for step in self.steps)


@dataclass(frozen=True, slots=True)
class LinePage:
    """One line: for whom, what is asked, what can be chosen."""

    line: ProductLine
    label: str
    text: str
    number: int
    count: int
    words: LineWords
    fixed_payment: bool
    separate: bool
    choice: Choice | None
    policy: PolicyLine | None
    declined: bool
    covered: tuple[str, ...]
    people_field: Field
    question_fields: tuple[Field, ...]
    cards: tuple[OptionCard, ...]
    brochure: str
    next: Step | None
    previous: Step | None


@dataclass(frozen=True, slots=True)
class Typed:
    """What a refused form said, so that it comes back as it was."""

    covered: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    name: str = ""


NOTHING_TYPED = Typed()


def frame_of(
    shop: Shop,
    draft: BundleDraft | None,
    origin: Configuration | None,
    here: ProductLine | None,
    typed: Typed,
    *,
    opening: bool,
) -> tuple[Frame, Picks]:
    """The frame of a page, and the picks as far as they are still on offer. ``opening``: the person just came."""
    picks, gone, changed = offered(shop).still(draft.picks) if draft else (Picks(), (), False)
    bundle = shop.bundler.bundle(picks.choices)
    basket = basket_of(shop, bundle)
    broke = opening and draft is not None and draft.valid and not bundle.valid
    return Frame(
        here=here.value if here else "",
        version=version_of(draft),
        steps=steps_of(shop, picks, bundle, here),
        basket=basket,
        lines=LINE_WORDS,
        can_undo=bool(draft and draft.history),
        origin=origin,
        name=typed.name or _usual_name(shop, origin),
        notices=_notices(gone, changed),
        broken=bundle.verdict.violations if broke else (),
        question_fields=forms.fact_fields(basket.questions, typed.facts),
        told_fields=forms.fact_fields(basket.told, shop.record.facts | typed.facts, "told-"),
    ), picks


def _usual_name(shop: Shop, origin: Configuration | None) -> str:
    return f"{origin.name} (changed)" if origin else f"Bundle for {shop.household.effective_date.year}"


def _notices(gone: tuple[ProductLine, ...], changed: bool) -> tuple[str, ...]:
    notices = []
    if gone:
        names = ", ".join(LINE_WORDS[line].lower() for line in gone)
        notices.append(f"What you had chosen is no longer on offer to you: {names}. Please choose again.")
    if changed:
        notices.append("Somebody on your policies is no longer in your household, or an extra is no longer offered.")
    return tuple(notices)


def steps_of(shop: Shop, picks: Picks, bundle: Bundle, here: ProductLine | None) -> tuple[Step, ...]:
    """Every line on offer with what was decided in it."""
    return tuple(_step(line, picks, bundle, here) for line in lines_of(shop))


def _step(line: ProductLine, picks: Picks, bundle: Bundle, here: ProductLine | None) -> Step:
    policy = bundle.policy(line)
    detail = policy.name if policy else "No thanks" if line in picks.declined else ""
    state = "current" if line is here else "done" if detail else "todo"
    return Step(line, LINE_WORDS[line], WHAT[line], state, detail, policy.net_premium if policy else None)


def line_page(shop: Shop, frame: Frame, picks: Picks, line: ProductLine, typed: Typed) -> LinePage:
    """The page of one line. ``typed`` are people asked for, or sent with a form that was refused."""
    choice = picks.choice(line)
    covered = people_for(shop, line, choice, typed.covered)
    product = product_of(shop, line)
    place = [step.line for step in frame.steps].index(line)
    cards = () if line is ProductLine.MEDICAL else cards_of(shop, line, picks, covered)
    return LinePage(
        line=line,
        label=LINE_WORDS[line],
        text=(product.description if product else "") or WHAT[line],
        number=place + 1,
        count=len(frame.steps),
        words=words_of(line),
        fixed_payment=line in FIXED_PAYMENT,
        separate=line is not ProductLine.MEDICAL,
        choice=choice,
        policy=next((policy for policy in frame.basket.policies if policy.line is line), None),
        declined=line in picks.declined,
        covered=covered,
        people_field=_people_field(shop, line, covered),
        question_fields=_question_fields(shop, cards, covered, typed),
        cards=cards,
        brochure=product.brochure_url if product else "",
        next=frame.steps[place + 1] if place + 1 < len(frame.steps) else None,
        previous=frame.steps[place - 1] if place else None,
    )


def _people_field(shop: Shop, line: ProductLine, covered: tuple[str, ...]) -> Field:
    """A box for everybody whom the line can cover, and for whoever is on its policy already."""
    offered_to = {*possible_people(shop, line), *covered}
    people = [(p.person_id, p.name) for p in shop.household.applicants if p.person_id in offered_to]
    return forms.people_field(words_of(line).people, people, covered)


def _question_fields(
    shop: Shop, cards: tuple[OptionCard, ...], covered: tuple[str, ...], typed: Typed
) -> tuple[Field, ...]:
    """The health questions of every option that is not chosen yet, each once."""
    asked = (q for card in cards if card.asks and not card.closed for q in questions_for(shop, card.option_id, covered))
    return forms.question_fields({each.key: each for each in asked}.values(), typed.answers)


def total_words(basket: Basket) -> str:
    """The total as the closed basket says it on a phone."""
    if not basket.policies:
        return "Empty so far"
    return f"{dollars(basket.total)} a month" if basket.total is not None else "The total is not known"
