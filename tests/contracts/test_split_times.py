from __future__ import annotations

import pytest

from vos_contracts.wire import split_times


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        ("parse;dur=0.5, rest;dur=1.25", {"parse": 0.5, "rest": 1.25}),
        ('cache;desc="x";dur="2"', {"cache": 2.0}),
        ("miss, db;dur=abc", {}),
        ("", {}),
    ],
    ids=["ours", "andres", "uden tal", "empty"],
)
def test_the_server_timing_header_is_read_as_specified(header: str, parts: dict[str, float]) -> None:
    assert split_times.read(header) == parts
