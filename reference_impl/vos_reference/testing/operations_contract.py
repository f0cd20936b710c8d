"""The behavioural contract test of operations' part of the `Store` port; `store_contract` inherits it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from threading import Event

import pytest

from vos_contracts.model.identity import Bruger, Identitet
from vos_contracts.model.registration import Art
from vos_reference.application.ports import Haendelseskonvolut, Store
from vos_reference.domain.person import Person, Registrering, Tilknytning
from vos_reference.testing.base import JOBCENTER, NU

HVEM = Identitet(JOBCENTER, Bruger("Åse Ærø", 2, "aase"), JOBCENTER, NU, 1001)


def haendelse(nummer: int, domaene: str = "JobSearch") -> Haendelseskonvolut:
    """Make an event."""
    return Haendelseskonvolut(domaene, b'{"nr":%d}' % nummer, NU)


def registrering(id_: str, slut: datetime | None = None) -> Registrering:
    """Make a row."""
    return Registrering(id_, Art.KONTAKTGRUPPE, 13, None, NU, slut, False, HVEM, NU)


def borger(nummer: int, *historik: Registrering) -> Person:
    """Make a citizen with a membership."""
    medlemskab = Tilknytning(JOBCENTER, date(2020, 1, 1))
    return Person(f"p{nummer}", f"020190{nummer}234", date(1990, 1, 2), tilknytninger=(medlemskab,), historik=historik)


class DriftsKontrakt:
    """What every store must do for operations."""

    def test_hvad_der_skal_ske_bagefter_sker_efter_en_skrivning_og_ellers_ikke(self, store: Store) -> None:
        """In order, when others can read what was written; not after an exception."""
        set_: list[tuple[str, int]] = []

        def se(navn: str) -> None:
            with store.laesning() as t:
                set_.append((navn, t.antal_personer()))

        with store.transaktion() as t:
            t.bagefter(lambda: se("en"))
            t.opret_person(borger(1))
            t.bagefter(lambda: se("to"))
            with pytest.raises(ZeroDivisionError), t.for_sig():
                t.bagefter(lambda: se("fortrudt"))
                raise ZeroDivisionError
            assert set_ == []
        assert set_ == [("en", 1), ("to", 1)]
        with pytest.raises(ZeroDivisionError), store.transaktion() as t:
            t.bagefter(lambda: se("aldrig"))
            raise ZeroDivisionError
        assert set_ == [("en", 1), ("to", 1)]

    def test_what_is_written_beside_is_committed_and_leaves_what_follows_to_the_caller(self, store: Store) -> None:
        """In another thread, with all that a transaction promises; a read in the store's own thread goes on meanwhile."""
        after: list[Callable[[], None]] = []
        told: list[str] = []
        begun, go = Event(), Event()

        def write() -> None:
            with store.write_beside(after) as t:
                t.bagefter(lambda: told.append("told"))
                t.opret_person(borger(1))
                begun.set()
                assert go.wait(30)
            with pytest.raises(ZeroDivisionError), store.write_beside(after) as t:
                t.bagefter(lambda: told.append("never"))
                t.opret_person(borger(2))
                raise ZeroDivisionError

        with ThreadPoolExecutor(1) as thread:
            writing = thread.submit(write)
            assert begun.wait(30)
            try:
                with store.laesning() as t:
                    assert t.antal_personer() == 0
            finally:
                go.set()
            writing.result()
        with store.transaktion() as t:
            assert t.antal_personer() == 1
        assert (told, len(after)) == ([], 1)
        after[0]()
        assert told == ["told"]

    def test_et_domaenes_haendelser_kommer_i_orden_og_i_sider(self, store: Store) -> None:
        """Each domain has its own, in the order they were raised, from where its reader stopped."""
        with store.transaktion() as t:
            assert t.sidste_haendelse() == 0
            t.laeg_haendelser([haendelse(1), haendelse(2, "Kontaktforloeb"), haendelse(3)])
        with store.transaktion() as t:
            t.laeg_haendelser([haendelse(4)])
        with store.laesning() as t:
            foerste = t.haendelser_efter("JobSearch", 0, 2)
            assert [krop for _, krop in foerste] == [haendelse(1).krop, haendelse(3).krop]
            naeste = t.haendelser_efter("JobSearch", foerste[-1][0], 2)
            assert [krop for _, krop in naeste] == [haendelse(4).krop]
            assert [krop for _, krop in t.haendelser_efter("Kontaktforloeb", 0, 9)] == [haendelse(2).krop]
            assert t.haendelser_efter("Virksomhedsindsats", 0, 9) == []
            assert t.sidste_haendelse() == naeste[-1][0]

    def test_en_maeglers_position_er_dens_egen_og_gaar_kun_frem(self, store: Store) -> None:
        """Per broker and domain, never back, kept by a commit and by nothing else."""
        with store.transaktion() as t:
            assert t.maeglerposition("en", "JobSearch") == 0
            t.flyt_maeglerposition("en", "JobSearch", 7)
            t.flyt_maeglerposition("en", "Kontaktforloeb", 3)
            t.flyt_maeglerposition("en", "JobSearch", 5)
        with pytest.raises(ZeroDivisionError), store.transaktion() as t:
            t.flyt_maeglerposition("en", "JobSearch", 9)
            _ = 1 / 0
        with store.laesning() as t:
            assert t.maeglerposition("en", "JobSearch") == 7
            assert t.maeglerposition("en", "Kontaktforloeb") == 3
            assert t.maeglerposition("to", "JobSearch") == 0
        with store.transaktion() as t:
            t.nulstil()
            assert t.maeglerposition("en", "JobSearch") == 0

    def test_alle_borgeres_raekker_kommer_i_den_orden_de_blev_til(self, store: Store) -> None:
        """Every row once, also from where the reader stopped."""
        en, to = borger(1, registrering("a")), borger(2)
        with store.transaktion() as t:
            t.opret_person(en)
            t.opret_person(to)
            t.gem(to, to.med([registrering("b")]), ())
            t.gem(en, en.med([registrering("a", NU)]), ())
        with store.laesning() as t:
            raekker = t.raekker_efter(0, 2)
            rest = t.raekker_efter(raekker[-1][0], 9)
        assert [(en[1], en[2]) for en in (*raekker, *rest)] == [
            ("p1", registrering("a")),
            ("p2", registrering("b")),
            ("p1", registrering("a", NU)),
        ]
        numre = [en[0] for en in (*raekker, *rest)]
        assert numre == sorted(set(numre))

    def test_nye_og_aendrede_borgere_kommer_en_gang(self, store: Store) -> None:
        """A new number or membership moves the citizen to the end; a new registration does not."""
        en, to = borger(1, registrering("a")), borger(2)
        with store.transaktion() as t:
            t.opret_person(en)
            t.opret_person(to)
        with store.laesning() as t:
            alle = t.borgere_efter(0, 9)
            assert [person for _, person in alle] == [borger(1), borger(2)]
            assert [person for _, person in t.borgere_efter(0, 1)] == [borger(1)]
        flyttet = replace(en, cpr="0301901234")
        med_til = replace(to, tilknytninger=(Tilknytning(JOBCENTER, date(2020, 1, 1), date(2024, 1, 1)),))
        with store.transaktion() as t:
            t.gem(en, flyttet, ())
            t.gem(flyttet, flyttet.med([registrering("b")]), ())
        with store.laesning() as t:
            (aendret,) = t.borgere_efter(alle[-1][0], 9)
            assert aendret[1] == replace(flyttet, historik=())
        with store.transaktion() as t:
            t.gem(to, med_til, ())
        with store.laesning() as t:
            assert [person.id for _, person in t.borgere_efter(0, 9)] == ["p1", "p2"]
            assert [person for _, person in t.borgere_efter(aendret[0], 9)] == [med_til]

    def test_en_fejl_rejser_intet(self, store: Store) -> None:
        """On an exception no event, no row and no change is there."""
        with pytest.raises(ZeroDivisionError), store.transaktion() as t:
            t.opret_person(borger(1, registrering("a")))
            t.laeg_haendelser([haendelse(1)])
            _ = 1 / 0
        with store.laesning() as t:
            assert t.haendelser_efter("JobSearch", 0, 9) == []
            assert t.raekker_efter(0, 9) == []
            assert t.borgere_efter(0, 9) == []

    def test_numre_genbruges_ikke_efter_nulstil(self, store: Store) -> None:
        """A reader who kept its place misses nothing, and sees by the generation that it begins anew."""
        with store.transaktion() as t:
            t.opret_person(borger(1, registrering("a")))
            t.laeg_haendelser([haendelse(1)])
            foer = t.generation()
        with store.laesning() as t:
            assert t.generation() == foer
            steder = (t.sidste_haendelse(), t.raekker_efter(0, 9)[-1][0], t.borgere_efter(0, 9)[-1][0])
        with store.transaktion() as t:
            t.nulstil()
            assert t.sidste_haendelse() == 0
            t.opret_person(borger(2, registrering("b")))
            t.laeg_haendelser([haendelse(2)])
        with store.laesning() as t:
            assert t.generation() != foer
            assert [krop for _, krop in t.haendelser_efter("JobSearch", steder[0], 9)] == [haendelse(2).krop]
            assert [en[1] for en in t.raekker_efter(steder[1], 9)] == ["p2"]
            assert [en[1].id for en in t.borgere_efter(steder[2], 9)] == ["p2"]
            assert t.haendelser_efter("JobSearch", 0, 1)[0][0] > steder[0]
            assert t.raekker_efter(0, 1)[0][0] > steder[1]
            assert t.borgere_efter(0, 1)[0][0] > steder[2]

    def test_to_lagre_har_hver_sin_generation(self, store: Store, andet_store: Store) -> None:
        """A reader sees that it reads another store."""
        with store.laesning() as t, andet_store.laesning() as u:
            assert t.generation() != u.generation()
