"""Play the scenes in several processes, each on an embedded stage of its own, as one run: one table, one report."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty
from typing import Any

from generalproeve.base.exit_codes import CannotRun
from generalproeve.run import player
from generalproeve.run.opening import set_up
from generalproeve.run.results import Frame, Listener, Period, ScenarioResult
from generalproeve.run.selection import Selection
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.target import Embedded
from vos_contracts.base import stopwatch

PACE_S = 0.5
"""How often we look whether a process has died without a word."""


@dataclass(frozen=True, slots=True)
class _Begun:
    frame: Frame
    count: int


@dataclass(frozen=True, slots=True)
class _Ended:
    collection_errors: tuple[str, ...]


class _Sends:
    """A listener that tells the parent process."""

    def __init__(self, queue: Any) -> None:
        self._queue = queue

    def begun(self, course: Period) -> None:
        """Say how many there are."""
        self._queue.put(_Begun(course.frame, course.total))

    def stage_played(self, course: Period, stage: ScenarioResult) -> None:
        """Send a scene whole."""
        self._queue.put(stage)

    def ended(self, course: Period) -> None:
        """Say that there are no more."""
        self._queue.put(_Ended(tuple(course.collection_errors)))


def _scenario(queue: Any, target: Embedded, setup: StageSettings, selection: Selection) -> None:
    try:
        with set_up(target, setup) as arranged:
            player.scenario(arranged.stage, arranged.frame, [_Sends(queue)], selection)
    except CannotRun as exc:
        queue.put(_Ended((str(exc),)))


def scenario(
    target: Embedded, setup: StageSettings, selection: Selection, count: int, listeners: Sequence[Listener]
) -> Period:
    """Play in that many processes; errors: CannotRun where the stage cannot be started, or a process dies."""
    begun = stopwatch.seconds()
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    processes = [
        context.Process(target=_scenario, args=(queue, target, setup, selection.part_(nr, count)), daemon=True)
        for nr in range(count)
    ]
    for process in processes:
        process.start()
    course: Period | None = None
    pending: list[ScenarioResult] = []
    i_time, began = count, 0
    while i_time:
        try:
            message: _Begun | ScenarioResult | _Ended = queue.get(timeout=PACE_S)
        except Empty:
            if any(process.exitcode not in {None, 0} for process in processes):
                raise CannotRun("a process of the run ended without a word") from None
            continue
        match message:
            case _Begun():
                began += 1
                course = course or Period(message.frame)
                course.total += message.count
                if began == count:
                    for listener in listeners:
                        listener.begun(course)
            case ScenarioResult():
                pending.append(message)
            case _Ended():
                i_time -= 1
                if course is None or (began < count and message.collection_errors):
                    raise CannotRun("; ".join(message.collection_errors))
                course.collection_errors += message.collection_errors
        if course is not None and began == count:
            for stage in pending:
                course.scenarios.append(stage)
                for listener in listeners:
                    listener.stage_played(course, stage)
            pending.clear()
    assert course is not None, "every process says that it has begun before it says that it is over"
    for process in processes:
        process.join()
    course.scenarios.sort(key=lambda stage: stage.number)
    course.seconds = stopwatch.seconds() - begun
    for listener in listeners:
        listener.ended(course)
    return course
