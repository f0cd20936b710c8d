"""The composition root: the only module that sees edges and adapters together."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp

from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import Kontrakt, indlaes
from vos_reference.adapters.afsender import HttpAfsender
from vos_reference.adapters.maegler_amqp import RabbitMaegler
from vos_reference.adapters.maegler_intern import InternMaegler
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.application.drift import LOOPBACK, Drift
from vos_reference.application.koe import Sekvensudloeb
from vos_reference.application.levering import Afsender, Leveringer
from vos_reference.application.natkoersel import Natkoersel
from vos_reference.application.ports import Maegler, Store
from vos_reference.application.ur import Urvaerk
from vos_reference.background.checkpoint import Checkpoint
from vos_reference.background.clockwork import Clockwork
from vos_reference.background.delivery import Delivery
from vos_reference.background.group_commit import GroupCommit
from vos_reference.background.relay import Relay
from vos_reference.background.signals import Signal
from vos_reference.background.write_turns import WriteTurns
from vos_reference.clock import StageClock, SystemClock
from vos_reference.config import Konfiguration
from vos_reference.edge.journal import Journal, Kaldsjournal, udskriver
from vos_reference.edge.styring import StyringEdge, skriv_fejl
from vos_reference.edge.tjenester import app, internt, tjenester


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
    clockwork: Clockwork
    delivery: Delivery
    relay: Relay
    maegler: Maegler

    async def virke(self) -> None:
        """Deliver messages, pass events on, carry out what falls due while the clock goes by itself, and keep the store up."""
        async with asyncio.TaskGroup() as opgaver:
            opgaver.create_task(self.delivery.run())
            opgaver.create_task(self.relay.run())
            opgaver.create_task(self.clockwork.run())
            opgaver.create_task(Checkpoint(self.drift.store).run())

    def journaliser(self, app: ASGIApp) -> ASGIApp:
        """Return the application with every call to it noted."""
        return Kaldsjournal(app, self.journal, self.drift.ur)

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
    kontrakt = kontrakt or indlaes(konfiguration.contract)
    udgave = kontrakt.udgaver.get(konfiguration.release)
    if udgave is None:
        raise UkendtUdgave(f"udgave {konfiguration.release!r} findes ikke; kendte er {', '.join(kontrakt.udgaver)}")
    journal = Journal(udskriver(kontrakt.navne))
    to_send, events_raised, turns = Signal(), Signal(), WriteTurns()
    drift = Drift(
        store=store or SqliteStore(konfiguration.db),
        ur=StageClock(SystemClock(), konfiguration.clock),
        ider=ny_uuid,
        kontrakt=kontrakt,
        udgave=udgave,
        bagende=konfiguration.backend,
        journal=journal,
        wsb_tilstand=konfiguration.wsb_mode,
        webhook_vaerter=LOOPBACK.union(konfiguration.webhook_hosts),
        noget_at_sende=to_send,
        haendelser_rejst=events_raised,
    )
    sender = afsender or HttpAfsender(konfiguration.webhook_timeout, drift.webhook_vaerter)
    delivery = Delivery(drift, sender, turns, to_send)
    maegler = maegler or _maegler(konfiguration, kontrakt)
    relay = Relay(drift, maegler, turns, events_raised)
    _fortsaet_uret(drift)
    naetter = Natkoersel(drift)
    kilder = (naetter, Sekvensudloeb(drift))
    urvaerk = Urvaerk(drift.ur, (Leveringer(drift, delivery), *kilder))
    clockwork = Clockwork(drift.ur, urvaerk, turns, to_send)
    naetter.begynd()
    for _ in Urvaerk(drift.ur, kilder).indhent():  # what fell due while the stage was away, before anybody calls
        pass
    styring = StyringEdge(
        drift,
        journal,
        urvaerk,
        clockwork,
        turns,
        relay,
        naetter.begynd,
        tillad_rigtige_cpr=konfiguration.allow_real_cpr,
    )
    graenser = konfiguration.body_limits
    services = tjenester(drift, graenser, GroupCommit(drift, turns).register, turns)
    return Applikation(
        tjenester=Kaldsjournal(services, journal, drift.ur),
        internt=internt(drift, graenser, turns),
        styring=app(styring.ruter(graenser), skriv_fejl),
        drift=drift,
        journal=journal,
        clockwork=clockwork,
        delivery=delivery,
        relay=relay,
        maegler=maegler,
    )


def _maegler(konfiguration: Konfiguration, kontrakt: Kontrakt) -> Maegler:
    if konfiguration.broker is None:
        return InternMaegler(kontrakt.domains)
    return RabbitMaegler(konfiguration.broker, kontrakt.domains, kontrakt.navne)


def _fortsaet_uret(drift: Drift) -> None:
    """A stage that is started again goes on from what it had come to: its past may not lie ahead of its clock."""
    with drift.store.laesning() as t:
        seneste = t.seneste_tidspunkt()
    if seneste is not None:
        drift.ur.ikke_foer(seneste)
