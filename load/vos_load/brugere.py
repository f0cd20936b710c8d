"""The users as Locust knows them, and the calls as its statistics count them.

Importing this patches the process: only `vos_load.__main__` does.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
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


def meld_til(miljoe: Environment) -> Any:
    """Return who tells Locust of every call."""

    def meld(kanal: str, handling: str, ms: float, laengde: int, fejl: str) -> None:
        miljoe.events.request.fire(
            request_type=kanal, name=handling, response_time=ms, response_length=laengde,
            exception=Ubesvaret(fejl) if fejl else None, context={},
        )  # fmt: skip

    return meld


class Miljoe(Environment):
    """Locust's environment with what the users of this process need."""

    kalder: Kalder
    nummer: int = 0

    def __init__(self, user_classes: Sequence[type[User]]) -> None:
        super().__init__(user_classes=list(user_classes))
        self.tael = itertools.count()
        self.faerdig = gevent.event.Event()


class Ankomst(User):
    """The open traffic of one process: there is one of it in each."""

    @task
    def spil(self) -> None:
        """Make the calls as they fall due."""
        kalder: Kalder = self.environment.kalder
        aabent(kalder, self.environment.nummer)
        self.environment.faerdig.set()
        raise StopUser


class Sagsbehandler(User):
    """A closed user, who waits for the answer before the next call."""

    @task
    def spil(self) -> None:
        """Call, wait, think."""
        kalder: Kalder = self.environment.kalder
        brugere = kalder.opgave.profil.users
        assert brugere is not None, "closed users have a number"
        nummer: int = self.environment.nummer
        lod = np.random.default_rng([kalder.opgave.seed, nummer, next(self.environment.tael)])
        lukket(
            kalder, Blanding(kalder, lod, nummer), lambda: gevent.sleep(float(lod.exponential(brugere.think_seconds)))
        )
        self.environment.faerdig.set()
        raise StopUser
