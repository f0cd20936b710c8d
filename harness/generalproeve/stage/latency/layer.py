"""The ASGI layer that applies a latency model: it delays the response until the drawn time, or makes the call fail.

It wraps the services. The drawn time counts from the last byte of the request to the start of the response, the services'
own work included; a call that took longer is answered at once. Not here: which rule applies to a call (`lookup`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from generalproeve.stage.http.protocol import INTERRUPT
from generalproeve.stage.latency.distribution import Distribution, Uniform, uniform_stream
from generalproeve.stage.latency.lookup import CONVERTED, Lookup
from generalproeve.stage.latency.measurement import CallOutcome, RuleMeasurement
from generalproeve.stage.latency.model import FaultEntry, Model
from vos_contracts.base import stopwatch
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.asgi.endpoint import ASGIApp, Message, Receive, Scope, Send
from vos_contracts.wire.calls import CallChannel, CalledOperation

TIMER_GRAIN_S = 0.0005
"""The event loop rounds timers to 1 ms: the last half millisecond is polled, as a service may answer within 4 ms."""


class BackendChoice(Protocol):
    """The current backends of the SOAP services that have two."""

    @property
    def prs_soap(self) -> PrsSoap:
        """The backend of SOAP registration."""
        ...

    @property
    def read_soap(self) -> PrsSoap:
        """The backend of SOAP reads."""
        ...


Note = Callable[[Mapping[str, str | int]], None]
"""Writes a deliberate fault to the journal of the stage."""


@dataclass(slots=True)
class Rule:
    """One rule in use: its n-th call gets its n-th pair of random numbers, independent of the calls of other rules."""

    number: int
    distribution: Distribution
    faults: FaultEntry
    uniform: Uniform
    measurement: RuleMeasurement = field(default_factory=RuleMeasurement)

    def draw(self) -> tuple[CallOutcome, float]:
        """Draw the outcome of a call, and its time in seconds."""
        p, seconds = self.uniform(), self.distribution.quantile(self.uniform())
        faults = self.faults
        for outcome, share in (
            (CallOutcome.ERROR, faults.error_share),
            (CallOutcome.RESET, faults.reset_share),
            (CallOutcome.SILENT, faults.timeout_share),
        ):
            if p < share:
                return outcome, seconds
            p -= share
        return CallOutcome.ANSWERED, seconds


class Layer:
    """An ASGI application that answers according to the model; `failing` are the error responses of each channel."""

    def __init__(
        self,
        app: ASGIApp,
        model: Model,
        lookup: Lookup,
        failing: Mapping[CallChannel, ASGIApp],
        backend: BackendChoice,
        note: Note,
    ) -> None:
        self._app = app
        self._lookup = lookup
        self._failing = failing
        self._backend = backend
        self._note = note
        self.model = model
        seed = model.entry.seed
        self.rules = tuple(
            Rule(number, distribution, entry.faults or FaultEntry(), uniform_stream(f"{seed}/{number}"))
            for number, (entry, distribution) in enumerate(zip(model.entry.rule, model.distributions, strict=True))
        )
        self._rule_of = {key: self.rules[number] for key, number in lookup.rules(model).items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call by its rule; a call without a rule goes straight to the services."""
        called = self._lookup(scope)
        rule = None if called is None else self._rule_of.get((called, self._backend_of(called)))
        if called is None or rule is None:
            await self._app(scope, receive, send)
            return
        outcome, seconds = rule.draw()
        rule.measurement.ended(outcome)
        if outcome is not CallOutcome.ANSWERED:
            self._note(_fault_data(scope, called, rule, outcome))
        delayed = _DelayedCall(rule, seconds, receive, send)
        match outcome:
            case CallOutcome.ANSWERED:
                await self._app(scope, delayed.receive, delayed.send)
            case CallOutcome.ERROR:
                await self._failing[called.channel](scope, delayed.receive, delayed.send)
            case CallOutcome.RESET | CallOutcome.SILENT:
                if _is_carried_out(rule, outcome):
                    await self._app(scope, delayed.receive, _discard)
                else:
                    await delayed.read_body()
                if outcome is CallOutcome.SILENT:
                    delayed.seconds = rule.faults.timeout_s
                await delayed.stay_silent()
                scope["extensions"][INTERRUPT](reset=outcome is CallOutcome.RESET)
                await _until_disconnected(receive)

    def _backend_of(self, called: CalledOperation) -> PrsSoap | None:
        name = CONVERTED.get(called.service)
        backend: PrsSoap | None = None if name is None else getattr(self._backend, name)
        return backend


class _DelayedCall:
    """The receive and send channels of one call whose response is delayed."""

    def __init__(self, rule: Rule, seconds: float, receive: Receive, send: Send) -> None:
        self._measurement = rule.measurement
        self.seconds = seconds
        self._receive = receive
        self._send = send
        self._arrived = stopwatch.seconds()

    async def receive(self) -> Message:
        """Receive; the time counts from the last byte of the request, so that a slow caller does not use it up."""
        message = await self._receive()
        if message["type"] == "http.request" and not message.get("more_body", False):
            self._arrived = stopwatch.seconds()
        return message

    async def read_body(self) -> None:
        """Read the request to its end and discard it."""
        while (await self.receive()).get("more_body", False):
            pass

    async def send(self, message: Message) -> None:
        """Send; the start of the response waits until the drawn time has passed."""
        if message["type"] == "http.response.start":
            work = stopwatch.seconds() - self._arrived
            await self._wait()
            self._measurement.answered(self.seconds, work, stopwatch.seconds() - self._arrived)
        await self._send(message)

    async def stay_silent(self) -> None:
        """Send nothing until the time has passed or the caller has disconnected."""
        try:
            async with asyncio.timeout(max(self._arrived + self.seconds - stopwatch.seconds(), 0.0)):
                await _until_disconnected(self._receive)
        except TimeoutError:
            await self._wait()

    async def _wait(self) -> None:
        """Wait for the rest of the time: by a timer, then by polling the clock for the last TIMER_GRAIN_S."""
        while (remaining := self._arrived + self.seconds - stopwatch.seconds()) > 0:
            await asyncio.sleep(remaining - TIMER_GRAIN_S if remaining > TIMER_GRAIN_S else 0)


async def _discard(message: Message) -> None:
    """Drop a message: the call is carried out and its response is lost."""


async def _until_disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _is_carried_out(rule: Rule, outcome: CallOutcome) -> bool:
    return rule.faults.reset_after if outcome is CallOutcome.RESET else rule.faults.timeout_after


def _fault_data(scope: Scope, called: CalledOperation, rule: Rule, outcome: CallOutcome) -> Mapping[str, str | int]:
    return {
        "outcome": outcome.value,
        "carried_out": "yes" if outcome is not CallOutcome.ERROR and _is_carried_out(rule, outcome) else "no",
        "rule": rule.number,
        "method": scope["method"],
        "path": scope["path"],
        "service": called.service,
        "operation": called.operation,
    }
