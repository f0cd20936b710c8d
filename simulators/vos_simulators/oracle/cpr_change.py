"""Who must be told of a CPR change, and who was: GetCprChanged to the citizen's own jobcentre and fund, if they subscribe.

Once more and by itself (epic, commitment criteria), as `expected` for what is registered. The author is STAR.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.operations import CitizenRow
from vos_contracts.model.identity import Organisation
from vos_contracts.tables.access import OrganisationType
from vos_contracts.wire.instants import DANISH_TIME
from vos_contracts.wire.messages.wsrm_cpr import CprMessage
from vos_simulators.oracle.cause import since_stage_var_empty
from vos_simulators.oracle.expected import Content, Expected, wsrm_recipient
from vos_simulators.oracle.happened import affiliated
from vos_simulators.oracle.received import Got
from vos_simulators.parties import STAR

MESSAGE = "GetCprChanged"


@dataclass(frozen=True, slots=True)
class CprChange:
    """CPR told of a new number; `authorities` are the citizen's own jobcentre and fund that day."""

    old: str
    new_one: str
    authorities: tuple[Organisation, ...]
    cause: str


def from_journal(entries: Iterable[JournalEntry], citizens: Iterable[CitizenRow]) -> list[CprChange]:
    """Find the changes since the stage was empty; the citizens are as they are now, under their latest number."""
    known = {citizen.cpr: citizen for citizen in citizens}
    change = [item for item in since_stage_var_empty(entries) if item.kind is EntryType.CPR_CHANGE]
    newer = {str(item.data["old"]): item.cpr for item in change}
    findings = []
    for item in change:
        now = item.cpr
        while now not in known:
            now = newer[now]
        day = item.instant.astimezone(DANISH_TIME).date()
        own = (affiliated(known[now], type_, day) for type_ in (OrganisationType.JOBCENTER, OrganisationType.AKASSE))
        cause = f"CPR-skift {item.instant.astimezone(DANISH_TIME):%d-%m-%Y %H:%M:%S}"
        findings.append(CprChange(str(item.data["old"]), item.cpr, tuple(filter(None, own)), cause))
    return findings


def expected(change: Iterable[CprChange], subscribers: Collection[Organisation]) -> Iterator[Expected]:
    """Say which messages must be there: one to each of the citizen's own that subscribes."""
    for item in change:
        for organisation in item.authorities:
            if organisation in subscribers:
                content = _content(item.old, item.new_one, STAR)
                yield Expected(wsrm_recipient(organisation), MESSAGE, item.new_one, content, MESSAGE, item.cause)


def from_wsrm(owner: Organisation, message: CprMessage) -> Got:
    """Make it of a message from the owner's queue."""
    content = _content(message.old, message.new_one, message.registrant.active)
    return Got(wsrm_recipient(owner), message.message_id, MESSAGE, message.new_one, content)


def _content(old: str, new_one: str, authority: Organisation) -> Content:
    return (("old", old), ("new", new_one), ("authority", str(authority)))
