"""PersonVisiteringService v1 on the wire: paths, bodies, answers and errors, under the names of the contract.

`read_*` and `write_*` are for the service, `call_*` and `understand_*` for a caller. Not here: headers (`wire.rest.headers`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Annotated, Any

import msgspec

from vos_contracts.contract import Contract
from vos_contracts.model.identity import Identity, Organisation
from vos_contracts.model.registration import Create, Delete, Kind, RegistrationCommand, RegistrationView, Update
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError, sorted_by_code
from vos_contracts.wire.asgi.body import in_our_spelling, is_unambiguous, require_unambiguous
from vos_contracts.wire.base import MAX_ERRORS, Call, RemoteWireError, Response, short
from vos_contracts.wire.instants import DANISH_TIME, DATE_TIME, FIRST_YEAR, LAST_YEAR, in_calendar
from vos_contracts.wire.rest.headers import Headers

JSON = "application/json"
UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")

Time = Annotated[datetime, msgspec.Meta(tz=True)]
CodeValue = Annotated[int, msgspec.Meta(ge=0, le=10000)]

_RULES = {
    "type": "skal være et helt tal 0-10000",
    "event": "skal være en date-time med offset, fx 2024-11-04T00:00:00+01:00",
    "start": "skal være en date-time med offset, fx 2024-11-04T00:00:00+01:00",
    "end": "skal være en date-time med offset, fx 2024-11-04T00:00:00+01:00",
}
_ONLY_DATE_TIMES = re.compile(rb'[^"]*(?:"(?:\D[^"\\]*|%b)"[^"]*)*' % DATE_TIME.pattern.encode())
"""A body whose strings are names or date-times; msgspec itself also reads a blank for T, and an offset without a colon."""
_FIELD_NAMES = {"event": "haendelsestidspunkt", "start": "starttidspunkt", "end": "sluttidspunkt"}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal as a caller sees it: the HTTP status, and the errors in the order of the answer.

    `texts` are the texts of the errors as the answer has them, over SOAP with what the service added. Equality ignores them.
    """

    status: int
    errors: tuple[ServiceError, ...]
    texts: tuple[str, ...] = field(default=(), compare=False)
    by_soap: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        said = ", ".join(f"{error.code} {error.description}".strip() for error in self.errors)
        return f"status {self.status} med {said or 'ingen fejlkode'}"


class Rest:
    """Reads and writes bodies under the names of one contract."""

    def __init__(self, contract: Contract) -> None:
        self.headers = Headers(contract)
        self._names = contract.names
        self._errors = contract.errors
        self._json = dict(contract.names.of_kind("json"))
        self.paths: Mapping[Kind, str] = {kind: contract.names.path(kind.value) for kind in Kind}
        self.history = contract.names.path("history")
        self._create = {kind: self._dto(kind, ("type", "start", "event", "end"), {"type", "start"}) for kind in Kind}
        self._update = {kind: self._dto(kind, ("end",), set()) for kind in Kind}
        dtos = (*self._create.values(), *self._update.values())
        self._fields = {
            dto: tuple(msgspec.json.encode(field) for field in dto.__struct_encode_fields__) for dto in dtos
        }
        self._view = {kind: self._view_names(kind) for kind in Kind}

    # the service's side

    def read_id(self, text: str, kind: Kind) -> str:
        """Read an identifier from the path, in lower case.

        Raises:
            RemoteWireError: 1014.
        """
        if not UUID.fullmatch(text):
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"{self._json[f'{kind.value}Id']}: skal være en uuid"))
        return text.lower()

    def read_create(self, kind: Kind, body: bytes, id: str | None) -> Create:
        """Read the body of a create.

        Raises:
            RemoteWireError: one 1014 per field that breaks its rule.
        """
        dto = self._read(self._create[kind], body, kind)
        return Create(kind=kind, type=dto.type, start=dto.start, event=dto.event, end=dto.end, id=id)

    def read_update(self, kind: Kind, body: bytes, id: str) -> Update:
        """Read the body of an update.

        Raises the same errors as `read_create`.
        """
        return Update(kind=kind, id=id, end=self._read(self._update[kind], body, kind).end)

    def write_id(self, id: str) -> Response:
        """Answer a registration with its identifier as a JSON string."""
        return Response(200, {"content-type": JSON}, msgspec.json.encode(id))

    def write_views(self, views: Iterable[RegistrationView]) -> Response:
        """Answer with a list of registrations, possibly empty."""
        return Response(200, {"content-type": JSON}, msgspec.json.encode([self.show(item) for item in views]))

    def write_view(self, view: RegistrationView) -> Response:
        """Answer with one registration."""
        return Response(200, {"content-type": JSON}, msgspec.json.encode(self.show(view)))

    def write_errors(self, errors: Sequence[ServiceError], status: int = 0) -> Response:
        """Answer with a refusal; without `status`, the HTTP status is the table's for the first error."""
        names = self._json
        listing: list[dict[str, object]] = []
        for error in errors[:MAX_ERRORS]:
            text = self._errors[error.code].rest if error.code in self._errors else f"Fejl {error.code}"
            entry: dict[str, object] = {names["fejlkode"]: error.code, names["fejltekst"]: text}
            if error.description:
                entry[names["beskrivelse"]] = short(error.description)
            listing.append(entry)
        if not status:
            status = self._errors[errors[0].code].http_status if errors[0].code in self._errors else 400
        return Response(status, {"content-type": JSON}, msgspec.json.encode({names["fejl"]: listing}))

    # the caller's side

    def call_register(self, cpr: str, command: RegistrationCommand, identity: Identity, call_id: str) -> Call:
        """Write the call of a command."""
        headers = self.headers.write(identity, cpr, call_id)
        path, body, http_method = self.paths[command.kind], b"", "POST"
        match command:
            case Create():
                path = path if command.id is None else f"{path}/{command.id}"
                body = msgspec.json.encode(
                    self._encoded(
                        command.kind,
                        {
                            "type": command.type,
                            "event": command.event,
                            "start": command.start,
                            "end": command.end,
                        },
                    )
                )
            case Update():
                path, http_method = f"{path}/{command.id}", "PUT"
                body = msgspec.json.encode(self._encoded(command.kind, {"end": command.end}))
            case Delete():
                path, http_method = f"{path}/{command.id}", "DELETE"
        if body:
            headers["content-type"] = JSON
        return Call(http_method, path, headers, body)

    def call_read(self, cpr: str, kind: Kind, identity: Identity, part: str = "") -> Call:
        """Write a read: of the current registrations, or with `part` of one id or of the `history` path."""
        path = self.paths[kind]
        return Call("GET", f"{path}/{part}" if part else path, self.headers.write(identity, cpr))

    def understand_id(self, response: Response) -> str | Refusal:
        """Read the answer to a registration.

        Raises:
            RemoteWireError: the answer is neither an id nor a refusal.
        """
        if response.status != 200:
            return self.understand_refusal(response)
        id_: str = self.decode(response, str)
        if not UUID.fullmatch(id_):
            raise RemoteWireError(ServiceError(INVALID_REQUEST, "svaret er ikke en uuid"), status=response.status)
        return id_

    def understand_views(self, response: Response, kind: Kind) -> tuple[RegistrationView, ...] | Refusal:
        """Read the answer to a read; a single registration gives a tuple of one."""
        if response.status != 200:
            return self.understand_refusal(response)
        content = self.decode(response, Any)
        listing = content if isinstance(content, list) else [content]
        try:
            return tuple(self.understand_view(item, kind) for item in listing)
        except (KeyError, TypeError, msgspec.ValidationError) as exc:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"svaret er ikke en {kind.value}: {exc!r}")) from exc

    def understand_refusal(self, response: Response) -> Refusal:
        """Read a refusal.

        Raises:
            RemoteWireError: the body does not have the documented error structure.
        """
        names = self._json
        content = self.decode(response, Any)
        try:
            errors = tuple(
                ServiceError(int(item[names["fejlkode"]]), str(item.get(names["beskrivelse"], "")))
                for item in content[names["fejl"]]
            )
            texts = tuple(str(item.get(names["fejltekst"], "")) for item in content[names["fejl"]])
        except (KeyError, TypeError, AttributeError, ValueError) as exc:
            raise RemoteWireError(
                ServiceError(INVALID_REQUEST, f"svaret {response.status} har ikke fejlstrukturen"),
                status=response.status,
            ) from exc
        return Refusal(response.status, errors, texts)

    # both

    def _field_name(self, field: str, kind: Kind) -> str:
        return self._json[_FIELD_NAMES.get(field, f"{kind.value}Type")]

    def _dto(self, kind: Kind, fields: Sequence[str], required: set[str]) -> type[msgspec.Struct]:
        types: dict[str, Any] = {"type": CodeValue, "start": Time, "event": Time | None, "end": Time | None}
        return msgspec.defstruct(
            f"{'Create' if required else 'Update'}{kind.name}RequestDto",
            [(field, types[field]) if field in required else (field, types[field], None) for field in fields],
            rename={field: self._field_name(field, kind) for field in fields},
            forbid_unknown_fields=True,
            kw_only=True,
        )

    def _read(self, dto: type[msgspec.Struct], body: bytes, kind: Kind) -> Any:
        try:
            decoded = msgspec.json.decode(body, type=dto)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            respelled = in_our_spelling(dto.__struct_encode_fields__, body)
            if respelled != body:
                return self._read(dto, respelled, kind)
            errors = list(self._body_errors(dto, body)) or [ServiceError(INVALID_REQUEST, "kroppen kan ikke læses")]
            raise RemoteWireError(*sorted_by_code(errors)) from None
        in_calendar = all(_in_calendar(getattr(decoded, field)) for field in dto.__struct_fields__)
        if not (in_calendar and _ONLY_DATE_TIMES.fullmatch(body)):  # escapes are decoded, and the form is checked then
            errors = list(self._body_errors(dto, body))
            if errors:
                raise RemoteWireError(*sorted_by_code(errors))
        if not is_unambiguous(body, self._fields[dto]):
            require_unambiguous(body)
        return decoded

    def _body_errors(self, dto: type[msgspec.Struct], body: bytes) -> Iterable[ServiceError]:
        """Find every error of a body, field by field; none if the body is right or the fault is outside its fields."""
        try:
            content = msgspec.json.decode(body.decode("utf-8"))
        except UnicodeDecodeError as exc:
            return [ServiceError(INVALID_REQUEST, f"kroppen er ikke UTF-8 (byte {exc.start})")]
        except (msgspec.DecodeError, RecursionError):
            return [ServiceError(INVALID_REQUEST, "kroppen er ikke gyldig JSON")]
        if not isinstance(content, dict):
            return [ServiceError(INVALID_REQUEST, "kroppen skal være et JSON-objekt")]
        fields = {field.encode_name: field for field in msgspec.structs.fields(dto)}
        errors = [
            ServiceError(INVALID_REQUEST, f"{name}: feltet findes ikke; kendte felter er {', '.join(fields)}")
            for name in islice((item for item in content if item not in fields), MAX_ERRORS)
        ]
        for name, rule in fields.items():
            if name not in content:
                if rule.required:
                    errors.append(ServiceError(INVALID_REQUEST, f"{name}: feltet mangler"))
                continue
            try:
                value = msgspec.convert(content[name], rule.type)
                if isinstance(value, datetime) and not DATE_TIME.fullmatch(content[name]):
                    raise msgspec.ValidationError
            except msgspec.ValidationError:
                errors.append(ServiceError(INVALID_REQUEST, f"{name}: {_RULES[rule.name]}"))
                continue
            if not _in_calendar(value):
                errors.append(ServiceError(INVALID_REQUEST, f"{name}: skal ligge i årene {FIRST_YEAR}-{LAST_YEAR}"))
        return errors

    def _encoded(self, kind: Kind, values: Mapping[str, object]) -> dict[str, object]:
        return {self._field_name(field, kind): value for field, value in values.items() if value is not None}

    def _view_names(self, kind: Kind) -> tuple[str, ...]:
        names = self._json
        return (
            names[f"{kind.value}Id"],
            names[f"{kind.value}Type"],
            names["haendelsestidspunkt"],
            names["starttidspunkt"],
            names["sluttidspunkt"],
            names["registreringsmetadata"],
            names["erSlettet"],
            names["erAktuel"],
            names["registrerendeMyndighed"],
            names["organisationType"],
            names["organisationKode"],
            names["registreringstidspunkt"],
        )

    def show(self, item: RegistrationView) -> dict[str, object]:
        """Return the JSON object of one registration, for a larger body."""
        (
            id_,
            type_,
            event,
            start,
            end,
            metadata,
            is_deleted,
            is_current,
            authority,
            otype,
            organisation_code,
            instant,
        ) = self._view[item.kind]
        return {
            id_: item.id,
            type_: item.type,
            event: _danish(item.event),
            start: _danish(item.start),
            end: _danish(item.end),
            metadata: {
                is_deleted: item.is_deleted,
                is_current: item.is_current,
                authority: {otype: item.authority.type, organisation_code: item.authority.code},
                instant: _danish(item.registered),
            },
        }

    def understand_view(self, item: Mapping[str, Any], kind: Kind) -> RegistrationView:
        """Read the JSON object of one registration.

        Raises:
            KeyError, TypeError, msgspec.ValidationError: the object does not have the contract's shape.
        """
        (
            id_,
            type_,
            event,
            start,
            end,
            metadata,
            is_deleted,
            is_current,
            authority,
            otype,
            organisation_code,
            instant,
        ) = self._view[kind]
        meta = item[metadata]
        return RegistrationView(
            kind=kind,
            id=msgspec.convert(item[id_], str),
            type=msgspec.convert(item[type_], int),
            event=msgspec.convert(item.get(event), Time | None),
            start=msgspec.convert(item[start], Time),
            end=msgspec.convert(item.get(end), Time | None),
            is_deleted=msgspec.convert(meta[is_deleted], bool),
            is_current=msgspec.convert(meta[is_current], bool),
            authority=Organisation(
                msgspec.convert(meta[authority][otype], int), msgspec.convert(meta[authority][organisation_code], str)
            ),
            registered=msgspec.convert(meta[instant], Time),
        )

    def decode(self, response: Response, type_: Any) -> Any:
        """Decode an answer's JSON body.

        Raises:
            RemoteWireError: the other side broke the contract.
        """
        try:
            return msgspec.json.decode(response.body, type=type_)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
            raise RemoteWireError(
                ServiceError(INVALID_REQUEST, f"svaret {response.status} er ikke den aftalte JSON"),
                status=response.status,
            ) from exc


def _danish(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(DANISH_TIME)


def _in_calendar(value: object) -> bool:
    return not isinstance(value, datetime) or in_calendar(value)
