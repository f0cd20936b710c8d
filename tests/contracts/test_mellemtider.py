from __future__ import annotations

import pytest

from vos_contracts.wire import mellemtider


@pytest.mark.parametrize(
    ("header", "dele"),
    [
        ("parse;dur=0.5, rest;dur=1.25", {"parse": 0.5, "rest": 1.25}),
        ('cache;desc="x";dur="2"', {"cache": 2.0}),
        ("miss, db;dur=abc", {}),
        ("", {}),
    ],
    ids=["vores", "andres", "uden tal", "tom"],
)
def test_headeren_laeses_som_den_er_aftalt(header: str, dele: dict[str, float]) -> None:
    assert mellemtider.laes(header) == dele
