"""What somebody typed never reaches the log, whatever goes wrong with it."""

import pytest
import sqlalchemy as sa

from portal.accounts.models import Account
from portal.web import clock
from portal.web.database import db
from portal.web.permissions import Role, policy
from tests.portal.conftest import PageClient

CANARY = "canary.4711@example.com"


def account(name="Sam"):
    moment = clock.instant()
    return Account(
        email=CANARY, name=name, role=Role.MEMBER, password_hash="x", created_at=moment, password_changed_at=moment
    )


def same_email_twice():
    db().add(account())
    db().flush()
    db().add(account())
    db().flush()


def value_in_the_message():
    raise ValueError(f"{CANARY} is not a number")


def value_in_the_statement():
    db().execute(sa.text("SELECT * FROM nowhere WHERE email = :email"), {"email": CANARY})


@pytest.mark.parametrize("fail", [same_email_twice, value_in_the_message, value_in_the_statement])
def test_a_failure_is_logged_without_values(app_on_both, caplog, fail):
    app_on_both.add_url_rule("/broken", "broken", policy.public(fail), methods=["POST"])
    page = PageClient(app_on_both).post("/broken")
    assert page.status == 500
    assert CANARY not in caplog.text
    assert CANARY not in page.text
    line = caplog.records[-1].getMessage()
    assert fail.__name__ in line
    assert "test_logs.py:" in line
    assert page.dom.find(string=lambda text: "Reference" in text).split()[1].rstrip(".") in line


def test_a_failure_after_the_answer_is_logged_without_values(app, caplog):
    def broken(_):
        raise ValueError(CANARY)

    app.testing = False  # as in service: the failure is answered, not raised
    app.after_request(broken)
    assert app.test_client().get("/help").status_code == 500
    assert "ValueError" in caplog.text
    assert CANARY not in caplog.text
