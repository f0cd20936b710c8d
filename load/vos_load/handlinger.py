"""What users do as calls on the wire, written by the same codecs as a scenario's calls, and what their answers must be.

Pure but for the ids that calls need. Not here: how a call is carried (`linje`), or when (`trafik`, `par`).
"""

from __future__ import annotations

from datetime import datetime

from vos_contracts.base.ids import ny_uuid
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.laesninger import Laesetjeneste
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art, Opdater, Opret
from vos_contracts.wire import soap, soap_registrering
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.calls import soap_service
from vos_contracts.wire.rest import Afslag, Rest
from vos_contracts.wire.rest_headers import Headers
from vos_contracts.wire.rest_laesning import RestLaesning
from vos_contracts.wire.soap_laesning import Laesekrop
from vos_contracts.wire.soap_skema import tjenester
from vos_load.profil import Handling, Kanal

GRUPPER, KATEGORI = (13, 2), 5
"""The groups that a citizen changes between, and a category that both allow who is not enrolled (DECISIONS section 4)."""

_ART = {
    Handling.OPRET_KONTAKTGRUPPE: Art.KONTAKTGRUPPE, Handling.AFSLUT_KONTAKTGRUPPE: Art.KONTAKTGRUPPE,
    Handling.OPRET_PERSONKATEGORI: Art.PERSONKATEGORI, Handling.AFSLUT_PERSONKATEGORI: Art.PERSONKATEGORI,
}  # fmt: skip
OPRETTER = {Art.KONTAKTGRUPPE: Handling.OPRET_KONTAKTGRUPPE, Art.PERSONKATEGORI: Handling.OPRET_PERSONKATEGORI}


class Ubrugelig(Exception):
    """An answer that is no success: refused, of another status, or not to be understood; the message says which."""


class Handlinger:
    """The calls of one contract."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._kontrakt = kontrakt
        self._rest = Rest(kontrakt)
        self._laesning = RestLaesning(kontrakt, self._rest)
        self._tjenester = tjenester(kontrakt)
        self._headers = Headers(kontrakt)
        self._kroppe = {tjeneste: Laesekrop(tjeneste, kontrakt) for tjeneste in Laesetjeneste}

    def kald(
        self,
        handling: Handling,
        kanal: Kanal,
        cpr: str,
        hvem: Identitet,
        nu: datetime,
        *,
        id_: str = "",
        nummer: int = 0,
    ) -> Kald:
        """Write a call; `id_` is what is ended, and `nummer` how many times the citizen has been called about before."""
        match handling:
            case Handling.OPRET_KONTAKTGRUPPE:
                kommando: Opret | Opdater = Opret(Art.KONTAKTGRUPPE, GRUPPER[nummer % len(GRUPPER)], nu)
            case Handling.OPRET_PERSONKATEGORI:
                kommando = Opret(Art.PERSONKATEGORI, KATEGORI, nu)
            case Handling.AFSLUT_KONTAKTGRUPPE | Handling.AFSLUT_PERSONKATEGORI:
                kommando = Opdater(_ART[handling], id_, nu)
            case Handling.LAES_KONTAKTGRUPPE:
                if kanal is Kanal.REST:
                    return self._rest.kald_laes(cpr, Art.KONTAKTGRUPPE, hvem)
                return self._soap_laes(Laesetjeneste.STATUS, cpr, hvem, (Art.KONTAKTGRUPPE,))
            case Handling.LAES_HISTORIK:
                if kanal is Kanal.REST:
                    return self._rest.kald_laes(cpr, Art.KONTAKTGRUPPE, hvem, self._rest.historik)
                return self._soap_laes(Laesetjeneste.HISTORIK, cpr, hvem, tuple(Art))
            case Handling.LAES_STATUS:
                return self._laesning.kald_status(cpr, hvem)
            case Handling.LAES_KODELISTE:
                return self._laesning.kald_kodeliste()
            case Handling.TOEM_KOE:
                raise ValueError("a queue is emptied by several calls (`WsrmPoller`)")
        if kanal is Kanal.REST:
            return self._rest.kald_registrer(cpr, kommando, hvem, ny_uuid())
        operation, krop = soap_registrering.skriv_forespoergsel(cpr, kommando, self._kontrakt)
        return self._soap(soap_registrering.TJENESTE, operation, soap.skriv_kald(hvem, krop), hvem)

    def tjeneste(self, kald: Kald) -> str | None:
        """Name the SOAP service that a call goes to, None for a REST service's."""
        return soap_service(kald.sti) or None

    def forstaa(self, handling: Handling, kanal: Kanal, svar: Svar) -> str:
        """Return the id that a registration was given, "" for a read; errors: Ubrugelig."""
        try:
            return self._id(handling, kanal, svar)
        except RemoteWireError as brud:
            raise Ubrugelig(f"status {svar.status}: {brud}") from brud

    def _id(self, handling: Handling, kanal: Kanal, svar: Svar) -> str:
        registrerer = handling in _ART
        if kanal is Kanal.REST:
            if svar.status != 200:
                raise Ubrugelig(str(self._rest.forstaa_afslag(svar)))
            return str(self._rest.forstaa_id(svar)) if registrerer else ""
        indhold = soap.laes_svar(svar.krop)
        if isinstance(indhold, soap.Fault):
            raise Ubrugelig(str(Afslag(svar.status, indhold.fejl)))
        return soap_registrering.laes_svar(indhold, self._kontrakt).id if registrerer else ""

    def _soap_laes(self, tjeneste: Laesetjeneste, cpr: str, hvem: Identitet, arter: tuple[Art, ...]) -> Kald:
        krop = self._kroppe[tjeneste].skriv_forespoergsel(cpr, arter)
        return self._soap(tjeneste, tjeneste.operation, soap.skriv_kald(hvem, krop), hvem)

    def _soap(self, tjeneste: str, operation: str, krop: bytes, hvem: Identitet) -> Kald:
        en = self._tjenester[tjeneste]
        headers = {
            "content-type": "text/xml; charset=utf-8",
            "soapaction": f'"{en.operationer[operation].soapaction}"',
            **self._headers.skriv_system(hvem),
        }
        return Kald("POST", en.sti, headers, krop)
