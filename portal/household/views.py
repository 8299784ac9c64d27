"""Pages of the household."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields import SelectChoice

from catalog.parameters import load
from catalog.store.market import Whereabouts
from catalog.terms import Relationship
from portal.household import operations
from portal.household.forms import RELATIONSHIPS, UNTOLD, AddressForm, CountyForm, PersonForm, check_zip, parse_income
from portal.household.models import HouseholdRecord, PersonRecord
from portal.household.people_text import Entry, parse_birth_date, parse_people
from portal.pages.forms import StartForm
from portal.web import clock
from portal.web.database import db
from portal.web.idempotency import once
from portal.web.permissions import SEE_OTHER, policy
from portal.web.scope import get_or_404

blueprint = Blueprint("household", __name__)
UNPROCESSABLE = 422
NEW_PERSON = {"relationship": Relationship.CHILD.value, "applying": "yes"}
Answer = str | Response | tuple[str, int]


@blueprint.post("/start")
@policy.shopper
def start() -> Answer:
    """The landing page's three fields: a household, then plans (or the county question first)."""
    form = StartForm()
    ready = _read_start(form)
    if ready is None:
        return render_template("pages/landing.html", form=form), UNPROCESSABLE
    zip_code, county, entries, income, effective = ready

    def act() -> str:
        operations.start_quick(db(), zip_code, county, entries, income, effective)
        return url_for("plans.index") if county else url_for("household.county")

    return once(db(), act)


def _read_start(form: StartForm) -> tuple[str, str, list[Entry], Decimal | None, date] | None:
    """ZIP code, county (empty: ask), people, income and start; None with the errors on the form."""
    if not form.validate():
        return None
    place = _checked(form.zip_code, lambda: _place_now(form))
    entries = _checked(form.people, lambda: parse_people(form.people.data, clock.today()))
    income = _checked(form.income, lambda: parse_income(form.income.data or ""))
    return None if form.errors else (form.zip_code.data, place[0], entries, income, place[1])


def _place_now(form: StartForm) -> tuple[str, date]:
    check_zip(form, form.zip_code)
    place, effective = operations.first_place(db(), form.zip_code.data, clock.today())
    return _county(place, effective), effective


def _checked(field: Any, read: Any) -> Any:
    try:
        return read()
    except ValueError as problem:
        field.errors = [str(problem)]
        return None


def _county(place: Whereabouts | None, effective: date) -> str:
    """The county found; empty where there are several; ValueError in plain words where there is none."""
    if place is None:
        raise ValueError(f"We have no plans for {effective.year} yet. Please call us.")
    if place.refusal:
        raise ValueError(place.refusal)
    return place.location.county_fips if place.location else ""


@blueprint.get("/household")
@policy.shopper
def show() -> Answer:
    """Who is in the household and what it tells us."""
    household = operations.current_household(db())
    if household is None:
        return render_template("household/empty.html")
    place = operations.find_place(db(), household.zip_code, household.county_fips, household.effective_date)
    return render_template(
        "household/show.html",
        household=household,
        place=place,
        relationship_words=RELATIONSHIPS,
        needs_life_event=_needs_life_event(household, place),
    )


def _needs_life_event(household: HouseholdRecord, place: Whereabouts | None) -> bool:
    state = operations.state_of(place) if place else ""
    return operations.needs_life_event(load(), state, household.effective_date, clock.today())


@blueprint.route("/household/county", methods=["GET", "POST"])
@policy.shopper
def county() -> Answer:
    """A ZIP code in several counties: ask, because prices differ."""
    household = _mine()
    place = operations.find_place(db(), household.zip_code, "", household.effective_date)
    form = CountyForm()
    form.county_fips.choices = [SelectChoice(each.fips, each.name) for each in place.counties] if place else []
    if form.validate_on_submit():
        operations.set_county(db(), household, form.county_fips.data)
        return redirect(url_for("plans.index"), SEE_OTHER)
    return _page("household/county.html", form, household=household)


@blueprint.route("/household/address", methods=["GET", "POST"])
@policy.shopper
def address() -> Answer:
    """Address, income, tax household, where to buy, start of cover."""
    household = _mine()
    form = AddressForm(data=_address_data(household)) if request.method == "GET" else AddressForm()
    form.offer_starts(_starts(household))
    if form.validate_on_submit() and (fields := _read_address(form, household)):
        operations.change_address(db(), household, request.form.get("version", ""), fields)
        return redirect(url_for("household.show" if fields["county_fips"] else "household.county"), SEE_OTHER)
    return _page("household/address.html", form, household=household)


def _starts(household: HouseholdRecord) -> tuple[operations.StartChoice, ...]:
    place = operations.find_place(db(), household.zip_code, household.county_fips, household.effective_date)
    choices = operations.possible_starts(load(), place, clock.today())
    if household.effective_date in {each.on for each in choices}:
        return choices
    return (operations.StartChoice(household.effective_date, needs_life_event=True), *choices)


def _address_data(household: HouseholdRecord) -> dict[str, Any]:
    return {
        "zip_code": household.zip_code,
        "income": "" if household.income is None else f"{household.income:,.2f}".removesuffix(".00"),
        "tax_household_size": household.tax_household_size,
        "on_exchange": "yes" if household.on_exchange else "no",
        "effective_date": household.effective_date.isoformat(),
    }


def _read_address(form: AddressForm, household: HouseholdRecord) -> dict[str, Any] | None:
    effective = date.fromisoformat(form.effective_date.data)
    known_county = household.county_fips if form.zip_code.data == household.zip_code else ""
    place = operations.find_place(db(), form.zip_code.data, known_county, effective)
    county = _checked(form.zip_code, lambda: _county(place, effective))
    if form.errors:
        return None
    return {
        "zip_code": form.zip_code.data,
        "county_fips": county,
        "income": parse_income(form.income.data or ""),
        "tax_household_size": form.tax_household_size.data,
        "on_exchange": form.on_exchange.data == "yes",
        "effective_date": effective,
    }


@blueprint.route("/household/people/new", methods=["GET", "POST"])
@policy.shopper
def add_person() -> Answer:
    """Somebody more."""
    household = _mine()
    form = (
        PersonForm(data={"relationship": Relationship.CHILD.value, "applying": "yes"})
        if request.method == "GET"
        else PersonForm()
    )
    if form.validate_on_submit() and _one_applicant(form, household, None):

        def act() -> str:
            operations.save_person(db(), household, None, str(household.version), _person_fields(form))
            return url_for("household.show")

        try:
            return once(db(), act)
        except operations.TooManyPeople:
            form.form_errors = ["This household is full. Call us about larger households."]
    return _page("household/person.html", form, household=household, person=None)


@blueprint.route("/household/people/<person_id>", methods=["GET", "POST"])
@policy.shopper
def person(person_id: str) -> Answer:
    """Change what we know of somebody."""
    household = _mine()
    someone = _person(household, person_id)
    form = PersonForm(data=_person_data(someone)) if request.method == "GET" else PersonForm()
    if form.validate_on_submit() and _one_applicant(form, household, someone):
        operations.save_person(db(), household, someone, request.form.get("version", ""), _person_fields(form))
        return redirect(url_for("household.show"), SEE_OTHER)
    return _page("household/person.html", form, household=household, person=someone)


@blueprint.post("/household/people/<person_id>/remove")
@policy.shopper
def remove_person(person_id: str) -> Response:
    """Take somebody off the household."""
    household = _mine()
    someone = _person(household, person_id)
    operations.remove_person(db(), household, someone, request.form.get("version", ""))
    flash("That person is off your household.")
    return redirect(url_for("household.show"), SEE_OTHER)


def _page(template: str, form: Any, **values: Any) -> Answer:
    page = render_template(template, form=form, **values)
    return (page, UNPROCESSABLE) if request.method == "POST" else page


def _mine() -> HouseholdRecord:
    household = operations.current_household(db())
    if household is None:
        abort(redirect(url_for("pages.landing"), SEE_OTHER))
    return household


def _person(household: HouseholdRecord, person_id: str) -> PersonRecord:
    someone = get_or_404(PersonRecord, person_id)
    if someone.household_id != household.id:
        abort(404)
    return someone


def _one_applicant(form: PersonForm, household: HouseholdRecord, changed: PersonRecord | None) -> bool:
    others = [other for other in household.people if other is not changed]
    has_other = any(other.relationship_ is Relationship.SELF for other in others)
    is_self = form.relationship.data == Relationship.SELF.value
    if is_self == has_other:
        wrong = "There is an applicant already. Choose how this person is related to the applicant."
        missing = "One person must be the applicant. Choose “Applicant (you)”, or change the other person first."
        form.relationship.errors = [wrong if is_self else missing]
        return False
    return True


def _person_data(someone: PersonRecord) -> dict[str, Any]:
    return {
        "name": someone.name,
        "birth_date": f"{someone.birth_date:%m/%d/%Y}" if someone.birth_date else "",
        "relationship": someone.relationship_.value,
        "applying": _word(someone.applying),
        "tobacco": _word(someone.tobacco),
        "medicare": _word(someone.medicare),
        "other_offer": _word(someone.other_offer),
        "tribal_member": bool(someone.tribal_member),
        "hardship_exemption": someone.hardship_exemption,
    }


def _person_fields(form: PersonForm) -> dict[str, Any]:
    return {
        "name": (form.name.data or "").strip(),
        "birth_date": parse_birth_date(form.birth_date.data, clock.today()),
        "age": None,
        "relationship_": Relationship(form.relationship.data),
        "applying": form.applying.data == "yes",
        "tobacco": _flag(form.tobacco.data),
        "medicare": _flag(form.medicare.data),
        "other_offer": _flag(form.other_offer.data),
        "tribal_member": form.tribal_member.data or None,
        "hardship_exemption": (form.hardship_exemption.data or "").strip(),
    }


def _word(flag: bool | None) -> str:
    return UNTOLD if flag is None else "yes" if flag else "no"


def _flag(word: str | None) -> bool | None:
    return None if not word else word == "yes"
