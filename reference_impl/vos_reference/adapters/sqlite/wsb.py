"""The SQL of webservice messages: subscriber systems, subscriptions, and the lines that messages wait in."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from vos_contracts.model.identity import Organisation
from vos_reference.adapters.sqlite.codec import day_from_text, day_to_text, from_text, to_text
from vos_reference.application.ports import (
    Abonnement,
    Doedbesked,
    Forsendelse,
    Modtagerstand,
    Subscribersystem,
    Wsbkonvolut,
    Wsbmodtager,
    adresse,
)

_kod = msgspec.json.Encoder().encode
_afkod_organisationer = msgspec.json.Decoder(tuple[Organisation, ...]).decode
_ABONNEMENT = (
    "SELECT system_id, organisation_type, organisation_kode, entitet_id, webhook, fra, til FROM wsb_abonnement"
)
_MODTAGER = "system_id = ? AND organisation_type = ? AND organisation_kode = ?"
_LINJE = f"{_MODTAGER} AND borger_id = ? AND doed = 0"
_BESKED = "wsb.id, wsb.system_id, wsb.organisation_type, wsb.organisation_kode, wsb.entitet_id, borger_id, krop, lagt, forsoeg"
_FORFALDNE = (
    f"SELECT {_BESKED}, wsb.nr, base_url, webhook FROM wsb JOIN wsb_system ON wsb_system.id = wsb.system_id"
    " JOIN wsb_abonnement ab ON ab.system_id = wsb.system_id AND ab.organisation_type = wsb.organisation_type"
    " AND ab.organisation_kode = wsb.organisation_kode AND ab.entitet_id = wsb.entitet_id"
    " WHERE wsb.system_id = ? AND wsb.organisation_type = ? AND wsb.organisation_kode = ? AND naeste <= ?"
    " ORDER BY naeste, wsb.nr LIMIT ?"
)
_STANDE = (
    "SELECT system_id, organisation_type, organisation_kode, sum(venter), sum(doede), min(naeste) FROM ("
    "SELECT system_id, organisation_type, organisation_kode, doed = 0 AS venter, doed = 1 AS doede, naeste FROM wsb"
    " UNION ALL SELECT system_id, organisation_type, organisation_kode, 0, 0, NULL FROM wsb_abonnement)"
    " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
)


class WsbSql:
    """The messages' part of a transaction."""

    _db: sqlite3.Connection

    def gem_subscribersystem(self, system: Subscribersystem) -> None:
        """See `WebhookTransaction.gem_subscribersystem`."""
        self._db.execute(
            "INSERT INTO wsb_system VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET base_url = excluded.base_url,"
            " organisationer = excluded.organisationer",
            (system.id, system.base_url, _kod(system.organisationer).decode()),
        )

    def find_subscribersystem(self, system_id: str) -> Subscribersystem | None:
        """See `WebhookTransaction.find_subscribersystem`."""
        raekke = self._db.execute("SELECT * FROM wsb_system WHERE id = ?", (system_id,)).fetchone()
        return None if raekke is None else Subscribersystem(raekke[0], raekke[1], _afkod_organisationer(raekke[2]))

    def abonnementer(self, system_id: str) -> Sequence[Abonnement]:
        """See `WebhookTransaction.abonnementer`."""
        raekker = self._db.execute(
            f"{_ABONNEMENT} WHERE system_id = ? ORDER BY organisation_type, organisation_kode, entitet_id", (system_id,)
        )
        return [_abonnement(raekke) for raekke in raekker]

    def slet_abonnement(self, abonnement: Abonnement) -> None:
        """See `WebhookTransaction.slet_abonnement`."""
        noegle = (*_noegle(abonnement.modtager), abonnement.entitet_id)
        self._db.execute(f"DELETE FROM wsb_abonnement WHERE {_MODTAGER} AND entitet_id = ?", noegle)
        self._db.execute(f"DELETE FROM wsb WHERE {_MODTAGER} AND entitet_id = ?", noegle)
        self._db.execute(  # lines whose oldest message went: the next one is due since it was queued
            "UPDATE wsb SET naeste = lagt WHERE nr IN (SELECT min(nr) FROM wsb"
            f" WHERE {_MODTAGER} AND doed = 0 GROUP BY borger_id) AND naeste IS NULL",
            _noegle(abonnement.modtager),
        )

    def gem_abonnement(self, abonnement: Abonnement) -> None:
        """See `WebhookTransaction.gem_abonnement`."""
        self._db.execute(
            "INSERT OR REPLACE INTO wsb_abonnement VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *_noegle(abonnement.modtager),
                abonnement.entitet_id,
                abonnement.webhook,
                day_to_text(abonnement.fra),
                day_to_text(abonnement.til),
            ),
        )

    def gaeldende_abonnementer(self, organisation: Organisation, entitet_id: int, dag: date) -> Sequence[Abonnement]:
        """See `WebhookTransaction.gaeldende_abonnementer`."""
        raekker = self._db.execute(
            f"{_ABONNEMENT} WHERE organisation_type = ? AND organisation_kode = ? AND entitet_id = ?"
            " AND fra <= ? AND (til IS NULL OR til >= ?) ORDER BY system_id",
            (organisation.type, organisation.kode, entitet_id, day_to_text(dag), day_to_text(dag)),
        )
        return [_abonnement(raekke) for raekke in raekker]

    def laeg_wsb(self, konvolutter: Sequence[Wsbkonvolut]) -> None:
        """See `WebhookTransaction.laeg_wsb`."""
        for en in konvolutter:
            linje = (*_noegle(en.modtager), en.borger_id)
            forrest = self._db.execute(f"SELECT 1 FROM wsb WHERE {_LINJE} LIMIT 1", linje).fetchone() is None
            lagt = to_text(en.lagt)
            self._db.execute(
                "INSERT INTO wsb (system_id, organisation_type, organisation_kode, borger_id, id, entitet_id, krop, lagt,"
                " naeste) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*linje, en.id, en.entitet_id, en.krop.decode(), lagt, lagt if forrest else None),
            )

    def forfaldne_modtagere(self, now: datetime) -> Sequence[Wsbmodtager]:
        """See `WebhookTransaction.forfaldne_modtagere`."""
        alle = self._db.execute("SELECT DISTINCT system_id, organisation_type, organisation_kode FROM wsb_abonnement")
        return [
            Wsbmodtager(noegle[0], Organisation(noegle[1], noegle[2]))
            for noegle in sorted(alle)
            if self._db.execute(
                f"SELECT 1 FROM wsb WHERE {_MODTAGER} AND naeste <= ? LIMIT 1", (*noegle, to_text(now))
            ).fetchone()
        ]

    def forfaldne_forsendelser(self, modtager: Wsbmodtager, now: datetime, antal: int) -> Sequence[Forsendelse]:
        """See `Wsbtransaktion.forfaldne_forsendelser`."""
        raekker = self._db.execute(_FORFALDNE, (*_noegle(modtager), to_text(now), antal))
        return [
            Forsendelse(nr, _konvolut(besked), adresse(base_url, webhook), besked[8])
            for *besked, nr, base_url, webhook in raekker
        ]

    def leveret(self, nr: int, now: datetime) -> None:
        """See `WebhookTransaction.leveret`."""
        self._videre(nr, now, "DELETE FROM wsb WHERE nr = ?", (nr,))

    def udskyd(self, nr: int, naeste: datetime, grund: str) -> None:
        """See `WebhookTransaction.udskyd`."""
        self._db.execute(
            "UPDATE wsb SET forsoeg = forsoeg + 1, naeste = ?, grund = ? WHERE nr = ? AND doed = 0",
            (to_text(naeste), grund, nr),
        )

    def opgiv(self, nr: int, now: datetime, grund: str) -> None:
        """See `WebhookTransaction.opgiv`."""
        self._videre(
            nr,
            now,
            "UPDATE wsb SET forsoeg = forsoeg + 1, naeste = NULL, doed = 1, grund = ? WHERE nr = ?",
            (grund, nr),
        )

    def genspil(self, besked_ider: Collection[str] | None) -> int:
        """See `WebhookTransaction.genspil`."""
        doede = self._db.execute(f"SELECT wsb.nr, {_BESKED} FROM wsb WHERE doed = 1 ORDER BY nr").fetchall()
        valgte = [(nr, _konvolut(besked)) for nr, *besked in doede if besked_ider is None or besked[0] in besked_ider]
        for nr, konvolut in valgte:
            self._db.execute("DELETE FROM wsb WHERE nr = ?", (nr,))
            self.laeg_wsb([konvolut])
        return len(valgte)

    def doede(self, antal: int) -> Sequence[Doedbesked]:
        """See `WebhookTransaction.doede`."""
        raekker = self._db.execute(f"SELECT {_BESKED}, grund FROM wsb WHERE doed = 1 ORDER BY wsb.nr LIMIT ?", (antal,))
        return [Doedbesked(_konvolut(besked), besked[8], grund) for *besked, grund in raekker]

    def modtagerstande(self) -> Sequence[Modtagerstand]:
        """See `WebhookTransaction.modtagerstande`."""
        return [
            Modtagerstand(
                Wsbmodtager(system, Organisation(otype, kode)),
                venter,
                doede,
                from_text(naeste),
            )
            for system, otype, kode, venter, doede, naeste in self._db.execute(_STANDE)
        ]

    def naeste_forsoeg(self) -> datetime | None:
        """See `Wsbtransaktion.naeste_forsoeg`."""
        naeste: str | None = self._db.execute("SELECT min(naeste) FROM wsb WHERE naeste IS NOT NULL").fetchone()[0]
        return from_text(naeste)

    def _videre(self, nr: int, now: datetime, handling: str, vaerdier: tuple[object, ...]) -> None:
        """Take a message out of its line and let the next be due."""
        linje = self._db.execute(
            "SELECT system_id, organisation_type, organisation_kode, borger_id FROM wsb WHERE nr = ? AND doed = 0",
            (nr,),
        ).fetchone()
        if linje is None:
            return
        self._db.execute(handling, vaerdier)
        self._db.execute(
            f"UPDATE wsb SET naeste = ? WHERE nr = (SELECT nr FROM wsb WHERE {_LINJE} ORDER BY nr LIMIT 1)",
            (to_text(now), *linje),
        )


def _noegle(modtager: Wsbmodtager) -> tuple[str, int, str]:
    return modtager.system, modtager.organisation.type, modtager.organisation.kode


def _abonnement(raekke: tuple[Any, ...]) -> Abonnement:
    system, otype, kode, entitet_id, webhook, fra, til = raekke
    modtager = Wsbmodtager(system, Organisation(otype, kode))
    return Abonnement(modtager, entitet_id, webhook, day_from_text(fra), day_from_text(til))


def _konvolut(besked: Sequence[Any]) -> Wsbkonvolut:
    id_, system, otype, kode, entitet_id, borger_id, krop, lagt, *_ = besked
    return Wsbkonvolut(
        id_,
        Wsbmodtager(system, Organisation(otype, kode)),
        entitet_id,
        borger_id,
        krop.encode(),
        from_text(lagt),
    )
