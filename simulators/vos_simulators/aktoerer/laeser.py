"""What a party reads outside PersonVisiteringService: PSS v20, PHS v4, the status, the code lists.

Which party it is lies in the identity alone.
"""

from __future__ import annotations

from collections.abc import Collection

from vos_contracts.identitet import Identitet
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.laesninger import Kodeliste, Kollektioner, Laesetjeneste, Status
from vos_contracts.operationer import Art
from vos_contracts.wire.base import Transport
from vos_contracts.wire.rest import Afslag, Rest
from vos_contracts.wire.rest_laesning import RestLaesning
from vos_contracts.wire.soap_laesning import Laesekrop
from vos_simulators.soapkald import Soapkald


class Laeser:
    """One party's reads; each answers with what was read, or the refusal.

    Errors of all: UnreachableError; RemoteWireError.
    """

    def __init__(self, identitet: Identitet, kontrakt: Kontrakt, transport: Transport, linje: Soapkald) -> None:
        self._identitet = identitet
        self._transport = transport
        self._linje = linje
        self._kroppe = {tjeneste: Laesekrop(tjeneste, kontrakt) for tjeneste in Laesetjeneste}
        self._rest = RestLaesning(kontrakt, Rest(kontrakt))

    def kollektioner(
        self, tjeneste: Laesetjeneste, cpr: str, arter: Collection[Art] = tuple(Art)
    ) -> Kollektioner | Afslag:
        """Read a SOAP service's collections; a history is always whole."""
        krop = self._kroppe[tjeneste]
        svar = self._linje.send(tjeneste, tjeneste.operation, krop.skriv_forespoergsel(cpr, arter))
        return svar if isinstance(svar, Afslag) else krop.laes_svar(svar)

    def status(self, cpr: str) -> Status | Afslag:
        """Read VisiteringOgStatusStatusService."""
        return self._rest.forstaa_status(self._transport.send(self._rest.kald_status(cpr, self._identitet)))

    def kodelister(self, navn: str = "") -> tuple[Kodeliste, ...] | Afslag:
        """Read one code list, or all."""
        return self._rest.forstaa_kodelister(self._transport.send(self._rest.kald_kodeliste(navn)))
