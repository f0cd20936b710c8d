from __future__ import annotations

import numpy as np
import pytest

from vos_load.arrivals import draw_arrivals, expected_calls, peak_rate, rate_at
from vos_load.load_profile import (
    LoadChannel,
    LoadOperation,
    LoadProfileError,
    load_profile,
    parse_profile,
    profile_names,
)

HEAD = 'title = "t"\nabout = "a"\nduration = "PT1M"\n'
TRAFFIC = HEAD + "[users]\ncount = 2\n[mix.rest]\nread_status = 1\n"
RATE = (
    "[rate]\ncalls_per_month = 8e6\nworking_days = 20\nhours = ["
    + ", ".join(["0.5" if hour in {9, 10} else "0" for hour in range(24)])
    + "]\n"
)


@pytest.mark.parametrize("name", profile_names())
def test_the_profiles_of_the_package_can_be_read(name: str) -> None:
    profile = load_profile(name)
    assert profile.title
    assert "epic 1005.17.28" in profile.source.lower()
    assert profile.threshold, "a profile without a threshold judges nothing"


def test_all_five_profiles_are_there() -> None:
    assert set(profile_names()) == {"weekday", "peak", "night", "soap_transition", "endurance"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title = 1", "mine.toml: title: Expected `str`, got `int`"),
        ("titel", "mine.toml: "),
        (HEAD + "colour = 1", "mine.toml: Object contains unknown field `colour`"),
        (HEAD, "mine.toml: rate: give one of pairs"),
        (TRAFFIC.replace("PT1M", "et minut"), "mine.toml: duration: must be an ISO 8601 duration such as PT5M"),
        (TRAFFIC.replace("PT1M", "PT0S"), "mine.toml: duration: must be"),
        (TRAFFIC.replace("PT1M", "P1M"), "mine.toml: duration: must be"),
        (TRAFFIC.replace("count = 2", "count = 0"), "mine.toml: users.count: Expected `int` >= 1"),
        (TRAFFIC.replace("read_status = 1", ""), "mine.toml: mix: says nothing of what is called"),
        (TRAFFIC.replace("read_status", "empty_queue"), "mine.toml: mix.rest.empty_queue: the channel cannot do it"),
        (TRAFFIC.replace("read_status", "svaev"), "mine.toml: mix: Invalid enum value 'svaev'"),
        (TRAFFIC + '[pairs]\noperations = ["read_history"]\n', "mine.toml: rate: give one of pairs"),
        (HEAD + '[pairs]\noperations = ["read_status"]\n', "mine.toml: pairs.operations: read_status: only one of"),
        (
            HEAD + RATE.replace("0.5", "0.4") + "[mix.rest]\nread_status = 1\n",
            "mine.toml: rate.hours: are shares of a day",
        ),
        (
            HEAD + RATE + "from_hour = 9\nto_hour = 9\n[mix.rest]\nread_status = 1\n",
            "mine.toml: rate.from_hour: must be",
        ),
        (TRAFFIC + RATE, "mine.toml: rate: give one of pairs"),
        (
            TRAFFIC + '[[threshold]]\nwhat = "ratio"\nmax = 1\n',
            "mine.toml: threshold[0].what: only a comparison has ratios",
        ),
        (
            TRAFFIC + '[[threshold]]\nwhat = "latency_ms"\nmax = 1\npercentile = 75\n',
            "mine.toml: threshold[0].percentile: must be",
        ),
        (
            TRAFFIC + '[[threshold]]\nwhat = "errors"\nmax = 1\nchannel = "rest"\n',
            "mine.toml: threshold[0].operation: errors is of",
        ),
        (TRAFFIC + '[[threshold]]\nwhat = "errors"\nmax = nan\n', "mine.toml: threshold[0].max: "),
        (TRAFFIC.replace("= 1\n", "= inf\n"), "mine.toml: mix: Expected `float` <= "),
        (
            HEAD + '[pairs]\noperations = ["end_kontaktgruppe"]\n',
            "mine.toml: pairs.operations: end_kontaktgruppe: needs",
        ),
        (
            HEAD + '[pairs]\noperations = ["read_history"]\nrounds = 5\n',
            "mine.toml: pairs.rounds: Expected `int` >= 8",
        ),
        (
            TRAFFIC + '[[threshold]]\nwhat = "fart"\nmax = 1\n',
            "mine.toml: threshold[0].what: Invalid enum value 'fart'",
        ),
    ],
    ids=lambda value: value[-40:] if value.startswith("mine") else "",
)
def test_an_error_in_a_profile_names_file_key_and_rule(text: str, says: str) -> None:
    with pytest.raises(LoadProfileError, match=r"mine\.toml") as error:
        parse_profile(text, "mine.toml")
    assert str(error.value).startswith(says)


def test_a_profile_can_be_like_another_and_say_what_differs() -> None:
    weekday, peak = load_profile("weekday"), load_profile("peak")
    assert peak.mix == weekday.mix
    assert peak.rate is not None
    assert weekday.rate is not None
    assert peak.rate.hours == weekday.rate.hours
    assert (peak.rate.from_hour, peak.duration) == (9, "PT3M")
    own = parse_profile('like = "peak"\ntitle = "min"\n[mix.soap]\nempty_queue = 1\n', "x")
    assert own.rate == peak.rate
    assert own.mix == {**peak.mix, LoadChannel.SOAP: {LoadOperation.EMPTY_QUEUE: 1}}
    with pytest.raises(LoadProfileError, match=r"x: like: must be one of endurance, night, .*, not 'weekend'"):
        parse_profile('like = "weekend"', "x")


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(LoadProfileError, match="known are endurance, night, peak, soap_transition, weekday"):
        load_profile("weekend")


def test_the_rate_is_the_epics_calls_divided_over_days_and_hours() -> None:
    rate = parse_profile(HEAD + RATE + "[mix.rest]\nread_status = 1\n", "x").rate
    assert rate is not None
    assert rate_at(rate, 24.0, 9.5) == pytest.approx(8e6 / 20 * 0.5 / 3600)
    assert rate_at(rate, 24.0, 12.5) == 0
    rate.from_hour, rate.to_hour, rate.times = 9, 10, (1.0, 50.0)
    assert rate_at(rate, 60.0, 45.0) == pytest.approx(50 * rate_at(rate, 60.0, 15.0))
    assert peak_rate(rate, 60.0) == rate_at(rate, 60.0, 45.0)


def test_arrivals_come_in_order_and_as_many_as_the_rate_says() -> None:
    rate = load_profile("peak").rate
    assert rate is not None
    times = list(draw_arrivals(rate, 180.0, np.random.default_rng(7)))
    assert times == sorted(times)
    assert times[0] >= 0
    assert times[-1] < 180
    expected = expected_calls(rate, 180.0)
    assert abs(len(times) - expected) < 5 * expected**0.5, "a Poisson count lies within five deviations"
    half = len(list(draw_arrivals(rate, 180.0, np.random.default_rng(7), 0.5)))
    assert abs(half - expected / 2) < 5 * (expected / 2) ** 0.5
    assert times == list(draw_arrivals(rate, 180.0, np.random.default_rng(7))), "the same seed, the same calls"


def test_the_working_day_has_the_epics_number_of_calls() -> None:
    profile = load_profile("weekday")
    assert profile.rate is not None
    assert 7e6 <= profile.rate.calls_per_month <= 9e6
    assert profile.mix[LoadChannel.SOAP][LoadOperation.EMPTY_QUEUE] > 0
