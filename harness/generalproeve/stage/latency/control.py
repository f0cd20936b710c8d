"""The latency of a running stage: the resource `/control/latency` of the control API.

GET returns the model and its measurements, PUT sets a model (the name of a shipped one, or the content of a model file as
JSON), DELETE switches it off. While it is off, the services answer without a layer around them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings.limits import Limits
from generalproeve.settings.values import LATENCIES, LATENCY_OFF
from generalproeve.stage.http.server import Server
from generalproeve.stage.latency import model as models
from generalproeve.stage.latency.layer import BackendChoice, Layer
from generalproeve.stage.latency.lookup import Lookup
from generalproeve.stage.latency.measurement import RuleDto
from generalproeve.stage.latency.model import Model, ModelEntry
from vos_contracts.contract import Contract
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.asgi.endpoint import ASGIApp, AsgiEndpoint, Endpoint, MethodChoice, Receive, Scope, Send
from vos_contracts.wire.asgi.soap import XML
from vos_contracts.wire.base import Call, RemoteWireError, Response, Unavailable
from vos_contracts.wire.calls import CallChannel
from vos_contracts.wire.rest.registration import JSON, Rest
from vos_contracts.wire.soap import envelope

PATH = "/control/latency"
ON_CONTROL = "control"
"""The name of a model that was set through the control API."""


class StageRuntime(BackendChoice, Protocol):
    """The interface that latency needs of the stage: its contract, clock, journal and backends."""

    contract: Contract
    latency: str | None
    journal: Callable[[JournalEntry], None]
    clock: Any


class LatencyDto(msgspec.Struct, rename="camel", kw_only=True):
    """The name of the model, the model, and the measurements of each rule; null and empty while latency is off."""

    latency: str | None
    model: ModelEntry | None = None
    rules: tuple[RuleDto, ...] = ()


class LatencySelector:
    """Sets and removes the latency layer of a running server; to be called in the server's loop."""

    def __init__(self, server: Server, app: ASGIApp, runtime: StageRuntime, limits: Limits) -> None:
        self._server = server
        self._app = app
        self._runtime = runtime
        self._limits = limits
        self._layer: Layer | None = None

    def choose(self, model: Model | None) -> None:
        """Apply a model, or none, from the next call on.

        Raises:
            CannotRun: the model does not fit the contract.
        """
        layer = None if model is None else self._new_layer(model)
        self._server.replace_app(layer or self._app)
        self._layer = layer
        self._runtime.latency = None if model is None else model.name

    def app(self) -> ASGIApp:
        """Return the application at `/control/latency`."""
        methods: Mapping[str, Endpoint] = {"GET": self._show, "PUT": self._set, "DELETE": self._switch_off}
        body = self._limits.body_limits
        return _without_path(
            MethodChoice(
                {name: AsgiEndpoint(method, _write_errors, body) for name, method in methods.items()}, _write_errors
            )
        )

    def _new_layer(self, model: Model) -> Layer:
        contract = self._runtime.contract
        return Layer(self._app, model, Lookup(contract), _failing(contract, self._limits), self._runtime, self._note)

    async def _show(self, call: Call, path: dict[str, str]) -> Response:
        dto = LatencyDto(latency=None)
        if self._layer is not None:
            model = self._layer.model
            rules = tuple(rule.measurement.to_dto() for rule in self._layer.rules)
            dto = LatencyDto(latency=model.name, model=model.entry, rules=rules)
        return Response(200, {"content-type": JSON}, msgspec.json.encode(dto))

    async def _set(self, call: Call, path: dict[str, str]) -> Response:
        try:
            self._change(_read(call.body))
        except CannotRun as error:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, str(error))) from error
        return await self._show(call, path)

    async def _switch_off(self, call: Call, path: dict[str, str]) -> Response:
        self._change(None)
        return await self._show(call, path)

    def _change(self, model: Model | None) -> None:
        self.choose(model)
        self._note({"model": LATENCY_OFF if model is None else model.name})

    def _note(self, data: Mapping[str, str | int]) -> None:
        self._runtime.journal(JournalEntry(kind=EntryType.LATENCY, instant=self._runtime.clock.now(), data=data))


def _read(body: bytes) -> Model:
    try:
        content = msgspec.json.decode(body)
    except msgspec.DecodeError as exc:
        raise CannotRun(f"body: is not JSON: {exc}") from None
    if isinstance(content, str) and content in LATENCIES:
        return models.load(content)
    if not isinstance(content, dict):
        raise CannotRun(f"body: must be a model, or the name of one ({', '.join(LATENCIES)})")
    return models.read("body", content, ON_CONTROL, marked=True)


def _failing(contract: Contract, limits: Limits) -> Mapping[CallChannel, ASGIApp]:
    """Make the application of each channel that answers that the service is unavailable, without carrying out the call."""
    rest = Rest(contract)

    def fault(errors: Sequence[ServiceError], status: int) -> Response:
        return Response(500, {"content-type": XML}, envelope.write_fault(errors, contract))

    async def unavailable(call: Call, path: dict[str, str]) -> Response:
        raise Unavailable(call.path)

    formats = {CallChannel.REST: rest.write_errors, CallChannel.SOAP: fault}
    return {
        channel: _without_path(AsgiEndpoint(unavailable, write, limits.body_limits))
        for channel, write in formats.items()
    }


def _without_path(app: ASGIApp) -> ASGIApp:
    """Add the empty path parameters that a router would have set."""

    async def without_path(scope: Scope, receive: Receive, send: Send) -> None:
        scope["path_params"] = {}
        await app(scope, receive, send)

    return without_path


def _write_errors(errors: Sequence[ServiceError], status: int) -> Response:
    entries = [{"fejlkode": error.code, "fejltekst": error.description or "Intern fejl"} for error in errors]
    return Response(status or 400, {"content-type": JSON}, msgspec.json.encode({"fejl": entries}))
