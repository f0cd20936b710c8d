"""A finding as a file: what was played, on what, and what broke; it can be played again, and goes when it no longer breaks.

Not here: how it is judged.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from generalproeve.fuzz.ens import Forskel
from generalproeve.fuzz.historie import Historie
from generalproeve.udgang import KanIkkeKoere


class Paritetsfund(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="art", tag="paritet"
):
    """A history that parts the twins."""

    seed: int
    udgave: str
    bagende: str
    historie: Historie
    forskel: Forskel

    @property
    def kort(self) -> str:
        """Say what differs, in a line."""
        return f"PRS og PVS skilles efter {len(self.forskel.skridt)} trin: {', '.join(self.forskel.hvad)}"


Fund = Paritetsfund


def gem(fund: Fund, mappe: Path) -> Path:
    """Write it; the same finding has the same name. Errors: OSError."""
    navn = hashlib.sha256(msgspec.json.encode(fund.historie)).hexdigest()[:12]
    mappe.mkdir(parents=True, exist_ok=True)
    fil = mappe / f"paritet-{navn}.json"
    fil.write_bytes(msgspec.json.format(msgspec.json.encode(fund), indent=1) + b"\n")
    return fil


def laes(fil: Path) -> Fund:
    """Read one; errors: KanIkkeKoere."""
    try:
        return msgspec.json.decode(fil.read_bytes(), type=Fund)
    except FileNotFoundError as fejl:
        raise KanIkkeKoere(f"--replay {fil}: no such file") from fejl
    except (msgspec.DecodeError, UnicodeDecodeError) as fejl:
        raise KanIkkeKoere(f"--replay {fil}: is not a finding: {fejl}") from fejl
