"""Days that a policy brings with it: its end, first payment, start of major dental care, a group's free weeks."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from catalog.parameters import Law
from catalog.terms import ProductLine


@dataclass(frozen=True, slots=True)
class Days:
    """A span of days, both ends included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def policy_end(line: ProductLine, start: date, law: Law) -> date:
    """Last day of a policy that starts on a day: the end of the year (45 CFR 147.104(f)).

    Policies bought beside a medical one end together with it, by the issuer's own rule.
    """
    name = "renewal.policy_end" if line is ProductLine.MEDICAL else "ancillary.policy_end"
    return _in_year(law.value(name, start), start.year)


def first_payment_due(start: date, law: Law) -> Days:
    """The days on which an issuer may let the first premium be due (45 CFR 155.400(e))."""
    return Days(start, start + timedelta(days=law.value("binder.latest_days_after_start", start)))


def major_dental_from(start: date, waiting_months: int, earlier_cover_ended: date | None, law: Law) -> date:
    """First day on which major dental care is covered, by the issuer's own rule.

    ``waiting_months`` is what the policy files; ``earlier_cover_ended`` the last day of dental cover that was proved,
    None where there is no proof. A gap shorter than the law file's waives the waiting time.
    """
    if earlier_cover_ended is not None and _gap(earlier_cover_ended, start) < _longest_gap(law, start):
        return start
    return months_later(start, waiting_months)


def _longest_gap(law: Law, start: date) -> int:
    return law.value("dental.prior_cover_gap_days", start)


def _gap(ended: date, start: date) -> int:
    """Days without cover between the last day of one policy and the first of the next."""
    return max(0, (start - ended).days - 1)


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def participation_is_free(chosen: date, law: Law) -> bool:
    """Whether a small group may join on that day without a participation share (45 CFR 147.104(b)(1))."""
    window = law.value("shop.participation_free_window", chosen)
    return chosen in Days(_in_year(window["first"], chosen.year), _in_year(window["last"], chosen.year))


def _in_year(month_day: str, year: int) -> date:
    """A month and day written MM-DD, in a year."""
    month, day = map(int, month_day.split("-"))
    return date(year, month, day)
