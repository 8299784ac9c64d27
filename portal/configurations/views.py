"""Pages of saved bundles: list, summary, PDF, versions, links."""

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for

from portal.configurations import operations
from portal.configurations.forms import NameForm
from portal.configurations.models import Configuration, ConfigurationVersion
from portal.configurations.summary import summary_of
from portal.documents.engine import pdf_available
from portal.documents.summary import make_summary_pdf
from portal.web.audit import audit
from portal.web.database import db
from portal.web.idempotency import once
from portal.web.permissions import SEE_OTHER, policy
from portal.web.scope import current_scope

blueprint = Blueprint("configurations", __name__)
NOT_FOUND, UNPROCESSABLE, UNAVAILABLE = 404, 422, 503
Answer = str | Response | tuple[str, int]


@blueprint.get("/saved")
@policy.shopper
def index() -> Answer:
    """Every saved bundle, newest first."""
    return render_template("configurations/index.html", configurations=operations.mine(db()))


@blueprint.get("/saved/<configuration_id>")
@policy.shopper
def show(configuration_id: str) -> Answer:
    """What was chosen, from when it is covered, and what can be done now."""
    configuration, version = _wanted(configuration_id)
    return render_template(
        "configurations/show.html",
        configuration=configuration,
        version=version,
        summary=summary_of(db(), version, _remark()),
        pdf=pdf_available(),
        token=operations.token_of(db(), version, request.args.get("link", "")),
        links=len(operations.live_links(db(), version)),
    )


@blueprint.get("/saved/<configuration_id>/summary.pdf")
@policy.writing(policy.shopper)
def pdf(configuration_id: str) -> Answer:
    """The summary on paper; ``large=yes`` for large print."""
    _, version = _wanted(configuration_id)
    available = pdf_available()
    if not available.ok:
        return render_template("configurations/no_pdf.html", why=available.why), UNAVAILABLE
    large = request.args.get("large") == "yes"
    audit(db(), "configuration.pdf_made", "configuration", configuration_id, details={"version": version.number})
    content = make_summary_pdf(summary_of(db(), version, _remark()), large_print=large)
    name = f"bundle-{version.made_on}{'-large-print' if large else ''}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type="application/pdf", headers=headers)


@blueprint.route("/saved/<configuration_id>/name", methods=["GET", "POST"])
@policy.shopper
def rename(configuration_id: str) -> Answer:
    """Another name."""
    configuration = operations.configuration_or_404(configuration_id)
    form = NameForm(data={"name": configuration.name}) if request.method == "GET" else NameForm()
    if form.validate_on_submit():
        operations.rename(db(), configuration, form.name.data, request.form.get("version", ""))
        return _to(configuration)
    page = render_template("configurations/rename.html", form=form, configuration=configuration)
    return (page, UNPROCESSABLE) if request.method == "POST" else page


@blueprint.post("/saved/<configuration_id>/copy")
@policy.shopper
def copy(configuration_id: str) -> Response:
    """A bundle of its own that begins as this one."""
    configuration, version = _wanted(configuration_id)

    def act() -> str:
        made = operations.copy(db(), version, f"Copy of {configuration.name}")
        return url_for("configurations.show", configuration_id=made.id)

    return once(db(), act)


@blueprint.post("/saved/<configuration_id>/restore")
@policy.shopper
def restore(configuration_id: str) -> Response:
    """Undo: bring an earlier version back on top."""
    configuration, version = _wanted(configuration_id)

    def act() -> str:
        operations.restore(db(), configuration, version)
        return url_for("configurations.show", configuration_id=configuration.id)

    return once(db(), act)


@blueprint.post("/saved/<configuration_id>/delete")
@policy.shopper
def delete(configuration_id: str) -> Response:
    """Remove a saved bundle."""
    operations.delete(db(), operations.configuration_or_404(configuration_id))
    flash("The saved bundle is removed.")
    return redirect(url_for("configurations.index"), SEE_OTHER)


@blueprint.post("/saved/<configuration_id>/link")
@policy.shopper
def make_link(configuration_id: str) -> Response:
    """A secret address that opens a copy on another device."""
    configuration, version = _wanted(configuration_id)

    def act() -> str:
        link = operations.make_link(db(), version)
        return url_for("configurations.show", configuration_id=configuration.id, number=version.number, link=link.id)

    return once(db(), act)


@blueprint.post("/saved/<configuration_id>/links/end")
@policy.shopper
def end_links(configuration_id: str) -> Response:
    """The addresses given out for this version stop working."""
    configuration, version = _wanted(configuration_id)
    operations.end_links(db(), version)
    flash("The links to this bundle do not work any more.")
    return _to(configuration)


@blueprint.route("/resume/<token>", methods=["GET", "POST"])
@policy.shopper
def resume(token: str) -> Answer:
    """Somebody holds the secret address: show what it is, and copy it here on request."""
    version = operations.version_behind(db(), token)
    if version is None:
        abort(NOT_FOUND)
    if request.method == "GET":
        return render_template("configurations/resume.html", version=version, token=token)

    def act() -> str:
        made = operations.resume_copy(db(), version)
        return url_for("configurations.show", configuration_id=made.id)

    return once(db(), act)


def _wanted(configuration_id: str) -> tuple[Configuration, ConfigurationVersion]:
    """The configuration and the version that is asked for (``version=2``), the newest by default."""
    if current_scope().empty:
        abort(NOT_FOUND)
    configuration = operations.configuration_or_404(configuration_id)
    number = request.values.get("number", "")
    if not number:
        return configuration, configuration.latest
    found = [version for version in configuration.versions if str(version.number) == number]
    return (configuration, found[0]) if found else abort(NOT_FOUND)


def _remark() -> str:
    return "Demo: every person and plan here is invented." if current_app.extensions["settings"].demo else ""


def _to(configuration: Configuration) -> Response:
    return redirect(url_for("configurations.show", configuration_id=configuration.id), SEE_OTHER)
