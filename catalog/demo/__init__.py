"""The demo's catalogue: an invented Ohio issuer, written as files exactly as a payer would file them.

The files go through the importers like anybody's. Layout under the chosen folder, one folder a plan year:
``2027/puf`` and ``2027/serff`` (the same content in two formats), ``2027/own`` (our own CSV set) and
``2027/market`` (competitors' silver plans, for the benchmark).
"""

from pathlib import Path

from catalog.demo.lineup import YEARS
from catalog.demo.market import write_market
from catalog.demo.own import write_ancillary
from catalog.demo.puf import write_puf
from catalog.demo.serff import write_serff

__all__ = ["YEARS", "write_all", "write_ancillary", "write_market", "write_puf", "write_serff"]


def write_all(out_dir: Path) -> list[Path]:
    """Write both plan years in every format under ``out_dir``; returns the files in the order written."""
    parts = (("puf", write_puf), ("serff", write_serff), ("own", write_ancillary), ("market", write_market))
    return [path for year in YEARS for name, write in parts for path in write(Path(out_dir) / str(year) / name, year)]
