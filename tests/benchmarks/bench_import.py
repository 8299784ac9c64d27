"""Rows per second of the Rate PUF import, against csv.reader going through the same file.

Run: ``python tests/benchmarks/bench_import.py [ROWS]``. Prints figures, asserts none on time.
"""

import csv
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from catalog.demo import YEARS, write_puf
from catalog.importers import read

ROWS = 200_000


def write_rates(folder: Path, rows: int) -> Path:
    """The demo's rate table repeated under other plan ids until it has that many rows."""
    write_puf(folder / "demo", YEARS[-1])
    with (folder / "demo" / "Rate_PUF.csv").open(newline="") as stream:
        header, *filed = csv.reader(stream)
    place = header.index("PlanId")
    path = folder / "Rate_PUF.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for index in range(rows):
            row = filed[index % len(filed)].copy()
            row[place] = f"{row[place][:10]}{index // len(filed):04d}"
            writer.writerow(row)
    return path


def plain(path: Path) -> Iterator[object]:
    """The named alternative: csv.reader alone, cells as text, nothing checked."""
    with path.open(newline="") as stream:
        yield from csv.reader(stream)


def seconds(items: Iterator[object]) -> float:
    """CPU seconds to go through all items once, keeping none."""
    start = time.process_time()
    for _ in items:
        continue
    return time.process_time() - start


def main() -> None:
    """Print rows per second of both, their ratio, and how much memory the import added."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as name:
        path = write_rates(Path(name), rows)
        bare = min(seconds(plain(path)) for _ in range(3))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        typed = min(seconds(read([path])) for _ in range(3))
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"rate import: {rows / typed:,.0f} rows/s of CPU (typed, checked, with source)")
    print(f"csv.reader alone: {rows / bare:,.0f} rows/s")
    print(f"ratio: {typed / bare:.1f} times the time of csv.reader; peak memory grew {(after - before) / 1024:.0f} MB")


if __name__ == "__main__":
    main()
