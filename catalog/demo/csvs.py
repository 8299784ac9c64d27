"""Writing CSV files with the same bytes every time."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path


def write_csv(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> Path:
    """Write rows under these columns; a missing key is an empty cell, an unknown key an error (ValueError)."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(columns), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
