"""Opens the addresses of the real systems that play roles, and gives the roles to the suite."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from generalproeve.cast.casting import Part
from generalproeve.cast.comparison import CallComparison
from generalproeve.cast.external import ExternalCast, ExternalRole, Instructor
from generalproeve.cast.observations import Observations, ObservedCall
from generalproeve.cast.proxy import RecordingProxy, base_of, serve_proxies
from vos_contracts.contract import load
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.calls import CallReader
from vos_features.lines import Lines
from vos_features.stage import StageAccess
from vos_simulators.party import CastMembers


@dataclass(frozen=True, slots=True)
class ExternalParties:
    """Which parties are real, how many seconds they have for each step, and who tells them what to do."""

    parties: tuple[Part, ...]
    deadline: float
    instructor: Instructor


def _ignore(call: Call, response: Response, seconds: float) -> None:
    """A call that passes by is evidence only when a step has waited for it."""


@contextlib.contextmanager
def open_roles(
    external: ExternalParties,
    stage: StageAccess,
    step: Callable[[], str],
    keep: Callable[[ObservedCall], None],
) -> Iterator[Mapping[str, CastMembers]]:
    """Open them for as long as the block lasts; give the roles by name.

    Raises:
        CannotRun: a port is occupied.
    """
    contract = load(stage.contract)
    cast = ExternalCast(
        observations=Observations(),
        reader=CallReader(contract),
        comparison=CallComparison(contract.names),
        instructor=external.instructor,
        deadline=external.deadline,
        step=step,
        keep=keep,
    )
    stage_addresses = [base_of(address) for address in (stage.services, *stage.addresses.values())]
    with Lines(stage, contract, _ignore) as linjer:
        proxies = {
            party.name: RecordingProxy(
                party.name,
                linjer.services(party.parties[0]),
                cast.reader,
                cast.observations,
                stage_addresses=stage_addresses,
                systemheader=contract.names.header("system"),
                system=party.system,
            )
            for party in external.parties
        }
        with serve_proxies([(proxies[party.name], party.port) for party in external.parties]):
            yield {
                role: ExternalRole(cast, party.name, role, party.system, proxies[party.name])
                for party in external.parties
                for role in party.parties
            }
