"""Start the stage and WireMock for the benchmarks, each in a process of its own on core 0.

A module of the benchmarks, not a program. `stubs` has the other servers.
"""

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
from client import Server

from vos_contracts.base import stopwatch

ROOT = Path(__file__).resolve().parent.parent
CORE = 0
DEADLINE_S = 60.0


def pin_to_core(core: int) -> None:
    """Pin this process to one core, on systems that support it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {core})


def start(command: Sequence[str], out: int) -> subprocess.Popen[str]:
    """Start a program, pinned to the servers' core on systems that support it."""
    ahead = ["taskset", "-c", str(CORE)] if hasattr(os, "sched_setaffinity") else []
    return subprocess.Popen([*ahead, *command], stdout=out, stderr=subprocess.DEVNULL, text=True)


@contextlib.contextmanager
def stage(folder: Path) -> Iterator[dict[str, str]]:
    """Run the stage on a SQLite file in the folder; yield its addresses by name, and its process id as `pid`."""
    command = [sys.executable, "-m", "generalproeve", "up", "--json", "--port", "0", "--people", "0"]
    process = start([*command, "--db", str(folder / "bench.db")], subprocess.PIPE)
    try:
        yield ready(process)
    finally:
        process.terminate()
        process.wait(timeout=DEADLINE_S)


def ready(process: subprocess.Popen[str]) -> dict[str, str]:
    """Wait until the stage reports that it is ready; return its addresses by name, and its process id as `pid`."""
    assert process.stdout is not None
    return {**json.loads(process.stdout.readline()), "pid": str(process.pid)}


def jar() -> Path:
    """Return WireMock's standalone jar in the npm package.

    Raises:
        AssertionError: the package is not installed.
    """
    found = sorted((ROOT / "node_modules" / "wiremock").rglob("*.jar"))
    assert found, "WireMock is missing: run `npm ci`"
    return found[0]


def free_port() -> int:
    """Return a free port of loopback."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextlib.contextmanager
def wiremock(mappings: dict[str, object]) -> Iterator[Server]:
    """Run WireMock with these mappings and no request journal."""
    with tempfile.TemporaryDirectory(prefix="generalproeve-wiremock-") as folder:
        Path(folder, "mappings").mkdir()
        Path(folder, "mappings", "stub.json").write_text(json.dumps(mappings), "utf-8")
        port = free_port()
        command = [
            "java", "-jar", str(jar()), "--port", str(port), "--bind-address", "127.0.0.1", "--root-dir", folder,
            "--no-request-journal", "--disable-banner", "--disable-request-logging", "--use-chunked-encoding", "never",
        ]  # fmt: skip
        process = start(command, subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            wait(f"{address}/__admin/mappings")
            yield Server(address, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=DEADLINE_S)


def wait(address: str) -> None:
    """Send GET until the address answers.

    Raises:
        AssertionError: there is no answer within 60 seconds.
    """
    end = stopwatch.seconds() + DEADLINE_S
    while True:
        try:
            httpx.get(address, timeout=5, trust_env=False)
        except httpx.TransportError:
            assert stopwatch.seconds() < end, f"{address} did not answer within {DEADLINE_S} seconds"
            continue
        return


def cold_start() -> tuple[float, float]:
    """Return the seconds from the start of the process to the first answer: of the stage, and of WireMock."""
    with tempfile.TemporaryDirectory() as folder:
        begun = stopwatch.seconds()
        with stage(Path(folder)) as ready:
            wait(f"{ready['services']}/openapi.json")
            ours = stopwatch.seconds() - begun
    begun = stopwatch.seconds()
    with wiremock({"request": {"method": "GET", "url": "/x"}, "response": {"status": 200}}) as server:
        wait(f"{server.address}/x")
        their = stopwatch.seconds() - begun
    return ours, their
