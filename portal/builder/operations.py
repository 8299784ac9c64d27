"""Every change of a draft: checks, writes, and leaves an audit row in the same transaction.

Prices never come in: what is chosen is checked against what is on offer at the address, and priced from there.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from catalog.terms import ProductLine, spoken_list
from configurator.bundle import Choice
from configurator.facts import checked_answer
from portal.builder.availability import Standing, try_choice
from portal.builder.models import BundleDraft
from portal.builder.offering import DECLINE, REFER, HealthQuestion, offered, people_for, questions_for
from portal.builder.picks import Picks
from portal.configurations import operations as configurations
from portal.configurations.models import Configuration, ConfigurationVersion
from portal.configurations.operations import Refused
from portal.configurations.stored import StoredInputs, inputs_of
from portal.configurations.summary import LINE_WORDS
from portal.household.operations import tell_facts
from portal.plans.shop import Shop
from portal.plans.sorting import ORDERS
from portal.web import clock
from portal.web.audit import audit
from portal.web.versioning import check_version

LONGEST_HISTORY = 50
NO_DRAFT = "0"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asks for in a line. ``covered`` None leaves the people as they are.

    ``answers`` are yes or no by question and person; they decide here and are not kept. ``sort`` is the code of the
    order of the list that the plan was chosen from.
    """

    line: ProductLine
    option_id: str
    covered: tuple[str, ...] | None = None
    riders: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    sort: str = ""


def current_draft(session: Session, shop: Shop) -> BundleDraft | None:
    """The draft of the current household, or None."""
    wanted = sa.select(BundleDraft).where(BundleDraft.household_id == shop.record.id)
    return session.scalars(wanted).one_or_none()


def present(shop: Shop, draft: BundleDraft | None) -> Picks:
    """The picks of a draft as far as they are still on offer to people of the household."""
    return offered(shop).still(draft.picks)[0] if draft else Picks()


def version_of(draft: BundleDraft | None) -> str:
    """What a form carries to say on which version of the draft it was filled in."""
    return str(draft.version) if draft else NO_DRAFT


# --- choosing ---------------------------------------------------------------------------------------------------------


def choose(session: Session, shop: Shop, wanted: Wanted, sent_version: str | None) -> BundleDraft:
    """Put an option into its line. Raises Refused (with reasons for people) and Conflict."""
    draft = _draft(session, shop, sent_version)
    picks = present(shop, draft)
    choice = checked(shop, picks, wanted)
    if wanted.line is ProductLine.MEDICAL:
        _note_order(draft, picks.choice(wanted.line), choice, wanted.sort)
    _write(session, shop, draft, picks.choosing(choice), "bundle.chosen", choice.line, choice.option_id)
    return draft


def _note_order(draft: BundleDraft, before: Choice | None, choice: Choice, sort: str) -> None:
    """Keep the order of the list that a plan was chosen from; a plan from elsewhere was chosen from none."""
    if before is None or before.option_id != choice.option_id or sort:
        order = ORDERS.get(sort)
        draft.sort_name, draft.assumptions = (order.name, order.assumptions) if order else ("", "")


def wanted_cover(
    session: Session, shop: Shop, line: ProductLine, covered: tuple[str, ...], answers: Mapping[str, str]
) -> Wanted:
    """What to choose so that the policy of a line covers other people. Raises Refused."""
    picked = present(shop, current_draft(session, shop)).choice(line)
    if picked is None:
        raise Refused(("Nothing is chosen here yet. Choose an option first.",))
    return Wanted(line, picked.option_id, covered, picked.riders, answers)


def decline(session: Session, shop: Shop, line: ProductLine, sent_version: str | None) -> BundleDraft:
    """Say "no thanks" to a line; what was chosen in it leaves the bundle. Raises Conflict."""
    draft = _draft(session, shop, sent_version)
    _write(session, shop, draft, present(shop, draft).declining(line), "bundle.declined", line)
    return draft


def remove(session: Session, shop: Shop, line: ProductLine, sent_version: str | None) -> BundleDraft:
    """Take the policy of a line, or the "no thanks", out of the draft. Raises Conflict."""
    draft = _draft(session, shop, sent_version)
    _write(session, shop, draft, present(shop, draft).without(line), "bundle.removed", line)
    return draft


def clear(session: Session, shop: Shop, sent_version: str | None) -> BundleDraft:
    """Start afresh; undo brings everything back. Raises Conflict."""
    draft = _draft(session, shop, sent_version)
    draft.configuration_id = None
    _write(session, shop, draft, Picks(), "bundle.cleared")
    return draft


def undo(session: Session, shop: Shop, sent_version: str | None) -> BundleDraft:
    """Go back by one change; nothing happens where there is none. Raises Conflict."""
    draft = _draft(session, shop, sent_version)
    if draft.history:
        *earlier, last = draft.history
        draft.history, draft.picks = tuple(earlier), last
        _settle(session, shop, draft, "bundle.undone")
    return draft


def checked(shop: Shop, picks: Picks, wanted: Wanted) -> Choice:
    """The choice that a form asks for, if it may be made; Refused says why not."""
    goods = offered(shop)
    if (wanted.line, wanted.option_id) not in goods.options:
        raise Refused(("That option is not on offer at your address. Choose one from the list.",))
    if any((wanted.option_id, rider) not in goods.riders for rider in wanted.riders):
        raise Refused(("That extra does not belong to this option. Choose one that is listed with it.",))
    covered = _people(shop, picks, wanted)
    choice = Choice(wanted.line, wanted.option_id, covered, tuple(dict.fromkeys(wanted.riders)))
    _refuse_by_answers(shop, picks.choice(wanted.line), choice, wanted.answers)
    _refuse_closed(shop, picks, choice)
    return choice


def _people(shop: Shop, picks: Picks, wanted: Wanted) -> tuple[str, ...]:
    if wanted.covered is None:
        return people_for(shop, wanted.line, picks.choice(wanted.line))
    if not wanted.covered:
        raise Refused(("Say who this policy should cover: tick at least one person.",))
    if not set(wanted.covered) <= set(shop.applicant_ids):
        raise Refused(("Somebody you ticked is not in your household, or does not need cover.",))
    return people_for(shop, wanted.line, None, wanted.covered)


def _refuse_by_answers(shop: Shop, before: Choice | None, choice: Choice, answers: Mapping[str, str]) -> None:
    """The issuer's health questions; people who already have the same policy are not asked again."""
    answered = before.covered if before and before.option_id == choice.option_id else ()
    asked = questions_for(shop, choice.option_id, (each for each in choice.covered if each not in answered))
    if any(answers.get(each.key) not in ("yes", "no") for each in asked):
        raise Refused(("Answer the health questions of this policy first: yes or no to each.",))
    declined = [q for q in asked if q.question.on_other_answer == DECLINE and q.other_than_expected(answers)]
    if declined:
        reasons = (_declined(each, answers[each.key]) for each in declined)
        raise Refused((*reasons, _without(shop, choice, {each.person_id for each in declined})))


def _declined(asked: HealthQuestion, answer: str) -> str:
    return (
        f"The issuer cannot give this policy to {asked.name} after the answer “{answer}” to: {asked.question.text} "
        f"(application form {asked.question.filed_form})."
    )


def _without(shop: Shop, choice: Choice, declined: set[str]) -> str:
    """What can be done instead: cover the others where they can have it alone, else choose something else."""
    others = tuple(each for each in choice.covered if each not in declined)
    able = others and try_choice(shop.bundler, (), replace(choice, covered=others), ()).standing is not Standing.CLOSED
    if not able:
        return "You can choose something else, or say no thanks."
    names = spoken_list(person.name for person in shop.household.persons if person.person_id in others)
    return f"You can cover only {names}, or choose something else."


def referred(shop: Shop, wanted: Wanted) -> tuple[str, ...]:
    """What an underwriter will look at after these answers, in words; empty where nothing is referred."""
    covered = shop.applicant_ids if wanted.covered is None else wanted.covered
    asked = questions_for(shop, wanted.option_id, covered)
    found = [q for q in asked if q.question.on_other_answer == REFER and q.other_than_expected(wanted.answers)]
    return tuple(
        f"An underwriter, a person at the issuer, will look at the application of {each.name} because of the answer "
        f"“{wanted.answers[each.key]}” to: {each.question.text} The price or the decision can change after that."
        for each in found
    )


def _refuse_closed(shop: Shop, picks: Picks, choice: Choice) -> None:
    others = picks.others(choice.line)
    before = {each.rule_id for each in shop.bundler.bundle(others).verdict.violations}
    trial = try_choice(shop.bundler, others, choice, before)
    if trial.standing is Standing.CLOSED:
        raise Refused(tuple(dict.fromkeys(obstacle.text for obstacle in trial.obstacles)))


# --- answers ----------------------------------------------------------------------------------------------------------


def answer(session: Session, shop: Shop, answers: Mapping[str, Any], sent_version: str | None) -> Shop:
    """Keep answers to the questions that rules ask; None takes one back. Gives the shop as it is with them.

    Raises Refused for a question that is not asked or an answer that is none, and Conflict.
    """
    draft = _draft(session, shop, sent_version)
    try:
        told = {name: value if value is None else checked_answer(name, value) for name, value in answers.items()}
    except ValueError as problem:
        raise Refused((f"That answer cannot be kept: {problem}.",)) from None
    tell_facts(session, shop.record, {name: _storable(value) for name, value in told.items()})
    now = replace(shop)  # a new shop forgets prices and facts that were worked out before the answer
    _settle(session, now, draft, "bundle.answered")
    return now


def _storable(value: Any) -> bool | str | None:
    """As records keep it: numbers as text."""
    return value if value is None or isinstance(value, bool) else str(value)


# --- saving -----------------------------------------------------------------------------------------------------------


def save(session: Session, shop: Shop, name: str, sent_version: str | None, *, apart: bool) -> ConfigurationVersion:
    """Keep the draft as a version: of the saved bundle it came from, or (``apart``) of a new one. Raises Refused."""
    draft = _draft(session, shop, sent_version)
    picks = present(shop, draft)
    onto = None if apart else origin(session, draft)
    order = (draft.sort_name, draft.assumptions) if picks.choice(ProductLine.MEDICAL) else ()
    inputs = inputs_of(shop, picks.choices, *order)
    version = configurations.save(session, inputs, shop.bundler.bundle(picks.choices), name, onto)
    draft.configuration_id = version.configuration_id
    draft.changed_at = clock.instant()
    session.flush()
    return version


def origin(session: Session, draft: BundleDraft | None) -> Configuration | None:
    """The saved bundle that the draft changes; None where there is none any more."""
    if draft is None or draft.configuration_id is None:
        return None
    wanted = sa.select(Configuration).where(Configuration.id == draft.configuration_id)
    return session.scalars(wanted).one_or_none()


def open_saved(session: Session, shop: Shop, version: ConfigurationVersion) -> tuple[str, ...]:
    """Go on with a saved version in place of the draft, which undo brings back. Gives what differs now, in words."""
    draft = _draft(session, shop, None)
    saved = version.inputs
    picks, gone, changed = offered(shop).still(Picks(saved.choices))
    draft.configuration_id = version.configuration_id
    draft.sort_name, draft.assumptions = saved.sort_name, " ".join(saved.assumptions)
    _write(session, shop, draft, picks, "bundle.opened")
    return tuple(_differences(shop, saved, gone, changed))


def _differences(shop: Shop, saved: StoredInputs, gone: tuple[ProductLine, ...], changed: bool) -> Iterator[str]:
    if replace(saved.household, county_fips=shop.household.county_fips) != shop.household:
        yield "Your household has changed since this was saved. Prices are for your household as it is now."
    if saved.release_id != shop.release.release_id:
        yield "Our catalog has changed since this was saved. Prices are the ones of today."
    if gone:
        yield f"No longer on offer to you, and left out: {_words(gone)}."
    if changed:
        yield "Somebody who was covered is no longer in your household. Look at who is covered."


def _words(lines: Iterable[ProductLine]) -> str:
    return ", ".join(LINE_WORDS[line].lower() for line in lines)


# --- writing ----------------------------------------------------------------------------------------------------------


def _draft(session: Session, shop: Shop, sent_version: str | None) -> BundleDraft:
    """The draft to write on, made where there is none. A form without version asks for no particular one."""
    draft = current_draft(session, shop)
    if sent_version is not None and sent_version != version_of(draft):
        _refuse_stale(draft, sent_version)
    return draft or _new_draft(session, shop)


def _refuse_stale(draft: BundleDraft | None, sent_version: str) -> None:
    if draft is not None:
        theirs = {"In your bundle now": _words(choice.line for choice in draft.picks.choices) or "nothing"}
        check_version(draft, sent_version, {}, theirs, "/builder")


def _new_draft(session: Session, shop: Shop) -> BundleDraft:
    draft = BundleDraft(
        household_id=shop.record.id, release_id=shop.release.release_id, changed_at=clock.instant(), picks=Picks()
    )
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError:  # the other of two requests at once was first
        return current_draft(session, shop)
    return draft


def _write(
    session: Session,
    shop: Shop,
    draft: BundleDraft,
    picks: Picks,
    action: str,
    line: ProductLine | None = None,
    option_id: str = "",
) -> None:
    """Keep picks, with the way back to those before. The same picks again change nothing."""
    if picks != draft.picks:
        draft.history = (*draft.history, draft.picks)[-LONGEST_HISTORY:]
        draft.picks = picks
        _settle(session, shop, draft, action, line=line.value if line else "", option=option_id)


def _settle(session: Session, shop: Shop, draft: BundleDraft, action: str, **details: str) -> None:
    """Note what the rules say now, and leave the audit row."""
    draft.valid = shop.bundler.bundle(present(shop, draft).choices).valid
    draft.release_id = shop.release.release_id
    draft.changed_at = clock.instant()
    session.flush()
    audit(session, action, "bundle_draft", draft.id, details={name: value for name, value in details.items() if value})
