"""A real system in a role of the scenes: say what it must do, wait until it has, and bring its answer back as ours would be.

The call that is meant is made as the simulated party would make it, and never sent. Errors of waiting: an AssertionError with
the differences where a call came close; KaldteIkke where none did. Not here: how any of it looks (`rolle.tolk`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Protocol

from generalproeve.rolle.handling import Handling, Handlingslaeser
from generalproeve.rolle.iagttagelser import Iagttagelser, Iagttaget
from generalproeve.rolle.sammenligning import Forskel, Sammenligning
from vos_contracts.base import stopwatch
from vos_contracts.model.identity import Identitet
from vos_contracts.wire.base import Kald, Svar
from vos_features.omission import spring_over

TAKT_S = 0.2
"""How often whoever waits looks at the keys and the clock."""


class KaldteIkke(Exception):
    """The real system made no call that could have been meant: we could not observe anything."""


class Valg(Enum):
    """What somebody at the keyboard may ask for while we wait."""

    SPRING_OVER = auto()
    PROEV_IGEN = auto()
    OPGIV = auto()


@dataclass(frozen=True, slots=True)
class Opgave:
    """What a real system must do now."""

    nr: int
    part: str
    rolle: str
    trin: str
    handling: Handling
    adresse: str
    frist: float


class Adresseret(Protocol):
    """What has an address that is known when it is open."""

    adresse: str


class Tolk(Protocol):
    """Tells people and machines what a real system must do, and how it went; hears what they choose."""

    def skal(self, opgave: Opgave) -> None:
        """It must do this now."""

    def venter(self, opgave: Opgave, rest: float, naer: Sequence[Forskel]) -> Valg | None:
        """So many seconds are left, and the closest call differs so; return what somebody chose, if anything."""

    def gjort(self, opgave: Opgave, kom: Iagttaget) -> None:
        """It did."""

    def udeblev(self, opgave: Opgave, naer: Sequence[Forskel]) -> None:
        """The deadline passed; the closest call, if any, differed so."""


@dataclass
class Rolleliste:
    """What all external roles of a run share: the calls that pass by, how they are read and compared, who tells of it."""

    iagttagelser: Iagttagelser
    laeser: Handlingslaeser
    sammenligning: Sammenligning
    tolk: Tolk
    frist: float
    trin: Callable[[], str]
    lyt: Callable[[Kald, Svar, float], None]
    opgivet: bool = False
    nr: int = 0


class Ekstern:
    """One role of the scenes that a real system plays: a `Medvirkende`."""

    def __init__(self, faelles: Rolleliste, part: str, rolle: str, system: int, dens: Adresseret) -> None:
        self._faelles = faelles
        self._part = part
        self._rolle = rolle
        self._dens = dens
        self.system = system
        self._kaldere: list[Identitet] = []
        self._stier: set[str] = set()

    @property
    def kaldere(self) -> Sequence[Identitet]:
        """Return who the system has said it was in the scene, call by call."""
        return tuple(self._kaldere)

    @property
    def stier(self) -> frozenset[str]:
        """Return the paths that the system has called in the scene."""
        return frozenset(self._stier)

    def begynd(self) -> None:
        """Begin a scene."""
        self._kaldere.clear()
        self._stier.clear()

    def send(self, kald: Kald) -> Svar:
        """Wait until the system has made this call, and return what it was answered; errors: see the module."""
        faelles = self._faelles
        if faelles.opgivet:
            spring_over("resten er opgivet ved tastaturet")
        ventet = faelles.laeser.laes(kald)
        assert ventet is not None, f"{kald.metode} {kald.sti} is no call that a party can be asked to make"
        if ventet.kalder is not None:
            ventet = replace(ventet, kalder=replace(ventet.kalder, system=self.system))
        faelles.nr += 1
        opgave = Opgave(faelles.nr, self._part, self._rolle, faelles.trin(), ventet, self._dens.adresse, faelles.frist)
        faelles.tolk.skal(opgave)
        kom = self._vent(opgave)
        self._stier.add(kom.handling.sti)
        if kom.handling.kalder is not None:
            self._kaldere.append(kom.handling.kalder)
        faelles.tolk.gjort(opgave, kom)
        faelles.lyt(kom.kald, kom.svar, kom.sekunder)
        return kom.svar

    def _vent(self, opgave: Opgave) -> Iagttaget:
        faelles, ventet = self._faelles, opgave.handling
        frist = stopwatch.seconds() + opgave.frist
        while True:
            kom = faelles.iagttagelser.tag(
                lambda en: not faelles.sammenligning.forskelle(ventet, en.handling), min(TAKT_S, opgave.frist)
            )
            if kom is not None:
                return kom
            naer = self._naermeste(ventet)
            rest = frist - stopwatch.seconds()
            match faelles.tolk.venter(opgave, max(rest, 0.0), naer):
                case Valg.SPRING_OVER:
                    spring_over(f"{opgave.part} sprang over: {opgave.trin}")
                case Valg.OPGIV:
                    faelles.opgivet = True
                    spring_over("opgivet ved tastaturet")
                case Valg.PROEV_IGEN:
                    self._glem(ventet)
                    frist = stopwatch.seconds() + opgave.frist
                    continue
                case None:
                    pass
            if rest <= 0:
                faelles.tolk.udeblev(opgave, naer)
                self._glem(ventet)
                self._opgoer(opgave, naer)

    def _opgoer(self, opgave: Opgave, naer: Sequence[Forskel]) -> None:
        if naer:
            raise AssertionError(f"{opgave.part} kaldte anderledes end ventet: " + "; ".join(map(str, naer)))
        raise KaldteIkke(f"{opgave.part} kaldte ikke inden for {opgave.frist:g} s: {opgave.trin}")

    def _naermeste(self, ventet: Handling) -> Sequence[Forskel]:
        """Return how the call that is most like the one that is meant differs; empty where none was an attempt at it."""
        fundne = [self._faelles.sammenligning.forskelle(ventet, en.handling) for en in self._forsoeg(ventet)]
        return min(fundne, key=len, default=())

    def _forsoeg(self, ventet: Handling) -> list[Iagttaget]:
        return [
            en
            for en in self._faelles.iagttagelser.ledige()
            if en.rolle == self._part and self._faelles.sammenligning.naer(ventet, en.handling)
        ]

    def _glem(self, ventet: Handling) -> None:
        """Let what was an attempt at this step be evidence of it, and none at the next."""
        for en in self._forsoeg(ventet):
            en.taget = True
            self._faelles.lyt(en.kald, en.svar, en.sekunder)
            self._stier.add(en.handling.sti)
