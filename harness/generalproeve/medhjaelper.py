"""One process that answers the services of a stage which another process keeps: `python -m generalproeve.medhjaelper FD FD`.

It is handed what it is to do and then one open connection after another, and ends when whoever started it hangs up.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import pickle
import signal
import socket
import struct
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from generalproeve.kant import tjenester
from generalproeve.settings.stage import StageSettings
from generalproeve.loglinje import hold_loggen_ren
from generalproeve.reference import Faelles, byg_medhjaelper
from generalproeve.server import Server, ny_loop, ny_server

LAENGDE = struct.Struct("<I")
KLAR = b"k"


@dataclass(frozen=True, slots=True)
class Opgave:
    """What to answer by: the stage's settings, what builds it, its file, and what its processes share."""

    opsaetning: StageSettings
    bygger: str
    db: Path
    faelles: Faelles


def main() -> None:
    """Answer until the other end is closed."""
    for nummer in (signal.SIGINT, signal.SIGTERM):  # they are for the one that keeps the stage, and it tells
        signal.signal(nummer, signal.SIG_IGN)
    forbindelser, linje = (socket.socket(fileno=int(en)) for en in sys.argv[1:3])
    hold_loggen_ren()
    opgave = _laes(forbindelser)
    opsaetning = opgave.opsaetning
    andel = max(1, opsaetning.limits.connections // opsaetning.processes)
    opsaetning = replace(opsaetning, limits=replace(opsaetning.limits, connections=andel))
    medhjaelper = byg_medhjaelper(opgave.bygger, opsaetning, opgave.db, opgave.faelles, linje)
    server = ny_server(tjenester(medhjaelper, opsaetning), opsaetning.tls, opsaetning.limits)
    gc.collect()
    gc.freeze()
    with ny_loop() as loop:
        loop.run_until_complete(_besvar(server, forbindelser))
    medhjaelper.luk()


async def _besvar(server: Server, forbindelser: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    opgaver: set[asyncio.Future[None]] = {asyncio.ensure_future(server.serve(sockets=[]))}
    (hele,) = opgaver
    while not server.started:
        await asyncio.sleep(0.001)

    def modtag() -> None:
        try:
            ord_, fd, _, _ = socket.recv_fds(forbindelser, 1, 1)
        except BlockingIOError:
            return
        except OSError:
            ord_, fd = b"", []
        if fd:
            stik = socket.socket(fileno=fd[0])
            stik.setblocking(False)
            opgave = loop.create_task(server.forbind(stik))
            opgaver.add(opgave)
            opgave.add_done_callback(opgaver.discard)
        elif not ord_:  # a word without a connection: there were too many files open here to take it
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # a call cut off by the stop is no error
            loop.remove_reader(forbindelser)
            server.should_exit = True

    forbindelser.setblocking(False)
    loop.add_reader(forbindelser, modtag)
    forbindelser.send(KLAR)
    await hele
    for opgave in opgaver:
        opgave.cancel()  # a handshake that nobody went on with
    await asyncio.gather(*opgaver, return_exceptions=True)


def _laes(linje: socket.socket) -> Opgave:
    (laengde,) = LAENGDE.unpack(linje.recv(LAENGDE.size, socket.MSG_WAITALL))
    opgave: Opgave = pickle.loads(linje.recv(laengde, socket.MSG_WAITALL))
    return opgave


if __name__ == "__main__":
    main()
