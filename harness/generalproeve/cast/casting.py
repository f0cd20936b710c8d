"""The option `--cast kss=external[:PORT][,system=NUMBER]`: which parties are real systems, and the roles that they play."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generalproeve.base.exit_codes import CannotRun
from vos_simulators.parties import AKASSESYSTEM, KSD, KSS, LSS, PLANNER, external_roles

EXTERNAL, SIMULATED = "external", "simulated"
MAX_PORT = 65535


@dataclass(frozen=True, slots=True)
class CastParty:
    """A party that can be played by a real system: its roles in the scenarios, its proxy port and its calling system.

    Its calling system differs from that of the simulated party, so that the harness observes on queues of its own.
    """

    name: str
    parties: tuple[str, ...]
    port: int
    system: int


PARTIES = {
    part.name: part
    for part in (
        CastParty("kss", external_roles("kss"), 8490, KSS.system + 100),
        CastParty("akasse", external_roles("akasse"), 8491, AKASSESYSTEM.system + 100),
        CastParty("ksd", external_roles("ksd"), 8492, KSD.system + 100),
        CastParty("lss", external_roles("lss"), 8493, LSS.system),
        CastParty("planner", external_roles("planner"), 8494, PLANNER.system + 100),
    )
}


def read(choice: Sequence[str]) -> tuple[CastParty, ...]:
    """Read the options; return the parties that are played by a real system.

    Raises:
        CannotRun: names the option and the broken rule.
    """
    external: dict[str, CastParty] = {}
    for option in choice:
        name, _, rest = option.partition("=")
        how, *settings = rest.split(",")
        kind, colon, port = how.partition(":")
        if name not in PARTIES:
            raise CannotRun(f"--cast {option}: {name!r} is not a party; the parties are {', '.join(PARTIES)}")
        if (
            kind not in {EXTERNAL, SIMULATED}
            or (colon and not port.isdecimal())
            or (kind == SIMULATED and (colon or settings))
        ):
            raise CannotRun(f"--cast {option}: must be {name}=external[:PORT][,system=NUMBER] or {name}=simulated")
        if kind == SIMULATED:
            continue
        part = PARTIES[name]
        system = part.system
        for setting in settings:
            key, _, number = setting.partition("=")
            if key != "system" or not number.isdecimal():
                raise CannotRun(f"--cast {option}: {setting!r} is not system=NUMBER")
            system = int(number)
        if colon and int(port) > MAX_PORT:
            raise CannotRun(f"--cast {option}: a port is 0-{MAX_PORT}, not {port}")
        external[name] = CastParty(name, part.parties, int(port) if colon else part.port, system)
    return tuple(external.values())
