"""One SOAP read is one REST call, to the service's twin (`wire.rest_laesning`); the error numbers stay the same."""

from __future__ import annotations

from vos_contracts.koder.fejl import Fejl
from vos_contracts.laesninger import Kollektioner, Laesetjeneste, raekke
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art
from vos_contracts.wire import mellemtider
from vos_contracts.wire.base import AsyncTransport, RemoteWireError, UnreachableError
from vos_contracts.wire.rest import Afslag
from vos_contracts.wire.rest_laesning import RestLaesning
from vos_reference.converter.registrering import INTERN_FEJL


class LaeseConverter:
    """A client of the twins."""

    def __init__(self, rest: RestLaesning, transport: AsyncTransport) -> None:
        self._rest = rest
        self._transport = transport

    async def laes(self, tjeneste: Laesetjeneste, cpr: str, identitet: Identitet) -> Kollektioner | tuple[Fejl, ...]:
        """Read over REST."""
        kald = self._rest.kald_tvilling(tjeneste, cpr, identitet)
        mellemtider.maerk(mellemtider.CONVERT)
        try:
            rest_svar = await self._transport.send(kald)
            mellemtider.maerk(mellemtider.REST)
            svar = self._rest.forstaa_kollektioner(rest_svar)
        except (UnreachableError, RemoteWireError):
            return (INTERN_FEJL,)
        if isinstance(svar, Afslag):
            return svar.fejl
        kollektioner = Kollektioner(*(tuple(raekke(en) for en in svar[art]) for art in Art))
        mellemtider.maerk(mellemtider.CONVERT)
        return kollektioner
