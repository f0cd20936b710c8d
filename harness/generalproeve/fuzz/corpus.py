"""The corpus that variants are drawn from: calls recorded while histories are played, and messages of every operation.

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
from generalproeve.fuzz.history import histories
from generalproeve.fuzz.hunts import Budget, draw_examples
from generalproeve.fuzz.lines import FuzzLines, UnansweredError, citizens
from generalproeve.fuzz.schema_strategy import SchemaStrategy
from generalproeve.fuzz.twins import TwinStage
from vos_contracts.base.ids import new_uuid
from vos_contracts.model import neighbours
from vos_contracts.model.registration import Create, Delete, Kind, Update
from vos_contracts.wire.base import Call, RemoteWireError, Response, Transport
from vos_contracts.wire.calls import soap_service
from vos_contracts.wire.instants import midnight
from vos_contracts.wire.messages.wsrm import MESSAGES, Wsrm
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish
from vos_contracts.wire.soap import envelope
from vos_contracts.wire.soap.schemas import services
from vos_simulators.inboxes.wsrm_poller import WsrmRefused
from vos_simulators.parties import JOBCENTER
from vos_simulators.party import Channel, Party

REST, SOAP = "REST", "SOAP"
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
HISTORIES = 40
"""Histories that are played to record their calls."""
USER_NAMES = ("Sofie Sagsbehandler", """Søren "O'Neil" <b>&amp;\\n]]>""")
"""User names of the caller of valid calls; the second needs escaping in every format that it is written in."""
REQUEST_BODIES = 12
"""How many messages are drawn from the schema of each SOAP operation."""
SYSTEM = "0193e6a0-0000-7000-8000-000000000001"
"""The id of a system that may subscribe to webservice messages."""
SUBSCRIPTIONS = (0, 1, 1, 2, 3)
"""The number of subscriptions in each recorded subscription call."""
SEQUENCE, ILLNESS = "sequence", "illness"
_KINDS = {
    SEQUENCE: ("wsrm",),
    "kontaktgruppe": ("kontaktgruppe", "contactgroup"),
    "personkategori": ("personkategori", "personcategory"),
    ILLNESS: ("illness",),
}


def channel_of(call: Call) -> str:
    """Return the channel of a call, `REST` or `SOAP`."""
    return SOAP if soap_service(call.path) else REST


def operation_key(call: Call) -> str:
    """Return a key that is equal for two calls of the same operation."""
    if channel_of(call) == SOAP:
        return call.headers.get("soapaction", call.path)
    return f"{call.method} {UUID.sub('id', call.path)}"


def identifier_kind(call: Call) -> str:
    """Return the kind of identifier in a call; empty if it has none, or one that the caller chooses."""
    if call.method == "POST" and UUID.search(call.path):
        return ""
    text = f"{call.path} {call.headers.get('soapaction', '')}".lower()
    return next((kind for kind, words in _KINDS.items() if any(word in text for word in words)), "")


@dataclass
class Corpus:
    """Recorded calls by channel and operation, so that every operation is drawn equally often."""

    calls: dict[str, dict[str, list[Call]]] = field(default_factory=lambda: {REST: {}, SOAP: {}})
    unanswered: list[UnansweredError] = field(default_factory=list)

    def add(self, call: Call) -> None:
        """Add a recorded call."""
        self.calls[channel_of(call)].setdefault(operation_key(call), []).append(call)


@dataclass
class CallRecorder:
    """A `Transport` that records the calls sent through it."""

    transport: Transport
    unanswered: list[UnansweredError] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    def send(self, call: Call) -> Response:
        """Send a call and record it.

        Raises:
            UnansweredError: when the call got no answer; it is recorded all the same.
        """
        self.calls.append(call)
        try:
            return self.transport.send(call)
        except UnansweredError as unanswered:
            self.unanswered.append(unanswered)
            raise


def record(lines: FuzzLines, budget: Budget) -> Corpus:
    """Empty the stage and record a corpus, the same one for the same seed, within half of the budget's seconds.

    Raises:
        ControlRefused: when the control API refuses to set up the stage.
        UnreachableError: when the stage cannot be reached.
    """
    time = Budget(None if budget.seconds is None else budget.seconds_left / 2)
    corpus = Corpus()
    recorder = CallRecorder(lines.services, corpus.unanswered)
    if not parity.why_not(lines):
        assert lines.control is not None, "see why_not"
        stage = TwinStage(recorder, lines.control, lines.contract)
        for history in draw_examples(histories(lines.contract), HISTORIES, lines.seed):
            if not time.exhausted:
                stage.play_history(history)
    numbers = citizens(lines)
    for call in recorder.calls:
        corpus.add(call)
    for user_name in USER_NAMES:
        for call in (
            *_record_valid(lines, numbers[0], user_name, time, corpus.unanswered),
            *_subscription_lists(lines),
        ):
            corpus.add(call)
    for call in _messages(lines, numbers):
        corpus.add(call)
    return corpus


def _record_valid(
    lines: FuzzLines, cpr: str, user_name: str, time: Budget, unanswered: list[UnansweredError]
) -> Iterator[Call]:
    """Yield one valid call of every operation, because most calls of a drawn history are refused."""
    recorder, caller = CallRecorder(lines.services, unanswered), lines.caller
    caller = replace(caller, user=replace(caller.user, name=user_name))
    for act in _every_act(lines, Party(caller, lines.contract, recorder, new_uuid), cpr):
        with suppress(RemoteWireError, WsrmRefused):  # the answers are judged when the hunt sends the calls
            if not time.exhausted:
                act()
    yield from recorder.calls
    for kind in Kind:
        for part in ("", lines.contract.names.path("history"), new_uuid()):
            yield Rest(lines.contract).call_read(cpr, kind, caller, part)


def _every_act(lines: FuzzLines, actor: Party, cpr: str) -> Iterator[Callable[[], object]]:
    now = midnight(lines.clock)
    types = {Kind.KONTAKTGRUPPE: lines.contract.kontaktgrupper, Kind.PERSONKATEGORI: lines.contract.personkategorier}
    for kind in Kind:
        for type_ in sorted(types[kind]):
            for channel in Channel:
                yield partial(actor.register, cpr, Create(kind, type_, now), channel)
            with_id = Create(kind, type_, now, end=now + timedelta(days=30), id=new_uuid())
            yield partial(actor.register, cpr, with_id, Channel.PVS)
        for channel in Channel:
            yield partial(actor.register, cpr, Update(kind, new_uuid(), now), channel)
        yield partial(actor.register, cpr, Delete(kind, new_uuid()), Channel.PVS)
    yield partial(actor.reader.status, cpr)
    yield actor.reader.code_lists
    yield partial(actor.reader.code_lists, "KontaktgruppeTypeCodeList")
    day = now.date()
    yield partial(
        actor.neighbours.tilmelding, cpr, neighbours.CreateTilmelding(category=1, unemployment_degree=1, on_date=day)
    )
    yield partial(
        actor.neighbours.report_illness,
        cpr,
        neighbours.ReportIllness(id=new_uuid(), source=neighbours.IllnessSource.FRAVAER, since=day),
    )
    yield partial(
        actor.neighbours.report_recovery, cpr, neighbours.ReportRecovery(id=new_uuid(), on_date=day, group=None), day
    )
    yield partial(actor.neighbours.tilmelding, cpr, neighbours.EndTilmelding(on_date=day, cause=1))
    yield actor.inbox.drain


def _subscription_lists(lines: FuzzLines) -> Iterator[Call]:
    """Yield calls that replace the list of subscriptions: with none, with one and with several."""
    subscriptions, day = Subscriptions(lines.contract, Rest(lines.contract)), lines.clock.date()
    entities = [entity.id for entity in lines.contract.wsb_entities.values()]
    for count in SUBSCRIPTIONS:
        wishes = [
            SubscriptionWish(
                JOBCENTER,
                entities[number % len(entities)],
                f"/wsb/{number}",
                day + timedelta(days=400),
                day + timedelta(days=500),
            )
            for number in range(count)
        ]
        yield subscriptions.call(SYSTEM, wishes, lines.caller, new_uuid())


def _messages(lines: FuzzLines, citizens: list[str]) -> Iterator[Call]:
    """Yield messages drawn from the schema of every SOAP operation; those of the WSRM queue get a sequence header."""
    wsrm = Wsrm(lines.contract)
    system = Rest(lines.contract).headers.write_system(lines.caller)
    for service in services(lines.contract).values():
        schema = SchemaStrategy(service, citizens, midnight(lines.clock))
        for number, operation in enumerate(service.operations.values()):
            header = wsrm.sequence_header("SequenceRequest", new_uuid()) if service.name == MESSAGES else None
            for body in draw_examples(schema.element(operation.request), REQUEST_BODIES, lines.seed + number):
                headers = {
                    "content-type": "text/xml; charset=utf-8",
                    "soapaction": f'"{operation.soapaction}"',
                    **system,
                }
                yield Call("POST", service.path, headers, envelope.write_call(lines.caller, body, header))
