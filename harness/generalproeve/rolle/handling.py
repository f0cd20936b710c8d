"""A call that registers or tells something, as fields that can be compared: REST and SOAP alike, under the contract's names.

Times are the Danish day they fall on. What is the caller's own - request ids, user metadata, the time of registration - is no
field. Not here: which differences matter (`sammenligning`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec
from lxml import etree

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.cpr import foedselsdato
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art
from vos_contracts.wire import soap
from vos_contracts.wire.base import Kald, RemoteWireError
from vos_contracts.wire.rest_headers import Headers
from vos_contracts.wire.soap_skema import tjenester
from vos_contracts.wire.tid import DANSK_TID, laes_tidspunkt

REST = "PersonVisiteringService"
ID = "id"


@dataclass(frozen=True, slots=True)
class Handling:
    """What a call asks for: the service and its operation, about whom, by whom, and with which values.

    `fejl` is what makes it no valid call, empty for one that is.
    """

    kanal: str
    tjeneste: str
    operation: str
    sti: str
    borger: str
    kalder: Identitet | None
    felter: Mapping[str, str]
    fejl: str = ""


class Handlingslaeser:
    """Reads calls under one contract."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        self._kontrakt = kontrakt
        self._headers = Headers(kontrakt)
        self._soap = {en.sti.lower(): en for en in tjenester(kontrakt).values()}
        self._rest = {kontrakt.navne.sti(art.value): art for art in Art}

    def laes(self, kald: Kald) -> Handling | None:
        """Read a call; None for one that asks for nothing to be registered or told."""
        sti = kald.sti.partition("?")[0]
        if sti.lower() in self._soap and kald.metode == "POST":
            return self._laes_soap(kald, sti)
        fundet = next((en for en in self._rest if sti == en or sti.startswith(f"{en}/")), None)
        if fundet is None or kald.metode not in {"POST", "PUT", "DELETE"}:
            return None
        return self._laes_rest(kald, sti, fundet)

    def _laes_rest(self, kald: Kald, sti: str, base: str) -> Handling:
        kalder, borger, fejl = None, "", []
        try:
            kalder = self._headers.laes_identitet(kald.headers)
        except RemoteWireError as brud:
            fejl.append(str(brud))
        try:
            borger = self._headers.laes_cpr(kald.headers)
        except RemoteWireError as brud:
            fejl.append(str(brud))
        felter = {ID: sti.removeprefix(f"{base}/")} if sti != base else {}
        try:
            if kald.krop:
                felter |= dict(_json(msgspec.json.decode(kald.krop)))
        except (msgspec.DecodeError, UnicodeDecodeError) as brud:
            fejl.append(f"kroppen er ikke JSON: {brud}")
        operation = f"{kald.metode} {self._rest[base]}"
        return Handling("REST", REST, operation, base, borger, kalder, felter, "; ".join(fejl))

    def _laes_soap(self, kald: Kald, sti: str) -> Handling:
        tjeneste = self._soap[sti.lower()]
        kalder, fejl = None, ""
        try:
            rod = soap.parse(kald.krop)
            krop = next((en for en in rod if etree.QName(en).localname == "Body"), rod)
            element = next(iter(krop), krop)
        except RemoteWireError as brud:
            return Handling("SOAP", tjeneste.navn, "", tjeneste.sti, "", None, {}, str(brud))
        try:
            system = self._headers.laes_system(kald.headers)
            kalder = soap.laes_kald(
                tjeneste, kald.krop, kald.headers.get("soapaction"), self._kontrakt, system
            ).identitet
        except RemoteWireError as brud:
            fejl = str(brud)
        efter = tjeneste.efter_request.get(str(element.tag))
        operation = etree.QName(element).localname if efter is None else efter.navn
        felter = dict(_xml(element, ""))
        borger = next((en for en in felter.values() if len(en) == 10 and foedselsdato(en) is not None), "")
        felter = {sti: vaerdi for sti, vaerdi in felter.items() if vaerdi != borger}
        return Handling("SOAP", tjeneste.navn, operation, tjeneste.sti, borger, kalder, felter, fejl)


def _json(vaerdi: object, sti: str = "") -> Iterator[tuple[str, str]]:
    match vaerdi:
        case dict():
            for navn, en in vaerdi.items():
                yield from _json(en, f"{sti}/{navn}" if sti else str(navn))
        case list():
            for nummer, en in enumerate(vaerdi):
                yield from _json(en, f"{sti}[{nummer}]")
        case None:
            return
        case bool():
            yield sti, str(vaerdi).lower()
        case _:
            yield sti, _dag(str(vaerdi))


def _xml(element: etree._Element, sti: str) -> Iterator[tuple[str, str]]:
    sete: dict[str, int] = {}
    for barn in element.iterchildren(tag=etree.Element):
        navn = etree.QName(barn).localname
        nummer = sete[navn] = sete.get(navn, 0) + 1
        led = navn if nummer == 1 else f"{navn}[{nummer}]"
        hele = f"{sti}/{led}" if sti else led
        if len(barn):
            yield from _xml(barn, hele)
        elif barn.text and barn.text.strip():
            yield hele, _dag(barn.text.strip())


def _dag(tekst: str) -> str:
    tidspunkt = laes_tidspunkt(tekst) if "T" in tekst else None
    return tekst if tidspunkt is None else tidspunkt.astimezone(DANSK_TID).date().isoformat()
