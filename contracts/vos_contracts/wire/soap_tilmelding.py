"""The bodies of UnemploymentEnrollmentService v8, both roles: enrol, and end the enrolment (starwiki ISB/2394423423).

Profession and e-mail are job wishes; they are no part of this domain and are not read.
"""

from __future__ import annotations

from lxml import etree

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.neighbours import Afmeld, Tilmeld
from vos_contracts.wire.base import samlet
from vos_contracts.wire.soap_kvittering import Kvitteringsform
from vos_contracts.wire.soap_nabo import CPR, Felter, NytId

TILMELD, AFMELD = "UnemploymentEnrollment", "CancelUnemploymentEnrollment"


class Tilmeldingskrop:
    """Read and write the service's bodies for one contract; the citizen's number stands within the wrapper."""

    tjeneste = "UnemploymentEnrollmentService"

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._felter = Felter(self.tjeneste, kontrakt)
        self.kvittering = Kvitteringsform(self.tjeneste, kontrakt)

    def laes(self, operation: str, element: etree._Element, ny_id: NytId) -> tuple[str, Tilmeld | Afmeld]:
        """Read a request; errors: RemoteWireError with 1001, 1014."""
        indhold = self._felter.et(element, operation)
        laes = self._tilmeld if operation == TILMELD else self._afmeld
        return samlet(lambda: self._felter.cpr(indhold), lambda: laes(indhold))

    def _tilmeld(self, element: etree._Element) -> Tilmeld | Afmeld:
        felter = self._felter
        return Tilmeld(
            kategori=felter.kode(element, "ClientCategoryTypeIdentifier"),
            ledighedsgrad=felter.kode(element, "CurrentUnemploymentStatusTypeIdentifier"),
            dato=felter.dag(element, "EnrollmentDate"),
        )

    def _afmeld(self, element: etree._Element) -> Tilmeld | Afmeld:
        dato = self._felter.dag(element, "CancellationDate")
        return Afmeld(dato=dato, aarsag=self._felter.kode(element, "CauseTypeIdentifier"))

    def skriv(self, cpr: str, kommando: Tilmeld | Afmeld) -> tuple[str, etree._Element]:
        """Write the operation's name and the request that a command is."""
        felter, operation = self._felter, TILMELD if isinstance(kommando, Tilmeld) else AFMELD
        element = felter.forespoergsel(operation)
        indhold = felter.skriv(element, operation)
        felter.skriv(indhold, CPR, cpr)
        match kommando:
            case Tilmeld():
                felter.skriv_kode(indhold, "ClientCategoryTypeIdentifier", kommando.kategori)
                felter.skriv_dag(indhold, "EnrollmentDate", kommando.dato)
                felter.skriv_kode(indhold, "CurrentUnemploymentStatusTypeIdentifier", kommando.ledighedsgrad)
            case Afmeld():
                felter.skriv_dag(indhold, "CancellationDate", kommando.dato)
                felter.skriv_kode(indhold, "CauseTypeIdentifier", kommando.aarsag)
        return operation, element
