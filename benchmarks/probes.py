"""The requests that the benchmarks send to a stage; each of them is answered with 200.

A module of the benchmarks, not a program.
"""

from __future__ import annotations

from datetime import datetime

from client import bytes_of
from lxml import etree

from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.model.identity import Identity
from vos_contracts.model.registration import Create, Kind
from vos_contracts.wire.base import Call
from vos_contracts.wire.messages.wsrm import CONTROL, CREATE, Wsrm
from vos_contracts.wire.rest.registration import Rest
from vos_contracts.wire.soap import envelope, registration
from vos_contracts.wire.soap.schemas import services
from vos_simulators import parties
from vos_simulators.control import Control
from vos_simulators.parties import JOBCENTER
from vos_simulators.people import People, on_stage

CONTRACT = load()
REST = Rest(CONTRACT)
HOST = "127.0.0.1"
_SERVICES = services(CONTRACT)


class Probes:
    """Makes requests, with a new citizen for every create."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self._people = People(seed=1)
        self.now: datetime = control.status().clock
        self.identity: Identity = parties.KSS.identity(JOBCENTER, self.now)

    def citizens(self, count: int) -> list[str]:
        """Put new citizens on the stage; return their CPR numbers."""
        new = [self._people.new(18 + number % 60, self.now.date()) for number in range(count)]
        for since in range(0, count, 1000):
            self._control.set_up(*(on_stage(citizen) for citizen in new[since : since + 1000]))
        return [citizen.cpr for citizen in new]

    def command(self) -> Create:
        """Return a create of kontaktgruppe 13 from the start of today."""
        return Create(Kind.KONTAKTGRUPPE, 13, self.now.replace(hour=0, minute=0, second=0, microsecond=0))

    def rest(self, count: int) -> list[Call]:
        """Return REST creates, one per new citizen."""
        return [REST.call_register(cpr, self.command(), self.identity, new_uuid()) for cpr in self.citizens(count)]

    def soap(self, count: int) -> list[Call]:
        """Return SOAP creates, one per new citizen."""
        return [
            self._soap("PersonRegistrationService", *registration.write_query(cpr, self.command(), CONTRACT))
            for cpr in self.citizens(count)
        ]

    def reading(self) -> tuple[Call, Call]:
        """Return a REST create for a new citizen, and the REST read of that citizen's kontaktgruppe."""
        (create,) = self.rest(1)
        cpr = create.headers[CONTRACT.names.header("cpr").lower()]
        return create, REST.call_read(cpr, Kind.KONTAKTGRUPPE, self.identity)

    def queue(self) -> Call:
        """Return the call that opens the jobcenter's WSRM queue; it can be repeated while the queue is open."""
        return self._soap(CONTROL, CREATE, Wsrm(CONTRACT).write_create())

    def _soap(self, service: str, operation: str, body: etree._Element) -> Call:
        prs = _SERVICES[service]
        headers = {"content-type": "text/xml; charset=utf-8", "soapaction": prs.operations[operation].soapaction}
        headers |= REST.headers.write_system(self.identity)
        return Call("POST", prs.path, headers, envelope.write_call(self.identity, body))


def to_bytes(calls: list[Call]) -> list[bytes]:
    """Return the calls as bytes of HTTP requests."""
    return [bytes_of(call, HOST) for call in calls]
