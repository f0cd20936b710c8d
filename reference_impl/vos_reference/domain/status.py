"""What the reading services say of a citizen: the collections of PSS v20 and PHS v4, and the status.

From 2025-1 the collections are empty (epic AC 1005.17.28.8 and .9). What an a-kasse does not see is `domain.visning`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from vos_contracts.koder.udgave import Udgave
from vos_contracts.kontrakt import Kontrakt
from vos_contracts.laesninger import Laesetjeneste, Status, Tillaegsvisning
from vos_contracts.model.identity import Identitet
from vos_contracts.model.registration import Art, Visning
from vos_reference.domain import visning
from vos_reference.domain.person import Person
from vos_reference.domain.tid import dansk_dag, midnat


def kollektioner(
    person: Person, tjeneste: Laesetjeneste, laeser: Identitet, now: datetime, udgave: Udgave, kontrakt: Kontrakt
) -> Mapping[Art, tuple[Visning, ...]]:
    """List the current registrations, or the history, of both kinds: both lists are there, also when they are empty."""
    if udgave.tomme_laesekollektioner:
        return dict.fromkeys(Art, ())
    vis = visning.historik if tjeneste is Laesetjeneste.HISTORIK else visning.aktuelle
    return {art: tuple(en.visning() for en in vis(person, art, laeser, now, kontrakt)) for art in Art}


def status(person: Person, laeser: Identitet, now: datetime, kontrakt: Kontrakt) -> Status:
    """Say what is in force now; the release makes no difference."""

    def aktuelle(art: Art) -> tuple[Visning, ...]:
        return tuple(en.visning() for en in visning.aktuelle(person, art, laeser, now, kontrakt))

    tillaeg = (en for en in person.tillaeg if en.gaelder(dansk_dag(now)))
    return Status(
        tuple(Tillaegsvisning(en.id, midnat(en.fra), None if en.til is None else midnat(en.til)) for en in tillaeg),
        aktuelle(Art.KONTAKTGRUPPE),
        aktuelle(Art.PERSONKATEGORI),
    )
