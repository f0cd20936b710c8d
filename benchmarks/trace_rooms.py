"""Count the modules ("rooms") that a call enters, and the changes from one to another ("walls").

    python benchmarks/trace_rooms.py [--json] [--modules TRIP]

Each trip is traced with `sys.setprofile` after one of its kind has warmed the caches. Only functions of our six packages count;
a call from one of them to another by way of a library is a direct one. Calls: functions entered, a resumed coroutine or
generator included. Rooms: modules entered. Walls: changes from one module to another, entering and returning.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import json
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from lxml import etree

import vos_features
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import Create, Kind
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.asgi.endpoint import AsgiTransport
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish, Synchronised
from vos_contracts.wire.soap import envelope, registration
from vos_contracts.wire.soap.schemas import services
from vos_reference.bootstrap import Application, build
from vos_reference.config import Configuration
from vos_reference.domain.retry import Answered, AttemptResponse
from vos_simulators.control import Control
from vos_simulators.parties import KSS
from vos_simulators.people import People, on_stage

PACKAGES = frozenset({"vos_contracts", "vos_reference", "vos_simulators", "vos_features", "vos_load", "generalproeve"})
JOBCENTER = Organisation(8, "10100")
SYSTEM = "0193e6a0-0000-7000-8000-00000000000c"
SCENARIO = "test_et_skift_af_kontaktgruppe_via_kanal_fortælles"
"""A change of contact group by SOAP, and what the authorities are told of it."""


@dataclass
class Trip:
    """What one call passed through; `entries` counts the entries into each module from another one."""

    name: str
    calls: int = 0
    walls: int = 0
    entries: Counter[str] = field(default_factory=Counter)

    @property
    def rooms(self) -> int:
        """Count the modules."""
        return len(self.entries)

    def as_json(self) -> dict[str, object]:
        """Return the figures, and the entries of each module."""
        return {
            "name": self.name,
            "calls": self.calls,
            "rooms": self.rooms,
            "walls": self.walls,
            "entries": dict(self.entries.most_common()),
        }


class Tracer:
    """Counts while `on`; every thread that starts after `threading.setprofile` has a stack of its own."""

    def __init__(self, name: str) -> None:
        self.trip = Trip(name)
        self.on = False
        self._threads = threading.local()

    def __call__(self, frame: FrameType, event: str, arg: object) -> None:
        """Take one event of the interpreter."""
        if event not in {"call", "return"}:
            return
        module: str = frame.f_globals.get("__name__", "")
        if module.partition(".")[0] not in PACKAGES:
            return
        stack: list[str] = self._threads.__dict__.setdefault("stack", [])
        if event == "call":
            if self.on:
                self.trip.calls += 1
                if not stack or stack[-1] != module:
                    self.trip.walls += 1
                    self.trip.entries[module] += 1
            stack.append(module)
        elif stack:
            left = stack.pop()
            if self.on and stack and stack[-1] != left:
                self.trip.walls += 1


@contextlib.contextmanager
def tracing(name: str) -> Iterator[Trip]:
    """Trace this thread."""
    tracer = Tracer(name)
    tracer.on = True
    sys.setprofile(tracer)
    try:
        yield tracer.trip
    finally:
        sys.setprofile(None)


@dataclass
class Receiver:
    """A subscriber that takes every message at once."""

    posted: int = 0

    async def post(self, url: str, body: bytes) -> AttemptResponse:
        """Take it."""
        self.posted += 1
        return Answered(200)

    async def close(self) -> None:
        """Nothing to close."""


class Stage:
    """The reference in this process, called as a caller would, without a socket."""

    def __init__(self, folder: Path) -> None:
        self.contract = load()
        self.rest = Rest(self.contract)
        self.receiver = Receiver()
        self.loop = asyncio.new_event_loop()
        self.application: Application = build(
            Configuration(db=folder / "trace.db"), self.contract, sender=self.receiver
        )
        self.services = AsgiTransport(self.application.services)
        self.control = Control(_Waiting(self.loop, AsgiTransport(self.application.control)))
        self.now = self.control.status().clock
        self.caller = KSS.identity(JOBCENTER, self.now)
        self._people = People(seed=1)

    def citizen(self) -> str:
        """Put a new citizen on the stage; return the CPR number."""
        citizen = self._people.new(40, self.now.date())
        self.control.set_up(on_stage(citizen))
        return citizen.cpr

    def create(self) -> Create:
        """Register contact group 13 from this morning."""
        return Create(Kind.KONTAKTGRUPPE, 13, self.now.replace(hour=0, minute=0, second=0, microsecond=0))

    def run(self, work: Coroutine[Any, Any, Response]) -> Response:
        """Wait for it."""
        return self.loop.run_until_complete(work)

    def by_rest(self, cpr: str) -> None:
        """Create by REST, as a caller with our codec."""
        call = self.rest.call_register(cpr, self.create(), self.caller, new_uuid())
        answer = self.rest.understand_id(self.run(self.services.send(call)))
        assert isinstance(answer, str), answer

    def by_soap(self, cpr: str) -> None:
        """Create by SOAP, as a caller with our codec."""
        operation, body = registration.write_query(cpr, self.create(), self.contract)
        service = services(self.contract)["PersonRegistrationService"]
        headers = {"content-type": "text/xml; charset=utf-8", "soapaction": service.operations[operation].soapaction}
        headers |= self.rest.headers.write_system(self.caller)
        answer = self.run(
            self.services.send(Call("POST", service.path, headers, envelope.write_call(self.caller, body)))
        )
        assert isinstance(envelope.read_response(answer.body), etree._Element), answer

    def until_delivered(self, cpr: str) -> None:
        """Create by REST, and deliver its webhook messages."""
        posted = self.receiver.posted
        self.by_rest(cpr)
        self.loop.run_until_complete(self.application.delivery.until_quiet())
        assert self.receiver.posted > posted

    def subscribe(self) -> None:
        """Let one system subscribe to the jobcentre's contact groups."""
        self.control.subscriber_system(SYSTEM, "http://127.0.0.1:1", JOBCENTER)
        wishes = [SubscriptionWish(JOBCENTER, self.contract.wsb_entities[Kind.KONTAKTGRUPPE].id, "/", self.now.date())]
        wire = Subscriptions(self.contract, self.rest)
        answer = wire.understand(self.run(self.services.send(wire.call(SYSTEM, wishes, self.caller, new_uuid()))))
        assert answer == Synchronised(1, 0, 0), answer


class _Waiting:
    """A transport for a caller who waits."""

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: AsgiTransport) -> None:
        self._loop = loop
        self._transport = transport

    def send(self, call: Call) -> Response:
        """Send and wait."""
        return self._loop.run_until_complete(self._transport.send(call))


def calls() -> Iterator[Trip]:
    """Trace the creates."""
    with tempfile.TemporaryDirectory(prefix="generalproeve-trace-") as folder:
        stage = Stage(Path(folder))
        trips: list[tuple[str, PrsSoap | None, Callable[[str], None]]] = [
            ("REST create", None, stage.by_rest),
            ("SOAP create, converter", PrsSoap.CONVERTER, stage.by_soap),
            ("SOAP create, classic", PrsSoap.CLASSIC, stage.by_soap),
            ("WSB: create until delivered", None, stage.until_delivered),
        ]
        for name, backend, act in trips:
            stage.control.force_backend(backend)
            if act == stage.until_delivered:
                stage.subscribe()
            act(stage.citizen())  # warm: the tables of the SOAP services are read once
            cpr = stage.citizen()
            with tracing(name) as trip:
                act(cpr)
            yield trip
        stage.application.close()
        stage.loop.close()


class _Scenario:
    """Plays one scenario on two channels, and records the second from its first step until its verdict."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the scenario's two examples; the first warms up."""
        items[:] = [item for item in items if item.name.startswith(SCENARIO)]
        self._recorded = items[-1].nodeid

    def pytest_bdd_before_step(self, request: pytest.FixtureRequest) -> None:
        """Record from the first step."""
        self._tracer.on = request.node.nodeid == self._recorded

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Stop when the scenario has its verdict."""
        if report.when == "call":
            self._tracer.on = False


def scenario() -> Trip:
    """Trace one scenario of the suite on the embedded stage, in every thread of this process."""
    tracer = Tracer("one scenario of the suite")
    package = Path(vos_features.__file__).parent
    arguments = [
        "-c",
        str(package / "scenarios.ini"),
        str(package / "test_scenarios.py"),
        "-p",
        "generalproeve.pytest_plugin",
    ]
    threading.setprofile(tracer)
    sys.setprofile(tracer)
    try:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            code = pytest.main([*arguments, "-q", "-p", "no:cacheprovider"], plugins=[_Scenario(tracer)])
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    assert code == pytest.ExitCode.OK, said.getvalue()
    return tracer.trip


def main() -> None:
    """Trace every trip and print a table, or JSON."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", action="store_true", dest="as_json")
    arguments.add_argument("--modules", metavar="TRIP", help="list the modules of the trips whose name holds this text")
    chosen = arguments.parse_args()
    trips = [*calls(), scenario()]
    if chosen.as_json:
        print(json.dumps([trip.as_json() for trip in trips], indent=2))
        return
    print("| trip | calls | rooms | walls | entered most |\n| --- | ---: | ---: | ---: | --- |")
    for trip in trips:
        most = ", ".join(f"{module} {count}" for module, count in trip.entries.most_common(3))
        print(f"| {trip.name} | {trip.calls:,} | {trip.rooms} | {trip.walls:,} | {most} |")
    for trip in trips:
        if chosen.modules and chosen.modules.casefold() in trip.name.casefold():
            print(f"\n{trip.name}:")
            for module, count in trip.entries.most_common():
                print(f"{count:6} {module}")


if __name__ == "__main__":
    main()
