"""Who is played by a real system: `--cast kss=external[:PORT][,system=NUMBER]`, and which roles of the scenes that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generalproeve.base.exit_codes import KanIkkeKoere
from vos_simulators.parties import AKASSESYSTEM, KSD, KSS, LSS, PLANNER, external_roles

EKSTERN, SIMULERET = "external", "simulated"


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of party: the roles of the scenes that its system plays, its usual port and its calling system.

    The system is another than the simulated party's, so that we who look on have queues of our own.
    """

    navn: str
    roller: tuple[str, ...]
    port: int
    system: int


PARTER = {
    en.navn: en
    for en in (
        Part("kss", external_roles("kss"), 8490, KSS.system + 100),
        Part("akasse", external_roles("akasse"), 8491, AKASSESYSTEM.system + 100),
        Part("ksd", external_roles("ksd"), 8492, KSD.system + 100),
        Part("lss", external_roles("lss"), 8493, LSS.system),
        Part("planner", external_roles("planner"), 8494, PLANNER.system + 100),
    )
}


def laes(valg: Sequence[str]) -> tuple[Part, ...]:
    """Read the options; return those that a real system plays. Errors: KanIkkeKoere naming option and rule."""
    eksterne: dict[str, Part] = {}
    for en in valg:
        navn, _, resten = en.partition("=")
        hvordan, *andre = resten.split(",")
        art, kolon, port = hvordan.partition(":")
        if navn not in PARTER:
            raise KanIkkeKoere(f"--cast {en}: {navn!r} is no party; they are {', '.join(PARTER)}")
        if (
            art not in {EKSTERN, SIMULERET}
            or (kolon and not port.isdecimal())
            or (art == SIMULERET and (kolon or andre))
        ):
            raise KanIkkeKoere(f"--cast {en}: must be {navn}=external[:PORT][,system=NUMBER] or {navn}=simulated")
        if art == SIMULERET:
            continue
        part = PARTER[navn]
        system = part.system
        for del_ in andre:
            noegle, _, tal = del_.partition("=")
            if noegle != "system" or not tal.isdecimal():
                raise KanIkkeKoere(f"--cast {en}: {del_!r} is not system=NUMBER")
            system = int(tal)
        if kolon and int(port) > 65535:
            raise KanIkkeKoere(f"--cast {en}: a port is 0-65535, not {port}")
        eksterne[navn] = Part(navn, part.roller, int(port) if kolon else part.port, system)
    return tuple(eksterne.values())
