"""A crowd with something for every nightly job: the same number gives the same citizens, put into a store directly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from byggeklodser import AKASSE, JOBCENTER, KOMMUNE, NU, identitet, kontrakt
from vos_contracts.model.neighbours import Gruppeskift
from vos_contracts.model.registration import Art
from vos_reference.application.ports import Store
from vos_reference.domain.batchjob import forfald
from vos_reference.domain.person import Forloeb, Person, Raskmelding, Registrering, Sygdom, Tilknytning, Tilmelding
from vos_reference.domain.tid import DANSK_TID, kl

DAG = NU.date()
FOERSTE_NAT = kl(DAG + timedelta(days=1), kontrakt().batchjob[0].klokken)
SLAGS = 10
"""One of ten citizens is of each kind; those of kind 0 to 2 have nothing due."""


def folk(antal: int) -> Iterator[Person]:
    """Make that many."""
    for nummer in range(antal):
        yield _person(nummer)


def bosaet(store: Store, antal: int, klump: int = 1000) -> None:
    """Put that many into the store, in chunks."""
    alle = folk(antal)
    for _ in range(0, antal, klump):
        with store.transaktion() as t:
            for person in (en for _, en in zip(range(klump), alle, strict=False)):
                t.opret_person(person, forfald(person, kontrakt(), NU))


def _person(nummer: int) -> Person:
    forfalder = DAG + timedelta(days=1 + nummer // SLAGS % 3)
    slags = nummer % SLAGS
    gruppe = {3: 7, 4: 10, 5: 12, 6: 28, 7: 25, 8: 24, 9: 1}.get(slags, 2)
    felter: dict[str, object] = {"foedt": date(1980, 5, 5)}
    match slags:
        case 3:
            felter["fleksjob"] = (Forloeb("f", forfalder),)
        case 4:
            felter["fleksjob"] = (Forloeb("f", date(2024, 1, 1), forfalder),)
        case 5 | 6:
            felter["foedt"] = forfalder.replace(year=forfalder.year - 30)
        case 7:
            felter["sygdom"] = Sygdom(
                "s", date(2024, 10, 1), 25, identitet(KOMMUNE), til=forfalder - timedelta(days=1), husket_gruppe=1,
                husket_tilmeldekategori=1,
            )  # fmt: skip
        case 8:
            melding = Raskmelding(forfalder, identitet(), gruppe=Gruppeskift(type=13))
            felter["sygdom"] = Sygdom("s", date(2024, 10, 1), 24, identitet(KOMMUNE), raskmelding=melding)
        case 9:
            felter["tilmelding"] = Tilmelding(1, til=forfalder, registrant=identitet(AKASSE))
    start = datetime(2024, 10, 1, tzinfo=DANSK_TID)
    historik = [Registrering(f"g{nummer}", Art.KONTAKTGRUPPE, gruppe, None, start, None, False, identitet(), start)]
    if gruppe in (2, 12, 28):
        historik.append(Registrering(f"c{nummer}", Art.PERSONKATEGORI, 8, None, start, None, False, identitet(), start))
    return Person(
        id=f"p{nummer:08d}",
        cpr=f"{nummer:010d}",
        tilknytninger=tuple(Tilknytning(en, date(2000, 1, 1)) for en in (JOBCENTER, AKASSE)),
        historik=tuple(historik),
        **felter,  # type: ignore[arg-type]  # a crowd's shorthand
    )
