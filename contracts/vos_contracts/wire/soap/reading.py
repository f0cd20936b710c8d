"""The bodies of PersonStatusService v20 and PersonHistoryService v4 for both roles, under the names of the contract.

The status answer holds kontaktgrupper, personkategorier and the parts that were asked for, with the fields that are
public.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import assert_never

from lxml import etree

from vos_contracts.contract import Contract
from vos_contracts.model.cpr import birth_date
from vos_contracts.model.reading import CollectionRow, Collections, MasterData, ReadService, StatusPart
from vos_contracts.model.registration import Kind
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.wire.base import RemoteWireError
from vos_contracts.wire.instants import DANISH_TIME
from vos_contracts.wire.soap.faults import INVALID_CPR
from vos_contracts.wire.soap.identity import (
    CODE_LIST_ITEM,
    default_namespace,
    read_organisation,
    read_time,
    write_organisation,
)
from vos_contracts.wire.soap.registration import ENTITY
from vos_contracts.wire.soap.schemas import services

_MUNICIPALITY_CODE, _JOBCENTER_CODE = re.compile("[0-9]{3}"), re.compile("[0-9]{5}")
"""The documented forms; a code of another form is left out of the answer."""
_TRUE = frozenset({"true", "1"})


class ReadBody:
    """Reads and writes one service's bodies under the names of one contract."""

    def __init__(self, service: ReadService, contract: Contract) -> None:
        self._service = service
        names, namespace = contract.names, contract.names.namespace(service)
        operation = services(contract)[service].operations[service.operation]
        self._request, self._response, self._namespace = operation.request, operation.response, namespace

        def name(canonical: str) -> str:
            return f"{{{namespace}}}{names.element(service, canonical)}"

        ending = "History" if service is ReadService.HISTORY else ""
        self._cpr, self._choices = name("PersonCivilRegistrationIdentifier"), name("RequestVariableType")
        self._parts = {part: name(part) for part in StatusPart} if service is ReadService.STATUS else {}
        self._tilmeldekategori, self._kommune, self._jobcenter = (
            (name(field) for field in ("ClientCategoryTypeIdentifier", "MunicipalityCode", "JobCenterCode"))
            if service is ReadService.STATUS
            else ("", "", "")
        )
        self._choice = {kind: name(item) for kind, item in ENTITY.items()}
        self._collection = {kind: name(f"{item}{ending}Collection") for kind, item in ENTITY.items()}
        self._entry = {kind: name(f"{item}{ending}Item") for kind, item in ENTITY.items()}
        self._fields = {
            kind: tuple(
                name(f"{item}{field}")
                for field in ("Identifier", "TypeIdentifier", "EventTime", "StartTime", "EndTime")
            )
            for kind, item in ENTITY.items()
        }
        self._metadata, self._deleted, self._current, self._authority = (
            name(item) for item in ("RegistrationMetadata", "IsDeleted", "IsCurrent", "RegisteringAuthority")
        )

    def read_query(self, element: etree._Element) -> tuple[str, frozenset[Kind], frozenset[StatusPart]]:
        """Read a valid request; return the CPR number, and the kinds and parts that are asked for.

        Raises:
            RemoteWireError: 1001 for a CPR number that carries no date.
        """
        cpr = element[0].text or ""
        if birth_date(cpr) is None and cpr != "0000000000":
            raise RemoteWireError(ServiceError(INVALID_CPR, "PersonCivilRegistrationIdentifier: datoen findes ikke"))
        if self._service is ReadService.HISTORY:
            return cpr, frozenset(Kind), frozenset()
        wanted = {item.tag for item in element[1] if (item.text or "").strip() in _TRUE}
        return (
            cpr,
            frozenset(kind for kind, name in self._choice.items() if name in wanted),
            frozenset(part for part, name in self._parts.items() if name in wanted),
        )

    def write_query(
        self, cpr: str, kinds: Collection[Kind] = tuple(Kind), parts: Collection[StatusPart] = ()
    ) -> etree._Element:
        """Write a request; a history request has no choice of kinds and parts."""
        element = etree.Element(self._request, nsmap=default_namespace(self._namespace))
        etree.SubElement(element, self._cpr).text = cpr
        if self._service is ReadService.STATUS:
            choices = etree.SubElement(element, self._choices)
            for part, name in self._parts.items():
                etree.SubElement(choices, name).text = "true" if part in parts else "false"
            for kind, name in self._choice.items():
                etree.SubElement(choices, name).text = "true" if kind in kinds else "false"
        return element

    def write_response(self, cpr: str, collections: Collections) -> etree._Element:
        """Write an answer; both collections are present, possibly empty."""
        element = etree.Element(self._response, nsmap=default_namespace(self._namespace))
        etree.SubElement(element, self._cpr).text = cpr
        for part, name in self._parts.items():
            if part in collections.parts:
                self._write_part(etree.SubElement(element, name), part, collections.master)
        for kind in ENTITY:
            collection = etree.SubElement(element, self._collection[kind])
            for item in collections.of(kind):
                self._write_row(etree.SubElement(collection, self._entry[kind]), item)
        return element

    def read_response(self, element: etree._Element) -> Collections:
        """Read an answer.

        Raises:
            RemoteWireError: a collection or an element of an item is missing.
        """
        kontaktgrupper, personkategorier = (tuple(self._read_collection(element, kind)) for kind in ENTITY)
        parts = frozenset(part for part, name in self._parts.items() if element.find(name) is not None)
        return Collections(kontaktgrupper, personkategorier, parts, self._read_master(element))

    def _write_part(self, element: etree._Element, part: StatusPart, master: MasterData) -> None:
        match part:
            case StatusPart.CORE:
                if master.tilmeldekategori is not None:
                    category = etree.SubElement(element, self._tilmeldekategori)
                    etree.SubElement(category, CODE_LIST_ITEM).text = str(master.tilmeldekategori)
            case StatusPart.AUTHORITY:
                if master.kommune is not None and _MUNICIPALITY_CODE.fullmatch(master.kommune):
                    etree.SubElement(element, self._kommune).text = master.kommune
                if master.jobcenter is not None and _JOBCENTER_CODE.fullmatch(master.jobcenter):
                    etree.SubElement(element, self._jobcenter).text = master.jobcenter
            case StatusPart.ADDRESS_CONTACT | StatusPart.CV:
                pass  # none of their fields is public
            case _:
                assert_never(part)

    def _read_master(self, element: etree._Element) -> MasterData:
        if not self._parts:
            return MasterData()
        core, authority = self._parts[StatusPart.CORE], self._parts[StatusPart.AUTHORITY]
        category = element.find(f"{core}/{self._tilmeldekategori}/{CODE_LIST_ITEM}")
        return MasterData(
            None if category is None else int(category.text or ""),
            element.findtext(f"{authority}/{self._kommune}"),
            element.findtext(f"{authority}/{self._jobcenter}"),
        )

    def _write_row(self, entry: etree._Element, row: CollectionRow) -> None:
        id_, type_, event, start, end = self._fields[row.kind]
        if self._service is ReadService.HISTORY:
            metadata = etree.SubElement(entry, self._metadata)
            etree.SubElement(metadata, self._deleted).text = "true" if row.is_deleted else "false"
            etree.SubElement(metadata, self._current).text = "true" if row.is_current else "false"
            write_organisation(metadata, self._authority, row.authority)
        etree.SubElement(entry, id_).text = row.id
        etree.SubElement(etree.SubElement(entry, type_), CODE_LIST_ITEM).text = str(row.type)
        _write_time(entry, event, row.event)
        _write_time(entry, start, row.start)
        _write_time(entry, end, row.end)
        if self._service is ReadService.STATUS:
            write_organisation(entry, self._authority, row.authority)

    def _read_collection(self, element: etree._Element, kind: Kind) -> Iterator[CollectionRow]:
        for entry in _child(element, self._collection[kind]).iterfind(self._entry[kind]):
            id_, type_, event, start, end = self._fields[kind]
            is_deleted, is_current, place = False, True, entry
            if self._service is ReadService.HISTORY:
                place = _child(entry, self._metadata)
                is_deleted, is_current = (_child(place, name).text in _TRUE for name in (self._deleted, self._current))
            yield CollectionRow(
                kind=kind,
                id=_child(entry, id_).text or "",
                type=int(_child(_child(entry, type_), CODE_LIST_ITEM).text or ""),
                event=_read_time(entry, event),
                start=read_time(_child(entry, start)),
                end=_read_time(entry, end),
                is_deleted=is_deleted,
                is_current=is_current,
                authority=read_organisation(_child(place, self._authority)),
            )


def _write_time(entry: etree._Element, name: str, instant: datetime | None) -> None:
    if instant is not None:
        etree.SubElement(entry, name).text = instant.astimezone(DANISH_TIME).isoformat()


def _read_time(entry: etree._Element, name: str) -> datetime | None:
    found = entry.find(name)
    return None if found is None else read_time(found)


def _child(element: etree._Element, name: str) -> etree._Element:
    found = element.find(name)
    if found is None:
        raise RemoteWireError(
            ServiceError(
                INVALID_REQUEST, f"svaret har ikke {etree.QName(name).localname} i {etree.QName(element).localname}"
            )
        )
    return found
