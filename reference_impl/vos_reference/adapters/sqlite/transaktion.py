"""One SQLite transaction: citizens, what falls due, request ids.

The queue's part is `koe`, the webservice messages' is `wsb`, operations' is `drift`, a citizen's rows are `borger`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from operator import attrgetter
from types import TracebackType

from vos_reference.adapters.sqlite import borger, koersel
from vos_reference.adapters.sqlite.codec import day_to_text, to_text
from vos_reference.adapters.sqlite.drift import DriftSql
from vos_reference.adapters.sqlite.koe import KoeSql
from vos_reference.adapters.sqlite.wsb import WsbSql
from vos_reference.application.ports import CprOpslag, Koersel, StoreOptaget, StoreUtilgaengelig
from vos_reference.domain.batchjob import Forfald, Job
from vos_reference.domain.person import Person

_forhold = attrgetter(
    "tilknytninger", "gaester", "tilmelding", "tidligere_tilmeldinger", "fravaer", "fleksjob", "tillaeg"
)
_TABELLER = (
    "wsb",
    "wsb_abonnement",
    "wsb_system",
    "domaenehaendelse",
    "maeglerposition",
    "borgeraendring",
    "besked",
    "sekvens",
    "abonnement",
    "beskedabonnement",
    "underkoe",
    "koersel",
    "ur",
    "kald",
    "registrering",
    "forfald",
    "sygdom",
    "forhold",
    "cpr",
    "person",
)


class SqliteTransaktion(KoeSql, DriftSql, WsbSql):
    """Reads and writes within one begun transaction; `efter` is what to call after its commit."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db)
        self.efter: list[Callable[[], None]] = []

    def bagefter(self, kald: Callable[[], None]) -> None:
        """See `Transaktion.bagefter`."""
        self.efter.append(kald)

    def for_sig(self) -> AbstractContextManager[None]:
        """See `Transaktion.for_sig`."""
        return _Del(self._db, self.efter)

    def husk_kald(self, kald_id: str, now: datetime, siden: datetime) -> bool:
        """See `Transaktion.husk_kald`."""
        return (
            self._db.execute(
                "INSERT INTO kald VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET modtaget = excluded.modtaget"
                " WHERE kald.modtaget < ?",
                (kald_id, to_text(now), to_text(siden)),
            ).rowcount
            > 0
        )

    def find_person(self, cpr: str) -> Person | CprOpslag:
        """See `Transaktion.find_person`."""
        fundet = borger.fra_cpr(self._db, cpr)
        if isinstance(fundet, Person):
            return fundet
        return CprOpslag.UKENDT if fundet is None else CprOpslag.UDEN_BORGER

    def personer_efter(self, person_id: str, antal: int) -> Sequence[Person]:
        """See `Transaktion.personer_efter`."""
        return list(borger.efter(self._db, person_id, antal))

    def forfaldne(self, job: Job, dag: date, antal: int) -> Sequence[Person]:
        """See `Transaktion.forfaldne`."""
        numre = self._db.execute(
            "SELECT person.cpr FROM forfald JOIN person ON person.id = forfald.person_id"
            " WHERE job = ? AND dag <= ? ORDER BY dag, person_id LIMIT ?",
            (job.value, day_to_text(dag), antal),
        ).fetchall()
        fundne = (borger.fra_cpr(self._db, cpr) for (cpr,) in numre)
        return [person for person in fundne if isinstance(person, Person)]

    def antal_forfaldne(self, job: Job, dag: date) -> int:
        """See `Transaktion.antal_forfaldne`."""
        return int(
            self._db.execute(
                "SELECT count(*) FROM forfald WHERE job = ? AND dag <= ?", (job.value, day_to_text(dag))
            ).fetchone()[0]
        )

    def gem_koersel(self, en: Koersel) -> None:
        """See `Transaktion.gem_koersel`."""
        koersel.gem(self._db, en)

    def seneste_koersel(self) -> Koersel | None:
        """See `Transaktion.seneste_koersel`."""
        return koersel.seneste(self._db)

    def seneste_nat(self) -> date | None:
        """See `Transaktion.seneste_nat`."""
        return koersel.seneste_nat(self._db)

    def seneste_tidspunkt(self) -> datetime | None:
        """See `Transaktion.seneste_tidspunkt`."""
        return koersel.seneste_tidspunkt(self._db)

    def uret_naaede(self, tidspunkt: datetime) -> None:
        """See `Transaktion.uret_naaede`."""
        self._db.execute("INSERT OR REPLACE INTO ur VALUES (1, ?)", (to_text(tidspunkt),))

    def registrering_findes(self, registrering_id: str) -> bool:
        """See `Transaktion.registrering_findes`."""
        return self._db.execute("SELECT 1 FROM registrering WHERE id = ?", (registrering_id,)).fetchone() is not None

    def gem(self, foer: Person, efter: Person, forfald: Forfald) -> None:
        """See `Transaktion.gem`."""
        if efter.cpr != foer.cpr:
            self._flyt_pegepind(foer, efter)
        if foer.master_data != efter.master_data:
            self._borger_er_aendret(efter.id)
        if _forhold(foer) != _forhold(efter):
            borger.skriv_forhold(self._db, efter)
        if foer.sygdom != efter.sygdom:
            borger.skriv_sygdom(self._db, efter)
        borger.tilfoej(self._db, efter.id, efter.historik[len(foer.historik) :])
        self._skriv_forfald(efter.id, forfald)

    def opret_person(self, person: Person, forfald: Forfald = ()) -> None:
        """See `Transaktion.opret_person`."""
        try:
            self._db.execute(
                "INSERT INTO person VALUES (?, ?, ?, ?)",
                (person.id, person.cpr, day_to_text(person.foedt), day_to_text(person.doed)),
            )
            self._db.execute("INSERT INTO cpr VALUES (?, ?)", (person.cpr, person.id))
        except sqlite3.IntegrityError as fejl:
            raise StoreOptaget("personen findes allerede") from fejl
        self._borger_er_aendret(person.id)
        borger.skriv_forhold(self._db, person)
        if person.sygdom is not None:
            borger.skriv_sygdom(self._db, person)
        borger.tilfoej(self._db, person.id, person.historik)
        self._skriv_forfald(person.id, forfald)

    def kend_cpr(self, cpr: str) -> None:
        """See `Transaktion.kend_cpr`."""
        self._db.execute("INSERT OR IGNORE INTO cpr VALUES (?, NULL)", (cpr,))
        (person_id,) = self._db.execute("SELECT person_id FROM cpr WHERE cpr = ?", (cpr,)).fetchone()
        if person_id is not None:
            raise StoreOptaget("cpr-nummeret har en borger")

    def antal_personer(self) -> int:
        """See `Transaktion.antal_personer`."""
        return int(self._db.execute("SELECT count(*) FROM person").fetchone()[0])

    def nulstil(self) -> None:
        """See `Transaktion.nulstil`."""
        for tabel in _TABELLER:
            self._db.execute(f"DELETE FROM {tabel}")
        self._ny_generation()

    def _flyt_pegepind(self, foer: Person, efter: Person) -> None:
        self.kend_cpr(efter.cpr)
        self._db.execute("UPDATE cpr SET person_id = NULL WHERE cpr = ?", (foer.cpr,))
        self._db.execute("UPDATE cpr SET person_id = ? WHERE cpr = ?", (efter.id, efter.cpr))
        self._db.execute(
            "UPDATE person SET cpr = ?, foedt = ? WHERE id = ?", (efter.cpr, day_to_text(efter.foedt), efter.id)
        )

    def _skriv_forfald(self, person_id: str, forfald: Forfald) -> None:
        raekker = [(person_id, job.value, day_to_text(dag)) for job, dag in forfald]
        if self._db.execute("SELECT * FROM forfald WHERE person_id = ?", (person_id,)).fetchall() == sorted(raekker):
            return  # most changes leave it as it was: mostly nothing
        self._db.execute("DELETE FROM forfald WHERE person_id = ?", (person_id,))
        self._db.executemany("INSERT INTO forfald VALUES (?, ?, ?)", raekker)


class _Del:
    """A savepoint; a full disk or the like undoes the whole transaction, and what has failed with SQL may have."""

    __slots__ = ("_db", "_efter", "_foer")

    def __init__(self, db: sqlite3.Connection, efter: list[Callable[[], None]]) -> None:
        self._db = db
        self._efter = efter
        self._foer = len(efter)

    def __enter__(self) -> None:
        self._db.execute("SAVEPOINT del")

    def __exit__(
        self, type_: type[BaseException] | None, fejl: BaseException | None, spor: TracebackType | None
    ) -> None:
        if isinstance(fejl, sqlite3.OperationalError) or not self._db.in_transaction:
            raise StoreUtilgaengelig(str(fejl)) from fejl
        if fejl is not None:
            self._db.execute("ROLLBACK TO del")
            del self._efter[self._foer :]
        self._db.execute("RELEASE del")
