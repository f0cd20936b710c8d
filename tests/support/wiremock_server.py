"""A real WireMock from the npm package's standalone jar, on a free port, for the tests that need a stranger as receiver."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from vos_contracts.base import stopwatch

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_S = 90.0


@contextlib.contextmanager
def wiremock(folder: Path) -> Iterator[str]:
    """Run it with that root folder until the block ends; the test is skipped where there is no Java or no jar."""
    jar = sorted((ROOT / "node_modules" / "wiremock").rglob("*.jar"))
    if not jar or shutil.which("java") is None:
        pytest.skip("WireMock needs Java and the npm package (npm ci)")
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = int(sock.getsockname()[1])
    command = ["java", "-jar", str(jar[0]), "--port", str(port), "--bind-address", "127.0.0.1", "--disable-banner"]
    with subprocess.Popen([*command, "--root-dir", str(folder)], stdout=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            end = stopwatch.seconds() + DEADLINE_S
            while not _answers(address):
                assert process.poll() is None, "WireMock ended by itself"
                assert stopwatch.seconds() < end, f"WireMock did not answer within {DEADLINE_S} seconds"
            yield address
        finally:
            process.terminate()
            process.wait(timeout=30)


@contextlib.contextmanager
def wiremock_in_container() -> Iterator[str]:
    """Run it from its container until the block ends; the test is skipped where no container engine answers."""
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "info"], capture_output=True, check=False).returncode != 0:
        pytest.skip("no container engine answers")
    from testcontainers.core.container import DockerContainer

    with DockerContainer("wiremock/wiremock:3.13.2").with_exposed_ports(8080) as container:
        address = f"http://127.0.0.1:{container.get_exposed_port(8080)}"
        end = stopwatch.seconds() + DEADLINE_S
        while not _answers(address):
            assert stopwatch.seconds() < end, f"WireMock did not answer within {DEADLINE_S} seconds"
        yield address


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/__admin/mappings", timeout=1, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
