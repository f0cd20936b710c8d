"""What the reference is started with: frozen, complete, checked before anything is opened.

The fields are named as the stage's settings are (generalproeve.settings.stage), which fill them by name.
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
    """The reference's settings; `webhook_timeout` in seconds.

    `webhook_hosts` are those beside loopback that webservice messages may be sent to. `broker` is the address of a RabbitMQ
    that carries the domain events (`amqp://...`); None is one in the process.
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
