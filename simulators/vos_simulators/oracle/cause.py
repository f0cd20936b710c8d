"""What caused a row of the history, found in the stage's journal: the request itself, or the run of the nightly jobs.

A call is found by the citizen, the calling system, the user and the instant. On a frozen clock several may fit; then all of
them are named, except where the row's own identifier tells them apart. The journal does not hold everything: it is capped, and
it notes neither the neighbours' internal calls nor what a number was before it changed; then the registrant is named.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.operations import CitizenRow, RegistrationRow
from vos_contracts.tables.access import ClientSystem
from vos_contracts.wire.instants import DANISH_TIME
from vos_simulators.oracle.happened import Cause, registrant

WOBBLE = timedelta(seconds=1)
"""How much longer than it says a call may have been under way."""


def from_journal(entries: Iterable[JournalEntry]) -> Cause:
    """Make the namer of a journal; the first row that has an identifier is the one that made the registration."""
    everyone = since_stage_var_empty(entries)
    call = [one_item for one_item in everyone if one_item.kind is EntryType.CALL and _registers(one_item)]
    runs = [one_item for one_item in everyone if one_item.kind is EntryType.RUN]
    created: dict[str, int] = {}

    def cause(row: RegistrationRow, citizen: CitizenRow) -> str:
        who = registrant(row, citizen)
        if row.system != ClientSystem.DFDG:
            first = created.setdefault(row.id, row.nr) == row.nr
            own = [item for item in call if _can_be(item, row, citizen)]
            findings = [item for item in own if _mentions(item, row.id, first=first)] or own
            if findings:
                return f"{' eller '.join(map(_name, findings))} af {who}"
        run = next((item for item in runs if item.instant >= row.registered), None)
        if run is not None and _day(run.instant) == _day(row.registered):
            return f"{'natkørslen' if run.data['nightly'] == 'yes' else 'kørslen'} af {who}"
        return who

    return cause


def since_stage_var_empty(entries: Iterable[JournalEntry]) -> list[JournalEntry]:
    """Leave out what was before the stage was last emptied."""
    everyone: list[JournalEntry] = []
    for entry in entries:
        if entry.kind is EntryType.RESET:
            everyone.clear()
        everyone.append(entry)
    return everyone


def _day(instant: datetime) -> date:
    return instant.astimezone(DANISH_TIME).date()


def _registers(entry: JournalEntry) -> bool:
    operation = str(entry.data.get("soapaction", "")).rpartition("#")[2]
    return entry.data["status"] in (200, "200") and entry.data["method"] != "GET" and not operation.startswith("Get")


def _can_be(entry: JournalEntry, row: RegistrationRow, citizen: CitizenRow) -> bool:
    body = str(entry.data["body"])
    about_citizen = citizen.cpr == entry.cpr or citizen.cpr in body
    user = row.user_id == entry.data.get("userId") or row.user_id in body
    lasted = timedelta(microseconds=int(entry.data["microseconds"])) + WOBBLE
    da = timedelta() <= entry.instant - row.registered <= lasted
    return da and about_citizen and user and str(row.system) == str(entry.data.get("system"))


def _mentions(entry: JournalEntry, id_: str, *, first: bool) -> bool:
    """Whether the call made that registration, or asks for a change of it."""
    return id_ in str(entry.data["response"]) if first else id_ in f"{entry.data['path']} {entry.data['body']}"


def _name(entry: JournalEntry) -> str:
    soap = str(entry.data.get("soapaction", "")).strip('"').rpartition("/")[2]
    name = soap.replace("#", ".") or f"{entry.data['method']} {entry.data['path']}"
    request_id = entry.data.get("requestId")
    return f"{name} ({request_id})" if request_id else name
