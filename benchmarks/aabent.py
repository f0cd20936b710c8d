"""Callers that do not wait for each other: each call is sent when it is due, on a connection that is free or a new one."""

from __future__ import annotations

import selectors
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from last import FRIST_S, Forbindelse

from vos_contracts.base import stopwatch


@dataclass(slots=True)
class Ankomst:
    """A call of one kind, due so many seconds after the start, and how many seconds after that it was answered."""

    art: str
    tid: float
    besked: bytes
    ventede: float = -1.0


def kald_som_de_kommer(base_url: str, plan: Sequence[Ankomst], fremme: Callable[[int], None]) -> None:
    """Send the calls as they fall due and note when they are answered; `fremme` hears how many were sent.

    Errors: AssertionError for an answer that is not 200, or none.
    """
    dele = urlsplit(base_url)
    assert dele.hostname == "127.0.0.1", "load goes to loopback only"
    assert dele.port is not None
    vaelger = selectors.DefaultSelector()
    ledige: list[Forbindelse] = []
    i_gang: dict[Forbindelse, Ankomst] = {}
    begyndt, sendt = stopwatch.seconds(), 0
    while sendt < len(plan) or i_gang:
        nu = stopwatch.seconds() - begyndt
        while sendt < len(plan) and plan[sendt].tid <= nu:
            if ledige:
                forbindelse = ledige.pop()
            else:
                forbindelse = Forbindelse(dele.hostname, dele.port)
                vaelger.register(forbindelse.stik, selectors.EVENT_READ, forbindelse)
            i_gang[forbindelse] = plan[sendt]
            forbindelse.send(plan[sendt].besked)
            sendt += 1
            fremme(sendt)
        til_naeste = plan[sendt].tid - (stopwatch.seconds() - begyndt) if sendt < len(plan) else FRIST_S
        haendelser = vaelger.select(max(til_naeste, 0.0))
        assert haendelser or sendt < len(plan), f"no answer within {FRIST_S} seconds"
        for noegle, _ in haendelser:
            forbindelse = noegle.data
            if forbindelse not in i_gang:  # hung up on while it was free
                vaelger.unregister(forbindelse.stik)
                forbindelse.stik.close()
                ledige.remove(forbindelse)
                continue
            status = forbindelse.laes()
            if status is None:
                continue
            assert status == 200, f"the stage answered {status}"
            ankomst = i_gang.pop(forbindelse)
            ankomst.ventede = stopwatch.seconds() - begyndt - ankomst.tid
            ledige.append(forbindelse)
    for forbindelse in ledige:
        forbindelse.stik.close()
    vaelger.close()
