"""The behavioural contract test of the runs' part of the `Store` port; `store_contract` inherits it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from vos_contracts.control.stage import Koerselsart
from vos_reference.application.ports import Jobtal, Koersel, Status, Store
from vos_reference.domain.batchjob import Job
from vos_reference.testing.base import NU

NAT = date(2024, 11, 18)


def koersel(id_: str = "k1", dag: date = NAT, *, natlig: bool = True) -> Koersel:
    """Make a run that is under way."""
    return Koersel(
        id_, dag, Koerselsart.FULD, NU, natlig, markoer="p7", i_alt=9, sete=3, sekunder=0.5,
        tal={Job.FLEKSJOB: Jobtal(3, 1), Job.AFMELDING: Jobtal(3)},
    )  # fmt: skip


class KoerselsKontrakt:
    """What every store must do with runs."""

    def test_en_koersel_kommer_hel_tilbage_og_den_senest_begyndte_er_den_seneste(self, store: Store) -> None:
        """Storing it again replaces how it stands and not when it was begun."""
        with store.transaktion() as t:
            assert t.seneste_koersel() is None
            t.gem_koersel(koersel())
            t.gem_koersel(koersel("k2"))
            faerdig = replace(koersel(), status=Status.FAERDIG, markoer="p9", sete=9, sekunder=1.5, tal={})
            t.gem_koersel(faerdig)
        with store.laesning() as t:
            assert t.seneste_koersel() == koersel("k2")
        with store.transaktion() as t:
            t.gem_koersel(replace(koersel("k2"), status=Status.FAERDIG, tal={Job.FLEKSJOB: Jobtal(4, 2)}))
        with store.laesning() as t:
            assert t.seneste_koersel() == replace(
                koersel("k2"), status=Status.FAERDIG, tal={Job.FLEKSJOB: Jobtal(4, 2)}
            )

    def test_seneste_nat_er_den_seneste_dag_uanset_raekkefoelgen(self, store: Store) -> None:
        """Runs that somebody asked for in the day are no nights."""
        with store.transaktion() as t:
            assert t.seneste_nat() is None
            t.gem_koersel(koersel("k1", NAT + timedelta(days=2)))
            t.gem_koersel(koersel("k2", NAT))
            t.gem_koersel(koersel("k3", NAT + timedelta(days=9), natlig=False))
            assert t.seneste_nat() == NAT + timedelta(days=2)

    def test_seneste_tidspunkt_er_den_seneste_koersels(self, store: Store) -> None:
        """What the clock may not stand before when the stage is started again."""
        with store.transaktion() as t:
            assert t.seneste_tidspunkt() is None
            t.gem_koersel(replace(koersel("k1"), tidspunkt=NU + timedelta(days=2)))
            t.gem_koersel(koersel("k2"))
            assert t.seneste_tidspunkt() == NU + timedelta(days=2)
            t.uret_naaede(NU + timedelta(days=3))
            assert t.seneste_tidspunkt() == NU + timedelta(days=3)
            t.uret_naaede(NU + timedelta(days=4))
            assert t.seneste_tidspunkt() == NU + timedelta(days=4)
            t.nulstil()
            assert t.seneste_tidspunkt() is None

    def test_koerslens_fremgang_er_i_transaktionen(self, store: Store) -> None:
        """On an exception the run stands as before."""
        with store.transaktion() as t:
            t.gem_koersel(koersel())
        with pytest.raises(ZeroDivisionError), store.transaktion() as t:
            t.gem_koersel(replace(koersel(), markoer="p8"))
            _ = 1 / 0
        with store.transaktion() as t:
            assert t.seneste_koersel() == koersel()
            t.nulstil()
            assert t.seneste_koersel() is None
            assert t.seneste_nat() is None
