"""Bulk registration: people onto the stage, then each one's registrations through the public services, several at a time.

DFDG knows citizens from CPR, so they come through the control API; everything about them comes as any caller's call would.
Not here: who registers what (`vos_simulators.datakanon`), nor how progress is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import Contract
from vos_contracts.wire.base import Transport
from vos_contracts.wire.rest.registration import Refusal
from vos_simulators import datakanon, parties
from vos_simulators.control import Control
from vos_simulators.datakanon import TestCitizen
from vos_simulators.parties import AKASSE
from vos_simulators.party import Channel, Party
from vos_simulators.people import on_stage

PORTION = 250
"""How many are put on the stage in one call."""


@dataclass
class Count:
    """How many citizens were registered, with how many registrations by method, and what was refused by error code."""

    people: int = 0
    registrations: Counter[str] = field(default_factory=Counter)
    refusal: Counter[int] = field(default_factory=Counter)

    def note(self, response: Mapping[str, str | Refusal]) -> None:
        """Count one citizen's answers."""
        self.people += 1
        for method, item in response.items():
            if isinstance(item, Refusal):
                self.refusal.update(error.code for error in item.errors)
            else:
                self.registrations[method] += 1


def bulk_create(
    control: Control,
    services: Transport,
    contract: Contract,
    *,
    count: int,
    seed: int,
    channel: Channel = Channel.PVS,
    open_connections: int = 8,
    recorded: Collection[str] = (),
    progress: Callable[[Count], None] = lambda tally: None,
) -> Count:
    """Register that many citizens, none of whom is among `recorded`; `progress` hears of each portion.

    Errors: ControlRefused, UnreachableError, RemoteWireError.
    """
    tally = Count()
    everyone = datakanon.test_citizens(seed, control.status().clock.date(), contract)
    people = (one_item for one_item in everyone if one_item.citizen.cpr not in recorded)
    with ThreadPoolExecutor(open_connections, thread_name_prefix="datakanon") as several:
        while tally.people < count:
            portion = list(islice(people, min(PORTION, count - tally.people)))
            _on_stage(control, portion)
            now = control.status().clock
            party = Party(parties.DATAKANON.identity(parties.STAR, now), contract, services, new_uuid)
            for response in several.map(lambda item: datakanon.register(party, item, now, channel), portion):  # noqa: B023 - done before the next portion
                tally.note(response)
            progress(tally)
    return tally


def _on_stage(control: Control, portion: Sequence[TestCitizen]) -> None:
    control.set_up(*(on_stage(item.citizen, akasse=AKASSE if item.member else None) for item in portion))
