"""The queue's SQL: messages, sequences and subscriptions of one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from vos_contracts.model.identity import Organisation
from vos_reference.adapters.sqlite.codec import from_text, to_text
from vos_reference.application.ports import Ejer, Konvolut, Sekvens

_EJER = "organisation_type = ? AND organisation_kode = ? AND system = ?"
_UNDERKOE = (
    "SELECT navn FROM underkoe"
    " WHERE organisation_type = ?3 AND organisation_kode = ?4 AND system = ?5 AND beskedtype = ?2"
)


class KoeSql:
    """The queue's part of a transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def abonner(self, ejer: Ejer) -> None:
        """See `Transaktion.abonner`."""
        self._db.execute("INSERT OR IGNORE INTO abonnement VALUES (?, ?, ?)", _noegle(ejer))

    def abonner_besked(self, ejer: Ejer, beskedtype: str) -> None:
        """See `Transaktion.abonner_besked`."""
        self._db.execute("INSERT OR IGNORE INTO beskedabonnement VALUES (?, ?, ?, ?)", (*_noegle(ejer), beskedtype))

    def laeg_i_underkoe(self, ejer: Ejer, beskedtype: str, underkoe: str) -> None:
        """See `Transaktion.laeg_i_underkoe`."""
        self._db.execute(
            "INSERT OR REPLACE INTO underkoe VALUES (?, ?, ?, ?, ?)", (*_noegle(ejer), beskedtype, underkoe)
        )

    def findes_underkoe(self, ejer: Ejer, underkoe: str) -> bool:
        """See `Transaktion.findes_underkoe`."""
        return any(
            self._db.execute(
                f"SELECT 1 FROM {tabel} WHERE {_EJER} AND {navn} = ? LIMIT 1", (*_noegle(ejer), underkoe)
            ).fetchone()
            is not None
            for tabel, navn in (("underkoe", "navn"), ("besked", "underkoe"))
        )

    def abonnenter(self, organisation: Organisation, beskedtype: str) -> Sequence[Ejer]:
        """See `Transaktion.abonnenter`."""
        raekker = self._db.execute(
            "SELECT system FROM beskedabonnement"
            " WHERE organisation_type = ? AND organisation_kode = ? AND beskedtype = ? ORDER BY system",
            (organisation.type, organisation.kode, beskedtype),
        )
        return [Ejer(organisation, system) for (system,) in raekker]

    def koeejere(self, organisation: Organisation) -> Sequence[Ejer]:
        """See `Transaktion.koeejere`."""
        raekker = self._db.execute(
            "SELECT system FROM abonnement WHERE organisation_type = ? AND organisation_kode = ? ORDER BY system",
            (organisation.type, organisation.kode),
        )
        return [Ejer(organisation, system) for (system,) in raekker]

    def overtag_koe(self, fra: Ejer, til: Ejer) -> None:
        """See `Transaktion.overtag_koe`."""
        for (sekvens_id,) in self._db.execute(f"SELECT id FROM sekvens WHERE {_EJER}", _noegle(fra)).fetchall():
            self.frigiv(sekvens_id)
        for tabel in ("besked", "underkoe"):
            self._db.execute(
                f"UPDATE {tabel} SET organisation_type = ?, organisation_kode = ?, system = ? WHERE {_EJER}",
                (*_noegle(til), *_noegle(fra)),
            )

    def laeg_i_koe(self, konvolutter: Sequence[Konvolut]) -> None:
        """See `Transaktion.laeg_i_koe`."""
        self._db.executemany(
            "INSERT INTO besked (id, beskedtype, organisation_type, organisation_kode, system, underkoe, krop, lagt)"
            f" VALUES (?1, ?2, ?3, ?4, ?5, coalesce(({_UNDERKOE}), ''), ?6, ?7)",
            [(en.id, en.beskedtype, *_noegle(en.ejer), en.krop.decode(), to_text(en.lagt)) for en in konvolutter],
        )

    def noget_venter(self, ejer: Ejer, underkoe: str) -> bool:
        """See `Transaktion.noget_venter`."""
        raekke = self._db.execute(
            "SELECT 1 FROM besked WHERE organisation_type = ? AND organisation_kode = ? AND system = ? AND underkoe = ?"
            " AND sekvens_id IS NULL LIMIT 1",
            (*_noegle(ejer), underkoe),
        ).fetchone()
        return raekke is not None

    def aaben_sekvens(self, ejer: Ejer, underkoe: str) -> Sekvens | None:
        """See `Transaktion.aaben_sekvens`."""
        raekke = self._db.execute(
            "SELECT id, aabnet FROM sekvens"
            " WHERE organisation_type = ? AND organisation_kode = ? AND system = ? AND underkoe = ?",
            (*_noegle(ejer), underkoe),
        ).fetchone()
        return Sekvens(raekke[0], ejer, underkoe, from_text(raekke[1])) if raekke else None

    def find_sekvens(self, sekvens_id: str) -> Sekvens | None:
        """See `Transaktion.find_sekvens`."""
        raekke = self._db.execute(
            "SELECT organisation_type, organisation_kode, system, underkoe, aabnet FROM sekvens WHERE id = ?",
            (sekvens_id,),
        ).fetchone()
        if raekke is None:
            return None
        otype, kode, system, underkoe, aabnet = raekke
        return Sekvens(sekvens_id, Ejer(Organisation(otype, kode), system), underkoe, from_text(aabnet))

    def opret_sekvens(self, sekvens: Sekvens, hoejst: int) -> None:
        """See `Transaktion.opret_sekvens`."""
        self._db.execute(
            "INSERT INTO sekvens VALUES (?, ?, ?, ?, ?, ?)",
            (sekvens.id, *_noegle(sekvens.ejer), sekvens.underkoe, to_text(sekvens.aabnet)),
        )
        self._db.execute(
            "UPDATE besked SET sekvens_id = ? WHERE nr IN (SELECT nr FROM besked"
            " WHERE organisation_type = ? AND organisation_kode = ? AND system = ? AND underkoe = ?"
            " AND sekvens_id IS NULL ORDER BY nr LIMIT ?)",
            (sekvens.id, *_noegle(sekvens.ejer), sekvens.underkoe, hoejst),
        )

    def inventar(self, sekvens_id: str) -> Sequence[tuple[str, int]]:
        """See `Transaktion.inventar`."""
        return self._db.execute(
            "SELECT beskedtype, count(*) FROM besked WHERE sekvens_id = ? GROUP BY beskedtype ORDER BY min(nr)",
            (sekvens_id,),
        ).fetchall()

    def beskeder(self, sekvens_id: str, beskedtype: str) -> Sequence[Konvolut]:
        """See `Transaktion.beskeder`."""
        raekker = self._db.execute(
            "SELECT id, organisation_type, organisation_kode, system, krop, lagt FROM besked"
            " WHERE sekvens_id = ? AND beskedtype = ? ORDER BY nr",
            (sekvens_id, beskedtype),
        )
        return [
            Konvolut(
                id_,
                beskedtype,
                Ejer(Organisation(otype, kode), system),
                krop.encode(),
                from_text(lagt),
            )
            for id_, otype, kode, system, krop, lagt in raekker
        ]

    def frigiv(self, sekvens_id: str) -> None:
        """See `Transaktion.frigiv`."""
        self._db.execute("UPDATE besked SET sekvens_id = NULL WHERE sekvens_id = ?", (sekvens_id,))
        self._db.execute("DELETE FROM sekvens WHERE id = ?", (sekvens_id,))

    def slet_sekvens(self, sekvens_id: str) -> int:
        """See `Transaktion.slet_sekvens`."""
        antal = self._db.execute("DELETE FROM besked WHERE sekvens_id = ?", (sekvens_id,)).rowcount
        self._db.execute("DELETE FROM sekvens WHERE id = ?", (sekvens_id,))
        return antal

    def aeldste_sekvens(self) -> datetime | None:
        """See `Transaktion.aeldste_sekvens`."""
        aabnet: str | None = self._db.execute("SELECT min(aabnet) FROM sekvens").fetchone()[0]
        return from_text(aabnet)

    def frigiv_aabnet_foer(self, tidspunkt: datetime) -> int:
        """See `Transaktion.frigiv_aabnet_foer`."""
        udloebne = self._db.execute("SELECT id FROM sekvens WHERE aabnet < ?", (to_text(tidspunkt),)).fetchall()
        for (sekvens_id,) in udloebne:
            self.frigiv(sekvens_id)
        return len(udloebne)


def _noegle(ejer: Ejer) -> tuple[int, str, int]:
    return ejer.organisation.type, ejer.organisation.kode, ejer.system
