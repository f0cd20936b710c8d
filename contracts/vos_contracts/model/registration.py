"""The registrations of PersonVisiteringService v1 and PersonRegistrationService v9 as values, the same for both channels.

Type, event time and start time are absent from an update: they cannot be changed (epic AC 1005.17.28.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum

from vos_contracts.model.identity import Organisation


class Kind(StrEnum):
    """What is registered: a kontaktgruppe or a personkategori."""

    KONTAKTGRUPPE = "kontaktgruppe"
    PERSONKATEGORI = "personkategori"

    @property
    def name(self) -> str:
        """The name as STAR writes it in method names."""
        return self.value.capitalize()

    @property
    def plural(self) -> str:
        """The plural, as STAR writes it in method names."""
        return {Kind.KONTAKTGRUPPE: "Kontaktgrupper", Kind.PERSONKATEGORI: "Personkategorier"}[self]


class ChangeType(IntEnum):
    """How a registration changed; the numbers are those of the WSB message (starwiki FYS/4342317058)."""

    CREATED = 1
    CHANGED = 2
    DELETED = 3


@dataclass(frozen=True, slots=True)
class Create:
    """Register a new kontaktgruppe or personkategori; `id` is the caller's own identifier, or None if the service mints one."""

    kind: Kind
    type: int
    start: datetime
    event: datetime | None = None
    end: datetime | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Set the end time of a registration."""

    kind: Kind
    id: str
    end: datetime | None


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete an erroneous registration; its rows remain in the history."""

    kind: Kind
    id: str


RegistrationCommand = Create | Update | Delete


def method(command: RegistrationCommand) -> str:
    """Return the PersonVisiteringService method of a command, as the access and error tables name it."""
    match command:
        case Create(id=None):
            return f"Create{command.kind.name}"
        case Create():
            return f"Create{command.kind.name}MedIdentifier"
        case Update():
            return f"Update{command.kind.name}"
        case Delete():
            return f"Delete{command.kind.name}"


def soap_method(command: Create | Update) -> str:
    """Return the PersonRegistrationService operation of a command, with or without the caller's own identifier."""
    verb = "Create" if isinstance(command, Create) else "Update"
    return verb + {Kind.KONTAKTGRUPPE: "ContactGroup", Kind.PERSONKATEGORI: "PersonCategory"}[command.kind]


@dataclass(frozen=True, slots=True)
class RegistrationView:
    """One registration or one row of its history, as a read returns it."""

    kind: Kind
    id: str
    type: int
    event: datetime | None
    start: datetime
    end: datetime | None
    is_deleted: bool
    is_current: bool
    authority: Organisation
    registered: datetime
