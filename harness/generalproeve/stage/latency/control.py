"""The latency of a running stage through its control API: `/control/latency`, and the switch that it turns.

GET says how it stands, PUT puts in a model - the name of one that ships, or what its file says, as JSON - and DELETE turns it
off. While it is off, the services' own application answers, with nothing around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from generalproeve.base.exit_codes import CannotRun
from generalproeve.settings.limits import Limits
from generalproeve.settings.values import LATENCIES, LATENCY_SINCE
from generalproeve.stage.http.server import Server
from generalproeve.stage.latency import model as models
from generalproeve.stage.latency.layer import BackendChoice, Layer
from generalproeve.stage.latency.lookup import Lookup
from generalproeve.stage.latency.measurement import RuleDto
from generalproeve.stage.latency.model import Model, ModelEntry
from vos_contracts.contract import Contract
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.tables.errors import VALIDATES_NOT, ServiceError
from vos_contracts.wire.asgi.endpoint import ASGIApp, AsgiEndpoint, Endpoint, MethodChoice, Receive, Scope, Send
from vos_contracts.wire.asgi.soap import XML
from vos_contracts.wire.base import Call, RemoteWireError, Response, Unavailable
from vos_contracts.wire.calls import CallChannel
from vos_contracts.wire.rest.registration import JSON, Rest
from vos_contracts.wire.soap import envelope

PATH = "/control/latency"
ON_CONTROL = "control"
"""What a model is called that came through the control API."""


class Runtime(BackendChoice, Protocol):
    """What the stage is told, and tells of itself."""

    contract: Contract
    latency: str | None
    journal: Callable[[JournalEntry], None]
    clock: Any


class LatencyDto(msgspec.Struct, rename="camel", kw_only=True):
    """How it stands: the model's name, the model, and what came of each of its rules; null and empty while it is off."""

    latency: str | None
    model: ModelEntry | None = None
    rules: tuple[RuleDto, ...] = ()


class LatencySelector:
    """Puts a model around the services of a running server, and takes it away again; call it in the server's loop."""

    def __init__(self, server: Server, app: ASGIApp, runtime: Runtime, limits: Limits) -> None:
        self._server = server
        self._app = app
        self._runtime = runtime
        self._limits = limits
        self._layer: Layer | None = None

    def choose(self, model: Model | None) -> None:
        """Answer by that model from the next call on; errors: CannotRun for one that does not fit the contract."""
        layer = None if model is None else self._new_one(model)
        self._server.response_with(layer or self._app)
        self._layer = layer
        self._runtime.latency = None if model is None else model.name

    def app(self) -> ASGIApp:
        """Return the control API's part of it."""
        methods: Mapping[str, Endpoint] = {"GET": self._show, "PUT": self._assign, "DELETE": self._switch_off}
        body = self._limits.body_limits
        return _without_path(
            MethodChoice({name: AsgiEndpoint(method, _no, body) for name, method in methods.items()}, _no)
        )

    def _new_one(self, model: Model) -> Layer:
        contract = self._runtime.contract
        return Layer(self._app, model, Lookup(contract), _failing(contract, self._limits), self._runtime, self._note)

    async def _show(self, call: Call, path: dict[str, str]) -> Response:
        dto = LatencyDto(latency=None)
        if self._layer is not None:
            model = self._layer.model
            rules = tuple(rule.measurement.som_dto() for rule in self._layer.rules)
            dto = LatencyDto(latency=model.name, model=model.entry, rules=rules)
        return Response(200, {"content-type": JSON}, msgspec.json.encode(dto))

    async def _assign(self, call: Call, path: dict[str, str]) -> Response:
        try:
            self._change(_read(call.body))
        except CannotRun as exc:
            raise RemoteWireError(ServiceError(VALIDATES_NOT, str(exc))) from exc
        return await self._show(call, path)

    async def _switch_off(self, call: Call, path: dict[str, str]) -> Response:
        self._change(None)
        return await self._show(call, path)

    def _change(self, model: Model | None) -> None:
        self.choose(model)
        self._note({"model": LATENCY_SINCE if model is None else model.name})

    def _note(self, data: Mapping[str, str | int]) -> None:
        self._runtime.journal(JournalEntry(kind=EntryType.LATENCY, instant=self._runtime.clock.now(), data=data))


def _read(body: bytes) -> Model:
    try:
        said = msgspec.json.decode(body)
    except msgspec.DecodeError as exc:
        raise CannotRun(f"body: is not JSON: {exc}") from None
    if isinstance(said, str) and said in LATENCIES:
        return models.load(said)
    if not isinstance(said, dict):
        raise CannotRun(f"body: must be a model, or the name of one ({', '.join(LATENCIES)})")
    return models.read("body", said, ON_CONTROL, marked=True)


def _failing(contract: Contract, limits: Limits) -> Mapping[CallChannel, ASGIApp]:
    """Make what says, in each channel's own shape, that the service cannot answer now; nobody has heard the call."""
    rest = Rest(contract)

    def fault(errors: Sequence[ServiceError], status: int) -> Response:
        return Response(500, {"content-type": XML}, envelope.write_fault(errors, contract))

    async def can_not(call: Call, path: dict[str, str]) -> Response:
        raise Unavailable(call.path)

    former = {CallChannel.REST: rest.write_errors, CallChannel.SOAP: fault}
    return {channel: _without_path(AsgiEndpoint(can_not, form, limits.body_limits)) for channel, form in former.items()}


def _without_path(app: ASGIApp) -> ASGIApp:
    """What no router has chosen has no parameters in its path."""

    async def response(scope: Scope, receive: Receive, send: Send) -> None:
        scope["path_params"] = {}
        await app(scope, receive, send)

    return response


def _no(errors: Sequence[ServiceError], status: int) -> Response:
    entries = [{"fejlkode": error.code, "fejltekst": error.description or "Intern fejl"} for error in errors]
    return Response(status or 400, {"content-type": JSON}, msgspec.json.encode({"fejl": entries}))
