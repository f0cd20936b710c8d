"""The behavioural contract test of the runs in the `Store` port; `store_contract` inherits it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from vos_contracts.control.stage import RunKind
from vos_reference.application.ports import BatchRun, JobCounts, RunStatus, Store
from vos_reference.domain.batch_jobs import Job
from vos_reference.testing.base import NOW

NIGHT = date(2024, 11, 18)


def run(id_: str = "k1", day: date = NIGHT, *, nightly: bool = True) -> BatchRun:
    """Make a run that is in progress."""
    return BatchRun(
        id_, day, RunKind.FULL, NOW, nightly, cursor="p7", total=9, seen=3, seconds=0.5,
        number={Job.FLEKSJOB: JobCounts(3, 1), Job.CANCELLATION: JobCounts(3)},
    )  # fmt: skip


class RunContract:
    """The promises of the `Store` port about runs of the nightly jobs."""

    def test_a_run_is_read_back_whole_and_the_last_one_begun_is_the_latest(self, store: Store) -> None:
        """Saving a run again updates its progress and keeps its place in the order of start."""
        with store.transaction() as t:
            assert t.latest_run() is None
            t.save_run(run())
            t.save_run(run("k2"))
            finished = replace(run(), status=RunStatus.FINISHED, cursor="p9", seen=9, seconds=1.5, number={})
            t.save_run(finished)
        with store.reading() as t:
            assert t.latest_run() == run("k2")
        with store.transaction() as t:
            t.save_run(replace(run("k2"), status=RunStatus.FINISHED, number={Job.FLEKSJOB: JobCounts(4, 2)}))
        with store.reading() as t:
            assert t.latest_run() == replace(
                run("k2"), status=RunStatus.FINISHED, number={Job.FLEKSJOB: JobCounts(4, 2)}
            )

    def test_the_latest_night_is_the_latest_day_in_any_order(self, store: Store) -> None:
        """Runs on request do not count as nights."""
        with store.transaction() as t:
            assert t.latest_night() is None
            t.save_run(run("k1", NIGHT + timedelta(days=2)))
            t.save_run(run("k2", NIGHT))
            t.save_run(run("k3", NIGHT + timedelta(days=9), nightly=False))
            assert t.latest_night() == NIGHT + timedelta(days=2)

    def test_the_latest_instant_is_that_of_the_latest_run_or_clock(self, store: Store) -> None:
        """A restarted stage may not set its clock before this instant."""
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

    def test_the_progress_of_a_run_is_part_of_the_transaction(self, store: Store) -> None:
        """An exception rolls the progress back."""
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
