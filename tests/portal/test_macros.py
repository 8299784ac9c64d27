"""The macros of templates/ui with real fields: labels, hints, errors, figures."""

from decimal import Decimal
from pathlib import Path

import pytest
from flask import render_template_string
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    validators,
    widgets,
)
from wtforms.fields import SelectChoice

from portal.web.permissions import policy

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
YES_NO = [SelectChoice("yes", "Yes"), SelectChoice("no", "No")]
EVERYTHING = """
{% extends "layout.html" %}
{% from "ui/forms.html" import form as form_tag, text_field, money_field, date_field, select, radios, checkboxes,
   checkbox, fieldset %}
{% from "ui/actions.html" import button, link_button, back_link %}
{% from "ui/content.html" import money, estimate, range, disclosure, table, card, tag, metal, notice, steps, pagination,
   empty_state, facts %}
{% from "ui/charts.html" import progress, stacked_bar, range_bar %}
{% block back %}{{ back_link("All plans", "/") }}{% endblock %}
{% block heading %}Everything{% endblock %}
{% block content %}
{{ steps([{"label": "Household", "href": "/", "state": "done", "detail": ""},
          {"label": "Plan", "href": "", "state": "current", "detail": "62 plans"}]) }}
{% call card("Silver 4000", "/", kicker="HMO") %}{{ metal("Silver") }}{{ money(D("412.1"), "a month", "large") }}
{{ range_bar("A year", D(3200), D(9800), D(12000), D(5100)) }}{{ tag("Low use", "good") }}{% endcall %}
{{ estimate(D("99.6")) }} {{ range(D(1), D(2)) }} {{ facts([("Term", "Value")]) }}
{% call notice("note", "Title") %}<p>Text</p>{% endcall %}{% call notice("stop", live=true) %}<p>Text</p>{% endcall %}
{% call table("Rates", ["Person", "Rate"], numeric=[1]) %}<tr><th scope="row">Dana</th><td>$1</td></tr>{% endcall %}
{{ stacked_bar("Parts", [{"label": "One", "amount": D(3)}, {"label": "Two", "amount": D(1)}]) }}
{{ stacked_bar("Nothing", [{"label": "One", "amount": D(0)}]) }}
{{ progress(D(5), D(4), "Deductible", "All of it") }}{{ progress(D(5), D(0), "Deductible", "No limit") }}
{% call disclosure("Why") %}<p>Because</p>{% endcall %}
{{ pagination(2, 3, url) }}{{ pagination(1, 1, url) }}{{ empty_state("None yet", "They appear here.", "/", "Start") }}
{% call form_tag("/", creates=true, version=3) %}{% call fieldset("People", "All of them") %}{{ text_field(form.name) }}
{% endcall %}{{ date_field(form.born) }}{{ money_field(form.income) }}{{ select(form.county) }}
{{ radios(form.tobacco) }}{{ checkboxes(form.extras) }}{{ checkbox(form.agree) }}{{ button("Go") }}
{{ link_button("Back", "/") }}{% endcall %}
{% endblock %}
"""


class Everything(FlaskForm):
    name = StringField("Name", [validators.InputRequired("Enter a name.")], description="As on your card")
    born = StringField("Birth date")
    income = StringField("Income", [validators.InputRequired("Enter an income.")])
    county = SelectField("County", choices=YES_NO, validators=[validators.InputRequired("Choose a county.")])
    tobacco = RadioField("Tobacco", choices=YES_NO, validators=[validators.InputRequired("Choose yes or no.")])
    extras = SelectMultipleField(
        "Extras", choices=YES_NO, widget=widgets.ListWidget(), option_widget=widgets.CheckboxInput()
    )
    agree = BooleanField("I agree", [validators.InputRequired("Tick the box.")])


@pytest.fixture
def page(app, client):
    def show():
        form = Everything()
        form.validate_on_submit()
        return render_template_string(EVERYTHING, form=form, D=Decimal, url=lambda number: f"/?page={number}")

    app.add_url_rule("/everything", "everything", policy.shopper(show), methods=["GET", "POST"])
    return client


def test_all_macros_make_a_sound_page(page):
    """The client checks labels, ids, references, inline code and links."""
    shown = page.get("/everything")
    assert shown.status == 200
    assert shown.dom.find(id="error-summary") is None
    assert len(shown.dom("svg", role="img")) == 5
    assert all(figure.find("title") for figure in shown.dom("svg", role="img"))
    assert "$412.10" in shown.text
    assert "about $100" in shown.text


def test_errors_are_tied_to_their_fields(page):
    shown = page.post("/everything", {"name": "", "extras": "yes"})
    summary = shown.dom.find(id="error-summary")
    assert summary["role"] == "alert"
    targets = [link["href"].removeprefix("#") for link in summary("a")]
    assert targets == ["name", "income", "county", "tobacco-0", "agree"]
    name = shown.dom.find(id="name")
    assert name["aria-invalid"] == "true"
    assert name["aria-describedby"] == "name-hint name-error"
    assert shown.dom.find(id="name-error").get_text() == "Problem: Enter a name."
    assert shown.dom.find("input", attrs={"name": "extras", "value": "yes"}).has_attr("checked")


def test_creating_forms_carry_a_fresh_key_and_the_version(page):
    keys = {page.get("/everything").fields("/")["idempotency_key"] for _ in range(2)}
    assert len(keys) == 2
    assert page.get("/everything").fields("/")["version"] == "3"


def test_only_the_macros_name_classes_of_the_design_system():
    pages = [path for path in TEMPLATES.rglob("*.html") if path.parent.name != "ui"]
    assert [path.name for path in pages if 'class="ds-' in path.read_text(encoding="utf-8")] == []


def test_what_people_typed_is_escaped(page):
    shown = page.post("/everything", {"name": '"><script>alert(1)</script>'})
    assert "<script>alert" not in shown.text
