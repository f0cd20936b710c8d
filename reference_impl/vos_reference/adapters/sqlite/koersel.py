"""The runs' SQL: one row per run of the nightly jobs."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime

import msgspec

from vos_contracts.control.stage import Koerselsart
from vos_reference.adapters.sqlite.codec import day_from_text, day_to_text, from_text, to_text
from vos_reference.application.ports import Jobtal, Koersel, Status
from vos_reference.domain.batchjob import Job

_kod = msgspec.json.Encoder().encode
_afkod = msgspec.json.Decoder(dict[Job, Jobtal]).decode
_FELTER = "id, dag, art, tidspunkt, natlig, status, markoer, i_alt, sete, sekunder, tal"


def gem(db: sqlite3.Connection, en: Koersel) -> None:
    """Insert the run, or put how it stands in place of how it stood."""
    db.execute(
        f"INSERT INTO koersel ({_FELTER}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " status = excluded.status, markoer = excluded.markoer, i_alt = excluded.i_alt, sete = excluded.sete,"
        " sekunder = excluded.sekunder, tal = excluded.tal",
        (
            en.id,
            day_to_text(en.dag),
            en.art.value,
            to_text(en.tidspunkt),
            en.natlig,
            en.status.value,
            en.markoer,
            en.i_alt,
            en.sete,
            en.sekunder,
            _kod(en.tal).decode(),
        ),
    )


def seneste(db: sqlite3.Connection) -> Koersel | None:
    """Read the run that was begun last."""
    raekke = db.execute(f"SELECT {_FELTER} FROM koersel ORDER BY nr DESC LIMIT 1").fetchone()
    if raekke is None:
        return None
    id_, dag, art, tidspunkt, natlig, status, markoer, i_alt, sete, sekunder, tal = raekke
    return Koersel(
        id=id_,
        dag=day_from_text(dag),
        art=Koerselsart(art),
        tidspunkt=from_text(tidspunkt),
        natlig=bool(natlig),
        status=Status(status),
        markoer=markoer,
        i_alt=i_alt,
        sete=sete,
        sekunder=sekunder,
        tal=_afkod(tal),
    )


def seneste_nat(db: sqlite3.Connection) -> date | None:
    """Read the latest day whose nightly run is begun."""
    dag: str | None = db.execute("SELECT max(dag) FROM koersel WHERE natlig").fetchone()[0]
    return day_from_text(dag)


def seneste_tidspunkt(db: sqlite3.Connection) -> datetime | None:
    """Read the latest instant that the store knows of: of the clock, of a run, or of the newest row of the history."""
    tidspunkt: str | None = db.execute(
        "SELECT max(tidspunkt) FROM (SELECT tidspunkt FROM koersel UNION ALL SELECT tidspunkt FROM ur UNION ALL"
        " SELECT registreret FROM (SELECT registreret FROM registrering ORDER BY nr DESC LIMIT 1))"
    ).fetchone()[0]
    return from_text(tidspunkt)
