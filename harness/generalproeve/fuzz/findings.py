"""A finding as a file: what was played, on which release, and what broke.

It can be replayed, and is deleted when it no longer breaks.

Not here: how it is judged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import msgspec

from generalproeve.base.exit_codes import CannotRun
from generalproeve.fuzz.diff import DANISH, Difference
from generalproeve.fuzz.history import History
from generalproeve.fuzz.lines import FuzzLines
from vos_contracts.wire.base import Call

_CITIZEN = "(borger {} i puljen)"


class ParityFinding(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="parity"
):
    """A history whose outcome differs between the twins."""

    seed: int
    release: str
    backend: str
    history: History
    difference: Difference

    @property
    def short(self) -> str:
        """Return what differs, in one line."""
        what = ", ".join(DANISH.get(name, name) for name in self.difference.what)
        return f"PRS og PVS skilles efter {len(self.difference.steps)} trin: {what}"


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One call as it was sent; header names are in lower case, and a body that is not UTF-8 is base64."""

    method: str
    path: str
    headers: dict[str, str] = {}
    body: str = ""
    base64: bytes = b""

    @classmethod
    def of(cls, call: Call) -> Self:
        """Convert a call."""
        try:
            return cls(method=call.method, path=call.path, headers=dict(call.headers), body=call.body.decode())
        except UnicodeDecodeError:
            return cls(method=call.method, path=call.path, headers=dict(call.headers), base64=call.body)

    def call(self) -> Call:
        """Return the call."""
        return Call(self.method, self.path, self.headers, self.base64 or self.body.encode())


class CallFinding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="rest"):
    """A call whose answer breaks a rule; `rule` names the check."""

    seed: int
    release: str
    backend: str
    operation: str
    rule: str
    breach: str
    call: Sent
    status: int

    @property
    def short(self) -> str:
        """Return what was wrong, in one line."""
        return f"{self.operation}: {self.rule}: {self.breach.splitlines()[0]}"


Finding = ParityFinding | CallFinding


def call_finding(lines: FuzzLines, operation: str, rule: str, breach: str, call: Call, status: int) -> CallFinding:
    """Make the finding of a call whose answer broke the rule; `status` is 0 if there was no answer."""
    return CallFinding(
        seed=lines.seed,
        release=lines.release,
        backend=lines.backend,
        operation=operation,
        rule=rule,
        breach=breach,
        call=Sent.of(call),
        status=status,
    )


def hidden(finding: Finding, pool: Sequence[str]) -> Finding:
    """Replace the CPR numbers of the target's own citizens by their positions in the pool, so that no file has them."""
    return _swapped(finding, {cpr: _CITIZEN.format(number) for number, cpr in enumerate(pool)})


def restored(finding: Finding, pool: Sequence[str]) -> Finding:
    """Replace the positions in the pool by the CPR numbers again."""
    return _swapped(finding, {_CITIZEN.format(number): cpr for number, cpr in enumerate(pool)})


def _swapped(finding: Finding, replacements: Mapping[str, str]) -> Finding:
    text = msgspec.json.encode(finding).decode()
    for old, new in replacements.items():
        text = text.replace(old, new)
    swapped: Finding = msgspec.json.decode(text, type=ParityFinding | CallFinding)
    return swapped


def save(finding: Finding, folder: Path) -> Path:
    """Write a finding to the folder and return the file; the same finding gets the same name.

    Raises:
        OSError: the file cannot be written.
    """
    what = finding.history if isinstance(finding, ParityFinding) else (finding.operation, finding.rule)
    name = hashlib.sha256(msgspec.json.encode(what)).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{finding.__struct_config__.tag}-{name}.json"
    file.write_bytes(msgspec.json.format(msgspec.json.encode(finding), indent=1) + b"\n")
    return file


def read(file: Path) -> Finding:
    """Read a finding.

    Raises:
        CannotRun: the file does not exist, or is not a finding.
    """
    try:
        finding: Finding = msgspec.json.decode(file.read_bytes(), type=ParityFinding | CallFinding)
    except FileNotFoundError as exc:
        raise CannotRun(f"--replay {file}: no such file") from exc
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise CannotRun(f"--replay {file}: is not a finding: {exc}") from exc
    return finding
