"""The behavioural contract test of the webservice messages' part of the `Store` port; `store_contract` inherits it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from vos_contracts.model.identity import Organisation
from vos_reference.application.ports import (
    Abonnement,
    Modtagerstand,
    Store,
    Subscribersystem,
    Transaktion,
    Wsbkonvolut,
    Wsbmodtager,
)
from vos_reference.testing.base import JOBCENTER, NU

SEKUND = timedelta(seconds=1)
AKASSE = Organisation(7, "1")
SYSTEM = Subscribersystem("s1", "http://127.0.0.1:1/base/", (JOBCENTER, AKASSE))
M, A = Wsbmodtager("s1", JOBCENTER), Wsbmodtager("s1", AKASSE)
KG, PC = 100008, 100009


def konvolut(nummer: int, borger: str = "b1", modtager: Wsbmodtager = M, entitet_id: int = KG) -> Wsbkonvolut:
    """Make a message."""
    return Wsbkonvolut(f"w{nummer}", modtager, entitet_id, borger, b'{"nr":%d}' % nummer, NU)


def abonnement(modtager: Wsbmodtager = M, entitet_id: int = KG, til: date | None = None) -> Abonnement:
    """Make a subscription from the stage's day on."""
    return Abonnement(modtager, entitet_id, "/kg", NU.date(), til)


def numre(t: Transaktion, now: datetime = NU, modtager: Wsbmodtager = M, antal: int = 99) -> dict[str, int]:
    """List what is due: message id to number."""
    return {en.konvolut.id: en.nr for en in t.forfaldne_forsendelser(modtager, now, antal)}


class WsbKontrakt:
    """What every store's webservice messages must do."""

    def test_system_og_abonnementer(self, store: Store) -> None:
        """Stored again is changed; a subscription counts on its days, both included, for its authority and entity."""
        with store.transaktion() as t:
            assert t.find_subscribersystem("s1") is None
            t.gem_subscribersystem(Subscribersystem("s1", "http://127.0.0.1:2", ()))
            t.gem_subscribersystem(SYSTEM)
            assert t.find_subscribersystem("s1") == SYSTEM
            t.gem_abonnement(abonnement(til=NU.date() + timedelta(days=1)))
            t.gem_abonnement(abonnement(A))
            assert list(t.abonnementer("s1")) == [abonnement(A), abonnement(til=NU.date() + timedelta(days=1))]
            dage = [NU.date() + timedelta(days=en) for en in (-1, 0, 1, 2)]
            assert [len(t.gaeldende_abonnementer(JOBCENTER, KG, dag)) for dag in dage] == [0, 1, 1, 0]
            assert list(t.gaeldende_abonnementer(JOBCENTER, PC, NU.date())) == []
            assert list(t.gaeldende_abonnementer(AKASSE, KG, NU.date())) == [abonnement(A)]
            t.gem_abonnement(abonnement())
            assert list(t.gaeldende_abonnementer(JOBCENTER, KG, NU.date() + timedelta(days=2))) == [abonnement()]

    def test_kun_den_forreste_i_hver_linje_forfalder(self, store: Store) -> None:
        """One message per receiver and citizen, oldest first, with its address; up to the number asked for."""
        with store.transaktion() as t:
            self._begynd(t)
            t.laeg_wsb([konvolut(1), konvolut(2), konvolut(3, "b2"), konvolut(4, "b1", A)])
            t.laeg_wsb([konvolut(5, "b2", M, PC)])
            assert list(numre(t)) == ["w1", "w3"]
            assert list(numre(t, antal=1)) == ["w1"]
            assert list(numre(t, modtager=A)) == ["w4"]
            assert list(t.forfaldne_modtagere(NU)) == [A, M]
            assert list(t.forfaldne_modtagere(NU - SEKUND)) == []
            foerste = t.forfaldne_forsendelser(M, NU, 1)[0]
            assert (foerste.url, foerste.forsoeg, foerste.konvolut) == ("http://127.0.0.1:1/base/kg", 0, konvolut(1))

    def test_leveret_lader_den_naeste_komme(self, store: Store) -> None:
        """Delivered twice is delivered once."""
        with store.transaktion() as t:
            self._begynd(t)
            t.laeg_wsb([konvolut(1), konvolut(2), konvolut(3)])
            nr = numre(t)["w1"]
            t.leveret(nr, NU + SEKUND)
            assert numre(t) == {}
            assert list(numre(t, NU + SEKUND)) == ["w2"]
            t.leveret(nr, NU)
            assert list(numre(t, NU + SEKUND)) == ["w2"]

    def test_udskudt_holder_sin_linje_og_ingen_anden(self, store: Store) -> None:
        """The attempts are counted; what comes meanwhile waits behind."""
        with store.transaktion() as t:
            self._begynd(t)
            t.laeg_wsb([konvolut(1), konvolut(2, "b2")])
            nr = numre(t)["w1"]
            t.udskyd(nr, NU + 3 * SEKUND, "status 500")
            t.laeg_wsb([konvolut(3)])
            assert list(numre(t)) == ["w2"]
            assert t.naeste_forsoeg() == NU
            assert [(en.konvolut.id, en.forsoeg) for en in t.forfaldne_forsendelser(M, NU + 3 * SEKUND, 9)] == [
                ("w2", 0),
                ("w1", 1),
            ]
            t.leveret(numre(t)["w2"], NU)
            assert t.naeste_forsoeg() == NU + 3 * SEKUND
            t.opgiv(nr, NU, "status 404")
            t.leveret(numre(t)["w3"], NU)
            assert t.naeste_forsoeg() is None

    def test_opgivet_er_set_til_side_og_kan_spilles_igen(self, store: Store) -> None:
        """A dead letter waits in no line; replayed it comes last in it, untried."""
        with store.transaktion() as t:
            self._begynd(t)
            t.laeg_wsb([konvolut(1), konvolut(2)])
            nr = numre(t)["w1"]
            t.opgiv(nr, NU, "status 404")
            assert list(numre(t)) == ["w2"]
            assert [(en.konvolut, en.forsoeg, en.grund) for en in t.doede(9)] == [(konvolut(1), 1, "status 404")]
            assert list(t.modtagerstande()) == [Modtagerstand(A, 0, 0, None), Modtagerstand(M, 1, 1, NU)]
            t.leveret(nr, NU)
            t.udskyd(nr, NU, "sent svar")
            assert len(t.doede(9)) == 1
            assert t.genspil(["w9"]) == 0
            assert t.genspil([]) == 0
            assert t.genspil(["w1"]) == 1
            assert list(numre(t)) == ["w2"]
            t.leveret(numre(t)["w2"], NU)
            assert [(en.konvolut.id, en.forsoeg) for en in t.forfaldne_forsendelser(M, NU, 9)] == [("w1", 0)]
            t.opgiv(numre(t)["w1"], NU, "igen")
            assert t.genspil(None) == 1

    def test_slettet_abonnement_tager_sine_beskeder_med(self, store: Store) -> None:
        """Also the dead ones; what waited behind them, of another entity, is due."""
        with store.transaktion() as t:
            self._begynd(t)
            t.laeg_wsb([konvolut(1), konvolut(2, entitet_id=PC), konvolut(3), konvolut(4, modtager=A)])
            t.laeg_wsb([konvolut(5, "b2")])
            t.opgiv(numre(t)["w5"], NU, "status 404")
            t.slet_abonnement(abonnement())
            assert list(t.doede(9)) == []
            assert list(numre(t)) == ["w2"]
            assert list(numre(t, modtager=A)) == ["w4"]
            assert list(t.gaeldende_abonnementer(JOBCENTER, KG, NU.date())) == []
            t.leveret(numre(t)["w2"], NU)
            assert list(numre(t)) == []

    def test_et_aendret_abonnement_beholder_sine_beskeder(self, store: Store) -> None:
        """They go to the new address."""
        with store.transaktion() as t:
            self._begynd(t)
            t.laeg_wsb([konvolut(1)])
            t.gem_abonnement(Abonnement(M, KG, "ny", NU.date(), None))
            assert [en.url for en in t.forfaldne_forsendelser(M, NU, 9)] == ["http://127.0.0.1:1/base/ny"]

    def test_nulstil_glemmer_og_genbruger_ingen_numre(self, store: Store) -> None:
        """An attempt that was under way cannot hit a new message."""
        with store.transaktion() as t:
            self._begynd(t)
            t.laeg_wsb([konvolut(1)])
            foer = numre(t)["w1"]
            t.nulstil()
            assert t.find_subscribersystem("s1") is None
            assert list(t.modtagerstande()) == []
            self._begynd(t)
            t.laeg_wsb([konvolut(1)])
            assert numre(t)["w1"] > foer

    def _begynd(self, t: Transaktion) -> None:
        t.gem_subscribersystem(SYSTEM)
        for en in (abonnement(), abonnement(entitet_id=PC), abonnement(A)):
            t.gem_abonnement(en)
