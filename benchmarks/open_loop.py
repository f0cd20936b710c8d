"""An open-loop client: each call is sent when it is due, on a free or a new connection, without waiting for answers.

A module of the benchmarks, not a program.
"""

from __future__ import annotations

import selectors
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from client import DEADLINE_S, Connection

from vos_contracts.base import stopwatch


@dataclass(slots=True)
class Arrival:
    """One call of a plan and its answer.

    `time` is when it is due, in seconds after the start; `latency` is from then to the answer, in seconds, -1 before.
    """

    kind: str
    time: float
    message: bytes
    latency: float = -1.0
    status: int = 0


def send_when_due(
    base_url: str,
    plan: Sequence[Arrival],
    progress: Callable[[int], None],
    statuses: Collection[int] = (200,),
    pool: int | None = None,
) -> None:
    """Send the calls when they are due and set latency and status of each; `progress` is called with the number sent.

    Without `pool` a call that finds no free connection opens one. With it so many connections are opened before the start,
    and a call that finds none free waits in the client; its latency counts from when it was due. Status 0 means that the
    stage closed the connection.

    Raises:
        AssertionError: a status is not in `statuses`, or there is no answer within 30 seconds.
    """
    parts = urlsplit(base_url)
    assert parts.hostname == "127.0.0.1", "load goes to loopback only"
    assert parts.port is not None
    selector = selectors.DefaultSelector()
    free: list[Connection] = []
    under_way: dict[Connection, Arrival] = {}
    for _ in range(pool or 0):
        connection = Connection(parts.hostname, parts.port)
        selector.register(connection.sock, selectors.EVENT_READ, connection)
        free.append(connection)
    begun, sent = stopwatch.seconds(), 0
    while sent < len(plan) or under_way:
        now = stopwatch.seconds() - begun
        while sent < len(plan) and plan[sent].time <= now and (free or pool is None):
            if free:
                connection = free.pop()
            else:
                connection = Connection(parts.hostname, parts.port)
                selector.register(connection.sock, selectors.EVENT_READ, connection)
            under_way[connection] = plan[sent]
            connection.send(plan[sent].message)
            sent += 1
            progress(sent)
        may_send = sent < len(plan) and (free or pool is None)
        to_next = plan[sent].time - (stopwatch.seconds() - begun) if may_send else DEADLINE_S
        events = selector.select(max(to_next, 0.0))
        assert events or may_send, f"no answer within {DEADLINE_S} seconds"
        for key, _ in events:
            connection = key.data
            if connection not in under_way:  # the stage closed it while it was free
                selector.unregister(connection.sock)
                connection.sock.close()
                free.remove(connection)
                continue
            try:
                status = connection.read()
            except ConnectionError:
                assert 0 in statuses, "the stage closed the connection"
                under_way.pop(connection)
                selector.unregister(connection.sock)
                connection.sock.close()
                continue
            if status is None:
                continue
            assert status in statuses, f"the stage answered {status}"
            arrival = under_way.pop(connection)
            arrival.status = status
            arrival.latency = stopwatch.seconds() - begun - arrival.time
            free.append(connection)
    for connection in free:
        connection.sock.close()
    selector.close()
