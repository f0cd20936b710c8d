"""Subscriptions to webservice messages: a system's whole list, all or nothing (starwiki pageId 4150034662, 4820795421).

Here: what may be subscribed to, and what replaces what. Not here: the wire (`vos_contracts.wire.abonnement`), or delivery.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from vos_contracts.control.journal import Post, Posttype
from vos_contracts.control.webhooks import SubscribersystemDto
from vos_contracts.koder.aktoerer import Organisationstype
from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.koder.wsb import Entitet
from vos_contracts.model.identity import Identitet, Organisation
from vos_contracts.wire.abonnement import Abonnementsoenske, Synkroniseret
from vos_contracts.wire.rest import UUID
from vos_reference.application.drift import Drift
from vos_reference.application.ports import Abonnement, Subscribersystem, Wsbmodtager
from vos_reference.domain.decision import Afvist, afvist
from vos_reference.domain.recipients import may_subscribe
from vos_reference.domain.tid import dansk_dag

_STI = re.compile(r"/?[A-Za-z0-9._~!$&'()*+,;=:@%/-]*")
_ADRESSE = re.compile(r"[!-~]{1,1000}")
_STI_HOEJST = 1000
IKKE_AUTORISERET = 4575


def opret_system(drift: Drift, oenske: SubscribersystemDto) -> Afvist | None:
    """Set a system up as STAR's system management does, or say everything that is wrong with it.

    The subscriptions for an authority that it no longer has go with their undelivered messages.
    """
    fejl = [Fejl(VALIDERER_IKKE, regel) for regel in _systemfejl(drift, oenske)]
    if fejl:
        return afvist(*fejl)
    organisationer = tuple(Organisation(en.organisation_type, en.organisation_kode) for en in oenske.organisationer)
    with drift.store.transaktion() as t:
        system = Subscribersystem(oenske.system_identifier.lower(), oenske.base_url, organisationer)
        t.gem_subscribersystem(system)
        for en in t.abonnementer(system.id):
            if en.modtager.organisation not in organisationer:
                t.slet_abonnement(en)
    return None


def synkroniser(
    drift: Drift, kalder: Identitet, system_id: str, oensker: Sequence[Abonnementsoenske]
) -> Synkroniseret | Afvist:
    """Put the list in place of the system's subscriptions, or say everything that is wrong with it and change nothing.

    A subscription that is not in the list goes with its undelivered messages; one that is keeps them.
    """
    entiteter = {en.id: en for en in drift.kontrakt.wsb_entiteter.values()}
    with drift.store.transaktion() as t:
        now = drift.ur.now()
        system = t.find_subscribersystem(system_id)
        star = kalder.aktiv.type == Organisationstype.STAR
        if system is None or not (star or kalder.aktiv in system.organisationer):
            return afvist(Fejl(IKKE_AUTORISERET, f"{kalder.aktiv} har intet subscribersystem {system_id}"))
        fejl = [*_listefejl(drift, system, entiteter, oensker, dansk_dag(now))]
        if fejl:
            return afvist(*fejl)
        foer = set(t.abonnementer(system_id))
        efter = {
            Abonnement(Wsbmodtager(system_id, en.organisation), en.entitet_id, en.webhook, en.fra, en.til)
            for en in oensker
        }
        noegler = {(en.modtager, en.entitet_id) for en in efter}
        slettede = [en for en in foer if (en.modtager, en.entitet_id) not in noegler]
        for en in slettede:
            t.slet_abonnement(en)
        for en in efter - foer:
            t.gem_abonnement(en)
        if slettede:  # what waited behind their messages is due now
            t.bagefter(drift.noget_at_sende)
        resultat = Synkroniseret(len(efter - foer), len(foer - efter), len(foer & efter))
        data: dict[str, str | int] = {
            "system": system_id,
            "kalder": str(kalder.aktiv),
            "bruger": kalder.bruger.id,
            "oprettede": resultat.oprettede,
            "slettede": resultat.slettede,
            "uaendrede": resultat.uaendrede,
        }
        t.bagefter(lambda: drift.journal(Post(art=Posttype.WSB_ABONNEMENT, tidspunkt=now, data=data)))
    return resultat


@dataclass(frozen=True, slots=True)
class _Felt:
    plads: int
    navn: str

    def fejl(self, regel: str) -> Fejl:
        return Fejl(VALIDERER_IKKE, f"abonnementer[{self.plads}].{self.navn}: {regel}")


def _listefejl(
    drift: Drift,
    system: Subscribersystem,
    entiteter: Mapping[int, Entitet],
    oensker: Sequence[Abonnementsoenske],
    dag: date,
) -> Iterator[Fejl]:
    gange = Counter((en.organisation, en.entitet_id) for en in oensker)
    for plads, en in enumerate(oensker):
        entitet = entiteter.get(en.entitet_id)
        if en.organisation not in system.organisationer:
            yield _Felt(plads, "orgCode").fejl(f"systemet kan ikke abonnere for {en.organisation}")
        if entitet is None:
            yield _Felt(plads, "entityType").fejl(f"{en.entitet_id} findes ikke; kendte er {sorted(entiteter)}")
        elif not may_subscribe(en.organisation.type, entitet.art, drift.kontrakt.wsb_recipients):
            yield _Felt(plads, "entityType").fejl(
                f"{entitet.navn} ({entitet.id}) kan ikke abonneres af organisationstype {en.organisation.type}"
            )
        if gange[en.organisation, en.entitet_id] > 1:
            yield _Felt(plads, "entityType").fejl("samme organisation og entitet står to gange")
        if not _er_en_sti(en.webhook):
            yield _Felt(plads, "webhookUrl").fejl("skal være en sti under systemets baseUrl, fx /webhook")
        if en.til is not None and en.til < en.fra:
            yield _Felt(plads, "slutDato").fejl("må ikke ligge før startDato")
        elif en.til is not None and en.til < dag:
            yield _Felt(plads, "slutDato").fejl("skal være i dag eller senere")


def _er_en_sti(webhook: str) -> bool:
    """A path of reasonable length that stays where it is, also when it is decoded."""
    dele = unquote(webhook).split("/")
    return len(webhook) <= _STI_HOEJST and bool(_STI.fullmatch(webhook)) and "//" not in webhook and ".." not in dele


def _systemfejl(drift: Drift, oenske: SubscribersystemDto) -> Iterator[str]:
    if not UUID.fullmatch(oenske.system_identifier):
        yield "systemIdentifier: skal være en uuid"
    if not oenske.organisationer:
        yield "organisationer: mindst én"
    for en in oenske.organisationer:
        if en.organisation_type not in drift.kontrakt.organisationstyper:
            yield f"organisationer.organisationType: {en.organisation_type} findes ikke"
    try:
        dele = urlsplit(oenske.base_url)
        vaert, _ = dele.hostname or "", dele.port
    except ValueError as brud:
        yield f"baseUrl: {brud}"
        return
    skrevet = _ADRESSE.fullmatch(oenske.base_url)
    if (
        not skrevet
        or dele.scheme not in ("http", "https")
        or not vaert
        or dele.username is not None
        or dele.query
        or dele.fragment
    ):
        yield "baseUrl: skal være http(s)://vært[:port][/sti]"
    elif not maa_sendes_til(vaert, drift.webhook_vaerter):
        yield f"baseUrl: der sendes ikke til {vaert}; start med --webhook-host {vaert}"


def maa_sendes_til(vaert: str, tilladte: frozenset[str]) -> bool:
    """Say whether messages may be sent to that host: a loopback address, or one that was allowed by name."""
    if vaert in tilladte:
        return True
    try:
        return ip_address(vaert).is_loopback
    except ValueError:
        return False
