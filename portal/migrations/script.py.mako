"""${message}.

Revises: ${down_revision | comma,n}

A revision runs in one transaction. On PostgreSQL it fails after 4 seconds of waiting for a lock: add columns as
nullable, fill them in batches, and build large indexes concurrently in a revision of their own.
"""

# ruff: noqa: PLR0915 - a migration is a list of statements

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Apply."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Take back."""
    ${downgrades if downgrades else "pass"}
