"""Rate PUF: each row is the premium of a plan in a rating area for one age band, or for the family tiers."""

import re
from collections.abc import Iterable
from datetime import date

from catalog.importers import text
from catalog.importers.common import Found, ImportContext, quarantined
from catalog.importers.csv_table import Row
from catalog.importers.puf_table import Table
from catalog.terms import Money, Rate, TierRate, TobaccoRule

_FROM, _UNTIL = "rateeffectivedate", "rateexpirationdate"
_TIERS = {
    "couple": "couple",
    "single_one": "primarysubscriberandonedependent",
    "single_two": "primarysubscriberandtwodependents",
    "single_three": "primarysubscriberandthreeormoredependents",
    "couple_one": "coupleandonedependent",
    "couple_two": "coupleandtwodependents",
    "couple_three": "coupleandthreeormoredependents",
}


_PLACEHOLDER = re.compile(r"\$?(?:9,?999|999,?999)(?:\.(?:00?|99?))?")  # seen in the tables of 2014 to 2016


class PlaceholderPremium(text.UnreadableText):
    """A premium of nothing but nines, which stands for "not offered"."""

    code = "placeholder-rate"


def _premium(cell: str) -> Money:
    if _PLACEHOLDER.fullmatch(cell):
        raise PlaceholderPremium(cell, "a monthly premium such as 441.16")
    return text.premium(cell)


def _nouns(row: Row, context: ImportContext) -> Iterable[Found]:
    ages = row.read(text.age_band, "age")
    if row.problems:
        return row.problems
    rate = _tier_rate(row, context) if ages is None else _rate(row, ages, context)
    if row.problems:
        return row.problems
    if rate.effective_until < rate.effective_from:
        expected = f"not before {rate.effective_from}"
        ends = rate.effective_until.isoformat()
        return [quarantined(row.source, row.label_of(_UNTIL), ends, expected, "period-ends-early")]
    return [rate]


def _rate(row: Row, ages: tuple[int, int], context: ImportContext) -> Rate:
    rule = row.read(text.tobacco_rule, "tobacco")
    told_apart = rule is TobaccoRule.USER_NON_USER
    return Rate(
        row.read(text.plan_id, "planid"),
        row.read(text.rating_area, "ratingareaid"),
        *ages,
        *_period(row, context),
        row.read(_premium, "individualrate"),
        rule,
        row.read(text.optional_premium, "individualtobaccorate") if told_apart else None,
        source=row.source,
    )


def _tier_rate(row: Row, context: ImportContext) -> TierRate:
    return TierRate(
        row.read(text.plan_id, "planid"),
        row.read(text.rating_area, "ratingareaid"),
        *_period(row, context),
        row.read(_premium, "individualrate"),
        **{tier: row.read(text.optional_premium, column) for tier, column in _TIERS.items()},
        source=row.source,
    )


def _period(row: Row, context: ImportContext) -> tuple[date | None, date | None]:
    """The filed period; tables without dates (some states') mean the whole plan year."""
    if row.text(_FROM) or row.text(_UNTIL) or context.plan_year is None:
        return row.read(text.required_day, _FROM), row.read(text.required_day, _UNTIL)
    return date(context.plan_year, 1, 1), date(context.plan_year, 12, 31)


RATES = Table(
    name="Rate PUF",
    order=30,
    telling=frozenset({"planid", "ratingareaid", "tobacco", "age", "individualrate", "individualtobaccorate"}),
    required=("planid", "ratingareaid", "tobacco", "age", "individualrate"),
    nouns=_nouns,
    guards={
        "planid": re.compile(r"\d{5}[A-Z]{2}\d{7}", re.IGNORECASE),
        "ratingareaid": re.compile(r"rating area \d+", re.IGNORECASE),
    },
    labels={
        "plan_id": "PlanId",
        "rating_area": "RatingAreaId",
        "age_low": "Age",
        "age_high": "Age",
        "effective_from": "RateEffectiveDate",
        "effective_until": "RateExpirationDate",
        "individual": "IndividualRate",
        "single": "IndividualRate",
        "tobacco": "IndividualTobaccoRate",
    },
)
