"""Test a party's own webhook with a series of webservice messages, and grade each answer.

The messages are those of DFDG, apart from the deliberately malformed ones; every citizen is synthetic. Each grade also names
what cannot be observed from outside. Not here: rendering (`generalproeve receiver`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median

from vos_contracts.base import stopwatch
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import Contract
from vos_contracts.model.identity import Organisation
from vos_contracts.model.registration import ChangeType
from vos_contracts.tables.webhooks import Entity
from vos_contracts.wire.base import Call, NoListenerError, Transport, UnreachableError
from vos_contracts.wire.messages.webhook import CONTENT, WebhookCodec, WsbMessage
from vos_simulators.people import People

MAX_ATTEMPTS = 4
BURST, CONNECTIONS = 200, 8
SEED = 4342317058
"""Seed of the synthetic citizens."""


class Judgement(StrEnum):
    """The verdict of one grade; the value is its Danish word in reports."""

    PASSED = "bestået"
    BREACH = "brud"
    REMARK = "bemærkning"
    NOT_SEEN = "ikke set"


@dataclass(frozen=True, slots=True)
class Attempt:
    """The outcome of one attempt: a status, or in `reason` why there was no answer."""

    status: int | None
    reason: str
    seconds: float

    @property
    def taken(self) -> bool:
        """Whether the message counts as delivered: any 2xx status."""
        return self.status is not None and 200 <= self.status < 300

    def __str__(self) -> str:
        return self.reason if self.status is None else f"status {self.status}"


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade, in Danish: the message sent, the verdict, the observed answer, and what cannot be observed from outside."""

    name: str
    judgement: Judgement
    seen: str
    not_observable: str = ""


class ReceiverExam:
    """One series against one webhook."""

    def __init__(
        self, contract: Contract, transport: Transport, path: str, organisation: Organisation, now: datetime
    ) -> None:
        self._wsb = WebhookCodec(contract)
        self._transport = transport
        self._path = path
        self._organisation = organisation
        self._now = now
        self._people = People(SEED)
        self._answered_5xx: bytes | None = None

    def execute(self, kinds: Sequence[Entity]) -> Iterator[Grade]:
        """Send the series, with the entities that the authority may subscribe to.

        Raises:
            NoListenerError: no webhook listens when the first message is sent.
        """
        for entity in kinds:
            for change in ChangeType:
                body = self._write(self._message(entity, change))
                first = (entity, change) == (kinds[0], ChangeType.CREATED)
                yield self._send_valid(f"{entity.name}, {_CHANGE[change]}", body, require_response=first)
        yield self._duplicate(kinds[0])
        yield self._stale(kinds[0])
        unknown = self._message(kinds[0], ChangeType.CREATED)
        yield replace(
            self._send_valid("en borger, som modtageren ikke kender", self._write(unknown)),
            not_observable="om modtageren lægger beskeden til side eller læser den op",
        )
        yield self._burst(kinds[0])
        for name, corrupt in _INVALID.items():
            yield self._invalid(name, corrupt(self._write(self._message(kinds[0], ChangeType.CREATED))))
        yield self._after_500()
        yield self._send_valid(
            "en almindelig besked til sidst", self._write(self._message(kinds[0], ChangeType.CREATED))
        )

    def _message(self, entity: Entity, change: ChangeType) -> WsbMessage:
        cpr = self._people.new(40, self._now.date()).cpr
        return WsbMessage(new_uuid(), entity.id, entity.name, new_uuid(), cpr, change, self._organisation, self._now)

    def _write(self, message: WsbMessage) -> bytes:
        return self._wsb.write(message)

    def _send(self, body: bytes, *, require_response: bool = False) -> Attempt:
        begun = stopwatch.seconds()
        try:
            response = self._transport.send(Call("POST", self._path, CONTENT, body))
        except UnreachableError as exc:
            if require_response and isinstance(exc, NoListenerError):
                raise
            return Attempt(None, f"intet svar ({_cause(exc)})", stopwatch.seconds() - begun)
        if 500 <= response.status < 600:
            self._answered_5xx = body
        return Attempt(response.status, "", stopwatch.seconds() - begun)

    def _send_valid(self, name: str, body: bytes, *, require_response: bool = False) -> Grade:
        attempt = self._send(body, require_response=require_response)
        if attempt.status is not None and attempt.status >= 500 and (again := self._send(body)).taken:
            return Grade(name, Judgement.REMARK, f"{_show(attempt)}, og gensendt {_show(again)}")
        return Grade(name, Judgement.PASSED if attempt.taken else Judgement.BREACH, _show(attempt))

    def _duplicate(self, entity: Entity) -> Grade:
        body = self._write(self._message(entity, ChangeType.CREATED))
        first, other = self._send(body), self._send(body)
        judgement = Judgement.PASSED if first.taken and other.taken else Judgement.BREACH
        return Grade(
            "samme besked to gange", judgement, f"{_show(first)}, så {_show(other)}", "om den anden gang ændrede noget"
        )

    def _stale(self, entity: Entity) -> Grade:
        new = self._message(entity, ChangeType.CHANGED)
        old = replace(
            new, message_id=new_uuid(), change_type=ChangeType.CREATED, registered=self._now - timedelta(days=1)
        )
        first, other = self._send(self._write(new)), self._send(self._write(old))
        judgement = Judgement.PASSED if first.taken and other.taken else Judgement.BREACH
        return Grade(
            "en ældre besked efter en nyere",
            judgement,
            f"{_show(first)}, så {_show(other)}",
            "om det nyeste stadig gælder",
        )

    def _burst(self, entity: Entity) -> Grade:
        bodies = [self._write(self._message(entity, ChangeType.CREATED)) for _ in range(BURST)]
        with ThreadPoolExecutor(CONNECTIONS) as executor:
            attempts = list(executor.map(self._send, bodies))
        taken, times = sum(attempt.taken for attempt in attempts), [attempt.seconds for attempt in attempts]
        summary = f"{taken} af {BURST} taget, median {1000 * median(times):.0f} ms, længst {1000 * max(times):.0f} ms"
        failures = sorted({str(attempt) for attempt in attempts if not attempt.taken})
        return Grade(
            f"{BURST} beskeder på {CONNECTIONS} forbindelser",
            Judgement.PASSED if taken == BURST else Judgement.BREACH,
            "; ".join((summary, *failures)),
            "om alle blev gemt",
        )

    def _invalid(self, name: str, body: bytes) -> Grade:
        before = self._answered_5xx
        attempt = self._send(body)
        self._answered_5xx = before  # a malformed message is never retried
        if attempt.taken:
            return Grade(name, Judgement.REMARK, f"{_show(attempt)}: taget imod, selv om den ikke kan læses")
        refused = attempt.status is not None and 400 <= attempt.status < 500
        return Grade(name, Judgement.PASSED if refused else Judgement.BREACH, _show(attempt))

    def _after_500(self) -> Grade:
        name = "samme besked igen efter modtagerens 500"
        if self._answered_5xx is None:
            return Grade(name, Judgement.NOT_SEEN, "modtageren svarede aldrig 5xx", "hvordan en gensendt besked tages")
        body = self._answered_5xx
        attempts: list[Attempt] = []
        for _ in range(MAX_ATTEMPTS):
            attempts.append(self._send(body))
            if attempts[-1].taken:
                break
        return Grade(
            name, Judgement.PASSED if attempts[-1].taken else Judgement.BREACH, ", så ".join(map(_show, attempts))
        )


_CHANGE = {
    ChangeType.CREATED: "oprettelse",
    ChangeType.CHANGED: "opdatering",
    ChangeType.DELETED: "slet",
}
_INVALID: dict[str, Callable[[bytes], bytes]] = {
    "en ugyldig besked: ikke JSON": lambda body: body[: len(body) // 2],
    "en ugyldig besked: uden metadata": lambda body: b"{}",
    "en ugyldig besked: ikke UTF-8": lambda body: body.replace(b'"body"', b'"\xff\xfe"'),
}


def kinds(contract: Contract, organisation: Organisation) -> tuple[Entity, ...]:
    """List the entities that an organisation of that type gets messages about."""
    gets = {rule.kind for rule in contract.wsb_recipients if rule.recipient.organisation_type == organisation.type}
    return tuple(entity for kind, entity in contract.wsb_entities.items() if kind in gets)


def _show(attempt: Attempt) -> str:
    return f"{attempt} ({1000 * attempt.seconds:.0f} ms)"


def _cause(breach: UnreachableError) -> str:
    return str(breach.__cause__ or breach) or type(breach.__cause__).__name__
