"""Play a history for two identical citizens ("twins"): one is called about by PRS (SOAP), the other by PVS (REST).

After each step the twins must have the same decision, error numbers, rows, messages and events, apart from their ids
and CPR numbers and the differences that the release table allows. A refused step must leave no trace. Histories are
drawn in `history`, and outcomes compared in `diff`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import assert_never

import msgspec

from generalproeve.fuzz import history as h
from generalproeve.fuzz.diff import (
    CARRIED_OUT,
    EVENTS,
    MESSAGES,
    RESPONSE,
    ROWS,
    STATUS,
    UNREADABLE,
    Difference,
    Observed,
    StepOutcome,
    breach,
    may_diverge,
)
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import Contract
from vos_contracts.control.journal import EntryType
from vos_contracts.control.stage import ClockMode, RegistrationDto
from vos_contracts.model import neighbours
from vos_contracts.model.registration import Create, Delete, Kind, Update
from vos_contracts.wire.base import RemoteWireError, Transport
from vos_contracts.wire.rest.registration import Refusal, Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish
from vos_simulators.control import Control, ControlRefused
from vos_simulators.inboxes.webhook import Arrival, WebhookReceiver
from vos_simulators.inboxes.wsrm_poller import WsrmRefused
from vos_simulators.oracle.expected import DOMAINS
from vos_simulators.parties import AKASSE, JOBCENTER
from vos_simulators.party import Channel, Party
from vos_simulators.people import People, on_stage
from vos_simulators.stage_reader import OperationsReader

SYSTEM = "0193e6a0-0000-7000-8000-0000000000aa"
_OWNERS = {JOBCENTER: h.HistoryCaller.JOBCENTER, AKASSE: h.HistoryCaller.AKASSE}
_SUBSCRIBED_KINDS = {JOBCENTER: frozenset(Kind), AKASSE: frozenset({Kind.KONTAKTGRUPPE})}
"""What each organisation subscribes to; an a-kasse may not subscribe to person categories."""
_DELIVERY_DEADLINE_S = 5.0


class Outbox:
    """Reads the messages that one stage sends: from its journal, the WSRM queue and a webhook receiver.

    Without a receiver, webservice messages are read from the journal only.
    """

    def __init__(
        self, services: Transport, control: Control, contract: Contract, recipient: WebhookReceiver | None
    ) -> None:
        self._services, self._control, self._contract = services, control, contract
        self._recipient = recipient
        self._subscribes = False

    def begin(self, now: datetime) -> None:
        """Subscribe on an emptied stage, if the release has webservice messages, and start reading from this point."""
        release = self._contract.releases[self._control.status().release]
        self._subscribes = self._recipient is not None and release.wsb
        if self._recipient is not None and self._subscribes:
            self._subscribe(self._recipient.address, now)
        self._entry_number = self._control.journal().next_item
        self._arrived = 0 if self._recipient is None else len(self._recipient.arrivals)

    def _subscribe(self, address: str, now: datetime) -> None:
        self._control.subscriber_system(SYSTEM, address, *_OWNERS)
        wishes = [
            SubscriptionWish(owner, entity.id, f"/{entity.kind}", now.date())
            for owner, kinds in _SUBSCRIBED_KINDS.items()
            for entity in self._contract.wsb_entities.values()
            if entity.kind in kinds
        ]
        subscriptions = Subscriptions(self._contract, Rest(self._contract))
        call = subscriptions.call(SYSTEM, wishes, h.CALLERS[h.HistoryCaller.JOBCENTER](now), new_uuid())
        response = self._services.send(call)
        if isinstance(subscriptions.understand(response), Refusal):
            raise ControlRefused(response.status, response.body)

    def new(self, now: datetime, citizens: Collection[str]) -> Iterator[tuple[str, object]]:
        """Yield each message sent since the last call, with its CPR number; unreadable ones once for every citizen."""
        journal = self._control.journal(self._entry_number)
        self._entry_number = journal.next_item
        queued = [entry for entry in journal.entries if entry.kind in {EntryType.MESSAGE_QUEUED, EntryType.WSB_QUEUED}]
        for entry in queued:
            yield entry.cpr, [entry.kind, {name: value for name, value in entry.data.items() if name != "id"}]
        if any(entry.kind is EntryType.MESSAGE_QUEUED for entry in queued):
            yield from self._from_queue(now, citizens)
        if self._subscribes:
            yield from self._received(sum(entry.kind is EntryType.WSB_QUEUED for entry in queued), citizens)
        self._entry_number = self._control.journal(self._entry_number).next_item

    def _from_queue(self, now: datetime, citizens: Collection[str]) -> Iterator[tuple[str, object]]:
        for organisation, caller in _OWNERS.items():
            owner = Party(h.CALLERS[caller](now), self._contract, self._services, new_uuid)
            try:
                for message in owner.inbox.drain():
                    yield getattr(message, "cpr", ""), [str(organisation), without(message, "message_id")]
            except (RemoteWireError, WsrmRefused) as exc:
                yield from ((cpr, [str(organisation), f"{UNREADABLE}: {exc}"]) for cpr in citizens)

    def _received(self, count: int, citizens: Collection[str]) -> Iterator[tuple[str, object]]:
        """Wait until `count` messages have arrived at the receiver, and yield them."""
        recipient = self._recipient
        assert recipient is not None, "without a recipient no webservice messages are expected"
        until = self._arrived + count
        try:
            recipient.wait(
                lambda: len(recipient.arrivals) >= until, f"{count} webservicebeskeder", _DELIVERY_DEADLINE_S
            )
        except AssertionError as exc:
            yield from ((cpr, ["webhook", f"{UNREADABLE}: {exc}"]) for cpr in citizens)
        new = recipient.arrivals[self._arrived :]
        self._arrived += len(new)
        for arrival in sorted(new, key=_recipient):  # the order of arrival is defined for one recipient only
            if arrival.message is None:
                yield from ((cpr, ["webhook", f"{UNREADABLE}: {arrival.errors}"]) for cpr in citizens)
            else:
                yield arrival.message.cpr, [f"webhook {arrival.path}", without(arrival.message, "message_id")]


def _recipient(arrival: Arrival) -> str:
    return "" if arrival.message is None else str(arrival.message.recipient)


def without(message: object, *fields: str) -> dict[str, object]:
    """Return a message, row or event as plain JSON, without the named fields."""
    content: dict[str, object] = msgspec.to_builtins(message)
    return {name: value for name, value in content.items() if name not in fields}


UNKNOWN_CPR, INVALID_CPR = "0203840000", "3002840000"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass
class _Twin:
    channel: Channel
    cpr: str
    citizen_id: str = ""
    ids: list[str] = field(default_factory=list)
    uuid_numbers: dict[str, str] = field(default_factory=dict)
    illness: str | None = None

    def normalised(self, observed: Observed) -> Observed:
        """Replace each id by its number in order of appearance and the CPR number by a fixed text, for comparison."""
        text = msgspec.json.encode(observed).decode().replace(self.cpr, "<borger>")
        normalised: Observed = msgspec.json.decode(
            _UUID.sub(
                lambda uuid: self.uuid_numbers.setdefault(uuid[0].lower(), f"#{len(self.uuid_numbers) + 1}"), text
            )
        )
        return normalised


class TwinStage:
    """A stage with a control API on which histories are played; each history begins by emptying it.

    `calls` counts the calls of all histories to the services.
    """

    def __init__(
        self,
        services: Transport,
        control: Transport,
        contract: Contract,
        seed: int = 1,
        recipient: WebhookReceiver | None = None,
    ) -> None:
        self.contract, self.calls = contract, 0
        self._services, self._control, self._runtime = services, Control(control), OperationsReader(control)
        self._outbox = Outbox(services, self._control, contract, recipient)
        self._people = People(seed)
        self._release = contract.releases[self._control.status().release]

    def play_history(self, history: h.History) -> Difference | None:
        """Empty the stage and play a history; return the first difference between the twins, None if there is none.

        Raises:
            ControlRefused: when the control API refuses a call.
            UnreachableError: when the stage cannot be reached.
        """
        steps: list[StepOutcome] = []
        try:
            return self._play_steps(history, steps)
        except RemoteWireError as exc:  # an answer to a status, inbox or subscription call between the steps
            return Difference(what=(f"et svar kan ikke forstås: {exc}",), steps=tuple(steps))

    def _play_steps(self, history: h.History, steps: list[StepOutcome]) -> Difference | None:
        """Play the steps of a history, and append the outcome of each to `steps`."""
        self._begin(history)
        for step in history.steps:
            prs, pvs = self._play_step(step)
            steps.append(StepOutcome(step=h.describe(step), prs=prs, pvs=pvs))
            if may_diverge(self._release, prs, pvs):
                return None
            differing = breach(self._release, prs, pvs)
            if differing:
                return Difference(what=differing, steps=tuple(steps))
        return None

    def _begin(self, history: h.History) -> None:
        """Empty the stage, and create the twins and a third citizen whose registration is the `ANOTHER_CITIZENS` id."""
        self._control.reset()
        self._now = self._control.move_clock(state=ClockMode.FROZEN).clock
        born = self._now.date() - timedelta(days=int(history.age * 365.25) + 20)
        born += timedelta(days=(born.month, born.day) == (1, 1))
        self.twins = [_Twin(channel, self._people.born(born).cpr) for channel in (Channel.PRS, Channel.PVS)]
        third = on_stage(self._people.born(born), akasse=AKASSE)
        third.kontaktgrupper = (RegistrationDto(type=13),)
        dtos = []
        for twin in self.twins:
            dto = on_stage(self._people.born(born), akasse=AKASSE)
            dto.cpr, dto.tilmeldekategori = twin.cpr, history.enrolled
            dtos.append(dto)
        self._another_citizens_id = self._control.set_up(*dtos, third)[2][0]
        citizen_ids = {row.cpr: row.citizen_id for page in self._runtime.citizens(0) for row in page.citizens}
        for twin in self.twins:
            twin.citizen_id = citizen_ids[twin.cpr]
        self._outbox.begin(self._now)
        self._row_number = max((page.next_item for page in self._runtime.registrations(0)), default=0)
        self._last_events = dict.fromkeys(DOMAINS, 0)
        self._number = count()

    def _play_step(self, step: h.Step) -> tuple[Observed, Observed]:
        if isinstance(step, h.DaysStep):
            self._now = self._control.move_clock(forward=f"P{step.count}D").clock
            responses: list[object] = [CARRIED_OUT, CARRIED_OUT]
        else:
            responses = [self._response(step, twin) for twin in self.twins]
        rows = [row for page in self._runtime.registrations(self._row_number) for row in page.registrations]
        self._row_number = rows[-1].nr if rows else self._row_number
        messages = list(self._outbox.new(self._now, [twin.cpr for twin in self.twins]))
        events = list(self._events())
        prs, pvs = (
            twin.normalised(
                {
                    RESPONSE: response,
                    ROWS: [without(row, "nr", "citizenId") for row in rows if row.citizen_id == twin.citizen_id],
                    STATUS: self._status(twin),
                    MESSAGES: [message for cpr, message in messages if cpr == twin.cpr],
                    EVENTS: [event for cpr, event in events if cpr == twin.cpr],
                }
            )
            for twin, response in zip(self.twins, responses, strict=True)
        )
        for twin in self.twins:
            new = [row.id for row in rows if row.citizen_id == twin.citizen_id]
            twin.ids += [id_ for id_ in dict.fromkeys(new) if id_ not in twin.ids]
        return prs, pvs

    def _response(self, step: h.Step, twin: _Twin) -> object:
        self.calls += 1
        try:
            response = self._call(step, twin)
        except RemoteWireError as exc:
            return f"svaret kan ikke forstås: {exc}"
        return sorted(error.code for error in response.errors) if isinstance(response, Refusal) else CARRIED_OUT

    def _call(self, step: h.Step, twin: _Twin) -> str | Refusal:
        assert not isinstance(step, h.DaysStep), "the clock is moved once for both twins"
        caller = Party(h.CALLERS[step.who](self._now), self.contract, self._services, new_uuid)
        today = self._now.date()
        match step:
            case h.RegisterStep():
                creation = Create(
                    step.kind,
                    step.type,
                    step.start(self._now),
                    None if step.event is None else step.event(self._now),
                    None if step.end is None else step.end(self._now),
                    None if step.id is None else self._id(step.id, twin),
                )
                return caller.register(_cpr(step.citizen, twin), creation, twin.channel)
            case h.EndStep():
                end = None if step.end is None else step.end(self._now)
                update = Update(step.kind, self._id(step.id, twin), end)
                return caller.register(_cpr(step.citizen, twin), update, twin.channel)
            case h.DeleteStep():
                return caller.register(twin.cpr, Delete(step.kind, self._id(step.id, twin)), Channel.PVS)
            case h.EnrolStep():
                enrol = neighbours.CreateTilmelding(
                    category=step.category, unemployment_degree=1, on_date=today + timedelta(step.days)
                )
                return caller.neighbours.tilmelding(twin.cpr, enrol)
            case h.EndEnrolmentStep():
                return caller.neighbours.tilmelding(
                    twin.cpr, neighbours.EndTilmelding(on_date=today + timedelta(step.days), cause=1)
                )
            case h.IllnessStep():
                ill = neighbours.ReportIllness(id=new_uuid(), source=step.source, since=today + timedelta(step.since))
                response = caller.neighbours.report_illness(twin.cpr, ill)
                twin.illness = response if isinstance(response, str) else twin.illness
                return response
            case h.RecoveryStep():
                group = None if step.group is None else neighbours.GroupChange(type=step.group)
                on_date = today + timedelta(step.days)
                recovery = neighbours.ReportRecovery(id=twin.illness or new_uuid(), on_date=on_date, group=group)
                return caller.neighbours.report_recovery(twin.cpr, recovery, on_date)
            case _:
                assert_never(step)

    def _id(self, id_: h.Id, twin: _Twin) -> str:
        match id_:
            case int():
                return twin.ids[id_ % len(twin.ids)] if twin.ids else new_uuid()
            case h.OtherId.ANOTHER_CITIZENS:
                return self._another_citizens_id
            case h.OtherId.NEW_UPPERCASE:
                return new_uuid().upper()
            case h.OtherId.UNKNOWN | h.OtherId.NEW:
                return new_uuid()
            case _:
                assert_never(id_)

    def _events(self) -> Iterator[tuple[str, object]]:
        """Yield each domain event published since the last call, with the CPR number that it is about."""
        for domain, after in self._last_events.items():
            for queued in self._runtime.events(domain, after):
                self._last_events[domain] = queued.nr
                yield queued.event.cpr, [domain, without(queued.event, "eventId", "citizenId")]

    def _status(self, twin: _Twin) -> object:
        star = Party(h.CALLERS[h.HistoryCaller.STAR](self._now), self.contract, self._services, new_uuid)
        return msgspec.to_builtins(star.reader.status(twin.cpr))


def _cpr(citizen: h.HistoryCitizen, twin: _Twin) -> str:
    match citizen:
        case h.HistoryCitizen.TWIN:
            return twin.cpr
        case h.HistoryCitizen.UNKNOWN:
            return UNKNOWN_CPR
        case h.HistoryCitizen.INVALID:
            return INVALID_CPR
        case _:
            assert_never(citizen)
