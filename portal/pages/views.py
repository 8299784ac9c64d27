"""Landing, help, the page that returns a form put aside, and the two probes for operators."""

import sqlalchemy as sa
from alembic.migration import MigrationContext
from flask import Blueprint, Response, redirect, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError

from portal.migrations import head
from portal.pages.forms import StartForm
from portal.web.continuing import take_form
from portal.web.database import sessions
from portal.web.permissions import SEE_OTHER, policy

blueprint = Blueprint("pages", __name__)
OK, UNAVAILABLE = 200, 503


@blueprint.get("/")
@policy.shopper
def landing() -> str:
    """The opening page: what would cover cost us."""
    return render_template("pages/landing.html", form=StartForm())


@blueprint.get("/help")
@policy.public
def help_page() -> str:
    """How to reach a person, and how the portal works."""
    return render_template("pages/help.html")


@blueprint.get("/continue")
@policy.shopper
def put_aside() -> str | Response:
    """The form that was sent when the sign-in had run out, ready to be sent again."""
    kept = take_form()
    if kept is None:
        return redirect(url_for("pages.landing"), SEE_OTHER)
    path, fields = kept
    return render_template("pages/continue.html", resend_to=path, fields=fields)


@blueprint.get("/healthz")
@policy.public
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", OK, content_type="text/plain")


@blueprint.get("/readyz")
@policy.public
def readyz() -> Response:
    """The records are reachable and migrated; 503 says which of the two is missing."""
    problem = _not_ready()
    return Response(f"{problem or 'ready'}\n", UNAVAILABLE if problem else OK, content_type="text/plain")


def _not_ready() -> str:
    try:
        with sessions().read() as records:
            records.execute(sa.text("SELECT 1"))
            current = MigrationContext.configure(records.connection()).get_current_revision()
    except SQLAlchemyError:
        return "the database does not answer"
    return "" if current == head() else "the database needs: coverwright db upgrade"
