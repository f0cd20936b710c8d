"""One SOAP registration is one REST call: write it, send it, and give its answer back with the same error numbers.

So every REST rule also meets SOAP callers, from the release in which the converter stands (epic AC 1005.17.28.2).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from vos_contracts.koder.fejl import Fejl
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Opdater, Opret
from vos_contracts.wire import mellemtider
from vos_contracts.wire.base import AsyncTransport, RemoteWireError, UnreachableError
from vos_contracts.wire.rest import Afslag, Rest
from vos_contracts.wire.soap_kvittering import Kvittering

INTERN_FEJL = Fejl(1011)


class Converter:
    """A client of the REST service; `ny_id` mints the request id that SOAP callers do not send."""

    def __init__(
        self, rest: Rest, transport: AsyncTransport, ny_id: Callable[[], str], now: Callable[[], datetime]
    ) -> None:
        self._rest = rest
        self._transport = transport
        self._ny_id = ny_id
        self._now = now

    async def registrer(
        self, cpr: str, kommando: Opret | Opdater, identitet: Identitet
    ) -> Kvittering | tuple[Fejl, ...]:
        """Carry out one registration over REST."""
        kald = self._rest.kald_registrer(cpr, kommando, identitet, self._ny_id())
        mellemtider.maerk(mellemtider.CONVERT)
        try:
            rest_svar = await self._transport.send(kald)
            mellemtider.maerk(mellemtider.REST)
            svar = self._rest.forstaa_id(rest_svar)
        except (UnreachableError, RemoteWireError):
            return (INTERN_FEJL,)
        mellemtider.maerk(mellemtider.CONVERT)
        return svar.fejl if isinstance(svar, Afslag) else Kvittering(svar, self._now())
