"""Pages of the plans: list, plan page, compare."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalog.terms import ProductLine
from portal.plans.comparing import Comparison, compare_plans, comparison_csv
from portal.plans.filters import ListState
from portal.plans.forms import FilterForm
from portal.plans.listing import choices_of, listing_of
from portal.plans.offers import offers_of
from portal.plans.overview import overview_of
from portal.plans.plan_page import plan_page
from portal.plans.services import EVENTS
from portal.plans.shop import NoShop, Shop, open_shop
from portal.plans.sorting import order_named
from portal.web import clock
from portal.web.database import db
from portal.web.factory import htmx
from portal.web.permissions import SEE_OTHER, policy

blueprint = Blueprint("plans", __name__)
NOT_FOUND = 404


@blueprint.app_errorhandler(NoShop)
def nothing_to_price(missing: NoShop) -> str | AnyResponse:
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
    overview = overview_of(shop, line)
    template = "plans/_list.html" if htmx else "plans/index.html"
    return render_template(template, form=form, listing=listing, overview=overview, line=line, fragment=bool(htmx))


@blueprint.get("/plans/compare")
@policy.shopper
def compare() -> str:
    """Up to five plans side by side."""
    shop = open_shop(db())
    comparison = _comparison(shop)
    return render_template("plans/compare.html", comparison=comparison, overview=overview_of(shop))


@blueprint.get("/plans/compare.csv")
@policy.shopper
def compare_csv() -> Response:
    """The same comparison for a spreadsheet."""
    shop = open_shop(db())
    overview = overview_of(shop)
    about = (
        ("For", f"{overview.people} in {overview.county}"),
        ("Cover from", overview.start.isoformat()),
        ("Tax credit", overview.credit.sentence),
        ("Made on", clock.today().isoformat()),
        ("Catalogue release", overview.release_id),
    )
    answer = Response(comparison_csv(_comparison(shop), about), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="plans-compared.csv"'
    return answer


def _comparison(shop: Shop) -> Comparison:
    only_differences = bool(request.args.get("differences"))
    return compare_plans(db(), shop, request.args.getlist("plan"), only_differences=only_differences)


@blueprint.get("/plans/<plan_id>")
@policy.shopper
def show(plan_id: str) -> str:
    """What one plan costs and covers; 404 for a plan that is not sold at the address."""
    shop = open_shop(db())
    row = shop.quote.by_plan_id.get(plan_id)
    if row is None:
        abort(NOT_FOUND)
    offer = next(iter(offers_of(db(), shop, row.plan.line, [plan_id])))
    position = next(each for each in offer.positions if each.plan_id == plan_id)
    page = plan_page(db(), shop, offer, position)
    if page is None:
        abort(NOT_FOUND)
    overview = overview_of(shop, row.plan.line)
    return render_template("plans/show.html", page=page, overview=overview, line=row.plan.line)


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
