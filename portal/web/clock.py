"""The one clock. `today` and `now` follow COVERWRIGHT_TODAY; `instant` never does.

Dates that people read and rules that look at a date use `today`; expiry of sessions, limits and the audit trail use
`instant`, so that a set date can neither stretch a session nor back-date a record.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app

from portal.web.branding import branding


def today() -> date:
    """The business date in the payer's time zone, or the date that COVERWRIGHT_TODAY sets."""
    override = current_app.extensions["settings"].today
    return override or instant().astimezone(ZoneInfo(branding().time_zone)).date()


def now() -> datetime:
    """The business moment (aware, UTC): the time of day is real, the date is `today`'s when it is set."""
    moment = instant()
    override = current_app.extensions["settings"].today
    return moment if override is None else datetime.combine(override, moment.timetz())


def instant() -> datetime:
    """The real moment, aware, UTC."""
    return datetime.now(UTC)
