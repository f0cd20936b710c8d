"""What every use case is given: the collaborators of the running services, and the switches that the control API turns.

One object, made in `bootstrap`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from vos_contracts.contract import Contract
from vos_contracts.control.journal import JournalEntry
from vos_contracts.tables.releases import PrsSoap, Release
from vos_contracts.tables.webhooks import WsbMode
from vos_contracts.wire.messages.webhook import Wsb
from vos_reference.application.ports import Store
from vos_reference.clock import StageClock

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(slots=True)
class Runtime:
    """The running services' collaborators and their switches.

    The control API writes to `release`, `backend` and `wsb_state`, between two transactions (`turns.WriteTurns`).
    `latency` is the latency model that whoever serves the calls keeps to; here it is only shown.
    `something_at_send` is called after a commit that queued WSB, `events_raised` after one that may have raised events.
    """

    store: Store
    clock: StageClock
    ids: Callable[[], str]
    contract: Contract
    release: Release
    backend: PrsSoap | None
    journal: Callable[[JournalEntry], None]
    wsb_state: WsbMode = WsbMode.OBSERVED
    webhook_hosts: frozenset[str] = LOOPBACK
    latency: str | None = None
    something_at_send: Callable[[], None] = lambda: None
    events_raised: Callable[[], None] = lambda: None
    wsb: Wsb = field(init=False)

    def __post_init__(self) -> None:
        self.wsb = Wsb(self.contract)

    @property
    def prs_soap(self) -> PrsSoap:
        """What stands behind PersonRegistrationService now: forced, else by release."""
        if self.release.prs_soap is PrsSoap.WITHDRAWN:
            return PrsSoap.WITHDRAWN
        return self.backend or self.release.prs_soap

    @property
    def read_soap(self) -> PrsSoap:
        """What stands behind the SOAP reads now: as for registration, and the converter where that is retired."""
        return PrsSoap.CONVERTER if self.prs_soap is PrsSoap.WITHDRAWN else self.prs_soap
