"""Tell the reference, over the internal interface, what a neighbour service would: for scenes that are about the consequence.

Not here: the neighbour services themselves and their SOAP.
"""

from __future__ import annotations

from vos_contracts.control import neighbours as control
from vos_contracts.model import neighbours
from vos_contracts.model.identity import Identity
from vos_contracts.wire.base import Call, Transport


class NeighbourRefused(AssertionError):
    """The domain refused what was told; the message names the errors."""


class Neighbour:
    """The neighbours' line to one stage's control port."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def tell(
        self, service: str, cpr: str, identity: Identity, command: neighbours.NeighbourCommand
    ) -> control.NeighbourResponse:
        """Send a command; `service` is its `Service.Method`. Errors: UnreachableError, NeighbourRefused for a malformed one."""
        body = control.encode_call(
            neighbours.NeighbourCall(service=service, cpr=cpr, identity=identity, command=command)
        )
        response = self._transport.send(Call("POST", control.PATH, {"content-type": "application/json"}, body))
        if response.status != 200:
            raise NeighbourRefused(f"{service}: {response.status}: {response.body.decode('utf-8', 'replace')}")
        return control.decode_answer(response.body)

    def carry_out(self, service: str, cpr: str, identity: Identity, command: neighbours.NeighbourCommand) -> str:
        """Send a command that must be carried out; return the id of what was registered. Errors: as `tell`, NeighbourRefused."""
        response = self.tell(service, cpr, identity, command)
        if response.errors:
            said = ", ".join(f"{error.code} {error.description}".strip() for error in response.errors)
            raise NeighbourRefused(f"{service} blev afvist: {said}")
        return response.id
