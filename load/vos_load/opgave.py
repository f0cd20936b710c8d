"""What the process that makes the calls is told, as one JSON document: where to, who calls, which citizens, which profile.

Values only. Not here: what comes of it (`optagelse`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from vos_contracts.model.identity import Bruger, Identitet, Organisation
from vos_load.profil import Kolonne, Profil
from vos_simulators.access import Adgang

SPURGTE = 50


class Tls(msgspec.Struct, frozen=True):
    """PEM files; as a caller's certificate is described anywhere."""

    certifikat: str | None = None
    noegle: str | None = None
    ca: str | None = None

    def adgang(self) -> Adgang:
        """Return it as any caller has it."""
        return Adgang(*(None if fil is None else Path(fil) for fil in msgspec.structs.astuple(self)))


class Opgave(msgspec.Struct, kw_only=True):
    """One run. `tjenester` is the address of all services but those in `adresser`; `styring` None: no control API.

    `ur` is the target's clock when the task was written, and it goes by itself unless `ur_staar`. `kanaler` are the columns
    of a comparison. `andele` is the number of processes that share the traffic. Times in seconds.
    """

    profil: Profil
    tjenester: str
    sekunder: float
    seed: int
    organisation: Organisation
    system: int
    borgere: tuple[str, ...]
    ur: datetime
    ur_staar: bool = False
    bruger_organisation: Organisation | None = None
    bruger: Bruger = Bruger("Sofie Sagsbehandler", 2, "CVR:12345678-UUID:sofie")
    styring: str | None = None
    adresser: Mapping[str, str] = {}
    tls: Tls = Tls()
    kontrakt: str | None = None
    kanaler: tuple[Kolonne, ...] = ()
    andele: int = 1
    tidsfrist: float = 30.0
    styringstls: Tls = Tls()
    """What is shown to the control API."""

    def identitet(self, nu: datetime) -> Identitet:
        """Say who calls at that instant."""
        return Identitet(self.organisation, self.bruger, self.bruger_organisation or self.organisation, nu, self.system)


def antal_spurgte(opgave: Opgave) -> int:
    """Return how many of the citizens are kept for calls that ask the target where its time goes."""
    return SPURGTE if Kolonne.CONVERTER in opgave.kanaler else 0
