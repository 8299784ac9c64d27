"""Pages of the account."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user
from werkzeug.wrappers import Response

from portal.accounts import operations
from portal.accounts.forms import MergeForm, PasswordForm, RegisterForm, SignInForm
from portal.accounts.models import Account
from portal.web import merging, sessions, shoppers
from portal.web.continuing import KEPT
from portal.web.database import db
from portal.web.origin import own_path
from portal.web.permissions import SEE_OTHER, Role, policy
from portal.web.registries import link_to

blueprint = Blueprint("accounts", __name__)
UNPROCESSABLE = 422
WAITING_SHOPPER = "shopper_to_merge"
Answer = str | Response | tuple[str, int]


def _next_path() -> str:
    return own_path(request.values.get("next")) or url_for("pages.landing")


def _home(account: Account) -> str:
    """Where somebody who just signed in goes on: where they came from, else a member's saved bundles."""
    asked = own_path(request.values.get("next"))
    mine = link_to("configurations.index") if account.role is Role.MEMBER else ""
    return asked or mine or url_for("pages.landing")


def _form_page(template: str, form: object, **values: object) -> Answer:
    page = render_template(template, form=form, next=_next_path(), **values)
    return (page, UNPROCESSABLE) if request.method == "POST" else page


@blueprint.route("/sign-in", methods=["GET", "POST"])
@policy.public
def sign_in() -> Answer:
    """Email and password, then back to where the person was."""
    if current_user.is_authenticated:
        return redirect(_next_path(), SEE_OTHER)
    form = SignInForm()
    if form.validate_on_submit():
        account = operations.authenticate(db(), form.email.data, form.password.data, request.remote_addr or "")
        if account:
            return _enter(account)
        form.password.errors = ["This email and password do not fit together. Check both and try again."]
    return _form_page("accounts/sign_in.html", form)


@blueprint.route("/register", methods=["GET", "POST"])
@policy.public
def register() -> Answer:
    """A new account; what the person started before stays with it."""
    if current_user.is_authenticated:
        return redirect(_next_path(), SEE_OTHER)
    form = RegisterForm()
    if form.validate_on_submit():
        try:
            data = form.email.data, form.name.data, form.password.data
            account = operations.register(db(), *data, request.remote_addr or "", session.session_id)
            return _enter_new(account)
        except operations.EmailTaken:
            form.email.errors = ["There is an account with this email already. Sign in, or use another address."]
    return _form_page("accounts/register.html", form)


@blueprint.post("/sign-out")
@policy.public
def sign_out() -> Response:
    """End this browser session and ask the browser to forget the pages."""
    if current_user.is_authenticated:
        operations.note_sign_out(db(), current_user.id)
    session.clear()
    sessions.rotate()
    response = redirect(url_for("pages.landing"), SEE_OTHER)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("/account")
@policy.member
def show() -> Answer:
    """Who is signed in, and what can be changed."""
    return render_template("accounts/show.html")


@blueprint.route("/account/password", methods=["GET", "POST"])
@policy.member
def password() -> Answer:
    """Change the password; all other browsers are signed out."""
    form = PasswordForm()
    if form.validate_on_submit():
        known, new = form.current_password.data, form.new_password.data
        if operations.change_password(db(), current_user.id, known, new, keep_session=session.session_id):
            sessions.rotate()
            flash("Your password is changed. Other browsers are signed out.")
            return redirect(url_for("accounts.show"), SEE_OTHER)
        form.current_password.errors = ["This is not your present password. Type it again."]
    return _form_page("accounts/password.html", form)


@blueprint.route("/account/merge", methods=["GET", "POST"])
@policy.member
def merge() -> Answer:
    """What was started before signing in: keep it beside what the account has, or leave it."""
    waiting = session.get(WAITING_SHOPPER)
    if not waiting:
        return redirect(_next_path(), SEE_OTHER)
    form = MergeForm()
    if form.validate_on_submit():
        settle = merging.claim if form.choice.data == "both" else merging.leave
        settle(db(), waiting, current_user.id)
        session.pop(WAITING_SHOPPER)
        return redirect(_next_path(), SEE_OTHER)
    return _form_page("accounts/merge.html", form, pieces=merging.pieces(db(), waiting))


def _enter(account: Account) -> Response:
    target, waiting = _home(account), _leave_shopper()
    _sign_in(account)
    if waiting:
        session[WAITING_SHOPPER] = waiting
        target = url_for("accounts.merge", next=target)
    return redirect(target, SEE_OTHER)


def _enter_new(account: Account) -> Response:
    """A new account is empty, so nothing can be overwritten: keep without asking."""
    target, waiting = _home(account), _leave_shopper()
    _sign_in(account)
    if waiting:
        merging.claim(db(), waiting, account.id)
        flash("We kept what you started before you made your account.")
    return redirect(target, SEE_OTHER)


def _leave_shopper() -> str | None:
    """The id of this browser's shopper when there is work to keep; the cookie is taken back either way."""
    shopper = shoppers.current_shopper()
    shoppers.forget()
    return shopper.id if shopper and merging.pieces(db(), shopper.id) else None


def _sign_in(account: Account) -> None:
    put_aside = session.get(KEPT)
    session.clear()
    sessions.rotate()
    if put_aside:
        session[KEPT] = put_aside
    login_user(account)
