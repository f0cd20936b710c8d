"""Store a decision with its messages and events: the same for a caller, a neighbour service, a nightly job and a CPR change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import assert_never

from vos_contracts.control.journal import Post, Posttype
from vos_contracts.model.identity import Organisation
from vos_contracts.wire.haendelser import Domaenehaendelse, kod_haendelse
from vos_contracts.wire.wsrm import WsrmBesked, kod_besked
from vos_reference.application.drift import Drift
from vos_reference.application.levering import konvolutter as wsbkonvolutter
from vos_reference.application.ports.events import Haendelseskonvolut
from vos_reference.application.ports.transaction import Ejer, Konvolut, Transaktion
from vos_reference.application.ports.webhooks import Wsbkonvolut
from vos_reference.domain.batchjob import forfald
from vos_reference.domain.decision import Udfoert, Vilkaar
from vos_reference.domain.domaenehaendelser import Haendelsesudkast, haendelsesudkast
from vos_reference.domain.haendelser import Haendelse
from vos_reference.domain.modtagere import udkast
from vos_reference.domain.person import Person


def gem(drift: Drift, t: Transaktion, foer: Person, udfoert: Udfoert, vilkaar: Vilkaar) -> None:
    """Store the change and queue its messages in the caller's transaction; after its commit they are told of."""
    t.gem(foer, udfoert.person, forfald(udfoert.person, drift.kontrakt, vilkaar.now))
    konvolutter = tuple(_konvolutter(udfoert, drift, vilkaar, t))
    if konvolutter:
        t.laeg_i_koe(konvolutter)
    wsb = tuple(wsbkonvolutter(drift, t, udfoert, vilkaar))
    if wsb:
        t.laeg_wsb(wsb)
    rejs(drift, t, udfoert.person, udfoert.haendelser, vilkaar.now)
    t.bagefter(lambda: noter(drift, udfoert.person.cpr, (*konvolutter, *wsb)))


def rejs(drift: Drift, t: Transaktion, person: Person, haendelser: Iterable[Haendelse], now: datetime) -> None:
    """Raise the events to the business domains in the caller's transaction (epic AC 1005.17.28.11)."""
    t.laeg_haendelser(
        [
            Haendelseskonvolut(domaene, krop, now)
            for udkast_ in haendelsesudkast(haendelser, drift.kontrakt.haendelsesmodtagere)
            for krop in (kod_haendelse(_domaenehaendelse(drift, person, udkast_, now)),)
            for domaene in udkast_.domaener
        ]
    )


def noter(drift: Drift, cpr: str, konvolutter: Iterable[Konvolut | Wsbkonvolut]) -> None:
    """Tell the journal of messages that were queued, and whoever sends and passes them on; call it right after the commit."""
    drift.haendelser_rejst()
    for konvolut in konvolutter:
        match konvolut:
            case Konvolut():
                art, data = (
                    Posttype.BESKED_LAGT,
                    {"besked": konvolut.beskedtype, "modtager": str(konvolut.ejer.organisation)},
                )
            case Wsbkonvolut(modtager=til):
                art, data = Posttype.WSB_LAGT, {"system": til.system, "modtager": str(til.organisation)}
                drift.noget_at_sende()
            case _:
                assert_never(konvolut)
        drift.journal(Post(art=art, tidspunkt=konvolut.lagt, cpr=cpr, data={**data, "id": konvolut.id}))


def _domaenehaendelse(drift: Drift, person: Person, en: Haendelsesudkast, now: datetime) -> Domaenehaendelse:
    raekke = en.registrering
    return Domaenehaendelse(
        haendelse_id=drift.ider.ny(),
        entitet=raekke.art,
        aendringstype=en.aendringstype,
        borger_id=person.id,
        cpr=person.cpr,
        id=raekke.id,
        type=raekke.type,
        haendelse=raekke.haendelse,
        start=raekke.start,
        slut=raekke.slut,
        myndighed=raekke.registrant.aktiv,
        indtraffet=now,
    )


def _konvolutter(udfoert: Udfoert, drift: Drift, vilkaar: Vilkaar, t: Transaktion) -> Iterable[Konvolut]:
    if not drift.udgave.wsrm:
        return
    ejere: dict[Organisation, Sequence[Ejer]] = {}
    for en in udkast(udfoert.haendelser, udfoert.person, vilkaar.dag, drift.kontrakt.wsrm_modtagere):
        if en.modtager not in ejere:
            ejere[en.modtager] = t.koeejere(en.modtager) or (Ejer(en.modtager, 0),)
        for ejer in ejere[en.modtager]:
            raekke = en.registrering
            besked = WsrmBesked(
                besked_id=drift.ider.ny(),
                beskedtype=en.besked,
                registrant=raekke.registrant,
                cpr=udfoert.person.cpr,
                id=raekke.id,
                type=raekke.type,
                haendelse=raekke.haendelse,
                start=raekke.start,
                slut=raekke.slut,
                er_slettet=raekke.er_slettet,
            )
            yield Konvolut(besked.besked_id, en.besked, ejer, kod_besked(besked), vilkaar.now)
