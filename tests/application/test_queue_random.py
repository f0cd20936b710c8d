"""Random pollers of one queue that die between any two calls: no message is lost, or fetched again after it was terminated."""

from __future__ import annotations

import random  # noqa: TID251 - seeded, so that a failure can be repeated
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from support.builders import JOBCENTER, NOW, contract, identity
from support.stores import empty_store
from vos_contracts.base.ids import new_uuid
from vos_reference.application import wsrm_queue
from vos_reference.application.ports import Envelope, Owner
from vos_reference.application.runtime import Runtime
from vos_reference.clock import StageClock, SystemClock
from vos_reference.domain.decision import Refused

TYPES = ("GetContactGroupVersion5", "GetContactGroupVersion4", "GetPersonCategoryVersion1")
SUB_QUEUES: Mapping[str, tuple[str, ...]] = {"": TYPES[:2], "under": TYPES[2:]}
OWNER = Owner(JOBCENTER, 0)
WHO = identity()


@dataclass
class Poller:
    """One client process: its sequence, the counts of its inventory, and the ids fetched by type."""

    sub_queue: str
    sequence: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    fetched: dict[str, list[str]] = field(default_factory=dict)


class QueueUnderTest:
    """The queue, with a record of all messages put in it and all messages terminated."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.queued: dict[str, list[str]] = {item: [] for item in SUB_QUEUES}
        self.handed_over: dict[str, list[str]] = {item: [] for item in SUB_QUEUES}
        self.handed_out: dict[str, tuple[str, ...]] = {}

    def put(self, sub_queue: str, message_type: str) -> None:
        nr = f"{sub_queue}{len(self.queued[sub_queue])}"
        self.queued[sub_queue].append(nr)
        with self.runtime.store.transaction() as t:
            t.enqueue([Envelope(nr, message_type, OWNER, b"{}", self.runtime.clock.now())])

    def create(self, poller: Poller) -> None:
        inventory = wsrm_queue.create_sequence(self.runtime, WHO, poller.sub_queue)
        assert not isinstance(inventory, Refused)
        assert sum(count for _, count in inventory.count) <= wsrm_queue.AT_MOST
        poller.sequence, poller.counts, poller.fetched = inventory.sequence.id, dict(inventory.count), {}

    def fetch(self, poller: Poller, message_type: str) -> None:
        assert poller.sequence is not None
        response = wsrm_queue.fetch(self.runtime, WHO, poller.sequence, message_type)
        if isinstance(response, Refused):  # the other poller ended it, or it expired
            assert [error.code for error in response.errors] == [4589]
            poller.sequence = None
            return
        ids = [envelope.id for envelope in response.envelopes]
        assert len(ids) == poller.counts[message_type], "the inventory said something else"
        assert not {*ids} & {*self.handed_over[poller.sub_queue]}, "it came again after it was terminated"
        poller.fetched[message_type] = ids

    def end(self, poller: Poller, *, end: bool) -> None:
        assert poller.sequence is not None
        response = (wsrm_queue.end_sequence if end else wsrm_queue.close_sequence)(self.runtime, WHO, poller.sequence)
        poller.sequence = None
        if not isinstance(response, Refused) and end:
            self.handed_over[poller.sub_queue] += [id_ for ids in poller.fetched.values() for id_ in ids]


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    store = empty_store(tmp_path / "queue.db")
    with store.transaction() as t:
        for message_type in SUB_QUEUES["under"]:
            t.route_to_sub_queue(OWNER, message_type, "under")
    k = contract()
    yield Runtime(store, StageClock(SystemClock(), NOW), new_uuid, k, k.releases["2024-4"], None, lambda entry: None)
    store.close()


@pytest.mark.parametrize("number", range(25), ids=lambda item: f"nr{item}")
def test_nothing_is_lost_and_nothing_comes_again(runtime: Runtime, number: int) -> None:
    rng = random.Random(number)
    queue_under_test = QueueUnderTest(runtime)
    pollers = [Poller(""), Poller(""), Poller("under")]
    for _ in range(300):
        item = rng.choice(pollers)
        for _ in range(rng.choice([0, 0, 1, 7, 60])):
            sub_queue = rng.choice([*SUB_QUEUES])
            queue_under_test.put(sub_queue, rng.choice(SUB_QUEUES[sub_queue]))
        missing = [type_ for type_ in item.counts if type_ not in item.fetched]
        if rng.random() < 0.1:  # the poller dies and loses its state
            item.sequence, item.counts, item.fetched = None, {}, {}
        elif rng.random() < 0.03:
            runtime.clock.assign(runtime.clock.now() + timedelta(minutes=61))
        elif item.sequence is None:
            queue_under_test.create(item)
        elif rng.random() < 0.05:
            queue_under_test.end(item, end=False)
        elif missing:
            queue_under_test.fetch(item, rng.choice(missing))
        else:
            queue_under_test.end(item, end=True)
    for sub_queue in SUB_QUEUES:
        item = Poller(sub_queue)
        queue_under_test.create(item)
        while item.counts:
            for message_type in item.counts:
                queue_under_test.fetch(item, message_type)
            queue_under_test.end(item, end=True)
            queue_under_test.create(item)
        assert sorted(queue_under_test.handed_over[sub_queue]) == sorted(queue_under_test.queued[sub_queue])
    assert sum(map(len, queue_under_test.queued.values())) > 2 * wsrm_queue.AT_MOST
