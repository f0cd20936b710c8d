"""A CPR change, as CPR tells DFDG of it: the pointer to the citizen's data is moved, and everything hangs on the citizen.

From 2024-4 the pointer moves in this domain; before, nothing here changes (epic, commitment criteria). Not here: what a
call with the old number is answered (the store knows the number without a citizen: 4404).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from vos_contracts.koder.wsrm import Modtagerregel, Naar
from vos_contracts.model.cpr import foedselsdato
from vos_contracts.model.identity import Organisation
from vos_reference.domain.decision import Vilkaar
from vos_reference.domain.haendelser import CprSkiftet
from vos_reference.domain.modtagere import organisation
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


def modtagere(person: Person, vilkaar: Vilkaar) -> Iterator[Organisation]:
    """List the citizen's authorities that may subscribe to the message, as they are that day."""
    regler: Iterable[Modtagerregel] = vilkaar.kontrakt.wsrm_modtagere
    for regel in regler:
        en = organisation(person, regel.rolle, vilkaar.dag) if regel.naar is Naar.CPRSKIFT else None
        if en is not None:
            yield en
