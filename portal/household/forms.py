"""Forms of the household pages."""

import re
from decimal import Decimal

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, IntegerField, RadioField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation, ValidationError

from catalog.terms import Relationship
from portal.household.operations import StartChoice
from portal.household.people_text import NotPeople, parse_birth_date
from portal.web import clock
from portal.web.amounts import read_amount
from portal.web.formats import day

MOST_INCOME = Decimal(10_000_000)
RELATIONSHIPS = {
    Relationship.SELF: "Applicant (you)",
    Relationship.SPOUSE: "Husband or wife",
    Relationship.LIFE_PARTNER: "Life partner",
    Relationship.CHILD: "Son or daughter",
    Relationship.STEPCHILD: "Stepson or stepdaughter",
    Relationship.ADOPTED_CHILD: "Adopted child",
    Relationship.FOSTER_CHILD: "Foster child",
    Relationship.GRANDCHILD: "Grandchild",
    Relationship.NEPHEW_OR_NIECE: "Nephew or niece",
    Relationship.SIBLING: "Brother or sister",
    Relationship.WARD: "Ward",
    Relationship.PARENT: "Parent",
    Relationship.OTHER: "Somebody else",
}
UNTOLD = ""
MOST_DIGITS = 9
WRONG_SIZE = "Enter a number from 1 to 30."
YES_NO = [SelectChoice("yes", "Yes"), SelectChoice("no", "No")]
YES_NO_UNTOLD = [*YES_NO, SelectChoice(UNTOLD, "I would rather not say now")]


def parse_income(text: str) -> Decimal | None:
    """Yearly income in dollars from ``$60,240`` or ``60240.50``; None for nothing; ValueError says what would do."""
    try:
        income = read_amount(text)
    except ValueError:
        raise ValueError(f"“{text}” is not an amount. Enter dollars for the year, such as 60240.") from None
    if income is None:
        return None
    if income > MOST_INCOME or income != round(income, 2):
        raise ValueError("Enter the income for the year in dollars, from 0 to 10,000,000, such as 60240.")
    return income.quantize(Decimal("0.01"))


def check_zip(_form: Form, field: Field) -> None:
    """Five digits."""
    field.data = (field.data or "").strip()
    if not re.fullmatch(r"[0-9]{5}", field.data):
        raise ValidationError("Enter the five digits of your ZIP code, such as 43215.")


def check_income(_form: Form, field: Field) -> None:
    """An amount for the year, or nothing."""
    try:
        parse_income(field.data or "")
    except ValueError as problem:
        raise ValidationError(str(problem)) from None


def _check_number_length(_form: Form, field: Field) -> None:
    """Refuse before the next check sees it: comparing a number of hundreds of digits fails."""
    if len(field.raw_data[0].strip()) > MOST_DIGITS:
        raise StopValidation(WRONG_SIZE)


def _check_birth_date(_form: Form, field: Field) -> None:
    try:
        parse_birth_date(field.data or "", clock.today())
    except NotPeople as problem:
        raise ValidationError(str(problem)) from None


class CountyForm(FlaskForm):
    """Which county of a ZIP code that lies in several."""

    county_fips = RadioField("Which county do you live in?", [InputRequired("Choose your county.")])


class AddressForm(FlaskForm):
    """Where the household lives, what it earns, from when it wants cover."""

    zip_code = StringField("ZIP code", [InputRequired("Enter your ZIP code."), check_zip])
    income = StringField(
        "Household income for the year, before taxes (optional)",
        [Length(max=20), check_income],
        description="What you expect for the year of cover, all people on your tax return together.",
    )
    tax_household_size = IntegerField(
        "How many people are on your tax return? (optional)",
        [Optional(), _check_number_length, NumberRange(1, 30, WRONG_SIZE)],
        description="You, your spouse and everybody you claim, also people who need no cover.",
    )
    on_exchange = RadioField(
        "Where do you want to buy?",
        [InputRequired("Choose one of the two.")],
        choices=[
            SelectChoice("yes", "Through the Marketplace: tax credit and extra savings are possible"),
            SelectChoice("no", "Directly from us: no tax credit"),
        ],
    )
    effective_date = SelectField(
        "When should cover start?",
        [InputRequired("Choose a day.")],
        description="Outside open enrollment you need a life event in the past 60 days, such as a birth, a marriage, "
        "a move or the loss of other cover.",
    )

    def offer_starts(self, starts: tuple[StartChoice, ...]) -> None:
        """Set the choices of the first day of cover; those outside open enrollment say what they need."""
        self.effective_date.choices = [SelectChoice(each.on.isoformat(), _start_words(each)) for each in starts]


def _start_words(start: StartChoice) -> str:
    return f"{day(start.on)} (only with a life event)" if start.needs_life_event else day(start.on)


class PersonForm(FlaskForm):
    """Somebody in the household."""

    name = StringField("First name (optional)", [Length(max=120, message="Enter at most 120 characters.")])
    birth_date = StringField(
        "Birth date", [InputRequired("Enter the birth date, such as 4/12/1988."), _check_birth_date]
    )
    relationship = SelectField(
        "Relationship to the applicant",
        [InputRequired("Choose a relationship.")],
        choices=[SelectChoice(kind.value, label) for kind, label in RELATIONSHIPS.items()],
    )
    applying = RadioField("Needs cover?", [InputRequired("Say whether this person needs cover.")], choices=YES_NO)
    tobacco = RadioField(
        "Uses tobacco?",
        [Optional()],
        choices=YES_NO_UNTOLD,
        description="Four or more times a week in the past six months. Religious and ceremonial use does not count.",
    )
    medicare = RadioField("Has Medicare?", [Optional()], choices=YES_NO_UNTOLD)
    other_offer = RadioField(
        "Could get affordable cover through a job or a public program?",
        [Optional()],
        choices=YES_NO_UNTOLD,
        description="This decides whether a tax credit is possible for this person.",
    )
    tribal_member = BooleanField("Member of a federally recognized tribe")
    hardship_exemption = StringField(
        "Exemption certificate number (optional)",
        [Length(max=20, message="Enter at most 20 characters.")],
        description="Only for people of 30 and older who want a catastrophic plan.",
    )
