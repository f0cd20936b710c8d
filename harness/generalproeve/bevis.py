"""What a step rests on, as values: the calls with their answers, and the messages that were fetched."""

from __future__ import annotations

from dataclasses import dataclass

from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.wsrm import Besked


@dataclass(frozen=True, slots=True)
class Kaldsbevis:
    """One call of a scene and its answer."""

    kald: Kald
    svar: Svar
    sekunder: float


@dataclass(frozen=True, slots=True)
class Beskedbevis:
    """One message of a scene and whose queue it was fetched from."""

    modtager: str
    besked: Besked
