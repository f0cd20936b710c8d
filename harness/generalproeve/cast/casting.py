"""Who is played by a real system: `--cast kss=external[:PORT][,system=NUMBER]`, and which roles of the scenes that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generalproeve.base.exit_codes import CannotRun
from vos_simulators.parties import AKASSESYSTEM, KSD, KSS, LSS, PLANNER, external_roles

EXTERNAL, SIMULATED = "external", "simulated"


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of party: the roles of the scenes that its system plays, its usual port and its calling system.

    The system is another than the simulated party's, so that we who look on have queues of our own.
    """

    name: str
    parties: tuple[str, ...]
    port: int
    system: int


PARTIES = {
    item.name: item
    for item in (
        Part("kss", external_roles("kss"), 8490, KSS.system + 100),
        Part("akasse", external_roles("akasse"), 8491, AKASSESYSTEM.system + 100),
        Part("ksd", external_roles("ksd"), 8492, KSD.system + 100),
        Part("lss", external_roles("lss"), 8493, LSS.system),
        Part("planner", external_roles("planner"), 8494, PLANNER.system + 100),
    )
}


def read(choice: Sequence[str]) -> tuple[Part, ...]:
    """Read the options; return those that a real system plays. Errors: CannotRun naming option and rule."""
    external: dict[str, Part] = {}
    for item in choice:
        name, _, rest = item.partition("=")
        how, *andre = rest.split(",")
        kind, colon, port = how.partition(":")
        if name not in PARTIES:
            raise CannotRun(f"--cast {item}: {name!r} is no party; they are {', '.join(PARTIES)}")
        if (
            kind not in {EXTERNAL, SIMULATED}
            or (colon and not port.isdecimal())
            or (kind == SIMULATED and (colon or andre))
        ):
            raise CannotRun(f"--cast {item}: must be {name}=external[:PORT][,system=NUMBER] or {name}=simulated")
        if kind == SIMULATED:
            continue
        part = PARTIES[name]
        system = part.system
        for part_ in andre:
            key, _, number = part_.partition("=")
            if key != "system" or not number.isdecimal():
                raise CannotRun(f"--cast {item}: {part_!r} is not system=NUMBER")
            system = int(number)
        if colon and int(port) > 65535:
            raise CannotRun(f"--cast {item}: a port is 0-65535, not {port}")
        external[name] = Part(name, part.parties, int(port) if colon else part.port, system)
    return tuple(external.values())
