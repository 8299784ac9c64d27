"""A bounded memory of what cannot change: parts of releases, by database and key, for this process only."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

Value = TypeVar("Value")


class ReleaseCache(Generic[Value]):
    """Keeps the last ``size`` values of each database. Two threads may both make a value; they make the same one."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = Lock()
        self._kept: WeakKeyDictionary[Pool, OrderedDict[Hashable, Value]] = WeakKeyDictionary()

    def get(self, session: Session, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value kept under the key, made first where there is none."""
        value = self.find(session, key)
        if value is None:
            value = make()
            self.keep(session, key, value)
        return value

    def find(self, session: Session, key: Hashable) -> Value | None:
        """The value kept under the key, or None."""
        with self._lock:
            kept = self._of(session)
            if key in kept:
                kept.move_to_end(key)
            return kept.get(key)

    def keep(self, session: Session, key: Hashable, value: Value) -> None:
        """Remember a value; the one that was not asked for longest gives way."""
        with self._lock:
            kept = self._of(session)
            kept[key] = value
            while len(kept) > self._size:
                kept.popitem(last=False)

    def _of(self, session: Session) -> OrderedDict[Hashable, Value]:
        return self._kept.setdefault(session.get_bind().engine.pool, OrderedDict())
