"""``python -m catalog.demo OUT`` writes the demo's files under OUT and lists them."""

import argparse
import sys
from pathlib import Path

from catalog.demo import write_all


def main() -> None:
    """Read the one argument, write, list the files."""
    parser = argparse.ArgumentParser(prog="python -m catalog.demo", description=write_all.__doc__)
    parser.add_argument("out", type=Path, help="folder to write into; made when missing")
    for path in write_all(parser.parse_args().out):
        sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
