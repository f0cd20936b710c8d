"""Our truth, for monitoring: what is open for each citizen now, in pages (epic AC 1005.17.28.14/.15).

Not here: the comparison with what the business domains believe (`vos_simulators.divergence`).
"""

from __future__ import annotations

from vos_contracts.control.operations import Borgerstand, Haendelsesside, LagtHaendelse, Stand, Tilstandsside
from vos_contracts.model.registration import Art
from vos_contracts.wire.haendelser import afkod_haendelse
from vos_reference.application.drift import Drift
from vos_reference.domain.person import Person


def haendelser(drift: Drift, domaene: str, efter: int, antal: int) -> Haendelsesside:
    """List a domain's next events; errors: StoreUtilgaengelig."""
    with drift.store.laesning() as t:
        fundne = t.haendelser_efter(domaene, efter, antal)
    return Haendelsesside(
        naeste=fundne[-1][0] if fundne else efter,
        haendelser=tuple(LagtHaendelse(nr=nr, haendelse=afkod_haendelse(krop)) for nr, krop in fundne),
    )


def tilstand(drift: Drift, efter: str, antal: int) -> Tilstandsside:
    """List the next citizens as they stand now, with the number of the last event of that instant.

    Errors: StoreUtilgaengelig.
    """
    now = drift.ur.now()
    with drift.store.laesning() as t:
        personer = t.personer_efter(efter, antal)
        haendelse_nr = t.sidste_haendelse()

    def stand(person: Person, art: Art) -> tuple[Stand, ...]:
        en = person.aaben(art, now)
        return () if en is None else (Stand(type=en.type, id=en.id, start=en.start, slut=en.slut),)

    return Tilstandsside(
        ur=now,
        haendelse_nr=haendelse_nr,
        naeste=personer[-1].id if len(personer) == antal else None,
        borgere=tuple(
            Borgerstand(
                borger_id=person.id,
                cpr=person.cpr,
                kontaktgrupper=stand(person, Art.KONTAKTGRUPPE),
                personkategorier=stand(person, Art.PERSONKATEGORI),
            )
            for person in personer
        ),
    )
