"""The filters of the plan list: a GET form whose state is the address."""

from decimal import Decimal

from wtforms import BooleanField, Field, Form, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, ValidationError

from portal.plans.filters import Filters
from portal.web.amounts import read_amount

MOST_DOLLARS = Decimal(1_000_000)


def read_dollars(text: str | None) -> Decimal | None:
    """Dollars from ``$1,200``; None for nothing; ValueError says what would do."""
    try:
        amount = read_amount(text)
    except ValueError:
        amount = MOST_DOLLARS + 1
    if amount is not None and amount > MOST_DOLLARS:
        raise ValueError(f"“{text}” is not an amount. Enter dollars, such as 450.")
    return amount


def check_dollars(_form: Form, field: Field) -> None:
    """An amount, or nothing."""
    try:
        read_dollars(field.data)
    except ValueError as problem:
        raise ValidationError(str(problem)) from None


class FilterForm(Form):
    """Which plans to show. Every field may be left empty."""

    metal = SelectMultipleField("Metal level", validate_choice=False)
    type = SelectMultipleField("Kind of plan", validate_choice=False)
    most_premium = StringField(
        "Most you want to pay a month", [Length(max=20), check_dollars], description="After the tax credit, such as 450"
    )
    most_deductible = StringField(
        "Highest deductible", [Length(max=20), check_dollars], description="What you pay first, such as 3000"
    )
    network = SelectField("Network", validate_choice=False)
    hsa = BooleanField("Only HSA-qualified plans (they go with a health savings account)")
    buyable = BooleanField("Only plans I can buy")

    def offer(self, metals: list[tuple[str, str]], types: list[str], networks: list[tuple[str, str]]) -> None:
        """Set the choices to what is on sale at the address."""
        self.metal.choices = metals
        self.type.choices = [(each, each) for each in types]
        self.network.choices = [("", "Any network"), *networks]

    def filters(self) -> Filters:
        """What the form says; a field with a mistake in it filters nothing. Call after ``validate()``."""
        return Filters(
            metals=frozenset(self.metal.data or ()),
            types=frozenset(self.type.data or ()),
            network=self.network.data or "",
            hsa=self.hsa.data,
            buyable=self.buyable.data,
            most_premium=None if self.most_premium.errors else read_dollars(self.most_premium.data),
            most_deductible=None if self.most_deductible.errors else read_dollars(self.most_deductible.data),
        )
