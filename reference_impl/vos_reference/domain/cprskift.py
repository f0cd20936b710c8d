"""A CPR change, as CPR tells DFDG of it: the pointer to the citizen's data is moved, and everything hangs on the citizen.

From 2024-4 the pointer moves in this domain; before, nothing here changes (epic, commitment criteria). Not here: what a
call with the old number is answered (the store knows the number without a citizen: 4404).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from vos_contracts.model.cpr import foedselsdato
from vos_reference.domain.decision import CprSkiftet, Vilkaar
from vos_reference.domain.person import Person


@dataclass(frozen=True, slots=True)
class Flyttet:
    """The citizen under the new number, and what has happened."""

    person: Person
    haendelse: CprSkiftet


def flyt(person: Person, nyt: str, vilkaar: Vilkaar) -> Flyttet | None:
    """Move the pointer to a number of the documented pattern; None in a release where it does not move in this domain.

    The birth date follows the number, and so does what falls due on a birthday.
    """
    if not vilkaar.udgave.cprskift_flytter_pegepind:
        return None
    foedt = foedselsdato(nyt)
    assert foedt is not None, "checked before"
    return Flyttet(replace(person, cpr=nyt, foedt=foedt), CprSkiftet(person.cpr, nyt, vilkaar.kalder.identitet))
