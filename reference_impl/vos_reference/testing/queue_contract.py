"""The behavioural contract test of the WSRM queue's part of the `Store` port; `store_contract` inherits it."""

from __future__ import annotations

from datetime import timedelta

from vos_contracts.model.identity import Organisation
from vos_reference.application.ports import Ejer, Sekvens, Store
from vos_reference.testing.base import EJER, JOBCENTER, NU, konvolut


class KoeKontrakt:
    """What every store's queue must do."""

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

    def test_noget_venter_kun_uden_for_aabne_sekvenser(self, store: Store) -> None:
        """What an open sequence holds does not wait; each owner and sub-queue by itself."""
        with store.transaktion() as t:
            assert not t.noget_venter(EJER, "")
            t.laeg_i_koe([konvolut(1)])
            assert t.noget_venter(EJER, "")
            assert not t.noget_venter(EJER, "under")
            t.opret_sekvens(Sekvens("s", EJER, "", NU), 500)
            assert not t.noget_venter(EJER, "")
            t.laeg_i_koe([konvolut(2)])
            assert t.noget_venter(EJER, "")

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

    def test_den_aeldste_aabne_sekvens(self, store: Store) -> None:
        """Whoever owns it; none when all have ended."""
        anden = Ejer(Organisation(8, "10200"), 0)
        with store.transaktion() as t:
            assert t.aeldste_sekvens() is None
            t.opret_sekvens(Sekvens("s", EJER, "", NU), 500)
            t.opret_sekvens(Sekvens("u", anden, "", NU - timedelta(minutes=5)), 500)
            assert t.aeldste_sekvens() == NU - timedelta(minutes=5)
            t.slet_sekvens("u")
            assert t.aeldste_sekvens() == NU
            t.frigiv("s")
            assert t.aeldste_sekvens() is None

    def test_abonnement_paa_en_besked_er_ikke_en_koe(self, store: Store) -> None:
        """Subscribing to a message twice is once, gives no queue of one's own, and is for that message alone."""
        with store.transaktion() as t:
            for system in (7, 3, 7):
                t.abonner_besked(Ejer(JOBCENTER, system), "GetCprChanged")
            assert list(t.abonnenter(JOBCENTER, "GetCprChanged")) == [Ejer(JOBCENTER, 3), Ejer(JOBCENTER, 7)]
            assert list(t.abonnenter(JOBCENTER, "GetContactGroupVersion5")) == []
            assert list(t.abonnenter(Organisation(8, "10200"), "GetCprChanged")) == []
            assert list(t.koeejere(JOBCENTER)) == []
            t.nulstil()
            assert list(t.abonnenter(JOBCENTER, "GetCprChanged")) == []

    def test_underkoeer_er_adskilte(self, store: Store) -> None:
        """A sub-queue has the messages of the types that were put in it, and its own open sequence."""
        v1, anden = "GetPersonCategoryVersion1", Ejer(JOBCENTER, 7)
        under, andens = konvolut(2, beskedtype=v1), konvolut(3, anden, v1)
        with store.transaktion() as t:
            assert not t.findes_underkoe(EJER, "under")
            t.laeg_i_underkoe(EJER, v1, "foerst")
            t.laeg_i_underkoe(EJER, v1, "under")
            t.laeg_i_koe([konvolut(1), under, andens])
            t.opret_sekvens(Sekvens("s", EJER, "", NU), 500)
            t.opret_sekvens(Sekvens("su", EJER, "under", NU), 500)
            t.opret_sekvens(Sekvens("sa", anden, "", NU), 500)
            assert list(t.beskeder("su", v1)) == [under]
            assert list(t.inventar("s")) == [("GetContactGroupVersion5", 1)]
            assert list(t.beskeder("sa", v1)) == [andens]
            t.laeg_i_underkoe(EJER, v1, "ny")
            assert [t.findes_underkoe(EJER, en) for en in ("under", "ny", "foerst")] == [True, True, False]
            assert not t.findes_underkoe(anden, "under")
            t.slet_sekvens("su")
            assert not t.findes_underkoe(EJER, "under"), "nothing waits in it, and nothing is put in it"
            t.nulstil()
            assert not t.findes_underkoe(EJER, "ny")

    def test_en_overtaget_koe_beholder_sin_orden(self, store: Store) -> None:
        """What waits, also in an open sequence, is the new owner's; what it had itself stays."""
        ny = Ejer(JOBCENTER, 7)
        with store.transaktion() as t:
            t.laeg_i_koe([konvolut(1), konvolut(2, ny), konvolut(3)])
            t.opret_sekvens(Sekvens("s", EJER, "", NU), 1)
            t.laeg_i_underkoe(EJER, "GetPersonCategoryVersion1", "under")
            t.overtag_koe(EJER, ny)
            assert (t.findes_underkoe(EJER, "under"), t.findes_underkoe(ny, "under")) == (False, True)
            assert t.find_sekvens("s") is None
            t.opret_sekvens(Sekvens("s2", ny, "", NU), 500)
            assert [en.id for en in t.beskeder("s2", "GetContactGroupVersion5")] == ["k1", "k2", "k3"]
            t.opret_sekvens(Sekvens("s3", EJER, "", NU), 500)
            assert list(t.inventar("s3")) == []

    def test_abonnementer(self, store: Store) -> None:
        """Subscribing twice is subscribing once; owners come by system."""
        with store.transaktion() as t:
            assert list(t.koeejere(JOBCENTER)) == []
            t.abonner(Ejer(JOBCENTER, 7))
            t.abonner(Ejer(JOBCENTER, 3))
            t.abonner(Ejer(JOBCENTER, 7))
            assert list(t.koeejere(JOBCENTER)) == [Ejer(JOBCENTER, 3), Ejer(JOBCENTER, 7)]
            assert list(t.koeejere(Organisation(8, "10200"))) == []
