"""Two people, or two tabs, edit the same thing: the second sees both versions instead of overwriting the first."""

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

FIELD = "version"


class Versioned:
    """Mixin for editable rows: the database itself refuses an update made on an older version."""

    version: Mapped[int] = mapped_column(sa.Integer, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy passes the class
        return {"version_id_col": cls.__table__.c.version if hasattr(cls, "__table__") else cls.version}


@dataclass
class Conflict(Exception):
    """What was sent and what is stored now, as label to text, for the page that shows both."""

    mine: dict[str, str] = field(default_factory=dict)
    theirs: dict[str, str] = field(default_factory=dict)
    current_version: int | None = None
    look_at: str = ""


def check_version(
    row: Versioned, sent: str | int | None, mine: dict[str, str], theirs: dict[str, str], look_at: str
) -> None:
    """Raise Conflict unless the form was filled in on the row's present version.

    `mine` and `theirs` are label to text; `look_at` is the path that shows what is stored.
    """
    if str(sent) != str(row.version):
        raise Conflict(mine=mine, theirs=theirs, current_version=row.version, look_at=look_at)
