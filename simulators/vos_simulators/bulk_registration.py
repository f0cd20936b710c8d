"""Bulk registration: seed citizens, then register their groups and categories through the public services concurrently.

Citizens are seeded through the control API, because DFDG has them from CPR. Every registration is an ordinary service call.
Not here: which citizens and registrations (`vos_simulators.datakanon`), and the display of progress.
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
"""Citizens seeded per control call."""


@dataclass
class Count:
    """Number of registered citizens, registrations by method, and refusals by error code."""

    people: int = 0
    registrations: Counter[str] = field(default_factory=Counter)
    refusal: Counter[int] = field(default_factory=Counter)

    def note(self, response: Mapping[str, str | Refusal]) -> None:
        """Add one citizen's answers by method, as `datakanon.register` returns them."""
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
    """Register `count` citizens, skipping the CPR numbers in `recorded`; `progress` is called after each portion.

    Raises:
        ControlRefused
        UnreachableError
        RemoteWireError
    """
    tally = Count()
    candidates = datakanon.test_citizens(seed, control.status().clock.date(), contract)
    people = (candidate for candidate in candidates if candidate.citizen.cpr not in recorded)
    with ThreadPoolExecutor(open_connections, thread_name_prefix="datakanon") as executor:
        while tally.people < count:
            portion = list(islice(people, min(PORTION, count - tally.people)))
            _seed(control, portion)
            now = control.status().clock
            party = Party(parties.DATAKANON.identity(parties.STAR, now), contract, services, new_uuid)
            for response in executor.map(lambda item: datakanon.register(party, item, now, channel), portion):  # noqa: B023 - the map is consumed before `party` and `now` change
                tally.note(response)
            progress(tally)
    return tally


def _seed(control: Control, portion: Sequence[TestCitizen]) -> None:
    control.set_up(*(on_stage(item.citizen, akasse=AKASSE if item.member else None) for item in portion))
