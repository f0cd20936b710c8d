"""Measure what `--durable` costs on a disk: the time of a commit with SQLite's synchronous=FULL against NORMAL.

    python benchmarks/durable.py [--rounds 7] [--commits 300] [--folder FOLDER]

FOLDER is on the disk to measure; the default is the current folder. Each round stores the same commits with both
settings, in alternating order. It takes seconds.

Prints one line: how many times as long a commit takes with FULL (the median of the rounds' ratios), and the commits per
second with FULL. 1.0 means that the disk makes `--durable` free; docs/stages.md says when it is needed.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from vos_contracts.base import stopwatch
from vos_reference.adapters.sqlite import SqliteStore

NOW = datetime(2024, 11, 18, tzinfo=UTC)


def seconds(folder: Path, commits: int, *, durable: bool) -> float:
    """Return the seconds that the commits take; each stores one request id."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        store = SqliteStore(Path(own, "stage.db"), durable=durable)
        try:
            began = stopwatch.seconds()
            for number in range(commits):
                with store.transaction() as t:
                    t.remember_call(f"call {number}", NOW, NOW)
            return stopwatch.seconds() - began
        finally:
            store.close()


def main() -> None:
    """Measure and print one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--commits", type=int, default=300)
    parser.add_argument("--folder", type=Path, default=Path())
    chosen = parser.parse_args()
    ratios, rates = [], []
    for number in range(chosen.rounds):
        order = (False, True) if number % 2 else (True, False)
        took = {durable: seconds(chosen.folder, chosen.commits, durable=durable) for durable in order}
        ratios.append(took[True] / took[False])
        rates.append(chosen.commits / took[True])
    print(
        f"synchronous=FULL takes {statistics.median(ratios):.1f} times as long per commit as NORMAL "
        f"({statistics.median(rates):.0f} commits a second; median of {chosen.rounds} rounds of {chosen.commits})"
    )


if __name__ == "__main__":
    main()
