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
from vos_contracts.kontrakt import indlaes
from vos_contracts.wire.base import Kald, Svar
from vos_contracts.wire.calls import CallReader
from vos_features.lines import Linjer
from vos_features.stage import Scenen
from vos_simulators.party import Medvirkende


@dataclass(frozen=True, slots=True)
class ExternalParties:
    """Which parties are real, how many seconds they have for each step, and who tells them what to do."""

    parties: tuple[Part, ...]
    deadline: float
    instructor: Instructor


def _ignore(kald: Kald, svar: Svar, sekunder: float) -> None:
    """A call that passes by is evidence only when a step has waited for it."""


@contextlib.contextmanager
def open_roles(
    external: ExternalParties,
    scenen: Scenen,
    step: Callable[[], str],
    keep: Callable[[ObservedCall], None],
) -> Iterator[Mapping[str, Medvirkende]]:
    """Open them for as long as the block lasts; give the roles by name.

    Raises:
        KanIkkeKoere: a port is occupied.
    """
    kontrakt = indlaes(scenen.kontrakt)
    cast = ExternalCast(
        observations=Observations(),
        reader=CallReader(kontrakt),
        comparison=CallComparison(kontrakt.navne),
        instructor=external.instructor,
        deadline=external.deadline,
        step=step,
        keep=keep,
    )
    stage_addresses = [base_of(address) for address in (scenen.tjenester, *scenen.adresser.values())]
    with Linjer(scenen, kontrakt, _ignore) as linjer:
        proxies = {
            party.navn: RecordingProxy(
                party.navn,
                linjer.tjenester(party.roller[0]),
                cast.reader,
                cast.observations,
                stage_addresses=stage_addresses,
                systemheader=kontrakt.navne.header("system"),
                system=party.system,
            )
            for party in external.parties
        }
        with serve_proxies([(proxies[party.navn], party.port) for party in external.parties]):
            yield {
                role: ExternalRole(cast, party.navn, role, party.system, proxies[party.navn])
                for party in external.parties
                for role in party.roller
            }
