"""Citizens as rows: read one or many with all their parts, and write the parts that changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from vos_contracts.model.identity import Identity, Organisation
from vos_contracts.model.reading import Helbredsbegraensning
from vos_contracts.model.registration import Kind
from vos_reference.adapters.sqlite.codec import day_from_text, day_to_text, from_text, to_text
from vos_reference.domain.person import (
    Fravaer,
    Illness,
    Membership,
    Period,
    Person,
    Recovery,
    Registration,
    Tilmelding,
)

_encode = msgspec.json.Encoder().encode
_decode_identity = lru_cache(maxsize=4096)(msgspec.json.Decoder(Identity).decode)  # few callers make most of the calls
_KIND = {kind.value: kind for kind in Kind}
_REMEMBERED = 4096
"""Cached rows: citizens share memberships, and the same rows are read again and again."""
_decode_helbredsbegraensning = msgspec.json.Decoder(Helbredsbegraensning).decode
_decode_recovery = msgspec.json.Decoder(Recovery).decode

Row = tuple[Any, ...]

_PERSON = (
    "SELECT person.id, person.cpr, born, dead, illness.id, illness.since, illness.until, illness.kontaktgruppe, begun,"
    " fravaer_id, remembered_group, remembered_tilmeldekategori, illness.registrant, recovery"
)
_FROM_CPR = (
    f"{_PERSON} FROM cpr LEFT JOIN person ON person.id = cpr.person_id"
    " LEFT JOIN illness ON illness.person_id = person.id WHERE cpr.cpr = ?"
)
_AFTER = (
    f"{_PERSON} FROM person LEFT JOIN illness ON illness.person_id = person.id"
    " WHERE person.id > ? ORDER BY person.id LIMIT ?"
)
_RELATION = (
    "SELECT person_id, kind, id, type, code, since, until, registrant, detail FROM relation"
    " WHERE {} ORDER BY person_id, number"
)
_HISTORY = (
    "SELECT person_id, id, kind, type, event, start_time, end_time, is_deleted, registered, registrant FROM registration"
    " WHERE {} ORDER BY person_id, number"
)
_ONE, _RANGE = "person_id = ?", "person_id > ? AND person_id <= ?"
_RELATION_ONE, _RELATION_RANGE = _RELATION.format(_ONE), _RELATION.format(_RANGE)
_HISTORY_ONE, _HISTORY_RANGE = _HISTORY.format(_ONE), _HISTORY.format(_RANGE)


def from_cpr(db: sqlite3.Connection, cpr: str) -> Person | bool | None:
    """Read the citizen with that CPR number; None for an unknown number, False for a number without a citizen."""
    row = db.execute(_FROM_CPR, (cpr,)).fetchone()
    if row is None:
        return None
    if row[0] is None:
        return False
    key = (row[0],)
    return _person(row, db.execute(_RELATION_ONE, key), db.execute(_HISTORY_ONE, key))


def after(db: sqlite3.Connection, after_id: str, count: int) -> Iterator[Person]:
    """Read the next citizens in the order of their ids, with three queries for all of them."""
    rows = db.execute(_AFTER, (after_id, count)).fetchall()
    if not rows:
        return
    id_range = (after_id, rows[-1][0])
    relations = _by_person(db.execute(_RELATION_RANGE, id_range))
    history = _by_person(db.execute(_HISTORY_RANGE, id_range))
    for row in rows:
        yield _person(row, relations.get(row[0], ()), history.get(row[0], ()))


def _by_person(rows: Iterable[Row]) -> dict[str, list[Row]]:
    return {person_id: list(own) for person_id, own in groupby(rows, key=itemgetter(0))}


def write_relations(db: sqlite3.Connection, person: Person) -> None:
    """Replace the stored memberships, tilmeldinger, fravaer and periods of the citizen."""
    db.execute("DELETE FROM relation WHERE person_id = ?", (person.id,))
    db.executemany(
        "INSERT INTO relation (person_id, kind, id, type, code, since, until, registrant, detail)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(person.id, *row) for row in relation_rows(person)],
    )


def write_illness(db: sqlite3.Connection, person: Person) -> None:
    """Replace the stored open illness of the citizen; None deletes it."""
    illness = person.illness
    if illness is None:
        db.execute("DELETE FROM illness WHERE person_id = ?", (person.id,))
        return
    db.execute(
        "INSERT OR REPLACE INTO illness VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            person.id,
            illness.id,
            day_to_text(illness.since),
            day_to_text(illness.until),
            illness.kontaktgruppe,
            illness.begun,
            illness.fravaer_id,
            illness.remembered_group,
            illness.remembered_tilmeldekategori,
            _encode(illness.registrant).decode(),
            None if illness.recovery is None else _encode(illness.recovery).decode(),
        ),
    )


def add(db: sqlite3.Connection, person_id: str, rows: Sequence[Registration]) -> None:
    """Append rows to a citizen's history."""
    db.executemany(
        "INSERT INTO registration (person_id, id, kind, type, event, start_time, end_time, is_deleted, registered,"
        " organisation_type, organisation_code, system, registrant)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                person_id,
                row.id,
                row.kind.value,
                row.type,
                to_text(row.event) if row.event else None,
                to_text(row.start),
                to_text(row.end) if row.end else None,
                row.is_deleted,
                to_text(row.registered),
                row.registrant.active.type,
                row.registrant.active.code,
                row.registrant.system,
                _encode(row.registrant).decode(),
            )
            for row in rows
        ],
    )


def relation_rows(person: Person) -> list[Row]:
    """Return the relations of the citizen as rows, in the order in which they are read back."""
    rows: list[Row] = []
    for kind, memberships in (("membership", person.memberships), ("guest", person.guests)):
        rows += [
            (
                kind,
                "",
                membership.organisation.type,
                membership.organisation.code,
                day_to_text(membership.since),
                day_to_text(membership.until),
                None,
                None,
            )
            for membership in memberships
        ]
    current = (person.tilmelding,) if person.tilmelding is not None else ()
    for kind, tilmeldinger in (("tilmelding", current), ("former_tilmelding", person.former_tilmeldinger)):
        rows += [
            (
                kind,
                "",
                tilmelding.category,
                None,
                day_to_text(tilmelding.since),
                day_to_text(tilmelding.until),
                _encode(tilmelding.registrant).decode() if tilmelding.registrant else None,
                None,
            )
            for tilmelding in tilmeldinger
        ]
    rows += [
        ("fravaer", fravaer.id, fravaer.type, None, day_to_text(fravaer.since), day_to_text(fravaer.until), None, None)
        for fravaer in person.fravaer
    ]
    for kind, periods in (("fleksjob", person.fleksjob), ("aktivitetstillaeg", person.aktivitetstillaeg)):
        rows += [
            (kind, period.id, None, None, day_to_text(period.since), day_to_text(period.until), None, None)
            for period in periods
        ]
    rows += [
        (
            "helbredsbegraensning",
            limitation.id,
            None,
            None,
            day_to_text(limitation.start.date()),
            None if limitation.end is None else day_to_text(limitation.end.date()),
            None,
            _encode(limitation).decode(),
        )
        for limitation in person.helbredsbegraensninger
    ]
    return rows


def _person(row: Row, relations: Iterable[Row], history: Iterable[Row]) -> Person:
    person_id, cpr, born, dead, *illness = row
    by_kind: dict[str, list[Any]] = {}
    for _, kind, *columns in relations:
        by_kind.setdefault(kind, []).append(_relation(kind, *columns))
    return Person(
        id=person_id,
        cpr=cpr,
        born=day_from_text(born),
        dead=day_from_text(dead),
        memberships=tuple(by_kind.get("membership", ())),
        guests=tuple(by_kind.get("guest", ())),
        tilmelding=by_kind["tilmelding"][0] if "tilmelding" in by_kind else None,
        former_tilmeldinger=tuple(by_kind.get("former_tilmelding", ())),
        fravaer=tuple(by_kind.get("fravaer", ())),
        fleksjob=tuple(by_kind.get("fleksjob", ())),
        aktivitetstillaeg=tuple(by_kind.get("aktivitetstillaeg", ())),
        helbredsbegraensninger=tuple(by_kind.get("helbredsbegraensning", ())),
        illness=None if illness[0] is None else _illness(*illness),
        history=tuple(registration(history_row) for history_row in history),
    )


@lru_cache(maxsize=_REMEMBERED)
def _relation(
    kind: str,
    id_: str,
    type_: int,
    code: str,
    since: str,
    until: str | None,
    registrant: str | None,
    detail: str | None,
) -> Membership | Tilmelding | Fravaer | Period | Helbredsbegraensning:
    if detail is not None:
        return _decode_helbredsbegraensning(detail)
    start, end = day_from_text(since), day_from_text(until)
    if kind in ("membership", "guest"):
        return Membership(Organisation(type_, code), start, end)
    if kind == "fravaer":
        return Fravaer(type_, start, end, id_)
    if kind in ("fleksjob", "aktivitetstillaeg"):
        return Period(id_, start, end)
    return Tilmelding(type_, start, end, None if registrant is None else _decode_identity(registrant))


def _illness(*fields: Any) -> Illness:
    id_, since, until, group, begun, fravaer_id, remembered_group, remembered_category, registrant, recovery = fields
    return Illness(
        id=id_,
        since=day_from_text(since),
        kontaktgruppe=group,
        registrant=_decode_identity(registrant),
        begun=bool(begun),
        until=day_from_text(until),
        fravaer_id=fravaer_id,
        remembered_group=remembered_group,
        remembered_tilmeldekategori=remembered_category,
        recovery=None if recovery is None else _decode_recovery(recovery),
    )


@lru_cache(maxsize=_REMEMBERED)
def registration(row: Row) -> Registration:
    """Read a row of the history with the columns of `_HISTORY`."""
    _, id_, kind, type_, event, start, end, deleted, registered, registrant = row
    return Registration(
        id=id_,
        kind=_KIND[kind],
        type=type_,
        event=from_text(event),
        start=from_text(start),
        end=from_text(end),
        is_deleted=bool(deleted),
        registrant=_decode_identity(registrant),
        registered=from_text(registered),
    )
