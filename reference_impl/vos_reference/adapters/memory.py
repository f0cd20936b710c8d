"""A store in memory, for unit tests: the same contract as SQLite, gone with the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from vos_reference.adapters.memory_drift import Driftsspor, MemoryDrift
from vos_reference.adapters.memory_koe import Koetilstand, MemoryKoe
from vos_reference.adapters.memory_wsb import MemoryWsb, Wsbtilstande
from vos_reference.application.driftsport import stamdata
from vos_reference.application.koersel import Koersel
from vos_reference.application.ports import CprOpslag, StoreOptaget, Transaktion
from vos_reference.domain.batchjob import Forfald, Job
from vos_reference.domain.person import Person


@dataclass(slots=True)
class _Tilstand:
    personer: dict[str, Person] = field(default_factory=dict)
    cpr: dict[str, str | None] = field(default_factory=dict)
    forfald: dict[str, Forfald] = field(default_factory=dict)
    kald: dict[str, datetime] = field(default_factory=dict)
    koersler: dict[str, Koersel] = field(default_factory=dict)
    ur: tuple[datetime, ...] = ()
    koe: Koetilstand = field(default_factory=Koetilstand)
    spor: Driftsspor = field(default_factory=Driftsspor)
    wsb: Wsbtilstande = field(default_factory=Wsbtilstande)

    def kopi(self) -> _Tilstand:
        return _Tilstand(
            dict(self.personer),
            dict(self.cpr),
            dict(self.forfald),
            dict(self.kald),
            dict(self.koersler),
            self.ur,
            self.koe.kopi(),
            self.spor.kopi(),
            self.wsb.kopi(),
        )


class MemoryStore:
    """Transactions by copying: a failed one leaves the original."""

    def __init__(self) -> None:
        self._tilstand = _Tilstand()

    @contextmanager
    def transaktion(self) -> Iterator[Transaktion]:
        """Work on a copy and put it in place at the end of the block."""
        arbejde = MemoryTransaktion(self._tilstand.kopi())
        yield arbejde
        self._tilstand = arbejde.tilstand
        for kald in arbejde.efter:
            kald()

    @contextmanager
    def write_beside(self, after: list[Callable[[], None]]) -> Iterator[Transaktion]:
        """Work on a copy as `transaktion` does."""
        arbejde = MemoryTransaktion(self._tilstand.kopi())
        yield arbejde
        self._tilstand = arbejde.tilstand
        after.extend(arbejde.efter)

    @contextmanager
    def laesning(self) -> Iterator[Transaktion]:
        """Read the present state."""
        yield MemoryTransaktion(self._tilstand)

    def vedligehold(self) -> None:
        """Nothing to keep up."""

    def luk(self) -> None:
        """Nothing to close."""


class MemoryTransaktion(MemoryKoe, MemoryDrift, MemoryWsb):
    """Reads and writes on one copy of the state."""

    def __init__(self, tilstand: _Tilstand) -> None:
        self.efter: list[Callable[[], None]] = []
        self._brug(tilstand)

    def bagefter(self, kald: Callable[[], None]) -> None:
        """See `Driftstransaktion.bagefter`."""
        self.efter.append(kald)

    def _brug(self, tilstand: _Tilstand) -> None:
        self.tilstand, self.koe, self.spor, self.personer = tilstand, tilstand.koe, tilstand.spor, tilstand.personer
        self.wsb = tilstand.wsb

    @contextmanager
    def for_sig(self) -> Iterator[None]:
        """See `Transaktion.for_sig`."""
        foer, efter = self.tilstand.kopi(), len(self.efter)
        try:
            yield
        except BaseException:
            self._brug(foer)
            del self.efter[efter:]
            raise

    def husk_kald(self, kald_id: str, now: datetime, siden: datetime) -> bool:
        """See `Transaktion.husk_kald`."""
        husket = self.tilstand.kald.get(kald_id)
        if husket is not None and husket >= siden:
            return False
        self.tilstand.kald[kald_id] = now
        return True

    def find_person(self, cpr: str) -> Person | CprOpslag:
        """See `Transaktion.find_person`."""
        if cpr not in self.tilstand.cpr:
            return CprOpslag.UKENDT
        person_id = self.tilstand.cpr[cpr]
        return CprOpslag.UDEN_BORGER if person_id is None else self.tilstand.personer[person_id]

    def registrering_findes(self, registrering_id: str) -> bool:
        """See `Transaktion.registrering_findes`."""
        return any(registrering_id in person.registreringer for person in self.tilstand.personer.values())

    def gem(self, foer: Person, efter: Person, forfald: Forfald) -> None:
        """See `Transaktion.gem`."""
        if efter.cpr != foer.cpr:
            self.kend_cpr(efter.cpr)
            self.tilstand.cpr |= {foer.cpr: None, efter.cpr: efter.id}
        if stamdata(foer) != stamdata(efter):
            self.spor.aendret(efter.id)
        self.spor.tilfoej(efter.id, efter.historik[len(foer.historik) :])
        self.tilstand.personer[efter.id] = efter
        self.tilstand.forfald[efter.id] = forfald

    def opret_person(self, person: Person, forfald: Forfald = ()) -> None:
        """See `Transaktion.opret_person`."""
        if person.id in self.tilstand.personer or person.cpr in self.tilstand.cpr:
            raise StoreOptaget("personen findes allerede")
        self.spor.aendret(person.id)
        self.spor.tilfoej(person.id, person.historik)
        self.tilstand.personer[person.id] = person
        self.tilstand.cpr[person.cpr] = person.id
        self.tilstand.forfald[person.id] = forfald

    def personer_efter(self, person_id: str, antal: int) -> Sequence[Person]:
        """See `Transaktion.personer_efter`."""
        ider = sorted(en for en in self.tilstand.personer if en > person_id)
        return [self.tilstand.personer[en] for en in ider[:antal]]

    def forfaldne(self, job: Job, dag: date, antal: int) -> Sequence[Person]:
        """See `Transaktion.forfaldne`."""
        fundne = sorted(
            (forfalder, person_id)
            for person_id, forfald in self.tilstand.forfald.items()
            for en, forfalder in forfald
            if en is job and forfalder <= dag
        )
        return [self.tilstand.personer[person_id] for _, person_id in fundne[:antal]]

    def antal_forfaldne(self, job: Job, dag: date) -> int:
        """See `Transaktion.antal_forfaldne`."""
        return sum(en is job and dato <= dag for forfald in self.tilstand.forfald.values() for en, dato in forfald)

    def gem_koersel(self, koersel: Koersel) -> None:
        """See `Transaktion.gem_koersel`."""
        self.tilstand.koersler[koersel.id] = koersel

    def seneste_koersel(self) -> Koersel | None:
        """See `Transaktion.seneste_koersel`."""
        return next(reversed(self.tilstand.koersler.values()), None)

    def seneste_nat(self) -> date | None:
        """See `Transaktion.seneste_nat`."""
        return max((en.dag for en in self.tilstand.koersler.values() if en.natlig), default=None)

    def seneste_tidspunkt(self) -> datetime | None:
        """See `Transaktion.seneste_tidspunkt`."""
        koersler = [en.tidspunkt for en in self.tilstand.koersler.values()]
        raekker = [en.registreret for person in self.tilstand.personer.values() for en in person.historik]
        return max((*self.tilstand.ur, *koersler, *raekker), default=None)

    def uret_naaede(self, tidspunkt: datetime) -> None:
        """See `Transaktion.uret_naaede`."""
        self.tilstand.ur = (tidspunkt,)

    def kend_cpr(self, cpr: str) -> None:
        """See `Transaktion.kend_cpr`."""
        if self.tilstand.cpr.setdefault(cpr, None) is not None:
            raise StoreOptaget("cpr-nummeret har en borger")

    def antal_personer(self) -> int:
        """See `Transaktion.antal_personer`."""
        return len(self.tilstand.personer)

    def nulstil(self) -> None:
        """See `Transaktion.nulstil`."""
        self._brug(_Tilstand(spor=self.spor.tomt(), wsb=self.wsb.tomt()))
