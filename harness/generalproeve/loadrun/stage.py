"""The stage that is loaded: the reference in a process of its own, or one that runs already. Not here: its citizens."""

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
from generalproeve.loadrun.process import STOP_S, started_process
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
class LoadedStage:
    """A stage that is ready to be loaded; `pid` is its process where it is ours, `described` what a report says of it."""

    stage: Scenen
    described: dict[str, str]
    pid: int | None = None
    has_soap_registration: bool = True
    """Whether its release has SOAP registration at all."""


@contextlib.contextmanager
def opened_stage(target: Target, flags: Sequence[str], contract: Path | None) -> Iterator[LoadedStage]:
    """Open the target for as long as the block lasts; flags and contract are `up`'s, for a stage of our own.

    Raises:
        KanIkkeKoere: it cannot be loaded.
        Uopnaaelig: nobody answers there.
    """
    if not isinstance(target, Embedded):
        with opstil(target, StageSettings()) as opened:
            yield _described(target, opened.scenen, opened.ramme.udgave, opened.ramme.kontrakt_hash, None)
        return
    command = [
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
        *flags,
    ]
    with tempfile.TemporaryDirectory(prefix="generalproeve-load-") as folder:
        errors = Path(folder, "errors.txt")
        with started_process(command, errors, own_session=True) as process:  # Ctrl-C ends the calls, not the stage
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                process.wait(STOP_S)
                said = errors.read_text("utf-8", "replace").strip().removeprefix("generalproeve: ")
                raise KanIkkeKoere(said or "the stage did not start")
            ready = json.loads(line)
            stage = Scenen(ready["services"], ready["control"], contract)
            with HttpTransport(ready["control"]) as control:
                status = Styring(control).status()
            if status.kontrakt_hash != indlaes(contract).hash:
                overlay = status.overlay or "no overlay"
                raise KanIkkeKoere(f"the stage speaks another contract ({overlay}) than the calls; give --contract")
            yield _described(target, stage, status.udgave, status.kontrakt_hash, process.pid)


def clean_up_on_signal() -> None:
    """Let whoever ends us by a signal also end the processes that we started, and delete our temporary files."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):  # Windows has no SIGHUP
                signal.signal(getattr(signal, name), end)


def _described(target: Target, stage: Scenen, release: str, contract_hash: str, pid: int | None) -> LoadedStage:
    described = {"target": uden_token(target.identity), "release": release, "contract": contract_hash}
    has_soap = True
    if stage.styring is not None:
        with HttpTransport(stage.styring, adgang=stage.adgang) as control:
            status = Styring(control).status()
        described |= {"backend": str(status.bagende), "latency": status.latens or "off"}
        has_soap = status.bagende is not PrsSoap.UDGAAET
    return LoadedStage(stage, described, pid, has_soap)
