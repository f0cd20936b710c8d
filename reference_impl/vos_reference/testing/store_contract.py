"""The behavioural contract test of the `Store` port; every adapter's tests inherit `StoreKontrakt`.

Subclass it in a test module and provide the fixtures `store` and `andet_store`: the promises of `application.ports` are
examined.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from vos_contracts.model.identity import Bruger, Identitet, Organisation
from vos_contracts.model.neighbours import Gentilmelding, Gruppeskift
from vos_contracts.model.registration import Art
from vos_reference.application.ports import CprOpslag, Sekvens, Store, StoreOptaget
from vos_reference.domain.batchjob import Job
from vos_reference.domain.person import (
    Forloeb,
    Fravaer,
    Person,
    Raskmelding,
    Registrering,
    Sygdom,
    Tilknytning,
    Tilmelding,
)
from vos_reference.testing.base import EJER, JOBCENTER, NU, konvolut
from vos_reference.testing.operations_contract import DriftsKontrakt
from vos_reference.testing.queue_contract import KoeKontrakt
from vos_reference.testing.run_contract import KoerselsKontrakt
from vos_reference.testing.webhook_contract import WsbKontrakt

AKASSE = Organisation(2, "81")
IDENTITET = Identitet(JOBCENTER, Bruger("Åse Ærø", 2, "aase", "aase@example.dk"), JOBCENTER, NU, 1001)
DAG = date(2024, 11, 18)


def raekke(id_: str, type_: int = 2, slut: datetime | None = None, art: Art = Art.KONTAKTGRUPPE) -> Registrering:
    """Make a row."""
    return Registrering(id_, art, type_, NU - timedelta(hours=1), NU, slut, False, IDENTITET, NU)


def person(cpr: str = "0201901234", id_: str = "p1") -> Person:
    """Make a citizen who has one of everything."""
    return Person(
        id=id_,
        cpr=cpr,
        foedt=date(1990, 1, 2),
        doed=date(2024, 1, 1),
        tilknytninger=(Tilknytning(JOBCENTER, date(2020, 1, 1), date(2030, 1, 1)),),
        gaester=(Tilknytning(AKASSE, date(2024, 1, 1)),),
        tilmelding=Tilmelding(2, date(2024, 2, 1), date(2025, 1, 1), IDENTITET),
        tidligere_tilmeldinger=(Tilmelding(1, date(2022, 1, 1), date(2023, 1, 1)), Tilmelding(5)),
        fravaer=(Fravaer(10, date(2024, 1, 1), None, "f"), Fravaer(2, date(2023, 1, 1), date(2023, 2, 1))),
        fleksjob=(Forloeb("j", date(2024, 1, 1), date(2024, 6, 1)),),
        tillaeg=(Forloeb("t", date(2024, 1, 1)),),
        sygdom=Sygdom(
            "s",
            date(2024, 3, 1),
            25,
            IDENTITET,
            begyndt=False,
            til=date(2024, 12, 1),
            fravaer_id="f",
            husket_gruppe=1,
            husket_tilmeldekategori=1,
            raskmelding=Raskmelding(
                date(2024, 11, 1), IDENTITET, Gentilmelding(kategori=1, ledighedsgrad=1), Gruppeskift(type=None)
            ),
        ),
        historik=(raekke("a"), raekke("b", 8, NU, Art.PERSONKATEGORI)),
    )


class StoreKontrakt(KoeKontrakt, KoerselsKontrakt, DriftsKontrakt, WsbKontrakt):
    """What every store must do."""

    def test_en_borger_kommer_hel_tilbage(self, store: Store) -> None:
        """Nothing of a citizen is lost on the way."""
        with store.transaktion() as t:
            t.opret_person(person())
        with store.laesning() as t:
            assert t.find_person("0201901234") == person()

    def test_ukendt_og_uden_borger(self, store: Store) -> None:
        """1010 and 4404 are told apart."""
        with store.transaktion() as t:
            t.kend_cpr("0301901234")
            assert t.find_person("0201901234") is CprOpslag.UKENDT
            assert t.find_person("0301901234") is CprOpslag.UDEN_BORGER

    def test_et_cpr_nummer_er_kun_en_borgers(self, store: Store) -> None:
        """A second citizen with the number is refused, and the first stands."""
        with store.transaktion() as t:
            t.opret_person(person())
        with pytest.raises(StoreOptaget), store.transaktion() as t:
            t.opret_person(person(id_="p2"))
        with pytest.raises(StoreOptaget), store.transaktion() as t:
            t.kend_cpr("0201901234")
        with store.laesning() as t:
            assert t.antal_personer() == 1
            assert t.find_person("0201901234") == person()

    def test_en_del_kan_fortrydes_alene(self, store: Store) -> None:
        """What a part has written goes with it, parts before and after it stand, and what was remembered is free again."""
        with store.transaktion() as t:
            with t.for_sig():
                t.opret_person(person())
                assert t.husk_kald("a", NU, NU)
            with pytest.raises(KeyError), t.for_sig():
                t.kend_cpr("0301901234")
                t.gem(person(), person().med([raekke("c", 3)]), ())
                t.laeg_i_koe([konvolut(1)])
                assert t.husk_kald("b", NU, NU)
                raise KeyError
            with t.for_sig():
                assert t.husk_kald("b", NU, NU)
                assert not t.husk_kald("a", NU, NU)
        with store.laesning() as t:
            assert t.find_person("0201901234") == person()
            assert t.find_person("0301901234") is CprOpslag.UKENDT
            assert not t.noget_venter(EJER, "")

    def test_raekker_tilfoejes_i_orden(self, store: Store) -> None:
        """Rows come back in the order in which they were appended."""
        with store.transaktion() as t:
            t.opret_person(person())
            t.gem(person(), person().med([raekke("c", 3), raekke("a", 2, NU)]), ())
        with store.laesning() as t:
            fundet = t.find_person("0201901234")
            assert isinstance(fundet, Person)
            assert [(en.id, en.slut) for en in fundet.historik] == [("a", None), ("b", NU), ("c", None), ("a", NU)]
            assert t.registrering_findes("c")
            assert not t.registrering_findes("d")

    def test_det_aendrede_gemmes_og_resten_staar(self, store: Store) -> None:
        """Each part of a citizen can be changed and taken away; another citizen is as before."""
        anden = person("0301901234", "p2")
        aendringer: tuple[dict[str, Any], ...] = (
            {"sygdom": None},
            {"sygdom": Sygdom("ny", DAG, None, IDENTITET)},
            {"tilmelding": None, "tidligere_tilmeldinger": (Tilmelding(2, DAG, DAG),)},
            {"fravaer": ()},
            {"fleksjob": (), "tillaeg": (Forloeb("t", DAG, DAG),)},
            {"gaester": (), "tilknytninger": ()},
        )
        with store.transaktion() as t:
            t.opret_person(person())
            t.opret_person(anden)
        staar = person()
        for aendring in aendringer:
            ny = replace(staar, **aendring)
            with store.transaktion() as t:
                t.gem(staar, ny, ())
            with store.laesning() as t:
                assert t.find_person("0201901234") == ny
                assert t.find_person("0301901234") == anden
            staar = ny

    def test_pegepinden_flyttes(self, store: Store) -> None:
        """With a new CPR number the citizen is found under that one, with the birth date it carries, and the old one has no
        citizen; a taken one is refused."""
        ny = replace(person(), cpr="0401901234", foedt=date(1990, 1, 4))
        with store.transaktion() as t:
            t.opret_person(person())
            t.opret_person(person("0301901234", "p2"))
            t.gem(person(), ny, ())
        with store.laesning() as t:
            assert t.find_person("0201901234") is CprOpslag.UDEN_BORGER
            assert t.find_person("0401901234") == ny
        with pytest.raises(StoreOptaget), store.transaktion() as t:
            t.gem(ny, replace(person(), cpr="0301901234"), ())

    def test_borgere_i_ideres_orden(self, store: Store) -> None:
        """Walked in steps, every citizen comes once and whole."""
        with store.transaktion() as t:
            for nummer in (3, 1, 4, 2, 5):
                t.opret_person(person(f"020190{nummer}234", f"p{nummer}"))
        with store.laesning() as t:
            foerste = t.personer_efter("", 2)
            naeste = t.personer_efter("p2", 9)
        assert [en.id for en in foerste] == ["p1", "p2"]
        assert list(naeste) == [person(f"020190{nummer}234", f"p{nummer}") for nummer in (3, 4, 5)]

    def test_forfaldne_kommer_laengst_forfalden_foerst(self, store: Store) -> None:
        """Only that job, only to that day; storing the citizen again replaces what falls due."""
        to, tre = person("0301901234", "p2"), person("0401901234", "p3")
        with store.transaktion() as t:
            t.opret_person(person(), ((Job.FLEKSJOB, DAG),))
            t.opret_person(to, ((Job.FLEKSJOB, DAG - timedelta(days=1)), (Job.RASKMELDING, DAG)))
            t.opret_person(tre, ((Job.FLEKSJOB, DAG + timedelta(days=1)),))
        with store.laesning() as t:
            assert [en.id for en in t.forfaldne(Job.FLEKSJOB, DAG, 9)] == ["p2", "p1"]
            assert [en.id for en in t.forfaldne(Job.FLEKSJOB, DAG, 1)] == ["p2"]
            assert [t.antal_forfaldne(job, DAG) for job in (Job.FLEKSJOB, Job.RASKMELDING, Job.AFMELDING)] == [2, 1, 0]
        with store.transaktion() as t:
            t.gem(to, to, ())
            assert [en.id for en in t.forfaldne(Job.FLEKSJOB, DAG, 9)] == ["p1"]
            assert list(t.forfaldne(Job.RASKMELDING, DAG, 9)) == []

    def test_en_fejl_ruller_alt_tilbage(self, store: Store) -> None:
        """On an exception neither the change nor its messages are there."""
        with store.transaktion() as t:
            t.opret_person(person())
        with pytest.raises(ZeroDivisionError), store.transaktion() as t:
            t.gem(person(), replace(person().med([raekke("c")]), sygdom=None), ((Job.FLEKSJOB, DAG),))
            t.laeg_i_koe([konvolut(1)])
            t.husk_kald("k", NU, NU)
            _ = 1 / 0
        with store.transaktion() as t:
            assert t.find_person("0201901234") == person()
            assert list(t.forfaldne(Job.FLEKSJOB, DAG, 9)) == []
            t.opret_sekvens(Sekvens("s", EJER, "", NU), 500)
            assert t.inventar("s") == []
            assert t.husk_kald("k", NU, NU)

    def test_kald_huskes_til_fristen(self, store: Store) -> None:
        """A request id is refused within the time and free again after it."""
        uge = timedelta(days=7)
        with store.transaktion() as t:
            assert t.husk_kald("k", NU, NU - uge)
            assert not t.husk_kald("k", NU + uge, NU)
            assert t.husk_kald("k", NU + uge + timedelta(seconds=1), NU + timedelta(seconds=1))
            assert not t.husk_kald("k", NU + uge + timedelta(seconds=2), NU + timedelta(seconds=2))

    def test_nulstil_glemmer_alt(self, store: Store) -> None:
        """After it the store is as new."""
        with store.transaktion() as t:
            t.opret_person(person())
            t.laeg_i_koe([konvolut(1)])
            t.opret_sekvens(Sekvens("s", EJER, "", NU), 500)
            t.abonner(EJER)
            t.husk_kald("k", NU, NU)
        with store.transaktion() as t:
            t.nulstil()
        with store.transaktion() as t:
            assert t.find_person("0201901234") is CprOpslag.UKENDT
            assert t.find_sekvens("s") is None
            assert list(t.koeejere(JOBCENTER)) == []
            assert t.husk_kald("k", NU, NU)
            t.opret_sekvens(Sekvens("s", EJER, "", NU), 500)
            assert list(t.inventar("s")) == []
