"""Read a citizen's registrations: current, one by id, history, the collections of a SOAP service, or the status.

Not here: the filter by reader (`domain.views`, `domain.status`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vos_contracts.model.identity import Identity
from vos_contracts.model.reading import CitizenStatus, PersonReading, ReadService
from vos_contracts.model.registration import Kind
from vos_contracts.tables.errors import ServiceError
from vos_reference.application.ports import CprLookup
from vos_reference.application.registration import LOOKUP_ERRORS, SERVICE
from vos_reference.application.runtime import Runtime
from vos_reference.domain import status, views
from vos_reference.domain.access import refusal
from vos_reference.domain.decision import Refused, refused
from vos_reference.domain.person import Person
from vos_reference.domain.views import Shown

STATUS_METHOD = "VisiteringOgStatusStatusService.GetPersonVisiteringOgStatusStatus"


class Reading(StrEnum):
    """The read operations of PersonVisiteringService."""

    CURRENT = "current"
    SINGLE = "single"
    HISTORY = "history"

    def method(self, kind: Kind) -> str:
        """Return the method's name, e.g. GetKontaktgrupper, GetKontaktgruppe or GetKontaktgruppeHistorik."""
        match self:
            case Reading.CURRENT:
                return f"Get{kind.plural}"
            case Reading.SINGLE:
                return f"Get{kind.name}"
            case Reading.HISTORY:
                return f"Get{kind.name}Historik"


@dataclass(frozen=True, slots=True)
class Read:
    """The registrations read, as the reader sees them."""

    shown_values: tuple[Shown, ...]


def read(runtime: Runtime, cpr: str, kind: Kind, reading: Reading, reader: Identity, id: str = "") -> Read | Refused:
    """Read a citizen's registrations of one kind; `id` is the registration for a read of one.

    Raises:
        StoreUnavailable: the citizen cannot be read now.
    """
    found = _look_up(runtime, cpr, f"{SERVICE}.{reading.method(kind)}", reader)
    if isinstance(found, Refused):
        return found
    person, now = found
    match reading:
        case Reading.CURRENT:
            return Read(views.current(person, kind, reader, now, runtime.contract))
        case Reading.HISTORY:
            return Read(views.history(person, kind, reader, now, runtime.contract))
        case Reading.SINGLE:
            item = views.single(person, kind, id, reader, now, runtime.contract)
            return refused(ServiceError(4589)) if item is None else Read((item,))


def read_collections(runtime: Runtime, service: ReadService, cpr: str, reader: Identity) -> PersonReading | Refused:
    """Read what a SOAP service shows of a citizen.

    Raises:
        StoreUnavailable: the citizen cannot be read now.
    """
    found = _look_up(runtime, cpr, service.method, reader)
    if isinstance(found, Refused):
        return found
    person, now = found
    return status.collections(person, service, reader, now, runtime.release, runtime.contract)


def read_status(runtime: Runtime, cpr: str, reader: Identity) -> CitizenStatus | Refused:
    """Read the status.

    Raises:
        StoreUnavailable: the citizen cannot be read now.
    """
    found = _look_up(runtime, cpr, STATUS_METHOD, reader)
    if isinstance(found, Refused):
        return found
    person, now = found
    return status.status(person, reader, now, runtime.contract)


def _look_up(runtime: Runtime, cpr: str, method: str, reader: Identity) -> tuple[Person, datetime] | Refused:
    """Find the citizen and check access; return the citizen and the instant of the read, or the refusal."""
    with runtime.store.reading() as t:
        person = t.find_person(cpr)
    now = runtime.clock.now()  # after the read, so that no row found is later than `now`
    if isinstance(person, CprLookup):
        return refused(LOOKUP_ERRORS[person])
    access_errors = refusal(method, reader, person, now, runtime.contract.access)
    return refused(access_errors) if access_errors else (person, now)
