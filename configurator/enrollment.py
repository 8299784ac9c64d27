"""From which day cover can start: open enrolment, special periods, and the day a plan is chosen."""

from dataclasses import dataclass
from datetime import date, timedelta

from catalog.parameters import Law, open_enrollment
from catalog.terms import Metal, format_date
from configurator.eligibility import Reason

OPEN = "open"
SPECIAL = "special"
CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class LifeEvent:
    """A life event that opens a special period: ``kind`` as in the law's ``sep`` keys (birth, loss_of_coverage ...)."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Enrolling:
    """The moment a plan is chosen for good: the day, and the life event that opens the way outside open enrolment.

    ``current_metal`` is the level of the plan that the household has now, where the special period binds it to that
    level (45 CFR 155.420(a)(4)); None where it does not.
    """

    chosen: date
    event: LifeEvent | None = None
    current_metal: Metal | None = None


@dataclass(frozen=True, slots=True)
class BrokerStanding:
    """What is on record about the broker who acts for a household (45 CFR 155.220)."""

    licensed: bool = False
    registered: bool = False  # with the Exchange
    consent: bool = False  # the client's consent is stored
    review: bool = False  # the client's review of the application is stored


@dataclass(frozen=True, slots=True)
class Start:
    """When cover starts for a plan chosen on a day; ``on`` is None where it cannot, with the reason."""

    on: date | None
    period: str = ""  # "open" or "special"
    reason: Reason | None = None


def start_of_cover(
    law: Law,
    state: str,
    plan_year: int,
    chosen: date,
    event: LifeEvent | None = None,
    *,
    recorded_by: date | None = None,
) -> Start:
    """The first day of cover for a plan chosen on ``chosen`` (45 CFR 155.410(f), 155.420(b)).

    With a life event its special period is used, else the state's open enrolment for the plan year.
    Raises `MissingParameter` where the state's dates are not held.
    """
    if event is not None:
        return special_start(law, chosen, event)
    window = open_enrollment(law, state, plan_year, recorded_by=recorded_by)
    if not window.is_open(chosen):
        start, end = format_date(window.start), format_date(window.end)
        text = f"Open enrolment for {plan_year} in {state} runs from {start} to {end}."
        cite = "45 CFR 147.104(b); 45 CFR 155.410(e)"
        return Start(None, OPEN, Reason("outside-open-enrollment", f"{text} Outside it you need a life event.", cite))
    return Start(window.effective_date(chosen), OPEN)


def special_start(law: Law, chosen: date, event: LifeEvent) -> Start:
    """The first day of cover in a special period: a birth's or adoption's own day, else the first of a month."""
    before = law.value("sep.days_before", chosen, key=event.kind)
    after = law.value("sep.days_after", chosen, key=event.kind)
    first, last = event.on - timedelta(days=before), event.on + timedelta(days=after)
    if not first <= chosen <= last:
        text = f"For this life event a plan can be chosen from {format_date(first)} to {format_date(last)}."
        return Start(None, SPECIAL, Reason("outside-special-period", text, "45 CFR 155.420(c)"))
    if law.value("sep.starts_on_event_date", chosen, key=event.kind):
        return Start(event.on, SPECIAL)
    return Start(first_of_next_month(max(chosen, event.on)), SPECIAL)


def first_of_next_month(day: date) -> date:
    """The first day of the month after a day's month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def date_reason(start: Start, wanted: date) -> Reason | None:
    """Why cover cannot start on the day that is wanted; None where it can."""
    if start.reason is not None:
        return start.reason
    if start.on == wanted:
        return None
    text = f"A plan chosen on that day starts on {format_date(start.on)}, not on {format_date(wanted)}."
    return Reason("effective-date", text, "45 CFR 155.410(f); 45 CFR 155.420(b)")


def period_of(law: Law, state: str, plan_year: int, enrolling: Enrolling) -> str:
    """In which period a plan is chosen: ``OPEN``, ``SPECIAL`` or ``CLOSED``. Raises `MissingParameter` as above."""
    if enrolling.event is not None:
        return SPECIAL if special_start(law, enrolling.chosen, enrolling.event).on else CLOSED
    return OPEN if open_enrollment(law, state, plan_year).is_open(enrolling.chosen) else CLOSED
