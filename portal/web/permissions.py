"""Who may open what: every route declares a policy, and an endpoint without one is refused.

    @blueprint.get("/plans")
    @policy.shopper
    def index(): ...

Policies are data, so that a test can walk all routes and a page can list them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.web import shoppers
from portal.web.scope import Scope, set_scope

FORBIDDEN = 403
SEE_OTHER = 303


class Role(Enum):
    """What an account is for. `product` never sees health information; `admin` manages accounts."""

    MEMBER = "member"
    BROKER = "broker"
    SERVICE = "service"
    PRODUCT = "product"
    ADMIN = "admin"


class Audience(Enum):
    """Public: no personal data. Shopper: anybody, own rows only. Member: signed in. Staff: signed in with a role."""

    PUBLIC = "public"
    SHOPPER = "shopper"
    MEMBER = "member"
    STAFF = "staff"


@dataclass(frozen=True)
class Policy:
    """What an endpoint declares. `writes` opens a writing session even for GET (where a view must leave a record)."""

    audience: Audience
    roles: frozenset[Role] = frozenset()
    writes: bool = False

    def __call__(self, view: Callable[..., Any]) -> Callable[..., Any]:
        """Attach the policy to a view function."""
        view.policy = self
        return view

    def __str__(self) -> str:
        roles = ",".join(sorted(role.value for role in self.roles))
        return f"{self.audience.value}({roles})" if roles else self.audience.value


class Policies:
    """The vocabulary of policies: `@policy.public`, `.shopper`, `.member`, `.staff("product")`, `.writing(...)`."""

    public = Policy(Audience.PUBLIC)
    shopper = Policy(Audience.SHOPPER)
    member = Policy(Audience.MEMBER)

    def staff(self, *roles: str) -> Policy:
        """Signed in with one of these roles; an unknown role name raises ValueError at import."""
        return Policy(Audience.STAFF, frozenset(Role(name) for name in roles))

    def writing(self, base: Policy) -> Policy:
        """The same people, with a writing session even for GET."""
        return replace(base, writes=True)


policy = Policies()


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """What the endpoint declared, or None."""
    return getattr(app.view_functions.get(endpoint), "policy", None)


def declared_policies(app: Flask) -> dict[str, Policy | None]:
    """Endpoint to policy for the whole app, for the test and for the list of routes."""
    return {endpoint: policy_of(app, endpoint) for endpoint in sorted(app.view_functions)}


def enforce() -> Response | None:
    """Before each request: refuse what declares nothing, then fix whose rows this request may touch."""
    if request.endpoint is None:
        return None
    declared = policy_of(current_app, request.endpoint)
    if declared is None:
        current_app.logger.error("endpoint %s declares no policy", request.endpoint)
        abort(FORBIDDEN)
    g.writes = declared.writes
    return _ENTRANCES[declared.audience](declared)


def _enter_public(_: Policy) -> None:
    set_scope(Scope())


def _enter_shopper(_: Policy) -> None:
    account_id = current_user.id if current_user.is_authenticated else None
    set_scope(Scope(account_id=account_id, shopper_id=None if account_id else shoppers.known_or_new()))


def _enter_member(_: Policy) -> Response | None:
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    set_scope(Scope(account_id=current_user.id))
    return None


def _enter_staff(declared: Policy) -> Response | None:
    refusal = _enter_member(declared)
    if refusal is None and current_user.role not in declared.roles:
        abort(FORBIDDEN)
    return refusal


_ENTRANCES = {
    Audience.PUBLIC: _enter_public,
    Audience.SHOPPER: _enter_shopper,
    Audience.MEMBER: _enter_member,
    Audience.STAFF: _enter_staff,
}


def _ask_to_sign_in() -> Response:
    from portal.web.continuing import remember_form  # imported late: it needs the policies of this module

    back = remember_form() if request.method == "POST" else request.full_path.rstrip("?")
    target = url_for("accounts.sign_in", next=back)
    if request.headers.get("HX-Request"):
        return Response("", 200, {"HX-Redirect": target})
    return redirect(target, SEE_OTHER)
