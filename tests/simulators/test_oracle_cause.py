"""The cause of a row: the call in the journal, all candidates, or the registrant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.operations import CitizenRow, RegistrationRow
from vos_contracts.model.registration import Kind
from vos_contracts.tables.access import ClientSystem
from vos_simulators.oracle.cause import from_journal

NOW = datetime(2024, 11, 18, 8, 0, tzinfo=UTC)
CPR = "0203840000"
CITIZEN = CitizenRow(nr=1, citizen_id="b", cpr=CPR, born=NOW.date(), dead=None, memberships=())
ROW = RegistrationRow(
    nr=1, citizen_id="b", id="r1", kind=Kind.KONTAKTGRUPPE, type=2, event=None, start=NOW, end=None, is_deleted=False,
    registered=NOW, organisation_type=8, organisation_code="10100", system=1001, user_type=2, user_id="tt",
    user_name="Test",
)  # fmt: skip
WHO = "Test (8/10100) 18-11-2024 09:00:00"


def rest(
    nr: int, method: str = "POST", path: str = "/kontaktgruppe", *, time: datetime = NOW, **fields: Any
) -> JournalEntry:
    data = {
        "method": method, "path": path, "status": 200, "system": "1001", "userId": "tt", "requestId": f"kald{nr}",
        "microseconds": 900, "body": "", "response": "",
    } | {name: value for name, value in fields.items() if name != "cpr"}  # fmt: skip
    return JournalEntry(kind=EntryType.CALL, instant=time, cpr=fields.get("cpr", CPR), data=data)


def soap(operation: str, *, time: datetime = NOW, response: str = "") -> JournalEntry:
    data = {
        "method": "POST", "path": "/prs", "status": 200, "system": "1001", "microseconds": 900,
        "body": f"<UserIdentifier>tt</UserIdentifier>{CPR}", "response": response, "soapaction": f'"http://x/Tjeneste#{operation}"',
    }  # fmt: skip
    return JournalEntry(kind=EntryType.CALL, instant=time, data=data)


def row(**fields: Any) -> RegistrationRow:
    return msgspec.structs.replace(ROW, **fields)


def causes(entries: Iterable[JournalEntry], *rows: RegistrationRow) -> list[str]:
    cause = from_journal(entries)
    return [cause(row, CITIZEN) for row in rows]


def test_the_call_is_named_on_both_channels() -> None:
    assert causes([rest(1)], ROW) == [f"POST /kontaktgruppe (kald1) af {WHO}"]
    assert causes([soap("CreateContactGroup")], ROW) == [f"Tjeneste.CreateContactGroup af {WHO}"]


def test_another_call_is_not_the_cause() -> None:
    others = [
        rest(1, "GET"),
        rest(2, status=400),
        rest(3, system="1002"),
        rest(4, userId="en anden"),
        rest(5, cpr="0203840001"),
        rest(6, time=NOW - timedelta(microseconds=1)),
        rest(7, time=NOW + timedelta(seconds=2)),
        soap("GetContactGroup"),
    ]
    assert causes(others, ROW) == [WHO]
    assert causes([*others, rest(8, time=NOW + timedelta(milliseconds=1))], ROW) == [
        f"POST /kontaktgruppe (kald8) af {WHO}"
    ]


def test_on_a_frozen_clock_the_row_id_decides_or_all_calls_are_named() -> None:
    entries = [
        rest(1, response='"r1"'),
        soap("CreateContactGroup", response="<Id>r2</Id>"),
        rest(3, "PUT", "/kontaktgruppe/r2"),
        rest(4, "DELETE", "/kontaktgruppe/r1"),
    ]
    rows = [ROW, row(nr=2, id="r2"), row(nr=3, id="r2", end=NOW), row(nr=4, is_deleted=True)]
    assert causes(entries, *rows) == [
        f"{name} af {WHO}"
        for name in (
            "POST /kontaktgruppe (kald1)",
            "Tjeneste.CreateContactGroup",
            "PUT /kontaktgruppe/r2 (kald3)",
            "DELETE /kontaktgruppe/r1 (kald4)",
        )
    ]
    (derived,) = causes(entries[:2], row(id="derived"))
    assert derived == f"POST /kontaktgruppe (kald1) eller Tjeneste.CreateContactGroup af {WHO}"


def test_the_nightly_run_and_a_requested_run() -> None:
    def run(nightly: str, time: datetime) -> JournalEntry:
        return JournalEntry(kind=EntryType.RUN, instant=time, data={"nightly": nightly})

    dfdg = row(system=ClientSystem.DFDG, user_name="DFDG Fyldt 30 år")
    who = "DFDG Fyldt 30 år (8/10100) 18-11-2024 09:00:00"
    assert causes([rest(1), run("yes", NOW)], dfdg) == [f"natkørslen af {who}"]
    assert causes([run("no", NOW + timedelta(seconds=3))], dfdg) == [f"kørslen af {who}"]
    assert causes([run("yes", NOW - timedelta(days=1)), run("yes", NOW + timedelta(days=1))], dfdg) == [who]
    assert causes([run("yes", NOW)], ROW) == [f"natkørslen af {WHO}"], "a registration announced in advance"


def test_a_call_before_the_reset_is_not_the_cause() -> None:
    assert causes([rest(1), JournalEntry(kind=EntryType.RESET, instant=NOW)], ROW) == [WHO]
