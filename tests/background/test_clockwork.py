"""The clockwork carries a run of the nightly jobs out in a thread: it comes to what it comes to in place, told in order."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from folkemaengde import FOERSTE_NAT, bosaet

from byggeklodser import kontrakt
from vos_contracts.base.ids import ny_uuid
from vos_contracts.control.journal import Post, Posttype
from vos_contracts.control.stage import Koerselsart
from vos_reference.adapters.sqlite import SqliteStore
from vos_reference.application import batch
from vos_reference.application.drift import Drift
from vos_reference.application.ports import StoreUtilgaengelig
from vos_reference.application.ports.runs import Koersel
from vos_reference.application.steps import ThreadStep
from vos_reference.application.ur import Urvaerk
from vos_reference.background.clockwork import Clockwork
from vos_reference.background.write_turns import WriteTurns
from vos_reference.clock import StageClock, SystemClock

CITIZENS, CHUNK = 150, 20


class Stage:
    """A store with a crowd, its clockwork, and what the journal was told, with the thread that told it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.store = SqliteStore(file)
        bosaet(self.store, CITIZENS)
        self.told: list[tuple[threading.Thread, Post]] = []
        clock, k = StageClock(SystemClock(), FOERSTE_NAT), kontrakt()
        self.drift = Drift(self.store, clock, ny_uuid, k, k.udgaver["2024-4"], None, self.journal)
        self.clockwork = Clockwork(clock, Urvaerk(clock, ()), WriteTurns(), lambda: None)

    def journal(self, post: Post) -> None:
        self.told.append((threading.current_thread(), post))

    def begin(self, kind: Koerselsart) -> batch.Forloeb:
        return batch.koer(self.drift, batch.aaben(self.drift) or batch.begynd(self.drift, kind, FOERSTE_NAT))

    def run(self, kind: Koerselsart) -> Koersel:
        return asyncio.run(self.clockwork.carry_out(self.begin(kind)))

    def contents(self) -> tuple[Counter[object], Counter[object]]:
        """Return history and queue without the ids that were minted."""
        with closing(sqlite3.connect(self.file)) as db:
            history = db.execute("SELECT person_id, art, type, start, slut, registreret FROM registrering").fetchall()
            queue = db.execute(
                "SELECT beskedtype, organisation_kode, json_extract(krop, '$.cpr') FROM besked"
            ).fetchall()
        return Counter(history), Counter(queue)


@pytest.fixture
def stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Stage, Stage]]:
    monkeypatch.setattr(batch, "KLUMP", CHUNK)
    both = Stage(tmp_path / "threaded.db"), Stage(tmp_path / "in_place.db")
    yield both
    for stage in both:
        stage.store.luk()


@pytest.mark.parametrize("kind", Koerselsart)
def test_a_run_in_a_thread_is_the_run_in_place(
    kind: Koerselsart, stages: tuple[Stage, Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    threaded, in_place = stages
    threads: set[threading.Thread] = set()
    carry_out = ThreadStep.carry_out

    def noted(self: ThreadStep[object]) -> None:
        threads.add(threading.current_thread())
        carry_out(self)

    expected = [step for step in in_place.begin(kind) if isinstance(step, Koersel)][-1]
    with monkeypatch.context() as m:
        m.setattr(ThreadStep, "carry_out", noted)
        report = threaded.run(kind)
    assert threads - {threading.main_thread()}, "a run of more than a few citizens is not carried out in the loop"
    assert (report.tal, report.sete, report.aendrede) == (expected.tal, expected.sete, expected.aendrede)
    assert report.aendrede > 0
    assert threaded.contents() == in_place.contents()
    assert {thread for thread, _ in threaded.told} == {threading.main_thread()}
    assert [(post.art, post.cpr) for _, post in threaded.told] == [(post.art, post.cpr) for _, post in in_place.told]
    assert threaded.told[-1][1].art is Posttype.KOERSEL


def test_a_few_citizens_are_not_worth_a_thread(stages: tuple[Stage, Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "IN_PLACE", CITIZENS)
    steps = [*stages[0].begin(Koerselsart.FULD)]
    assert {type(step) for step in steps} == {Koersel}


def test_a_chunk_that_fails_in_its_thread_has_not_happened_and_the_run_goes_on_later(
    stages: tuple[Stage, Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    threaded, in_place = stages
    in_place.run(Koerselsart.FULD)
    carried, decide = iter(range(10_000)), batch.beslut_job

    def breaks(*arguments: object) -> object:
        if next(carried) == 70:
            raise sqlite3.OperationalError("disk I/O error")
        return decide(*arguments)  # type: ignore[arg-type]  # as it was called

    with monkeypatch.context() as m:
        m.setattr(batch, "beslut_job", breaks)
        with pytest.raises(StoreUtilgaengelig):
            threaded.run(Koerselsart.FULD)
    interrupted = batch.aaben(threaded.drift)
    assert interrupted is not None
    assert 0 < interrupted.sete < CITIZENS
    assert threaded.run(Koerselsart.FULD).sete == CITIZENS
    assert threaded.contents() == in_place.contents()
