"""The target language: one string says which stage is played on (DECISIONS section 6).

`embedded:` is the reference in this process, with parameters after the colon: `embedded:release=2025-1`; an address is a remote
stage of which nothing more is known; anything else names a profile. Identity and transport are separate: `identitet` is what a
report names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generalproeve import profil
from generalproeve.konfiguration import Sceneopsaetning
from generalproeve.udgang import KanIkkeKoere
from vos_contracts.koder.udgave import STANDARD, PrsSoap
from vos_features.stage import Scenen
from vos_simulators.access import uden_token


@dataclass(frozen=True, slots=True)
class Indlejret:
    """The reference, started by us: its release, a forced back end and its latency where the target says them."""

    udgave: str | None = None
    bagende: PrsSoap | None = None
    latens: str | None = None

    @property
    def identitet(self) -> str:
        """What a report calls the target."""
        return f"reference {self.udgave or STANDARD}" + (f", {self.bagende}" if self.bagende else "")

    def valgt(self, opsaetning: Sceneopsaetning) -> Indlejret:
        """Return it as it is played, whoever said how: the target, a flag or the file."""
        return Indlejret(opsaetning.release, opsaetning.backend)


@dataclass(frozen=True, slots=True)
class Fjern:
    """A stage that runs already, under its profile's name if it has one."""

    navn: str
    scenen: Scenen

    @property
    def identitet(self) -> str:
        """What a report calls the target."""
        adresse = uden_token(self.scenen.tjenester)
        return f"{self.navn} ({adresse})" if self.navn else adresse


Maal = Indlejret | Fjern


def laes(
    tekst: str,
    profiler: Mapping[str, object] | None = None,
    fil: Path | None = None,
    *,
    styring: str | None = None,
    udgave: str | None = None,
) -> Maal:
    """Read a target; `styring` is the control API of a stage that is given by its address.

    Errors: KanIkkeKoere naming the part that is not understood.
    """
    art, kolon, rest = tekst.partition(":")
    if kolon and art == "embedded":
        if styring is not None:
            raise KanIkkeKoere(f"target {tekst!r}: the embedded stage has its own control API")
        return _indlejret(tekst, rest)
    if kolon and art in {"http", "https"}:
        return Fjern("", profil.fjern(tekst, styring, udgave))
    if profiler and fil is not None and tekst in profiler:
        if styring is not None:
            raise KanIkkeKoere(f"target {tekst!r}: a profile says its control API itself")
        return Fjern(tekst, profil.laes(fil, tekst, profiler[tekst], udgave))
    kendte = f"; the profiles of {fil} are {', '.join(profiler)}" if profiler else ""
    raise KanIkkeKoere(
        f"target {tekst!r}: must be embedded:[release=RELEASE][,backend=klassisk|converter][,latency=MODEL], "
        f"an address such as https://host, or a profile{kendte}"
    )


def _indlejret(tekst: str, rest: str) -> Indlejret:
    vaerdier: dict[str, str] = {}
    for del_ in filter(None, rest.split(",")):
        noegle, lig, vaerdi = del_.partition("=")
        if not lig or not vaerdi or noegle not in {"release", "backend", "latency"}:
            raise KanIkkeKoere(f"target {tekst!r}: {del_!r} is not release=RELEASE, backend=BACKEND or latency=MODEL")
        vaerdier[noegle] = vaerdi
    try:
        bagende = PrsSoap(vaerdier["backend"]) if "backend" in vaerdier else None
    except ValueError:
        raise KanIkkeKoere(f"target {tekst!r}: backend must be klassisk or converter") from None
    return Indlejret(vaerdier.get("release"), bagende, vaerdier.get("latency"))
