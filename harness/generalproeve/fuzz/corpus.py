"""The corpus that variants are drawn from: calls recorded while the cast plays histories, and calls made of the schemas.

How a recorded call is mutated is in `mutations`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial

from generalproeve.fuzz import parity
from generalproeve.fuzz.history import historier
from generalproeve.fuzz.hunts import Budget, draw_examples
from generalproeve.fuzz.lines import Linjer, UbesvaretError, borgere
from generalproeve.fuzz.schema_strategy import Skemastrategi
from generalproeve.fuzz.twins import Tvillingscene
from vos_contracts.base.ids import ny_uuid
from vos_contracts.model import neighbours as nabo
from vos_contracts.model.registration import Art, Opdater, Opret, Slet
from vos_contracts.wire import soap
from vos_contracts.wire.abonnement import Abonnementer, Abonnementsoenske
from vos_contracts.wire.base import Kald, RemoteWireError, Svar, Transport
from vos_contracts.wire.calls import soap_service
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.tid import midnat
from vos_contracts.wire.wsrm import BESKEDER, Wsrm
from vos_simulators.inboxes.wsrm_poller import WsrmAfvist
from vos_simulators.parties import JOBCENTER
from vos_simulators.party import Aktoer, Kanal

REST, SOAP = "REST", "SOAP"
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
HISTORIES = 40
USER_NAMES = ("Sofie Sagsbehandler", """Søren "O'Neil" <b>&amp;\\n]]>""")
"""Who makes the valid call of every operation; the second name needs escaping in every format it is written into."""
MESSAGES = 12
"""Messages drawn from the schema of each SOAP operation."""
SYSTEM = "0193e6a0-0000-7000-8000-000000000001"
SUBSCRIPTIONS = (0, 1, 1, 2, 3)
SEQUENCE, ILLNESS = "sequence", "illness"
_KINDS = {
    SEQUENCE: ("wsrm",),
    "kontaktgruppe": ("kontaktgruppe", "contactgroup"),
    "personkategori": ("personkategori", "personcategory"),
    ILLNESS: ("illness",),
}


def channel_of(call: Kald) -> str:
    """Return the channel of a call."""
    return SOAP if soap_service(call.sti) else REST


def operation_key(call: Kald) -> str:
    """Return what two calls of the same operation have in common."""
    if channel_of(call) == SOAP:
        return call.headers.get("soapaction", call.sti)
    return f"{call.metode} {UUID.sub('id', call.sti)}"


def identifier_kind(call: Kald) -> str:
    """Return which kind of identifier a call is about; empty where the caller chooses the identifier."""
    if call.metode == "POST" and UUID.search(call.sti):
        return ""
    text = f"{call.sti} {call.headers.get('soapaction', '')}".lower()
    return next((kind for kind, words in _KINDS.items() if any(word in text for word in words)), "")


@dataclass
class Corpus:
    """Recorded calls by channel and operation, so that each operation is as likely as the next."""

    calls: dict[str, dict[str, list[Kald]]] = field(default_factory=lambda: {REST: {}, SOAP: {}})
    unanswered: list[UbesvaretError] = field(default_factory=list)

    def add(self, call: Kald) -> None:
        """Add one."""
        self.calls[channel_of(call)].setdefault(operation_key(call), []).append(call)


@dataclass
class Recorder:
    """A `Transport` that keeps the calls that pass."""

    transport: Transport
    unanswered: list[UbesvaretError] = field(default_factory=list)
    calls: list[Kald] = field(default_factory=list)

    def send(self, call: Kald) -> Svar:
        """Send the call and keep it.

        Raises:
            UbesvaretError: no answer came; the call is kept all the same.
        """
        self.calls.append(call)
        try:
            return self.transport.send(call)
        except UbesvaretError as unanswered:
            self.unanswered.append(unanswered)
            raise


def record(lines: Linjer, budget: Budget) -> Corpus:
    """Record a corpus within half of the budget's time, the same for the same seed; the stage is emptied.

    Raises:
        StyringAfvist: the control API refused to set up the stage.
        UnreachableError: nobody is there.
    """
    time = Budget(None if budget.seconds is None else budget.seconds_left / 2)
    corpus = Corpus()
    recorder = Recorder(lines.tjenester, corpus.unanswered)
    if not parity.hvorfor_ikke(lines):
        assert lines.styring is not None, "see hvorfor_ikke"
        stage = Tvillingscene(recorder, lines.styring, lines.kontrakt)
        for history in draw_examples(historier(lines.kontrakt), HISTORIES, lines.seed):
            if not time.exhausted:
                stage.spil(history)
    citizens = borgere(lines)
    for call in recorder.calls:
        corpus.add(call)
    for name in USER_NAMES:
        for call in (*_record_valid(lines, citizens[0], name, time, corpus.unanswered), *_subscription_lists(lines)):
            corpus.add(call)
    for call in _messages(lines, citizens):
        corpus.add(call)
    return corpus


def _record_valid(lines: Linjer, cpr: str, name: str, time: Budget, unanswered: list[UbesvaretError]) -> Iterator[Kald]:
    """Call every operation as its documentation says: most of what a history draws is refused."""
    recorder, caller = Recorder(lines.tjenester, unanswered), lines.kalder
    caller = replace(caller, bruger=replace(caller.bruger, navn=name))
    for act in _every_act(lines, Aktoer(caller, lines.kontrakt, recorder, ny_uuid), cpr):
        with suppress(RemoteWireError, WsrmAfvist):  # the hunt judges the answers
            if not time.exhausted:
                act()
    yield from recorder.calls
    for art in Art:
        for part in ("", lines.kontrakt.navne.sti("historik"), ny_uuid()):
            yield Rest(lines.kontrakt).kald_laes(cpr, art, caller, part)


def _every_act(lines: Linjer, actor: Aktoer, cpr: str) -> Iterator[Callable[[], object]]:
    now = midnat(lines.ur)
    types = {Art.KONTAKTGRUPPE: lines.kontrakt.kontaktgrupper, Art.PERSONKATEGORI: lines.kontrakt.personkategorier}
    for art in Art:
        for type_ in sorted(types[art]):
            for channel in Kanal:
                yield partial(actor.registrer, cpr, Opret(art, type_, now), channel)
            with_id = Opret(art, type_, now, slut=now + timedelta(days=30), id=ny_uuid())
            yield partial(actor.registrer, cpr, with_id, Kanal.PVS)
        for channel in Kanal:
            yield partial(actor.registrer, cpr, Opdater(art, ny_uuid(), now), channel)
        yield partial(actor.registrer, cpr, Slet(art, ny_uuid()), Kanal.PVS)
    yield partial(actor.laeser.status, cpr)
    yield actor.laeser.kodelister
    yield partial(actor.laeser.kodelister, "KontaktgruppeTypeCodeList")
    day = now.date()
    yield partial(actor.naboer.tilmelding, cpr, nabo.Tilmeld(kategori=1, ledighedsgrad=1, dato=day))
    yield partial(actor.naboer.sygemeld, cpr, nabo.Sygemeld(id=ny_uuid(), kilde=nabo.Sygekilde.FRAVAER, fra=day))
    yield partial(actor.naboer.raskmeld, cpr, nabo.Raskmeld(id=ny_uuid(), dato=day, gruppe=None), day)
    yield partial(actor.naboer.tilmelding, cpr, nabo.Afmeld(dato=day, aarsag=1))
    yield actor.indbakke.toem


def _subscription_lists(lines: Linjer) -> Iterator[Kald]:
    """Subscribe as the documented sync call does: to nothing, to one thing, and to several."""
    subscriptions, day = Abonnementer(lines.kontrakt, Rest(lines.kontrakt)), lines.ur.date()
    entities = [entity.id for entity in lines.kontrakt.wsb_entiteter.values()]
    for count in SUBSCRIPTIONS:
        wishes = [
            Abonnementsoenske(
                JOBCENTER,
                entities[number % len(entities)],
                f"/wsb/{number}",
                day + timedelta(days=400),
                day + timedelta(days=500),
            )
            for number in range(count)
        ]
        yield subscriptions.kald(SYSTEM, wishes, lines.kalder, ny_uuid())


def _messages(lines: Linjer, citizens: list[str]) -> Iterator[Kald]:
    """Draw messages of every operation, those of the queue with a sequence header."""
    wsrm = Wsrm(lines.kontrakt)
    system = Rest(lines.kontrakt).headers.skriv_system(lines.kalder)
    for service in tjenester(lines.kontrakt).values():
        schema = Skemastrategi(service, citizens, midnat(lines.ur))
        for number, operation in enumerate(service.operationer.values()):
            header = wsrm.sekvensheader("SequenceRequest", ny_uuid()) if service.navn == BESKEDER else None
            for body in draw_examples(schema.element(operation.request), MESSAGES, lines.seed + number):
                headers = {
                    "content-type": "text/xml; charset=utf-8",
                    "soapaction": f'"{operation.soapaction}"',
                    **system,
                }
                yield Kald("POST", service.sti, headers, soap.skriv_kald(lines.kalder, body, header))
