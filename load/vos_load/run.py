"""What the process that makes the calls must know, as one JSON document: where to, who calls, about whom, which profile.

Values only. Not here: what comes of it (`recording`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from vos_contracts.model.identity import Identity, Organisation, User
from vos_load.load_profile import Column, LoadProfile
from vos_simulators.access import Access

ASKED = 50
"""Citizens of a comparison that are kept for the calls that ask the target where its time goes."""


class TlsFiles(msgspec.Struct, frozen=True):
    """PEM files: client certificate, its key, and the trusted CA."""

    certificate: str | None = None
    key: str | None = None
    ca: str | None = None

    def access(self) -> Access:
        """Return them as any caller of the project has them."""
        return Access(*(None if file is None else Path(file) for file in msgspec.structs.astuple(self)))


class LoadRun(msgspec.Struct, kw_only=True):
    """One run. `services` is the address of all services but those in `addresses`; without `control` there is no control API.

    `clock` is the target's clock when the run was prepared; it goes on by itself unless `clock_stands`. `columns` are those of
    a comparison. Times in seconds.
    """

    profile: LoadProfile
    services: str
    seconds: float
    seed: int
    organisation: Organisation
    system: int
    citizens: tuple[str, ...] = ()
    clock: datetime
    clock_stands: bool = False
    user_organisation: Organisation | None = None
    user: User = User("Sofie Sagsbehandler", 2, "CVR:12345678-UUID:sofie")
    control: str | None = None
    addresses: Mapping[str, str] = {}
    tls: TlsFiles = TlsFiles()
    contract: str | None = None
    columns: tuple[Column, ...] = ()
    timeout: float = 30.0
    control_tls: TlsFiles = TlsFiles()

    def identity(self, now: datetime) -> Identity:
        """Say who calls at that instant."""
        return Identity(self.organisation, self.user, self.user_organisation or self.organisation, now, self.system)


def asked_citizens(run: LoadRun) -> int:
    """Return how many of the citizens are kept for calls that ask the target where its time goes."""
    return ASKED if Column.CONVERTER in run.columns else 0
