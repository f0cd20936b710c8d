"""Client of the internal interface: sends commands as a neighbour service does, for scenarios about the consequences.

Not here: the neighbour services and their SOAP (`vos_simulators.neighbours.services`).
"""

from __future__ import annotations

from vos_contracts.control import neighbours as control
from vos_contracts.model import neighbours
from vos_contracts.model.identity import Identity
from vos_contracts.wire.base import Call, Transport


class NeighbourRefused(AssertionError):
    """The internal interface refused a command; the message lists the errors."""


class Neighbour:
    """Client of the internal interface at one stage's control port."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def tell(
        self, service: str, cpr: str, identity: Identity, command: neighbours.NeighbourCommand
    ) -> control.NeighbourResponse:
        """Send a command and return the answer, also a refusal by the domain; `service` is `Service.Method`.

        Raises:
            UnreachableError: the stage did not answer.
            NeighbourRefused: the command is malformed.
        """
        body = control.encode_call(
            neighbours.NeighbourCall(service=service, cpr=cpr, identity=identity, command=command)
        )
        response = self._transport.send(Call("POST", control.PATH, {"content-type": "application/json"}, body))
        if response.status != 200:
            raise NeighbourRefused(f"{service}: {response.status}: {response.body.decode('utf-8', 'replace')}")
        return control.decode_answer(response.body)

    def carry_out(self, service: str, cpr: str, identity: Identity, command: neighbours.NeighbourCommand) -> str:
        """Send a command that must be accepted; return the id of the registration.

        Raises:
            UnreachableError: the stage did not answer.
            NeighbourRefused: the command is malformed or refused by the domain.
        """
        response = self.tell(service, cpr, identity, command)
        if response.errors:
            errors = ", ".join(f"{error.code} {error.description}".strip() for error in response.errors)
            raise NeighbourRefused(f"{service} blev afvist: {errors}")
        return response.id
