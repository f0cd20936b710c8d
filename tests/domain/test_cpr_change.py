from dataclasses import replace
from datetime import date

import pytest

from support.builders import AKASSE, JOBCENTER, citizen, context, identity, row
from vos_contracts.model.identity import Organisation
from vos_contracts.tables.recipients import MessageType, RecipientRole, subscribable
from vos_reference.domain import cpr_change
from vos_reference.domain.decision import CprChanged, Created
from vos_reference.domain.person import Membership, Person
from vos_reference.domain.recipients import wsrm_drafts

NEW = "0404850000"


def test_the_pointer_moves_and_everything_else_stays() -> None:
    person = citizen(row(13))
    moved = cpr_change.move(person, NEW, context())
    assert moved is not None
    assert moved.person == replace(person, cpr=NEW, born=date(1985, 4, 4))
    assert moved.event == CprChanged(person.cpr, NEW, identity())


@pytest.mark.parametrize(
    ("release", "moves"), [("2024-3", False), ("2024-4", True), ("2025-1", True), ("2025-2", True)]
)
def test_the_release_decides(release: str, moves: bool) -> None:
    assert (cpr_change.move(citizen(), NEW, context(release=release)) is not None) is moves


def told(person: Person) -> list[Organisation]:
    event = CprChanged(person.cpr, NEW, identity())
    drafts = wsrm_drafts([event], person, context().day, context().contract.wsrm_recipients)
    return [draft.recipient for draft in drafts if draft.subject is MessageType.CPR_CHANGED]


def test_the_recipients_are_the_jobcenter_and_akasse_of_the_day() -> None:
    assert told(citizen()) == [JOBCENTER, AKASSE]
    former = replace(
        citizen(),
        memberships=(
            Membership(Organisation(8, "10200"), date(2000, 1, 1), date(2024, 11, 18)),
            Membership(JOBCENTER, date(2024, 11, 18)),
        ),
    )
    assert told(former) == [JOBCENTER]


def test_no_registration_sends_a_cpr_message() -> None:
    rules = context().contract.wsrm_recipients
    messages = {draft.subject for draft in wsrm_drafts([Created(row(13))], citizen(), context().day, rules)}
    assert MessageType.CPR_CHANGED not in messages
    assert subscribable(rules) == {MessageType.CPR_CHANGED: {RecipientRole.JOBCENTER, RecipientRole.AKASSE}}
