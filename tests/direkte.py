"""A transport to an application in this process that never waits: its coroutine is driven to its end."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.transport_asgi import AsgiTransport


class Direkte:
    """A transport to an application in this process that lets others come to and never waits: driven to its end."""

    def __init__(self, app: Any) -> None:
        self._transport = AsgiTransport(app)

    def send(self, kald: Kald) -> Svar:
        gang: Coroutine[Any, Any, Svar] = self._transport.send(kald)
        try:
            while True:
                assert gang.send(None) is None, "the application waited for something"
        except StopIteration as slut:
            svar: Svar = slut.value
            return svar
