"""What a household's fields are called and how their values read, for the page that shows two versions."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from portal.web.formats import day, dollars

LABELS = {
    "zip_code": "ZIP code",
    "county_fips": "County code",
    "income": "Income for the year",
    "tax_household_size": "People on your tax return",
    "on_exchange": "Buy through the Marketplace",
    "effective_date": "Cover starts",
    "name": "First name",
    "birth_date": "Birth date",
    "relationship_": "Relationship",
    "applying": "Needs cover",
    "tobacco": "Uses tobacco",
    "medicare": "Has Medicare",
    "other_offer": "Other cover possible",
    "tribal_member": "Member of a tribe",
    "hardship_exemption": "Exemption certificate",
}


def in_words(fields: Mapping[str, Any]) -> dict[str, str]:
    """Label to text of the fields that people know, in the order above."""
    return {label: _value(fields[name]) for name, label in LABELS.items() if name in fields}


def _value(value: Any) -> str:
    if value is None or value == "":
        return "Not told"
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Enum):
        return value.value.replace("_", " ").capitalize()
    return dollars(value) if isinstance(value, Decimal) else str(value)
