"""Measure the stage beside WireMock's stateless stub of the same bytes, interleaved, in one run, on one pinned core.

    python benchmarks/bench.py [--rounds 5] [--requests 2000] [--write docs/benchmarks.md]

Read the ratios, not the numbers: both servers have the same core, the client the other one, and every round plays all of
them in turn. Needs java, and node_modules (npm ci).
"""

from __future__ import annotations

import argparse
import platform
import statistics
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from afsnit import skriv
from last import Maaling, bytes_af, maal
from rich.console import Console
from rich.progress import Progress
from servere import fastgoer, kold_start, scene, wiremock

from vos_contracts.identitet import Identitet
from vos_contracts.idkilde import ny_uuid
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.kontrakt import indlaes
from vos_contracts.operationer import Art, Opret
from vos_contracts.wire import soap, soap_registrering
from vos_contracts.wire.base import Kald
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.soap_skema import tjenester
from vos_simulators.aktoerer import kss
from vos_simulators.personer import JOBCENTER, Folk, paa_scenen
from vos_simulators.styring import Styring
from vos_simulators.transport import HttpTransport

SAMTIDIGE = 8
LATENS_DEL = 4
"""A latency burst is a fourth of a throughput burst: it goes one request at a time."""

KONTRAKT = indlaes()
REST = Rest(KONTRAKT)
PRS = tjenester(KONTRAKT)["PersonRegistrationService"]
Serie = dict[str, list[Maaling]]


class Prober:
    """Makes requests that are each answered with 200: a citizen of its own for every create."""

    def __init__(self, styring: Styring, vaert: str) -> None:
        self._styring = styring
        self._vaert = vaert
        self._folk = Folk(seed=1)
        self.now: datetime = styring.status().ur
        self.hvem: Identitet = kss.identitet(JOBCENTER, self.now)

    def borgere(self, antal: int) -> list[str]:
        """Put that many new citizens on the stage."""
        nye = [self._folk.ny(18 + nummer % 60, self.now.date()) for nummer in range(antal)]
        for fra in range(0, antal, 1000):
            self._styring.opsaet(*(paa_scenen(borger) for borger in nye[fra : fra + 1000]))
        return [borger.cpr for borger in nye]

    def kommando(self) -> Opret:
        """Register contact group 13 from this morning."""
        return Opret(Art.KONTAKTGRUPPE, 13, self.now.replace(hour=0, minute=0, second=0, microsecond=0))

    def rest(self, antal: int) -> list[bytes]:
        """Make REST creates."""
        return [
            bytes_af(REST.kald_registrer(cpr, self.kommando(), self.hvem, ny_uuid()), self._vaert)
            for cpr in self.borgere(antal)
        ]

    def soap(self, antal: int) -> list[bytes]:
        """Make SOAP creates."""
        headers = {
            "content-type": "text/xml; charset=utf-8",
            "soapaction": PRS.operationer["CreateContactGroup"].soapaction,
        }
        beskeder = []
        for cpr in self.borgere(antal):
            _, element = soap_registrering.skriv_forespoergsel(cpr, self.kommando(), KONTRAKT)
            beskeder.append(bytes_af(Kald("POST", PRS.sti, headers, soap.skriv_kald(self.hvem, element)), self._vaert))
        return beskeder

    def laesning(self) -> Kald:
        """Make a read of a citizen with one contact group."""
        (cpr,) = self.borgere(1)
        return REST.kald_laes(cpr, Art.KONTAKTGRUPPE, self.hvem)


def stub(laesning: Kald, svar: bytes, opret_svar: bytes) -> dict[str, object]:
    """Answer WireMock's two requests with the bytes that the stage answers."""
    json = {"content-type": "application/json"}
    return {
        "mappings": [
            {"request": {"method": "GET", "url": laesning.sti},
             "response": {"status": 200, "headers": json, "body": svar.decode()}},
            {"request": {"method": "POST", "url": laesning.sti},
             "response": {"status": 200, "headers": json, "body": opret_svar.decode()}},
        ]
    }  # fmt: skip


def maal_alt(runder: int, antal: int, konsol: Console) -> tuple[Serie, Serie, list[tuple[float, float]]]:
    """Play all rounds; return throughput, latency and cold starts."""
    gennemloeb: Serie = {}
    latens: Serie = {}
    starter: list[tuple[float, float]] = []
    fastgoer(1)
    with (
        tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as mappe, scene(Path(mappe)) as klar,
        HttpTransport(klar["control"]) as kontrol, HttpTransport(klar["services"]) as transport,
        Progress(console=konsol) as fremgang,
    ):  # fmt: skip
        styring = Styring(kontrol)
        prober = Prober(styring, "127.0.0.1")
        laesning = prober.laesning()
        transport.send(REST.kald_registrer(laesning.headers["x-civilregistrationidentifier"], prober.kommando(),
                                           prober.hvem, ny_uuid()))  # fmt: skip
        laest = transport.send(laesning)
        laes = bytes_af(laesning, "127.0.0.1")
        opgave = fremgang.add_task("rounds", total=runder + 1)
        with wiremock(stub(laesning, laest.krop, f'"{ny_uuid()}"'.encode())) as wm:
            for runde in range(runder + 1):  # the first warms everybody up and is not counted
                opret = prober.rest(2)[0]
                for serie, samtidige, stoerrelse in (
                    (gennemloeb, SAMTIDIGE, antal), (latens, 1, antal // LATENS_DEL),
                ):  # fmt: skip
                    runden = {
                        "read": maal(klar["services"], [laes] * stoerrelse, samtidige),
                        "WireMock read": maal(wm, [laes] * stoerrelse, samtidige),
                        "REST create": maal(klar["services"], prober.rest(stoerrelse), samtidige),
                        "WireMock create": maal(wm, [opret] * stoerrelse, samtidige),
                    }
                    for navn, bagende in (
                        ("SOAP create, converter", PrsSoap.CONVERTER), ("SOAP create, classic", PrsSoap.KLASSISK),
                    ):  # fmt: skip
                        styring.tving_bagende(bagende)
                        runden[navn] = maal(klar["services"], prober.soap(stoerrelse), samtidige)
                    if runde:
                        for navn, maaling in runden.items():
                            serie.setdefault(navn, []).append(maaling)
                fremgang.advance(opgave)
    for _ in range(runder):
        starter.append(kold_start())
    return gennemloeb, latens, starter


def median(serie: Serie, navn: str, felt: str) -> float:
    """Return the median over the rounds."""
    return statistics.median(getattr(en, felt) for en in serie[navn])


def forhold(serie: Serie, a: str, b: str, felt: str) -> float:
    """Return the median of a / b, round by round."""
    return statistics.median(getattr(x, felt) / getattr(y, felt) for x, y in zip(serie[a], serie[b], strict=True))


def rapport(gennemloeb: Serie, latens: Serie, starter: Sequence[tuple[float, float]], runder: int, antal: int) -> str:
    """Write the page."""
    start = statistics.median(a / b for a, b in starter)
    maal_ = [
        ("read, requests/s against WireMock's stub", forhold(gennemloeb, "read", "WireMock read", "per_sekund"), ">=", 1.0),
        ("durable REST create, requests/s against WireMock's stub",
         forhold(gennemloeb, "REST create", "WireMock create", "per_sekund"), ">=", 0.5),
        ("SOAP create through the converter, median latency against REST create",
         forhold(latens, "SOAP create, converter", "REST create", "median_ms"), "<=", 1.5),
        ("SOAP create classic, median latency against REST create",
         forhold(latens, "SOAP create, classic", "REST create", "median_ms"), "", 0.0),
        ("cold start to first answer against WireMock", start, "<=", 1 / 3),
    ]  # fmt: skip
    linjer = [
        "## The stage beside WireMock", "",
        "Both servers run in turn on the same pinned core, the client on another; every round "
        "plays all of them; the first round warms up and is not counted. Absolute times on a shared machine are noise: read "
        "the ratios, which are medians of the rounds' own ratios.", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; {runder} rounds, {antal} requests a "
        f"burst over {SAMTIDIGE} connections, latency one at a time; WireMock 3.13.2 standalone, stateless stub of the same "
        "bytes, journal off. A create is validated, authorised, committed to SQLite (WAL) with its WSRM messages.", "",
        "### Ratios", "", "| what | ratio | aim | |", "| --- | ---: | --- | --- |",
    ]  # fmt: skip
    for navn, vaerdi, tegn, graense in maal_:
        holdt = {">=": vaerdi >= graense, "<=": vaerdi <= graense}.get(tegn)
        dom = "" if holdt is None else "held" if holdt else "**missed**"
        linjer.append(f"| {navn} | {vaerdi:.2f} | {f'{tegn} {graense:.2f}' if tegn else ''} | {dom} |")
    linjer += [
        "",
        "### Medians of this run",
        "",
        "| operation | requests/s | median ms | p99 ms |",
        "| --- | ---: | ---: | ---: |",
    ]
    for navn in gennemloeb:
        linjer.append(
            f"| {navn} | {median(gennemloeb, navn, 'per_sekund'):.0f} | {median(latens, navn, 'median_ms'):.3f} "
            f"| {median(latens, navn, 'p99_ms'):.3f} |"
        )
    vores, deres = (statistics.median(en) for en in zip(*starter, strict=True))
    linjer += ["", f"Cold start to first answer: stage {vores:.2f} s, WireMock {deres:.2f} s.", ""]
    return "\n".join(linjer)


def main() -> None:
    """Measure and print, or write the page."""
    argumenter = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    argumenter.add_argument("--rounds", type=int, default=5)
    argumenter.add_argument("--requests", type=int, default=2000)
    argumenter.add_argument("--write", type=Path)
    valg = argumenter.parse_args()
    tekst = rapport(*maal_alt(valg.rounds, valg.requests, Console(stderr=True)), valg.rounds, valg.requests)
    print(tekst)
    if valg.write:
        skriv(valg.write, "stage beside WireMock", tekst)


if __name__ == "__main__":
    main()
