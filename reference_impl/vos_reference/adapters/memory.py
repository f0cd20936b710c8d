"""A store in memory, for unit tests: the same contract as SQLite, gone with the process."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from vos_contracts.identitet import Organisation
from vos_reference.adapters.memory_drift import Driftsspor, MemoryDrift
from vos_reference.application.driftsport import stamdata
from vos_reference.application.koersel import Koersel
from vos_reference.application.ports import CprOpslag, Ejer, Konvolut, Sekvens, StoreOptaget, Transaktion
from vos_reference.domain.batchjob import Forfald, Job
from vos_reference.domain.person import Person


@dataclass(slots=True)
class _Ventende:
    konvolut: Konvolut
    sekvens: str | None = None


@dataclass(slots=True)
class _Tilstand:
    personer: dict[str, Person] = field(default_factory=dict)
    cpr: dict[str, str | None] = field(default_factory=dict)
    forfald: dict[str, Forfald] = field(default_factory=dict)
    kald: dict[str, datetime] = field(default_factory=dict)
    abonnementer: set[Ejer] = field(default_factory=set)
    beskedabonnementer: set[tuple[Ejer, str]] = field(default_factory=set)
    koersler: dict[str, Koersel] = field(default_factory=dict)
    koe: list[_Ventende] = field(default_factory=list)
    sekvenser: dict[str, Sekvens] = field(default_factory=dict)
    spor: Driftsspor = field(default_factory=Driftsspor)

    def kopi(self) -> _Tilstand:
        return _Tilstand(
            dict(self.personer),
            dict(self.cpr),
            dict(self.forfald),
            dict(self.kald),
            set(self.abonnementer),
            set(self.beskedabonnementer),
            dict(self.koersler),
            [copy.copy(en) for en in self.koe],
            dict(self.sekvenser),
            self.spor.kopi(),
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

    @contextmanager
    def laesning(self) -> Iterator[Transaktion]:
        """Read the present state."""
        yield MemoryTransaktion(self._tilstand)

    def luk(self) -> None:
        """Nothing to close."""


class MemoryTransaktion(MemoryDrift):
    """Reads and writes on one copy of the state."""

    def __init__(self, tilstand: _Tilstand) -> None:
        self.tilstand = tilstand
        self.spor = tilstand.spor
        self.personer = tilstand.personer

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

    def kend_cpr(self, cpr: str) -> None:
        """See `Transaktion.kend_cpr`."""
        if self.tilstand.cpr.setdefault(cpr, None) is not None:
            raise StoreOptaget("cpr-nummeret har en borger")

    def antal_personer(self) -> int:
        """See `Transaktion.antal_personer`."""
        return len(self.tilstand.personer)

    def abonner(self, ejer: Ejer) -> None:
        """See `Transaktion.abonner`."""
        self.tilstand.abonnementer.add(ejer)

    def abonner_besked(self, ejer: Ejer, beskedtype: str) -> None:
        """See `Transaktion.abonner_besked`."""
        self.tilstand.beskedabonnementer.add((ejer, beskedtype))

    def abonnenter(self, organisation: Organisation, beskedtype: str) -> Sequence[Ejer]:
        """See `Transaktion.abonnenter`."""
        return sorted(
            ejer
            for ejer, besked in self.tilstand.beskedabonnementer
            if (ejer.organisation, besked) == (organisation, beskedtype)
        )

    def koeejere(self, organisation: Organisation) -> Sequence[Ejer]:
        """See `Transaktion.koeejere`."""
        return sorted(ejer for ejer in self.tilstand.abonnementer if ejer.organisation == organisation)

    def overtag_koe(self, fra: Ejer, til: Ejer) -> None:
        """See `Transaktion.overtag_koe`."""
        for sekvens in [en for en in self.tilstand.sekvenser.values() if en.ejer == fra]:
            self.frigiv(sekvens.id)
        for en in self.tilstand.koe:
            if en.konvolut.ejer == fra:
                en.konvolut = replace(en.konvolut, ejer=til)

    def laeg_i_koe(self, konvolutter: Sequence[Konvolut]) -> None:
        """See `Transaktion.laeg_i_koe`."""
        self.tilstand.koe += [_Ventende(konvolut) for konvolut in konvolutter]

    def aaben_sekvens(self, ejer: Ejer, underkoe: str) -> Sekvens | None:
        """See `Transaktion.aaben_sekvens`."""
        passer = (en for en in self.tilstand.sekvenser.values() if (en.ejer, en.underkoe) == (ejer, underkoe))
        return next(passer, None)

    def find_sekvens(self, sekvens_id: str) -> Sekvens | None:
        """See `Transaktion.find_sekvens`."""
        return self.tilstand.sekvenser.get(sekvens_id)

    def opret_sekvens(self, sekvens: Sekvens, hoejst: int) -> None:
        """See `Transaktion.opret_sekvens`."""
        self.tilstand.sekvenser[sekvens.id] = sekvens
        venter = [
            en
            for en in self.tilstand.koe
            if en.sekvens is None and (en.konvolut.ejer, en.konvolut.underkoe) == (sekvens.ejer, sekvens.underkoe)
        ]
        for en in venter[:hoejst]:
            en.sekvens = sekvens.id

    def inventar(self, sekvens_id: str) -> Sequence[tuple[str, int]]:
        """See `Transaktion.inventar`."""
        antal: dict[str, int] = {}
        for en in self.tilstand.koe:
            if en.sekvens == sekvens_id:
                antal[en.konvolut.beskedtype] = antal.get(en.konvolut.beskedtype, 0) + 1
        return list(antal.items())

    def beskeder(self, sekvens_id: str, beskedtype: str) -> Sequence[Konvolut]:
        """See `Transaktion.beskeder`."""
        return [
            en.konvolut for en in self.tilstand.koe if en.sekvens == sekvens_id and en.konvolut.beskedtype == beskedtype
        ]

    def frigiv(self, sekvens_id: str) -> None:
        """See `Transaktion.frigiv`."""
        self.tilstand.sekvenser.pop(sekvens_id, None)
        for en in self.tilstand.koe:
            if en.sekvens == sekvens_id:
                en.sekvens = None

    def slet_sekvens(self, sekvens_id: str) -> int:
        """See `Transaktion.slet_sekvens`."""
        self.tilstand.sekvenser.pop(sekvens_id, None)
        foer = len(self.tilstand.koe)
        self.tilstand.koe = [en for en in self.tilstand.koe if en.sekvens != sekvens_id]
        return foer - len(self.tilstand.koe)

    def aeldste_sekvens(self) -> datetime | None:
        """See `Transaktion.aeldste_sekvens`."""
        return min((en.aabnet for en in self.tilstand.sekvenser.values()), default=None)

    def frigiv_aabnet_foer(self, tidspunkt: datetime) -> int:
        """See `Transaktion.frigiv_aabnet_foer`."""
        udloebne = [en.id for en in self.tilstand.sekvenser.values() if en.aabnet < tidspunkt]
        for sekvens_id in udloebne:
            self.frigiv(sekvens_id)
        return len(udloebne)

    def nulstil(self) -> None:
        """See `Transaktion.nulstil`."""
        self.tilstand = _Tilstand(spor=self.spor.tomt())
        self.spor, self.personer = self.tilstand.spor, self.tilstand.personer
