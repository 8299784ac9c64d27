"""What no page should ever have to look at: forms of absurd size, and characters that no record can hold.

PostgreSQL refuses NUL, and neither database can store half of a surrogate pair; SQLite keeps what PostgreSQL refuses.
Refusing both here makes the two answer alike.
"""

import re

from flask import abort, request

MOST_FIELDS = 1_000
NOT_FOUND, TOO_LARGE = 404, 413
_URLENCODED = "application/x-www-form-urlencoded"
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class UnkeepableText(Exception):
    """A field has a character that no record can hold; `field` is its name, empty when the name itself has one."""

    def __init__(self, field: str) -> None:
        super().__init__("a field has a character that cannot be kept")
        self.field = field


def check_intake() -> None:
    """Before each request: 413 for too many fields, 404 for an impossible address; raises UnkeepableText (422)."""
    _count_fields()
    if _UNKEEPABLE.search(request.path):
        abort(NOT_FOUND)
    for name, value in (*request.args.items(multi=True), *request.form.items(multi=True)):
        if _UNKEEPABLE.search(name + value):
            raise UnkeepableText("" if _UNKEEPABLE.search(name) else name)


def _count_fields() -> None:
    """Count before parsing: a megabyte of `&` is cheap to send and costly to read. Parts are counted by Werkzeug."""
    if request.query_string.count(b"&") >= MOST_FIELDS:
        abort(TOO_LARGE)
    if request.mimetype == _URLENCODED and request.get_data(parse_form_data=False).count(b"&") >= MOST_FIELDS:
        abort(TOO_LARGE)
