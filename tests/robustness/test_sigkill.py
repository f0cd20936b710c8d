"""Kill the stage at random moments under load: a change and its messages are stored together or not at all."""

from __future__ import annotations

import random  # noqa: TID251 - seeded, to choose the moments
import signal
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.builders import NOW, TODAY, identity
from support.processes import StageProcess, stage_process
from vos_contracts.base.ids import new_uuid
from vos_contracts.contract import load
from vos_contracts.model.registration import Create, Kind, Update
from vos_contracts.wire.base import UnreachableError
from vos_simulators.control import Control
from vos_simulators.party import Channel, Party
from vos_simulators.people import People, on_stage
from vos_simulators.transport import HttpTransport

THREADS = 3
DEADLINE_S = 60
_EXPECTED = {
    "kontaktgruppe": ("GetContactGroupVersion5", "GetContactGroupVersion4"),
    "personkategori": ("GetPersonCategoryVersion1",),
}


class Load:
    """Threads that register and end kontaktgrupper over both channels until the stage is killed.

    The event `enough` is set when the given number of calls has been answered.
    """

    def __init__(self, process: StageProcess, cpr_numbers: list[str], enough: int) -> None:
        self.answered = 0
        self.enough = threading.Event()
        self._lock = threading.Lock()
        self._limit = enough
        self._threads = [
            threading.Thread(target=self._execute, args=(process, cpr, channel), daemon=True)
            for cpr, channel in zip(cpr_numbers, (Channel.PVS, Channel.PRS, Channel.PVS), strict=True)
        ]
        for thread in self._threads:
            thread.start()

    def _execute(self, process: StageProcess, cpr: str, channel: Channel) -> None:
        with HttpTransport(process.services) as transport:
            kss = Party(identity(), load(), transport, new_uuid)
            try:
                while True:
                    for group in (2, 4):  # with and without a derived personkategori
                        response = kss.register(cpr, Create(Kind.KONTAKTGRUPPE, group, TODAY), channel)
                        self._count_answer()
                        if isinstance(response, str) and group == 4:
                            kss.register(cpr, Update(Kind.KONTAKTGRUPPE, response, NOW), channel)
                            self._count_answer()
            except UnreachableError:
                return

    def _count_answer(self) -> None:
        with self._lock:
            self.answered += 1
            if self.answered >= self._limit:
                self.enough.set()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(timeout=DEADLINE_S)
            assert not thread.is_alive()


def rows_without_messages(file: Path) -> Iterator[str]:
    """Compare history and queue by registration; yield one text for each difference."""
    with sqlite3.connect(file) as db:
        history = Counter(db.execute("SELECT kind, id FROM registration").fetchall())
        queue = Counter(db.execute("SELECT message_type, json_extract(body, '$.id') FROM message").fetchall())
    db.close()
    for (kind, id_), count in history.items():
        for message in _EXPECTED[kind]:
            if queue.pop((message, id_), 0) != count:
                yield f"{kind} {id_} has {count} rows and not as many {message}"
    yield from (f"{message} about {id_}, which has no rows" for message, id_ in queue)


@pytest.mark.parametrize("kills", [2, pytest.param(50, marks=pytest.mark.slow)])
def test_a_change_and_its_messages_are_stored_together(tmp_path: Path, kills: int) -> None:
    file, rng, people = tmp_path / "stage.db", random.Random(1728), People(seed=17)
    rows = 0
    for _ in range(kills):
        with stage_process("--db", str(file), "--people", "0", "--clock", NOW.isoformat(), folder=tmp_path) as process:
            citizens = [people.new(40, NOW.date()) for _ in range(THREADS)]
            with HttpTransport(process.control) as control:
                Control(control).set_up(*(on_stage(citizen) for citizen in citizens))
            load = Load(process, [citizen.cpr for citizen in citizens], rng.randint(1, 60))
            assert load.enough.wait(DEADLINE_S)
            process.kill()
            load.join()
        assert list(rows_without_messages(file)) == []
        with sqlite3.connect(file) as db:
            (count,) = db.execute("SELECT count(*) FROM registration").fetchone()
        db.close()
        assert count > rows
        rows = count


def test_the_comparison_finds_a_missing_and_an_extra_message(tmp_path: Path) -> None:
    file = tmp_path / "stage.db"
    with stage_process("--db", str(file), "--people", "0", "--clock", NOW.isoformat(), folder=tmp_path) as process:
        citizen = People(seed=18).new(40, NOW.date())
        with HttpTransport(process.control) as control, HttpTransport(process.services) as transport:
            Control(control).set_up(on_stage(citizen))
            kss = Party(identity(), load(), transport, new_uuid)
            assert isinstance(kss.register(citizen.cpr, Create(Kind.KONTAKTGRUPPE, 2, TODAY), Channel.PVS), str)
    assert list(rows_without_messages(file)) == []
    with sqlite3.connect(file) as db:
        db.execute("DELETE FROM message WHERE number = (SELECT min(number) FROM message)")
    db.close()
    assert len(list(rows_without_messages(file))) == 1
    with sqlite3.connect(file) as db:
        db.execute("DELETE FROM registration WHERE kind = 'personkategori'")
    db.close()
    assert len(list(rows_without_messages(file))) == 2


@pytest.mark.parametrize("signal_name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_the_stage_cleanly(tmp_path: Path, signal_name: str) -> None:
    with stage_process(folder=tmp_path) as process:
        process.popen.send_signal(getattr(signal, signal_name))
        assert process.popen.wait(timeout=DEADLINE_S) == 0
        assert process.popen.stderr is not None
        assert process.popen.stderr.read() == ""
