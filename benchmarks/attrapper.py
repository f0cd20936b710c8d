"""The stub servers that the stage is held beside, each a process on its core that answers with its bytes.

WireMock, Prism, Mockoon, and a bare server: the library that the stage is served by, and nothing behind it. Not here: the
stage (`servere`), what is sent (`bench`).
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from last import Server
from servere import FRIST_S, ROD, ledig_port, start, vent, wiremock

NPM = ROD / "benchmarks" / "npm" / "node_modules" / ".bin"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Svarene:
    """What a stub answers at one path: to GET and to POST."""

    sti: str
    laest: bytes
    oprettet: bytes


Attrap = Callable[[Svarene], contextlib.AbstractContextManager[Server]]


def wiremock_stub(svarene: Svarene) -> contextlib.AbstractContextManager[Server]:
    """Run WireMock with a stateless stub and no request journal."""
    return wiremock({
        "mappings": [
            {"request": {"method": metode, "url": svarene.sti},
             "response": {"status": 200, "headers": {"content-type": JSON}, "body": krop.decode()}}
            for metode, krop in (("GET", svarene.laest), ("POST", svarene.oprettet))
        ]
    })  # fmt: skip


@contextlib.contextmanager
def prism(svarene: Svarene) -> Iterator[Server]:
    """Run Prism on an OpenAPI document whose examples are the answers, with its log off."""
    operationer: dict[str, dict[str, object]] = {
        metode: {"responses": {"200": {"description": "ok", "content": {JSON: {"example": json.loads(krop)}}}}}
        for metode, krop in (("get", svarene.laest), ("post", svarene.oprettet))
    }
    operationer["post"]["requestBody"] = {"content": {JSON: {}}}
    dokument = {"openapi": "3.0.3", "info": {"title": "stub", "version": "1"}, "paths": {svarene.sti: operationer}}
    with _i_mappe("stub.json", dokument) as fil:
        port = ledig_port()
        kommando = [str(NPM / "prism"), "mock", str(fil), "-h", "127.0.0.1", "-p", str(port), "-v", "silent"]
        with _koer(kommando, port) as server:
            yield server


@contextlib.contextmanager
def mockoon(svarene: Svarene) -> Iterator[Server]:
    """Run Mockoon with a route for each answer, templates and log files off."""
    ruter = [
        {"uuid": metode, "type": "http", "method": metode, "endpoint": svarene.sti.lstrip("/"), "responses": [
            {"uuid": f"{metode}-svar", "body": krop.decode(), "statusCode": 200, "disableTemplating": True,
             "headers": [{"key": "content-type", "value": JSON}], "default": True},
        ]}
        for metode, krop in (("get", svarene.laest), ("post", svarene.oprettet))
    ]  # fmt: skip
    miljoe = {
        "uuid": "stub", "lastMigration": 33, "name": "stub", "hostname": "127.0.0.1", "routes": ruter,
        "rootChildren": [{"type": "route", "uuid": en["uuid"]} for en in ruter],
    }  # fmt: skip
    with _i_mappe("stub.json", miljoe) as fil:
        port = ledig_port()
        kommando = [
            str(NPM / "mockoon-cli"), "start", "--data", str(fil), "--port", str(port), "--hostname", "127.0.0.1",
            "--repair", "--disable-log-to-file", "--disable-admin-api",
        ]  # fmt: skip
        with _koer(kommando, port) as server:
            yield server


@contextlib.contextmanager
def bar(svarene: Svarene) -> Iterator[Server]:
    """Run the bare server."""
    with _i_mappe("stub.json", [svarene.laest.decode(), svarene.oprettet.decode()]) as fil:
        port = ledig_port()
        with _koer([sys.executable, str(Path(__file__).with_name("bar.py")), str(port), str(fil)], port) as server:
            yield server


def attrapper() -> Mapping[str, Attrap]:
    """Return the stubs by name; Prism and Mockoon only where they are installed."""
    alle: dict[str, Attrap] = {"WireMock": wiremock_stub, "bare server": bar}
    for navn, program, attrap in (("Prism", "prism", prism), ("Mockoon", "mockoon-cli", mockoon)):
        if (NPM / program).exists():
            alle[navn] = attrap
    return alle


@contextlib.contextmanager
def _i_mappe(navn: str, indhold: object) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="generalproeve-attrap-") as mappe:
        fil = Path(mappe, navn)
        fil.write_text(json.dumps(indhold), "utf-8")
        yield fil


@contextlib.contextmanager
def _koer(kommando: list[str], port: int) -> Iterator[Server]:
    proces = start(kommando, subprocess.DEVNULL)
    try:
        adresse = f"http://127.0.0.1:{port}"
        vent(adresse)
        yield Server(adresse, proces.pid)
    finally:
        proces.terminate()
        proces.wait(timeout=FRIST_S)
