"""The process that Locust runs in: it reads a task, makes the calls, tells how far it has come, and writes what it measured.

    python -m vos_load TASK.json RESULT.json [--master HOST:PORT --workers N | --ui PORT]
    python -m vos_load --worker HOST:PORT

One line of JSON a second on standard output. Started by the command line, which may not import Locust.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

import msgspec

from vos_load.loeb import Mislykket, alene
from vos_load.mester import arbejder, mester
from vos_load.opgave import Opgave


def _adresse(tekst: str) -> tuple[str, int]:
    vaert, _, port = tekst.rpartition(":")
    return vaert, int(port)


def main() -> None:
    """Do what the command line says."""
    valg = argparse.ArgumentParser(description=__doc__)
    valg.add_argument("task", nargs="?", type=Path)
    valg.add_argument("result", nargs="?", type=Path)
    valg.add_argument("--master", type=_adresse, metavar="HOST:PORT")
    valg.add_argument("--workers", type=int, default=1)
    valg.add_argument("--worker", type=_adresse, metavar="HOST:PORT")
    valg.add_argument("--ui", type=int)
    valgt = valg.parse_args()
    del sys.argv[1:]  # Locust's page reads them too, as Locust's own
    logging.getLogger("locust").setLevel(logging.ERROR)
    try:
        if valgt.worker:
            arbejder(*valgt.worker)
            return
        opgave = msgspec.json.decode(valgt.task.read_bytes(), type=Opgave)
        if valgt.master:
            vaert, port = valgt.master
            taget = mester(opgave, vaert, port, valgt.workers)
        else:
            taget = alene(opgave, valgt.ui)
    except Mislykket as brud:
        sys.exit(f"vos_load: {brud}")
    valgt.result.write_bytes(msgspec.json.encode(taget))


if __name__ == "__main__":
    main()
