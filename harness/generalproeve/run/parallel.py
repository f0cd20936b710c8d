"""Run the scenarios in several processes, each with an embedded stage of its own, as one run with one result."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty
from typing import Any

from generalproeve.base import process
from generalproeve.base.exit_codes import CannotRun
from generalproeve.run import player
from generalproeve.run.opening import open_target
from generalproeve.run.results import RunDescription, RunListener, RunResult, ScenarioResult
from generalproeve.run.selection import Selection
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.target import Embedded
from vos_contracts.base import stopwatch

JOIN_S = 10.0
"""How long a worker process has to close its stage before it is killed."""
POLL_S = 0.5
"""Polling interval for worker processes that have died without a message."""


@dataclass(frozen=True, slots=True)
class _WorkerBegun:
    description: RunDescription
    planned: tuple[ScenarioResult, ...]


@dataclass(frozen=True, slots=True)
class _WorkerEnded:
    collection_errors: tuple[str, ...]


class _QueueListener:
    """A listener in a worker process that forwards the run to the parent process."""

    def __init__(self, queue: Any) -> None:
        self._queue = queue

    def begun(self, run: RunResult) -> None:
        """Send the scenarios of this worker."""
        self._queue.put(_WorkerBegun(run.description, tuple(run.planned)))

    def scenario_played(self, run: RunResult, scenario: ScenarioResult) -> None:
        """Send the result of a scenario."""
        self._queue.put(scenario)

    def ended(self, run: RunResult) -> None:
        """Send the end of this worker's run."""
        self._queue.put(_WorkerEnded(tuple(run.collection_errors)))


def _work(queue: Any, target: Embedded, settings: StageSettings, selection: Selection) -> None:
    """Run one worker's share; the entry point of a worker process."""
    try:
        with process.ending(), open_target(target, settings) as opened:
            run = player.play(opened.stage, opened.description, [_QueueListener(queue)], selection)
        if run.interrupted is not None:
            queue.cancel_join_thread()
    except CannotRun as error:
        queue.put(_WorkerEnded((str(error),)))
    except KeyboardInterrupt:
        queue.cancel_join_thread()  # the parent process, which ended this one, does not read any more


def play(
    target: Embedded, settings: StageSettings, selection: Selection, count: int, listeners: Sequence[RunListener]
) -> RunResult:
    """Run the selection in `count` worker processes.

    Raises:
        CannotRun: a stage cannot be started, or a worker died.
    """
    begun_at = stopwatch.seconds()
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    workers = [
        context.Process(target=_work, args=(queue, target, settings, selection.share(number, count)), daemon=True)
        for number in range(count)
    ]
    for worker in workers:
        worker.start()
    run: RunResult | None = None
    unreported: list[ScenarioResult] = []
    working, begun = count, 0
    try:
        while working:
            try:
                message: _WorkerBegun | ScenarioResult | _WorkerEnded = queue.get(timeout=POLL_S)
            except Empty:
                if any(worker.exitcode not in {None, 0} for worker in workers):
                    raise CannotRun("a worker process of the run died") from None
                continue
            match message:
                case _WorkerBegun():
                    begun += 1
                    run = run or RunResult(message.description)
                    run.planned += message.planned
                    run.total += len(message.planned)
                    if begun == count:
                        for listener in listeners:
                            listener.begun(run)
                case ScenarioResult():
                    unreported.append(message)
                case _WorkerEnded():
                    working -= 1
                    if run is None or (begun < count and message.collection_errors):
                        raise CannotRun("; ".join(message.collection_errors))
                    run.collection_errors += message.collection_errors
            if run is not None and begun == count:  # listeners hear of scenarios once the total is known
                for result in unreported:
                    run.scenarios.append(result)
                    for listener in listeners:
                        listener.scenario_played(run, result)
                unreported.clear()
    except KeyboardInterrupt as exc:
        if run is None or begun < count:  # nothing is known of the run yet
            raise
        run.interrupted = exc
    finally:
        for worker in workers:
            if working:
                worker.terminate()
    assert run is not None, "every worker sends _WorkerBegun before _WorkerEnded, or an error that is raised above"
    for worker in workers:
        worker.join(JOIN_S)
        worker.kill()
        worker.join()
    player.account(run, listeners)
    run.scenarios.sort(key=lambda result: result.number)
    run.seconds = stopwatch.seconds() - begun_at
    for listener in listeners:
        listener.ended(run)
    return run
