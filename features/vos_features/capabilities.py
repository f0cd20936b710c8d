"""The capabilities of a stage, and a control line that omits the scenario if the stage lacks one.

One table maps paths of the control API to capabilities. Steps call the control API unconditionally; a call that needs a missing
capability omits the scenario with the capability's reason. Not here: how a target declares its capabilities.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import NoReturn

from vos_contracts.control import neighbours as control
from vos_contracts.wire.base import Call, Response, Transport


class Capability(StrEnum):
    """A capability; the value is its name in profiles."""

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
    def missing(self) -> str:
        """The reason for an omission, in Danish."""
        return _MISSING[self]


OF_CONTROL = frozenset(Capability) - {Capability.FETCH_WSRM, Capability.RECEIVE_WSB}
"""The capabilities that require a control API."""

_MISSING = {
    Capability.SEED_CITIZENS: "scenen kan ikke sætte borgere på",
    Capability.RESET: "scenen kan ikke nulstilles",
    Capability.STATUS: "scenen kan ikke sige, hvordan den står",
    Capability.MOVE_CLOCK: "scenens ur kan ikke flyttes",
    Capability.CHANGE_RELEASE: "scenens udgave kan ikke skiftes",
    Capability.RUN_BATCH: "scenens batchjob kan ikke køres på kommando",
    Capability.CHANGE_CPR: "scenen kan ikke fortælles om et CPR-skift",
    Capability.CREATE_QUEUE: "scenen kan ikke oprette køer og abonnementer på WSRM",
    Capability.CONTROL_WSB: "scenens levering af WSB kan ikke styres",
    Capability.READ_TRUTH: "scenens hændelser, journal og rækker kan ikke læses",
    Capability.TELL_AS_NEIGHBOUR: "scenen kan ikke fortælles, hvad en nabotjeneste ville fortælle",
    Capability.FETCH_WSRM: "scenens WSRM-køer kan ikke tømmes herfra",
    Capability.RECEIVE_WSB: "scenens WSB'er når ikke hertil",
}
_PATHS = (
    (control.PATH, Capability.TELL_AS_NEIGHBOUR),
    ("/control/people", Capability.SEED_CITIZENS),
    ("/control/reset", Capability.RESET),
    ("/control/status", Capability.STATUS),
    ("/control/clock", Capability.MOVE_CLOCK),
    ("/control/release", Capability.CHANGE_RELEASE),
    ("/control/backend", Capability.CHANGE_RELEASE),
    ("/control/batch", Capability.RUN_BATCH),
    ("/control/cpr-change", Capability.CHANGE_CPR),
    ("/control/subscriptions", Capability.CREATE_QUEUE),
    ("/control/subscriber-systems", Capability.CONTROL_WSB),
    ("/control/wsb", Capability.CONTROL_WSB),
    ("/control/events", Capability.READ_TRUTH),
    ("/control/state", Capability.READ_TRUTH),
    ("/control/extract", Capability.READ_TRUTH),
    ("/control/journal", Capability.READ_TRUTH),
)


def capability(path: str) -> Capability:
    """Return the capability that a path of the control API requires.

    Raises:
        KeyError: the path is not in the table.
    """
    for start, needed in _PATHS:
        if path.partition("?")[0].startswith(start):
            return needed
    raise KeyError(path)


class ControlLine:
    """A `Transport` to a control API that omits the scenario if the stage lacks the capability of a call."""

    def __init__(self, line: Transport | None, capabilities: Collection[Capability]) -> None:
        self._line = line
        self._capabilities = capabilities

    def send(self, call: Call) -> Response:
        """Send a call and return the response, or omit the scenario.

        Raises:
            UnreachableError: the control API did not answer.
        """
        needed = capability(call.path)
        if self._line is None or needed not in self._capabilities:
            omit(needed.missing)
        return self._line.send(call)


MARK = "udeladt: "


def omit(reason: str) -> NoReturn:
    """End the scenario as omitted, with that reason in Danish."""
    skip_over(f"{MARK}{reason}")


def skip_over(reason: str) -> NoReturn:
    """End the scenario as skipped by choice, with that reason in Danish."""
    import pytest  # lazy: a stage that plays no scenario does not import pytest

    pytest.skip(reason)
