"""Measure the stage beside stub servers of the same bytes, interleaved, in one run, on one pinned core.

    python benchmarks/bench.py [--rounds 5] [--requests 2000] [--write docs/benchmarks.md]

The stubs are WireMock's, Prism's and Mockoon's, and a bare server. Read the ratios, not the numbers: all servers have the same
core, the client the other one, and every round plays all of them in turn. Needs java and node_modules (npm ci).
"""

from __future__ import annotations

import argparse
import contextlib
import platform
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from afsnit import skriv
from attrapper import NPM, Svarene, attrapper
from last import Maaling, Server, maal
from prober import Prober, paa_linjen
from rich.console import Console
from rich.progress import Progress
from servere import fastgoer, kold_start, scene

from vos_contracts.base.ids import ny_uuid
from vos_contracts.koder.udgave import PrsSoap
from vos_simulators.control import Styring
from vos_simulators.transport import HttpTransport

SAMTIDIGE = 8
LATENS_DEL = 4
"""A latency burst is a fourth of a throughput burst: it goes one request at a time."""
VARME = 15_000
"""Requests of each kind that WireMock gets before anything is counted: a JVM compiles what is called often."""
LANGSOMME = 4
"""So many times fewer requests go to what is written for Node: they take as long as the others'."""

Serie = dict[str, list[Maaling]]


def maal_alt(runder: int, antal: int, konsol: Console) -> tuple[Serie, Serie, list[tuple[float, float]]]:
    """Play all rounds; return throughput, latency and cold starts."""
    gennemloeb: Serie = {}
    latens: Serie = {}
    fastgoer(1)
    with contextlib.ExitStack() as aabne:
        mappe = aabne.enter_context(tempfile.TemporaryDirectory(prefix="generalproeve-bench-"))
        klar = aabne.enter_context(scene(Path(mappe)))
        styring = Styring(aabne.enter_context(HttpTransport(klar["control"])))
        prober, transport = Prober(styring), aabne.enter_context(HttpTransport(klar["services"]))
        opret, laesning = prober.laesning()
        transport.send(opret)
        svarene = Svarene(laesning.sti, transport.send(laesning).krop, f'"{ny_uuid()}"'.encode())
        stubbe = {navn: aabne.enter_context(attrap(svarene)) for navn, attrap in attrapper().items()}
        laes, gem = paa_linjen([laesning, opret])
        scenen = Server(klar["services"], int(klar["pid"]))
        for besked in (laes, gem):
            maal(stubbe["WireMock"], [besked] * VARME, SAMTIDIGE)
        fremgang = aabne.enter_context(Progress(console=konsol))
        opgave = fremgang.add_task("rounds", total=runder + 1)
        for runde in range(runder + 1):  # the first warms everybody up and is not counted
            for serie, samtidige, stoerrelse in ((gennemloeb, SAMTIDIGE, antal), (latens, 1, antal // LATENS_DEL)):
                runden = _runde(scenen, stubbe, styring, prober, laes, gem, samtidige, stoerrelse)
                if runde:
                    for navn, maaling in runden.items():
                        serie.setdefault(navn, []).append(maaling)
            fremgang.advance(opgave)
    return gennemloeb, latens, [kold_start() for _ in range(runder)]


def _runde(
    scenen: Server, stubbe: Mapping[str, Server], styring: Styring, prober: Prober,
    laes: bytes, gem: bytes, samtidige: int, antal: int,
) -> dict[str, Maaling]:  # fmt: skip
    """Play one round: the stage and every stub by turns, reads and then creates."""
    runden = {"read": maal(scenen, [laes] * antal, samtidige)}
    for navn, server in stubbe.items():
        runden[f"{navn} read"] = maal(server, [laes] * _del(navn, antal), samtidige)
    runden["REST create"] = maal(scenen, paa_linjen(prober.rest(antal)), samtidige)
    for navn, server in stubbe.items():
        runden[f"{navn} create"] = maal(server, [gem] * _del(navn, antal), samtidige)
    for navn, bagende in (("converter", PrsSoap.CONVERTER), ("classic", PrsSoap.KLASSISK)):
        styring.tving_bagende(bagende)
        runden[f"SOAP create, {navn}"] = maal(scenen, paa_linjen(prober.soap(antal)), samtidige)
    return runden


def _del(navn: str, antal: int) -> int:
    return antal // LANGSOMME if navn in ("Prism", "Mockoon") else antal


def median(serie: Serie, navn: str, felt: str) -> float:
    """Return the median over the rounds."""
    return statistics.median(getattr(en, felt) for en in serie[navn])


def forhold(serie: Serie, a: str, b: str, felt: str) -> float:
    """Return the median of a / b, round by round."""
    return statistics.median(getattr(x, felt) / getattr(y, felt) for x, y in zip(serie[a], serie[b], strict=True))


def rapport(gennemloeb: Serie, latens: Serie, starter: Sequence[tuple[float, float]], runder: int, antal: int) -> str:
    """Write the section."""
    start = statistics.median(a / b for a, b in starter)
    maal_: list[tuple[str, float, str, float]] = []
    for navn, laes_maal, gem_maal in (
        ("WireMock", 1.5, 1.0),
        ("Prism", 3.0, 3.0),
        ("Mockoon", 3.0, 3.0),
        ("bare server", 0.0, 0.0),
    ):
        if f"{navn} read" not in gennemloeb:
            continue
        for hvad, vores, deres, graense in (
            ("read", "read", f"{navn} read", laes_maal), ("durable REST create", "REST create", f"{navn} create", gem_maal),
        ):  # fmt: skip
            ens = forhold(gennemloeb, vores, deres, "per_kernesekund")
            maal_.append((f"{hvad}, requests a core-second against {navn}", ens, ">=" if graense else "", graense))
    for navn in ("converter", "classic"):
        ens = forhold(gennemloeb, "REST create", f"SOAP create, {navn}", "per_kernesekund")
        maal_.append((f"SOAP create, {navn}: processor time against REST create", ens, "", 0.0))
    maal_.append(("cold start to first answer against WireMock", start, "<=", 1 / 3))
    linjer = [
        "## The stage beside stub servers", "",
        "All servers run in turn on the same pinned core, the client on another; every round plays all of them; the first "
        f"round warms up and is not counted, and WireMock is warmed by {VARME} requests of each kind besides. Absolute times "
        "on a shared machine are noise: read the ratios, which are medians of the rounds' own ratios. A core-second is a "
        "second of the server's own processor time, all its threads and what the system does for it: what one core can "
        "carry, whoever else is on the machine.", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; {runder} rounds, {antal} requests a "
        f"burst over {SAMTIDIGE} connections, latency one at a time. The stubs answer the same bytes without looking at "
        "anything or keeping it: WireMock 3.13.2 standalone, stateless, journal off; Prism and Mockoon (the versions of "
        f"benchmarks/npm{'' if NPM.exists() else ', which were not installed'}) with logs off; the bare server is the "
        "HTTP library that the stage stands on. A read of ours finds the citizen in SQLite and asks who may see what; a create "
        "is validated, authorised, committed to SQLite (WAL) with its messages, and answered after that.", "",
        "### Ratios", "", "| what | ratio | aim | |", "| --- | ---: | --- | --- |",
    ]  # fmt: skip
    for navn, vaerdi, tegn, graense in maal_:
        holdt = {">=": vaerdi >= graense, "<=": vaerdi <= graense}.get(tegn)
        dom = "" if holdt is None else "held" if holdt else "**missed**"
        linjer.append(f"| {navn} | {vaerdi:.2f} | {f'{tegn} {graense:.2f}' if tegn else ''} | {dom} |")
    linjer += [
        "",
        _tilbage("read", "WireMock read", "bare server read", 1.5, gennemloeb),
        _tilbage("create", "WireMock create", "bare server create", 1.0, gennemloeb, vores="REST create"),
        "",
        "### Medians of this run",
        "",
        "| operation | requests/core-second | requests/s | median ms | p99 ms |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for navn in gennemloeb:
        linjer.append(
            f"| {navn} | {median(gennemloeb, navn, 'per_kernesekund'):.0f} | {median(gennemloeb, navn, 'per_sekund'):.0f} "
            f"| {median(latens, navn, 'median_ms'):.3f} "
            f"| {median(latens, navn, 'p99_ms'):.3f} |"
        )
    vores, deres = (statistics.median(en) for en in zip(*starter, strict=True))
    linjer += ["", f"Cold start to first answer: stage {vores:.2f} s, WireMock {deres:.2f} s.", ""]
    return "\n".join(linjer)


def _tilbage(hvad: str, deres: str, bar: str, maal_: float, gennemloeb: Serie, vores: str = "read") -> str:
    """Say how much of what the aim allows is taken before a service hears the call, in microseconds of processor time."""
    maa, linjen, tager = (
        1e6 / median(gennemloeb, navn, "per_kernesekund") / gange
        for navn, gange in ((deres, maal_), (bar, 1.0), (vores, 1.0))
    )
    return (
        f"A {hvad} may take {maa:.0f} microseconds of processor time to keep its aim against WireMock; the HTTP library alone "
        f"takes {linjen:.0f}, and ours takes {tager:.0f}."
    )


def main() -> None:
    """Measure and print, or write the section."""
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
