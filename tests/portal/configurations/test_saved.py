"""Saved bundles: versions that never change, copies, undo, links, pages and paper that say the same."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask import g
from pypdf import PdfReader

from catalog.terms import ProductLine, format_money
from configurator.bundle import Choice
from portal.configurations import operations
from portal.configurations.models import Configuration, ConfigurationVersion
from portal.configurations.stored import differences, inputs_of, replay
from portal.configurations.summary import summary_of
from portal.plans.shop import open_shop, rule_set
from portal.plans.sorting import NET_PREMIUM
from portal.web.database import db
from portal.web.models import Shopper
from portal.web.scope import Scope, everything, set_scope

BRONZE, GOLD = "99001OH0010002", "99001OH0010009"
DENTAL = "99001OH1010001"


@contextmanager
def as_shopper(app):
    """A writing request of the shopper who made the newest household."""
    with app.test_request_context("/", method="POST"):
        g.writes, g.request_id = True, "0" * 32
        shopper = db().scalars(sa.select(Shopper).order_by(Shopper.created_at.desc()).limit(1)).one()
        set_scope(Scope(shopper_id=shopper.id))
        yield db()
        db().commit()


def save(app, *plan_ids, name="Family 2027", onto=None):
    """Save these plans for everybody; returns ids of configuration and version."""
    with as_shopper(app) as session:
        shop = open_shop(session)
        lines = (ProductLine.MEDICAL, ProductLine.DENTAL)
        choices = [Choice(line, plan, shop.applicant_ids) for line, plan in zip(lines, plan_ids, strict=False)]
        bundle = shop.bundler.bundle(choices)
        target = session.get(Configuration, onto) if onto else None
        version = operations.save(
            session, inputs_of(shop, choices, NET_PREMIUM.name, NET_PREMIUM.assumptions), bundle, name, target
        )
        return version.configuration_id, version.id


def stored(app, version_id):
    with as_shopper(app) as session:
        version = session.get(ConfigurationVersion, version_id)
        return version.inputs, version.bundle, version.number, version.predecessor_id


def test_a_saved_bundle_replays_to_the_same_cents(demo_app, family):
    _, version_id = save(demo_app, BRONZE, DENTAL)
    inputs, bundle, number, predecessor = stored(demo_app, version_id)
    with as_shopper(demo_app) as session:
        _, again = replay(session, inputs, open_shop(session).law, rule_set())
    assert differences(bundle, again) == ()
    assert (number, predecessor) == (1, None)
    assert bundle.net_premium == again.net_premium > 0


def test_a_replay_that_differs_says_what(demo_app, family):
    _, version_id = save(demo_app, BRONZE)
    inputs, bundle, *_ = stored(demo_app, version_id)
    with as_shopper(demo_app) as session:
        _, again = replay(session, inputs, open_shop(session).law, rule_set())
    dearer = replace(bundle, net_premium=bundle.net_premium + Decimal("0.01"))
    then, now = format_money(dearer.net_premium), format_money(bundle.net_premium)
    assert differences(dearer, again) == (f"The total was {then} a month when it was saved and is {now} now.",)


def test_a_saved_bundle_whose_amounts_moved_says_so_on_the_page(demo_app, family):
    configuration_id, version_id = save(demo_app, BRONZE)
    with as_shopper(demo_app) as session:
        version = session.get(ConfigurationVersion, version_id)
        version.bundle = replace(version.bundle, net_premium=version.bundle.net_premium + Decimal("10.00"))
    assert "when it was saved and is" in family.get(f"/saved/{configuration_id}").text


def test_later_versions_link_back_and_earlier_ones_stay(demo_app, family):
    configuration_id, first = save(demo_app, BRONZE)
    before = stored(demo_app, first)
    _, second = save(demo_app, GOLD, onto=configuration_id)
    assert stored(demo_app, first) == before
    _, _, number, predecessor = stored(demo_app, second)
    assert (number, predecessor) == (2, first)


def test_nothing_is_not_a_bundle(demo_app, family):
    with pytest.raises(operations.Refused, match="nothing in your bundle"):
        save(demo_app)


def test_page_and_paper_say_the_same_amounts(demo_app, family):
    configuration_id, version_id = save(demo_app, BRONZE, DENTAL)
    with as_shopper(demo_app) as session:
        summary = summary_of(session, session.get(ConfigurationVersion, version_id))
    page = family.get(f"/saved/{configuration_id}")
    paper = family.browser.get(f"/saved/{configuration_id}/summary.pdf")
    text = "".join(each.extract_text() for each in PdfReader(BytesIO(paper.data)).pages)
    amounts = [summary.net, summary.premium, summary.credit, *(policy.net for policy in summary.policies)]
    for amount in amounts:
        assert format_money(amount) in page.text
        assert format_money(amount) in text
    assert "January 1, 2027" in page.text
    assert "January 1, 2027" in text


def test_the_answer_stands_on_the_first_page_of_the_paper(demo_app, family):
    configuration_id, version_id = save(demo_app, BRONZE)
    _, bundle, *_ = stored(demo_app, version_id)
    paper = family.browser.get(f"/saved/{configuration_id}/summary.pdf?large=yes")
    first = PdfReader(BytesIO(paper.data)).pages[0].extract_text()
    assert format_money(bundle.net_premium) in first
    assert paper.headers["Content-Type"] == "application/pdf"
    assert "large-print" in paper.headers["Content-Disposition"]
    assert paper.headers["Cache-Control"] == "no-store"


def test_the_list_and_the_empty_list(demo_app, family):
    assert "Nothing is saved yet" in family.get("/saved").text
    save(demo_app, BRONZE, name="For us four")
    assert "For us four" in family.get("/saved").text


def test_a_copy_is_a_bundle_of_its_own(demo_app, family):
    configuration_id, version_id = save(demo_app, BRONZE)
    page = family.submit(family.get(f"/saved/{configuration_id}"), f"/saved/{configuration_id}/copy")
    copied = family.follow(page)
    assert copied.h1 == "Copy of Family 2027"
    copy_id = page.location.rsplit("/", 1)[-1]
    with as_shopper(demo_app) as session:
        assert session.get(Configuration, copy_id).latest.predecessor_id == version_id


def test_undo_brings_an_earlier_version_back_as_a_new_one(demo_app, family):
    configuration_id, first = save(demo_app, BRONZE)
    save(demo_app, GOLD, onto=configuration_id)
    family.submit(family.get(f"/saved/{configuration_id}"), f"/saved/{configuration_id}/restore")
    with as_shopper(demo_app) as session:
        latest = session.get(Configuration, configuration_id).latest
        assert (latest.number, latest.predecessor_id) == (3, first)
        assert latest.bundle == session.get(ConfigurationVersion, first).bundle


def test_two_tabs_cannot_overwrite_a_name(demo_app, family):
    configuration_id, _ = save(demo_app, BRONZE)
    path = f"/saved/{configuration_id}/name"
    page = family.get(path)
    family.submit(page, path, name="Ours")
    late = family.submit(page, path, name="Theirs")
    assert late.status == 409
    assert family.get(f"/saved/{configuration_id}").h1 == "Ours"


def test_a_removed_bundle_is_gone_with_its_versions(demo_app, family):
    configuration_id, version_id = save(demo_app, BRONZE)
    family.submit(family.get(f"/saved/{configuration_id}"), f"/saved/{configuration_id}/delete")
    assert family.get(f"/saved/{configuration_id}").status == 404
    with as_shopper(demo_app) as session:
        assert session.get(ConfigurationVersion, version_id) is None


def test_a_link_opens_a_copy_for_somebody_else_and_changes_nothing(demo_app, family, new_client):
    configuration_id, version_id = save(demo_app, BRONZE, DENTAL)
    made = family.submit(family.get(f"/saved/{configuration_id}"), f"/saved/{configuration_id}/link")
    token = shown_token(family.follow(made))
    other = new_client(demo_app)
    opened = other.follow(other.submit(other.get(f"/resume/{token}"), f"/resume/{token}"))
    _, bundle, *_ = stored_anywhere(demo_app, version_id)
    assert opened.status == 200
    assert format_money(bundle.net_premium) in opened.text
    assert other.get(f"/saved/{configuration_id}").status == 404
    assert family.get(f"/saved/{configuration_id}").status == 200


def shown_token(page):
    return page.dom.find("code").get_text().rpartition("/")[2]


def test_the_secret_of_a_link_stands_in_no_record_and_no_address_of_ours(demo_app, family):
    configuration_id, _ = save(demo_app, BRONZE)
    made = family.submit(family.get(f"/saved/{configuration_id}"), f"/saved/{configuration_id}/link")
    token = shown_token(family.follow(made))
    assert token not in made.location
    with demo_app.extensions["sessions"].read() as session:
        tables = ("resume_link", "idempotency_key", "web_session", "audit_event")
        rows = [str(row) for table in tables for row in session.execute(sa.text(f"SELECT * FROM {table}"))]
    assert rows
    assert not any(token in row for row in rows)


def test_a_link_that_was_ended_opens_nothing(demo_app, family, new_client):
    configuration_id, _ = save(demo_app, BRONZE)
    page = family.follow(family.submit(family.get(f"/saved/{configuration_id}"), f"/saved/{configuration_id}/link"))
    token = shown_token(page)
    family.submit(page, f"/saved/{configuration_id}/links/end")
    assert new_client(demo_app).get(f"/resume/{token}").status == 404


def test_words_in_the_address_are_never_shown_as_a_link(demo_app, family):
    configuration_id, _ = save(demo_app, BRONZE)
    page = family.get(f"/saved/{configuration_id}?link=PLEASE-CALL-1-900")
    assert page.dom.find("code") is None
    assert "1-900" not in page.dom.main.get_text()


def stored_anywhere(app, version_id):
    with app.test_request_context("/"), everything(db(), "a test"):
        version = db().get(ConfigurationVersion, version_id)
        return version.inputs, version.bundle, version.number


@pytest.mark.parametrize("path", ["", "/summary.pdf", "/name", "?number=9", "?number=x"])
def test_a_foreign_or_missing_bundle_answers_the_same(demo_app, family, new_client, path):
    configuration_id, _ = save(demo_app, BRONZE)
    stranger = new_client(demo_app)
    stranger.post("/start", {"zip_code": "43215", "people": "30", "idempotency_key": "k"})
    missing = stranger.get(f"/saved/{'0' * 32}{path}")
    foreign = stranger.get(f"/saved/{configuration_id}{path}")
    assert (foreign.status, missing.status) == (404, 404)


def test_an_unknown_link_is_not_found(family):
    assert family.get("/resume/nothing").status == 404


def test_a_household_that_changes_later_does_not_change_the_saved_bundle(demo_app, family):
    configuration_id, version_id = save(demo_app, BRONZE)
    before = stored(demo_app, version_id)
    with as_shopper(demo_app) as session:
        record = open_shop(session).record
        record.income, record.effective_date = Decimal("20000.00"), date(2027, 2, 1)
    assert stored(demo_app, version_id) == before
    assert format_money(before[1].net_premium) in family.get(f"/saved/{configuration_id}").text
