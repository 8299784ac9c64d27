"""CPU time of the bundle summary: ``python tests/benchmarks/bench_pdf.py``. Prints figures, asserts nothing.

The ratio compares the next household with the same plans (shared pages joined) with laying everything out anew, in the
same run, so that it means the same on every machine.
"""

import importlib.util
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
ROUNDS = 7

from portal.documents import engine  # noqa: E402
from portal.documents.summary import make_summary_pdf  # noqa: E402


def load_example():
    spec = importlib.util.spec_from_file_location("example", ROOT / "tests/portal/documents/example.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cpu_ms(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def main() -> None:
    example = load_example()
    first = cpu_ms(lambda: make_summary_pdf(example.FAMILY_OF_FOUR))
    anew, following = [], []
    for number in range(ROUNDS):
        household = example.with_name(f"Household {number}")
        following.append(cpu_ms(lambda household=household: make_summary_pdf(household)))
    again = cpu_ms(lambda: make_summary_pdf(household))
    for _ in range(ROUNDS):
        engine.forget()
        anew.append(cpu_ms(lambda: make_summary_pdf(example.FAMILY_OF_FOUR)))
    whole, joined = statistics.median(anew), statistics.median(following)
    print(f"first in the process, with imports and fonts   {first:8.0f} ms CPU")
    print(f"everything laid out anew                       {whole:8.0f} ms CPU")
    print(f"next household with the same plans             {joined:8.0f} ms CPU  ({whole / joined:.1f} times faster)")
    print(f"the same document again                        {again:8.1f} ms CPU")


if __name__ == "__main__":
    main()
