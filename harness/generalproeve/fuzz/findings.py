"""Findings, and the files they are saved in: the calls, the release and back end they were made on, and the breach.

How an answer is judged is in the modules `*_judges` and in `diff`; replaying a file is in `runner`.
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
    """A history that had different outcomes by SOAP and by REST."""

    seed: int
    release: str
    backend: str
    history: History
    difference: Difference

    @property
    def short(self) -> str:
        """One Danish line that names what differs."""
        what = ", ".join(DANISH.get(name, name) for name in self.difference.what)
        return f"PRS og PVS skilles efter {len(self.difference.steps)} trin: {what}"


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One call as it was sent: header names in lower case, the body in base64 where it is not UTF-8."""

    method: str
    path: str
    headers: dict[str, str] = {}
    body: str = ""
    base64: bytes = b""

    @classmethod
    def of(cls, call: Call) -> Self:
        """Return the stored form of a call."""
        try:
            return cls(method=call.method, path=call.path, headers=dict(call.headers), body=call.body.decode())
        except UnicodeDecodeError:
            return cls(method=call.method, path=call.path, headers=dict(call.headers), base64=call.body)

    def call(self) -> Call:
        """Return the call in the form in which it can be sent."""
        return Call(self.method, self.path, self.headers, self.base64 or self.body.encode())


class CallFinding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="rest"):
    """A call whose answer broke a rule; `rule` names the check that failed, and `status` is 0 if no answer came."""

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
        """One line with the operation, the rule, and the first line of the breach."""
        return f"{self.operation}: {self.rule}: {self.breach.splitlines()[0]}"


Finding = ParityFinding | CallFinding


def call_finding(lines: FuzzLines, operation: str, rule: str, breach: str, call: Call, status: int) -> CallFinding:
    """Return the finding of a call whose answer broke a rule; `status` is 0 if no answer came."""
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
    """Replace each CPR number of the pool by its place in the pool.

    The pool of a profile may hold real citizens, whose numbers must not be written to a file.
    """
    return _swapped(finding, {cpr: _CITIZEN.format(number) for number, cpr in enumerate(pool)})


def restored(finding: Finding, pool: Sequence[str]) -> Finding:
    """Replace each place in the pool by the CPR number there: the inverse of `hidden`."""
    return _swapped(finding, {_CITIZEN.format(number): cpr for number, cpr in enumerate(pool)})


def _swapped(finding: Finding, replacements: Mapping[str, str]) -> Finding:
    text = msgspec.json.encode(finding).decode()
    for old, new in replacements.items():
        text = text.replace(old, new)
    swapped: Finding = msgspec.json.decode(text, type=ParityFinding | CallFinding)
    return swapped


def save(finding: Finding, folder: Path) -> Path:
    """Write a finding to a file in the folder, and return the file.

    The name depends on the history, or on the operation and rule: saving the same finding again replaces its file.

    Raises:
        OSError: when the file or the folder cannot be written.
    """
    identity = finding.history if isinstance(finding, ParityFinding) else (finding.operation, finding.rule)
    name = hashlib.sha256(msgspec.json.encode(identity)).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{finding.__struct_config__.tag}-{name}.json"
    file.write_bytes(msgspec.json.format(msgspec.json.encode(finding), indent=1) + b"\n")
    return file


def read(file: Path) -> Finding:
    """Read a finding from its file.

    Raises:
        CannotRun: when the file does not exist or holds no finding.
    """
    try:
        finding: Finding = msgspec.json.decode(file.read_bytes(), type=ParityFinding | CallFinding)
    except FileNotFoundError as exc:
        raise CannotRun(f"--replay {file}: no such file") from exc
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise CannotRun(f"--replay {file}: is not a finding: {exc}") from exc
    return finding
