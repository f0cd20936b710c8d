"""Expected and received GetCprChanged messages: to the citizen's own jobcenter and akasse if they subscribe.

Written from the epic's commitment criteria, independently of the sending code, as `expected` is for registrations. The author
of the messages is STAR.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.operations import CitizenRow
from vos_contracts.model.cpr import masked
from vos_contracts.model.identity import Organisation
from vos_contracts.tables.access import OrganisationType
from vos_contracts.wire.instants import DANISH_TIME
from vos_contracts.wire.messages.wsrm_cpr import CprMessage
from vos_simulators.oracle.cause import since_reset
from vos_simulators.oracle.expected import Content, Expected, wsrm_recipient
from vos_simulators.oracle.happened import authority_of_type
from vos_simulators.oracle.received import Got
from vos_simulators.parties import STAR

MESSAGE = "GetCprChanged"


@dataclass(frozen=True, slots=True)
class CprChange:
    """A reported CPR change; `authorities` are the citizen's own jobcenter and akasse on that day."""

    old: str
    new: str
    authorities: tuple[Organisation, ...]
    cause: str


def from_journal(entries: Iterable[JournalEntry], citizens: Iterable[CitizenRow]) -> list[CprChange]:
    """Find the changes since the latest reset; `citizens` hold their current CPR numbers.

    Raises:
        AssertionError: the journal has a change, and no citizen has the number that it led to.
    """
    known = {citizen.cpr: citizen for citizen in citizens}
    entries = [entry for entry in since_reset(entries) if entry.kind is EntryType.CPR_CHANGE]
    newer = {str(entry.data["old"]): entry.cpr for entry in entries}
    changes = []
    for entry in entries:
        now = entry.cpr
        while now not in known:
            assert now in newer, f"journalen har et CPR-skift til {masked(now)}, men ingen borger har nummeret"
            now = newer[now]
        instant = entry.instant.astimezone(DANISH_TIME)
        own = (
            authority_of_type(known[now], type_, instant.date())
            for type_ in (OrganisationType.JOBCENTER, OrganisationType.AKASSE)
        )
        cause = f"CPR-skift {instant:%d-%m-%Y %H:%M:%S}"
        changes.append(CprChange(str(entry.data["old"]), entry.cpr, tuple(filter(None, own)), cause))
    return changes


def expected(changes: Iterable[CprChange], subscribers: Collection[Organisation]) -> Iterator[Expected]:
    """Yield the required messages: one per subscribing authority of the citizen."""
    for change in changes:
        for organisation in change.authorities:
            if organisation in subscribers:
                content = _content(change.old, change.new, STAR)
                yield Expected(wsrm_recipient(organisation), MESSAGE, change.new, content, MESSAGE, change.cause)


def from_wsrm(owner: Organisation, message: CprMessage) -> Got:
    """Convert a message from the owner's queue."""
    content = _content(message.old, message.new_one, message.registrant.active)
    return Got(wsrm_recipient(owner), message.message_id, MESSAGE, message.new_one, content)


def _content(old: str, new: str, authority: Organisation) -> Content:
    return (("old", old), ("new", new), ("authority", str(authority)))
