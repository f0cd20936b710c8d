"""The SOAP services' WSDL and XSD: load, apply the contract's names, compile and serve.

The files under `schemas/soap` have the shipped names. An overlay's names are applied when a service is loaded, so served
documents, validation and codecs use the same names. Not here: envelopes (`wire.soap.envelope`).
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

from vos_contracts.contract import Contract
from vos_contracts.tables.table import TABLE_FORMS, load

XS = "http://www.w3.org/2001/XMLSchema"
_WSDL = "http://schemas.xmlsoap.org/wsdl/"
_WSDL_SOAP = "http://schemas.xmlsoap.org/wsdl/soap/"
_FOLDER = "schemas/soap"
_BLANKS = " \t\r\n"
SERVICE_VERSIONS = MappingProxyType(
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
    return f"/PjakTassWCFtService/{SERVICE_VERSIONS[service]}/{service}.svc"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its name, the names of its body elements in Clark notation, and its soapAction."""

    name: str
    request: str
    response: str
    soapaction: str


@dataclass(frozen=True)
class Service:
    """One SOAP service under the names of one contract; `files` are its documents, ready to serve."""

    name: str
    version: int
    namespace: str
    files: Mapping[str, bytes]
    _lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    @property
    def path(self) -> str:
        """The path of the endpoint (documented pattern)."""
        return endpoint(self.name)

    @property
    def paths(self) -> tuple[str, str]:
        """The path in the two spellings that STAR's pages use."""
        return self.path, self.path.replace("PjakTassWCFtService", "PjaktassWCFTservice")

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """The operations by name, read from the WSDL."""
        return {operation.name: operation for operation in _operations(etree.fromstring(self.files["wsdl"]))}

    @cached_property
    def by_request(self) -> Mapping[str, Operation]:
        """The operations by their request element."""
        return {operation.request: operation for operation in self.operations.values()}

    def breach(self, element: etree._Element) -> tuple[str, ...]:
        """Return libxml2's messages about how an element breaks the schema; empty if it is valid.

        Blanks around an xs:dateTime are removed first: the schema collapses them, libxml2 refuses those before the value.
        A lock serialises threads, because a compiled schema has one error log.
        """
        for time in element.iter(*self._times) if self._times else ():
            time.text = (time.text or "").strip(_BLANKS)
        with self._lock:
            if self._schema.validate(element):
                return ()
            log: etree._ListErrorLog = self._schema.error_log  # lxml's type stubs are less precise
            return tuple(entry.message for entry in log)

    @cached_property
    def _times(self) -> frozenset[str]:
        """The elements of type xs:dateTime, in Clark notation."""
        roots = [etree.fromstring(self.files[name]) for name in self.xsd_names]
        return frozenset(
            f"{{{root.get('targetNamespace', '')}}}{element.get('name', '')}"
            for root in roots
            for element in root.iter(f"{{{XS}}}element")
            if element.get("type") == "xs:dateTime"
        )

    @cached_property
    def _schema(self) -> etree.XMLSchema:
        with tempfile.TemporaryDirectory(prefix="generalproeve-xsd-") as folder:
            for name, content in self.files.items():
                Path(folder, name).write_bytes(content)
            imports = "".join(
                f'<xs:import namespace="{namespace}" schemaLocation="{name}"/>'
                for name, namespace in self._xsd_namespace()
            )
            schema = f'<xs:schema xmlns:xs="{XS}">{imports}</xs:schema>'
            main = Path(folder, "all.xsd")
            main.write_text(schema, "utf-8")
            return etree.XMLSchema(etree.parse(str(main)))

    @property
    def xsd_names(self) -> frozenset[str]:
        """The names of the served schema documents."""
        return frozenset(self.files) - {"wsdl"}

    def _xsd_namespace(self) -> Iterator[tuple[str, str]]:
        for name in sorted(self.xsd_names):
            yield name, etree.fromstring(self.files[name]).get("targetNamespace", "")


_loaded: dict[str, Mapping[str, Service]] = {}


def services(contract: Contract) -> Mapping[str, Service]:
    """Return the SOAP services by name; loaded once per contract."""
    if contract.hash not in _loaded:
        rename = _Renaming(contract)
        _loaded[contract.hash] = {
            name: Service(name, version, contract.names.namespace(name), rename.files(name))
            for name, version in SERVICE_VERSIONS.items()
        }
    return _loaded[contract.hash]


def wsdl(service: Service, base_url: str) -> bytes:
    """Return the WSDL as served at `base_url`; it refers to its schemas at `?xsd=`."""
    root = etree.fromstring(service.files["wsdl"])
    for address in root.iter(f"{{{_WSDL_SOAP}}}address"):
        address.set("location", base_url)
    return _with_addresses(root, base_url)


def single_wsdl(service: Service, base_url: str) -> bytes:
    """Return the WSDL with its schemas inside, as WCF answers `?singleWsdl`."""
    root = etree.fromstring(service.files["wsdl"])
    for address in root.iter(f"{{{_WSDL_SOAP}}}address"):
        address.set("location", base_url)
    (types,) = root.iterfind(f"{{{_WSDL}}}types")
    types[:] = [etree.fromstring(service.files[name]) for name in sorted(service.xsd_names)]
    for item in types.iter(f"{{{XS}}}import"):
        item.attrib.pop("schemaLocation", "")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def xsd(service: Service, name: str, base_url: str) -> bytes:
    """Return one schema document as served at `base_url`.

    Raises:
        KeyError: the name is not in `xsd_names`.
    """
    return _with_addresses(etree.fromstring(service.files[name]), base_url)


def _with_addresses(root: etree._Element, base_url: str) -> bytes:
    for item in root.iter(f"{{{XS}}}import"):
        item.set("schemaLocation", f"{base_url}?xsd={item.get('schemaLocation')}")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


class _Renaming:
    """Applies an overlay's XML names to the shipped documents."""

    def __init__(self, contract: Contract) -> None:
        shipped = {key: row["value"] for (key,), row in load(TABLE_FORMS["names"]).items()}
        now = contract.names.values
        self._namespace = {
            old: now[key] for key, old in shipped.items() if key.startswith("namespace.") and now[key] != old
        }
        self._contract = contract

    def files(self, service: str) -> Mapping[str, bytes]:
        """Return the service's documents under the contract's names."""
        files = {"wsdl": self._document(f"{service}.wsdl", service)}
        waiting = [f"{service}.xsd", *_imports(files["wsdl"])]
        while waiting:
            name = waiting.pop()
            if name not in files:
                files[name] = self._document(name, name.removesuffix(".xsd"))
                waiting += _imports(files[name])
        return files

    def _document(self, file_name: str, service: str) -> bytes:
        text = files("vos_contracts").joinpath(_FOLDER, file_name).read_text("utf-8")
        for old, new in self._namespace.items():
            text = text.replace(f'"{old}"', f'"{new}"')
        root = etree.fromstring(text.encode())
        names = self._contract.names.of_kind(f"element.{service}")
        for item in root.iter(f"{{{XS}}}element"):
            name = item.get("name", "")
            if name in names:
                item.set("name", names[name])
        for type_, order in self._contract.names.of_kind(f"order.{service}").items():
            _arrange(root, type_, [names.get(name, name) for name in order.split()])
        return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _arrange(root: etree._Element, type_: str, order: list[str]) -> None:
    for sequence in root.iterfind(f"{{{XS}}}complexType[@name='{type_}']/{{{XS}}}sequence"):
        children = sorted(sequence, key=lambda item: order.index(item.get("name", "")))
        sequence[:] = children


def _imports(document: bytes) -> list[str]:
    return [item.get("schemaLocation", "") for item in etree.fromstring(document).iter(f"{{{XS}}}import")]


def _operations(root: etree._Element) -> Iterator[Operation]:
    parts = {}
    for message in root.iterfind(f"{{{_WSDL}}}message"):
        prefixes, _, local = message[0].get("element", "").partition(":")
        parts[message.get("name")] = f"{{{message.nsmap[prefixes]}}}{local}"
    actions = {
        operation.getparent().get("name", ""): operation.get("soapAction", "")  # type: ignore[union-attr]  # the WSDL nests them so
        for operation in root.iter(f"{{{_WSDL_SOAP}}}operation")
    }
    for operation in root.iterfind(f"{{{_WSDL}}}portType/{{{_WSDL}}}operation"):
        name = operation.get("name", "")
        yield Operation(name, parts[f"{name}In"], parts[f"{name}Out"], actions[name])
