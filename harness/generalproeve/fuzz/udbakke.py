"""What a stage tells the outside after a step: messages in the queues, as their owners fetch them, and webservice messages as a
subscriber receives them.

Not here: comparing them (`ens`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

import msgspec

from generalproeve.fuzz import history as h
from generalproeve.fuzz.diff import ULAESELIG
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.journal import Posttype
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.registration import Art
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske
from vos_contracts.wire.base import RemoteWireError, Transport
from vos_contracts.wire.rest import Afslag, Rest
from vos_simulators.control import Styring, StyringAfvist
from vos_simulators.inboxes.webhook import Ankomst, WsbModtager
from vos_simulators.inboxes.wsrm_poller import WsrmAfvist
from vos_simulators.parties import AKASSE, JOBCENTER
from vos_simulators.party import Aktoer

SYSTEM = "0193e6a0-0000-7000-8000-0000000000aa"
_EJERE = {JOBCENTER: h.Hvem.JOBCENTRET, AKASSE: h.Hvem.AKASSEN}
_HOERER_OM = {JOBCENTER: frozenset(Art), AKASSE: frozenset({Art.KONTAKTGRUPPE})}
"""An a-kasse is never told of a person category, and may not subscribe to it."""
_KOMMER_IKKE_S = 5.0


class Udbakke:
    """The reader of one stage; without a receiver, webservice messages are seen in the journal alone."""

    def __init__(
        self, tjenester: Transport, styring: Styring, kontrakt: Kontrakt, modtager: WsbModtager | None
    ) -> None:
        self._tjenester, self._styring, self._kontrakt = tjenester, styring, kontrakt
        self._modtager = modtager
        self._abonnerer = False

    def begynd(self, nu: datetime) -> None:
        """Begin on an emptied stage: subscribe, where the release has webservice messages, and read from here."""
        udgave = self._kontrakt.udgaver[self._styring.status().udgave]
        self._abonnerer = self._modtager is not None and udgave.wsb
        if self._modtager is not None and self._abonnerer:
            self._abonner(self._modtager.adresse, nu)
        self._postnr = self._styring.journal().naeste
        self._set = 0 if self._modtager is None else len(self._modtager.ankomster)

    def _abonner(self, adresse: str, nu: datetime) -> None:
        self._styring.subscribersystem(SYSTEM, adresse, *_EJERE)
        oensker = [
            Abonnementsoenske(ejer, entitet.id, f"/{entitet.art}", nu.date())
            for ejer, arter in _HOERER_OM.items()
            for entitet in self._kontrakt.wsb_entiteter.values()
            if entitet.art in arter
        ]
        abonnementer = Abonnementer(self._kontrakt, Rest(self._kontrakt))
        kald = abonnementer.kald(SYSTEM, oensker, h.KALDERE[h.Hvem.JOBCENTRET](nu), ny_uuid())
        svar = self._tjenester.send(kald)
        if isinstance(abonnementer.forstaa(svar), Afslag):
            raise StyringAfvist(svar.status, svar.krop)

    def nye(self, nu: datetime, borgere: Collection[str]) -> Iterator[tuple[str, object]]:
        """Give what has come since last time, each with the citizen that it is about; what cannot be read is about all."""
        journal = self._styring.journal(self._postnr)
        self._postnr = journal.naeste
        lagt = [post for post in journal.poster if post.art in {Posttype.BESKED_LAGT, Posttype.WSB_LAGT}]
        for post in lagt:
            yield post.cpr, [post.art, {navn: vaerdi for navn, vaerdi in post.data.items() if navn != "id"}]
        if any(post.art is Posttype.BESKED_LAGT for post in lagt):
            yield from self._i_koe(nu, borgere)
        if self._abonnerer:
            yield from self._modtaget(sum(post.art is Posttype.WSB_LAGT for post in lagt), borgere)
        self._postnr = self._styring.journal(self._postnr).naeste

    def _i_koe(self, nu: datetime, borgere: Collection[str]) -> Iterator[tuple[str, object]]:
        for organisation, hvem in _EJERE.items():
            ejer = Aktoer(h.KALDERE[hvem](nu), self._kontrakt, self._tjenester, ny_uuid)
            try:
                for besked in ejer.indbakke.toem():
                    yield getattr(besked, "cpr", ""), [str(organisation), uden(besked, "besked_id")]
            except (RemoteWireError, WsrmAfvist) as brud:
                yield from ((cpr, [str(organisation), f"{ULAESELIG}: {brud}"]) for cpr in borgere)

    def _modtaget(self, antal: int, borgere: Collection[str]) -> Iterator[tuple[str, object]]:
        """Wait for as many messages as were put into the outbox, and read them."""
        modtager = self._modtager
        assert modtager is not None, "see begynd"
        til = self._set + antal
        try:
            modtager.vent(lambda: len(modtager.ankomster) >= til, f"{antal} webservicebeskeder", _KOMMER_IKKE_S)
        except AssertionError as brud:
            yield from ((cpr, ["webhook", f"{ULAESELIG}: {brud}"]) for cpr in borgere)
        nye = modtager.ankomster[self._set :]
        self._set += len(nye)
        for en in sorted(nye, key=_modtager):  # to one receiver in order; between two there is none
            if en.besked is None:
                yield from ((cpr, ["webhook", f"{ULAESELIG}: {en.fejl}"]) for cpr in borgere)
            else:
                yield en.besked.cpr, [f"webhook {en.sti}", uden(en.besked, "besked_id")]


def _modtager(ankomst: Ankomst) -> str:
    return "" if ankomst.besked is None else str(ankomst.besked.modtager)


def uden(en: object, *felter: str) -> dict[str, object]:
    """Return it as plain JSON without those fields."""
    bygget: dict[str, object] = msgspec.to_builtins(en)
    return {navn: vaerdi for navn, vaerdi in bygget.items() if navn not in felter}
