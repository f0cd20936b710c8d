"""Measure the services without the line: what a call takes in the process, and what SOAP takes more than REST.

    python benchmarks/i_proces.py [--rounds 10] [--calls 500] [--write docs/benchmarks.md]

The operations by turns in every round, one call at a time; a round's figure is its median call, which another program that
comes between does not move.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import statistics
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import uvloop
from afsnit import skriv
from prober import Prober

from vos_contracts.base import stopwatch
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.wire.asgi import AsgiTransport
from vos_contracts.wire.base import Kald, Svar
from vos_reference.bootstrap import byg
from vos_reference.config import Konfiguration
from vos_simulators.control import Styring

CONVERTER_MAAL = 1.3
REST, CONVERTER, KLASSISK = "REST create", "SOAP create, converter", "SOAP create, classic"


class Linje:
    """A transport to an application, for a caller who waits."""

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: AsgiTransport) -> None:
        self._loop = loop
        self._transport = transport

    def send(self, kald: Kald) -> Svar:
        """Send and wait."""
        return self._loop.run_until_complete(self._transport.send(kald))


async def maal(transport: AsgiTransport, kald: list[Kald]) -> float:
    """Return the median call in microseconds; errors: AssertionError for an answer that is not 200."""
    tider = []
    for et in kald:
        begyndt = stopwatch.seconds()
        svar = await transport.send(et)
        tider.append(stopwatch.seconds() - begyndt)
        assert svar.status == 200, f"the stage answered {svar.status}"
    return statistics.median(tider) * 1_000_000


def maal_alt(runder: int, antal: int) -> Mapping[str, list[float]]:
    """Play all rounds after one that warms up."""
    serier: dict[str, list[float]] = {}
    loop = uvloop.new_event_loop()
    with tempfile.TemporaryDirectory(prefix="generalproeve-bench-") as mappe:
        applikation = byg(Konfiguration(db=Path(mappe) / "bench.db"))
        tjenester = AsgiTransport(applikation.tjenester)
        styring = Styring(Linje(loop, AsgiTransport(applikation.styring)))
        prober = Prober(styring)
        opret, laesning = prober.laesning()
        loop.run_until_complete(tjenester.send(opret))
        operationer: dict[str, tuple[PrsSoap, Callable[[int], list[Kald]]]] = {
            "read": (PrsSoap.KLASSISK, lambda hvor_mange: [laesning] * hvor_mange),
            REST: (PrsSoap.KLASSISK, prober.rest),
            KLASSISK: (PrsSoap.KLASSISK, prober.soap),
            CONVERTER: (PrsSoap.CONVERTER, prober.soap),
        }
        for runde in range(runder + 1):
            for navn, (bagende, lav) in operationer.items():
                styring.tving_bagende(bagende)
                mikrosekunder = loop.run_until_complete(maal(tjenester, lav(antal)))
                if runde:
                    serier.setdefault(navn, []).append(mikrosekunder)
        applikation.luk()
    loop.close()
    return serier


def rapport(serier: Mapping[str, list[float]], runder: int, antal: int) -> str:
    """Write the section."""
    linjer = [
        "## In process", "",
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; {runder} rounds of {antal} calls of "
        "each kind by turns, one at a time, from ASGI call to answer: no line, no other process. Median call of a round, and "
        "the median over the rounds.", "",
        "| call | microseconds | against REST create |", "| --- | ---: | ---: |",
    ]  # fmt: skip
    mod_rest = {
        navn: statistics.median(a / b for a, b in zip(serie, serier[REST], strict=True))
        for navn, serie in serier.items()
    }
    for navn, serie in serier.items():
        linjer.append(f"| {navn} | {statistics.median(serie):.0f} | {mod_rest[navn]:.2f} |")
    dom = "held" if mod_rest[CONVERTER] <= CONVERTER_MAAL else "**missed**"
    return "\n".join([*linjer, "", f"The aim for the converter is at most {CONVERTER_MAAL}: {dom}.", ""])


def main() -> None:
    """Measure and print, or write the section."""
    argumenter = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    argumenter.add_argument("--rounds", type=int, default=10)
    argumenter.add_argument("--calls", type=int, default=500)
    argumenter.add_argument("--write", type=Path)
    valg = argumenter.parse_args()
    tekst = rapport(maal_alt(valg.rounds, valg.calls), valg.rounds, valg.calls)
    print(tekst)
    if valg.write:
        skriv(valg.write, "in process", tekst)


if __name__ == "__main__":
    main()
