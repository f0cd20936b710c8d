"""The two servers that are compared, each in a process of its own on the same core: the stage, and WireMock's stub."""

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

from vos_contracts import stopur

ROD = Path(__file__).resolve().parent.parent
KERNE = 0
FRIST_S = 60.0


def fastgoer(kerne: int) -> None:
    """Keep this process on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {kerne})


def _start(kommando: Sequence[str], ud: int) -> subprocess.Popen[str]:
    foran = ["taskset", "-c", str(KERNE)] if hasattr(os, "sched_setaffinity") else []
    return subprocess.Popen([*foran, *kommando], stdout=ud, stderr=subprocess.DEVNULL, text=True)


@contextlib.contextmanager
def scene(mappe: Path) -> Iterator[dict[str, str]]:
    """Run the stage on a SQLite file in that folder."""
    kommando = [sys.executable, "-m", "generalproeve", "up", "--json", "--port", "0", "--people", "0"]
    proces = _start([*kommando, "--db", str(mappe / "bench.db")], subprocess.PIPE)
    try:
        assert proces.stdout is not None
        yield json.loads(proces.stdout.readline())
    finally:
        proces.terminate()
        proces.wait(timeout=FRIST_S)


def jar() -> Path:
    """Find WireMock's standalone jar in the npm package."""
    fundne = sorted((ROD / "node_modules" / "wiremock").rglob("*.jar"))
    assert fundne, "WireMock is missing: run `npm ci`"
    return fundne[0]


def _ledig_port() -> int:
    with socket.socket() as stik:
        stik.bind(("127.0.0.1", 0))
        return int(stik.getsockname()[1])


@contextlib.contextmanager
def wiremock(mapninger: dict[str, object]) -> Iterator[str]:
    """Run WireMock with a stateless stub and no request journal; return its address."""
    with tempfile.TemporaryDirectory(prefix="generalproeve-wiremock-") as mappe:
        Path(mappe, "mappings").mkdir()
        Path(mappe, "mappings", "stub.json").write_text(json.dumps(mapninger), "utf-8")
        port = _ledig_port()
        kommando = [
            "java", "-jar", str(jar()), "--port", str(port), "--bind-address", "127.0.0.1", "--root-dir", mappe,
            "--no-request-journal", "--disable-banner", "--disable-request-logging", "--use-chunked-encoding", "never",
        ]  # fmt: skip
        proces = _start(kommando, subprocess.DEVNULL)
        try:
            adresse = f"http://127.0.0.1:{port}"
            vent(f"{adresse}/__admin/mappings")
            yield adresse
        finally:
            proces.terminate()
            proces.wait(timeout=FRIST_S)


def vent(adresse: str) -> None:
    """Ask until there is an answer."""
    slut = stopur.nu() + FRIST_S
    while True:
        try:
            httpx.get(adresse, timeout=1, trust_env=False)
        except httpx.TransportError:
            assert stopur.nu() < slut, f"{adresse} did not answer within {FRIST_S} seconds"
            continue
        return


def kold_start() -> tuple[float, float]:
    """Measure from nothing to the first answer, in seconds: the stage, then WireMock."""
    with tempfile.TemporaryDirectory() as mappe:
        begyndt = stopur.nu()
        with scene(Path(mappe)) as klar:
            vent(f"{klar['services']}/openapi.json")
            vores = stopur.nu() - begyndt
    begyndt = stopur.nu()
    with wiremock({"request": {"method": "GET", "url": "/x"}, "response": {"status": 200}}) as adresse:
        vent(f"{adresse}/x")
        deres = stopur.nu() - begyndt
    return vores, deres
