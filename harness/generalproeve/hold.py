"""Several processes that answer the services of one stage: start them, deal the connections among them, and end them.

The stage's own process keeps the control API, the clock, the nightly jobs and the messages; every other answers calls, from the
same file. Not here: what they answer (`medhjaelper`).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import pickle
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from generalproeve.settings.stage import StageSettings
from generalproeve.latens.styring import EEN_PROCES
from generalproeve.medhjaelper import KLAR, LAENGDE, Opgave
from generalproeve.base.exit_codes import KanIkkeKoere

KAN_DELES = hasattr(socket, "send_fds") and hasattr(socket, "SOCK_SEQPACKET")
"""An open connection can be handed to another process, and whole messages come back in order: Linux."""
FRIST_S = 10.0
"""Seconds that a process may take to end; a call under way has two."""
_KOE = 2048
_PUST_S = 0.1


def kraev_muligt(opsaetning: StageSettings) -> None:
    """Errors: KanIkkeKoere where the services cannot be answered by several processes."""
    if not KAN_DELES:
        raise KanIkkeKoere("stage.processes: more than one needs Linux")
    if opsaetning.latency is not None:
        raise KanIkkeKoere(f"stage.processes: {EEN_PROCES}; leave out one of the two")
    if opsaetning.tls is not None:
        opsaetning.tls.uvicorn()  # what cannot be used is said here, and not by each of them


class Hold:
    """What stands in the place of a server: it accepts, and others serve."""

    def __init__(self, applikation: Any, opgave: Opgave) -> None:
        self._applikation = applikation
        self._opgave = opgave
        self._processer: list[subprocess.Popen[bytes]] = []
        self._linjer: list[socket.socket] = []
        self._doed: subprocess.Popen[bytes] | None = None
        self.started = False
        self.should_exit = False

    async def serve(self, sockets: list[socket.socket]) -> None:
        """Serve until told to exit; errors: KanIkkeKoere where one of the processes cannot, or ends by itself."""
        (stik,) = sockets
        loop = asyncio.get_running_loop()
        with contextlib.ExitStack() as oprydning:
            try:
                self._start(oprydning)
                await asyncio.gather(*(self._til_klar(*par) for par in zip(self._processer, self._linjer, strict=True)))
                for proces, linje in zip(self._processer, self._linjer, strict=True):
                    loop.add_reader(linje, self._slap, proces)
                self._tag_imod(stik)
                self.started = True
                while not (self.should_exit or self._doed):
                    await asyncio.sleep(_PUST_S)
            finally:
                loop.remove_reader(stik)
                stik.close()
                await self._slut()
        if self._doed is not None:
            raise KanIkkeKoere(f"a process of the stage ended by itself (exit code {self._doed.returncode})")

    def _start(self, oprydning: contextlib.ExitStack) -> None:
        """Start the processes, and listen to them; errors: KanIkkeKoere."""
        loop = asyncio.get_running_loop()
        hoerer, taler = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        oprydning.callback(hoerer.close)
        antal = self._opgave.opsaetning.processes
        hent = self._applikation.del_ud(antal, self._opgave.faelles.stilling, hoerer)
        loop.add_reader(hoerer, hent)
        oprydning.callback(loop.remove_reader, hoerer)
        opgave = pickle.dumps(self._opgave, pickle.HIGHEST_PROTOCOL)
        with taler:
            for _ in range(antal):
                egen, hans = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
                oprydning.callback(egen.close)
                with hans:
                    fd = hans.fileno(), taler.fileno()
                    # -P: nothing in the working folder is taken for a library; a session of its own: Ctrl-C is for us
                    kommando = [sys.executable, "-P", "-m", "generalproeve.medhjaelper", *map(str, fd)]
                    ingen = subprocess.DEVNULL
                    try:
                        proces = subprocess.Popen(
                            kommando, pass_fds=fd, stdin=ingen, stdout=ingen, start_new_session=True
                        )
                    except OSError as brud:
                        raise KanIkkeKoere(f"a process of the stage could not be started: {brud}") from brud
                self._processer.append(proces)
                self._linjer.append(egen)
                with contextlib.suppress(OSError):  # it has ended already: `_til_klar` says so
                    egen.sendall(LAENGDE.pack(len(opgave)) + opgave)
                egen.setblocking(False)

    async def _til_klar(self, proces: subprocess.Popen[bytes], linje: socket.socket) -> None:
        try:
            sagt = await asyncio.get_running_loop().sock_recv(linje, 1)
        except OSError:  # it ended with our word unread
            sagt = b""
        if sagt != KLAR:
            raise KanIkkeKoere(
                f"a process of the stage could not start (exit code {await asyncio.to_thread(proces.wait)})"
            )

    def _slap(self, proces: subprocess.Popen[bytes]) -> None:
        """Nothing more comes from it, so it has ended."""
        asyncio.get_running_loop().remove_reader(self._linjer[self._processer.index(proces)])
        self._doed = self._doed or proces

    def _tag_imod(self, stik: socket.socket) -> None:
        stik.listen(_KOE)
        stik.setblocking(False)
        loop, tur = asyncio.get_running_loop(), itertools.cycle(self._linjer)

        def modtag() -> None:
            try:
                while True:
                    forbindelse, _ = stik.accept()
                    with forbindelse:
                        forbindelse.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                        _giv(forbindelse, itertools.islice(tur, len(self._linjer)))
            except BlockingIOError:
                return
            except OSError:  # too many files, or it went before it was met
                loop.remove_reader(stik)
                loop.call_later(_PUST_S, genoptag)

        def genoptag() -> None:
            if not self.should_exit and stik.fileno() != -1:
                loop.add_reader(stik, modtag)

        loop.add_reader(stik, modtag)

    async def _slut(self) -> None:
        """Let the processes finish what they have, and end."""
        loop = asyncio.get_running_loop()
        for linje in self._linjer:
            loop.remove_reader(linje)
            linje.close()
        try:
            async with asyncio.timeout(FRIST_S):
                for proces in self._processer:
                    while proces.poll() is None:
                        await asyncio.sleep(_PUST_S / 10)
        except TimeoutError:
            for proces in self._processer:
                proces.kill()
                proces.wait()


def _giv(forbindelse: socket.socket, linjer: Iterator[socket.socket]) -> None:
    """Hand the connection to the first that takes it; if none does, it is not met."""
    for linje in linjer:
        with contextlib.suppress(OSError):
            socket.send_fds(linje, [b"."], [forbindelse.fileno()])
            return
