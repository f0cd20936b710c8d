"""Open the proxies of the real systems, and return the roles that they play to the suite."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from generalproeve.cast.casting import CastParty
from generalproeve.cast.comparison import CallComparison
from generalproeve.cast.external import ExternalCast, ExternalRole, Instructor
from generalproeve.cast.observations import Observations, ObservedCall
from generalproeve.cast.proxy import RecordingProxy, base_of, serve_proxies
from vos_contracts.contract import load
from vos_contracts.wire.base import Call, Response
from vos_contracts.wire.calls import CallReader
from vos_features.lines import StageLines
from vos_features.stage import StageAccess
from vos_simulators.party import CastMember


@dataclass(frozen=True, slots=True)
class ExternalParties:
    """The parties that are real systems, their deadline per step in seconds, and the instructor."""

    parties: tuple[CastParty, ...]
    deadline: float
    instructor: Instructor


def _ignore(call: Call, response: Response, seconds: float) -> None:
    """Drop a forwarded call: it becomes evidence when a step takes it from the observations."""


@contextlib.contextmanager
def open_roles(
    external: ExternalParties,
    stage: StageAccess,
    step: Callable[[], str],
    keep: Callable[[ObservedCall], None],
) -> Iterator[Mapping[str, CastMember]]:
    """Serve the proxies for as long as the block lasts; yield the roles by name.

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
    with StageLines(stage, contract, _ignore) as lines:
        proxies = {
            party.name: RecordingProxy(
                party.name,
                lines.services(party.parties[0]),
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
