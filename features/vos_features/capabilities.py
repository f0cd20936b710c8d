"""What a stage can do besides answer calls, and the control line that leaves a scene out where the stage cannot.

One table says which capability stands behind which part of the control API: a step calls as on any stage, and the scene is
omitted with the capability's own reason where it is missing (DESIGN rule 2). Not here: how a target declares what it can.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from vos_contracts.control import neighbours as control
from vos_contracts.wire.base import Kald, Svar, Transport
from vos_features.omission import udelad


class Evne(StrEnum):
    """A capability, under the name that a profile gives it."""

    SEED_CITIZENS = "seed-citizens"
    RESET = "reset"
    STATUS = "status"
    MOVE_CLOCK = "move-clock"
    CHANGE_RELEASE = "change-release"
    RUN_BATCH = "run-batch"
    CHANGE_CPR = "change-cpr"
    CREATE_QUEUE = "create-queue"
    CONTROL_WSB = "control-wsb"
    READ_TRUTH = "read-truth"
    TELL_AS_NEIGHBOUR = "tell-as-neighbour"
    FETCH_WSRM = "fetch-wsrm"
    RECEIVE_WSB = "receive-wsb"

    @property
    def mangler(self) -> str:
        """Say in Danish that a stage cannot do this."""
        return _MANGLER[self]


AF_STYRING = frozenset(Evne) - {Evne.FETCH_WSRM, Evne.RECEIVE_WSB}
"""What takes a control API."""

_MANGLER = {
    Evne.SEED_CITIZENS: "scenen kan ikke sætte borgere på",
    Evne.RESET: "scenen kan ikke nulstilles",
    Evne.STATUS: "scenen kan ikke sige, hvordan den står",
    Evne.MOVE_CLOCK: "scenens ur kan ikke flyttes",
    Evne.CHANGE_RELEASE: "scenens udgave kan ikke skiftes",
    Evne.RUN_BATCH: "scenens batchjob kan ikke køres på kommando",
    Evne.CHANGE_CPR: "scenen kan ikke fortælles om et CPR-skift",
    Evne.CREATE_QUEUE: "scenen kan ikke oprette køer og abonnementer på WSRM",
    Evne.CONTROL_WSB: "scenens levering af WSB kan ikke styres",
    Evne.READ_TRUTH: "scenens hændelser, journal og rækker kan ikke læses",
    Evne.TELL_AS_NEIGHBOUR: "scenen kan ikke fortælles, hvad en nabotjeneste ville fortælle",
    Evne.FETCH_WSRM: "scenens WSRM-køer kan ikke tømmes herfra",
    Evne.RECEIVE_WSB: "scenens WSB'er når ikke hertil",
}
_STIER = (
    (control.STI, Evne.TELL_AS_NEIGHBOUR),
    ("/styring/personer", Evne.SEED_CITIZENS),
    ("/styring/nulstil", Evne.RESET),
    ("/styring/status", Evne.STATUS),
    ("/styring/ur", Evne.MOVE_CLOCK),
    ("/styring/udgave", Evne.CHANGE_RELEASE),
    ("/styring/bagende", Evne.CHANGE_RELEASE),
    ("/styring/batch", Evne.RUN_BATCH),
    ("/styring/cprskift", Evne.CHANGE_CPR),
    ("/styring/abonnementer", Evne.CREATE_QUEUE),
    ("/styring/subscribersystemer", Evne.CONTROL_WSB),
    ("/styring/wsb", Evne.CONTROL_WSB),
    ("/styring/haendelser", Evne.READ_TRUTH),
    ("/styring/tilstand", Evne.READ_TRUTH),
    ("/styring/udtraek", Evne.READ_TRUTH),
    ("/styring/journal", Evne.READ_TRUTH),
)


def evne(sti: str) -> Evne:
    """Return the capability behind a path of the control API; errors: KeyError for a path that the table does not hold."""
    for begyndelse, en in _STIER:
        if sti.partition("?")[0].startswith(begyndelse):
            return en
    raise KeyError(sti)


class Styringslinje:
    """A `Transport` to a control API that leaves the scene out where the stage cannot do what is asked."""

    def __init__(self, linje: Transport | None, evner: Collection[Evne]) -> None:
        self._linje = linje
        self._evner = evner

    def send(self, kald: Kald) -> Svar:
        """Send and wait; errors: UnreachableError."""
        en = evne(kald.sti)
        if self._linje is None or en not in self._evner:
            udelad(en.mangler)
        return self._linje.send(kald)
