"""The latency layer on a fake clock: the drawn time is the whole response time, whatever the work took."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from generalproeve.settings.limits import Limits
from generalproeve.stage.http.protocol import INTERRUPT
from generalproeve.stage.http.server import new_server
from generalproeve.stage.latency import layer
from generalproeve.stage.latency.control import LatencySelector
from generalproeve.stage.latency.layer import Layer
from generalproeve.stage.latency.lookup import Lookup
from generalproeve.stage.latency.model import read
from support.builders import contract
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.asgi.endpoint import Message, Receive, Scope, Send
from vos_contracts.wire.calls import CallChannel

PRS = "/PjakTassWCFtService/9/PersonRegistrationService.svc"
KG = "/v1/PersonVisitering/kontaktgruppe"
TICK = 0.00001
FIXED = "[[rule]]\nfixed_ms = 30\n"
FAULTS = FIXED + "[rule.faults]\n"


@dataclass
class Clock:
    """A clock that advances by sleeping and by working only; its timer fires 10 % early."""

    now: float = 100.0
    waited: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += max(seconds * 0.9, TICK)


class AtOnce:
    """A timeout that has expired at once: on a fake clock nothing else would end it."""

    async def __aenter__(self) -> None:
        raise TimeoutError

    async def __aexit__(self, *other: object) -> None: ...


@dataclass
class StageState:
    """The part of the stage that the layer uses."""

    prs_soap: PrsSoap = PrsSoap.CONVERTER
    read_soap: PrsSoap = PrsSoap.CONVERTER
    latency: str | None = None
    noted: list[Mapping[str, str | int]] = field(default_factory=list)
    contract: Any = field(default_factory=contract)
    clock: Any = None

    def journal(self, entry: object) -> None: ...


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Replace the clock of the layer module only: other stages in this process keep the real one."""
    clock = Clock()
    monkeypatch.setattr(layer, "stopwatch", SimpleNamespace(seconds=lambda: clock.now))
    monkeypatch.setattr(layer, "asyncio", SimpleNamespace(sleep=clock.sleep, timeout=lambda seconds: AtOnce()))
    return clock


@dataclass
class Call:
    """One call to a layer: the pauses before its body chunks, the duration of its work, and what was observed."""

    clock: Clock
    chunks: list[float] = field(default_factory=lambda: [0.0])
    work: float = 0.0
    sent: list[tuple[float, Message]] = field(default_factory=list)
    worked: list[str] = field(default_factory=list)
    aborted: list[bool] = field(default_factory=list)

    def to(self, toml: str, state: StageState | None = None, method: str = "POST", path: str = KG) -> Layer:
        """Send the call through a layer with this model; return the layer."""
        state, model = state or StageState(), read("x", tomllib.loads(toml), "x")
        failing = dict.fromkeys(CallChannel, self._unavailable)
        made = Layer(self._app, model, Lookup(contract()), failing, state, state.noted.append)
        scope = {
            "type": "http", "method": method, "path": path, "query_string": b"", "scheme": "http",
            "headers": [(b"content-length", b"1")], "extensions": {INTERRUPT: self._abort},
        }  # fmt: skip
        asyncio.run(made(scope, self._receive, self._send))
        return made

    @property
    def answered_at(self) -> float:
        return self.sent[0][0]

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["more_body"]:
            pass
        self.clock.now += self.work
        self.worked.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _unavailable(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 503, "headers": []})

    async def _receive(self) -> Message:
        if self.aborted or not self.chunks:
            return {"type": "http.disconnect"}
        self.clock.now += self.chunks.pop(0)
        return {"type": "http.request", "body": b"x", "more_body": bool(self.chunks)}

    async def _send(self, message: Message) -> None:
        self.sent.append((self.clock.now, message))

    def _abort(self, *, reset: bool) -> None:
        self.aborted.append(reset)


@pytest.mark.parametrize(("work", "late", "total"), [(0.01, 0, 0.03), (0.05, 1, 0.05)], ids=["within", "longer"])
def test_the_work_is_part_of_the_time_and_longer_work_is_answered_at_once(
    clock: Clock, work: float, late: int, total: float
) -> None:
    call = Call(clock, work=work)
    account = call.to(FIXED).rules[0].measurement.to_dto()
    assert call.answered_at == pytest.approx(100 + total, abs=TICK)
    assert account.drawn is not None
    assert account.held is not None
    assert (account.calls, account.exceeded, account.drawn.median) == (1, late, 30.0)
    assert account.held.median == pytest.approx(1000 * total, abs=1000 * TICK)
    assert len(clock.waited) > 1 if not late else not clock.waited, "the timer fires early, so the rest is polled"


def test_the_time_counts_from_the_last_byte_of_the_request(clock: Clock) -> None:
    call = Call(clock, chunks=[0.0, 2.0, 3.0])
    call.to(FIXED)
    assert call.answered_at == pytest.approx(105.03, abs=TICK)


@pytest.mark.parametrize(
    ("method", "path", "held"),
    [("POST", PRS, True), ("GET", PRS, False), ("POST", KG, False), ("GET", "/openapi.json", False)],
    ids=["soap", "wsdl", "rest", "openapi"],
)
def test_only_calls_with_a_rule_are_delayed(clock: Clock, method: str, path: str, held: bool) -> None:
    call = Call(clock)
    call.to("[[rule]]\nchannel = 'soap'\nfixed_ms = 30\n", method=method, path=path)
    assert call.answered_at == pytest.approx(100.03 if held else 100.0, abs=TICK)


def test_a_rule_applies_to_the_current_backend(clock: Clock) -> None:
    taken = {}
    for backend in (PrsSoap.CLASSIC, PrsSoap.CONVERTER, PrsSoap.WITHDRAWN):
        call, begun = Call(clock), clock.now
        call.to("[[rule]]\nbackend = 'converter'\nfixed_ms = 30\n", StageState(prs_soap=backend), path=PRS)
        taken[backend] = round(call.answered_at - begun, 3)
    assert taken == {PrsSoap.CLASSIC: 0.0, PrsSoap.CONVERTER: 0.03, PrsSoap.WITHDRAWN: 0.0}


def test_a_failing_call_takes_its_time_and_is_not_carried_out(clock: Clock) -> None:
    call, state = Call(clock), StageState()
    call.to(FAULTS + "error_share = 1\n", state)
    assert (call.worked, call.sent[0][1]["status"]) == ([], 503)
    assert call.answered_at == pytest.approx(100.03, abs=TICK)
    assert state.noted == [
        {
            "outcome": "error", "carried_out": "no", "rule": 0, "method": "POST", "path": KG,
            "service": "PersonVisiteringService", "operation": "CreateKontaktgruppe",
        }
    ]  # fmt: skip


@pytest.mark.parametrize("after", [False, True], ids=["before the work", "after it"])
@pytest.mark.parametrize(("fault", "resets", "at"), [("reset", True, 100.03), ("timeout", False, 102.0)])
def test_no_answer_before_or_after_the_work(clock: Clock, fault: str, resets: bool, at: float, after: bool) -> None:
    call, state = Call(clock), StageState()
    call.to(FAULTS + f"{fault}_share = 1\ntimeout_s = 2\n" + (f"{fault}_after = true\n" if after else ""), state)
    assert (call.worked, call.sent, call.aborted) == ([KG] if after else [], [], [resets])
    assert clock.now == pytest.approx(at, abs=TICK)
    assert state.noted[0]["carried_out"] == ("yes" if after else "no")


def test_a_disconnected_caller_ends_the_wait(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generalproeve.stage.latency.layer.asyncio.timeout", asyncio.timeout)
    call = Call(clock, chunks=[])
    call.to(FAULTS + "timeout_share = 1\ntimeout_s = 900\n")
    assert (clock.now, call.sent) == (100.0, [])


def test_without_a_model_there_is_no_layer() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None: ...

    state, services = StageState(), app
    server = new_server(services)
    control = LatencySelector(server, services, state, Limits())
    assert server.config.app is services
    control.choose(read("x", {"rule": [{"fixed_ms": 30}]}, "x"))
    assert (type(server.config.app), state.latency) == (Layer, "x")
    control.choose(None)
    assert (server.config.app, server.config.loaded_app, state.latency) == (services, services, None)
