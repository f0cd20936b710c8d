"""What a stage puts up with from a caller: how much, how deep, how long and how many (docs/limits.md).

Not here: who holds each limit (`protokol` the line's, the services' edge the body's).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from generalproeve.udgang import KanIkkeKoere
from vos_contracts.wire.graenser import STANDARD, Kropsgraenser


@dataclass(frozen=True, slots=True)
class Graenser:
    """Bytes of a body and of a request's line and headers, levels, connections for each port, and seconds."""

    body: int = STANDARD.krop
    depth: int = STANDARD.dybde
    headers: int = 32 * 1024
    connections: int = 2000
    header_seconds: float = 10.0
    body_seconds: float = 30.0
    idle_seconds: float = 5.0

    @property
    def kropsgraenser(self) -> Kropsgraenser:
        """Return those that a reader of bodies holds."""
        return Kropsgraenser(self.body, self.depth)

    @property
    def forbindelser(self) -> int:
        """Return how many connections a port keeps: never more than a third of the files that the process may open."""
        filer = _filer()
        return self.connections if filer is None else min(self.connections, filer // 3)


LOFTER: Mapping[str, float] = {
    "body": 64 * 1024 * 1024,
    "depth": 200,
    "headers": 1024 * 1024,
    "connections": 100_000,
    "header_seconds": 3600,
    "body_seconds": 3600,
    "idle_seconds": 3600,
}
"""The highest that each may be set to; libxml2 itself goes no deeper than 256."""


def laes(hvor: str, vaerdi: object) -> Graenser:
    """Read a table, or flags NAME=NUMBER, over the defaults; errors: KanIkkeKoere naming the limit and its rule."""
    par = dict(_par(hvor, en) for en in vaerdi) if isinstance(vaerdi, tuple) else vaerdi
    if not isinstance(par, dict):
        raise KanIkkeKoere(f"{hvor}: must be a table of limits, not {vaerdi!r}")
    hele = {felt.name: isinstance(felt.default, int) for felt in fields(Graenser)}
    for navn, tal in par.items():
        if navn not in hele:
            raise KanIkkeKoere(f"{hvor}.{navn}: unknown limit; known are {', '.join(hele)}")
        gyldigt = isinstance(tal, int) or (isinstance(tal, float) and not hele[navn])
        if not gyldigt or isinstance(tal, bool) or not 0 < tal <= LOFTER[navn]:
            slags = "a whole number" if hele[navn] else "seconds"
            raise KanIkkeKoere(f"{hvor}.{navn}: must be {slags}, more than 0 and at most {LOFTER[navn]:g}, not {tal!r}")
    return replace(Graenser(), **par)


def _par(hvor: str, tekst: object) -> tuple[str, int | float]:
    navn, _, tal = str(tekst).partition("=")
    try:
        return navn, int(tal) if tal.isdecimal() else float(tal)
    except ValueError:
        raise KanIkkeKoere(f"{hvor}: must be NAME=NUMBER, such as body=65536, not {tekst}") from None


def _filer() -> int | None:
    """How many files the process may open; None where there is no limit of the kind."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    filer, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if filer == resource.RLIM_INFINITY else filer
