"""What the forms of the builder send, read into plain values; and the fields that they show."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice
from wtforms.form import BaseForm

from catalog.terms import ProductLine
from configurator.facts import BY_NAME, Fact
from configurator.rules import Kind
from portal.builder.offering import HealthQuestion
from portal.builder.operations import Wanted
from portal.configurations.operations import Refused

Sent = MultiDict[str, str]
NO_THANKS = "none"
_YES_NO = [SelectChoice("yes", "Yes"), SelectChoice("no", "No")]
_FACT, _QUESTION = "fact-", "question-"
_LINES = {line.value: line for line in ProductLine}
_MOST = Decimal(1_000_000)
_REASONS = {
    "open_enrollment": "It is open enrollment",
    "loss_of_coverage": "I lose other cover",
    "loss_of_medicaid_or_chip": "I lose Medicaid or CHIP",
    "marriage": "Marriage",
    "birth": "Birth of a child",
    "adoption": "Adoption",
    "move": "A move",
    "other_event": "Another life event",
    "none": "None of these",
}


def line_named(name: str) -> ProductLine | None:
    """The product line of a path or a hidden field; None for any other text."""
    return _LINES.get(name)


def read_wanted(line: ProductLine, sent: Sent) -> Wanted:
    """What is asked for in a line. Prices and names in the form, if any, are not looked at."""
    return Wanted(
        line=line,
        option_id=sent.get("option", ""),
        covered=read_people(sent),
        riders=tuple(sent.getlist("riders")),
        answers=read_answers(sent),
        sort=sent.get("sort", ""),
    )


def read_people(sent: Sent) -> tuple[str, ...] | None:
    """The people ticked; None where the form does not ask for people."""
    return tuple(sent.getlist("covered")) if "covered" in sent or "people_asked" in sent else None


def read_answers(sent: Sent) -> dict[str, str]:
    """Answers to health questions by question and person."""
    return {name.removeprefix(_QUESTION): value for name, value in sent.items() if name.startswith(_QUESTION)}


def read_facts(sent: Sent) -> dict[str, Any]:
    """Answers to the questions of rules by fact; None for one that is taken back. Raises Refused."""
    fields = {name: value.strip() for name, value in typed_facts(sent).items()}
    if not fields:
        raise Refused(("Choose an answer first.",))
    return {name: _fact(name, value) for name, value in fields.items()}


def _fact(name: str, value: str) -> Any:
    fact = BY_NAME.get(name)
    if fact is None or not fact.asked:
        raise Refused(("That is not a question we ask.",))
    if not value:
        return None
    if fact.type.kind is Kind.YES_NO:
        return {"yes": True, "no": False}.get(value, value)
    return _number(fact, value) if fact.type.kind is Kind.NUMBER else value


def _number(fact: Fact, value: str) -> Decimal:
    try:
        number = Decimal(value.replace("$", "").replace(",", ""))
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number <= _MOST:
        raise Refused((f"“{value}” is not a number. {fact.question}",))
    return number


def typed_facts(sent: Sent) -> dict[str, str]:
    """What was typed as answers to the questions of rules, by fact, unread."""
    return {name.removeprefix(_FACT): value for name, value in sent.items() if name.startswith(_FACT)}


# --- fields to show ---------------------------------------------------------------------------------------------------


def people_field(label: str, people: Iterable[tuple[str, str]], ticked: Iterable[str]) -> Field:
    """A box for each person (id, name)."""
    choices = [SelectChoice(*each) for each in people]
    field = SelectMultipleField(label, choices=choices, validate_choice=False)
    return _bound({"covered": field}, {"covered": list(ticked)})["covered"]


def question_fields(questions: Iterable[HealthQuestion], given: Mapping[str, str]) -> tuple[Field, ...]:
    """Yes or no for each health question to each person; nothing is answered beforehand."""
    fields = {
        f"{_QUESTION}{each.key}": RadioField(f"{each.name}: {each.question.text}", choices=_YES_NO)
        for each in questions
    }
    form = _bound(fields, {f"{_QUESTION}{name}": value for name, value in given.items()})
    return tuple(form)


def fact_fields(facts: Iterable[Fact], answers: Mapping[str, Any], place: str = "") -> tuple[Field, ...]:
    """A field for each question that rules ask. ``place`` keeps ids apart where a page asks twice."""
    fields = {f"{_FACT}{fact.name}": _fact_field(fact, place) for fact in facts}
    form = _bound(fields, {f"{_FACT}{name}": _shown(value) for name, value in answers.items()})
    return tuple(form)


def _fact_field(fact: Fact, place: str) -> Field:
    more = {"description": fact.help, "id": f"{place}{_FACT}{fact.name}"}
    if fact.type.kind is Kind.YES_NO:
        return RadioField(fact.question, choices=_YES_NO, **more)
    if fact.type.kind is Kind.TEXT:
        named = ((each, _REASONS.get(each, each)) for each in fact.type.values)
        choices = [SelectChoice(*each) for each in (("", "Choose"), *named)]
        return SelectField(fact.question, choices=choices, **more)
    return StringField(fact.question, **more)


def _shown(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _bound(fields: Mapping[str, Any], data: Mapping[str, Any]) -> BaseForm:
    form = BaseForm(fields)
    form.process(data=dict(data))
    return form
