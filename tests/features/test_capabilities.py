"""A missing capability omits the scenario with its reason, and the table covers every call of the control API."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

import vos_simulators
from support.builders import NOW
from vos_contracts.wire.base import Call, Response
from vos_features.capabilities import OF_CONTROL, Capability, ControlLine, capability
from vos_features.hooks import Omitted
from vos_simulators.control import Control

SOURCES = Path(vos_simulators.__file__).parent
_PATH = re.compile(r'"(?:GET|PUT|POST|DELETE)", f?"([a-z/-]+)|_(?:fetch|pages)\("([a-z/-]+)"')


class Line:
    def __init__(self) -> None:
        self.calls: list[Call] = []

    def send(self, call: Call) -> Response:
        self.calls.append(call)
        return Response(200)


def test_every_control_call_has_a_capability() -> None:
    text = "".join((SOURCES / name).read_text("utf-8") for name in ("control.py", "stage_reader.py"))
    paths = {match[0] or match[1] for match in _PATH.findall(text)} - {"/control/"}
    assert len(paths) >= 15
    assert {capability(f"/control/{path}") for path in paths} | {Capability.TELL_AS_NEIGHBOUR} == OF_CONTROL
    assert capability("/internal/command") is Capability.TELL_AS_NEIGHBOUR
    with pytest.raises(KeyError):
        capability("/control/something-else")


def test_a_missing_capability_omits_the_scenario_with_its_reason() -> None:
    line = Line()
    control = Control(ControlLine(line, OF_CONTROL - {Capability.MOVE_CLOCK}))
    with pytest.raises(Omitted, match="udeladt: scenens ur kan ikke flyttes"):
        control.set_clock(datetime.fromisoformat("2024-11-18T09:00:00+01:00"))
    assert line.calls == []
    control.reset()
    assert [call.path for call in line.calls] == ["/control/reset"]


def test_without_a_control_api_everything_is_omitted() -> None:
    control = Control(ControlLine(None, frozenset(Capability)))
    with pytest.raises(Omitted, match="scenen kan ikke nulstilles"):
        control.reset()
    with pytest.raises(Omitted, match="ur"):
        control.set_clock(NOW)


def test_every_capability_has_its_own_reason() -> None:
    reasons = [capability.missing for capability in Capability]
    assert len(set(reasons)) == len(reasons)
    assert all(reason.startswith("scene") for reason in reasons)
