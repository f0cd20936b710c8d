"""The composition root: the only module that sees edges and adapters together."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vos_contracts.kontrakt import Kontrakt, indlaes
from vos_reference.adapters.afsender import HttpAfsender
from vos_reference.adapters.bud import HAENDELSER, WSB, Budbringer, Budmodtager
from vos_reference.adapters.idkilde import UuidKilde
from vos_reference.adapters.maegler_amqp import RabbitMaegler
from vos_reference.adapters.maegler_intern import InternMaegler
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.adapters.sqlite.store import Koe
from vos_reference.adapters.tavle import Foelgeur, Tavle
from vos_reference.application.drift import LOOPBACK, Drift
from vos_reference.application.koe import Sekvensudloeb
from vos_reference.application.levering import Afsender, Leveringer
from vos_reference.application.maegler import Maegler
from vos_reference.application.natkoersel import Natkoersel
from vos_reference.application.ports import Store
from vos_reference.application.ur import Urvaerk
from vos_reference.clock import StageClock, SystemClock
from vos_reference.config import Konfiguration
from vos_reference.edge.formidlingsloeb import Formidlingsloeb
from vos_reference.edge.journal import Journal, Kaldsjournal, udskriver
from vos_reference.edge.leveringsloeb import Leveringsloeb
from vos_reference.edge.styring import StyringEdge, skriv_fejl
from vos_reference.edge.tjenester import app, internt, tjenester
from vos_reference.edge.urloeb import Urloeb
from vos_reference.edge.vedligehold import Vedligehold


class UkendtUdgave(ValueError):
    """The configured release is not in the contract."""


@dataclass(frozen=True, slots=True)
class Applikation:
    """The two applications of one stage and what they share; `luk` closes the store.

    `journaliser` lets the calls to another application stand in the same journal.
    """

    tjenester: ASGIApp
    styring: ASGIApp
    internt: ASGIApp
    drift: Drift
    journal: Journal
    urloeb: Urloeb
    leveringsloeb: Leveringsloeb
    formidlingsloeb: Formidlingsloeb
    maegler: Maegler
    koe: Koe | None

    async def virke(self) -> None:
        """Deliver messages, pass events on, carry out what falls due while the clock goes by itself, and keep the store up."""
        async with asyncio.TaskGroup() as opgaver:
            opgaver.create_task(self.leveringsloeb.virke())
            opgaver.create_task(self.formidlingsloeb.virke())
            opgaver.create_task(self.urloeb.virke())
            opgaver.create_task(Vedligehold(self.drift.store).virke())

    def journaliser(self, app: ASGIApp) -> ASGIApp:
        """Return the application with every call to it noted."""
        return Kaldsjournal(app, self.journal, self.drift.ur)

    def del_ud(self, processer: int, side: Path, linje: socket.socket) -> Callable[[], None]:
        """Let that many others answer the services (`byg_medhjaelper`); return what hears, without waiting, what they tell.

        `side` is the file of the page that says how the switches stand, `linje` the end of a socket of whole messages.
        """
        self.drift.processer = processer
        self.drift.fortael(Tavle(side).skriv)
        vaek = {WSB: self.leveringsloeb.vaek, HAENDELSER: self.formidlingsloeb.vaek}
        hent = Budmodtager(linje, self.journal.tilfoej, vaek).hent
        self.journal.hent = hent
        assert self.koe is not None, "there will be others who write"
        self.koe.imens = hent  # who has the queue may be waiting for us to listen
        return hent

    def luk(self) -> None:
        """Close the store; call it in the thread that built it."""
        self.drift.store.luk()


@dataclass(frozen=True, slots=True)
class Medhjaelper:
    """The services of a stage whose clock, nightly jobs and control API are in another process; `luk` closes the store."""

    tjenester: ASGIApp
    internt: ASGIApp
    drift: Drift
    bud: Budbringer

    def journaliser(self, app: ASGIApp) -> ASGIApp:
        """Return the application with every call to it noted."""
        return Kaldsjournal(app, self.bud, self.drift.ur)

    def luk(self) -> None:
        """Close the store; call it in the thread that built it."""
        self.drift.store.luk()


def byg_medhjaelper(konfiguration: Konfiguration, kontrakt: Kontrakt, side: Path, linje: socket.socket) -> Medhjaelper:
    """Build the services beside an application that has been dealt out (`Applikation.del_ud`), on the same file.

    Errors: DatabaseFejl.
    """
    ur, tavle, bud = Foelgeur(SystemClock()), Tavle(side), Budbringer(linje, os.getpid())
    assert konfiguration.skrivekoe is not None, "there are others who write"
    koe = Koe(konfiguration.skrivekoe)
    koe.foer_slip = bud.send  # what was written is told of before anybody reads it and tells what came of it
    drift = Drift(
        store=SqliteStore(konfiguration.db, koe),
        ur=ur,
        ider=UuidKilde(),
        kontrakt=kontrakt,
        udgave=kontrakt.udgaver[konfiguration.udgave],
        bagende=konfiguration.bagende,
        journal=bud,
        webhook_vaerter=LOOPBACK | konfiguration.webhook_vaerter,
        noget_at_sende=bud.wsb,
        haendelser_rejst=bud.haendelser,
    )

    def foelg() -> None:
        stilling = tavle.laes()
        if stilling is not None:
            drift.overtag(stilling)

    async def foelgende(scope: Scope, receive: Receive, send: Send) -> None:
        async def modtag() -> Message:
            besked = await receive()
            foelg()  # a body may be long in coming
            return besked

        foelg()
        await alle(scope, modtag, send)

    ur.foer = foelg
    alle = tjenester(drift, konfiguration.kropsgraenser)
    return Medhjaelper(Kaldsjournal(foelgende, bud, ur), internt(drift, konfiguration.kropsgraenser), drift, bud)


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
    journal = Journal(udskriver(kontrakt.navne))
    koe = None if konfiguration.skrivekoe is None else Koe(konfiguration.skrivekoe)
    drift = Drift(
        store=store or SqliteStore(konfiguration.db, koe),
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
        tjenester=Kaldsjournal(tjenester(drift, konfiguration.kropsgraenser), journal, drift.ur),
        internt=internt(drift, konfiguration.kropsgraenser),
        styring=app(styring.ruter(konfiguration.kropsgraenser), skriv_fejl),
        drift=drift,
        journal=journal,
        urloeb=urloeb,
        leveringsloeb=leveringsloeb,
        formidlingsloeb=formidlingsloeb,
        maegler=maegler,
        koe=koe,
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
