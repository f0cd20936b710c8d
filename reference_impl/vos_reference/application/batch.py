"""Run the nightly jobs for one Danish day, over those for whom something falls due (delta) or over everybody (full).

Each chunk is one transaction with its changes, their messages and the run's progress: killed at any point, a run goes on
where it was, and nothing is done twice. Not here: what a job does (`domain.batchjob`), when a night begins (`nightly_run`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from vos_contracts.base import stopwatch
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.stage import RunKind
from vos_reference.application.ports import Run, Status, Transaction
from vos_reference.application.registration import decision_context, save
from vos_reference.application.runtime import Runtime
from vos_reference.application.steps import AfterCommit, ThreadStep
from vos_reference.domain import dfdg
from vos_reference.domain.batch_jobs import Job, due_date
from vos_reference.domain.danish_time import DANISH_TIME, danish_day
from vos_reference.domain.decide import decide_job
from vos_reference.domain.decision import Caller
from vos_reference.domain.person import Person

CHUNK = 50
"""Citizens in one transaction: whoever writes meanwhile waits for it, 2 ms when nothing falls due and 20 ms when all change."""

IN_PLACE = 20
"""Citizens left to look at for whom a thread is not worth its while."""

BatchSteps = Generator[Run | ThreadStep[Run], None, Run]
"""The chunks that may be carried out in a thread, the run after each chunk, and at the end the finished run: the report."""

Chunk = Callable[[Runtime, Transaction, Run], Run]


def is_open(runtime: Runtime) -> Run | None:
    """Return the run that was interrupted, if any; it is to be finished before another is begun."""
    with runtime.store.reading() as t:
        run = t.latest_run()
    return run if run is not None and run.status is Status.RUNNING else None


def begin(runtime: Runtime, kind: RunKind, instant: datetime, *, nightly: bool = False) -> Run:
    """Begin a run of the instant's day."""
    day = danish_day(instant)
    with runtime.store.transaction() as t:
        total = t.count_people() if kind is RunKind.FULL else sum(t.count_due(job, day) for job in Job)
        new = Run(runtime.ids(), day, kind, instant, nightly, total=total)
        t.save_run(new)
    return new


def execute(runtime: Runtime, run: Run) -> BatchSteps:
    """Carry a run through, chunk by chunk, from where it has come to.

    Errors: StoreUnavailable, after which it can be gone on with.
    """
    run = replace(run, instant=run.instant.astimezone(DANISH_TIME))  # as before it was interrupted
    next_chunk = {RunKind.DELTA: _delta, RunKind.FULL: _full}[run.kind]
    while run.status is Status.RUNNING:
        chunk = ThreadStep(partial(_carry_out, runtime, run, next_chunk))
        if run.total - run.seen > IN_PLACE:
            yield chunk
        run = chunk.result()
        yield run
    runtime.journal(JournalEntry(kind=EntryType.RUN, instant=run.instant, data=_entry_data(run)))
    return run


def _carry_out(runtime: Runtime, run: Run, chunk: Chunk, after: AfterCommit) -> Run:
    """Carry out one chunk in one transaction, together with how far the run has come."""
    begun = stopwatch.seconds()
    with runtime.store.write_beside(after) as t:
        run = chunk(runtime, t, run)
        run = replace(run, seconds=run.seconds + stopwatch.seconds() - begun)
        t.save_run(run)
    return run


def _delta(runtime: Runtime, t: Transaction, run: Run) -> Run:
    """One chunk of the job that the run has come to: those for whom it falls due, each of whom it is then no longer due for."""
    jobs = _jobs(runtime)
    job = Job(run.cursor) if run.cursor else jobs[0]
    people = t.due(job, run.day, CHUNK)
    for person in people:
        after = _apply_job(runtime, t, run, job, person)
        run = run.with_seen(job, changed=after is not None)
        if after is None:  # what was noted as due is no longer so: note what is
            t.save(person, person, due_date(person, runtime.contract, run.instant))
        assert job not in {
            item for item, day in due_date(after or person, runtime.contract, run.instant) if day <= run.day
        }
    run = replace(run, seen=run.seen + len(people), cursor=job.value)
    if len(people) == CHUNK:
        return run
    further = jobs[jobs.index(job) + 1 :]
    return replace(run, cursor=further[0].value) if further else replace(run, status=Status.FINISHED)


def _full(runtime: Runtime, t: Transaction, run: Run) -> Run:
    """One chunk of everybody, in the order of ids: all jobs in their order to each."""
    jobs = _jobs(runtime)
    people = t.people_after(run.cursor, CHUNK)
    quiet = 0
    for person in people:
        if all(day > run.day for _, day in due_date(person, runtime.contract, run.instant)):
            quiet += 1
            continue
        now = person
        for job in jobs:
            after = _apply_job(runtime, t, run, job, now)
            run = run.with_seen(job, changed=after is not None)
            now = after or now
    run = run.with_unchanged(jobs, quiet)
    run = replace(run, seen=run.seen + len(people))
    if len(people) < CHUNK:
        return replace(run, status=Status.FINISHED)
    return replace(run, cursor=people[-1].id)


def _apply_job(runtime: Runtime, t: Transaction, run: Run, job: Job, person: Person) -> Person | None:
    """Let a job do what it does to a citizen, and store it; None if it does nothing."""
    caller = Caller(dfdg.identity(_name(runtime)(job), run.instant))
    context = decision_context(runtime, run.instant, caller)
    accepted = decide_job(person, job, context)
    if accepted is None:
        return None
    save(runtime, t, person, accepted, context)
    return accepted.person


def _jobs(runtime: Runtime) -> Sequence[Job]:
    return [Job(item.code) for item in runtime.contract.batchjob]


def _name(runtime: Runtime) -> Callable[[Job], str]:
    names = {item.code: item.name for item in runtime.contract.batchjob}
    return lambda job: names[job.value]


def _entry_data(run: Run) -> dict[str, str | int]:
    return {
        "run": run.id,
        "day": run.day.isoformat(),
        "kind": run.kind.value,
        "nightly": "yes" if run.nightly else "no",
        "seen": run.seen,
        "changed": run.changed,
    }
