"""The stub servers that `bench` compares with the stage: WireMock, Prism, Mockoon and a bare server.

A module of the benchmarks, not a program. Each stub is a process on the stage's core and answers fixed bytes. The
bare server is the HTTP library of the stage with no application behind it. `servers` starts the stage; `bench` sends
the calls.
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

from client import Server
from servers import DEADLINE_S, ROOT, free_port, start, wait, wiremock

NPM = ROOT / "benchmarks" / "npm" / "node_modules" / ".bin"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Responses:
    """The bodies of a stub's answers at one path: to GET and to POST."""

    path: str
    read_body: bytes
    created: bytes


Stub = Callable[[Responses], contextlib.AbstractContextManager[Server]]


def wiremock_stub(responses: Responses) -> contextlib.AbstractContextManager[Server]:
    """Run WireMock with one stateless mapping per method and no request journal."""
    return wiremock({
        "mappings": [
            {"request": {"method": method, "url": responses.path},
             "response": {"status": 200, "headers": {"content-type": JSON}, "body": body.decode()}}
            for method, body in (("GET", responses.read_body), ("POST", responses.created))
        ]
    })  # fmt: skip


@contextlib.contextmanager
def prism(responses: Responses) -> Iterator[Server]:
    """Run Prism without a log on an OpenAPI document whose examples are the answers."""
    operations: dict[str, dict[str, object]] = {
        method: {"responses": {"200": {"description": "ok", "content": {JSON: {"example": json.loads(body)}}}}}
        for method, body in (("get", responses.read_body), ("post", responses.created))
    }
    operations["post"]["requestBody"] = {"content": {JSON: {}}}
    document = {"openapi": "3.0.3", "info": {"title": "stub", "version": "1"}, "paths": {responses.path: operations}}
    with _in_folder("stub.json", document) as file:
        port = free_port()
        command = [str(NPM / "prism"), "mock", str(file), "-h", "127.0.0.1", "-p", str(port), "-v", "silent"]
        with _serve(command, port) as server:
            yield server


@contextlib.contextmanager
def mockoon(responses: Responses) -> Iterator[Server]:
    """Run Mockoon with one route per method, without templates and log files."""
    routes = [
        {"uuid": method, "type": "http", "method": method, "endpoint": responses.path.lstrip("/"), "responses": [
            {"uuid": f"{method}-response", "body": body.decode(), "statusCode": 200, "disableTemplating": True,
             "headers": [{"key": "content-type", "value": JSON}], "default": True},
        ]}
        for method, body in (("get", responses.read_body), ("post", responses.created))
    ]  # fmt: skip
    environment = {
        "uuid": "stub", "lastMigration": 33, "name": "stub", "hostname": "127.0.0.1", "routes": routes,
        "rootChildren": [{"type": "route", "uuid": route["uuid"]} for route in routes],
    }  # fmt: skip
    with _in_folder("stub.json", environment) as file:
        port = free_port()
        command = [
            str(NPM / "mockoon-cli"), "start", "--data", str(file), "--port", str(port), "--hostname", "127.0.0.1",
            "--repair", "--disable-log-to-file", "--disable-admin-api",
        ]  # fmt: skip
        with _serve(command, port) as server:
            yield server


@contextlib.contextmanager
def bare_server(responses: Responses) -> Iterator[Server]:
    """Run `bare_server.py`."""
    with _in_folder("stub.json", [responses.read_body.decode(), responses.created.decode()]) as file:
        port = free_port()
        with _serve(
            [sys.executable, str(Path(__file__).with_name("bare_server.py")), str(port), str(file)], port
        ) as server:
            yield server


def stub_servers() -> Mapping[str, Stub]:
    """Return the stubs by name; Prism and Mockoon only if `npm ci` has installed them in benchmarks/npm."""
    stubs: dict[str, Stub] = {"WireMock": wiremock_stub, "bare server": bare_server}
    for name, program, stub in (("Prism", "prism", prism), ("Mockoon", "mockoon-cli", mockoon)):
        if (NPM / program).exists():
            stubs[name] = stub
    return stubs


@contextlib.contextmanager
def _in_folder(name: str, content: object) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="generalproeve-stub-") as folder:
        file = Path(folder, name)
        file.write_text(json.dumps(content), "utf-8")
        yield file


@contextlib.contextmanager
def _serve(command: list[str], port: int) -> Iterator[Server]:
    process = start(command, subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        wait(address)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=DEADLINE_S)
