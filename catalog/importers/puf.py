"""Exchange public use files as CSV: seven tables, told apart by their columns.

Column lists differ by year and state; each table's module holds its columns and what they become.
"""

from functools import partial
from pathlib import Path

from catalog.importers.common import Format
from catalog.importers.csv_table import header_names
from catalog.importers.puf_benefits import BENEFITS
from catalog.importers.puf_places import NETWORKS, SERVICE_AREAS
from catalog.importers.puf_plans import PLAN_ATTRIBUTES
from catalog.importers.puf_rates import RATES
from catalog.importers.puf_rules import BUSINESS_RULES, CROSSWALKS
from catalog.importers.puf_table import Table, read_table

TABLES = (PLAN_ATTRIBUTES, BENEFITS, RATES, SERVICE_AREAS, BUSINESS_RULES, NETWORKS, CROSSWALKS)
_LIKE_ENOUGH = 0.5  # share of telling columns; a table that lost some is still recognised, and refused by name


def table_of(names: frozenset[str]) -> Table | None:
    """The kind of table with these columns, or None where none is like them."""
    best = max(TABLES, key=lambda table: table.likeness(names))
    return best if best.likeness(names) >= _LIKE_ENOUGH else None


def _recognises(table: Table, _path: Path, head: bytes) -> bool:
    return table_of(header_names(head)) is table


FORMATS = tuple(
    Format(table.name, "puf", "csv", table.order, partial(_recognises, table), partial(read_table, table), table.labels)
    for table in TABLES
)
