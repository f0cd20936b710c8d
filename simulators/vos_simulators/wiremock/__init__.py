"""Receivers as WireMock stub packs, shipped so that a party can load them into its own WireMock; README.md says how."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

PACKETS = (
    "accepts",
    "fails-three-times",
    "resets-once",
    "answers-nothing-once",
    "answers-garbage-once",
    "slow",
    "redirects-once",
)
"""The packs, by folder."""


def packet(name: str) -> bytes:
    """Return a pack as WireMock imports it; errors: FileNotFoundError for one that there is not."""
    return files("vos_simulators.wiremock").joinpath(name, "mappings", f"{name}.json").read_bytes()


def everyone() -> Mapping[str, bytes]:
    """Return every pack by name."""
    return {name: packet(name) for name in PACKETS}
