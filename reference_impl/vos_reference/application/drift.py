"""What every use case is given: the collaborators of the running services, and the switches that the control API turns.

One object, made in `bootstrap`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from vos_contracts.control.journal import Post
from vos_contracts.koder.udgave import PrsSoap, Udgave
from vos_contracts.koder.wsb import Wsbtilstand
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.wire.wsb import Wsb
from vos_reference.application.ports import Store
from vos_reference.clock import StageClock

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(slots=True)
class Drift:
    """The running services' collaborators and their switches.

    The control API writes to `udgave`, `bagende` and `wsb_tilstand`, between two transactions (`turns.WriteTurns`).
    `latens` is the latency model that whoever serves the calls keeps to; here it is only shown.
    `noget_at_sende` is called after a commit that queued WSB, `haendelser_rejst` after one that may have raised events.
    """

    store: Store
    ur: StageClock
    ider: Callable[[], str]
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
