"""WireMock stub packs of webhooks, for a party's own WireMock; see README.md."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

PACKS = (
    "accepts",
    "fails-three-times",
    "resets-once",
    "answers-nothing-once",
    "answers-garbage-once",
    "slow",
    "redirects-once",
)
"""The names of the packs, which are also their folders."""


def packet(name: str) -> bytes:
    """Return a pack as JSON for WireMock's import.

    Raises:
        FileNotFoundError: there is no pack of that name.
    """
    return files("vos_simulators.wiremock").joinpath(name, "mappings", f"{name}.json").read_bytes()


def everyone() -> Mapping[str, bytes]:
    """Return every pack by name."""
    return {name: packet(name) for name in PACKS}
