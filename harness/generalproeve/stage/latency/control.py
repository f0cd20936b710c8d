"""The latency of a running stage through its control API: `/styring/latens`, and the switch that it turns.

GET says how it stands, PUT puts in a model - the name of one that ships, or what its file says, as JSON - and DELETE turns it
off. While it is off, the services' own application answers, with nothing around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.server import Server
from generalproeve.settings.limits import Limits
from generalproeve.settings.values import LATENS_FRA, LATENSER
from generalproeve.stage.latency import model as modeller
from generalproeve.stage.latency.layer import Bagendevalg, Lag
from generalproeve.stage.latency.lookup import Opslag
from generalproeve.stage.latency.measurement import RegelDto
from generalproeve.stage.latency.model import Model, Modelpost
from vos_contracts.control.journal import Post, Posttype
from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire import soap
from vos_contracts.wire.asgi import ASGIApp, AsgiEndepunkt, Endepunkt, Metodevalg, Receive, Scope, Send
from vos_contracts.wire.base import Kald, RemoteWireError, Svar, Utilgaengelig
from vos_contracts.wire.calls import CallChannel
from vos_contracts.wire.rest import JSON, Rest
from vos_contracts.wire.soap_asgi import XML

STI = "/styring/latens"
PAA_STYRING = "styring"
"""What a model is called that came through the control API."""


class Drift(Bagendevalg, Protocol):
    """What the stage is told, and tells of itself."""

    kontrakt: Kontrakt
    latens: str | None
    journal: Callable[[Post], None]
    ur: Any


class LatensDto(msgspec.Struct, rename="camel", kw_only=True):
    """How it stands: the model's name, the model, and what came of each of its rules; null and empty while it is off."""

    latens: str | None
    model: Modelpost | None = None
    regler: tuple[RegelDto, ...] = ()


class Latensvaelger:
    """Puts a model around the services of a running server, and takes it away again; call it in the server's loop."""

    def __init__(self, server: Server, app: ASGIApp, drift: Drift, graenser: Limits) -> None:
        self._server = server
        self._app = app
        self._drift = drift
        self._graenser = graenser
        self._lag: Lag | None = None

    def vaelg(self, model: Model | None) -> None:
        """Answer by that model from the next call on; errors: KanIkkeKoere for one that does not fit the contract."""
        lag = None if model is None else self._nyt(model)
        self._server.svar_med(lag or self._app)
        self._lag = lag
        self._drift.latens = None if model is None else model.navn

    def app(self) -> ASGIApp:
        """Return the control API's part of it."""
        metoder: Mapping[str, Endepunkt] = {"GET": self._vis, "PUT": self._saet, "DELETE": self._sluk}
        krop = self._graenser.body_limits
        return _uden_sti(Metodevalg({navn: AsgiEndepunkt(en, _nej, krop) for navn, en in metoder.items()}, _nej))

    def _nyt(self, model: Model) -> Lag:
        kontrakt = self._drift.kontrakt
        return Lag(self._app, model, Opslag(kontrakt), _fejlende(kontrakt, self._graenser), self._drift, self._noter)

    async def _vis(self, kald: Kald, sti: dict[str, str]) -> Svar:
        dto = LatensDto(latens=None)
        if self._lag is not None:
            model = self._lag.model
            regler = tuple(en.maaling.som_dto() for en in self._lag.regler)
            dto = LatensDto(latens=model.navn, model=model.post, regler=regler)
        return Svar(200, {"content-type": JSON}, msgspec.json.encode(dto))

    async def _saet(self, kald: Kald, sti: dict[str, str]) -> Svar:
        try:
            self._skift(_laes(kald.krop))
        except KanIkkeKoere as brud:
            raise RemoteWireError(Fejl(VALIDERER_IKKE, str(brud))) from brud
        return await self._vis(kald, sti)

    async def _sluk(self, kald: Kald, sti: dict[str, str]) -> Svar:
        self._skift(None)
        return await self._vis(kald, sti)

    def _skift(self, model: Model | None) -> None:
        self.vaelg(model)
        self._noter({"model": LATENS_FRA if model is None else model.navn})

    def _noter(self, data: Mapping[str, str | int]) -> None:
        self._drift.journal(Post(art=Posttype.LATENS, tidspunkt=self._drift.ur.now(), data=data))


def _laes(krop: bytes) -> Model:
    try:
        sagt = msgspec.json.decode(krop)
    except msgspec.DecodeError as brud:
        raise KanIkkeKoere(f"body: is not JSON: {brud}") from None
    if isinstance(sagt, str) and sagt in LATENSER:
        return modeller.indlaes(sagt)
    if not isinstance(sagt, dict):
        raise KanIkkeKoere(f"body: must be a model, or the name of one ({', '.join(LATENSER)})")
    return modeller.laes("body", sagt, PAA_STYRING, maerket=True)


def _fejlende(kontrakt: Kontrakt, graenser: Limits) -> Mapping[CallChannel, ASGIApp]:
    """Make what says, in each channel's own shape, that the service cannot answer now; nobody has heard the call."""
    rest = Rest(kontrakt)

    def fault(fejl: Sequence[Fejl], status: int) -> Svar:
        return Svar(500, {"content-type": XML}, soap.skriv_fault(fejl, kontrakt))

    async def kan_ikke(kald: Kald, sti: dict[str, str]) -> Svar:
        raise Utilgaengelig(kald.sti)

    former = {CallChannel.REST: rest.skriv_fejl, CallChannel.SOAP: fault}
    return {kanal: _uden_sti(AsgiEndepunkt(kan_ikke, form, graenser.body_limits)) for kanal, form in former.items()}


def _uden_sti(app: ASGIApp) -> ASGIApp:
    """What no router has chosen has no parameters in its path."""

    async def svar(scope: Scope, receive: Receive, send: Send) -> None:
        scope["path_params"] = {}
        await app(scope, receive, send)

    return svar


def _nej(fejl: Sequence[Fejl], status: int) -> Svar:
    poster = [{"fejlkode": en.kode, "fejltekst": en.beskrivelse or "Intern fejl"} for en in fejl]
    return Svar(status or 400, {"content-type": JSON}, msgspec.json.encode({"fejl": poster}))
