"""A sign-in that ran out, or a page that was open too long, costs nobody what they typed.

The form is put aside in the browser session; after signing in (or at once, when only the form token was old) a page
shows what was typed and one button sends it again.
"""

from flask import request, session

from portal.web.origin import own_path
from portal.web.sessions import FORM_TOKEN

KEPT = "form_put_aside"
LARGEST = 16_384
MOST_FIELDS = 100
SECRET_FIELDS = frozenset({FORM_TOKEN, "password", "new_password", "current_password", "password_again"})

Fields = list[list[str]]


def fields_to_return() -> Fields | None:
    """The request's form as [name, value] pairs, without tokens and passwords.

    None when it is larger than any form of ours: a page must not be made to repeat what somebody else thought up.
    """
    fields = [[name, value] for name, value in request.form.items(multi=True) if name not in SECRET_FIELDS]
    size = sum(len(name) + len(value) for name, value in fields)
    return None if size > LARGEST or len(fields) > MOST_FIELDS else fields


def remember_form() -> str:
    """Put the request's form aside; returns the path of the page that offers to send it again."""
    fields = fields_to_return()
    if fields is None:
        return "/"
    session[KEPT] = {"path": request.full_path.rstrip("?"), "fields": fields}
    return "/continue"


def take_form() -> tuple[str, Fields] | None:
    """The form that was put aside (path, fields), once; None when there is none."""
    kept = session.pop(KEPT, None)
    if not kept or not own_path(kept["path"]):
        return None
    return kept["path"], kept["fields"]
