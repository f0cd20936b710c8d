from dataclasses import replace
from datetime import timedelta

from support.builders import NOW, citizen, context, row
from vos_contracts.model.neighbours import EndFleksjob, NeighbourCommand, RegisterFleksjob
from vos_reference.domain.decide import decide
from vos_reference.domain.decision import Accepted, Refused
from vos_reference.domain.person import Period, Person

DAY = NOW.date()
ID = "00000000-0000-0000-0000-00000000000b"


def response(person: Person, command: NeighbourCommand) -> Person | list[int]:
    decision = decide(person, command, context())
    if isinstance(decision, Refused):
        return [error.code for error in decision.errors]
    assert isinstance(decision, Accepted)
    assert decision.events == ()
    return decision.person


def test_an_activity_does_not_change_the_group_by_itself() -> None:
    person = citizen(row(7))
    assert response(person, RegisterFleksjob(id=ID, since=DAY)) == replace(person, fleksjob=(Period(ID, DAY),))


def test_id_and_end() -> None:
    person = replace(citizen(), fleksjob=(Period(ID, DAY),))
    assert response(person, RegisterFleksjob(id=ID, since=DAY, until=DAY - timedelta(days=1))) == [4636, 4977]
    assert response(person, EndFleksjob(id="a" * 8 + ID[8:], until=DAY)) == [4589]
    assert response(person, EndFleksjob(id=ID, until=DAY - timedelta(days=1))) == [4636]
    ended = DAY + timedelta(days=3)
    assert response(person, EndFleksjob(id=ID, until=ended)) == replace(person, fleksjob=(Period(ID, DAY, ended),))
