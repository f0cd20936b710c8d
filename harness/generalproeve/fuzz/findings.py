"""A finding as a file: what was played, on what, and what broke; it can be played again, and goes when it no longer breaks.

Not here: how it is judged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import msgspec

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.fuzz.diff import Forskel
from generalproeve.fuzz.history import Historie
from generalproeve.fuzz.lines import Linjer
from vos_contracts.wire.base import Kald

_BORGER = "(borger {} i puljen)"


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


class Sendt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One call as it was sent: header names in lower case, the body in base64 where it is not UTF-8."""

    metode: str
    sti: str
    headers: dict[str, str] = {}
    krop: str = ""
    base64: bytes = b""

    @classmethod
    def af(cls, kald: Kald) -> Self:
        """Make it of a call."""
        try:
            return cls(metode=kald.metode, sti=kald.sti, headers=dict(kald.headers), krop=kald.krop.decode())
        except UnicodeDecodeError:
            return cls(metode=kald.metode, sti=kald.sti, headers=dict(kald.headers), base64=kald.krop)

    def kald(self) -> Kald:
        """Return the call."""
        return Kald(self.metode, self.sti, self.headers, self.base64 or self.krop.encode())


class Kaldsfund(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="art", tag="rest"):
    """A call that was answered as it must not be; `regel` names the check that says so."""

    seed: int
    udgave: str
    bagende: str
    operation: str
    regel: str
    brud: str
    kald: Sendt
    status: int

    @property
    def kort(self) -> str:
        """Say what was wrong, in a line."""
        return f"{self.operation}: {self.regel}: {self.brud.splitlines()[0]}"


Fund = Paritetsfund | Kaldsfund


def call_finding(lines: Linjer, operation: str, rule: str, breach: str, call: Kald, status: int) -> Kaldsfund:
    """Make the finding of a call that was answered with this status (0: not at all) and broke the rule."""
    return Kaldsfund(
        seed=lines.seed,
        udgave=lines.udgave,
        bagende=lines.bagende,
        operation=operation,
        regel=rule,
        brud=breach,
        kald=Sendt.af(call),
        status=status,
    )


def skjult(fund: Fund, pulje: Sequence[str]) -> Fund:
    """Put a place in the pool for each citizen of the target's own: who they are is no business of a file's."""
    return _byttet(fund, {cpr: _BORGER.format(nummer) for nummer, cpr in enumerate(pulje)})


def kendt(fund: Fund, pulje: Sequence[str]) -> Fund:
    """Put the citizens of a pool back in their places."""
    return _byttet(fund, {_BORGER.format(nummer): cpr for nummer, cpr in enumerate(pulje)})


def _byttet(fund: Fund, ord_: Mapping[str, str]) -> Fund:
    tekst = msgspec.json.encode(fund).decode()
    for gammelt, nyt in ord_.items():
        tekst = tekst.replace(gammelt, nyt)
    byttet: Fund = msgspec.json.decode(tekst, type=Paritetsfund | Kaldsfund)
    return byttet


def gem(fund: Fund, mappe: Path) -> Path:
    """Write it; the same finding has the same name. Errors: OSError."""
    hvad = fund.historie if isinstance(fund, Paritetsfund) else (fund.operation, fund.regel)
    navn = hashlib.sha256(msgspec.json.encode(hvad)).hexdigest()[:12]
    mappe.mkdir(parents=True, exist_ok=True)
    fil = mappe / f"{fund.__struct_config__.tag}-{navn}.json"
    fil.write_bytes(msgspec.json.format(msgspec.json.encode(fund), indent=1) + b"\n")
    return fil


def laes(fil: Path) -> Fund:
    """Read one; errors: KanIkkeKoere."""
    try:
        fund: Fund = msgspec.json.decode(fil.read_bytes(), type=Paritetsfund | Kaldsfund)
    except FileNotFoundError as fejl:
        raise KanIkkeKoere(f"--replay {fil}: no such file") from fejl
    except (msgspec.DecodeError, UnicodeDecodeError) as fejl:
        raise KanIkkeKoere(f"--replay {fil}: is not a finding: {fejl}") from fejl
    return fund
