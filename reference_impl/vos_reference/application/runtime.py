"""The object that every use case receives: the collaborators of the running services, and the switches of the control API."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from vos_contracts.contract import Contract
from vos_contracts.control.journal import JournalEntry
from vos_contracts.tables.releases import PrsSoap, Release
from vos_contracts.tables.webhooks import WsbMode
from vos_contracts.wire.messages.webhook import WebhookCodec
from vos_reference.application.ports import Store
from vos_reference.clock import StageClock

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(slots=True)
class Runtime:
    """The collaborators and the switches of one stage.

    The control API sets `release`, `backend` and `wsb_state` between transactions (`turns.WriteTurns`). `latency` names the
    latency model of the HTTP server, for display only. `on_wsb_queued` is called after a commit that queued webhook
    messages, `events_raised` after one that may have added events to the outbox.
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
    on_wsb_queued: Callable[[], None] = lambda: None
    events_raised: Callable[[], None] = lambda: None
    wsb: WebhookCodec = field(init=False)

    def __post_init__(self) -> None:
        self.wsb = WebhookCodec(self.contract)

    @property
    def prs_soap(self) -> PrsSoap:
        """The implementation behind PersonRegistrationService: withdrawn by the release, forced, or that of the release."""
        if self.release.prs_soap is PrsSoap.WITHDRAWN:
            return PrsSoap.WITHDRAWN
        return self.backend or self.release.prs_soap

    @property
    def read_soap(self) -> PrsSoap:
        """The implementation behind the SOAP reads: as for registration, but the converter where that is withdrawn."""
        return PrsSoap.CONVERTER if self.prs_soap is PrsSoap.WITHDRAWN else self.prs_soap
