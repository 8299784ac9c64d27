"""Pages of the plans: list, plan page, compare."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalog.terms import ProductLine
from portal.plans.filters import ListState
from portal.plans.forms import FilterForm
from portal.plans.listing import choices_of, listing_of
from portal.plans.offers import offers_of
from portal.plans.overview import overview_of
from portal.plans.services import EVENTS
from portal.plans.shop import NoShop, open_shop
from portal.plans.sorting import order_named
from portal.web.database import db
from portal.web.factory import htmx
from portal.web.permissions import SEE_OTHER, policy

blueprint = Blueprint("plans", __name__)


@blueprint.app_errorhandler(NoShop)
def nothing_to_price(missing: NoShop) -> str | Response:
    """Say what is missing and lead to the page that asks for it."""
    if request.method == "POST":
        return redirect(url_for(missing.endpoint), SEE_OTHER)
    return render_template("plans/no_shop.html", missing=missing)


@blueprint.get("/plans")
@policy.shopper
def index() -> str:
    """Every plan at the address with the household's price, 25 designs a page."""
    shop = open_shop(db())
    line = _line()
    offers = offers_of(db(), shop, line)
    form, choices = FilterForm(request.args), choices_of(offers)
    form.offer(choices.metals, choices.types, choices.networks)
    form.validate()
    listing = listing_of(db(), shop, offers, _state(line, form))
    template = "plans/_list.html" if htmx else "plans/index.html"
    return render_template(template, form=form, listing=listing, overview=overview_of(shop, line), line=line)


@blueprint.get("/plans/compare")
@policy.shopper
def compare() -> str:
    """Up to five plans side by side."""
    return ""


@blueprint.get("/plans/<plan_id>")
@policy.shopper
def show(plan_id: str) -> str:
    """What one plan costs and covers."""
    return ""


def _line() -> ProductLine:
    wanted = request.args.get("line", "")
    return ProductLine(wanted) if wanted in EVENTS else ProductLine.MEDICAL


def _state(line: ProductLine, form: FilterForm) -> ListState:
    return ListState(
        line=line,
        filters=form.filters(),
        order=order_named(request.args.get("sort")),
        page=request.args.get("page", 1, type=int),
        shown=tuple(request.args.getlist("with")),
        compared=tuple(request.args.getlist("plan")),
    )
