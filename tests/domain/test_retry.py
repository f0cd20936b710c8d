"""The retry policy of webhook messages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from vos_contracts.tables.webhooks import WsbMode
from vos_reference.domain.retry import (
    Answered,
    AttemptResponse,
    Delivered,
    GivenUp,
    NoAnswer,
    Postponed,
    decide,
    delay_after,
)


def test_the_delay_grows_to_three_hours() -> None:
    seconds = [delay_after(attempt).total_seconds() for attempt in range(1, 16)]
    assert seconds == [1, 3, 7, 15, 31, 63, 127, 255, 511, 1023, 2047, 4095, 8191, 10800, 10800]
    assert delay_after(1_000_000) == timedelta(hours=3)


@pytest.mark.parametrize(
    ("response", "designed", "observed"),
    [
        (Answered(200), Delivered(), Delivered()),
        (Answered(204), Delivered(), Delivered()),
        (Answered(500), Postponed(timedelta(seconds=3), "status 500"), Postponed(timedelta(seconds=3), "status 500")),
        (Answered(503), Postponed(timedelta(seconds=3), "status 503"), Postponed(timedelta(seconds=3), "status 503")),
        (Answered(404), GivenUp("status 404"), Postponed(timedelta(seconds=3), "status 404")),
        (Answered(403), GivenUp("status 403"), Postponed(timedelta(seconds=3), "status 403")),
        (Answered(307), GivenUp("status 307"), Postponed(timedelta(seconds=3), "status 307")),
        (Answered(199), GivenUp("status 199"), Postponed(timedelta(seconds=3), "status 199")),
        (NoAnswer("reset"), GivenUp("reset"), Postponed(timedelta(seconds=3), "reset")),
    ],
)
def test_the_verdict_on_an_attempt(response: AttemptResponse, designed: object, observed: object) -> None:
    assert decide(response, 2, WsbMode.DESIGNED) == designed
    assert decide(response, 2, WsbMode.OBSERVED) == observed


@pytest.mark.parametrize(
    ("wanted", "wait_time"),
    [(timedelta(seconds=1), 3), (timedelta(minutes=2), 120), (timedelta(days=9), 10_800)],
)
def test_retry_after_only_lengthens_the_delay_to_at_most_three_hours(wanted: timedelta, wait_time: int) -> None:
    verdict = decide(Answered(503, wanted), 2, WsbMode.DESIGNED)
    assert verdict == Postponed(timedelta(seconds=wait_time), "status 503")
    assert decide(Answered(404, wanted), 2, WsbMode.DESIGNED) == GivenUp("status 404")
