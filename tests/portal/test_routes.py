"""Every route says who may open it, and no address appears or disappears unnoticed."""

import os
from pathlib import Path

import pytest

from portal.web.permissions import declared_policies, policy

LIST = Path(__file__).with_name("routes.txt")


def route_lines(app):
    policies = declared_policies(app)
    for rule in app.url_map.iter_rules():
        methods = ",".join(sorted(rule.methods - {"HEAD", "OPTIONS"}))
        yield f"{rule.rule}  {methods}  {rule.endpoint}  {policies[rule.endpoint]}"


def test_every_route_declares_its_policy(app):
    assert [endpoint for endpoint, declared in declared_policies(app).items() if declared is None] == []


def test_the_list_of_addresses_is_the_one_in_the_file(app):
    """When an address changes on purpose: COVERWRIGHT_WRITE_ROUTES=1 pytest tests/portal/test_routes.py."""
    now = sorted(route_lines(app))
    if os.environ.get("COVERWRIGHT_WRITE_ROUTES"):
        LIST.write_text("\n".join(now) + "\n", encoding="utf-8")
    assert now == LIST.read_text(encoding="utf-8").splitlines()


def test_a_route_without_policy_is_refused(app, client):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    page = client.get("/forgotten")
    assert page.status == 403
    assert "secret" not in page.text


def test_staff_pages_are_closed_to_members_and_visitors(app, client):
    app.add_url_rule("/office", "office", policy.staff("product")(lambda: "office"))
    assert client.get("/office").location.startswith("/sign-in?next=/office")
    client.register()
    assert client.get("/office").status == 403


def test_an_unknown_role_is_a_mistake_at_import():
    with pytest.raises(ValueError, match="wizard"):
        policy.staff("wizard")
