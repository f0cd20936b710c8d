"""The stage that is loaded: the reference in a process of its own, so that it does not share one with the calls, or one that
runs already.

Errors of all: KanIkkeKoere, Uopnaaelig. Not here: who lives on it (`folk`).
"""

from __future__ import annotations

import contextlib
import json
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.belastning.proces import STOP_S, proces
from generalproeve.opstilling import opstil
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.target import Embedded, Target
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.kontrakt import indlaes
from vos_features.stage import Scenen
from vos_simulators.access import uden_token
from vos_simulators.control import Styring
from vos_simulators.transport import HttpTransport


@dataclass(frozen=True, slots=True)
class Belastet:
    """A stage that is ready to be loaded; `pid` is its process where it is ours. `oplyst` is what a report says of it."""

    scenen: Scenen
    oplyst: dict[str, str]
    pid: int | None = None
    har_prs: bool = True
    """Whether SOAP registration is there at all in its release."""


@contextlib.contextmanager
def belastet(maal: Target, flag: Sequence[str], kontrakt: Path | None) -> Iterator[Belastet]:
    """Open the target for as long as the block lasts; flags and contract are `up`'s, for a stage of our own."""
    if not isinstance(maal, Embedded):
        with opstil(maal, StageSettings()) as opstillet:
            yield _oplyst(maal, opstillet.scenen, opstillet.ramme.udgave, opstillet.ramme.kontrakt_hash, None)
        return
    kommando = [
        sys.executable,
        "-m",
        "generalproeve",
        "up",
        "--json",
        "--port",
        "0",
        "--people",
        "0",
        "--no-tls",
        *flag,
    ]
    with tempfile.TemporaryDirectory(prefix="generalproeve-load-") as mappe:
        fejlene = Path(mappe, "fejl.txt")
        with proces(kommando, fejlene, egen_session=True) as den:  # Ctrl-C ends the calls, not what they are made to
            assert den.stdout is not None
            linje = den.stdout.readline()
            if not linje:
                den.wait(STOP_S)
                sagt = fejlene.read_text("utf-8", "replace").strip().removeprefix("generalproeve: ")
                raise KanIkkeKoere(sagt or "the stage did not start")
            klar = json.loads(linje)
            scenen = Scenen(klar["services"], klar["control"], kontrakt)
            with HttpTransport(klar["control"]) as linjen:
                status = Styring(linjen).status()
            if status.kontrakt_hash != indlaes(kontrakt).hash:
                raise KanIkkeKoere(
                    f"the stage speaks another contract ({status.overlay or 'no overlay'}) than the calls; give --contract"
                )
            yield _oplyst(maal, scenen, status.udgave, status.kontrakt_hash, den.pid)


def ryd_op_ved_signal() -> None:
    """Let whoever ends us by a signal also end what we started, and take away what we laid down."""

    def slut(nummer: int, ramme: FrameType | None) -> None:
        raise SystemExit(128 + nummer)

    if threading.current_thread() is threading.main_thread():
        for navn in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, navn):  # Windows has no SIGHUP
                signal.signal(getattr(signal, navn), slut)


def _oplyst(maal: Target, scenen: Scenen, udgave: str, kontrakt_hash: str, pid: int | None) -> Belastet:
    oplyst = {"target": uden_token(maal.identity), "release": udgave, "contract": kontrakt_hash}
    har_prs = True
    if scenen.styring is not None:
        with HttpTransport(scenen.styring, adgang=scenen.adgang) as linje:
            status = Styring(linje).status()
        oplyst["backend"] = str(status.bagende)
        oplyst["latency"] = status.latens or "off"
        har_prs = status.bagende is not PrsSoap.UDGAAET
    return Belastet(scenen, oplyst, pid, har_prs)
