"""Clock and nightly jobs of the control API: refusals with their rules, and the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from generalproeve.settings.stage import StageSettings
from generalproeve.stage.stage import Stage, embedded
from support.builders import JOBCENTER, NOW, identity
from vos_contracts.base import stopwatch
from vos_contracts.contract import load
from vos_contracts.control.stage import ClockMode, PeriodDto, RegistrationDto, RunKind
from vos_reference.domain.danish_time import DANISH_TIME
from vos_reference.edge.control.clock import InvalidDuration, forward
from vos_simulators.control import Control
from vos_simulators.inboxes.wsrm_poller import WsrmPoller, WsrmRefused
from vos_simulators.people import Citizen, People, on_stage
from vos_simulators.transport import HttpTransport

TOMORROW = (NOW + timedelta(days=1)).date()


def danish(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=DANISH_TIME)  # type: ignore[arg-type, misc]  # the parts of a date and an hour


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ({}, "angiv instant, forward eller state"),
        ({"instant": "2024-11-18T08:59:59+01:00"}, "instant: uret står på 2024-11-18T09:00:00+01:00 og kan ikke"),
        ({"instant": "2024-11-19T09:00:00"}, "instant: skal være en date-time med offset"),
        ({"instant": "i morgen"}, "$.instant"),
        (
            {"forward": -1},
            "forward: skal være et antal sekunder eller en ISO 8601-varighed som P1D eller PT2H, og ikke negativ",
        ),
        ({"forward": "en dag"}, "forward: skal være et antal sekunder"),
        ({"forward": "P20000Y"}, "forward: skal være et antal sekunder"),
        ({"forward": True}, "$.forward"),
        ({"state": "hurtigt"}, "$.state"),
        ({"state": "real", "forward": 1}, "state: real følger maskinens ur; angiv hverken instant eller forward"),
        ({"instnt": "2024-11-19T09:00:00+01:00"}, "instnt"),
    ],
)
def test_a_clock_that_cannot_be_set_stands_where_it_stood(stage: Stage, body: dict[str, object], rule: str) -> None:
    response = httpx.put(f"{stage.control}/control/clock", json=body)
    assert response.status_code == 400
    assert rule in response.json()["fejl"][0]["fejltekst"]
    status = httpx.get(f"{stage.control}/control/clock").json()
    assert (status["clock"], status["clockState"], status["clockFrozen"]) == (
        "2024-11-18T09:00:00+01:00",
        "frozen",
        True,
    )


@pytest.mark.parametrize(
    ("since", "duration", "until"),
    [
        (danish(2024, 11, 18, 9), 90, danish(2024, 11, 18, 9, 1, 30)),
        (danish(2024, 11, 18, 9), 0.5, danish(2024, 11, 18, 9, 0, 0, 500_000)),
        (danish(2024, 11, 18, 9), "PT2H30M", danish(2024, 11, 18, 11, 30)),
        (danish(2024, 11, 18, 9), "P1Y2M3DT4H", danish(2026, 1, 21, 13)),
        (danish(2024, 11, 18, 9), "P2W", danish(2024, 12, 2, 9)),
        (danish(2024, 2, 29, 9), "P1Y", danish(2025, 2, 28, 9)),
        (danish(2024, 12, 31, 23, 59), "PT1M", danish(2025, 1, 1)),
        # across both changes of summer time: P1D keeps the hour, PT24H is 24 hours of real time
        (danish(2024, 10, 26, 12), "P1D", danish(2024, 10, 27, 12)),
        (danish(2024, 10, 26, 12), "PT24H", danish(2024, 10, 27, 11)),
        (danish(2025, 3, 29, 12), "P1D", danish(2025, 3, 30, 12)),
        (danish(2025, 3, 29, 12), "PT24H", danish(2025, 3, 30, 13)),
        # an hour that does not exist becomes the next one
        (danish(2025, 3, 29, 2, 30), "P1D", danish(2025, 3, 30, 3, 30)),
    ],
)
def test_forward_follows_the_calendar_and_real_time(since: datetime, duration: float | str, until: datetime) -> None:
    assert forward(since, duration).astimezone(UTC) == until.astimezone(UTC)


@pytest.mark.parametrize(
    "duration", ["", "P", "PT", "P1DT", "1D", "-P1D", "PT-1H", "P1X", float("nan"), float("inf"), -0.1]
)
def test_an_invalid_duration_is_refused(duration: float | str) -> None:
    with pytest.raises(InvalidDuration):
        forward(NOW, duration)


def test_setting_the_clock_freezes_it_and_tells_what_fell_due(control: Control) -> None:
    status = control.move_clock(NOW + timedelta(days=3))
    assert (status.clock, status.clock_state) == (NOW + timedelta(days=3), ClockMode.FROZEN)
    assert status.fell_due == {"nightly_run": 3}
    status = control.move_clock(NOW + timedelta(days=3), forward="P1DT2H")
    assert (status.clock, status.fell_due) == (NOW + timedelta(days=4, hours=2), {"nightly_run": 1})
    assert control.status().fell_due == {}


def test_forward_keeps_the_state_and_reset_starts_over(control: Control) -> None:
    assert control.move_clock(state=ClockMode.OFFSET).clock_state is ClockMode.OFFSET
    status = control.move_clock(forward="P1D")
    assert status.clock_state is ClockMode.OFFSET
    assert timedelta(days=1) <= status.clock - NOW < timedelta(days=1, minutes=5)
    assert control.move_clock(state=ClockMode.FROZEN).clock >= status.clock
    control.reset()
    assert (control.status().clock, control.status().clock_state) == (NOW, ClockMode.FROZEN)
    assert control.move_clock(forward="P1D").fell_due == {"nightly_run": 1}


def test_the_clock_can_follow_the_machine(control: Control) -> None:
    before = datetime.now(UTC)  # noqa: TID251 - compared with the machine's clock
    status = control.move_clock(state=ClockMode.REAL)
    assert status.clock_state is ClockMode.REAL
    assert before <= status.clock <= datetime.now(UTC)  # noqa: TID251 - as above
    last_night = (status.clock - timedelta(hours=1)).date()
    assert status.fell_due["nightly_run"] == (last_night - NOW.date()).days


def test_an_open_sequence_expires_on_the_way(
    control: Control, transport: HttpTransport, new_citizen: Callable[..., Citizen]
) -> None:
    poller = WsrmPoller(identity(JOBCENTER), load(), transport)
    new_citizen()
    sequence = poller.create()
    assert control.move_clock(forward=3600).fell_due == {}
    assert control.move_clock(forward=1).fell_due == {"sequence_expiry": 1}
    with pytest.raises(WsrmRefused):
        poller.close(sequence.id)


def test_batch_now_answers_with_the_report(control: Control, new_citizen: Callable[..., Citizen], stage: Stage) -> None:
    for group in (7, 13):
        new_citizen(kontaktgrupper=(RegistrationDto(type=group),), fleksjob=(PeriodDto(since=NOW.date()),))
    assert control.latest_batch() is None
    report = control.batch()
    assert (report.day, report.kind, report.finished, report.nightly) == (NOW.date(), RunKind.DELTA, True, False)
    assert (report.total, report.seen, report.changed) == (1, 1, 1)
    assert report.seconds > 0
    assert [(item.job, item.seen, item.changed) for item in report.job if item.seen] == [("fleksjob", 1, 1)]
    assert [item.name for item in report.job] == [item.name for item in load().batchjob]
    assert control.latest_batch() == report
    full = control.batch(RunKind.FULL)
    assert (full.seen, full.changed, {item.seen for item in full.job}) == (2, 0, {2})
    assert httpx.post(f"{stage.control}/control/batch").json()["kind"] == "delta"


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ({"day": "2024-11-19"}, "day: scenen er på 2024-11-18; stil uret frem"),
        ({"day": "2024-11-17"}, "day: scenen er på 2024-11-18"),
        ({"day": "i dag"}, "$.day"),
        ({"kind": "half"}, "$.kind"),
        ({"art": "full"}, "art"),
    ],
)
def test_an_impossible_batch_is_refused(stage: Stage, body: dict[str, object], rule: str) -> None:
    response = httpx.post(f"{stage.control}/control/batch", json=body)
    assert response.status_code == 400
    assert rule in response.json()["fejl"][0]["fejltekst"]
    assert httpx.get(f"{stage.control}/control/batch").json() is None


@pytest.fixture
def running() -> Iterator[Stage]:
    with embedded(StageSettings(port=0, control_port=0)) as stage:
        yield stage


def test_with_a_running_clock_due_work_happens_by_itself(running: Stage) -> None:
    """The clock starts one second before the hour of the nightly jobs, which run without a request."""
    with HttpTransport(running.control) as line:
        control = Control(line)
        now = control.status().clock
        citizen = People(seed=12).new(40, now.date())
        night = (now + timedelta(days=1)).replace(hour=1, minute=0, second=0, microsecond=0)
        dto = on_stage(citizen)
        dto.kontaktgrupper, dto.fleksjob = (RegistrationDto(type=7),), (PeriodDto(since=night.date()),)
        control.set_up(dto)
        status = control.move_clock(night - timedelta(seconds=1), state=ClockMode.OFFSET)
        assert (
            status.fell_due.get("nightly_run", 0) <= 1
        )  # before 01:00 by the machine's clock, the run of today is still due
        end = stopwatch.seconds() + 30
        while (run := control.latest_batch()) is None or run.day != night.date() or not run.finished:
            assert stopwatch.seconds() < end, "the nightly jobs did not run"
        assert (run.nightly, run.changed, run.instant) == (True, 1, night)
