"""The bodies of PersonRegistrationService v9's four registrations, both roles, under the names of the contract.

On an update, type, event time and start time may come and are not read: they cannot be changed (epic AC 1005.17.28.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from lxml import etree

from vos_contracts.koder.fejl import Fejl
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.cpr import foedselsdato
from vos_contracts.model.registration import Art, Opdater, Opret
from vos_contracts.wire.base import RemoteWireError, samlet
from vos_contracts.wire.soap_fejl import UGYLDIGT_CPR
from vos_contracts.wire.soap_identitet import CODE_LIST_ITEM, laes_tid, standardrum
from vos_contracts.wire.soap_kvittering import Kvittering, Kvitteringsform

TJENESTE = "PersonRegistrationService"
ENTITET: Mapping[Art, str] = {Art.KONTAKTGRUPPE: "ContactGroup", Art.PERSONKATEGORI: "PersonCategory"}
_OPERATIONER = {
    f"{verbum}{entitet}": (verbum, art) for art, entitet in ENTITET.items() for verbum in ("Create", "Update")
}


class _Navne:
    """The elements of one contract in Clark notation."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        navne, self.rum = kontrakt.navne, kontrakt.navne.namespace(TJENESTE)

        def navn(kanonisk: str) -> str:
            return f"{{{self.rum}}}{navne.element(TJENESTE, kanonisk)}"

        self.cpr, self.id = navn("PersonCivilRegistrationIdentifier"), navn("MessageIdentifier")
        self.kvittering = Kvitteringsform(TJENESTE, kontrakt)
        self.entitet = {art: navn(en) for art, en in ENTITET.items()}
        self.felter = {
            art: tuple(navn(f"{en}{felt}") for felt in ("TypeIdentifier", "EventTime", "StartTime", "EndTime"))
            for art, en in ENTITET.items()
        }
        self.nsmap = standardrum(self.rum)


_navne: dict[str, _Navne] = {}


def _for(kontrakt: Kontrakt) -> _Navne:
    if kontrakt.hash not in _navne:
        _navne[kontrakt.hash] = _Navne(kontrakt)
    return _navne[kontrakt.hash]


def laes_forespoergsel(operation: str, element: etree._Element, kontrakt: Kontrakt) -> tuple[str, Opret | Opdater]:
    """Read a valid request; errors: RemoteWireError with 1001 for a CPR number without a date, 1014 for a time."""
    return samlet(lambda: _laes_cpr(element[0]), lambda: _laes_kommando(operation, element[1], kontrakt))


def _laes_cpr(element: etree._Element) -> str:
    cpr = element.text or ""
    if foedselsdato(cpr) is None and cpr != "0000000000":
        raise RemoteWireError(Fejl(UGYLDIGT_CPR, "PersonCivilRegistrationIdentifier: datoen findes ikke"))
    return cpr


def _laes_kommando(operation: str, element: etree._Element, kontrakt: Kontrakt) -> Opret | Opdater:
    n = _for(kontrakt)
    verbum, art = _OPERATIONER[operation]
    type_navn, haendelse_navn, start_navn, slut_navn = n.felter[art]
    fundne = {et.tag: et for et in element}
    id_ = (fundne[n.id].text or "").strip().lower() if n.id in fundne else None

    def tid(navn: str) -> datetime | None:
        return laes_tid(fundne[navn]) if navn in fundne else None

    if verbum == "Update":
        return Opdater(art, id_ or "", tid(slut_navn))
    start, haendelse, slut = samlet(
        lambda: laes_tid(fundne[start_navn]), lambda: tid(haendelse_navn), lambda: tid(slut_navn)
    )
    return Opret(art, int(fundne[type_navn][0].text or ""), start, haendelse, slut, id_)


def skriv_forespoergsel(cpr: str, kommando: Opret | Opdater, kontrakt: Kontrakt) -> tuple[str, etree._Element]:
    """Write the operation's name and the request that a command is."""
    n = _for(kontrakt)
    operation = f"{'Create' if isinstance(kommando, Opret) else 'Update'}{ENTITET[kommando.art]}"
    element = etree.Element(f"{{{n.rum}}}{operation}Request", nsmap=n.nsmap)
    etree.SubElement(element, n.cpr).text = cpr
    entitet = etree.SubElement(element, n.entitet[kommando.art])
    type_navn, haendelse_navn, start_navn, slut_navn = n.felter[kommando.art]
    if kommando.id is not None:
        etree.SubElement(entitet, n.id).text = kommando.id
    if isinstance(kommando, Opret):
        type_ = etree.SubElement(entitet, type_navn)
        etree.SubElement(type_, CODE_LIST_ITEM).text = str(kommando.type)
        if kommando.haendelse is not None:
            etree.SubElement(entitet, haendelse_navn).text = kommando.haendelse.isoformat()
        etree.SubElement(entitet, start_navn).text = kommando.start.isoformat()
    if kommando.slut is not None:
        etree.SubElement(entitet, slut_navn).text = kommando.slut.isoformat()
    return operation, element


def skriv_svar(operation: str, kvittering: Kvittering, kontrakt: Kontrakt) -> etree._Element:
    """Write the receipt of an operation."""
    return _for(kontrakt).kvittering.skriv(operation, kvittering)


def laes_svar(element: etree._Element, kontrakt: Kontrakt) -> Kvittering:
    """Read a receipt, in whichever order its parts come; errors: RemoteWireError."""
    return _for(kontrakt).kvittering.laes(element)
