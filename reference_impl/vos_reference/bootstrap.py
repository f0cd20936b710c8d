"""The composition root: the only module that sees edges and adapters together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.kontrakt import Kontrakt, indlaes
from vos_contracts.wire.asgi import SkrivFejl, send_svar
from vos_contracts.wire.bagende import Bagende, Laesebagende
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.rest_laesning import RestLaesning
from vos_contracts.wire.transport_asgi import AsgiTransport
from vos_reference.adapters.afsender import HttpAfsender
from vos_reference.adapters.idkilde import UuidKilde
from vos_reference.adapters.maegler_amqp import RabbitMaegler
from vos_reference.adapters.maegler_intern import InternMaegler
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.application.drift import LOOPBACK, Drift
from vos_reference.application.koe import Sekvensudloeb
from vos_reference.application.levering import Afsender, Leveringer
from vos_reference.application.maegler import Maegler
from vos_reference.application.natkoersel import Natkoersel
from vos_reference.application.ports import Store
from vos_reference.application.ur import Urvaerk
from vos_reference.clock import StageClock, SystemClock
from vos_reference.config import Konfiguration
from vos_reference.converter import Converter, LaeseConverter
from vos_reference.edge.abonnement import AbonnementEdge
from vos_reference.edge.formidlingsloeb import Formidlingsloeb
from vos_reference.edge.journal import Journal, Kaldsjournal
from vos_reference.edge.leveringsloeb import Leveringsloeb
from vos_reference.edge.openapi import OpenapiEdge
from vos_reference.edge.rest import RestEdge
from vos_reference.edge.rest_laesning import RestLaesningEdge
from vos_reference.edge.samler import Samler
from vos_reference.edge.soap import SoapEdge
from vos_reference.edge.styring import StyringEdge, skriv_fejl
from vos_reference.edge.urloeb import Urloeb
from vos_reference.edge.vedligehold import Vedligehold
from vos_reference.klassisk import Klassisk, KlassiskLaesning


class UkendtUdgave(ValueError):
    """The configured release is not in the contract."""


@dataclass(frozen=True, slots=True)
class Applikation:
    """The two applications of one stage and what they share; `luk` closes the store.

    `journaliser` lets the calls to another application stand in the same journal.
    """

    tjenester: ASGIApp
    styring: ASGIApp
    drift: Drift
    journal: Journal
    urloeb: Urloeb
    leveringsloeb: Leveringsloeb
    formidlingsloeb: Formidlingsloeb
    maegler: Maegler

    async def virke(self) -> None:
        """Deliver messages, pass events on, carry out what falls due while the clock goes by itself, and keep the store up."""
        async with asyncio.TaskGroup() as opgaver:
            opgaver.create_task(self.leveringsloeb.virke())
            opgaver.create_task(self.formidlingsloeb.virke())
            opgaver.create_task(self.urloeb.virke())
            opgaver.create_task(Vedligehold(self.drift.store).virke())

    def journaliser(self, app: ASGIApp) -> ASGIApp:
        """Return the application with every call to it noted."""
        return Kaldsjournal(app, self.journal, self.drift.ur, self.drift.kontrakt.navne)

    def luk(self) -> None:
        """Close the store; call it in the thread that built it."""
        self.drift.store.luk()


def byg(
    konfiguration: Konfiguration,
    kontrakt: Kontrakt | None = None,
    store: Store | None = None,
    afsender: Afsender | None = None,
    maegler: Maegler | None = None,
) -> Applikation:
    """Build the reference in the calling thread.

    Errors: TabelFejl for a contract that cannot be loaded, UkendtUdgave, DatabaseFejl.
    """
    kontrakt = kontrakt or indlaes(konfiguration.kontrakt)
    udgave = kontrakt.udgaver.get(konfiguration.udgave)
    if udgave is None:
        raise UkendtUdgave(f"udgave {konfiguration.udgave!r} findes ikke; kendte er {', '.join(kontrakt.udgaver)}")
    journal = Journal()
    drift = Drift(
        store=store or SqliteStore(konfiguration.db),
        ur=StageClock(SystemClock(), konfiguration.ur),
        ider=UuidKilde(),
        kontrakt=kontrakt,
        udgave=udgave,
        bagende=konfiguration.bagende,
        journal=journal,
        wsb_tilstand=konfiguration.wsb_tilstand,
        webhook_vaerter=LOOPBACK | konfiguration.webhook_vaerter,
    )
    leveringsloeb = Leveringsloeb(drift, afsender or HttpAfsender(konfiguration.wsb_tidsfrist, drift.webhook_vaerter))
    drift.noget_at_sende = leveringsloeb.vaek
    maegler = maegler or _maegler(konfiguration, kontrakt)
    formidlingsloeb = Formidlingsloeb(drift, maegler)
    drift.haendelser_rejst = formidlingsloeb.vaek
    rest, graenser = Rest(kontrakt), konfiguration.kropsgraenser
    laesning = RestLaesning(kontrakt, rest)
    samler = Samler(drift)
    registreringer, laesninger = RestEdge(drift, rest, samler), RestLaesningEdge(drift, rest, laesning)
    converter_linje = AsgiTransport(
        app([*registreringer.ruter(graenser), *laesninger.tvillinger(graenser)], rest.skriv_fejl)
    )
    bagender: Mapping[PrsSoap, Bagende] = {
        PrsSoap.KLASSISK: Klassisk(drift, samler.registrer),
        PrsSoap.CONVERTER: Converter(rest, converter_linje, drift.ider.ny, drift.ur.now),
    }
    laesere: Mapping[PrsSoap, Laesebagende] = {
        PrsSoap.KLASSISK: KlassiskLaesning(drift),
        PrsSoap.CONVERTER: LaeseConverter(laesning, converter_linje),
    }
    ruter = [
        *registreringer.ruter(graenser),
        *laesninger.ruter(graenser),
        *SoapEdge(drift, bagender, laesere).ruter(graenser),
        *AbonnementEdge(drift, rest).ruter(graenser),
        *OpenapiEdge(kontrakt).ruter(),
    ]
    _fortsaet_uret(drift)
    naetter = Natkoersel(drift)
    kilder = (naetter, Sekvensudloeb(drift))
    urvaerk = Urvaerk(drift.ur, (Leveringer(drift, leveringsloeb), *kilder))
    urloeb = Urloeb(drift.ur, urvaerk, leveringsloeb.vaek)
    naetter.begynd()
    for _ in Urvaerk(drift.ur, kilder).indhent():  # what fell due while the stage was away, before anybody calls
        pass
    styring = StyringEdge(
        drift,
        journal,
        urvaerk,
        urloeb,
        formidlingsloeb,
        naetter.begynd,
        tillad_rigtige_cpr=konfiguration.tillad_rigtige_cpr,
    )
    return Applikation(
        tjenester=Kaldsjournal(app(ruter, rest.skriv_fejl), journal, drift.ur, kontrakt.navne),
        styring=app(styring.ruter(graenser), skriv_fejl),
        drift=drift,
        journal=journal,
        urloeb=urloeb,
        leveringsloeb=leveringsloeb,
        formidlingsloeb=formidlingsloeb,
        maegler=maegler,
    )


def _maegler(konfiguration: Konfiguration, kontrakt: Kontrakt) -> Maegler:
    if konfiguration.maegler is None:
        return InternMaegler(kontrakt.haendelsesmodtagere)
    return RabbitMaegler(konfiguration.maegler, tuple(kontrakt.haendelsesmodtagere), kontrakt.navne)


def _fortsaet_uret(drift: Drift) -> None:
    """A stage that is started again goes on from what it had come to: its past may not lie ahead of its clock."""
    with drift.store.laesning() as t:
        seneste = t.seneste_tidspunkt()
    if seneste is not None:
        drift.ur.ikke_foer(seneste)


def app(ruter: Sequence[BaseRoute], skriv: SkrivFejl) -> ASGIApp:
    """Make an application whose unknown paths are refused in the channel's own shape."""

    async def findes_ikke(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send_svar(send, skriv((Fejl(VALIDERER_IKKE, f"stien {scope['path']} findes ikke"),), 404))

    router = Router(routes=ruter, default=findes_ikke, redirect_slashes=False)
    faste = {rute.path: rute.app for rute in ruter if isinstance(rute, Route) and "{" not in rute.path}

    async def vaelg(scope: Scope, receive: Receive, send: Send) -> None:
        """Most calls go to a fixed path: look it up; the router matches the rest, one pattern after the other."""
        fast = faste.get(scope["path"]) if scope["type"] == "http" else None
        if fast is None:
            await router(scope, receive, send)
        else:
            scope["path_params"] = {}
            await fast(scope, receive, send)

    return vaelg
