"""Rows into the tables of one draft, a batch at a time: exact duplicates collapse, contradictions never pass.

Memory stays flat however long the files are: what was written before is asked of the database, and only when a batch
meets a key that is already there.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from catalog.store.mapping import NounTable, OnConflict
from catalog.store.row_checks import finding, row_problem
from catalog.store.tables import BY_NOUN, NOUN_TABLES
from catalog.terms import FileRefused, Noun, Problem, Severity

BATCH = 5_000
_HASH_RANGE = 1 << 256


class Loader:
    """Writes nouns into one draft and keeps count of all that happened to them.

    ``counts`` are the rows that stand, ``duplicates`` the exact repeats that collapsed, ``quarantined`` the rows left
    out, each by table name. ``content`` is a sum over the rows that stand, so the order of rows does not matter.
    """

    def __init__(self, connection: Connection, release_no: int) -> None:
        self.connection = connection
        self.release_no = release_no
        self.counts: Counter[str] = Counter()
        self.duplicates: Counter[str] = Counter()
        self.quarantined: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self.content = 0
        self._batches: dict[NounTable, dict[tuple, Noun]] = defaultdict(dict)
        self._directory: dict[NounTable, dict[tuple, list[Noun]]] = defaultdict(dict)
        self._contested: dict[NounTable, set[tuple]] = defaultdict(set)

    def add(self, noun: Noun) -> None:
        """Take one noun. Raises FileRefused where two rows of a plan, a variant or a price contradict each other."""
        into = BY_NOUN[type(noun)]
        found = row_problem(into, noun)
        if found:
            self.leave_out(into, found)
        elif into.on_conflict is OnConflict.FILL_IN:
            self._fill_in(into, noun)
        elif noun.key in self._contested[into]:
            self.leave_out(into, _contradiction(into, noun))
        else:
            self._queue(into, noun)

    def _queue(self, into: NounTable, noun: Noun) -> None:
        batch = self._batches[into]
        known = batch.get(noun.key)
        if known is not None:
            self._meet(into, known, noun)
            return
        batch[noun.key] = noun
        if len(batch) >= BATCH:
            self._write(into)

    def report(self, problem: Problem) -> None:
        """Keep a finding that leaves nothing out."""
        self.problems.append(problem)

    def leave_out(self, table: NounTable, problem: Problem, rows: int = 1) -> None:
        """Keep a finding that left rows out."""
        self.problems.append(problem)
        self.quarantined[table.name] += rows

    def finish(self) -> None:
        """Write everything that still waits."""
        for table in NOUN_TABLES:
            for key, said in self._directory.pop(table, {}).items():
                self._batches[table][key] = self._together(table, said)
            self._write(table)

    # --- the same key again ---------------------------------------------------------------------------------------

    def _meet(self, table: NounTable, known: Noun, noun: Noun) -> None:
        if known == noun:
            self.duplicates[table.name] += 1
        elif table.on_conflict is OnConflict.REFUSE:
            raise FileRefused(_contradiction(table, noun, known, Severity.REFUSED))
        else:
            self._contest(table, known, noun)

    def _contest(self, table: NounTable, known: Noun, noun: Noun) -> None:
        self._contested[table].add(noun.key)
        if self._batches[table].get(noun.key) is known:
            del self._batches[table][noun.key]
        else:
            self.remove(table, self.with_key(table, noun.key))
        self.leave_out(table, _contradiction(table, known, noun))
        self.leave_out(table, _contradiction(table, noun, known))

    def _fill_in(self, table: NounTable, noun: Noun) -> None:
        said = self._directory[table].setdefault(noun.key, [])
        if noun in said:
            self.duplicates[table.name] += 1
        else:
            said.append(noun)

    def _together(self, table: NounTable, said: list[Noun]) -> Noun:
        """What any file states; where two state a thing differently, the file that sorts first is believed."""
        first, *others = sorted(said, key=lambda each: (each.source.file, each.source.place, table.digest(each)))
        stated: dict[str, Any] = {}
        for other in others:
            for name in table.field_names:
                known, offered = stated.get(name, getattr(first, name)), getattr(other, name)
                unstated = ("", table.defaults.get(name))
                if known in unstated and offered not in unstated:
                    stated[name] = offered
                elif known != offered and offered not in unstated:
                    self.report(_two_spellings(table, first, other, name))
        return replace(first, **stated)

    # --- writing --------------------------------------------------------------------------------------------------

    def _write(self, table: NounTable) -> None:
        batch = self._batches[table]
        if not batch:
            return
        try:
            self._insert(table, batch.values())
        except IntegrityError:
            self._insert(table, list(self._unseen(table, batch)))
        self._batches[table] = {}

    def _insert(self, table: NounTable, nouns: Iterable[Noun]) -> None:
        rows = [table.row(noun, self.release_no) for noun in nouns]
        if not rows:
            return
        with self.connection.begin_nested():
            self.connection.execute(sa.insert(table.table), rows)
        self.counts[table.name] += len(rows)
        self.content = (self.content + sum(map(table.digest, nouns))) % _HASH_RANGE

    def _unseen(self, table: NounTable, batch: dict[tuple, Noun]) -> Iterator[Noun]:
        """Nouns of a batch whose key is not in the table; the others are compared with what is there."""
        groups = sorted({key[0] for key in batch})
        stored = {each.key: each for each in self.read(table, self._first_key(table).in_(groups))}
        for key, noun in list(batch.items()):
            if key in stored:
                self._meet(table, stored[key], noun)
            else:
                yield noun

    # --- looking and taking back ------------------------------------------------------------------------------------

    def _first_key(self, table: NounTable) -> sa.Column:
        return table.table.c[table.key[0]]

    def with_key(self, table: NounTable, key: tuple) -> sa.ColumnElement[bool]:
        """Condition for exactly one row."""
        return sa.and_(*(table.table.c[name] == value for name, value in zip(table.key, key, strict=True)))

    def read(self, table: NounTable, condition: sa.ColumnElement[bool], **options: Any) -> Iterator[Noun]:
        """Nouns of this draft that meet the condition, in order of their keys."""
        query = (
            sa.select(*table.columns)
            .where(table.release_no == self.release_no, condition)
            .order_by(*(table.table.c[name] for name in table.key))
            .execution_options(**options)
        )
        for row in self.connection.execute(query):
            yield table.read(row)

    def remove(
        self, table: NounTable, condition: sa.ColumnElement[bool], told: Callable[[Noun], None] | None = None
    ) -> None:
        """Take rows out of the draft again; ``told`` hears of each. However many there are, memory stays flat."""
        number = 0
        for noun in self.read(table, condition, yield_per=BATCH):
            number += 1
            self.content = (self.content - table.digest(noun)) % _HASH_RANGE
            if told:
                told(noun)
        if number:
            self.connection.execute(sa.delete(table.table).where(table.release_no == self.release_no, condition))
            self.counts[table.name] -= number

    def leave_out_all(
        self, table: NounTable, condition: sa.ColumnElement[bool], *, field: str, code: str, expected: str
    ) -> None:
        """Leave out all rows that meet the condition: one finding for each value of ``field`` and file."""
        groups: dict[tuple[str, str], list[Any]] = {}

        def count(noun: Noun) -> None:
            group = groups.setdefault((getattr(noun, field), noun.source.file), [noun, 0, ""])
            group[1:] = group[1] + 1, noun.source.place

        self.remove(table, condition, count)
        for (found, _), (first, number, last) in groups.items():
            more = f"{number} rows refer to it, the last one at {last}" if number > 1 else ""
            self.leave_out(table, finding(first, code, field, found, expected, more), number)


def _contradiction(
    table: NounTable, noun: Noun, other: Noun | None = None, severity: Severity = Severity.QUARANTINED
) -> Problem:
    field = "key" if other is None else _first_difference(table, noun, other)
    found = "other content" if other is None else str(getattr(noun, field))
    expected = "one row a key" if other is None else f"{getattr(other, field)} as in {other.source}"
    key = " ".join(str(part) for part in noun.key if part != "")
    return Problem(
        severity,
        "contradiction",
        noun.source.file,
        noun.source.place,
        field,
        found,
        expected,
        f"Two rows speak of the same {_words(table)} {key} and differ. Keep the one that is right",
    )


def _first_difference(table: NounTable, one: Noun, other: Noun) -> str:
    return next(name for name in table.field_names if getattr(one, name) != getattr(other, name))


def _two_spellings(table: NounTable, first: Noun, second: Noun, name: str) -> Problem:
    return Problem(
        Severity.NOTE,
        "stated-twice",
        second.source.file,
        second.source.place,
        name,
        str(getattr(second, name)),
        f"{getattr(first, name)} as in {first.source}",
        f"Two files describe the same {_words(table)}; the first one was taken",
    )


def _words(table: NounTable) -> str:
    return table.name.replace("_", " ")
