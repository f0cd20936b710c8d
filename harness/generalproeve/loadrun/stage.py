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

from generalproeve.base.exit_codes import CannotRun
from generalproeve.loadrun.process import STOP_S, started_process
from generalproeve.run.opening import open_target
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.target import Embedded, Target
from vos_contracts.contract import load
from vos_contracts.tables.releases import PrsSoap
from vos_features.stage import StageAccess
from vos_simulators.access import without_token
from vos_simulators.control import Control
from vos_simulators.transport import HttpTransport


@dataclass(frozen=True, slots=True)
class LoadedStage:
    """A stage that is ready to be loaded; `pid` is its process where it is ours, `described` what a report says of it."""

    stage: StageAccess
    described: dict[str, str]
    pid: int | None = None
    has_soap_registration: bool = True
    """Whether its release has SOAP registration at all."""


@contextlib.contextmanager
def opened_stage(target: Target, flags: Sequence[str], contract: Path | None) -> Iterator[LoadedStage]:
    """Open the target for as long as the block lasts; flags and contract are `up`'s, for a stage of our own.

    Raises:
        CannotRun: it cannot be loaded.
        Unreachable: nobody answers there.
    """
    if not isinstance(target, Embedded):
        with open_target(target, StageSettings()) as opened:
            yield _described(target, opened.stage, opened.description.release, opened.description.contract_hash, None)
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
                raise CannotRun(said or "the stage did not start")
            ready = json.loads(line)
            stage = StageAccess(ready["services"], ready["control"], contract)
            with HttpTransport(ready["control"]) as control:
                status = Control(control).status()
            if status.contract_hash != load(contract).hash:
                overlay = status.overlay or "no overlay"
                raise CannotRun(f"the stage speaks another contract ({overlay}) than the calls; give --contract")
            yield _described(target, stage, status.release, status.contract_hash, process.pid)


def clean_up_on_signal() -> None:
    """Let whoever ends us by a signal also end the processes that we started, and delete our temporary files."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            if hasattr(signal, name):  # Windows has no SIGHUP
                signal.signal(getattr(signal, name), end)


def _described(target: Target, stage: StageAccess, release: str, contract_hash: str, pid: int | None) -> LoadedStage:
    described = {"target": without_token(target.identity), "release": release, "contract": contract_hash}
    has_soap = True
    if stage.control is not None:
        with HttpTransport(stage.control, access=stage.access) as control:
            status = Control(control).status()
        described |= {"backend": str(status.backend), "latency": status.latency or "off"}
        has_soap = status.backend is not PrsSoap.WITHDRAWN
    return LoadedStage(stage, described, pid, has_soap)
