"""Measure messages: commit to delivered, drained to a fast receiver and from the queue, a storm, an extra receiver's cost.

    python benchmarks/beskeder.py [--storm 1000000] [--write docs/benchmarks.md]

The sender is pinned to one core, receiver and caller to the other. Read the ratios and the shapes, not the numbers.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import platform
import resource
import socket
import statistics
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import uvicorn
import uvloop
from afsnit import skriv
from rich.console import Console
from rich.progress import Progress
from servere import fastgoer, scene, vent

from vos_contracts.base import stopwatch
from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import indlaes
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Aendringstype, Art, Opret
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.wsb import Wsb, WsbBesked
from vos_reference.adapters.afsender import HttpAfsender
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.application.ports import Abonnement, Subscribersystem, Wsbkonvolut, Wsbmodtager
from vos_reference.bootstrap import byg
from vos_reference.config import Konfiguration
from vos_simulators import parties
from vos_simulators.control import Styring
from vos_simulators.inboxes.webhook import WsbModtager
from vos_simulators.parties import JOBCENTER
from vos_simulators.party import Aktoer, Kanal
from vos_simulators.people import Folk, paa_scenen
from vos_simulators.transport import HttpTransport

KONTRAKT = indlaes()
SYSTEM = "0193e6a0-0000-7000-8000-000000000001"
KG = 100008
EN_DAG = date(2020, 1, 1)


def _tag_imod(stik: socket.socket) -> None:
    """A receiver that takes everything at once, in a process of its own."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body", False):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    fastgoer(1)
    uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off")).run(sockets=[stik])


@contextlib.contextmanager
def hurtig_modtager() -> Iterator[str]:
    """Run the receiver; return its address."""
    stik = socket.socket()
    stik.bind(("127.0.0.1", 0))
    proces = multiprocessing.Process(target=_tag_imod, args=(stik,), daemon=True)
    proces.start()
    try:
        adresse = f"http://127.0.0.1:{stik.getsockname()[1]}"
        vent(adresse)
        yield adresse
    finally:
        proces.terminate()
        proces.join()
        stik.close()


def abonner(styring: Styring, transport: HttpTransport, adresse: str, hvem: Any, system: str = SYSTEM) -> None:
    """Let the jobcentre subscribe to contact groups."""
    styring.subscribersystem(system, adresse, JOBCENTER)
    wire = Abonnementer(KONTRAKT, Rest(KONTRAKT))
    svar = transport.send(wire.kald(system, [Abonnementsoenske(JOBCENTER, KG, "/", EN_DAG)], hvem, ny_uuid()))
    assert svar.status == 200, svar.krop


def fra_commit_til_leveret(antal: int) -> tuple[float, float]:
    """Register one after the other; return the median and the 99th percentile from answer to arrival, in milliseconds."""
    with tempfile.TemporaryDirectory() as mappe, scene(Path(mappe)) as klar, WsbModtager(KONTRAKT) as modtager, \
            HttpTransport(klar["services"]) as transport, HttpTransport(klar["control"]) as kontrol:  # fmt: skip
        styring, folk = Styring(kontrol), Folk(seed=3)
        now = styring.status().ur
        hvem = parties.KSS.identity(JOBCENTER, now)
        abonner(styring, transport, modtager.adresse, hvem)
        borgere = [folk.ny(40, now.date()) for _ in range(antal)]
        styring.opsaet(*map(paa_scenen, borgere))
        aktoer, tider = Aktoer(hvem, KONTRAKT, transport, ny_uuid), []
        kommando = Opret(Art.KONTAKTGRUPPE, 13, now.replace(hour=0, minute=0, second=0, microsecond=0))
        for nummer, borger in enumerate(borgere, 1):
            assert isinstance(aktoer.registrer(borger.cpr, kommando, Kanal.PVS), str)
            begyndt = stopwatch.seconds()
            modtager.vent(lambda nummer=nummer: len(modtager._ankomster) >= nummer, "beskeden")
            tider.append(1000 * (stopwatch.seconds() - begyndt))
    return statistics.median(tider), statistics.quantiles(tider, n=100)[98]


def ekstra_modtagere(antal: int, runder: int) -> list[tuple[int, float]]:
    """Register with 0, 1, 4 and 8 subscribers in turn, several rounds; return the median registrations per second of each."""
    fundne: dict[int, list[float]] = {}
    with hurtig_modtager() as adresse, tempfile.TemporaryDirectory() as mappe, scene(Path(mappe)) as klar, \
            HttpTransport(klar["services"]) as transport, HttpTransport(klar["control"]) as kontrol:  # fmt: skip
        styring, folk = Styring(kontrol), Folk(seed=4)
        now = styring.status().ur
        hvem = parties.KSS.identity(JOBCENTER, now)
        aktoer = Aktoer(hvem, KONTRAKT, transport, ny_uuid)
        kommando = Opret(Art.KONTAKTGRUPPE, 13, now.replace(hour=0, minute=0, second=0, microsecond=0))
        for _ in range(runder):
            for abonnenter in (0, 1, 4, 8):
                styring.nulstil()
                for nummer in range(abonnenter):
                    abonner(styring, transport, adresse, hvem, f"{SYSTEM[:-1]}{nummer}")
                borgere = [folk.ny(40, now.date()) for _ in range(antal)]
                styring.opsaet(*map(paa_scenen, borgere))
                begyndt = stopwatch.seconds()
                for borger in borgere:
                    assert isinstance(aktoer.registrer(borger.cpr, kommando, Kanal.PVS), str)
                fundne.setdefault(abonnenter, []).append(antal / (stopwatch.seconds() - begyndt))
    return [(abonnenter, statistics.median(tal)) for abonnenter, tal in fundne.items()]


def fra_koeen(antal: int) -> float:
    """Fill the queue and let its owner empty it; return messages per second."""
    with (
        tempfile.TemporaryDirectory() as mappe,
        scene(Path(mappe)) as klar,
        HttpTransport(klar["services"], tidsfrist=None) as transport,
        HttpTransport(klar["control"]) as kontrol,
    ):
        styring, folk = Styring(kontrol), Folk(seed=5)
        now = styring.status().ur
        aktoer = Aktoer(parties.KSS.identity(JOBCENTER, now), KONTRAKT, transport, ny_uuid)
        kommando = Opret(Art.KONTAKTGRUPPE, 13, now.replace(hour=0, minute=0, second=0, microsecond=0))
        borgere = [folk.ny(40, now.date()) for _ in range(antal // 2)]  # version 5 and version 4 of each
        for fra in range(0, len(borgere), 1000):
            styring.opsaet(*map(paa_scenen, borgere[fra : fra + 1000]))
        for borger in borgere:
            aktoer.registrer(borger.cpr, kommando, Kanal.PVS)
        begyndt = stopwatch.seconds()
        hentet = len(aktoer.indbakke.toem())
        assert hentet == antal, hentet
        return hentet / (stopwatch.seconds() - begyndt)


def storm(antal: int, konsol: Console) -> tuple[float, float, list[int]]:
    """Let that many messages wait and drain them all; return messages per second filled and drained, and MiB at each tenth."""
    fastgoer(0)
    wsb, hukommelse = Wsb(KONTRAKT), []
    with hurtig_modtager() as adresse, tempfile.TemporaryDirectory() as mappe, Progress(console=konsol) as fremgang:
        fil = Path(mappe) / "storm.db"
        afsender = HttpAfsender()
        applikation = byg(Konfiguration(db=fil), KONTRAKT, SqliteStore(fil), afsender)
        now: datetime = applikation.drift.ur.now()
        modtager = Wsbmodtager(SYSTEM, JOBCENTER)
        with applikation.drift.store.transaktion() as t:
            t.gem_subscribersystem(Subscribersystem(SYSTEM, adresse, (JOBCENTER,)))
            t.gem_abonnement(Abonnement(modtager, KG, "/", EN_DAG, None))
        fylder, begyndt = fremgang.add_task("filling", total=antal), stopwatch.seconds()
        for fra in range(0, antal, 5000):
            with applikation.drift.store.transaktion() as t:
                t.laeg_wsb([_konvolut(wsb, modtager, nummer, now) for nummer in range(fra, min(fra + 5000, antal))])
            fremgang.update(fylder, completed=fra + 5000)
        fyldt = antal / (stopwatch.seconds() - begyndt)

        async def toem() -> None:
            loeb = applikation.delivery
            toemmer = fremgang.add_task("draining", total=antal)
            opgave = asyncio.create_task(loeb.indtil_ro())
            while not opgave.done():
                await asyncio.wait([opgave], timeout=0.25)
                with applikation.drift.store.laesning() as t:
                    venter = _venter(t)
                fremgang.update(toemmer, completed=antal - venter)
                while len(hukommelse) <= 10 * (antal - venter) // antal:
                    hukommelse.append(_mib())
            opgave.result()
            await afsender.luk()

        begyndt = stopwatch.seconds()
        uvloop.run(toem())
        toemt = antal / (stopwatch.seconds() - begyndt)
        applikation.luk()
    return fyldt, toemt, hukommelse


def _mib() -> int:
    sider = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return sider * resource.getpagesize() // 1024**2


def _venter(t: Any) -> int:
    """How many wait, told by the numbers at both ends: counting a million rows again and again would be what is measured."""
    foerste, sidste = t._db.execute("SELECT min(nr), max(nr) FROM wsb").fetchone()
    return 0 if foerste is None else int(sidste) - int(foerste) + 1


def _konvolut(wsb: Wsb, modtager: Wsbmodtager, nummer: int, now: datetime) -> Wsbkonvolut:
    id_, aendring = ny_uuid(), Aendringstype.OPRETTET
    besked = WsbBesked(id_, KG, "Kontaktgruppe", ny_uuid(), f"{nummer:010d}", aendring, Organisation(8, "10100"), now)
    return Wsbkonvolut(id_, modtager, KG, f"b{nummer // 2}", wsb.skriv(besked), now)


def main() -> None:
    """Measure and write the section."""
    valg = argparse.ArgumentParser(description=__doc__)
    valg.add_argument("--storm", type=int, default=1_000_000)
    valg.add_argument("--write", type=Path)
    valgt = valg.parse_args()
    konsol = Console(stderr=True)
    fastgoer(1)
    median, p99 = fra_commit_til_leveret(500)
    konsol.print(f"commit to delivered {median:.1f} / {p99:.1f} ms")
    ekstra = ekstra_modtagere(400, 5)
    konsol.print(f"extra receivers {ekstra}")
    koe = fra_koeen(10_000)
    konsol.print(f"from the queue {koe:.0f}/s")
    fyldt, toemt, hukommelse = storm(valgt.storm, konsol)
    uden = ekstra[0][1]
    raekker = "\n".join(f"| {antal} | {tal:,.0f} | {tal / uden:.2f} |" for antal, tal in ekstra)
    tekst = f"""## Messages

Python {platform.python_version()}, {platform.system()} {platform.machine()}; SQLite (WAL); the sender on one pinned core,
receiver and caller on another.

| what | figure |
| --- | ---: |
| commit to delivered, one at a time, 50th percentile | {median:.1f} ms |
| commit to delivered, one at a time, 99th percentile | {p99:.1f} ms |
| WSB drained to one fast receiver (of {valgt.storm:,} waiting, two to a citizen) | {toemt:,.0f}/s |
| WSRM emptied by its owner, 500 a transfer | {koe:,.0f}/s |

Memory at each tenth of draining {valgt.storm:,} waiting messages, MiB: {", ".join(map(str, hukommelse))}.
They were queued at {fyldt:,.0f}/s.

| subscribers | registrations/s (one caller, median of 5 rounds) | against none |
| ---: | ---: | ---: |
{raekker}
"""
    konsol.print(tekst)
    if valgt.write:
        skriv(valgt.write, "messages", tekst)


if __name__ == "__main__":
    main()
