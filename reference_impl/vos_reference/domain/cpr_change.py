"""A CPR change, as CPR tells DFDG of it: the pointer to the citizen's data is moved, and everything hangs on the citizen.

From 2024-4 the pointer moves in this domain; before, nothing here changes (epic, commitment criteria). Not here: what a
call with the old number is answered (the store knows the number without a citizen: 4404).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from vos_contracts.model.cpr import birth_date
from vos_reference.domain.decision import CprChanged, DecisionContext
from vos_reference.domain.person import Person


@dataclass(frozen=True, slots=True)
class Moved:
    """The citizen under the new number, and what has happened."""

    person: Person
    event: CprChanged


def move(person: Person, new_one: str, context: DecisionContext) -> Moved | None:
    """Move the pointer to a number of the documented pattern; None in a release where it does not move in this domain.

    The birth date follows the number, and so does what falls due on a birthday.
    """
    if not context.release.cpr_change_moves_pointer:
        return None
    born = birth_date(new_one)
    assert born is not None, "checked before"
    return Moved(replace(person, cpr=new_one, born=born), CprChanged(person.cpr, new_one, context.caller.identity))
