"""What the reference is started with: frozen, complete, checked before anything is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vos_contracts.koder.udgave import STANDARD, PrsSoap
from vos_contracts.wire.graenser import STANDARD as STANDARDGRAENSER
from vos_contracts.wire.graenser import Kropsgraenser
from vos_contracts.wsbstyring import Wsbtilstand


@dataclass(frozen=True, slots=True)
class Konfiguration:
    """The reference's settings; `wsb_tidsfrist` in seconds, ports 0 for a free one.

    `webhook_vaerter`: hosts beside loopback that webservice messages may be sent to. `maegler`: address of a RabbitMQ that
    carries the domain events (`amqp://...`); in the process if there is none.
    """

    db: Path
    host: str = "127.0.0.1"
    port: int = 8480
    kontrolport: int = 8481
    udgave: str = STANDARD
    kontrakt: Path | None = None
    bagende: PrsSoap | None = None
    ur: datetime | None = None
    tillad_rigtige_cpr: bool = False
    kropsgraenser: Kropsgraenser = STANDARDGRAENSER
    wsb_tilstand: Wsbtilstand = Wsbtilstand.OBSERVERET
    webhook_vaerter: frozenset[str] = frozenset()
    wsb_tidsfrist: float = 10.0
    maegler: str | None = None
