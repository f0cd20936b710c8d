"""The stage: start the reference and its neighbours on real loopback sockets, here or in a thread, and stop them."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.base.sockets import adresse, bind
from generalproeve.kant import servere
from generalproeve.loglinje import hold_loggen_ren
from generalproeve.reference import REFERENCE, build_reference
from generalproeve.server import Server, ny_loop
from generalproeve.settings.exposure import control_token, require_permission
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.values import without_password
from generalproeve.stage.latency import model as latens
from vos_contracts.koder.udgave import STANDARD
from vos_contracts.kontrakt import Kontrakt
from vos_features.stage import Scenen


@dataclass(frozen=True, slots=True)
class Scene:
    """A running stage: its addresses, its contract, where its data lie, the neighbour services that were left out,
    and the broker of the domain events as it may be shown (None: in the process). `styring` None: it has no control API.
    """

    tjenester: str
    styring: str | None
    kontrakt: Kontrakt
    kontrakt_mappe: Path | None
    db: Path
    db_er_midlertidig: bool
    uden: tuple[str, ...] = ()
    maegler: str | None = None
    udgave: str = STANDARD
    """The release that it was started in."""
    latens: str | None = None
    """The model by which it was started to answer slowly."""

    @property
    def scenen(self) -> Scenen:
        """The stage as the suite is told of it: it can do everything."""
        return Scenen(self.tjenester, self.styring, self.kontrakt_mappe)


Klar = Callable[[Scene], None]


class _Forestilling:
    """One run of a stage in one event loop."""

    def __init__(self, opsaetning: StageSettings, bygger: str) -> None:
        self._opsaetning = opsaetning
        self._bygger = bygger
        self._servere: list[Server] = []
        self._stoppet = False

    def stop(self) -> None:
        """Ask the servers to finish what they have and end, also those that are not there yet."""
        self._stoppet = True
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # a call cut off by the stop is no error
        for server in self._servere:
            server.should_exit = True

    def spil(self, klar: Klar) -> None:
        """Build, bind, serve until stopped, close; `klar` is called when both ports answer."""
        opsaetning = self._opsaetning
        hold_loggen_ren()
        host, kontrolhost = opsaetning.host, opsaetning.control_host
        require_permission((("host", host), ("control_host", kontrolhost)), allowed=opsaetning.allow_remote)
        token = control_token(opsaetning.control_token, host, kontrolhost)
        if opsaetning.port == opsaetning.control_port != 0:
            raise KanIkkeKoere(
                f"port and control_port are both {opsaetning.port}: the control API needs a port of its own"
            )
        langsomt = None if opsaetning.latency is None else latens.indlaes(opsaetning.latency)
        with contextlib.ExitStack() as oprydning:
            pladser = [(host, opsaetning.port), (kontrolhost, opsaetning.control_port)]
            stik = [bind(*plads) for plads in pladser[: 2 if opsaetning.control else 1]]
            for et in stik:
                oprydning.callback(et.close)
            db = opsaetning.db
            if db is None:
                mappe = oprydning.enter_context(tempfile.TemporaryDirectory(prefix="generalproeve-"))
                db = Path(mappe) / "scene.db"
            applikation = build_reference(self._bygger, opsaetning, db)
            oprydning.callback(applikation.luk)
            kontrakt = applikation.drift.kontrakt
            scene = Scene(
                adresse(host, stik[0], "http" if opsaetning.tls is None else "https"),
                adresse(kontrolhost, stik[1], token=token) if opsaetning.control else None,
                kontrakt,
                opsaetning.contract,
                db,
                opsaetning.db is None,
                opsaetning.without,
                None if opsaetning.broker is None else without_password(opsaetning.broker),
                opsaetning.release,
                None if langsomt is None else langsomt.navn,
            )
            self._servere = servere(applikation, opsaetning, langsomt, token)
            if self._stoppet:
                self.stop()
            gc.collect()
            gc.freeze()  # what the stage was built of stays; only what calls leave behind is looked at again
            oprydning.callback(gc.unfreeze)
            with ny_loop() as loop:
                loop.run_until_complete(self._server_til_stop(stik, applikation.virke(), lambda: klar(scene)))

    async def _server_til_stop(
        self, stik: list[socket.socket], virke: Coroutine[Any, Any, None], klar: Callable[[], None]
    ) -> None:
        """Serve, and let the stage do what it does by itself meanwhile."""
        virker = asyncio.ensure_future(virke)
        opgaver = [
            asyncio.ensure_future(server.serve(sockets=[et])) for server, et in zip(self._servere, stik, strict=True)
        ]
        while not all(server.started for server in self._servere):
            if any(opgave.done() for opgave in opgaver):
                break
            await asyncio.sleep(0.001)
        else:
            klar()
        try:
            await asyncio.gather(*opgaver)
        finally:
            self.stop()  # all of it, where one has failed
            await asyncio.gather(*opgaver, return_exceptions=True)
            virker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await virker


def spil_til_signal(opsaetning: StageSettings, klar: Klar, bygger: str = REFERENCE) -> None:
    """Play a stage in this thread until SIGINT or SIGTERM; errors: KanIkkeKoere, or what `klar` raised.

    `klar` runs beside the stage's own loop, so that it may call the stage; if it fails, the stage ends.
    """
    forestilling = _Forestilling(opsaetning, bygger)
    brud: list[BaseException] = []

    def ved_signal(nummer: int, ramme: FrameType | None) -> None:
        forestilling.stop()

    def ved_siden_af(scene: Scene) -> None:
        def koer() -> None:
            try:
                klar(scene)
            except BaseException as et:
                brud.append(et)
                forestilling.stop()

        threading.Thread(target=koer, name="klar", daemon=True).start()

    for nummer in (signal.SIGINT, signal.SIGTERM):
        signal.signal(nummer, ved_signal)
    forestilling.spil(ved_siden_af)
    if brud:
        raise brud[0]


@contextlib.contextmanager
def indlejret(opsaetning: StageSettings, bygger: str = REFERENCE) -> Iterator[Scene]:
    """Play a stage in a thread for as long as the block lasts; errors: KanIkkeKoere, or what broke the stage."""
    forestilling = _Forestilling(opsaetning, bygger)
    klar = threading.Event()
    aaben: list[Scene] = []
    brud: list[BaseException] = []

    def naar_klar(scene: Scene) -> None:
        aaben.append(scene)
        klar.set()

    def koer() -> None:
        try:
            forestilling.spil(naar_klar)
        except BaseException as et:
            brud.append(et)
        finally:
            klar.set()

    traad = threading.Thread(target=koer, name="scene", daemon=True)
    traad.start()
    klar.wait()
    try:
        if aaben:
            yield aaben[0]
    finally:
        forestilling.stop()
        traad.join()
    if brud:
        raise brud[0]
