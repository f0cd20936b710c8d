"""One SQLite transaction: citizens, registrations and request ids; the queue's part is `koe`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec

from vos_contracts.identitet import Identitet, Organisation
from vos_contracts.operationer import Art
from vos_reference.adapters.sqlite.koe import KoeSql, tekst
from vos_reference.application.ports import CprOpslag, StoreOptaget
from vos_reference.domain.person import Fravaer, Person, Registrering, Tilknytning, Tilmelding

_kod = msgspec.json.Encoder().encode
_afkod_identitet = msgspec.json.Decoder(Identitet).decode

_TABELLER = (
    "besked",
    "sekvens",
    "abonnement",
    "kald",
    "registrering",
    "fravaer",
    "tilmelding",
    "tilknytning",
    "cpr",
    "person",
)


class SqliteTransaktion(KoeSql):
    """Reads and writes within one begun transaction."""

    def husk_kald(self, kald_id: str, now: datetime, siden: datetime) -> bool:
        """See `Transaktion.husk_kald`."""
        return (
            self._db.execute(
                "INSERT INTO kald VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET modtaget = excluded.modtaget"
                " WHERE kald.modtaget < ?",
                (kald_id, tekst(now), tekst(siden)),
            ).rowcount
            > 0
        )

    def find_person(self, cpr: str) -> Person | CprOpslag:
        """See `Transaktion.find_person`."""
        raekke = self._db.execute(
            "SELECT person.id, person.cpr, foedt, doed, kategori FROM cpr"
            " LEFT JOIN person ON person.id = cpr.person_id LEFT JOIN tilmelding ON tilmelding.person_id = person.id"
            " WHERE cpr.cpr = ?",
            (cpr,),
        ).fetchone()
        if raekke is None:
            return CprOpslag.UKENDT
        person_id, nummer, foedt, doed, kategori = raekke
        if person_id is None:
            return CprOpslag.UDEN_BORGER
        return Person(
            id=person_id,
            cpr=nummer,
            foedt=date.fromisoformat(foedt),
            doed=date.fromisoformat(doed) if doed else None,
            tilknytninger=tuple(self._tilknytninger(person_id)),
            tilmelding=None if kategori is None else Tilmelding(kategori),
            fravaer=tuple(self._fravaer(person_id)),
            historik=tuple(self._historik(person_id)),
        )

    def registrering_findes(self, registrering_id: str) -> bool:
        """See `Transaktion.registrering_findes`."""
        return self._db.execute("SELECT 1 FROM registrering WHERE id = ?", (registrering_id,)).fetchone() is not None

    def tilfoej(self, person_id: str, raekker: Sequence[Registrering]) -> None:
        """See `Transaktion.tilfoej`."""
        self._db.executemany(
            "INSERT INTO registrering (person_id, id, art, type, haendelse, start, slut, er_slettet, registreret,"
            " organisation_type, organisation_kode, system, registrant)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    person_id,
                    raekke.id,
                    raekke.art.value,
                    raekke.type,
                    tekst(raekke.haendelse) if raekke.haendelse else None,
                    tekst(raekke.start),
                    tekst(raekke.slut) if raekke.slut else None,
                    raekke.er_slettet,
                    tekst(raekke.registreret),
                    raekke.registrant.aktiv.type,
                    raekke.registrant.aktiv.kode,
                    raekke.registrant.system,
                    _kod(raekke.registrant).decode(),
                )
                for raekke in raekker
            ],
        )

    def opret_person(self, person: Person) -> None:
        """See `Transaktion.opret_person`."""
        try:
            self._db.execute(
                "INSERT INTO person VALUES (?, ?, ?, ?)",
                (person.id, person.cpr, person.foedt.isoformat(), person.doed.isoformat() if person.doed else None),
            )
            self._db.execute("INSERT INTO cpr VALUES (?, ?)", (person.cpr, person.id))
        except sqlite3.IntegrityError as fejl:
            raise StoreOptaget("personen findes allerede") from fejl
        self._db.executemany(
            "INSERT INTO tilknytning VALUES (?, ?, ?, ?, ?)",
            [(person.id, en.organisation.type, en.organisation.kode, *_periode(en)) for en in person.tilknytninger],
        )
        self._db.executemany(
            "INSERT INTO fravaer VALUES (?, ?, ?, ?)", [(person.id, en.type, *_periode(en)) for en in person.fravaer]
        )
        if person.tilmelding:
            self._db.execute("INSERT INTO tilmelding VALUES (?, ?)", (person.id, person.tilmelding.kategori))
        self.tilfoej(person.id, person.historik)

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

    def _tilknytninger(self, person_id: str) -> Iterable[Tilknytning]:
        for otype, kode, fra, til in self._db.execute(
            "SELECT organisation_type, organisation_kode, fra, til FROM tilknytning WHERE person_id = ?", (person_id,)
        ):
            yield Tilknytning(Organisation(otype, kode), date.fromisoformat(fra), _dag(til))

    def _fravaer(self, person_id: str) -> Iterable[Fravaer]:
        for type_, fra, til in self._db.execute("SELECT type, fra, til FROM fravaer WHERE person_id = ?", (person_id,)):
            yield Fravaer(type_, date.fromisoformat(fra), _dag(til))

    def _historik(self, person_id: str) -> Iterable[Registrering]:
        for id_, art, type_, haendelse, start, slut, slettet, registreret, registrant in self._db.execute(
            "SELECT id, art, type, haendelse, start, slut, er_slettet, registreret, registrant FROM registrering"
            " WHERE person_id = ? ORDER BY nr",
            (person_id,),
        ):
            yield Registrering(
                id=id_,
                art=Art(art),
                type=type_,
                haendelse=datetime.fromisoformat(haendelse) if haendelse else None,
                start=datetime.fromisoformat(start),
                slut=datetime.fromisoformat(slut) if slut else None,
                er_slettet=bool(slettet),
                registrant=_afkod_identitet(registrant),
                registreret=datetime.fromisoformat(registreret),
            )


def _periode(en: Tilknytning | Fravaer) -> tuple[str, str | None]:
    return en.fra.isoformat(), en.til.isoformat() if en.til else None


def _dag(tekst_: str | None) -> date | None:
    return date.fromisoformat(tekst_) if tekst_ else None
