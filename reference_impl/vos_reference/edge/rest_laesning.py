"""The domain's other reads at the REST edge: the status, the code lists, and the twins that only the converter calls."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from starlette.routing import BaseRoute, Route

from vos_contracts.koder.fejl import Fejl
from vos_contracts.laesninger import Laesetjeneste, kodelister
from vos_contracts.wire.asgi import AsgiEndepunkt, Endepunkt, Metodevalg
from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.body import Kropsgraenser
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.rest_laesning import RestLaesning, tvilling
from vos_reference.application.drift import Drift
from vos_reference.application.laes import laes_kollektioner, laes_status
from vos_reference.domain.decision import Afvist

UKENDT_KODELISTE = Fejl(2001)


class RestLaesningEdge:
    """The reads as endpoints."""

    def __init__(self, drift: Drift, rest: Rest, laesning: RestLaesning) -> None:
        self._drift = drift
        self._rest = rest
        self._laesning = laesning
        self._kodelister = kodelister(drift.kontrakt)

    def ruter(self, graenser: Kropsgraenser) -> Sequence[BaseRoute]:
        """Return the public routes."""
        sti = self._laesning.kodeliste_sti
        return [
            self._rute(self._laesning.status_sti, self._status, graenser),
            self._rute(sti, self._alle_kodelister, graenser),
            self._rute(f"{sti}/{{navn}}", self._kodeliste, graenser),
        ]

    def tvillinger(self, graenser: Kropsgraenser) -> Sequence[BaseRoute]:
        """Return the routes that the converter alone may call."""
        return [self._rute(tvilling(en), partial(self._tvilling, en), graenser) for en in Laesetjeneste]

    def _rute(self, sti: str, endepunkt: Endepunkt, graenser: Kropsgraenser) -> Route:
        skriv_fejl = self._rest.skriv_fejl
        return Route(sti, endpoint=Metodevalg({"GET": AsgiEndepunkt(endepunkt, skriv_fejl, graenser)}, skriv_fejl))

    async def _status(self, kald: Kald, sti: dict[str, str]) -> Svar:
        headers = self._rest.headers
        laeser = headers.laes_identitet(kald.headers)
        svar = laes_status(self._drift, headers.laes_cpr(kald.headers), laeser)
        return self._rest.skriv_fejl(svar.fejl) if isinstance(svar, Afvist) else self._laesning.skriv_status(svar)

    async def _tvilling(self, tjeneste: Laesetjeneste, kald: Kald, sti: dict[str, str]) -> Svar:
        headers = self._rest.headers
        laeser = headers.laes_identitet(kald.headers)
        svar = laes_kollektioner(self._drift, tjeneste, headers.laes_cpr(kald.headers), laeser)
        return self._rest.skriv_fejl(svar.fejl) if isinstance(svar, Afvist) else self._laesning.skriv_kollektioner(svar)

    async def _alle_kodelister(self, kald: Kald, sti: dict[str, str]) -> Svar:
        return self._laesning.skriv_kodelister(self._kodelister.values())

    async def _kodeliste(self, kald: Kald, sti: dict[str, str]) -> Svar:
        liste = self._kodelister.get(sti["navn"])
        if liste is None:
            return self._rest.skriv_fejl((UKENDT_KODELISTE,))
        return self._laesning.skriv_kodeliste(liste)
