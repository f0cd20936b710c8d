"""Measure what `--durable` costs: commits per second with synchronous=FULL against NORMAL, side by side on this disk.

    python benchmarks/durable.py [--rounds 7] [--commits 300] [--folder FOLDER]

Each round writes the same commits with both, in alternating order; the median of the ratios is printed.
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
    """Return how long the commits take, one request id each."""
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
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
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
