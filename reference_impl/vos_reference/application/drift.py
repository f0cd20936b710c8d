"""What may change while the services run: the release, the forced back end and how WSB fails, besides what never does.

One object, made in `bootstrap`, handed to everyone; only the control API writes to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from vos_contracts.journalpost import Post
from vos_contracts.koder.udgave import PrsSoap, Udgave
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire.wsb import Wsb
from vos_contracts.wsbstyring import Wsbtilstand
from vos_reference.application.ports import IdSource, Store
from vos_reference.clock import StageClock

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(slots=True)
class Drift:
    """The running services' collaborators and their switches.

    `latens` is what whoever serves them says of how slowly they are to answer; here it is only shown.
    `noget_at_sende` is called after a commit that queued WSB, `haendelser_rejst` after one that may have raised events.
    """

    store: Store
    ur: StageClock
    ider: IdSource
    kontrakt: Kontrakt
    udgave: Udgave
    bagende: PrsSoap | None
    journal: Callable[[Post], None]
    wsb_tilstand: Wsbtilstand = Wsbtilstand.OBSERVERET
    webhook_vaerter: frozenset[str] = LOOPBACK
    latens: str | None = None
    noget_at_sende: Callable[[], None] = lambda: None
    haendelser_rejst: Callable[[], None] = lambda: None
    wsb: Wsb = field(init=False)

    def __post_init__(self) -> None:
        self.wsb = Wsb(self.kontrakt)

    @property
    def prs_soap(self) -> PrsSoap:
        """What stands behind PersonRegistrationService now: forced, else by release."""
        if self.udgave.prs_soap is PrsSoap.UDGAAET:
            return PrsSoap.UDGAAET
        return self.bagende or self.udgave.prs_soap

    @property
    def laese_soap(self) -> PrsSoap:
        """What stands behind the SOAP reads now: as for registration, and the converter where that is retired."""
        return PrsSoap.CONVERTER if self.prs_soap is PrsSoap.UDGAAET else self.prs_soap
