"""SOAP 1.1 envelopes, both roles: parse without trusting, read a call, write answers and faults, understand them.

Not here: what a body means (`soap_registrering`, `wsrm`), the headers that say who calls (`soap_identitet`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from vos_contracts.koder.fejl import VALIDERER_IKKE, Fejl
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.model.identity import Identitet
from vos_contracts.wire import mellemtider
from vos_contracts.wire.base import FEJL_HOEJST, RemoteWireError, kort
from vos_contracts.wire.body import STANDARD, dyb_xml
from vos_contracts.wire.soap_fejl import skemafejl
from vos_contracts.wire.soap_identitet import laes_identitet, skriv_identitet, standardrum
from vos_contracts.wire.soap_skema import Operation, Tjeneste
from vos_contracts.wire.tid import som_kan_skrives

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
_FD = "{http://service.bm.dk/xml/schemas/2011/01/12/}"
_ENVELOPE, _HEADER, _BODY, _FAULT = (f"{{{SOAP}}}{navn}" for navn in ("Envelope", "Header", "Body", "Fault"))
_MUST_UNDERSTAND = f"{{{SOAP}}}mustUnderstand"
_NSMAP = {"s": SOAP}
INTERN_FEJL = 1011
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False
)

Headerskriver = Callable[[etree._Element], None]


@dataclass(frozen=True, slots=True)
class SoapKald:
    """A call that was understood: which operation, who calls, the valid body element, and the headers by name."""

    operation: str
    identitet: Identitet
    krop: etree._Element
    headers: Mapping[str, etree._Element]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault as a caller sees it: its errors, the lowest number first, and the whole text."""

    fejl: tuple[Fejl, ...]
    tekst: str


def parse(krop: bytes, dybde: int = STANDARD.dybde) -> etree._Element:
    """Parse a document that nobody vouches for; errors: RemoteWireError with 1014 and the rule.

    Refused: what is not well-formed UTF-8, and a DOCTYPE, so that no entity is ever expanded.
    """
    nul = krop.find(b"\0")  # no XML in UTF-8 has one, and any in UTF-16 does, which the parser would read
    if nul >= 0:
        raise _afvis(f"kroppen er ikke UTF-8 (byte {nul})")
    try:
        rod = etree.fromstring(krop, _PARSER)
    except etree.XMLSyntaxError as brud:
        raise _afvis(_hvad_er_galt(krop, brud)) from None
    except ValueError:
        raise _afvis("kroppen er tom eller ikke XML") from None
    info = rod.getroottree().docinfo
    if info.internalDTD is not None or info.doctype:
        raise _afvis("DOCTYPE er ikke tilladt")
    if (info.encoding or "UTF-8").upper() not in {"UTF-8", "US-ASCII", "ASCII"}:
        raise _afvis(f"konvolutten skal være UTF-8, ikke {info.encoding}")
    if dyb_xml(rod, dybde):
        raise _afvis(f"elementerne må højst ligge {dybde} niveauer dybt")
    return rod


def laes_kald(
    tjeneste: Tjeneste,
    krop: bytes,
    soapaction: str | None,
    kontrakt: Kontrakt,
    system: int,
    dybde: int = STANDARD.dybde,
) -> SoapKald:
    """Read a call to that service; errors: RemoteWireError with every error that can be established."""
    return laes_konvolut(tjeneste, parse(krop, dybde), soapaction, kontrakt, system)


def laes_konvolut(
    tjeneste: Tjeneste, rod: etree._Element, soapaction: str | None, kontrakt: Kontrakt, system: int
) -> SoapKald:
    """Read a call whose envelope is parsed; errors: as `laes_kald`."""
    header, body = _dele(rod)
    mellemtider.maerk(mellemtider.PARSE)
    headers = _headers(header)
    operation = _operation(tjeneste, body, soapaction)
    identitet = laes_identitet(tjeneste, headers, kontrakt, system)
    brud = tjeneste.brud(body)
    if brud:
        raise RemoteWireError(*skemafejl(brud))
    mellemtider.maerk(mellemtider.VALIDATE)
    return SoapKald(operation.navn, identitet, body, headers)


def skriv(krop: etree._Element, header: Headerskriver | None = None) -> bytes:
    """Write an envelope around a body element."""
    konvolut = etree.Element(_ENVELOPE, nsmap=_NSMAP)
    if header is not None:
        header(etree.SubElement(konvolut, _HEADER))
    etree.SubElement(konvolut, _BODY).append(krop)
    return etree.tostring(konvolut, xml_declaration=True, encoding="utf-8")


def skriv_fault(fejl: Sequence[Fejl], kontrakt: Kontrakt) -> bytes:
    """Write a fault: the lowest number is its ErrorCode; several errors have a line each in Message. Never a stack trace."""
    fejl = fejl[:FEJL_HOEJST]
    linjer = [_linje(en, kontrakt) for en in fejl]
    tekst = (
        linjer[0]
        if len(fejl) == 1
        else "\n".join(f"{en.kode}: {linje}" for en, linje in zip(fejl, linjer, strict=True))
    )
    element = etree.Element(_FAULT)
    etree.SubElement(element, "faultcode").text = "s:Server" if fejl[0].kode == INTERN_FEJL else "s:Client"
    etree.SubElement(element, "faultstring").text = linjer[0]
    detaljer = etree.SubElement(etree.SubElement(element, "detail"), f"{_FD}FaultDetails", nsmap=standardrum(_FD[1:-1]))
    etree.SubElement(detaljer, f"{_FD}ErrorCode").text = str(fejl[0].kode)
    etree.SubElement(detaljer, f"{_FD}Message").text = tekst
    return skriv(element)


def skriv_kald(identitet: Identitet, krop: etree._Element, header: Headerskriver | None = None) -> bytes:
    """Write a call as a caller does."""

    def headere(element: etree._Element) -> None:
        skriv_identitet(element, identitet)
        if header is not None:
            header(element)

    return skriv(krop, headere)


def laes_svar(krop: bytes) -> etree._Element | Fault:
    """Understand an answer; errors: RemoteWireError if it is neither a body nor the documented fault."""
    _, body = _dele(parse(krop))
    if body.tag != _FAULT:
        return body
    kode = body.find(f"detail/{_FD}FaultDetails/{_FD}ErrorCode")
    tekst = body.findtext(f"detail/{_FD}FaultDetails/{_FD}Message") or body.findtext("faultstring") or ""
    if kode is None or not (kode.text or "").isdigit():
        raise _afvis("fejlen har ikke FaultDetails med ErrorCode")
    return Fault(tuple(_linjefejl(tekst)) or (Fejl(int(kode.text or ""), tekst),), tekst)


def _linjefejl(tekst: str) -> Iterator[Fejl]:
    """Read the lines of a fault that holds several errors, each prefixed with its number."""
    for linje in tekst.splitlines():
        nummer, kolon, resten = linje.partition(": ")
        if kolon and nummer.isdigit():
            yield Fejl(int(nummer), resten)


def svar_headers(krop: bytes) -> Mapping[str, etree._Element]:
    """Return an answer's headers by name."""
    header, _ = _dele(parse(krop))
    return {et.tag: et for et in header if isinstance(et.tag, str)} if header is not None else {}


def _dele(rod: etree._Element) -> tuple[etree._Element | None, etree._Element]:
    if rod.tag != _ENVELOPE:
        if rod.tag == f"{{{_SOAP_12}}}Envelope":
            raise _afvis("konvolutten er SOAP 1.2; tjenesten taler SOAP 1.1")
        raise _afvis(f"{etree.QName(rod).localname}: skal være Envelope i {SOAP}")
    body = next(rod.iterchildren(_BODY), None)
    if body is None:
        raise _afvis("Body mangler i konvolutten")
    if len(body) != 1:
        raise _afvis(f"Body skal have præcis ét element, ikke {len(body)}")
    return next(rod.iterchildren(_HEADER), None), body[0]


def _headers(header: etree._Element | None) -> Mapping[str, etree._Element]:
    headers: dict[str, etree._Element] = {}
    for et in header if header is not None else ():
        navn = str(et.tag)
        if navn in headers:
            raise _afvis(f"headeren {etree.QName(navn).localname} står to gange")
        headers[navn] = et
        if et.get(_MUST_UNDERSTAND) in {"1", "true"} and etree.QName(navn).localname not in _FORSTAAEDE:
            raise _afvis(f"headeren {etree.QName(navn).localname} skal forstås (mustUnderstand), men kendes ikke")
    return headers


_FORSTAAEDE = frozenset({"ActiveOrganisationHeader", "RequestUserMetadataHeader", "SequenceRequest"})


def _operation(tjeneste: Tjeneste, body: etree._Element, soapaction: str | None) -> Operation:
    operation = tjeneste.efter_request.get(str(body.tag))
    if operation is None:
        navn = etree.QName(body)
        raise _afvis(
            f"{navn.localname} i {navn.namespace or 'intet namespace'} er ingen forespørgsel til {tjeneste.navn}; "
            f"operationerne er {', '.join(tjeneste.operationer)} i {tjeneste.namespace}"
        )
    handling = (soapaction or "").strip().strip('"')
    if handling and handling != operation.soapaction:
        raise _afvis(f"SOAPAction {handling} passer ikke til {operation.navn}; skal være {operation.soapaction}")
    return operation


def _hvad_er_galt(krop: bytes, brud: etree.XMLSyntaxError) -> str:
    try:
        krop.decode("utf-8")
    except UnicodeDecodeError as fejl:
        return f"kroppen er ikke UTF-8 (byte {fejl.start})"
    return f"kroppen er ikke velformet XML (linje {brud.lineno})" if krop.strip() else "kroppen er tom"


def _linje(en: Fejl, kontrakt: Kontrakt) -> str:
    tekst = kontrakt.fejl[en.kode].soap if en.kode in kontrakt.fejl else f"Fejl {en.kode}"
    return f"{tekst}: {som_kan_skrives(kort(en.beskrivelse))}" if en.beskrivelse else tekst


def _afvis(regel: str) -> RemoteWireError:
    return RemoteWireError(Fejl(VALIDERER_IKKE, regel))
