"""A CPR change: the citizen's pointer (pegepind) moves from the old CPR number to the new one.

Registrations belong to the citizen's id and do not change. From release 2024-4 this domain moves the pointer; before that
it does nothing (epic, commitment criteria). Not here: the answer to a call with the old number (4404, from the store).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from vos_contracts.model.cpr import birth_date
from vos_reference.domain.decision import CprChanged, DecisionContext
from vos_reference.domain.person import Person


@dataclass(frozen=True, slots=True)
class Moved:
    """The citizen under the new number, and the event to report."""

    person: Person
    event: CprChanged


def move(person: Person, new_one: str, context: DecisionContext) -> Moved | None:
    """Move the pointer to a valid CPR number; None in a release where this domain does not move it.

    The birth date is derived from the new number, and with it the jobs that are due on a birthday.
    """
    if not context.release.cpr_change_moves_pointer:
        return None
    born = birth_date(new_one)
    assert born is not None, "the caller has checked the number"
    return Moved(replace(person, cpr=new_one, born=born), CprChanged(person.cpr, new_one, context.caller.identity))
