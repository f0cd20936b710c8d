"""The behavioural contract test of the `Store` port; every adapter's tests inherit `StoreKontrakt`.

Subclass it in a test module, provide the `store` fixture, and the promises of `application.ports` are examined.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from vos_contracts.identitet import Bruger, Identitet, Organisation
from vos_contracts.operationer import Art
from vos_reference.application.ports import CprOpslag, Ejer, Konvolut, Sekvens, Store, StoreOptaget
from vos_reference.domain.person import Fravaer, Person, Registrering, Tilknytning, Tilmelding

NU = datetime(2024, 11, 18, 9, 0, tzinfo=UTC)
JOBCENTER = Organisation(8, "10100")
IDENTITET = Identitet(JOBCENTER, Bruger("Åse Ærø", 2, "aase", "aase@example.dk"), JOBCENTER, NU, 1001)
EJER = Ejer(JOBCENTER, 0)


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
        tilmelding=Tilmelding(2),
        fravaer=(Fravaer(10, date(2024, 1, 1), None),),
        historik=(raekke("a"), raekke("b", 8, NU, Art.PERSONKATEGORI)),
    )


def konvolut(nummer: int, ejer: Ejer = EJER, beskedtype: str = "GetContactGroupVersion5") -> Konvolut:
    """Make a message."""
    return Konvolut(f"k{nummer}", beskedtype, ejer, b'{"nr":%d}' % nummer, NU)


class StoreKontrakt:
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

    def test_raekker_tilfoejes_i_orden(self, store: Store) -> None:
        """Rows come back in the order in which they were appended."""
        with store.transaktion() as t:
            t.opret_person(person())
            t.tilfoej("p1", [raekke("c", 3), raekke("a", 2, NU)])
        with store.laesning() as t:
            fundet = t.find_person("0201901234")
            assert isinstance(fundet, Person)
            assert [(en.id, en.slut) for en in fundet.historik] == [("a", None), ("b", NU), ("c", None), ("a", NU)]
            assert t.registrering_findes("c")
            assert not t.registrering_findes("d")

    def test_en_fejl_ruller_alt_tilbage(self, store: Store) -> None:
        """On an exception neither the change nor its messages are there."""
        with store.transaktion() as t:
            t.opret_person(person())
        with pytest.raises(ZeroDivisionError), store.transaktion() as t:
            t.tilfoej("p1", [raekke("c")])
            t.laeg_i_koe([konvolut(1)])
            t.husk_kald("k", NU, NU)
            _ = 1 / 0
        with store.transaktion() as t:
            assert t.find_person("0201901234") == person()
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

    def test_koen_kommer_aeldst_foerst_og_kun_ejerens(self, store: Store) -> None:
        """A sequence takes the oldest of its own queue up to the limit."""
        anden = Ejer(Organisation(8, "10200"), 0)
        with store.transaktion() as t:
            t.laeg_i_koe([konvolut(1), konvolut(2, anden), konvolut(3, beskedtype="GetPersonCategoryVersion1")])
            t.laeg_i_koe([konvolut(4)])
            t.opret_sekvens(Sekvens("s", EJER, "", NU), 2)
            assert list(t.inventar("s")) == [("GetContactGroupVersion5", 1), ("GetPersonCategoryVersion1", 1)]
            assert list(t.beskeder("s", "GetContactGroupVersion5")) == [konvolut(1)]
            t.opret_sekvens(Sekvens("u", anden, "", NU), 500)
            assert list(t.beskeder("u", "GetContactGroupVersion5")) == [konvolut(2, anden)]

    def test_en_aaben_sekvens_findes_igen(self, store: Store) -> None:
        """By owner and sub-queue, and by id; ended ones are gone."""
        sekvens = Sekvens("s", EJER, "", NU)
        with store.transaktion() as t:
            t.opret_sekvens(sekvens, 500)
            assert t.aaben_sekvens(EJER, "") == sekvens
            assert t.aaben_sekvens(EJER, "under") is None
            assert t.find_sekvens("s") == sekvens
            t.frigiv("s")
            assert t.aaben_sekvens(EJER, "") is None
            assert t.find_sekvens("s") is None

    def test_frigiv_giver_tilbage_paa_plads(self, store: Store) -> None:
        """Given back, the messages come before those queued meanwhile."""
        with store.transaktion() as t:
            t.laeg_i_koe([konvolut(1), konvolut(2)])
            t.opret_sekvens(Sekvens("s", EJER, "", NU), 1)
            t.laeg_i_koe([konvolut(3)])
            t.frigiv("s")
            t.opret_sekvens(Sekvens("s2", EJER, "", NU), 500)
            assert [en.id for en in t.beskeder("s2", "GetContactGroupVersion5")] == ["k1", "k2", "k3"]

    def test_slet_sekvens_toemmer_kun_den(self, store: Store) -> None:
        """Terminate deletes what was handed out and nothing else."""
        with store.transaktion() as t:
            t.laeg_i_koe([konvolut(1), konvolut(2)])
            t.opret_sekvens(Sekvens("s", EJER, "", NU), 1)
            assert t.slet_sekvens("s") == 1
            t.opret_sekvens(Sekvens("s2", EJER, "", NU), 500)
            assert [en.id for en in t.beskeder("s2", "GetContactGroupVersion5")] == ["k2"]

    def test_udloebne_sekvenser_frigives(self, store: Store) -> None:
        """Only those opened before the instant."""
        with store.transaktion() as t:
            t.laeg_i_koe([konvolut(1)])
            t.opret_sekvens(Sekvens("s", EJER, "", NU), 500)
            assert t.frigiv_aabnet_foer(NU) == 0
            assert t.frigiv_aabnet_foer(NU + timedelta(seconds=1)) == 1
            assert t.find_sekvens("s") is None
            t.opret_sekvens(Sekvens("s2", EJER, "", NU), 500)
            assert len(t.beskeder("s2", "GetContactGroupVersion5")) == 1

    def test_underkoeer_er_adskilte(self, store: Store) -> None:
        """A sub-queue has its own messages and its own open sequence."""
        under = Konvolut("u1", "GetContactGroupVersion5", EJER, b"{}", NU, "under")
        with store.transaktion() as t:
            t.laeg_i_koe([konvolut(1), under])
            t.opret_sekvens(Sekvens("s", EJER, "", NU), 500)
            t.opret_sekvens(Sekvens("su", EJER, "under", NU), 500)
            assert list(t.beskeder("su", "GetContactGroupVersion5")) == [under]
            assert list(t.beskeder("s", "GetContactGroupVersion5")) == [konvolut(1)]

    def test_abonnementer(self, store: Store) -> None:
        """Subscribing twice is subscribing once; owners come by system."""
        with store.transaktion() as t:
            assert list(t.koeejere(JOBCENTER)) == []
            t.abonner(Ejer(JOBCENTER, 7))
            t.abonner(Ejer(JOBCENTER, 3))
            t.abonner(Ejer(JOBCENTER, 7))
            assert list(t.koeejere(JOBCENTER)) == [Ejer(JOBCENTER, 3), Ejer(JOBCENTER, 7)]
            assert list(t.koeejere(Organisation(8, "10200"))) == []

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
