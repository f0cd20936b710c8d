"""The parties' webhooks in one scene: who subscribes to webservice messages, and what each has been sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pytest

from vos_contracts.base.ids import ny_uuid
from vos_contracts.koder.wsb import Wsbtilstand
from vos_contracts.model.registration import Art
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske, Synkroniseret
from vos_contracts.wire.rest import Afslag, Rest
from vos_contracts.wire.tid import DANSK_TID
from vos_contracts.wire.wsb import WsbBesked
from vos_contracts.wire.wsrm import WsrmBesked
from vos_features.capabilities import Evne
from vos_features.scenario import Scenario
from vos_simulators.inboxes.webhook import WsbModtager
from vos_simulators.oracle import cpr_change
from vos_simulators.oracle.expected import Wsbabonnent
from vos_simulators.oracle.received import Fik, fra_haendelse, fra_wsb, fra_wsrm


@dataclass
class Webhook:
    """One party's system: its id, where it listens, and what it subscribes to."""

    system: str
    modtager: WsbModtager
    arter: tuple[Art, ...] = ()


@dataclass
class Webhooks:
    """Everybody's webhooks, and the answer to the latest subscription."""

    scenario: Scenario
    egne: dict[str, Webhook] = field(default_factory=dict)
    svar: Synkroniseret | Afslag | None = None
    _foer: Wsbtilstand | None = None

    def abonner(self, rolle: str, arter: tuple[Art, ...]) -> None:
        """Let that role send its whole list; its system is set up before, as STAR's management does."""
        hvem = self.scenario.party(rolle).identitet
        webhook = self.egne.get(rolle) or self._ny(rolle)
        if rolle not in self.scenario.stage.description.webhooks:
            self.scenario.stage.control.subscribersystem(webhook.system, webhook.modtager.adresse, hvem.aktiv)
        entiteter = self.scenario.stage.contract.wsb_entiteter
        dag = self.scenario.now.astimezone(DANSK_TID).date()
        oensker = [Abonnementsoenske(hvem.aktiv, entiteter[art].id, f"/wsb/{art.value}", dag) for art in arter]
        wire = Abonnementer(self.scenario.stage.contract, Rest(self.scenario.stage.contract))
        self.svar = wire.forstaa(
            self.scenario.stage.lines.tjenester(rolle).send(wire.kald(webhook.system, oensker, hvem, ny_uuid()))
        )
        if isinstance(self.svar, Synkroniseret):
            webhook.arter = arter

    def beskeder(self, rolle: str) -> list[WsbBesked]:
        """Return what the role's webhook has taken in, each message once, when all that is due has been tried."""
        self.fald_til_ro()
        alle = {en.besked_id: en for en in self.egne[rolle].modtager.beskeder}.values()
        kun = self.scenario.watched_cpr
        return [en for en in alle if kun is None or en.cpr == kun]

    def abonnenter(self) -> list[Wsbabonnent]:
        """List the subscribers as the oracle knows them."""
        return [
            Wsbabonnent(en.system, self.scenario.party(rolle).identitet.aktiv, frozenset(en.arter))
            for rolle, en in self.egne.items()
        ]

    def alles(self, ejere: Iterable[str]) -> Iterator[Fik]:
        """Return what everybody has: the queues of those roles, the webhooks, the business domains."""
        self.fald_til_ro()
        if self.scenario.stage.gate.has_wsrm:
            for rolle in ejere:
                aktoer = self.scenario.party(rolle)
                aktoer.indbakke.toem()
                for besked in aktoer.indbakke.beskeder:
                    if isinstance(besked, WsrmBesked):
                        yield fra_wsrm(aktoer.identitet.aktiv, besked)
                    else:
                        yield cpr_change.fra_wsrm(aktoer.identitet.aktiv, besked)
        for webhook in self.egne.values():
            yield from (fra_wsb(webhook.system, en) for en in webhook.modtager.beskeder)
        for domaene in self.scenario.stage.contract.domains:
            yield from (fra_haendelse(domaene, en) for en in self.scenario.stage.reader.haendelser(domaene, 0))

    def fald_til_ro(self) -> None:
        """Wait until all that is due has been tried: by the stage clock, or until nothing has come for a while."""
        if self.scenario.stage.gate.can(Evne.MOVE_CLOCK):
            self.scenario.stage.clock.advance("PT0S")
            return
        for webhook in self.egne.values():
            webhook.modtager.vent_paa_ro(self.scenario.stage.description.ro)

    def lever(self, tilstand: Wsbtilstand) -> None:
        """Put delivery into that mode until the scene is over."""
        self._foer = self._foer or self.scenario.stage.control.wsb().tilstand
        self.scenario.stage.control.wsb(tilstand)

    def luk(self) -> None:
        """Close every webhook, and let delivery be as it was."""
        if self._foer is not None:
            self.scenario.stage.control.wsb(self._foer)
        for rolle, webhook in self.egne.items():
            if webhook.arter and not self.scenario.stage.gate.can(Evne.RESET):
                self.abonner(rolle, ())
            webhook.modtager.luk()

    def _ny(self, rolle: str) -> Webhook:
        self.scenario.stage.gate.require(Evne.RECEIVE_WSB)
        plads = self.scenario.stage.description.webhooks.get(rolle)
        if plads is None:
            self.scenario.stage.gate.require(Evne.CONTROL_WSB)
            webhook = Webhook(ny_uuid(), WsbModtager(self.scenario.stage.contract))
        else:
            webhook = Webhook(plads.system, WsbModtager(self.scenario.stage.contract, port=plads.port))
        webhook.modtager.aabn()
        self.egne[rolle] = webhook
        return webhook


@pytest.fixture
def webhooks(scenario: Scenario) -> Iterator[Webhooks]:
    """The webhooks of the scenario that is played; closed when it is over."""
    all_webhooks = Webhooks(scenario)
    yield all_webhooks
    all_webhooks.luk()
