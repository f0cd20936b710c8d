"""A fixed sequence of registrations whose messages the oracle judges: deviations by recipient and cause."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from support.builders import AKASSE, JOBCENTER, KOMMUNE, STAR, TODAY, TOMORROW, contract, identity
from vos_contracts.base.ids import new_uuid
from vos_contracts.control.stage import PersonDto, RegistrationDto
from vos_contracts.model.identity import Organisation
from vos_contracts.model.neighbours import GroupChange, IllnessSource, ReportIllness, ReportRecovery
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.messages.wsrm import WsrmMessage
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.rest.subscriptions import Subscriptions, SubscriptionWish, Synchronised
from vos_simulators.control import Control
from vos_simulators.inboxes.webhook import WebhookReceiver
from vos_simulators.oracle.cause import from_journal
from vos_simulators.oracle.expected import DOMAINS, WsbSubscriber, expected
from vos_simulators.oracle.happened import from_stage
from vos_simulators.oracle.received import Got, from_event, from_wsb, from_wsrm
from vos_simulators.oracle.verdict import DeviationKind, Mismatch, assess
from vos_simulators.party import Channel, Party
from vos_simulators.people import Citizen, People, on_stage
from vos_simulators.stage_reader import OperationsReader
from vos_simulators.transport import HttpTransport

KG, PC = Kind.KONTAKTGRUPPE, Kind.PERSONKATEGORI
SYSTEM = "0193e6a0-0000-7000-8000-00000000000c"
J, A = "8/10100 (WSRM)", "2/81 (WSRM)"
WJ, WA = f"{SYSTEM} for 8/10100 (WSB)", f"{SYSTEM} for 2/81 (WSB)"


MISSING, EXTRA, DUPLICATE = DeviationKind.MISSING, DeviationKind.EXTRA, DeviationKind.DUPLICATE
WRONG, DISORDER = DeviationKind.WRONG, DeviationKind.OUT_OF_ORDER
CALL = (
    (JOBCENTER, 2, Channel.PVS),
    (STAR, 13, Channel.PRS),
    (JOBCENTER, 2, Channel.PRS),
    (STAR, 23, Channel.PVS),
)
CAUSES = {
    "0": "Generalprøve opsætning (1/0)",
    "1": "POST /v1/PersonVisitering/kontaktgruppe (",
    "2": "PersonRegistrationService.CreateContactGroup af Test Testesen (1/1)",
    "3": "PersonRegistrationService.CreateContactGroup af Test Testesen (8/10100)",
    "4": "POST /v1/PersonVisitering/kontaktgruppe (",
    "5": "IllnessRecoveryInformationService.CreateIllness af",
    "6": "IllnessRecoveryInformationService.CreateRecovery af",
    "7": "IllnessRecoveryInformationService.CreateIllness af",
    "8": "IllnessCompositeService.CreateRecovery af",
    "night": "natkørslen af DFDG Fyldt 30 år (1/1) 19-11-2024 01:00:00",
}
"""The text of each cause, by the minute past nine at which it happens."""


@dataclass
class Performance:
    """Registrations on both channels, two illnesses, and a night in which a citizen turns 30."""

    control: Control
    transport: HttpTransport
    check: HttpTransport

    def scenario(self) -> list[Mismatch]:
        citizen, ill = People(seed=31).new(40, TODAY.date()), People(seed=33).new(40, TODAY.date())
        turns_thirty = People(seed=32).born(date(TOMORROW.year - 30, TOMORROW.month, TOMORROW.day))
        self.control.set_up(
            on_stage(citizen, akasse=AKASSE), self._with_group(ill, 2), self._with_group(turns_thirty, 12)
        )
        with WebhookReceiver(contract()) as recipient:
            subscribers = self._subscribe(recipient)
            for who, group, channel in CALL:
                self._one_minute()
                assert isinstance(self._party(who).register(citizen.cpr, Create(KG, group, TODAY), channel), str)
            self._ill_and_recovery(ill)
            self.control.move_clock(TOMORROW + timedelta(hours=2))
            cause = from_journal(self.control.journal().entries)
            should = expected(from_stage(OperationsReader(self.check), cause), subscribers)
            assert len(should) > 60
            return assess(should, self._got(recipient))

    def _ill_and_recovery(self, citizen: Citizen) -> None:
        """Replace group 25 by another group, then close it without a successor."""
        kommune, today = self._party(KOMMUNE).neighbours, TODAY.date()
        for closes in (False, True):
            self._one_minute()
            case = kommune.report_illness(
                citizen.cpr, ReportIllness(id=new_uuid(), source=IllnessSource.UNEMPLOYMENT, since=today)
            )
            assert isinstance(case, str)
            self._one_minute()
            if closes:
                recovery = ReportRecovery(id=case, on_date=today, group=GroupChange(type=None))
                assert isinstance(self._party(JOBCENTER).neighbours.report_recovery(citizen.cpr, recovery, today), str)
            else:
                assert isinstance(
                    kommune.report_recovery_case(citizen.cpr, ReportRecovery(id=case, on_date=today)), str
                )

    def _one_minute(self) -> None:
        self.control.move_clock(forward=60)

    def _party(self, who: Organisation) -> Party:
        return Party(identity(who), contract(), self.transport, new_uuid)

    def _with_group(self, citizen: Citizen, group: int) -> PersonDto:
        dto = on_stage(citizen, akasse=AKASSE)
        dto.kontaktgrupper = (RegistrationDto(type=group),)
        return dto

    def _subscribe(self, recipient: WebhookReceiver) -> list[WsbSubscriber]:
        self.control.subscriber_system(SYSTEM, recipient.address, JOBCENTER, AKASSE)
        wire = Subscriptions(contract(), Rest(contract()))
        wishes = [
            SubscriptionWish(organisation, entity, "/", TODAY.date())
            for organisation, entity in ((JOBCENTER, 100008), (JOBCENTER, 100009), (AKASSE, 100008))
        ]
        response = self.transport.send(wire.call(SYSTEM, wishes, identity(), new_uuid()))
        assert wire.understand(response) == Synchronised(3, 0, 0)
        return [WsbSubscriber(SYSTEM, JOBCENTER, frozenset({KG, PC})), WsbSubscriber(SYSTEM, AKASSE, frozenset({KG}))]

    def _got(self, recipient: WebhookReceiver) -> Iterator[Got]:
        for owner in (JOBCENTER, AKASSE):
            for message in self._party(owner).inbox.drain():
                assert isinstance(message, WsrmMessage)
                yield from_wsrm(owner, message)
        yield from (from_wsb(SYSTEM, message) for message in recipient.messages)
        for domain in DOMAINS:
            yield from (from_event(domain, event) for event in OperationsReader(self.check).events(domain, 0))


Found = dict[tuple[DeviationKind, str, str], str]
"""Causes by kind of deviation, recipient and variant of the message."""


def which(cause: str) -> str:
    """Return the key in `CAUSES` of the only cause in the text."""
    minute = re.search(r" 18-11-2024 09:0(\d):00$", cause)
    name = minute[1] if minute else "night"
    assert cause.startswith(CAUSES[name]), cause
    assert " eller " not in cause, cause
    return name


def findings(deviations: Iterable[Mismatch]) -> Found:
    found: Found = {}
    for deviation in deviations:
        key = (deviation.kind, str(deviation.recipient), deviation.message)
        found[key] = " ".join(sorted({*found.get(key, "").split(), which(deviation.cause)}))
    return found
