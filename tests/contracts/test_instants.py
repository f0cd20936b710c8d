from datetime import UTC, datetime, timedelta, timezone

import pytest
from lxml import etree

from vos_contracts.wire.instants import is_transportable, midnight, read_instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2024-11-18T09:00:00Z", datetime(2024, 11, 18, 9, tzinfo=UTC)),
        ("2019-04-30T15:06:58.9218786+02:00", datetime(2019, 4, 30, 13, 6, 58, 921878, tzinfo=UTC)),
        ("2024-11-18T09:00:00", datetime(2024, 11, 18, 8, tzinfo=UTC)),
        ("2024-07-18T24:00:00+02:00", datetime(2024, 7, 18, 22, tzinfo=UTC)),
        ("1901-01-01T00:00:00-14:00", datetime(1901, 1, 1, tzinfo=timezone(timedelta(hours=-14)))),
    ],
)
def test_instants_that_can_be_read(text: str, instant: datetime) -> None:
    assert read_instant(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "i dag",
        "2024-W47-1T09:00:00Z",
        "20241118T090000Z",
        "2024-11-18",
        "2024-11-18T09:00:00+01:00:30",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2024-13-01T00:00:00Z",
        "2024-11-18T24:00:01Z",
        "2024-11-18 09:00:00Z",
        "2024-11-18T09:00:00+0100",
        "2024-11-18T09:00:00+15:00",
        "2024-11-18T09:00:00+14:01",
        "2024-11-18T09:00:00z",
        "٢٠٢٤-11-18T09:00:00Z",
    ],
)
def test_instants_that_cannot_be_read(text: str) -> None:
    assert read_instant(text) is None


@pytest.mark.parametrize("character", ["\x00", "\x1f", "\x7f", "\x85", "\ud800", "\ufffe", "\uffff"])
def test_characters_that_some_channel_cannot_carry(character: str) -> None:
    assert not is_transportable(f"A{character}B")


@pytest.mark.parametrize("text", ["Åse Ærø", "<script>", "\U0001f600", "\ue000"])
def test_transportable_texts_can_be_written_in_xml(text: str) -> None:
    assert is_transportable(text)
    etree.Element("a").text = text


def test_the_day_begins_in_danish_time() -> None:
    """Half an hour before midnight in Greenwich it is tomorrow here."""
    assert midnight(datetime(2024, 11, 17, 23, 30, tzinfo=UTC)).isoformat() == "2024-11-18T00:00:00+01:00"
    assert midnight(datetime(2024, 7, 1, 21, 59, tzinfo=UTC)).isoformat() == "2024-07-01T00:00:00+02:00"
