"""The connections of one run to its stage: one to the control API, and one per client certificate."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from vos_contracts.contract import Contract
from vos_contracts.wire.base import Call, Response, Transport
from vos_contracts.wire.calls import CallReader
from vos_features.capabilities import ControlLine
from vos_features.stage import StageAccess
from vos_simulators.access import Access
from vos_simulators.transport import HttpTransport

Listener = Callable[[Call, Response, float], None]


class ServiceLine:
    """A `Transport` that routes a call to the address of its service."""

    def __init__(self, contract: Contract, shared: Transport, own: Mapping[str, Transport]) -> None:
        self._calls = CallReader(contract)
        self._shared = shared
        self._own = own

    def send(self, call: Call) -> Response:
        """Send a call and return the response.

        Raises:
            UnreachableError: the service did not answer.
        """
        return self._own.get(self._calls.operation(call.method, call.path).service, self._shared).send(call)


class StageLines:
    """Opens each connection on first use; as a context manager closes them all."""

    def __init__(self, stage: StageAccess, contract: Contract, listener: Listener) -> None:
        self._stage = stage
        self._contract = contract
        self._listener = listener
        self.called: set[str] = set()
        """The paths of all calls except GET; cleared at the beginning of a scenario."""
        self._open = contextlib.ExitStack()
        self._services: dict[Access, Transport] = {}
        control = None
        if stage.control is not None:
            control = self._open.enter_context(
                HttpTransport(stage.control, timeout=stage.deadline, access=stage.access)
            )
        self.control = ControlLine(control, stage.capabilities)

    def services(self, party: str = "") -> Transport:
        """Return the connection of that role to the services.

        Raises:
            OSError: a certificate cannot be read.
        """
        access = self._stage.access_of(party)
        if access not in self._services:
            self._services[access] = self._new(access)
        return self._services[access]

    def _new(self, access: Access) -> Transport:
        def http(address: str) -> Transport:
            return self._open.enter_context(HttpTransport(address, self._listen, self._stage.deadline, access))

        shared = http(self._stage.services)
        if not self._stage.addresses:
            return shared
        return ServiceLine(
            self._contract, shared, {name: http(address) for name, address in self._stage.addresses.items()}
        )

    def _listen(self, call: Call, response: Response, seconds: float) -> None:
        if call.method != "GET":
            self.called.add(call.path)
        self._listener(call, response, seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, errors: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
