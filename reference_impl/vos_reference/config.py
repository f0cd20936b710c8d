"""The configuration of the reference implementation.

The fields have the names of the stage's settings (`generalproeve.settings`), which fill them by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vos_contracts.tables.releases import STANDARD, PrsSoap
from vos_contracts.tables.webhooks import WsbMode
from vos_contracts.wire.asgi.body import STANDARD as DEFAULT_BODY_LIMITS
from vos_contracts.wire.asgi.body import BodyLimits


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of one stage; None for `contract` is the shipped contract, for `clock` the machine's time.

    `backend` forces the implementation behind the SOAP services; None leaves it to the release. `webhook_hosts` are the
    hosts besides loopback that webhook messages may be sent to; `webhook_timeout` is in seconds. `broker` is the address of
    a RabbitMQ for the domain events (`amqp://...`); None is a broker in this process. `durable` writes each commit to the disk
    before it is answered.
    """

    db: Path
    release: str = STANDARD
    contract: Path | None = None
    backend: PrsSoap | None = None
    clock: datetime | None = None
    allow_real_cpr: bool = False
    body_limits: BodyLimits = DEFAULT_BODY_LIMITS
    wsb_mode: WsbMode = WsbMode.OBSERVED
    webhook_hosts: tuple[str, ...] = ()
    webhook_timeout: float = 10.0
    broker: str | None = None
    durable: bool = False
