"""Pages of the builder. Each change answers a script with the pieces that moved, and everybody else with a redirect."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalog.terms import ProductLine
from portal.builder import forms, operations
from portal.builder.models import BundleDraft
from portal.builder.operations import Wanted, current_draft, origin
from portal.builder.pages import NOTHING_TYPED, Typed, frame_of, line_page, total_words
from portal.configurations.operations import Refused, configuration_or_404
from portal.plans.shop import Shop, open_shop
from portal.web.database import db, undo
from portal.web.factory import htmx
from portal.web.idempotency import once
from portal.web.permissions import SEE_OTHER, policy
from portal.web.scope import current_scope
from portal.web.versioning import Conflict

blueprint = Blueprint("builder", __name__)
NOT_FOUND, CONFLICT, UNPROCESSABLE = 404, 409, 422
LOOK_AND_REPEAT = "This page shows it as it is now. Look at it, then make your change again."
Answer = str | Response | tuple[str, int]
Change = Callable[[Shop, str | None], BundleDraft | Shop]


@blueprint.get("/builder")
@policy.shopper
def show() -> Answer:
    """Every line with what was decided in it."""
    return _page(open_shop(db()), None, opening=True)


@blueprint.get("/builder/<line>")
@policy.shopper
def line(line: str) -> Answer:
    """What can be chosen in one line; ``covered`` prices it for other people."""
    asked_for = Typed(tuple(request.args.getlist("covered")))
    return _page(open_shop(db()), _line_or_404(line), asked_for, opening=not htmx)


@blueprint.post("/builder/<line>")
@policy.shopper
def choose(line: str) -> Answer:
    """Choose an option of a line, or say no thanks."""
    wanted = forms.read_wanted(_line_or_404(line), request.form)

    def act(shop: Shop, version: str | None) -> BundleDraft:
        if wanted.option_id == forms.NO_THANKS:
            return operations.decline(db(), shop, wanted.line, version)
        return _telling(shop, wanted, operations.choose(db(), shop, wanted, version))

    return _change(wanted.line, act, wanted.covered or ())


@blueprint.post("/builder/<line>/people")
@policy.shopper
def cover(line: str) -> Answer:
    """Cover other people by the policy of a line."""
    where, people = _line_or_404(line), forms.read_people(request.form) or ()

    def act(shop: Shop, version: str | None) -> BundleDraft:
        wanted = operations.wanted_cover(db(), shop, where, people, forms.read_answers(request.form))
        return _telling(shop, wanted, operations.choose(db(), shop, wanted, version))

    return _change(where, act, people)


@blueprint.post("/builder/<line>/remove")
@policy.shopper
def remove(line: str) -> Answer:
    """Take the policy of a line out of the bundle."""
    where = _line_or_404(line)
    return _change(_here(), lambda shop, version: operations.remove(db(), shop, where, version))


@blueprint.post("/builder/undo")
@policy.shopper
def undo_last() -> Answer:
    """Go back by one change."""
    return _change(_here(), lambda shop, version: operations.undo(db(), shop, version))


@blueprint.post("/builder/clear")
@policy.shopper
def clear() -> Answer:
    """Take everything out."""
    return _change(_here(), lambda shop, version: operations.clear(db(), shop, version))


@blueprint.post("/builder/answer")
@policy.shopper
def answer() -> Answer:
    """Answer what the rules ask."""
    return _change(
        _here(), lambda shop, version: operations.answer(db(), shop, forms.read_facts(request.form), version)
    )


@blueprint.post("/builder/save")
@policy.shopper
def save() -> Answer:
    """Keep the bundle as a version that never changes."""
    shop, name, apart = open_shop(db()), request.form.get("name", ""), request.form.get("apart") == "yes"

    def act() -> str:
        saved = operations.save(db(), shop, name, request.form.get("version"), apart=apart)
        return url_for("configurations.show", configuration_id=saved.configuration_id)

    try:
        return once(db(), act)
    except (Refused, Conflict) as problem:
        return _refusal(_here(), _typed(), problem)


@blueprint.post("/builder/open/<configuration_id>")
@policy.shopper
def open_saved(configuration_id: str) -> Answer:
    """Go on with a saved bundle."""
    if current_scope().empty:
        abort(NOT_FOUND)
    configuration = configuration_or_404(configuration_id)
    number = request.form.get("number") or str(configuration.latest.number)
    found = [version for version in configuration.versions if str(version.number) == number]
    shop = open_shop(db()) if found else abort(NOT_FOUND)

    def act() -> str:
        for note in operations.open_saved(db(), shop, found[0]):
            flash(note)
        return url_for("builder.show")

    return once(db(), act)


def _change(here: ProductLine | None, act: Change, covered: tuple[str, ...] = ()) -> Answer:
    """Do it, then answer. ``act`` gives the draft as it is then, or the shop where prices or facts have moved."""
    shop = open_shop(db())
    try:
        changed = act(shop, request.form.get("version"))
    except (Refused, Conflict) as problem:
        return _refusal(here, _typed(covered), problem)
    if htmx:
        moved = isinstance(changed, Shop)
        kept = Typed(name=_typed().name)
        return _page(changed if moved else shop, here, kept, draft=None if moved else changed, swap=True)
    return redirect(url_for("builder.line", line=here.value) if here else url_for("builder.show"), SEE_OTHER)


def _telling(shop: Shop, wanted: Wanted, draft: BundleDraft) -> BundleDraft:
    """Say what an underwriter will look at; the answers themselves are not kept."""
    for words in operations.referred(shop, wanted):
        flash(words)
    return draft


def _typed(covered: tuple[str, ...] = ()) -> Typed:
    """Everything that the request's form said."""
    sent = request.form
    return Typed(covered, forms.read_answers(sent), forms.typed_facts(sent), sent.get("name", "").strip())


def _refusal(here: ProductLine | None, typed: Typed, problem: Refused | Conflict) -> Answer:
    """The page as it is, with what was typed and why nothing was changed."""
    undo()
    refused = isinstance(problem, Refused)
    reasons = problem.reasons if refused else _changed_meanwhile(problem)
    page = _page(open_shop(db()), here, typed, swap=bool(htmx), reasons=reasons)
    return page, UNPROCESSABLE if refused else CONFLICT


def _changed_meanwhile(conflict: Conflict) -> tuple[str, ...]:
    held = (f"{label}: {text}." for label, text in conflict.theirs.items())
    return ("Your bundle was changed in another tab after you opened this page.", *held, LOOK_AND_REPEAT)


def _page(
    shop: Shop,
    here: ProductLine | None,
    typed: Typed = NOTHING_TYPED,
    *,
    draft: BundleDraft | None = None,
    swap: bool = False,
    opening: bool = False,
    reasons: tuple[str, ...] = (),
) -> str:
    draft = draft or current_draft(db(), shop)
    frame, picks = frame_of(shop, draft, origin(db(), draft), here, typed, opening=opening)
    if here and here not in [step.line for step in frame.steps]:
        abort(NOT_FOUND)
    page = line_page(shop, frame, picks, here, typed) if here else None
    whole = "builder/line.html" if here else "builder/show.html"
    template = "builder/_swap.html" if swap else "builder/_step.html" if htmx else whole
    return render_template(
        template, frame=frame, page=page, reasons=reasons, swap=swap, total_words=total_words(frame.basket)
    )


def _line_or_404(name: str) -> ProductLine:
    return forms.line_named(name) or abort(NOT_FOUND)


def _here() -> ProductLine | None:
    return forms.line_named(request.form.get("here", ""))
