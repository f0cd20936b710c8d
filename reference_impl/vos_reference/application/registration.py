"""Carry out a command: remember the call, find the citizen, authorise, decide, save with its messages and events, answer.

One transaction holds the change and everything it tells; commands that come at the same time may share one. `save` is the
same for a caller, a neighbour service and a nightly job. Not here: any rule (`vos_reference.domain`) or format (edges).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import assert_never

from vos_contracts.control.journal import Post, Posttype
from vos_contracts.koder.fejl import Fejl
from vos_contracts.model.identity import Organisation
from vos_contracts.model.neighbours import Nabokommando
from vos_contracts.model.registration import Opret, Registreringskommando, Slet, metode, soapmetode
from vos_contracts.wire.haendelser import Domaenehaendelse, kod_haendelse
from vos_contracts.wire.wsb import WsbBesked
from vos_contracts.wire.wsrm import WsrmBesked, kod_besked
from vos_reference.application.drift import Drift
from vos_reference.application.ports import (
    CprOpslag,
    Ejer,
    Haendelseskonvolut,
    Konvolut,
    StoreUtilgaengelig,
    Transaktion,
    Wsbkonvolut,
)
from vos_reference.domain.adgang import afvisning
from vos_reference.domain.batchjob import forfald
from vos_reference.domain.beslut import Kommando, beslut
from vos_reference.domain.decision import Afvist, Beslutning, Haendelse, Kalder, NyeIder, Udfoert, Vilkaar, afvist
from vos_reference.domain.person import Person
from vos_reference.domain.recipients import event_drafts, wsb_drafts, wsrm_drafts

TJENESTE, KLASSISK_TJENESTE = "PersonVisiteringService", "PersonRegistrationService"
KALD_HUSKES = timedelta(days=7)
"""How long a request id is remembered (FYS/5303730239)."""

OPSLAGSFEJL = {CprOpslag.UKENDT: Fejl(1010), CprOpslag.UDEN_BORGER: Fejl(4404)}


@dataclass(frozen=True, slots=True)
class GentagetKald:
    """The request id was used within seven days; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Registreringskald:
    """A registration command about a citizen, by a caller, and the request id that it came under."""

    cpr: str
    kommando: Registreringskommando
    kalder: Kalder
    kald_id: str


Resultat = Udfoert | Afvist | GentagetKald


def registrer_samlet(drift: Drift, kald: Sequence[Registreringskald]) -> Sequence[Resultat | Exception]:
    """Carry out registration commands one after the other in one transaction; return what each came to.

    What goes wrong with one undoes that one alone, and stands in its place. Errors: StoreUtilgaengelig, and then nothing of
    any of them has happened.
    """
    resultater: list[Resultat | Exception] = []
    with drift.store.transaktion() as t:
        now = drift.ur.now()  # not before: what another process has written meanwhile came first
        for et in kald:
            try:
                with t.for_sig():
                    resultat = _registrer(drift, t, et, now)
            except StoreUtilgaengelig:
                raise
            except Exception as brud:
                resultater.append(brud)
            else:
                resultater.append(resultat)
    return resultater


def fortael(drift: Drift, cpr: str, tjeneste: str, kommando: Nabokommando, kalder: Kalder) -> Beslutning:
    """Carry out what a neighbour service tells; `tjeneste` is its `Service.Metode`, which the access matrix knows.

    Errors: StoreUtilgaengelig; every business error is in the answer.
    """
    with drift.store.transaktion() as t:
        return _udfoer(drift, t, cpr, tjeneste, kommando, kalder, drift.ur.now())


def conditions(drift: Drift, now: datetime, kalder: Kalder) -> Vilkaar:
    """Return what a decision made now rests on, with new identifiers for what it may open."""
    return Vilkaar(now, drift.udgave, drift.kontrakt, kalder, NyeIder(drift.ider(), drift.ider()))


def _registrer(drift: Drift, t: Transaktion, et: Registreringskald, now: datetime) -> Resultat:
    if not t.husk_kald(et.kald_id, now, now - KALD_HUSKES):
        return GentagetKald()
    return _udfoer(drift, t, et.cpr, _tjeneste(et.kommando, et.kalder), et.kommando, et.kalder, now)


def _tjeneste(kommando: Registreringskommando, kalder: Kalder) -> str:
    """Name what was called, as the access matrix knows it; what the converter calls is the REST service."""
    if kalder.klassisk_soap and not isinstance(kommando, Slet):
        return f"{KLASSISK_TJENESTE}.{soapmetode(kommando)}"
    return f"{TJENESTE}.{metode(kommando)}"


def _udfoer(
    drift: Drift, t: Transaktion, cpr: str, tjeneste: str, kommando: Kommando, kalder: Kalder, now: datetime
) -> Beslutning:
    person = t.find_person(cpr)
    if isinstance(person, CprOpslag):
        return afvist(OPSLAGSFEJL[person])
    betingelser = conditions(drift, now, kalder)
    adgangsfejl = afvisning(tjeneste, kalder.identitet, person, now, drift.kontrakt.adgang)
    if adgangsfejl:
        return afvist(adgangsfejl)
    eget_id = kommando.id if isinstance(kommando, Opret) else None
    id_findes = eget_id is not None and t.registrering_findes(eget_id)
    beslutning = beslut(person, kommando, betingelser, id_findes=id_findes)
    if isinstance(beslutning, Udfoert):
        save(drift, t, person, beslutning, betingelser)
    return beslutning


def save(drift: Drift, t: Transaktion, before: Person, done: Udfoert, vilkaar: Vilkaar) -> None:
    """Store the change and queue its messages and events in the caller's transaction; after its commit they are noted."""
    t.gem(before, done.person, forfald(done.person, drift.kontrakt, vilkaar.now))
    wsrm = tuple(_wsrm_envelopes(drift, t, done, vilkaar))
    if wsrm:
        t.laeg_i_koe(wsrm)
    wsb = tuple(_wsb_envelopes(drift, t, done, vilkaar))
    if wsb:
        t.laeg_wsb(wsb)
    raise_events(drift, t, done.person, done.haendelser, vilkaar.now)
    t.bagefter(partial(note, drift, done.person.cpr, (*wsrm, *wsb)))


def raise_events(drift: Drift, t: Transaktion, person: Person, events: Iterable[Haendelse], now: datetime) -> None:
    """Raise the events to the business domains in the caller's transaction (epic AC 1005.17.28.11)."""
    envelopes: list[Haendelseskonvolut] = []
    drafts = event_drafts(events, drift.kontrakt.event_recipients)
    for _, told in groupby(drafts, key=lambda draft: id(draft.event)):  # one body and one id for all domains
        first, *others = told
        body = kod_haendelse(_domain_event(drift, person, first.event, now))
        envelopes += [Haendelseskonvolut(draft.recipient, body, now) for draft in (first, *others)]
    t.laeg_haendelser(envelopes)


def note(drift: Drift, cpr: str, envelopes: Iterable[Konvolut | Wsbkonvolut]) -> None:
    """Tell the journal of messages that were queued, and wake whoever sends them and passes events on."""
    drift.haendelser_rejst()
    data: dict[str, str | int]
    for envelope in envelopes:
        match envelope:
            case Konvolut(ejer=owner):
                kind, data = (
                    Posttype.BESKED_LAGT,
                    {"besked": envelope.beskedtype, "modtager": str(owner.organisation)},
                )
            case Wsbkonvolut(modtager=to):
                kind, data = Posttype.WSB_LAGT, {"system": to.system, "modtager": str(to.organisation)}
                drift.noget_at_sende()
            case _:
                assert_never(envelope)
        drift.journal(Post(art=kind, tidspunkt=envelope.lagt, cpr=cpr, data={**data, "id": envelope.id}))


def _wsrm_envelopes(drift: Drift, t: Transaktion, done: Udfoert, vilkaar: Vilkaar) -> Iterator[Konvolut]:
    """One message per queue that the recipient has: one queue for each subscribed system, else the organisation's."""
    if not drift.udgave.wsrm:
        return
    owners: dict[Organisation, Sequence[Ejer]] = {}
    for draft in wsrm_drafts(done.haendelser, done.person, vilkaar.dag, drift.kontrakt.wsrm_recipients):
        to, row = draft.recipient, draft.event.registrering
        queues = owners.get(to)
        if queues is None:
            queues = owners[to] = t.koeejere(to) or (Ejer(to, 0),)
        for owner in queues:
            message = WsrmBesked(
                besked_id=drift.ider(),
                beskedtype=draft.subject,
                registrant=row.registrant,
                cpr=done.person.cpr,
                id=row.id,
                type=row.type,
                haendelse=row.haendelse,
                start=row.start,
                slut=row.slut,
                er_slettet=row.er_slettet,
            )
            yield Konvolut(message.besked_id, draft.subject, owner, kod_besked(message), vilkaar.now)


def _wsb_envelopes(drift: Drift, t: Transaktion, done: Udfoert, vilkaar: Vilkaar) -> Iterator[Wsbkonvolut]:
    """One message per subscription that is in force that day."""
    if not drift.udgave.wsb:
        return
    day = vilkaar.dag
    for draft in wsb_drafts(done.haendelser, done.person, day, drift.kontrakt.wsb_recipients):
        row, entity = draft.event.registrering, drift.kontrakt.wsb_entiteter[draft.subject]
        for subscription in t.gaeldende_abonnementer(draft.recipient, entity.id, day):
            message = WsbBesked(
                besked_id=drift.ider(),
                entitet_id=entity.id,
                entitet_navn=entity.navn,
                id=row.id,
                cpr=done.person.cpr,
                aendringstype=draft.event.aendringstype,
                modtager=draft.recipient,
                registreret=row.registreret,
            )
            body = drift.wsb.skriv(message)
            yield Wsbkonvolut(message.besked_id, subscription.modtager, entity.id, done.person.id, body, vilkaar.now)


def _domain_event(drift: Drift, person: Person, event: Haendelse, now: datetime) -> Domaenehaendelse:
    row = event.registrering
    return Domaenehaendelse(
        haendelse_id=drift.ider(),
        entitet=row.art,
        aendringstype=event.aendringstype,
        borger_id=person.id,
        cpr=person.cpr,
        id=row.id,
        type=row.type,
        haendelse=row.haendelse,
        start=row.start,
        slut=row.slut,
        myndighed=row.registrant.aktiv,
        indtraffet=now,
    )
