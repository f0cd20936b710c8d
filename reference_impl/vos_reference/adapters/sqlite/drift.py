"""The SQL of operations: the outbox of domain events, rows by number, changed citizens, and the name of the contents."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from vos_contracts.model.identity import Organisation
from vos_reference.adapters.sqlite import borger
from vos_reference.adapters.sqlite.codec import day_from_text, to_text
from vos_reference.application.ports import Haendelseskonvolut
from vos_reference.domain.person import Person, Registrering, Tilknytning

_RAEKKER = (
    "SELECT person_id, id, art, type, haendelse, start, slut, er_slettet, registreret, registrant, nr FROM registrering"
    " WHERE nr > ? ORDER BY nr LIMIT ?"
)


class DriftSql:
    """Operations' part of a transaction."""

    _db: sqlite3.Connection

    def laeg_haendelser(self, konvolutter: Sequence[Haendelseskonvolut]) -> None:
        """See `EventTransaction.laeg_haendelser`."""
        self._db.executemany(
            "INSERT INTO domaenehaendelse (domaene, krop, lagt) VALUES (?, ?, ?)",
            [(en.domaene, en.krop.decode(), to_text(en.lagt)) for en in konvolutter],
        )

    def haendelser_efter(self, domaene: str, nr: int, antal: int) -> Sequence[tuple[int, bytes]]:
        """See `EventTransaction.haendelser_efter`."""
        raekker = self._db.execute(
            "SELECT nr, krop FROM domaenehaendelse WHERE domaene = ? AND nr > ? ORDER BY nr LIMIT ?",
            (domaene, nr, antal),
        )
        return [(nummer, krop.encode()) for nummer, krop in raekker]

    def sidste_haendelse(self) -> int:
        """See `EventTransaction.sidste_haendelse`."""
        return int(self._db.execute("SELECT coalesce(max(nr), 0) FROM domaenehaendelse").fetchone()[0])

    def maeglerposition(self, maegler: str, domaene: str) -> int:
        """See `EventTransaction.maeglerposition`."""
        fundet = self._db.execute(
            "SELECT nr FROM maeglerposition WHERE maegler = ? AND domaene = ?", (maegler, domaene)
        ).fetchone()
        return int(fundet[0]) if fundet else 0

    def flyt_maeglerposition(self, maegler: str, domaene: str, nr: int) -> None:
        """See `EventTransaction.flyt_maeglerposition`."""
        self._db.execute(
            "INSERT INTO maeglerposition VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET nr = max(nr, excluded.nr)",
            (maegler, domaene, nr),
        )

    def raekker_efter(self, nr: int, antal: int) -> Sequence[tuple[int, str, Registrering]]:
        """See `EventTransaction.raekker_efter`."""
        return [(nummer, en[0], borger.registrering((*en,))) for *en, nummer in self._db.execute(_RAEKKER, (nr, antal))]

    def borgere_efter(self, nr: int, antal: int) -> Sequence[tuple[int, Person]]:
        """See `EventTransaction.borgere_efter`."""
        raekker = self._db.execute(
            "SELECT nr, id, cpr, foedt, doed FROM borgeraendring JOIN person ON person.id = person_id"
            " WHERE nr > ? ORDER BY nr LIMIT ?",
            (nr, antal),
        ).fetchall()
        return [
            (
                nummer,
                Person(
                    id=id_,
                    cpr=cpr,
                    foedt=day_from_text(foedt),
                    doed=day_from_text(doed),
                    tilknytninger=self._tilknytninger(id_),
                ),
            )
            for nummer, id_, cpr, foedt, doed in raekker
        ]

    def generation(self) -> str:
        """See `EventTransaction.generation`."""
        return str(self._db.execute("SELECT id FROM generation").fetchone()[0])

    def _tilknytninger(self, person_id: str) -> tuple[Tilknytning, ...]:
        raekker = self._db.execute(
            "SELECT type, kode, fra, til FROM forhold WHERE person_id = ? AND art = 'tilknytning' ORDER BY nr",
            (person_id,),
        )
        return tuple(
            Tilknytning(Organisation(type_, kode), day_from_text(fra), day_from_text(til))
            for type_, kode, fra, til in raekker
        )

    def _borger_er_aendret(self, person_id: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO borgeraendring (person_id) VALUES (?)", (person_id,))

    def _ny_generation(self) -> None:
        self._db.execute("UPDATE generation SET id = lower(hex(randomblob(8)))")
