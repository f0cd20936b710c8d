"""The users as Locust knows them, and the calls as its statistics count them.

Importing this patches the process: only the process that the calls are made in does (`vos_load.__main__`).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import gevent
import gevent.event
import numpy as np
from locust import User, task
from locust.env import Environment
from locust.exception import StopUser

from vos_load.kalder import Kalder
from vos_load.trafik import Blanding, aabent, lukket


class Ubesvaret(Exception):
    """What a failed call is counted under."""


class Miljoe(Environment):
    """Locust's environment with what the users of this process need."""

    kalder: Kalder
    nummer: int = 0
    brud: Exception | None = None
    """What broke the run, and not a call of it."""

    def __init__(self, user_classes: Sequence[type[User]]) -> None:
        super().__init__(user_classes=list(user_classes))
        self.tael = itertools.count()
        self.faerdig = gevent.event.Event()


def meld_til(miljoe: Environment) -> Any:
    """Return who tells Locust of every call."""

    def meld(kanal: str, handling: str, ms: float, laengde: int, fejl: str) -> None:
        miljoe.events.request.fire(
            request_type=kanal, name=handling, response_time=ms, response_length=laengde,
            exception=Ubesvaret(fejl) if fejl else None, context={},
        )  # fmt: skip

    return meld


def _til_ende(miljoe: Miljoe, spil: Callable[[], None]) -> None:
    """Be a user once, and no more: what breaks it breaks the run."""
    try:
        spil()
    except Exception as brud:
        miljoe.brud = brud
    finally:
        miljoe.faerdig.set()
    raise StopUser


class Ankomst(User):
    """The open traffic of one process: there is one of it in each."""

    @task
    def spil(self) -> None:
        """Make the calls as they fall due."""
        kalder = self.environment.kalder
        _til_ende(self.environment, lambda: aabent(kalder, self.environment.nummer))


class Sagsbehandler(User):
    """A closed user, who waits for the answer before the next call."""

    @task
    def spil(self) -> None:
        """Call, wait, think."""
        kalder = self.environment.kalder
        brugere = kalder.opgave.profil.users
        assert brugere is not None, "closed users have a number"
        nummer: int = self.environment.nummer
        lod = np.random.default_rng([kalder.opgave.seed, nummer, next(self.environment.tael)])

        def taenk() -> None:
            tid = float(lod.exponential(brugere.think_seconds))
            gevent.sleep(min(tid, max(kalder.opgave.sekunder - kalder.t(), 0)))

        _til_ende(self.environment, lambda: lukket(kalder, Blanding(kalder, lod, nummer), taenk))
