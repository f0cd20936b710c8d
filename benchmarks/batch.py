"""Measure the nightly jobs: a full run over everybody, its memory, and a delta run with one in a hundred due.

    python benchmarks/batch.py [--persons 1000000] [--write docs/benchmarks.md]

Citizens are put into a SQLite file directly. Night 1 is a full run and night 2 a delta run, each with one in a hundred due
and in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from afsnit import skriv
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from vos_contracts.base import stopwatch
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.stage import Koerselsart
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.identity import Bruger, Identitet, Organisation
from vos_contracts.model.registration import Art
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.application import batch
from vos_reference.application.drift import Drift
from vos_reference.application.ports import Koersel
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.batchjob import forfald
from vos_reference.domain.person import Person, Registrering, Tilknytning
from vos_reference.domain.tid import DANSK_TID, kl

KONTRAKT = indlaes()
START = datetime(2024, 11, 18, 9, 0, tzinfo=DANSK_TID)
NAETTER = [kl(START.date() + timedelta(days=nummer), KONTRAKT.batchjob[0].klokken) for nummer in (1, 2)]
FORFALDEN = 100
"""One in this many is due each night."""
KLUMP = 5000
MAALEPUNKTER = 10

_SIDEN = datetime(2023, 1, 2, tzinfo=DANSK_TID)
_JOBCENTER, _KOMMUNE, _AKASSE = Organisation(8, "10100"), Organisation(7, "101"), Organisation(2, "81")
_HVEM = Identitet(_JOBCENTER, Bruger("Sofie Sagsbehandler", 2, "sofie"), _JOBCENTER, _SIDEN, 1001)


def person(nummer: int) -> Person:
    """Make a citizen with three memberships, a group and mostly a category; one in a hundred turns 30 in each of the nights."""
    nat = nummer % FORFALDEN
    fylder = nat < len(NAETTER)
    ung = fylder or nat < 30
    gruppe = 12 if ung else 2 if nat < 60 else 1
    dag = NAETTER[nat].date() if fylder else START.date() + timedelta(days=400 + nummer % 3000)
    foedt = date(1970 + nummer % 20, 1 + nummer % 12, 2)
    if ung:
        foedt = dag.replace(year=dag.year - 30, day=min(dag.day, 28))
    historik = [Registrering(f"g{nummer:035d}", Art.KONTAKTGRUPPE, gruppe, None, _SIDEN, None, False, _HVEM, _SIDEN)]
    if gruppe != 1:
        historik.append(
            Registrering(f"c{nummer:035d}", Art.PERSONKATEGORI, 8, None, _SIDEN, None, False, _HVEM, _SIDEN)
        )
    return Person(
        id=f"{nummer:036d}",
        cpr=f"{nummer:010d}",
        foedt=foedt,
        tilknytninger=tuple(Tilknytning(en, date(2000, 1, 1)) for en in (_JOBCENTER, _KOMMUNE, _AKASSE)),
        historik=tuple(historik),
    )


def bosaet(fil: Path, antal: int) -> Iterator[int]:
    """Put the citizens into the file chunk by chunk, and tell how many there are."""
    store = SqliteStore(fil)
    for fra in range(0, antal, KLUMP):
        with store.transaktion() as t:
            for nummer in range(fra, min(fra + KLUMP, antal)):
                en = person(nummer)
                t.opret_person(en, forfald(en, KONTRAKT, START))
        yield min(fra + KLUMP, antal)
    store.luk()


def nat(fil: Path, art: Koerselsart, tidspunkt: datetime) -> dict[str, object]:
    """Run a night in this process, telling how far it has come; return its time and its memory on the way, in MiB."""
    store = SqliteStore(fil)
    drift = Drift(
        store,
        StageClock(SystemClock(), tidspunkt),
        ny_uuid,
        KONTRAKT,
        KONTRAKT.udgaver["2024-4"],
        None,
        lambda post: None,
    )
    koersel = batch.begynd(drift, art, tidspunkt)
    hukommelse, naeste = [_mib()], 0.0
    begyndt = stopwatch.seconds()
    for nu in batch.koer(drift, koersel):
        if not isinstance(nu, Koersel):
            continue
        koersel = nu
        if koersel.i_alt and koersel.sete / koersel.i_alt >= naeste:
            naeste += 1 / MAALEPUNKTER
            hukommelse.append(_mib())
            print(koersel.sete, flush=True)
    sekunder = stopwatch.seconds() - begyndt
    store.luk()
    return {
        "sekunder": sekunder, "sete": koersel.sete, "aendrede": koersel.aendrede, "hukommelse": hukommelse,
        "hoejst": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def _mib() -> float:
    sider = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return sider * resource.getpagesize() / 1024**2


def i_egen_proces(fil: Path, art: Koerselsart, nummer: int, fremgang: Progress) -> dict[str, object]:
    """Run a night in a process of its own and draw how far it comes."""
    opgave = fremgang.add_task(f"{art.value} run", total=None)
    kommando = [sys.executable, __file__, "--night", str(nummer), "--kind", art.value, "--db", str(fil)]
    with subprocess.Popen(kommando, stdout=subprocess.PIPE, text=True) as proces:
        assert proces.stdout is not None
        for linje in proces.stdout:
            if linje.startswith("{"):
                svar: dict[str, object] = json.loads(linje)
                fremgang.update(opgave, total=svar["sete"], completed=svar["sete"])
            else:
                fremgang.update(opgave, completed=int(linje))
    assert proces.returncode == 0
    return svar


def rapport(antal: int, bosat: float, stoerrelse: int, fuld: dict[str, object], delta: dict[str, object]) -> str:
    """Write the section."""
    f, d = float(str(fuld["sekunder"])), float(str(delta["sekunder"]))
    hukommelse = [float(str(en)) for en in list(fuld["hukommelse"])[1:]]  # type: ignore[call-overload]  # a list of numbers
    vaekst = hukommelse[-1] - hukommelse[0]
    return "\n".join([
        "## Nightly jobs", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; SQLite (WAL), {antal:,} citizens with "
        f"three memberships, a group and mostly a category, {stoerrelse / 1024**3:.2f} GiB; one in {FORFALDEN} turns 30 in "
        f"each of two nights. Chunks of {batch.KLUMP} in one transaction each, with their messages and the run's progress. "
        "Each run in a process of its own.", "",
        "| run | looked at | changed | seconds | citizens/s | peak memory MiB |", "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {navn} | {int(str(en['sete'])):,} | {int(str(en['aendrede'])):,} | {sek:.2f} | "
            f"{int(str(en['sete'])) / sek:,.0f} | {float(str(en['hoejst'])):.0f} |"
            for navn, en, sek in (("full, night 1", fuld, f), ("delta, night 2", delta, d))
        ), "",
        f"The delta run took {d / f:.3f} of the full run's time, with {1 / FORFALDEN:.0%} due.", "",
        f"Memory of the full run at each tenth of the way, MiB: {', '.join(f'{en:.0f}' for en in hukommelse)} "
        f"({vaekst:+.0f} from the first tenth to the end; 64 MiB of it is SQLite's page cache, which fills first). "
        f"Putting the citizens there took {bosat:.0f} s.", "",
    ])  # fmt: skip


def main() -> None:
    """Measure and print, or write the section; or be one night's process."""
    argumenter = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    argumenter.add_argument("--persons", type=int, default=1_000_000)
    argumenter.add_argument("--write", type=Path)
    argumenter.add_argument("--night", type=int, help=argparse.SUPPRESS)
    argumenter.add_argument("--kind", help=argparse.SUPPRESS)
    argumenter.add_argument("--db", type=Path, help=argparse.SUPPRESS)
    valg = argumenter.parse_args()
    if valg.night is not None:
        print(json.dumps(nat(valg.db, Koerselsart(valg.kind), NAETTER[valg.night])))
        return
    kolonner = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        tempfile.TemporaryDirectory(prefix="generalproeve-batch-") as mappe,
        Progress(*kolonner, console=Console(stderr=True)) as fremgang,
    ):
        fil = Path(mappe) / "batch.db"
        begyndt, opgave = stopwatch.seconds(), fremgang.add_task("citizens", total=valg.persons)
        for antal in bosaet(fil, valg.persons):
            fremgang.update(opgave, completed=antal)
        bosat, stoerrelse = stopwatch.seconds() - begyndt, fil.stat().st_size
        fuld = i_egen_proces(fil, Koerselsart.FULD, 0, fremgang)
        delta = i_egen_proces(fil, Koerselsart.DELTA, 1, fremgang)
    tekst = rapport(valg.persons, bosat, stoerrelse, fuld, delta)
    print(tekst)
    if valg.write:
        skriv(valg.write, "nightly jobs", tekst)


if __name__ == "__main__":
    main()
