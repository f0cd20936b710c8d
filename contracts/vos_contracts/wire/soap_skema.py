"""The SOAP services' descriptions: load WSDL and XSD, apply the contract's renames, compile, serve.

The files under `schemas/soap` hold the shipped names; an overlay's names are put in when a service is loaded, so that what is
served, what validates and what the codecs write all speak the same. Not here: envelopes (`wire.soap`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from threading import Lock
from types import MappingProxyType

from lxml import etree

from vos_contracts.kontrakt import Kontrakt
from vos_contracts.tabel import FORMER, indlaes

XS = "http://www.w3.org/2001/XMLSchema"
_WSDL = "http://schemas.xmlsoap.org/wsdl/"
_WSDL_SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
_MAPPE = "schemas/soap"
SERVICE_VERSIONER = MappingProxyType(
    {
        "PersonRegistrationService": 9,
        "WsrmService": 3,
        "WsrmMessageService": 10,
        "PersonStatusService": 20,
        "PersonHistoryService": 4,
        "UnemploymentEnrollmentService": 8,
        "IllnessCompositeService": 5,
        "IllnessRecoveryInformationService": 8,
    }
)


def endpoint(service: str) -> str:
    """Return the path of a SOAP service's endpoint (documented pattern)."""
    return f"/PjakTassWCFtService/{SERVICE_VERSIONER[service]}/{service}.svc"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its name, the names of its body elements in Clark notation, and its soapAction."""

    navn: str
    request: str
    response: str
    soapaction: str


@dataclass(frozen=True)
class Tjeneste:
    """One SOAP service under the names of one contract; `filer` are its documents, ready to serve."""

    navn: str
    version: int
    namespace: str
    filer: Mapping[str, bytes]
    _tur: Lock = field(default_factory=Lock, repr=False, compare=False)

    @property
    def sti(self) -> str:
        """The path of the endpoint (documented pattern)."""
        return endpoint(self.navn)

    @property
    def stier(self) -> tuple[str, str]:
        """The path in the two spellings that STAR's pages use."""
        return self.sti, self.sti.replace("PjakTassWCFtService", "PjaktassWCFTservice")

    @cached_property
    def operationer(self) -> Mapping[str, Operation]:
        """The operations by name, read from the WSDL."""
        return {operation.navn: operation for operation in _operationer(etree.fromstring(self.filer["wsdl"]))}

    @cached_property
    def efter_request(self) -> Mapping[str, Operation]:
        """The operations by their request element."""
        return {operation.request: operation for operation in self.operationer.values()}

    def brud(self, element: etree._Element) -> tuple[str, ...]:
        """Say how an element breaks the schema of messages, headers and fault, in the parser's words; nothing if it does not.

        Threads take turns: a compiled schema has one log.
        """
        with self._tur:
            if self._skema.validate(element):
                return ()
            log: etree._ListErrorLog = self._skema.error_log  # the stubs say less
            return tuple(post.message for post in log)

    @cached_property
    def _skema(self) -> etree.XMLSchema:
        with tempfile.TemporaryDirectory(prefix="generalproeve-xsd-") as mappe:
            for navn, indhold in self.filer.items():
                Path(mappe, navn).write_bytes(indhold)
            imports = "".join(
                f'<xs:import namespace="{navnerum}" schemaLocation="{navn}"/>'
                for navn, navnerum in self._xsd_navnerum()
            )
            samlet = f'<xs:schema xmlns:xs="{XS}">{imports}</xs:schema>'
            hoved = Path(mappe, "alle.xsd")
            hoved.write_text(samlet, "utf-8")
            return etree.XMLSchema(etree.parse(str(hoved)))

    @property
    def xsd_navne(self) -> frozenset[str]:
        """The schema documents that can be asked for."""
        return frozenset(self.filer) - {"wsdl"}

    def _xsd_navnerum(self) -> Iterator[tuple[str, str]]:
        for navn in sorted(self.xsd_navne):
            yield navn, etree.fromstring(self.filer[navn]).get("targetNamespace", "")


_indlaeste: dict[str, Mapping[str, Tjeneste]] = {}


def tjenester(kontrakt: Kontrakt) -> Mapping[str, Tjeneste]:
    """Return the SOAP services by name; loaded once per contract."""
    if kontrakt.hash not in _indlaeste:
        omdoeb = _Omdoebning(kontrakt)
        _indlaeste[kontrakt.hash] = {
            navn: Tjeneste(navn, version, kontrakt.navne.namespace(navn), omdoeb.filer(navn))
            for navn, version in SERVICE_VERSIONER.items()
        }
    return _indlaeste[kontrakt.hash]


def wsdl(tjeneste: Tjeneste, base_url: str) -> bytes:
    """Return the WSDL as served at that address; it leads to its schemas at `?xsd=`."""
    rod = etree.fromstring(tjeneste.filer["wsdl"])
    for adresse in rod.iter(f"{{{_WSDL_SOAP}}}address"):
        adresse.set("location", base_url)
    return _med_adresser(rod, base_url)


def xsd(tjeneste: Tjeneste, navn: str, base_url: str) -> bytes:
    """Return one schema document as served; errors: KeyError for a name that is not in `xsd_navne`."""
    return _med_adresser(etree.fromstring(tjeneste.filer[navn]), base_url)


def _med_adresser(rod: etree._Element, base_url: str) -> bytes:
    for et in rod.iter(f"{{{XS}}}import"):
        et.set("schemaLocation", f"{base_url}?xsd={et.get('schemaLocation')}")
    return etree.tostring(rod, xml_declaration=True, encoding="utf-8")


class _Omdoebning:
    """What an overlay renamed in the XML, applied to a document."""

    def __init__(self, kontrakt: Kontrakt) -> None:
        afsendt = {noegle: raekke["vaerdi"] for (noegle,), raekke in indlaes(FORMER["navne"]).items()}
        nu = kontrakt.navne.vaerdier
        self._navnerum = {
            gammel: nu[noegle]
            for noegle, gammel in afsendt.items()
            if noegle.startswith("namespace.") and nu[noegle] != gammel
        }
        self._kontrakt = kontrakt

    def filer(self, tjeneste: str) -> Mapping[str, bytes]:
        """Return the service's documents under the contract's names."""
        filer = {"wsdl": self._dokument(f"{tjeneste}.wsdl", tjeneste)}
        venter = [f"{tjeneste}.xsd", *_imports(filer["wsdl"])]
        while venter:
            navn = venter.pop()
            if navn not in filer:
                filer[navn] = self._dokument(navn, navn.removesuffix(".xsd"))
                venter += _imports(filer[navn])
        return filer

    def _dokument(self, filnavn: str, tjeneste: str) -> bytes:
        tekst = files("vos_contracts").joinpath(_MAPPE, filnavn).read_text("utf-8")
        for gammel, ny in self._navnerum.items():
            tekst = tekst.replace(f'"{gammel}"', f'"{ny}"')
        rod = etree.fromstring(tekst.encode())
        navne = self._kontrakt.navne.omdoebte(f"element.{tjeneste}")
        for et in rod.iter(f"{{{XS}}}element"):
            navn = et.get("name", "")
            if navn in navne:
                et.set("name", navne[navn])
        for type_, orden in self._kontrakt.navne.omdoebte(f"raekkefoelge.{tjeneste}").items():
            _ordn(rod, type_, [navne.get(navn, navn) for navn in orden.split()])
        return etree.tostring(rod, xml_declaration=True, encoding="utf-8")


def _ordn(rod: etree._Element, type_: str, orden: list[str]) -> None:
    for sekvens in rod.iterfind(f"{{{XS}}}complexType[@name='{type_}']/{{{XS}}}sequence"):
        boern = sorted(sekvens, key=lambda et: orden.index(et.get("name", "")))
        sekvens[:] = boern


def _imports(dokument: bytes) -> list[str]:
    return [et.get("schemaLocation", "") for et in etree.fromstring(dokument).iter(f"{{{XS}}}import")]


def _operationer(rod: etree._Element) -> Iterator[Operation]:
    dele = {}
    for besked in rod.iterfind(f"{{{_WSDL}}}message"):
        praefiks, _, lokalt = besked[0].get("element", "").partition(":")
        dele[besked.get("name")] = f"{{{besked.nsmap[praefiks]}}}{lokalt}"
    handlinger = {
        operation.getparent().get("name", ""): operation.get("soapAction", "")  # type: ignore[union-attr]  # the WSDL nests them so
        for operation in rod.iter(f"{{{_WSDL_SOAP}}}operation")
    }
    for operation in rod.iterfind(f"{{{_WSDL}}}portType/{{{_WSDL}}}operation"):
        navn = operation.get("name", "")
        yield Operation(navn, dele[f"{navn}In"], dele[f"{navn}Out"], handlinger[navn])
