"""What can be seen to be wrong in one row alone, before it is written."""

from collections.abc import Callable
from decimal import Decimal

from catalog.store.mapping import NounTable
from catalog.terms import HIGHEST_AGE, OLDEST, Noun, OptionRate, PlanVariant, Problem, Rate, Severity, TierRate

_TIERS = (
    "single",
    "couple",
    "single_one",
    "single_two",
    "single_three",
    "couple_one",
    "couple_two",
    "couple_three",
)


def row_problem(table: NounTable, noun: Noun) -> Problem | None:
    """The first thing wrong with a row, or None."""
    fine = table.too_fine(noun)
    if fine:
        return finding(noun, "too-many-decimals", fine[0], getattr(noun, fine[0]), f"at most {fine[1]} decimal places")
    check = _CHECKS.get(type(noun))
    return check(noun) if check else None


def finding(
    noun: Noun,
    code: str,
    field: str,
    found: object,
    expected: str,
    message: str = "",
    severity: Severity = Severity.QUARANTINED,
) -> Problem:
    """A problem at the place where the noun was read."""
    return Problem(severity, code, noun.source.file, noun.source.place, field, str(found), expected, message)


def _variant(variant: PlanVariant) -> Problem | None:
    expected = f"{variant.plan_id}-{variant.csr}"
    if variant.variant_id == expected:
        return None
    return finding(
        variant,
        "variant-of-other-plan",
        "variant_id",
        variant.variant_id,
        expected,
        "The first 14 characters of a variant are its plan, the last two its cost-sharing variation",
    )


def _rate(rate: Rate) -> Problem | None:
    for name in ("individual", "tobacco"):
        amount = getattr(rate, name)
        if amount is not None and amount <= 0:
            return _not_positive(rate, name, amount)
    return _ages(rate) or _period(rate)


def _ages(rate: Rate | OptionRate) -> Problem | None:
    for name in ("age_low", "age_high"):
        age = getattr(rate, name)
        if not 0 <= age <= HIGHEST_AGE and age != OLDEST:
            return finding(rate, "no-age", name, age, f"an age of 0 to {HIGHEST_AGE}")
    if rate.age_low > rate.age_high:
        return finding(rate, "ages-reversed", "age_low", rate.age_low, f"at most {rate.age_high}")
    return None


def _tier_rate(rate: TierRate) -> Problem | None:
    for name in _TIERS:
        amount = getattr(rate, name)
        if amount is not None and amount <= 0:
            return _not_positive(rate, name, amount)
    return _period(rate)


def _option_rate(rate: OptionRate) -> Problem | None:
    if rate.amount < 0:
        return finding(rate, "rate-negative", "amount", rate.amount, "an amount of zero or more")
    return _ages(rate) or _period(rate)


def _not_positive(rate: Rate | TierRate, name: str, amount: Decimal) -> Problem:
    return finding(
        rate,
        "rate-not-positive",
        name,
        amount,
        "an amount above zero",
        "A premium of zero would be shown as a free plan. File the premium, or leave the row out",
    )


def _period(rate: Rate | TierRate | OptionRate) -> Problem | None:
    if rate.effective_from <= rate.effective_until:
        return None
    return finding(
        rate, "dates-reversed", "effective_from", rate.effective_from, f"a date up to {rate.effective_until}"
    )


_CHECKS: dict[type, Callable] = {
    PlanVariant: _variant,
    Rate: _rate,
    TierRate: _tier_rate,
    OptionRate: _option_rate,
}
