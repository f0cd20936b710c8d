"""The judge of variants: from a call's bytes and its answer alone, so that a finding can be judged again when it is replayed.

Not here: what a call left behind, which only the stage can say (`varianter`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from generalproeve.fuzz.openapidom import Openapidommer
from generalproeve.fuzz.rest_judges import afslagets_brud
from generalproeve.fuzz.tjenester import UbesvaretError
from generalproeve.fuzz.variantsoap import Soapregler
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire import soap
from vos_contracts.wire.base import Kald, RemoteWireError, Svar
from vos_contracts.wire.calls import soap_service
from vos_contracts.wire.graenser import STANDARD
from vos_contracts.wire.rest import Rest
from vos_contracts.wire.soap import INTERN_FEJL
from vos_contracts.wire.soap_skema import Tjeneste

LAESER = frozenset({"PersonStatusService", "PersonHistoryService", "WsrmService", "WsrmMessageService"})
"""SOAP services whose calls leave neither rows nor messages."""
SKRIVER = frozenset({"POST", "PUT", "DELETE"})
HTTP_SELV = frozenset({400, 431, 501})
"""Refusals of what is no HTTP that two readers read alike: they have no body of the contract's."""


@dataclass(frozen=True, slots=True)
class Dom:
    """Of which operation, what was broken; whether the call may have left something, and can be repeated."""

    operation: str
    brud: tuple[str, ...] = ()
    udfoert: bool = False
    gentages: bool = False


class Variantdommer:
    """The judge under one contract."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._dokumenter = Openapidommer(kontrakt)
        self._rest = Rest(kontrakt)
        self._regler = Soapregler(kontrakt)
        self._sync = kontrakt.navne.sti("abonnementSync")
        self._kald_id = kontrakt.navne.header("requestId").lower()
        self._kendte = frozenset(kontrakt.fejl)
        self._egne: dict[str, set[int]] = {}
        for tjeneste, metode, kode in kontrakt.tabeller["metode_fejl"]:
            self._egne.setdefault(f"{tjeneste}.{metode}", set()).add(int(kode))

    def doem(self, kald: Kald, svar: Svar) -> Dom:
        """Judge an answer."""
        return self._soap(kald, svar) if soap_service(kald.sti) else self._pvs(kald, svar)

    def ubesvaret(self, brud: UbesvaretError) -> Dom:
        """Judge that there was no answer."""
        kald = brud.kald
        if soap_service(kald.sti):
            tjeneste, operation, _ = self._regler.laest(kald)
            return Dom(f"{tjeneste.navn}.{operation.navn if operation else '?'}", (str(brud),))
        fundet = self._dokumenter.operation(kald)
        return Dom(fundet.navn if fundet else f"{kald.metode} {kald.sti}", (str(brud),))

    def _pvs(self, kald: Kald, svar: Svar) -> Dom:
        sync = kald.sti.partition("?")[0] == self._sync and kald.metode == "POST"
        operation = None if sync else self._dokumenter.operation(kald)
        navn = operation.navn if operation else f"POST {self._sync}" if sync else "uden for aftalen"
        brud: list[str] = []
        if svar.status >= 500 and not (svar.status == 501 and _transport(kald)):
            brud.append(f"{svar.status}: {svar.krop[:200].decode('utf-8', 'replace')}")
        elif not (svar.status in HTTP_SELV and uden_for_http(kald)):
            laest = not (svar.status in {400, 413} and _over_graensen(kald))  # refused before it was read at all
            if laest and not sync and kald.metode not in {"HEAD", "OPTIONS"}:
                brud.extend(self._dokumenter.doem(operation, svar))
            if svar.status >= 400 and kald.metode != "HEAD":
                koder = operation.koder if operation and laest else self._kendte
                brud.extend(afslagets_brud(self._rest, svar, koder))
        if svar.status < 300 and _over_graensen(kald):
            brud.append(f"en krop ud over grænsen ({len(kald.krop)} byte) blev læst")
        skrevet = svar.status == 200 and kald.metode in SKRIVER
        return Dom(navn, tuple(brud), skrevet, skrevet and not sync and bool(kald.headers.get(self._kald_id)))

    def _soap(self, kald: Kald, svar: Svar) -> Dom:
        tjeneste, operation, skal_afvises = self._regler.laest(kald)
        navn = f"{tjeneste.navn}.{operation.navn if operation else '?'}"
        if svar.status in HTTP_SELV and uden_for_http(kald):
            return Dom(navn)
        try:
            indhold = soap.laes_svar(svar.krop)
        except RemoteWireError as fejl:
            return Dom(navn, (f"svaret {svar.status} kan ikke forstås: {fejl}",))
        if isinstance(indhold, soap.Fault):
            return Dom(navn, tuple(self._fault(navn, indhold, svar.status)))
        brud = []
        if skal_afvises:
            brud.append("et kald, der skal afvises, blev udført")
        elif operation is not None and not _rigtigt_svar(indhold, operation.response, tjeneste):
            brud.append(f"svaret er ikke et gyldigt {etree.QName(operation.response).localname}")
        return Dom(navn, tuple(brud), tjeneste.navn not in LAESER)

    def _fault(self, operation: str, fault: soap.Fault, status: int) -> Iterator[str]:
        koder = {fejl.kode for fejl in fault.fejl}
        ukendte = sorted(koder - self._egne.get(operation, self._kendte))
        if status != 500:
            yield f"en fault har status {status}"
        elif INTERN_FEJL in koder:
            yield f"intern fejl: {fault.tekst}"
        elif ukendte:
            yield f"fejlnumrene {ukendte} er ikke blandt operationens egne"


def _rigtigt_svar(indhold: etree._Element, response: str, tjeneste: Tjeneste) -> bool:
    return str(indhold.tag) == response and not tjeneste.brud(indhold)


def uden_for_http(kald: Kald) -> bool:
    """Say whether a call has what no HTTP message may: control characters, an encoded slash in its path, too long headers."""
    tekster = (kald.sti, *kald.headers.values())
    styretegn = any((tegn < " " and tegn != "\t") or tegn == "\x7f" for tekst in tekster for tegn in tekst)
    sti = kald.sti.lower()
    return styretegn or _transport(kald) or any(kodet in sti for kodet in ("%2f", "%5c", "%00")) or _lang(kald)


def _over_graensen(kald: Kald) -> bool:
    """Say whether a body is larger than any may be, or deeper than one that is read may be."""
    dyb = kald.metode != "GET" and kald.krop.startswith(b"[" * (STANDARD.dybde + 1))
    return dyb or len(kald.krop) > STANDARD.krop


def _transport(kald: Kald) -> bool:
    return "transfer-encoding" in kald.headers


def _lang(kald: Kald) -> bool:
    return len(kald.sti) + sum(len(navn) + len(vaerdi.encode()) for navn, vaerdi in kald.headers.items()) > 30_000
