"""The stage and WireMock's server, each in a process of its own on the same core. Not here: the stubs (`attrapper`)."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
from last import Server

from vos_contracts.base import stopwatch

ROD = Path(__file__).resolve().parent.parent
KERNE = 0
FRIST_S = 60.0


def fastgoer(kerne: int) -> None:
    """Keep this process on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {kerne})


def start(kommando: Sequence[str], ud: int) -> subprocess.Popen[str]:
    """Start a program on the servers' core, where the system can keep it there."""
    foran = ["taskset", "-c", str(KERNE)] if hasattr(os, "sched_setaffinity") else []
    return subprocess.Popen([*foran, *kommando], stdout=ud, stderr=subprocess.DEVNULL, text=True)


@contextlib.contextmanager
def scene(mappe: Path) -> Iterator[dict[str, str]]:
    """Run the stage on a SQLite file in that folder; return its addresses, and its process as `pid`."""
    kommando = [sys.executable, "-m", "generalproeve", "up", "--json", "--port", "0", "--people", "0"]
    proces = start([*kommando, "--db", str(mappe / "bench.db")], subprocess.PIPE)
    try:
        yield klar(proces)
    finally:
        proces.terminate()
        proces.wait(timeout=FRIST_S)


def klar(proces: subprocess.Popen[str]) -> dict[str, str]:
    """Wait until the stage says that it is ready; return its addresses, and its process as `pid`."""
    assert proces.stdout is not None
    return {**json.loads(proces.stdout.readline()), "pid": str(proces.pid)}


def jar() -> Path:
    """Find WireMock's standalone jar in the npm package."""
    fundne = sorted((ROD / "node_modules" / "wiremock").rglob("*.jar"))
    assert fundne, "WireMock is missing: run `npm ci`"
    return fundne[0]


def ledig_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as stik:
        stik.bind(("127.0.0.1", 0))
        return int(stik.getsockname()[1])


@contextlib.contextmanager
def wiremock(mapninger: dict[str, object]) -> Iterator[Server]:
    """Run WireMock with these mappings and no request journal."""
    with tempfile.TemporaryDirectory(prefix="generalproeve-wiremock-") as mappe:
        Path(mappe, "mappings").mkdir()
        Path(mappe, "mappings", "stub.json").write_text(json.dumps(mapninger), "utf-8")
        port = ledig_port()
        kommando = [
            "java", "-jar", str(jar()), "--port", str(port), "--bind-address", "127.0.0.1", "--root-dir", mappe,
            "--no-request-journal", "--disable-banner", "--disable-request-logging", "--use-chunked-encoding", "never",
        ]  # fmt: skip
        proces = start(kommando, subprocess.DEVNULL)
        try:
            adresse = f"http://127.0.0.1:{port}"
            vent(f"{adresse}/__admin/mappings")
            yield Server(adresse, proces.pid)
        finally:
            proces.terminate()
            proces.wait(timeout=FRIST_S)


def vent(adresse: str) -> None:
    """Ask until there is an answer."""
    slut = stopwatch.seconds() + FRIST_S
    while True:
        try:
            httpx.get(adresse, timeout=5, trust_env=False)
        except httpx.TransportError:
            assert stopwatch.seconds() < slut, f"{adresse} did not answer within {FRIST_S} seconds"
            continue
        return


def kold_start() -> tuple[float, float]:
    """Measure from nothing to the first answer, in seconds: the stage, then WireMock."""
    with tempfile.TemporaryDirectory() as mappe:
        begyndt = stopwatch.seconds()
        with scene(Path(mappe)) as klar:
            vent(f"{klar['services']}/openapi.json")
            vores = stopwatch.seconds() - begyndt
    begyndt = stopwatch.seconds()
    with wiremock({"request": {"method": "GET", "url": "/x"}, "response": {"status": 200}}) as server:
        vent(f"{server.adresse}/x")
        deres = stopwatch.seconds() - begyndt
    return vores, deres
