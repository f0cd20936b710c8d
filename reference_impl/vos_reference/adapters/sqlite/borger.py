"""A citizen as rows: read one or many whole, and write what has changed. Not here: transactions, queue, request ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from vos_contracts.model.identity import Identitet, Organisation
from vos_contracts.model.registration import Art
from vos_reference.adapters.sqlite.codec import day_from_text, day_to_text, from_text, to_text
from vos_reference.domain.person import (
    Forloeb,
    Fravaer,
    Person,
    Raskmelding,
    Registrering,
    Sygdom,
    Tilknytning,
    Tilmelding,
)

_kod = msgspec.json.Encoder().encode
_afkod_identitet = lru_cache(maxsize=4096)(msgspec.json.Decoder(Identitet).decode)  # the same callers again and again
_ART = {art.value: art for art in Art}
_HUSKES = 4096
"""Rows that are kept as values: citizens share memberships, and what was read is read again."""
_afkod_raskmelding = msgspec.json.Decoder(Raskmelding).decode

Raekke = tuple[Any, ...]

_PERSON = (
    "SELECT person.id, person.cpr, foedt, doed, sygdom.id, sygdom.fra, sygdom.til, sygdom.kontaktgruppe, begyndt,"
    " fravaer_id, husket_gruppe, husket_tilmeldekategori, sygdom.registrant, raskmelding"
)
_FRA_CPR = (
    f"{_PERSON} FROM cpr LEFT JOIN person ON person.id = cpr.person_id"
    " LEFT JOIN sygdom ON sygdom.person_id = person.id WHERE cpr.cpr = ?"
)
_EFTER = (
    f"{_PERSON} FROM person LEFT JOIN sygdom ON sygdom.person_id = person.id"
    " WHERE person.id > ? ORDER BY person.id LIMIT ?"
)
_FORHOLD = "SELECT person_id, art, id, type, kode, fra, til, registrant FROM forhold WHERE {} ORDER BY person_id, nr"
_HISTORIK = (
    "SELECT person_id, id, art, type, haendelse, start, slut, er_slettet, registreret, registrant FROM registrering"
    " WHERE {} ORDER BY person_id, nr"
)
_EN, _FRA_TIL = "person_id = ?", "person_id > ? AND person_id <= ?"
_FORHOLD_EN, _FORHOLD_FRA_TIL = _FORHOLD.format(_EN), _FORHOLD.format(_FRA_TIL)
_HISTORIK_EN, _HISTORIK_FRA_TIL = _HISTORIK.format(_EN), _HISTORIK.format(_FRA_TIL)


def fra_cpr(db: sqlite3.Connection, cpr: str) -> Person | bool | None:
    """Read the citizen with that number; None for a number that is not known, False for one without a citizen."""
    raekke = db.execute(_FRA_CPR, (cpr,)).fetchone()
    if raekke is None:
        return None
    if raekke[0] is None:
        return False
    noegle = (raekke[0],)
    return _person(raekke, db.execute(_FORHOLD_EN, noegle), db.execute(_HISTORIK_EN, noegle))


def efter(db: sqlite3.Connection, efter_id: str, antal: int) -> Iterator[Person]:
    """Read the next citizens in the order of their ids, three queries for all of them."""
    raekker = db.execute(_EFTER, (efter_id, antal)).fetchall()
    if not raekker:
        return
    omraade = (efter_id, raekker[-1][0])
    forhold = _efter_person(db.execute(_FORHOLD_FRA_TIL, omraade))
    historik = _efter_person(db.execute(_HISTORIK_FRA_TIL, omraade))
    for raekke in raekker:
        yield _person(raekke, forhold.get(raekke[0], ()), historik.get(raekke[0], ()))


def _efter_person(raekker: Iterable[Raekke]) -> dict[str, list[Raekke]]:
    return {person_id: list(egne) for person_id, egne in groupby(raekker, key=itemgetter(0))}


def skriv_forhold(db: sqlite3.Connection, person: Person) -> None:
    """Put the citizen's circumstances in place of those that were there."""
    db.execute("DELETE FROM forhold WHERE person_id = ?", (person.id,))
    db.executemany(
        "INSERT INTO forhold (person_id, art, id, type, kode, fra, til, registrant) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(person.id, *raekke) for raekke in forholdsraekker(person)],
    )


def skriv_sygdom(db: sqlite3.Connection, person: Person) -> None:
    """Put the citizen's open sickness in place of the one that was there."""
    en = person.sygdom
    if en is None:
        db.execute("DELETE FROM sygdom WHERE person_id = ?", (person.id,))
        return
    db.execute(
        "INSERT OR REPLACE INTO sygdom VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            person.id,
            en.id,
            day_to_text(en.fra),
            day_to_text(en.til),
            en.kontaktgruppe,
            en.begyndt,
            en.fravaer_id,
            en.husket_gruppe,
            en.husket_tilmeldekategori,
            _kod(en.registrant).decode(),
            None if en.raskmelding is None else _kod(en.raskmelding).decode(),
        ),
    )


def tilfoej(db: sqlite3.Connection, person_id: str, raekker: Sequence[Registrering]) -> None:
    """Append rows to a citizen's history."""
    db.executemany(
        "INSERT INTO registrering (person_id, id, art, type, haendelse, start, slut, er_slettet, registreret,"
        " organisation_type, organisation_kode, system, registrant)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                person_id,
                raekke.id,
                raekke.art.value,
                raekke.type,
                to_text(raekke.haendelse) if raekke.haendelse else None,
                to_text(raekke.start),
                to_text(raekke.slut) if raekke.slut else None,
                raekke.er_slettet,
                to_text(raekke.registreret),
                raekke.registrant.aktiv.type,
                raekke.registrant.aktiv.kode,
                raekke.registrant.system,
                _kod(raekke.registrant).decode(),
            )
            for raekke in raekker
        ],
    )


def forholdsraekker(person: Person) -> list[Raekke]:
    """Write the citizen's circumstances as rows, in an order that gives them back as they were."""
    raekker: list[Raekke] = []
    for art, medlemskaber in (("tilknytning", person.tilknytninger), ("gaest", person.gaester)):
        raekker += [
            (art, "", en.organisation.type, en.organisation.kode, day_to_text(en.fra), day_to_text(en.til), None)
            for en in medlemskaber
        ]
    aaben = (person.tilmelding,) if person.tilmelding is not None else ()
    for art, tilmeldinger in (("tilmelding", aaben), ("tidligere_tilmelding", person.tidligere_tilmeldinger)):
        raekker += [
            (
                art,
                "",
                en.kategori,
                None,
                day_to_text(en.fra),
                day_to_text(en.til),
                _kod(en.registrant).decode() if en.registrant else None,
            )
            for en in tilmeldinger
        ]
    raekker += [
        ("fravaer", en.id, en.type, None, day_to_text(en.fra), day_to_text(en.til), None) for en in person.fravaer
    ]
    for art, forloeb in (("fleksjob", person.fleksjob), ("tillaeg", person.tillaeg)):
        raekker += [(art, en.id, None, None, day_to_text(en.fra), day_to_text(en.til), None) for en in forloeb]
    return raekker


def _person(raekke: Raekke, forhold: Iterable[Raekke], historik: Iterable[Raekke]) -> Person:
    person_id, cpr, foedt, doed, *sygdom = raekke
    efter_art: dict[str, list[Any]] = {}
    for _, art, id_, type_, kode, fra, til, registrant in forhold:
        efter_art.setdefault(art, []).append(_forhold(art, id_, type_, kode, fra, til, registrant))
    return Person(
        id=person_id,
        cpr=cpr,
        foedt=day_from_text(foedt),
        doed=day_from_text(doed),
        tilknytninger=tuple(efter_art.get("tilknytning", ())),
        gaester=tuple(efter_art.get("gaest", ())),
        tilmelding=efter_art["tilmelding"][0] if "tilmelding" in efter_art else None,
        tidligere_tilmeldinger=tuple(efter_art.get("tidligere_tilmelding", ())),
        fravaer=tuple(efter_art.get("fravaer", ())),
        fleksjob=tuple(efter_art.get("fleksjob", ())),
        tillaeg=tuple(efter_art.get("tillaeg", ())),
        sygdom=None if sygdom[0] is None else _sygdom(*sygdom),
        historik=tuple(registrering(en) for en in historik),
    )


@lru_cache(maxsize=_HUSKES)
def _forhold(
    art: str, id_: str, type_: int, kode: str, fra: str, til: str | None, registrant: str | None
) -> Tilknytning | Tilmelding | Fravaer | Forloeb:
    begyndelse, slut = day_from_text(fra), day_from_text(til)
    if art in ("tilknytning", "gaest"):
        return Tilknytning(Organisation(type_, kode), begyndelse, slut)
    if art == "fravaer":
        return Fravaer(type_, begyndelse, slut, id_)
    if art in ("fleksjob", "tillaeg"):
        return Forloeb(id_, begyndelse, slut)
    return Tilmelding(type_, begyndelse, slut, None if registrant is None else _afkod_identitet(registrant))


def _sygdom(*felter: Any) -> Sygdom:
    id_, fra, til, gruppe, begyndt, fravaer_id, husket_gruppe, husket_kategori, registrant, raskmelding = felter
    return Sygdom(
        id=id_,
        fra=day_from_text(fra),
        kontaktgruppe=gruppe,
        registrant=_afkod_identitet(registrant),
        begyndt=bool(begyndt),
        til=day_from_text(til),
        fravaer_id=fravaer_id,
        husket_gruppe=husket_gruppe,
        husket_tilmeldekategori=husket_kategori,
        raskmelding=None if raskmelding is None else _afkod_raskmelding(raskmelding),
    )


@lru_cache(maxsize=_HUSKES)
def registrering(raekke: Raekke) -> Registrering:
    """Read a row of the history: whose, id, kind, type, times, deleted, registered, registrant."""
    _, id_, art, type_, haendelse, start, slut, slettet, registreret, registrant = raekke
    return Registrering(
        id=id_,
        art=_ART[art],
        type=type_,
        haendelse=from_text(haendelse),
        start=from_text(start),
        slut=from_text(slut),
        er_slettet=bool(slettet),
        registrant=_afkod_identitet(registrant),
        registreret=from_text(registreret),
    )
