"""What a step rests on, as values: the calls with their answers, and the messages that were fetched."""

from __future__ import annotations

from dataclasses import dataclass

from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.calls import ReadCall
from vos_contracts.wire.wsrm import Besked


@dataclass(frozen=True, slots=True)
class Kaldsbevis:
    """One call of a scenario and its answer; `read` is what an external party's call was read as when it passed by."""

    kald: Kald
    svar: Svar
    sekunder: float
    read: ReadCall | None = None


@dataclass(frozen=True, slots=True)
class Beskedbevis:
    """One message of a scene and whose queue it was fetched from."""

    modtager: str
    besked: Besked
