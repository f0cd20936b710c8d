"""Run the nightly jobs for one Danish day, over the citizens with due jobs (delta) or over all citizens (full).

Each chunk is one transaction with its changes, their messages and the progress of the run, so that a run killed at any point
resumes where it was. Not here: what a job does (`domain.batch_jobs`), and when a night starts (`nightly_run`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from vos_contracts.base import stopwatch
from vos_contracts.control.journal import EntryType, JournalEntry
from vos_contracts.control.stage import RunKind
from vos_reference.application.ports import BatchRun, RunStatus, Transaction
from vos_reference.application.registration import decision_context, save
from vos_reference.application.runtime import Runtime
from vos_reference.application.steps import AfterCommit, ThreadStep
from vos_reference.domain import batch_jobs
from vos_reference.domain.batch_jobs import Job, due_date
from vos_reference.domain.danish_time import DANISH_TIME, danish_day
from vos_reference.domain.decide import decide_job
from vos_reference.domain.decision import Caller
from vos_reference.domain.person import Person

CHUNK = 50
"""Citizens in one transaction; other writers wait for it, 2 ms when no job is due and 20 ms when every citizen changes."""

IN_PLACE = 20
"""With at most this many citizens left, a chunk runs in place: handing it to a thread would cost more than it saves."""

BatchSteps = Generator[BatchRun | ThreadStep[BatchRun], None, BatchRun]
"""Yields each chunk that a driver may run in a thread, and the run after each chunk; returns the finished run."""

Chunk = Callable[[Runtime, Transaction, BatchRun], BatchRun]


def is_open(runtime: Runtime) -> BatchRun | None:
    """Return the unfinished run, or None; it must be finished before another run begins."""
    with runtime.store.reading() as t:
        run = t.latest_run()
    return run if run is not None and run.status is RunStatus.RUNNING else None


def begin(runtime: Runtime, kind: RunKind, instant: datetime, *, nightly: bool = False) -> BatchRun:
    """Store and return a new run of the day of the instant; no citizen is processed yet."""
    day = danish_day(instant)
    with runtime.store.transaction() as t:
        total = t.count_people() if kind is RunKind.FULL else sum(t.count_due(job, day) for job in Job)
        new = BatchRun(runtime.ids(), day, kind, instant, nightly, total=total)
        t.save_run(new)
    return new


def execute(runtime: Runtime, run: BatchRun) -> BatchSteps:
    """Execute a run, chunk by chunk, from its stored progress, and write the finished run to the journal.

    Raises:
        StoreUnavailable: the run can be resumed later.
    """
    run = replace(run, instant=run.instant.astimezone(DANISH_TIME))  # a resumed run was read from the store in UTC
    next_chunk = {RunKind.DELTA: _delta, RunKind.FULL: _full}[run.kind]
    while run.status is RunStatus.RUNNING:
        chunk = ThreadStep(partial(_carry_out, runtime, run, next_chunk))
        if run.total - run.seen > IN_PLACE:
            yield chunk
        run = chunk.result()
        yield run
    runtime.journal(JournalEntry(kind=EntryType.RUN, instant=run.instant, data=_entry_data(run)))
    return run


def _carry_out(runtime: Runtime, run: BatchRun, chunk: Chunk, after: AfterCommit) -> BatchRun:
    """Process one chunk and store the progress, in one transaction; `after` collects the calls to make after the commit."""
    begun = stopwatch.seconds()
    with runtime.store.threaded_transaction(after) as t:
        run = chunk(runtime, t, run)
        run = replace(run, seconds=run.seconds + stopwatch.seconds() - begun)
        t.save_run(run)
    return run


def _delta(runtime: Runtime, t: Transaction, run: BatchRun) -> BatchRun:
    """Process one chunk of the present job: citizens for whom it is due, longest due first; afterwards it is not."""
    jobs = _jobs(runtime)
    job = Job(run.cursor) if run.cursor else jobs[0]
    people = t.due(job, run.day, CHUNK)
    for person in people:
        after = _apply_job(runtime, t, run, job, person)
        run = run.with_seen(job, changed=after is not None)
        if after is None:  # the stored due date was stale: store the present ones
            t.save(person, person, due_date(person, runtime.contract, run.instant))
        assert job not in {
            item for item, day in due_date(after or person, runtime.contract, run.instant) if day <= run.day
        }
    run = replace(run, seen=run.seen + len(people), cursor=job.value)
    if len(people) == CHUNK:
        return run
    further = jobs[jobs.index(job) + 1 :]
    return replace(run, cursor=further[0].value) if further else replace(run, status=RunStatus.FINISHED)


def _full(runtime: Runtime, t: Transaction, run: BatchRun) -> BatchRun:
    """Process one chunk of all citizens, by id: every job in table order for each citizen."""
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
        return replace(run, status=RunStatus.FINISHED)
    return replace(run, cursor=people[-1].id)


def _apply_job(runtime: Runtime, t: Transaction, run: BatchRun, job: Job, person: Person) -> Person | None:
    """Decide and save a job for a citizen; return the citizen afterwards, or None where the job does nothing."""
    caller = Caller(batch_jobs.dfdg_identity(_name(runtime)(job), run.instant))
    context = decision_context(runtime, run.instant, caller)
    accepted = decide_job(person, job, context)
    if accepted is None:
        return None
    save(runtime, t, person, accepted, context)
    return accepted.person


def _jobs(runtime: Runtime) -> Sequence[Job]:
    return [Job(job.code) for job in runtime.contract.batchjob]


def _name(runtime: Runtime) -> Callable[[Job], str]:
    names = {job.code: job.name for job in runtime.contract.batchjob}
    return lambda job: names[job.value]


def _entry_data(run: BatchRun) -> dict[str, str | int]:
    return {
        "run": run.id,
        "day": run.day.isoformat(),
        "kind": run.kind.value,
        "nightly": "yes" if run.nightly else "no",
        "seen": run.seen,
        "changed": run.changed,
    }
