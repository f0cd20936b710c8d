"""What a run came to, as values: scenes, their steps, the calls and messages they rest on, and their verdict.

Filled by `koersel`, read by the console, the journal and the reports. Not here: how any of them looks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from generalproeve.bevis import Beskedbevis, Kaldsbevis
from generalproeve.run.touched.assumptions import AssumedNames, called_services
from generalproeve.run.touched.facts import Fakta
from generalproeve.settings.values import LATENS_FRA
from generalproeve.udfald import Udfald, samlet
from vos_simulators.parties import ROLES


@dataclass(slots=True)
class Trin:
    """One step as it was played."""

    tekst: str
    udfald: Udfald = Udfald.SKIPPED
    forklaring: str = ""
    kald: list[Kaldsbevis] = field(default_factory=list)
    beskeder: list[Beskedbevis] = field(default_factory=list)
    sted: str = ""
    """File and line of the feature."""
    fakta: tuple[Fakta, ...] = ()
    """What it touches of the contract."""


@dataclass(slots=True)
class Sceneforloeb:
    """One scene as it was played."""

    egenskab: str
    navn: str
    krav: tuple[str, ...]
    eksempel: Mapping[str, str]
    trin: list[Trin]
    udfald: Udfald = Udfald.SKIPPED
    forklaring: str = ""
    sekunder: float = 0.0
    sted: str = ""
    """File and line of the feature."""
    nummer: int = 0
    """Its place in the order of the files."""
    forventet: str = ""
    """Why it was expected to come out as it did, where a file of expected differences says so."""

    @property
    def kanal(self) -> str:
        """The channel of the example, where the scene has one."""
        return self.eksempel.get("kanal", "")

    @property
    def registrant(self) -> str:
        """Who registers, where the example says so."""
        return self.eksempel.get("registrant", self.eksempel.get("rolle", ""))

    @property
    def roller(self) -> tuple[str, ...]:
        """Who takes part, as the steps name them."""
        return tuple(dict.fromkeys(fund for trin in self.trin for fund in _ROLLER.findall(trin.tekst)))

    @property
    def tjenester(self) -> tuple[str, ...]:
        """The services that the scene called."""
        return called_services(bevis.kald.sti for trin in self.trin for bevis in trin.kald)

    @property
    def fakta(self) -> tuple[Fakta, ...]:
        """What it touches of the contract, each fact once."""
        return tuple(dict.fromkeys(en for trin in self.trin for en in trin.fakta))

    @property
    def antagne(self) -> tuple[Fakta, ...]:
        """The facts among them that are our choice."""
        return tuple(en for en in self.fakta if en.antaget)

    @property
    def wsrm(self) -> str:
        """What the queues said, in a line."""
        sagt = Counter(
            f"{bevis.modtager}: {_KORT.get(bevis.besked.beskedtype, bevis.besked.beskedtype)} {bevis.besked.emne}"
            for trin in self.trin
            for bevis in trin.beskeder
        )
        return ", ".join(tekst if antal == 1 else f"{tekst} ×{antal}" for tekst, antal in sagt.items())


_ROLLER = re.compile(rf"\b(?:{'|'.join(sorted(ROLES, key=len, reverse=True))})\b")
_KORT = {
    "GetContactGroupVersion5": "KG5",
    "GetContactGroupVersion4": "KG4",
    "GetPersonCategoryVersion1": "PC1",
    "GetCprChanged": "CPR",
}


@dataclass(frozen=True, slots=True)
class Ramme:
    """What a run was played on: named in every report."""

    maal: str
    udgave: str
    bagende: str
    ur: datetime
    version: str
    kontrakt_hash: str
    overlay: str | None
    overlay_aendringer: tuple[str, ...]
    antagelser: AssumedNames = field(default_factory=dict)
    regler: tuple[Fakta, ...] = ()
    """Those that an explanation may name."""
    versioner: Mapping[str, str] = field(default_factory=dict)
    """What the run was made with, by name."""
    orden: str = ""
    """The seed of the order that the scenes were played in, "" for that of the files."""
    latens: str = LATENS_FRA
    """The model by which the stage answered slowly when the run began."""

    def antaget(self, scene: Sceneforloeb) -> Mapping[str, int]:
        """Count, per service that the scene called, the names that are our assumption."""
        return {tjeneste: len(self.antagelser.get(tjeneste, ())) for tjeneste in scene.tjenester}


@dataclass(slots=True)
class Forloeb:
    """A whole run."""

    ramme: Ramme
    scener: list[Sceneforloeb] = field(default_factory=list)
    i_alt: int = 0
    sekunder: float = 0.0
    indsamlingsfejl: list[str] = field(default_factory=list)

    @property
    def udfald(self) -> Udfald:
        """The verdict of the whole."""
        return samlet(scene.udfald for scene in self.scener)

    def antal(self) -> Mapping[Udfald, int]:
        """Count scenes by verdict."""
        return Counter(scene.udfald for scene in self.scener)


class Lytter(Protocol):
    """Hears a run as it goes."""

    def begyndt(self, forloeb: Forloeb) -> None:
        """The scenes are known."""

    def scene_spillet(self, forloeb: Forloeb, scene: Sceneforloeb) -> None:
        """A scene has its verdict."""

    def sluttet(self, forloeb: Forloeb) -> None:
        """The run is over."""


Klokke = Callable[[], float]
