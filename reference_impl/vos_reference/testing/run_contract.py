"""The behavioural contract test of the runs' part of the `Store` port; `store_contract` inherits it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from vos_contracts.control.stage import RunKind
from vos_reference.application.ports import JobCounts, Run, Status, Store
from vos_reference.domain.batch_jobs import Job
from vos_reference.testing.base import NOW

NIGHT = date(2024, 11, 18)


def run(id_: str = "k1", day: date = NIGHT, *, nightly: bool = True) -> Run:
    """Make a run that is under way."""
    return Run(
        id_, day, RunKind.FULL, NOW, nightly, cursor="p7", total=9, seen=3, seconds=0.5,
        number={Job.FLEKSJOB: JobCounts(3, 1), Job.CANCELLATION: JobCounts(3)},
    )  # fmt: skip


class RunContract:
    """What every store must do with runs."""

    def test_en_koersel_kommer_hel_tilbage_og_den_senest_begyndte_er_den_seneste(self, store: Store) -> None:
        """Storing it again replaces how it stands and not when it was begun."""
        with store.transaction() as t:
            assert t.latest_run() is None
            t.save_run(run())
            t.save_run(run("k2"))
            finished = replace(run(), status=Status.FINISHED, cursor="p9", seen=9, seconds=1.5, number={})
            t.save_run(finished)
        with store.reading() as t:
            assert t.latest_run() == run("k2")
        with store.transaction() as t:
            t.save_run(replace(run("k2"), status=Status.FINISHED, number={Job.FLEKSJOB: JobCounts(4, 2)}))
        with store.reading() as t:
            assert t.latest_run() == replace(run("k2"), status=Status.FINISHED, number={Job.FLEKSJOB: JobCounts(4, 2)})

    def test_seneste_nat_er_den_seneste_dag_uanset_raekkefoelgen(self, store: Store) -> None:
        """Runs that somebody asked for in the day are no nights."""
        with store.transaction() as t:
            assert t.latest_night() is None
            t.save_run(run("k1", NIGHT + timedelta(days=2)))
            t.save_run(run("k2", NIGHT))
            t.save_run(run("k3", NIGHT + timedelta(days=9), nightly=False))
            assert t.latest_night() == NIGHT + timedelta(days=2)

    def test_seneste_tidspunkt_er_den_seneste_koersels(self, store: Store) -> None:
        """What the clock may not stand before when the stage is started again."""
        with store.transaction() as t:
            assert t.latest_instant() is None
            t.save_run(replace(run("k1"), instant=NOW + timedelta(days=2)))
            t.save_run(run("k2"))
            assert t.latest_instant() == NOW + timedelta(days=2)
            t.clock_reached(NOW + timedelta(days=3))
            assert t.latest_instant() == NOW + timedelta(days=3)
            t.clock_reached(NOW + timedelta(days=4))
            assert t.latest_instant() == NOW + timedelta(days=4)
            t.reset()
            assert t.latest_instant() is None

    def test_koerslens_fremgang_er_i_transaktionen(self, store: Store) -> None:
        """On an exception the run stands as before."""
        with store.transaction() as t:
            t.save_run(run())
        with pytest.raises(ZeroDivisionError), store.transaction() as t:
            t.save_run(replace(run(), cursor="p8"))
            _ = 1 / 0
        with store.transaction() as t:
            assert t.latest_run() == run()
            t.reset()
            assert t.latest_run() is None
            assert t.latest_night() is None
