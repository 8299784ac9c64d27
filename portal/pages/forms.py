"""The three fields of the landing page."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length


class StartForm(FlaskForm):
    """ZIP code, who needs cover, income if they like. The household feature validates further and prices."""

    zip_code = StringField(
        "ZIP code",
        [InputRequired("Enter the ZIP code where you live, such as 43215."), Length(max=10)],
        description="Prices depend on where you live.",
    )
    people = StringField(
        "Birth dates or ages of everyone who needs cover",
        [InputRequired("Enter an age or a birth date for each person, such as 38, 36, 7."), Length(max=400)],
        description="Separate people with commas. For example: 38, 36, 7 or 4/12/1988, 9/30/2019",
    )
    income = StringField(
        "Household income for the year, before taxes (optional)",
        [Length(max=20)],
        description="With this we can tell whether you get a tax credit that lowers your price.",
    )
