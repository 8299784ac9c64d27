"""From a noun of `catalog.terms` to a table and back: the dataclass is the only list of its fields.

A table has the release it belongs to, one column a field in the order of the dataclass, and where the row was read.
Money is cents; shares of one keep fifteen places, which is what the AV calculator files; small tuples are JSON text.
"""

import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache, cached_property, lru_cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from catalog.store.base import Base, Cents, JsonDocument, Scaled, choice
from catalog.terms import (
    AttributeValue,
    CopayUnit,
    CostShare,
    CoverageExample,
    DeductibleTiming,
    Noun,
    Source,
    from_cents,
    to_cents,
)

SHARE_PLACES = 15
QUANTITY_PLACES = 4
_SHARES = frozenset(
    {
        "ehb_percent",
        "pediatric_dental_apportionment",
        "av",
        "issuer_av",
        "first_tier_share",
        "second_tier_share",
        "coinsurance",
    }
)
_QUANTITIES = frozenset({"limit_quantity", "pays_amount", "amount"})
_SCHEMA_TYPES: dict[type, Callable[[], sa.types.TypeEngine]] = {
    str: sa.Text,
    int: sa.Integer,
    bool: sa.Boolean,
    date: sa.Date,
}


class CostShareText(TypeDecorator[CostShare]):
    """A cost share as a short JSON list: cents, unit, timing, share as text, timing, both texts as filed."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: CostShare | None, dialect: Dialect) -> str | None:
        """Keep the filed texts beside the values."""
        if value is None:
            return None
        copay = None if value.copay is None else to_cents(value.copay)
        parts = (
            copay,
            value.copay_unit,
            value.copay_timing,
            value.coinsurance,
            value.coinsurance_timing,
            value.filed_copay,
            value.filed_coinsurance,
        )
        return msgspec.json.encode(parts).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> CostShare | None:
        """Equal texts share one value."""
        return None if value is None else _cost_share(value)


@lru_cache(maxsize=50_000)
def _cost_share(text: str) -> CostShare:
    copay, unit, timing, share, share_timing, filed_copay, filed_share = msgspec.json.decode(text)
    return CostShare(
        None if copay is None else from_cents(copay),
        CopayUnit(unit),
        DeductibleTiming(timing),
        None if share is None else Decimal(share),
        DeductibleTiming(share_timing),
        filed_copay,
        filed_share,
    )


class AttributesText(TypeDecorator[tuple[tuple[str, AttributeValue], ...]]):
    """Attributes of an option as JSON: name, kind of value, value as text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[tuple[str, AttributeValue]], dialect: Dialect) -> str:
        """Names a kind for each value, because text alone would lose it."""
        return msgspec.json.encode([(name, type(each).__name__, str(each)) for name, each in value]).decode()

    def process_result_value(self, value: str, dialect: Dialect) -> tuple[tuple[str, AttributeValue], ...]:
        """Back to the values that were filed."""
        return tuple((name, _ATTRIBUTE_READERS[kind](text)) for name, kind, text in msgspec.json.decode(value))


_ATTRIBUTE_READERS: dict[str, Callable[[str], AttributeValue]] = {
    "str": str,
    "Decimal": Decimal,
    "bool": lambda text: text == "True",
    "date": date.fromisoformat,
}


class OnConflict(Enum):
    """What becomes of two rows of one import with the same key and different content."""

    REFUSE = "refuse"  # nobody could tell which price or plan is right
    LEAVE_OUT = "leave out"  # both rows are quarantined
    FILL_IN = "fill in"  # several files speak of it; what one leaves out, another states


@dataclass(frozen=True, eq=False)
class NounTable:
    """One noun and its table. ``name`` is what people read in counts."""

    name: str
    noun: type
    table: sa.Table
    on_conflict: OnConflict

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the fields of ``noun.key``."""
        return self.noun.KEY

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        """Stored fields in the order of the dataclass, without the source."""
        return tuple(each.name for each in fields(self.noun) if each.name != "source")

    @cached_property
    def columns(self) -> tuple[sa.Column, ...]:
        """The columns that `read` takes, in its order."""
        return self.columns_of(self.table)

    def columns_of(self, source: sa.FromClause) -> tuple[sa.ColumnElement, ...]:
        """The same columns of the table under another name."""
        return tuple(source.c[name] for name in (*self.field_names, "source_file", "source_place"))

    @cached_property
    def release_no(self) -> sa.Column:
        """Column of the release."""
        return self.table.c.release_no

    @cached_property
    def defaults(self) -> dict[str, Any]:
        """Value of each field that says "not stated"; fields that must be stated are absent."""
        return {each.name: each.default for each in fields(self.noun) if each.default is not MISSING}

    @cached_property
    def _values(self) -> Callable[[Noun], tuple]:
        return attrgetter(*self.field_names)

    @cached_property
    def _scales(self) -> tuple[tuple[str, int], ...]:
        """Fields that hold decimals, with the places that their column keeps."""
        return tuple((each, places) for each in self.field_names if (places := _places(self.table.c[each].type)))

    def row(self, noun: Noun, release_no: int) -> dict[str, Any]:
        """Values of one insert."""
        row = dict(zip(self.field_names, self._values(noun), strict=True))
        row["release_no"] = release_no
        row["source_file"], row["source_place"] = noun.source.file, noun.source.place
        return row

    def read(self, row: Sequence[Any]) -> Any:
        """The noun from a result row that starts with `columns`."""
        width = len(self.columns)
        return self.noun(*row[: width - 2], Source(row[width - 2], row[width - 1]))

    def digest(self, noun: Noun) -> int:
        """A number that is equal for equal content, whatever file it came from and however amounts were spelled."""
        content = [self.name, *_plain_record(noun)]
        return int.from_bytes(sha256(msgspec.json.encode(content)).digest(), "big")

    def too_fine(self, noun: Noun) -> tuple[str, int] | None:
        """The first field with more decimal places than its column keeps, and how many that keeps."""
        for name, places in self._scales:
            value = getattr(noun, name)
            if value is not None and value.normalize().as_tuple().exponent < -places:
                return name, places
        return None


def plain(value: Any) -> Any:
    """A value as JSON knows it, one spelling for equal values; parts that take no part in equality are left out."""
    writer = _PLAIN.get(type(value))
    return value if writer is None else writer(value)


def _plain_record(value: Any) -> list[Any]:
    return [plain(each) for each in _compared_values(type(value))(value)]


@cache
def _compared_values(kind: type) -> Callable[[Any], tuple]:
    """Reads the fields that take part in equality, in order."""
    return attrgetter(*(each.name for each in fields(kind) if each.compare))


_PLAIN: dict[type, Callable[[Any], Any]] = {
    Decimal: lambda value: str(value.normalize()) if value else "0",
    tuple: lambda value: [plain(each) for each in value],
    CostShare: _plain_record,
    CoverageExample: _plain_record,
}


def noun_table(
    name: str,
    noun: type,
    *,
    on_conflict: OnConflict = OnConflict.LEAVE_OUT,
    clustered: bool = False,
    extra: Sequence[sa.Column] = (),
    indexes: Sequence[str] = (),
) -> NounTable:
    """Make the table ``catalog_<name>`` of a noun.

    Each of ``indexes`` names fields, space-separated. ``clustered`` keeps narrow rows in key order.
    """
    hints = get_type_hints(noun)
    table = sa.Table(
        f"catalog_{name}",
        Base.metadata,
        sa.Column("release_no", sa.ForeignKey("catalog_release.number", ondelete="CASCADE"), primary_key=True),
        *(_column(each.name, hints[each.name], noun.KEY) for each in fields(noun) if each.name != "source"),
        sa.Column("source_file", sa.Text, nullable=False),
        sa.Column("source_place", sa.Text, nullable=False),
        *extra,
        sa.PrimaryKeyConstraint("release_no", *noun.KEY),
        *(sa.Index(f"ix_catalog_{name}_{each.split()[-1]}", "release_no", *each.split()) for each in indexes),
        sqlite_with_rowid=not clustered,
    )
    return NounTable(name, noun, table, on_conflict)


def _column(name: str, hint: Any, key: tuple[str, ...]) -> sa.Column:
    kind, optional = _without_none(hint)
    return sa.Column(name, _column_type(name, kind), primary_key=name in key, nullable=optional, autoincrement=False)


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) not in (Union, types.UnionType):
        return hint, False
    kinds = [each for each in get_args(hint) if each is not types.NoneType]
    return kinds[0], len(kinds) < len(get_args(hint))


def _column_type(name: str, kind: Any) -> sa.types.TypeEngine:
    if name == "attributes":
        return AttributesText()
    if kind is CostShare:
        return CostShareText()
    if kind is Decimal:
        return _decimal_type(name)
    if get_origin(kind) is tuple:
        return JsonDocument(kind)
    return choice(kind) if issubclass(kind, StrEnum) else _SCHEMA_TYPES[kind]()


def _decimal_type(name: str) -> Scaled:
    if name in _SHARES:
        return Scaled(SHARE_PLACES)
    return Scaled(QUANTITY_PLACES) if name in _QUANTITIES else Cents()


def _places(kind: sa.types.TypeEngine) -> int | None:
    return kind.places if isinstance(kind, Scaled) else None
