"""Receivers as WireMock stub packs, shipped so that a party can load them into its own WireMock; README.md says how."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

PAKKER = (
    "accepts",
    "fails-three-times",
    "resets-once",
    "answers-nothing-once",
    "answers-garbage-once",
    "slow",
    "redirects-once",
)
"""The packs, by folder."""


def pakke(navn: str) -> bytes:
    """Return a pack as WireMock imports it; errors: FileNotFoundError for one that there is not."""
    return files("vos_simulators.wiremock").joinpath(navn, "mappings", f"{navn}.json").read_bytes()


def alle() -> Mapping[str, bytes]:
    """Return every pack by name."""
    return {navn: pakke(navn) for navn in PAKKER}
