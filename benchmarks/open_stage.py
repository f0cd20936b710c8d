"""Callers that do not wait for each other: each call is sent when it is due, on a connection that is free or a new one."""

from __future__ import annotations

import selectors
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from client import DEADLINE_S, Connection

from vos_contracts.base import stopwatch


@dataclass(slots=True)
class Arrival:
    """A call of one kind, due so many seconds after the start, and how many seconds after that it was answered."""

    kind: str
    time: float
    message: bytes
    expected: float = -1.0


def call_som_de_comes(base_url: str, plan: Sequence[Arrival], fremme: Callable[[int], None]) -> None:
    """Send the calls as they fall due and note when they are answered; `fremme` hears how many were sent.

    Errors: AssertionError for an answer that is not 200, or none.
    """
    parts = urlsplit(base_url)
    assert parts.hostname == "127.0.0.1", "load goes to loopback only"
    assert parts.port is not None
    selector = selectors.DefaultSelector()
    free: list[Connection] = []
    i_time: dict[Connection, Arrival] = {}
    begun, sent = stopwatch.seconds(), 0
    while sent < len(plan) or i_time:
        now = stopwatch.seconds() - begun
        while sent < len(plan) and plan[sent].time <= now:
            if free:
                connection = free.pop()
            else:
                connection = Connection(parts.hostname, parts.port)
                selector.register(connection.sock, selectors.EVENT_READ, connection)
            i_time[connection] = plan[sent]
            connection.send(plan[sent].message)
            sent += 1
            fremme(sent)
        to_next = plan[sent].time - (stopwatch.seconds() - begun) if sent < len(plan) else DEADLINE_S
        events = selector.select(max(to_next, 0.0))
        assert events or sent < len(plan), f"no answer within {DEADLINE_S} seconds"
        for key, _ in events:
            connection = key.data
            if connection not in i_time:  # hung up on while it was free
                selector.unregister(connection.sock)
                connection.sock.close()
                free.remove(connection)
                continue
            status = connection.read()
            if status is None:
                continue
            assert status == 200, f"the stage answered {status}"
            arrival = i_time.pop(connection)
            arrival.expected = stopwatch.seconds() - begun - arrival.time
            free.append(connection)
    for connection in free:
        connection.sock.close()
    selector.close()
