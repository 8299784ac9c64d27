"""What every catalogue noun has: a natural key inside one release, and a source that equality ignores."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number was read: file name and place in it (``row 17``, ``Rate_Table-B.14``, ``$.plans[3]``)."""

    file: str
    place: str

    def __str__(self) -> str:
        return f"{self.file}, {self.place}"


NO_SOURCE = Source("", "")


class Keyed:
    """A noun with a natural key: ``KEY`` names its fields, ``key`` holds their values."""

    __slots__ = ()
    KEY: ClassVar[tuple[str, ...]]

    @property
    def key(self) -> tuple[object, ...]:
        """The values of the key fields, in the order of ``KEY``."""
        return tuple(getattr(self, name) for name in self.KEY)
