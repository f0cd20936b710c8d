"""The parties' webhooks in one scene: who subscribes to webservice messages, and what each has been sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest

from vos_contracts.idkilde import ny_uuid
from vos_contracts.operationer import Art
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske, Synkroniseret
from vos_contracts.wire.rest import Afslag, Rest
from vos_contracts.wire.tid import DANSK_TID
from vos_contracts.wire.wsb import WsbBesked
from vos_contracts.wire.wsrm import WsrmBesked
from vos_contracts.wsbstyring import Wsbtilstand
from vos_features.ensemble import Ensemble
from vos_features.evner import Evne
from vos_simulators.indbakker.wsb_modtager import WsbModtager
from vos_simulators.orakel import cprskift
from vos_simulators.orakel.fik import Fik, fra_haendelse, fra_wsb, fra_wsrm
from vos_simulators.orakel.ventet import Wsbabonnent

ENTITETER: Mapping[str, tuple[Art, ...]] = {
    "kontaktgruppe": (Art.KONTAKTGRUPPE,),
    "personkategori": (Art.PERSONKATEGORI,),
    "kontaktgruppe og personkategori": (Art.KONTAKTGRUPPE, Art.PERSONKATEGORI),
    "intet": (),
}


@dataclass
class Webhook:
    """One party's system: its id, where it listens, and what it subscribes to."""

    system: str
    modtager: WsbModtager
    arter: tuple[Art, ...] = ()


@dataclass
class Webhooks:
    """Everybody's webhooks, and the answer to the latest subscription."""

    ensemble: Ensemble
    egne: dict[str, Webhook] = field(default_factory=dict)
    svar: Synkroniseret | Afslag | None = None
    _foer: Wsbtilstand | None = None

    def abonner(self, rolle: str, arter: tuple[Art, ...]) -> None:
        """Let that role send its whole list; its system is set up before, as STAR's management does."""
        hvem = self.ensemble.aktoer(rolle).identitet
        webhook = self.egne.get(rolle) or self._ny(rolle)
        if rolle not in self.ensemble.scenen.webhooks:
            self.ensemble.styring.subscribersystem(webhook.system, webhook.modtager.adresse, hvem.aktiv)
        entiteter = self.ensemble.kontrakt.wsb_entiteter
        dag = self.ensemble.nu.astimezone(DANSK_TID).date()
        oensker = [Abonnementsoenske(hvem.aktiv, entiteter[art].id, f"/wsb/{art.value}", dag) for art in arter]
        wire = Abonnementer(self.ensemble.kontrakt, Rest(self.ensemble.kontrakt))
        self.svar = wire.forstaa(
            self.ensemble.tjenester(rolle).send(wire.kald(webhook.system, oensker, hvem, ny_uuid()))
        )
        if isinstance(self.svar, Synkroniseret):
            webhook.arter = arter

    def beskeder(self, rolle: str) -> list[WsbBesked]:
        """Return what the role's webhook has taken in, each message once, when all that is due has been tried."""
        self.fald_til_ro()
        alle = {en.besked_id: en for en in self.egne[rolle].modtager.beskeder}.values()
        kun = self.ensemble.scenens_borger
        return [en for en in alle if kun is None or en.cpr == kun]

    def abonnenter(self) -> list[Wsbabonnent]:
        """List the subscribers as the oracle knows them."""
        return [
            Wsbabonnent(en.system, self.ensemble.aktoer(rolle).identitet.aktiv, frozenset(en.arter))
            for rolle, en in self.egne.items()
        ]

    def alles(self, ejere: Iterable[str]) -> Iterator[Fik]:
        """Return what everybody has: the queues of those roles, the webhooks, the business domains."""
        self.fald_til_ro()
        if self.ensemble.kontrakt.udgaver[self.ensemble.udgave].wsrm:
            for rolle in ejere:
                aktoer = self.ensemble.aktoer(rolle)
                aktoer.indbakke.toem()
                for besked in aktoer.indbakke.beskeder:
                    if isinstance(besked, WsrmBesked):
                        yield fra_wsrm(aktoer.identitet.aktiv, besked)
                    else:
                        yield cprskift.fra_wsrm(aktoer.identitet.aktiv, besked)
        for webhook in self.egne.values():
            yield from (fra_wsb(webhook.system, en) for en in webhook.modtager.beskeder)
        for domaene in self.ensemble.kontrakt.haendelsesmodtagere:
            yield from (fra_haendelse(domaene, en) for en in self.ensemble.laeser.haendelser(domaene, 0))

    def fald_til_ro(self) -> None:
        """Wait until all that is due has been tried: by the stage clock, or until nothing has come for a while."""
        if self.ensemble.kan(Evne.MOVE_CLOCK):
            self.ensemble.lad_gaa("PT0S")
            return
        for webhook in self.egne.values():
            webhook.modtager.vent_paa_ro(self.ensemble.scenen.ro)

    def lever(self, tilstand: Wsbtilstand) -> None:
        """Put delivery into that mode until the scene is over."""
        self._foer = self._foer or self.ensemble.styring.wsb().tilstand
        self.ensemble.styring.wsb(tilstand)

    def luk(self) -> None:
        """Close every webhook, and let delivery be as it was."""
        if self._foer is not None:
            self.ensemble.styring.wsb(self._foer)
        for rolle, webhook in self.egne.items():
            if webhook.arter and not self.ensemble.kan(Evne.RESET):
                self.abonner(rolle, ())
            webhook.modtager.luk()

    def _ny(self, rolle: str) -> Webhook:
        self.ensemble.kraev(Evne.RECEIVE_WSB)
        plads = self.ensemble.scenen.webhooks.get(rolle)
        if plads is None:
            self.ensemble.kraev(Evne.CONTROL_WSB)
            webhook = Webhook(ny_uuid(), WsbModtager(self.ensemble.kontrakt))
        else:
            webhook = Webhook(plads.system, WsbModtager(self.ensemble.kontrakt, port=plads.port))
        webhook.modtager.aabn()
        self.egne[rolle] = webhook
        return webhook


@pytest.fixture
def webhooks(ensemble: Ensemble) -> Iterator[Webhooks]:
    """The webhooks of the scene that is played; closed when it is over."""
    alle = Webhooks(ensemble)
    yield alle
    alle.luk()
