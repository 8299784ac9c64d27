"""The audit trail: one row for each thing done or seen, in the same transaction, or nothing happens."""

from typing import Any

from flask import g, has_request_context, request
from flask_login import current_user
from sqlalchemy.orm import Session

from portal.web import clock
from portal.web.models import AuditEvent
from portal.web.scope import current_scope


def audit(
    session: Session,
    action: str,
    object_type: str,
    object_id: str,
    *,
    subject: str | None = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Add a row: `action` as "configuration.saved", the object, whose data it is (`subject`: an account id).

    `details` holds names of fields and ids, never the health facts themselves. Raises when the row cannot be written.
    """
    session.add(
        AuditEvent(
            at=clock.instant(),
            action=action,
            object_type=object_type,
            object_id=object_id,
            subject_id=subject,
            reason=reason,
            details=details or {},
            **_actor(),
        )
    )
    session.flush()


def _actor() -> dict[str, Any]:
    if not has_request_context():
        return {"account_id": None, "shopper_id": None, "role": "command", "address": "", "request_id": "0" * 32}
    scope, signed_in = current_scope(), current_user.is_authenticated
    return {
        "account_id": current_user.id if signed_in else None,
        "shopper_id": scope.shopper_id,
        "role": current_user.role.value if signed_in else "visitor",
        "address": request.remote_addr or "",
        "request_id": g.request_id,
    }
