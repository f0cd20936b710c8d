"""The layer that keeps to a model: it lets a call be answered, and holds the answer back until its time; or lets it go wrong.

Outermost around the services. The described time is the whole of it, from the call's last byte until its answer: what the
work took is part of it, and a call that worked longer is answered at once. Not here: which rule is about a call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from generalproeve.stage.http.protocol import INTERRUPT
from generalproeve.stage.latency import draws
from generalproeve.stage.latency.distribution import Distribution
from generalproeve.stage.latency.draws import Lot
from generalproeve.stage.latency.lookup import CONVERTED, Lookup
from generalproeve.stage.latency.measurement import CallExit, Measurement
from generalproeve.stage.latency.model import ErrorEntry, Model
from vos_contracts.base import stopwatch
from vos_contracts.tables.releases import PrsSoap
from vos_contracts.wire.asgi.endpoint import ASGIApp, Message, Receive, Scope, Send
from vos_contracts.wire.calls import CallChannel, CalledOperation

GRAIN_S = 0.0005
"""A timer is rounded to the nearest millisecond, and half of one is much of a service's four."""


class BackendChoice(Protocol):
    """What stands behind the converted SOAP services now."""

    @property
    def prs_soap(self) -> PrsSoap:
        """Behind the registrations."""
        ...

    @property
    def read_soap(self) -> PrsSoap:
        """Behind the reads."""
        ...


Note = Callable[[Mapping[str, str | int]], None]
"""Note in the stage's journal that a call went wrong on purpose."""


@dataclass(slots=True)
class Rule:
    """One rule at work: the n-th call that it is about gets the n-th lots, whatever else goes on."""

    number: int
    distribution: Distribution
    errors: ErrorEntry
    lot: Lot
    measurement: Measurement = field(default_factory=Measurement)

    def draw(self) -> tuple[CallExit, float]:
        """Draw how a call comes out, and its time in seconds."""
        lot, seconds = self.lot(), self.distribution.quantile(self.lot())
        errors = self.errors
        for exit, share in (
            (CallExit.ERRORS, errors.error_share),
            (CallExit.RESET, errors.reset_share),
            (CallExit.SILENT, errors.timeout_share),
        ):
            if lot < share:
                return exit, seconds
            lot -= share
        return CallExit.ANSWERED, seconds


class Layer:
    """An ASGI application that answers as the model says; `failing` say no in each channel's own shape."""

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
            Rule(number, distribution, entry.faults or ErrorEntry(), draws.new(f"{seed}/{number}"))
            for number, (entry, distribution) in enumerate(zip(model.entry.rule, model.distributions, strict=True))
        )
        self._after_call = {key: self.rules[nr] for key, nr in lookup.rules(model).items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the call be answered in its time."""
        called = self._lookup(scope)
        rule = None if called is None else self._after_call.get((called, self._the_backend(called)))
        if called is None or rule is None:
            await self._app(scope, receive, send)
            return
        exit, seconds = rule.draw()
        rule.measurement.ended(exit)
        if exit is not CallExit.ANSWERED:
            self._note(_error_data(scope, called, rule, exit))
        held = _Held(rule, seconds, receive, send)
        match exit:
            case CallExit.ANSWERED:
                await self._app(scope, held.receive_body, held.dispatch)
            case CallExit.ERRORS:
                await self._failing[called.channel](scope, held.receive_body, held.dispatch)
            case CallExit.RESET | CallExit.SILENT:
                if _carried_out(rule, exit):
                    await self._app(scope, held.receive_body, _none)
                else:
                    await held.hear()
                if exit is CallExit.SILENT:
                    held.seconds = rule.errors.timeout_s
                await held.ti_quiet()
                scope["extensions"][INTERRUPT](reset=exit is CallExit.RESET)
                await _to_connection_is_wake(receive)

    def _the_backend(self, called: CalledOperation) -> PrsSoap | None:
        name = CONVERTED.get(called.service)
        backend: PrsSoap | None = None if name is None else getattr(self._backend, name)
        return backend


class _Held:
    """The two ends of one call that is held back."""

    def __init__(self, rule: Rule, seconds: float, receive: Receive, send: Send) -> None:
        self._measurement = rule.measurement
        self.seconds = seconds
        self._receive = receive
        self._send = send
        self._came = stopwatch.seconds()

    async def receive_body(self) -> Message:
        """Receive, and count from the last byte: a caller's own slowness is not the service's."""
        message = await self._receive()
        if message["type"] == "http.request" and not message.get("more_body", False):
            self._came = stopwatch.seconds()
        return message

    async def hear(self) -> None:
        """Read the call to its end, and do nothing with it."""
        while (await self.receive_body()).get("more_body", False):
            pass

    async def dispatch(self, message: Message) -> None:
        """Send, the beginning of the answer not before its time."""
        if message["type"] == "http.response.start":
            work = stopwatch.seconds() - self._came
            await self._wait()
            self._measurement.answered(self.seconds, work, stopwatch.seconds() - self._came)
        await self._send(message)

    async def ti_quiet(self) -> None:
        """Say nothing for as long as it takes, or until the caller gives up."""
        try:
            async with asyncio.timeout(max(self._came + self.seconds - stopwatch.seconds(), 0.0)):
                await _to_connection_is_wake(self._receive)
        except TimeoutError:
            await self._wait()

    async def _wait(self) -> None:
        """Wait out the time: by a timer to within its grain, and then by asking the clock."""
        while (rest := self._came + self.seconds - stopwatch.seconds()) > 0:
            await asyncio.sleep(rest - GRAIN_S if rest > GRAIN_S else 0)


async def _none(message: Message) -> None:
    """Send nothing: the work is done, and nobody hears of it."""


async def _to_connection_is_wake(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _carried_out(rule: Rule, exit: CallExit) -> bool:
    return rule.errors.reset_after if exit is CallExit.RESET else rule.errors.timeout_after


def _error_data(scope: Scope, called: CalledOperation, rule: Rule, exit: CallExit) -> Mapping[str, str | int]:
    return {
        "exit": exit.value,
        "carried_out": "yes" if exit is not CallExit.ERRORS and _carried_out(rule, exit) else "no",
        "rule": rule.number,
        "method": scope["method"],
        "path": scope["path"],
        "service": called.service,
        "operation": called.operation,
    }
