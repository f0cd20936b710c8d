"""Find the cause of a row of the history in the stage's journal: the service call, or the run of the nightly jobs.

A call matches by citizen, calling system, user and instant. On a frozen clock several calls may match; all of them are named
unless the registration id in a call tells them apart. The journal is capped, and it holds neither internal calls of neighbour
services nor a citizen's earlier CPR numbers; without a match the registrant is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.operations import CitizenRow, RegistrationRow
from vos_contracts.tables.access import ClientSystem
from vos_contracts.wire.instants import DANISH_TIME
from vos_simulators.oracle.happened import Cause, registrant

TOLERANCE = timedelta(seconds=1)
"""Added to the logged duration of a call when its instant is compared with the row's."""


def from_journal(entries: Iterable[JournalEntry]) -> Cause:
    """Return a function that names the cause of a row; the first row with a given id is the creation of the registration."""
    kept = since_reset(entries)
    calls = [entry for entry in kept if entry.kind is EntryType.CALL and _registers(entry)]
    runs = [entry for entry in kept if entry.kind is EntryType.RUN]
    created: dict[str, int] = {}

    def cause(row: RegistrationRow, citizen: CitizenRow) -> str:
        who = registrant(row, citizen)
        if row.system != ClientSystem.DFDG:
            first = created.setdefault(row.id, row.nr) == row.nr
            candidates = [call for call in calls if _can_be(call, row, citizen)]
            matches = [call for call in candidates if _mentions(call, row.id, first=first)] or candidates
            if matches:
                return f"{' eller '.join(map(_name, matches))} af {who}"
        run = next((run for run in runs if run.instant >= row.registered), None)
        if run is not None and _day(run.instant) == _day(row.registered):
            return f"{'natkørslen' if run.data['nightly'] == 'yes' else 'kørslen'} af {who}"
        return who

    return cause


def since_reset(entries: Iterable[JournalEntry]) -> list[JournalEntry]:
    """Drop the entries before the latest reset of the stage."""
    kept: list[JournalEntry] = []
    for entry in entries:
        if entry.kind is EntryType.RESET:
            kept.clear()
        kept.append(entry)
    return kept


def _day(instant: datetime) -> date:
    return instant.astimezone(DANISH_TIME).date()


def _registers(entry: JournalEntry) -> bool:
    operation = str(entry.data.get("soapaction", "")).rpartition("#")[2]
    return entry.data["status"] in (200, "200") and entry.data["method"] != "GET" and not operation.startswith("Get")


def _can_be(entry: JournalEntry, row: RegistrationRow, citizen: CitizenRow) -> bool:
    body = str(entry.data["body"])
    about_citizen = citizen.cpr == entry.cpr or citizen.cpr in body
    user = row.user_id == entry.data.get("userId") or row.user_id in body
    lasted = timedelta(microseconds=int(entry.data["microseconds"])) + TOLERANCE
    in_time = timedelta() <= entry.instant - row.registered <= lasted
    return in_time and about_citizen and user and str(row.system) == str(entry.data.get("system"))


def _mentions(entry: JournalEntry, id_: str, *, first: bool) -> bool:
    """Whether the call created that registration, or requests a change of it."""
    return id_ in str(entry.data["response"]) if first else id_ in f"{entry.data['path']} {entry.data['body']}"


def _name(entry: JournalEntry) -> str:
    soap = str(entry.data.get("soapaction", "")).strip('"').rpartition("/")[2]
    name = soap.replace("#", ".") or f"{entry.data['method']} {entry.data['path']}"
    request_id = entry.data.get("requestId")
    return f"{name} ({request_id})" if request_id else name
