"""The status of a citizen, the code lists and the converter's twins on the wire, for both roles.

A twin is an internal REST method that the converter calls for a SOAP read, with the SOAP service's access rules and filter: the
documented pattern of the transition (starwiki diff 3988161253 to 3879567428). It is not public, and no overlay renames its
path. Not here: the reads of PersonVisiteringService (`wire.rest.registration`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

import msgspec

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity
from vos_contracts.model.reading import (
    AktivitetstillaegView,
    CitizenStatus,
    CodeList,
    Helbredsbegraensning,
    MasterData,
    PersonReading,
    ReadService,
)
from vos_contracts.model.registration import Kind, RegistrationView
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError
from vos_contracts.tables.kontaktgruppe import Code
from vos_contracts.wire.base import Call, RemoteWireError, Response
from vos_contracts.wire.instants import DANISH_TIME
from vos_contracts.wire.rest.registration import JSON, Refusal, Rest, Time

T = TypeVar("T")
_MASTER = "stamdata"
"""The member of a twin's answer that has the master data; the twins are internal, so no overlay renames it."""
CollectionView = Mapping[Kind, tuple[RegistrationView, ...]]
_PLURAL = {Kind.KONTAKTGRUPPE: "kontaktgrupper", Kind.PERSONKATEGORI: "personkategorier"}


def twin(service: ReadService) -> str:
    """Return the path of the internal REST method behind a SOAP read."""
    return f"/legacy/{service}/{service.operation}"


class RestReading:
    """Reads and writes bodies under the names of one contract."""

    def __init__(self, contract: Contract, rest: Rest) -> None:
        self._rest = rest
        self._name = contract.names.json
        self.status_path = contract.names.path("visiteringOgStatusStatus")
        self.code_list_path = contract.names.path("code_list")

    # the service's side

    def write_status(self, status: CitizenStatus) -> Response:
        """Answer with a citizen's status; all collections are present, possibly empty."""
        n = self._name
        return _response(
            {
                n("helbredsbegraensninger"): [
                    {
                        n("helbredsbegraensningId"): limitation.id,
                        n("beskrivelseAfHelbredsbegraensning"): limitation.description,
                        n("beskrivelseAfIkkeMuligeOpgaver"): limitation.impossible_tasks,
                        n("dokumentationForHelbredsbegrasening"): limitation.is_documented,
                        n("startdato"): limitation.start.astimezone(DANISH_TIME),
                        n("slutdato"): None if limitation.end is None else limitation.end.astimezone(DANISH_TIME),
                        n("berigtigelseskommentar"): limitation.correction_comment,
                        n("dfdgRegistreringstidspunkt"): limitation.registered.astimezone(DANISH_TIME),
                    }
                    for limitation in status.helbredsbegraensninger
                ],
                n("aktivitetstillaeg"): [
                    {
                        n("aktivitetstillaegId"): item.id,
                        n("startdato"): item.start.astimezone(DANISH_TIME),
                        n("slutdato"): None if item.end is None else item.end.astimezone(DANISH_TIME),
                    }
                    for item in status.aktivitetstillaeg
                ],
                **self._collections(
                    {Kind.KONTAKTGRUPPE: status.kontaktgrupper, Kind.PERSONKATEGORI: status.personkategorier}
                ),
            }
        )

    def write_reading(self, reading: PersonReading) -> Response:
        """Answer a twin with what a SOAP read shows."""
        return _response({_MASTER: reading.master, **self._collections(reading.registrations)})

    def write_code_lists(self, lists: Iterable[CodeList]) -> Response:
        """Answer with all code lists."""
        return _response([self._code_list(item) for item in lists])

    def write_code_list(self, listing: CodeList) -> Response:
        """Answer with one code list."""
        return _response(self._code_list(listing))

    # the caller's side

    def call_status(self, cpr: str, identity: Identity) -> Call:
        """Write a read of the status."""
        return Call("GET", self.status_path, self._rest.headers.write(identity, cpr))

    def call_twin(self, service: ReadService, cpr: str, identity: Identity) -> Call:
        """Write a read of a SOAP service's collections."""
        return Call("GET", twin(service), self._rest.headers.write(identity, cpr))

    def call_code_list(self, name: str = "") -> Call:
        """Write a read of one code list, or of all; it carries no identity."""
        return Call("GET", f"{self.code_list_path}/{name}" if name else self.code_list_path)

    def understand_status(self, response: Response) -> CitizenStatus | Refusal:
        """Read a status answer.

        Raises:
            RemoteWireError: the other side broke the contract.
        """
        n = self._name

        def status(content: Any) -> CitizenStatus:
            collections = self._understand_collections(content)
            return CitizenStatus(
                tuple(
                    Helbredsbegraensning(
                        id=msgspec.convert(item[n("helbredsbegraensningId")], str),
                        start=msgspec.convert(item[n("startdato")], Time),
                        end=msgspec.convert(item.get(n("slutdato")), Time | None),
                        registered=msgspec.convert(item[n("dfdgRegistreringstidspunkt")], Time),
                        is_documented=msgspec.convert(item[n("dokumentationForHelbredsbegrasening")], bool),
                        description=msgspec.convert(item.get(n("beskrivelseAfHelbredsbegraensning")), str | None),
                        impossible_tasks=msgspec.convert(item.get(n("beskrivelseAfIkkeMuligeOpgaver")), str | None),
                        correction_comment=msgspec.convert(item.get(n("berigtigelseskommentar")), str | None),
                    )
                    for item in content[n("helbredsbegraensninger")]
                ),
                tuple(
                    AktivitetstillaegView(
                        msgspec.convert(item[n("aktivitetstillaegId")], str),
                        msgspec.convert(item[n("startdato")], Time),
                        msgspec.convert(item[n("slutdato")], Time | None),
                    )
                    for item in content[n("aktivitetstillaeg")]
                ),
                collections[Kind.KONTAKTGRUPPE],
                collections[Kind.PERSONKATEGORI],
            )

        return self._understand(response, status)

    def understand_reading(self, response: Response) -> PersonReading | Refusal:
        """Read a twin's answer.

        Raises:
            RemoteWireError: the other side broke the contract.
        """

        def reading(content: Any) -> PersonReading:
            master = msgspec.convert(content[_MASTER], MasterData)
            return PersonReading(self._understand_collections(content), master)

        return self._understand(response, reading)

    def understand_code_lists(self, response: Response) -> tuple[CodeList, ...] | Refusal:
        """Read code lists; a single list gives a tuple of one.

        Raises:
            RemoteWireError: the other side broke the contract.
        """
        return self._understand(
            response,
            lambda content: tuple(
                self._understand_code_list(item) for item in (content if isinstance(content, list) else [content])
            ),
        )

    # both

    def _understand(self, response: Response, understand: Callable[[Any], T]) -> T | Refusal:
        if response.status != 200:
            return self._rest.understand_refusal(response)
        content = self._rest.decode(response, Any)
        try:
            return understand(content)
        except (KeyError, TypeError, ValueError) as exc:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"svaret er ikke som aftalt: {exc!r}")) from exc

    def _collections(self, collections: Mapping[Kind, Iterable[RegistrationView]]) -> dict[str, object]:
        return {
            self._name(plural): [self._rest.show(collection) for collection in collections[kind]]
            for kind, plural in _PLURAL.items()
        }

    def _understand_collections(self, content: Any) -> CollectionView:
        return {
            kind: tuple(self._rest.understand_view(item, kind) for item in content[self._name(plural)])
            for kind, plural in _PLURAL.items()
        }

    def _code_list(self, listing: CodeList) -> dict[str, object]:
        n = self._name
        return {
            n("kodelisteNavn"): listing.name,
            n("kodevaerdier"): [
                {
                    n("kodevaerdi"): value.code,
                    n("kodenavn"): value.name,
                    n("startdato"): value.valid_from,
                    n("slutdato"): value.valid_until,
                }
                for value in listing.values
            ],
        }

    def _understand_code_list(self, content: Any) -> CodeList:
        n = self._name
        return CodeList(
            msgspec.convert(content[n("kodelisteNavn")], str),
            tuple(
                Code(
                    msgspec.convert(item[n("kodevaerdi")], int),
                    msgspec.convert(item[n("kodenavn")], str),
                    msgspec.convert(item[n("startdato")], date),
                    msgspec.convert(item[n("slutdato")], date | None),
                )
                for item in content[n("kodevaerdier")]
            ),
        )


def _response(content: object) -> Response:
    return Response(200, {"content-type": JSON}, msgspec.json.encode(content))
