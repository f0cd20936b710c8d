"""Count the modules of this project that a call passes through, and the transitions between them.

    python benchmarks/trace_modules.py [--json] [--modules NAME]

Traces four kinds of call and one scenario with `sys.setprofile`, each after an untraced one of its kind has filled
the caches. Only functions of the project's six packages count; a call from one of them to another through a library
counts as direct. It takes 5 seconds.

Prints one row per trace: calls are functions entered (a resumed coroutine or generator counts again), modules are
those entered, and transitions are changes from one module to another, by a call or a return. Fewer modules and
transitions mean that a reader opens fewer files to follow the call. `--modules` lists the modules of the traces whose
name contains NAME.
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
"""A change of kontaktgruppe by SOAP or REST, and the messages that follow."""


@dataclass
class Trace:
    """The modules that one call passed through; `entries` counts the entries into each module from another module."""

    name: str
    calls: int = 0
    transitions: int = 0
    entries: Counter[str] = field(default_factory=Counter)

    @property
    def modules(self) -> int:
        """The number of modules entered."""
        return len(self.entries)

    def as_json(self) -> dict[str, object]:
        """Return the figures as a JSON object, with the entries into each module."""
        return {
            "name": self.name,
            "calls": self.calls,
            "modules": self.modules,
            "transitions": self.transitions,
            "entries": dict(self.entries.most_common()),
        }


class Tracer:
    """A profile function that counts while `on`; every thread has a stack of its own."""

    def __init__(self, name: str) -> None:
        self.trace = Trace(name)
        self.on = False
        self._threads = threading.local()

    def __call__(self, frame: FrameType, event: str, arg: object) -> None:
        """Handle one event of the interpreter."""
        if event not in {"call", "return"}:
            return
        module: str = frame.f_globals.get("__name__", "")
        if module.partition(".")[0] not in PACKAGES:
            return
        stack: list[str] = self._threads.__dict__.setdefault("stack", [])
        if event == "call":
            if self.on:
                self.trace.calls += 1
                if not stack or stack[-1] != module:
                    self.trace.transitions += 1
                    self.trace.entries[module] += 1
            stack.append(module)
        elif stack:
            left = stack.pop()
            if self.on and stack and stack[-1] != left:
                self.trace.transitions += 1


@contextlib.contextmanager
def tracing(name: str) -> Iterator[Trace]:
    """Trace this thread in the block."""
    tracer = Tracer(name)
    tracer.on = True
    sys.setprofile(tracer)
    try:
        yield tracer.trace
    finally:
        sys.setprofile(None)


@dataclass
class Receiver:
    """A subscriber that accepts every message at once."""

    posted: int = 0

    async def post(self, url: str, body: bytes) -> AttemptResponse:
        """Accept the message."""
        self.posted += 1
        return Answered(200)

    async def close(self) -> None:
        """Do nothing: no connection is open."""


class Stage:
    """The reference in this process, called through its ASGI applications without a socket."""

    def __init__(self, folder: Path) -> None:
        self.contract = load()
        self.rest = Rest(self.contract)
        self.receiver = Receiver()
        self.loop = asyncio.new_event_loop()
        self.application: Application = build(
            Configuration(db=folder / "trace.db"), self.contract, sender=self.receiver
        )
        self.services = AsgiTransport(self.application.services)
        self.control = Control(_WaitingTransport(self.loop, AsgiTransport(self.application.control)))
        self.now = self.control.status().clock
        self.caller = KSS.identity(JOBCENTER, self.now)
        self._people = People(seed=1)

    def citizen(self) -> str:
        """Put a new citizen on the stage; return the CPR number."""
        citizen = self._people.new(40, self.now.date())
        self.control.set_up(on_stage(citizen))
        return citizen.cpr

    def create(self) -> Create:
        """Return a create of kontaktgruppe 13 from the start of today."""
        return Create(Kind.KONTAKTGRUPPE, 13, self.now.replace(hour=0, minute=0, second=0, microsecond=0))

    def run(self, work: Coroutine[Any, Any, Response]) -> Response:
        """Run the coroutine to its end."""
        return self.loop.run_until_complete(work)

    def by_rest(self, cpr: str) -> None:
        """Create by REST, with the project's codec on the caller's side."""
        call = self.rest.call_register(cpr, self.create(), self.caller, new_uuid())
        answer = self.rest.understand_id(self.run(self.services.send(call)))
        assert isinstance(answer, str), answer

    def by_soap(self, cpr: str) -> None:
        """Create by SOAP, with the project's codec on the caller's side."""
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
        """Let one system subscribe to the jobcenter's kontaktgrupper."""
        self.control.subscriber_system(SYSTEM, "http://127.0.0.1:1", JOBCENTER)
        wishes = [SubscriptionWish(JOBCENTER, self.contract.wsb_entities[Kind.KONTAKTGRUPPE].id, "/", self.now.date())]
        wire = Subscriptions(self.contract, self.rest)
        answer = wire.understand(self.run(self.services.send(wire.call(SYSTEM, wishes, self.caller, new_uuid()))))
        assert answer == Synchronised(1, 0, 0), answer


class _WaitingTransport:
    """A synchronous transport over an asynchronous one."""

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: AsgiTransport) -> None:
        self._loop = loop
        self._transport = transport

    def send(self, call: Call) -> Response:
        """Send the call and wait for its answer."""
        return self._loop.run_until_complete(self._transport.send(call))


def calls() -> Iterator[Trace]:
    """Trace a create by each channel, and one until its messages are delivered."""
    with tempfile.TemporaryDirectory(prefix="generalproeve-trace-") as folder:
        stage = Stage(Path(folder))
        traces: list[tuple[str, PrsSoap | None, Callable[[str], None]]] = [
            ("REST create", None, stage.by_rest),
            ("SOAP create, converter", PrsSoap.CONVERTER, stage.by_soap),
            ("SOAP create, classic", PrsSoap.CLASSIC, stage.by_soap),
            ("WSB: create until delivered", None, stage.until_delivered),
        ]
        for name, backend, act in traces:
            stage.control.force_backend(backend)
            if act == stage.until_delivered:
                stage.subscribe()
            act(stage.citizen())  # fills the caches: the tables of the SOAP services are read once
            cpr = stage.citizen()
            with tracing(name) as trace:
                act(cpr)
            yield trace
        stage.application.close()
        stage.loop.close()


class _Scenario:
    """A pytest plugin that plays a scenario on two channels and traces the second, from first step to verdict."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Select the scenario's two examples; the first fills the caches."""
        items[:] = [item for item in items if item.name.startswith(SCENARIO)]
        self._traced = items[-1].nodeid

    def pytest_bdd_before_step(self, request: pytest.FixtureRequest) -> None:
        """Start the trace with the first step."""
        self._tracer.on = request.node.nodeid == self._traced

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Stop the trace when the scenario has its verdict."""
        if report.when == "call":
            self._tracer.on = False


def scenario() -> Trace:
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
        with contextlib.redirect_stdout(io.StringIO()) as output:
            code = pytest.main([*arguments, "-q", "-p", "no:cacheprovider"], plugins=[_Scenario(tracer)])
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    assert code == pytest.ExitCode.OK, output.getvalue()
    return tracer.trace


def main() -> None:
    """Trace all, and print a table or JSON."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--json", action="store_true", dest="as_json")
    arguments.add_argument("--modules", metavar="NAME", help="list the modules of the traces whose name contains NAME")
    chosen = arguments.parse_args()
    traces = [*calls(), scenario()]
    if chosen.as_json:
        print(json.dumps([trace.as_json() for trace in traces], indent=2))
        return
    print("| trace | calls | modules | transitions | entered most |\n| --- | ---: | ---: | ---: | --- |")
    for trace in traces:
        most = ", ".join(f"{module} {count}" for module, count in trace.entries.most_common(3))
        print(f"| {trace.name} | {trace.calls:,} | {trace.modules} | {trace.transitions:,} | {most} |")
    for trace in traces:
        if chosen.modules and chosen.modules.casefold() in trace.name.casefold():
            print(f"\n{trace.name}:")
            for module, count in trace.entries.most_common():
                print(f"{count:6} {module}")


if __name__ == "__main__":
    main()
