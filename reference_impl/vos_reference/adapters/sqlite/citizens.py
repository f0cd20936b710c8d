"""A citizen as rows: read one or many whole, and write what has changed. Not here: transactions, queue, request ids."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec

from vos_contracts.model.identity import Identity, Organisation
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
_decode_identity = lru_cache(maxsize=4096)(msgspec.json.Decoder(Identity).decode)  # the same callers again and again
_KIND = {kind.value: kind for kind in Kind}
_REMEMBERED = 4096
"""Rows that are kept as values: citizens share memberships, and what was read is read again."""
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
_RATIO = (
    "SELECT person_id, kind, id, type, code, since, until, registrant FROM relation WHERE {} ORDER BY person_id, number"
)
_HISTORY = (
    "SELECT person_id, id, kind, type, event, start_time, end_time, is_deleted, registered, registrant FROM registration"
    " WHERE {} ORDER BY person_id, number"
)
_EN, _FROM_UNTIL = "person_id = ?", "person_id > ? AND person_id <= ?"
_RATIO_ONE, _RATIO_FROM_UNTIL = _RATIO.format(_EN), _RATIO.format(_FROM_UNTIL)
_HISTORY_ONE, _HISTORY_FROM_UNTIL = _HISTORY.format(_EN), _HISTORY.format(_FROM_UNTIL)


def from_cpr(db: sqlite3.Connection, cpr: str) -> Person | bool | None:
    """Read the citizen with that number; None for a number that is not known, False for one without a citizen."""
    row = db.execute(_FROM_CPR, (cpr,)).fetchone()
    if row is None:
        return None
    if row[0] is None:
        return False
    key = (row[0],)
    return _person(row, db.execute(_RATIO_ONE, key), db.execute(_HISTORY_ONE, key))


def after(db: sqlite3.Connection, after_id: str, count: int) -> Iterator[Person]:
    """Read the next citizens in the order of their ids, three queries for all of them."""
    rows = db.execute(_AFTER, (after_id, count)).fetchall()
    if not rows:
        return
    area = (after_id, rows[-1][0])
    relation = _after_person(db.execute(_RATIO_FROM_UNTIL, area))
    history = _after_person(db.execute(_HISTORY_FROM_UNTIL, area))
    for row in rows:
        yield _person(row, relation.get(row[0], ()), history.get(row[0], ()))


def _after_person(rows: Iterable[Row]) -> dict[str, list[Row]]:
    return {person_id: list(own) for person_id, own in groupby(rows, key=itemgetter(0))}


def write_ratio(db: sqlite3.Connection, person: Person) -> None:
    """Put the citizen's circumstances in place of those that were there."""
    db.execute("DELETE FROM relation WHERE person_id = ?", (person.id,))
    db.executemany(
        "INSERT INTO relation (person_id, kind, id, type, code, since, until, registrant) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(person.id, *row) for row in fact_rows(person)],
    )


def write_illness(db: sqlite3.Connection, person: Person) -> None:
    """Put the citizen's open sickness in place of the one that was there."""
    item = person.illness
    if item is None:
        db.execute("DELETE FROM illness WHERE person_id = ?", (person.id,))
        return
    db.execute(
        "INSERT OR REPLACE INTO illness VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            person.id,
            item.id,
            day_to_text(item.since),
            day_to_text(item.until),
            item.kontaktgruppe,
            item.begun,
            item.fravaer_id,
            item.remembered_group,
            item.remembered_tilmeldekategori,
            _encode(item.registrant).decode(),
            None if item.recovery is None else _encode(item.recovery).decode(),
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


def fact_rows(person: Person) -> list[Row]:
    """Write the citizen's circumstances as rows, in an order that gives them back as they were."""
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
            )
            for membership in memberships
        ]
    is_open = (person.tilmelding,) if person.tilmelding is not None else ()
    for kind, tilmeldinger in (("tilmelding", is_open), ("former_tilmelding", person.former_tilmeldinger)):
        rows += [
            (
                kind,
                "",
                item.category,
                None,
                day_to_text(item.since),
                day_to_text(item.until),
                _encode(item.registrant).decode() if item.registrant else None,
            )
            for item in tilmeldinger
        ]
    rows += [
        ("fravaer", item.id, item.type, None, day_to_text(item.since), day_to_text(item.until), None)
        for item in person.fravaer
    ]
    for kind, course in (("fleksjob", person.fleksjob), ("aktivitetstillaeg", person.aktivitetstillaeg)):
        rows += [(kind, item.id, None, None, day_to_text(item.since), day_to_text(item.until), None) for item in course]
    return rows


def _person(row: Row, relation: Iterable[Row], history: Iterable[Row]) -> Person:
    person_id, cpr, born, dead, *illness = row
    after_art: dict[str, list[Any]] = {}
    for _, kind, id_, type_, code, since, until, registrant in relation:
        after_art.setdefault(kind, []).append(_ratio(kind, id_, type_, code, since, until, registrant))
    return Person(
        id=person_id,
        cpr=cpr,
        born=day_from_text(born),
        dead=day_from_text(dead),
        memberships=tuple(after_art.get("membership", ())),
        guests=tuple(after_art.get("guest", ())),
        tilmelding=after_art["tilmelding"][0] if "tilmelding" in after_art else None,
        former_tilmeldinger=tuple(after_art.get("former_tilmelding", ())),
        fravaer=tuple(after_art.get("fravaer", ())),
        fleksjob=tuple(after_art.get("fleksjob", ())),
        aktivitetstillaeg=tuple(after_art.get("aktivitetstillaeg", ())),
        illness=None if illness[0] is None else _illness(*illness),
        history=tuple(registration(item) for item in history),
    )


@lru_cache(maxsize=_REMEMBERED)
def _ratio(
    kind: str, id_: str, type_: int, code: str, since: str, until: str | None, registrant: str | None
) -> Membership | Tilmelding | Fravaer | Period:
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
    """Read a row of the history: whose, id, kind, type, times, deleted, registered, registrant."""
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
