"""Operations' part of the store in memory: the outbox of domain events, rows by number, changed citizens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from vos_reference.adapters.idkilde import UuidKilde
from vos_reference.application.driftsport import Haendelseskonvolut
from vos_reference.domain.person import Person, Registrering


@dataclass(slots=True)
class Driftsspor:
    """What has happened, numbered; the numbers go on when the rest is forgotten."""

    generation: str = field(default_factory=lambda: UuidKilde().ny())
    naeste: int = 1
    haendelser: dict[int, Haendelseskonvolut] = field(default_factory=dict)
    raekker: dict[int, tuple[str, Registrering]] = field(default_factory=dict)
    aendringer: dict[str, int] = field(default_factory=dict)
    positioner: dict[tuple[str, str], int] = field(default_factory=dict)

    def kopi(self) -> Driftsspor:
        """Copy, for a transaction to work on."""
        return replace(
            self,
            haendelser=dict(self.haendelser),
            raekker=dict(self.raekker),
            aendringer=dict(self.aendringer),
            positioner=dict(self.positioner),
        )

    def nummer(self) -> int:
        """Take the next number."""
        self.naeste += 1
        return self.naeste - 1

    def tilfoej(self, person_id: str, raekker: Iterable[Registrering]) -> None:
        """Number new rows of a citizen's history."""
        for raekke in raekker:
            self.raekker[self.nummer()] = (person_id, raekke)

    def aendret(self, person_id: str) -> None:
        """Number a change of a citizen in place of the citizen's former one."""
        self.aendringer[person_id] = self.nummer()

    def tomt(self) -> Driftsspor:
        """Forget everything but the numbers."""
        return Driftsspor(naeste=self.naeste)


class MemoryDrift:
    """Reads and writes on one copy of the track."""

    spor: Driftsspor
    personer: dict[str, Person]

    def laeg_haendelser(self, konvolutter: Sequence[Haendelseskonvolut]) -> None:
        """See `Driftstransaktion.laeg_haendelser`."""
        for en in konvolutter:
            self.spor.haendelser[self.spor.nummer()] = en

    def haendelser_efter(self, domaene: str, nr: int, antal: int) -> Sequence[tuple[int, bytes]]:
        """See `Driftstransaktion.haendelser_efter`."""
        efter = [
            (nummer, en.krop) for nummer, en in self.spor.haendelser.items() if nummer > nr and en.domaene == domaene
        ]
        return efter[:antal]

    def sidste_haendelse(self) -> int:
        """See `Driftstransaktion.sidste_haendelse`."""
        return max(self.spor.haendelser, default=0)

    def maeglerposition(self, maegler: str, domaene: str) -> int:
        """See `Driftstransaktion.maeglerposition`."""
        return self.spor.positioner.get((maegler, domaene), 0)

    def flyt_maeglerposition(self, maegler: str, domaene: str, nr: int) -> None:
        """See `Driftstransaktion.flyt_maeglerposition`."""
        self.spor.positioner[maegler, domaene] = max(nr, self.maeglerposition(maegler, domaene))

    def raekker_efter(self, nr: int, antal: int) -> Sequence[tuple[int, str, Registrering]]:
        """See `Driftstransaktion.raekker_efter`."""
        return [(nummer, *en) for nummer, en in self.spor.raekker.items() if nummer > nr][:antal]

    def borgere_efter(self, nr: int, antal: int) -> Sequence[tuple[int, Person]]:
        """See `Driftstransaktion.borgere_efter`."""
        efter = sorted((nummer, person_id) for person_id, nummer in self.spor.aendringer.items() if nummer > nr)
        return [(nummer, _stamdata(self.personer[person_id])) for nummer, person_id in efter[:antal]]

    def generation(self) -> str:
        """See `Driftstransaktion.generation`."""
        return self.spor.generation


def _stamdata(person: Person) -> Person:
    return Person(person.id, person.cpr, person.foedt, person.doed, person.tilknytninger)
