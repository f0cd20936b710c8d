"""The REST headers: citizen, request id and caller, under the names of the contract.

`read_*` is for a service, `write` for a caller. Not here: bodies and paths (`wire.rest.registration`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from vos_contracts.contract import Contract
from vos_contracts.model.cpr import birth_date
from vos_contracts.model.identity import Identity, Organisation, User
from vos_contracts.tables.errors import INVALID_REQUEST, ServiceError, sorted_by_code
from vos_contracts.wire.base import GIVEN_TWICE, TWICE, RemoteWireError
from vos_contracts.wire.instants import FIRST_YEAR, LAST_YEAR, is_transportable, read_instant

_EMAIL = re.compile(r"[^>\(\)\[\]\\,;:@\s]{0,191}@[^>\(\)\[\]\\,;:@\s]{1,64}")
_AUTHORITY = re.compile(r"-1|[0-9]{1,8}")
_CALL_ID_LENGTH = 46
_YEAR = f"{FIRST_YEAR}-{LAST_YEAR}"
_CACHE_SIZE = 1024
"""Size of the cache of valid caller headers: one user sends the same headers in every call, except for the time."""
INVALID_IDENTITY = 1100
"""The general authorisation error on REST, usually missing or wrong user metadata (FYS/3924263250)."""


class Headers:
    """Reads and writes the headers under the names of one contract."""

    def __init__(self, contract: Contract) -> None:
        self._names = {name: contract.names.header(name) for name in contract.names.of_kind("header")}
        self._lower = {name: wire_name.lower() for name, wire_name in self._names.items()}
        self._organisation_types = frozenset(contract.organisation_types)
        self._user_types = frozenset(contract.user_types)
        self._identity_names = tuple(self._lower[field.name] for field in _IDENTITY)
        self._known: dict[tuple[str | None, ...], Identity] = {}

    def read_cpr(self, headers: Mapping[str, str]) -> str:
        """Read the citizen's CPR number.

        Raises:
            RemoteWireError: 1014 if the header is missing, 1001 if it is not a CPR number.
        """
        cpr = headers.get(self._lower["cpr"])
        if cpr is None:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"{self._names['cpr']}: headeren mangler"))
        if TWICE in cpr:
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"{self._names['cpr']}: {GIVEN_TWICE}"))
        if birth_date(cpr) is None and cpr != "0000000000":
            raise RemoteWireError(
                ServiceError(1001, f"{self._names['cpr']}: skal være ti cifre, der begynder med en dato")
            )
        return cpr

    def read_call_id(self, headers: Mapping[str, str]) -> str:
        """Read the request id.

        Raises:
            RemoteWireError: 1014.
        """
        call_id = headers.get(self._lower["requestId"], "")
        if not 1 <= len(call_id) <= _CALL_ID_LENGTH or TWICE in call_id:
            rule = "headeren mangler" if not call_id else f"højst {_CALL_ID_LENGTH} tegn"
            rule = GIVEN_TWICE if TWICE in call_id else rule
            raise RemoteWireError(ServiceError(INVALID_REQUEST, f"{self._names['requestId']}: {rule}"))
        return call_id

    def read_identity(self, headers: Mapping[str, str]) -> Identity:
        """Read the caller's identity.

        Raises:
            RemoteWireError: one error for every header that is missing or breaks its rule.
        """
        texts = tuple([headers.get(name) for name in self._identity_names])
        known = self._known.get(texts[:-1])
        instant = None if known is None or texts[-1] is None else read_instant(texts[-1])
        if known is not None and instant is not None:
            return Identity(known.active, known.user, known.user_organisation, instant, known.system)
        identity = self._read_identity(texts)
        if len(self._known) >= _CACHE_SIZE:
            self._known.clear()
        self._known[texts[:-1]] = identity
        return identity

    def _read_identity(self, texts: tuple[str | None, ...]) -> Identity:
        values: dict[str, Any] = {}
        errors: list[ServiceError] = []
        for field, text in zip(_IDENTITY, texts, strict=True):
            value = None if text is None or TWICE in text else field.read(text)
            if value is None and (field.required or text is not None):
                rule = "headeren mangler" if text is None else GIVEN_TWICE if TWICE in text else field.rule
                errors.append(ServiceError(INVALID_IDENTITY, f"{self._names[field.name]}: {rule}"))
            values[field.name] = value
        for name in ("organisationType", "userOrganisationType"):
            if values[name] is not None and values[name] not in self._organisation_types:
                errors.append(ServiceError(8173, f"{self._names[name]}: {values[name]}"))
        if values["userType"] is not None and values["userType"] not in self._user_types:
            errors.append(ServiceError(8174, f"{self._names['userType']}: {values['userType']}"))
        if errors:
            raise RemoteWireError(*sorted_by_code(errors))
        return Identity(
            active=Organisation(values["organisationType"], values["organisationCode"]),
            user=User(values["userName"], values["userType"], values["userId"], values["userEmail"]),
            user_organisation=Organisation(values["userOrganisationType"], values["userOrganisationCode"]),
            registreringstidspunkt=values["registreringstidspunkt"],
            system=values["system"] or 0,
        )

    def read_system(self, headers: Mapping[str, str]) -> int:
        """Read the calling system, 0 if it is not given. SOAP calls without a client certificate use this header too.

        Raises:
            RemoteWireError: the other side broke the contract.
        """
        text = headers.get(self._lower["system"])
        system = 0 if text is None else _integer(text)
        if system is None:
            rule = GIVEN_TWICE if text is not None and TWICE in text else "skal være et helt tal"
            raise RemoteWireError(ServiceError(INVALID_IDENTITY, f"{self._names['system']}: {rule}"))
        return system

    def write_system(self, identity: Identity) -> dict[str, str]:
        """Write the calling system only, as a SOAP caller without a client certificate does."""
        return {self._lower["system"]: str(identity.system)} if identity.system else {}

    def write(self, identity: Identity, cpr: str = "", call_id: str = "") -> dict[str, str]:
        """Write a caller's headers with names in lower case; non-ASCII values are sent as UTF-8."""
        values = {
            "cpr": cpr,
            "requestId": call_id,
            "organisationType": str(identity.active.type),
            "organisationCode": identity.active.code,
            "userName": identity.user.name,
            "userType": str(identity.user.type),
            "userId": identity.user.id,
            "userEmail": identity.user.email or "",
            "userOrganisationType": str(identity.user_organisation.type),
            "userOrganisationCode": identity.user_organisation.code,
            "registreringstidspunkt": identity.registreringstidspunkt.isoformat(),
            "system": str(identity.system) if identity.system else "",
        }
        return {self._lower[name]: value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class _HeaderField:
    name: str
    read: Callable[[str], object | None]
    rule: str
    required: bool = True


def _integer(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def _organisation_type(text: str) -> int | None:
    number = _integer(text)
    return number if number is not None and 1 <= number <= 100 else None


def _text(limit: int) -> Callable[[str], str | None]:
    return lambda text: text if 1 <= len(text) <= limit and is_transportable(text) else None


def _pattern(pattern: re.Pattern[str]) -> Callable[[str], str | None]:
    return lambda text: text if pattern.fullmatch(text) and is_transportable(text) else None


_IDENTITY = (
    _HeaderField("organisationType", _organisation_type, "skal være et helt tal 1-100"),
    _HeaderField("organisationCode", _text(20), "skal have 1-20 tegn, som XML kan bære"),
    _HeaderField("userName", _text(140), "skal have 1-140 tegn, som XML kan bære"),
    _HeaderField("userType", _integer, "skal være et helt tal"),
    _HeaderField("userId", _text(255), "skal have 1-255 tegn, som XML kan bære"),
    _HeaderField("userEmail", _pattern(_EMAIL), "skal være en e-mailadresse", required=False),
    _HeaderField("userOrganisationType", _organisation_type, "skal være et helt tal 1-100"),
    _HeaderField("userOrganisationCode", _pattern(_AUTHORITY), "skal være -1 eller 1-8 cifre"),
    _HeaderField("system", _integer, "skal være et helt tal", required=False),
    _HeaderField(
        "registreringstidspunkt",
        read_instant,
        f"skal være en dateTime i årene {FIRST_YEAR}-{LAST_YEAR}, fx 2024-11-04T09:00:00+01:00",
    ),
)
