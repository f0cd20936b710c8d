"""One fuzz run: which hunts, their shares of the budget, what they found, and playing a finding again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from generalproeve.base.exit_codes import CannotRun
from generalproeve.base.progress import progress
from generalproeve.fuzz import findings, parity, rest, soap, variants
from generalproeve.fuzz.findings import CallFinding, Finding
from generalproeve.fuzz.hunts import Budget
from generalproeve.fuzz.lines import FuzzLines
from vos_contracts.wire.base import RemoteWireError, UnreachableError
from vos_simulators.control import ControlRefused

SHRINK_SECONDS, SHRINK_ONE_SECONDS = 20.0, 5.0
"""What shrinking the findings of a run may take beside its budget: in all, and of one."""


@dataclass(frozen=True, slots=True)
class Hunt:
    """Why it cannot be played on a stage (empty if it can), and playing it within a budget."""

    why_not: Callable[[FuzzLines], str]
    play: Callable[[FuzzLines, Budget], Iterator[Finding]]


HUNTS = {
    "parity": Hunt(parity.why_not, parity.search),
    "rest": Hunt(lambda lines: "", rest.search),
    "soap": Hunt(lambda lines: "", soap.search),
    "variants": Hunt(variants.why_not, variants.search),
}
"""By the name that a report has."""


@dataclass
class FuzzRun:
    """How a run ended: calls by hunt, hunts left out with the reason, findings with the file of each."""

    calls: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    left_out: dict[str, str] = field(default_factory=dict)
    findings: list[tuple[Finding, Path]] = field(default_factory=list)
    failure: Exception | None = None
    """What ended it before its time."""


def play(
    lines: FuzzLines, names: Sequence[str], seconds: float | None, calls: int | None, folder: Path, *, quiet: bool
) -> FuzzRun:
    """Play the hunts, each with its share of seconds and calls; what the stage ended them with is in `failure`.

    Raises:
        OSError: a finding cannot be written.
    """
    run, clock = FuzzRun(), Budget()
    reasons = {name: HUNTS[name].why_not(lines) for name in names}
    run.left_out = {name: reason for name, reason in reasons.items() if reason}
    possible = [name for name in names if not reasons[name]]
    for number, name in enumerate(possible):
        remaining = len(possible) - number
        budget = Budget(
            None if seconds is None else (seconds - clock.elapsed) / remaining,
            None if calls is None else max((calls - sum(run.calls.values())) // remaining, 1),
        )
        with progress(f"kald ({name})", budget.calls, quiet=quiet) as budget.show:
            try:
                for finding in HUNTS[name].play(lines, budget):
                    hidden = findings.hidden(finding, _own_citizens(lines))
                    run.findings.append((hidden, findings.save(hidden, folder)))
            except (CannotRun, UnreachableError, RemoteWireError, ControlRefused) as failure:
                run.failure = failure  # what was found by then is told first
        run.calls[name] = budget.used
        if run.failure is not None:
            break
    run.seconds = clock.elapsed
    if run.failure is None:
        shrinking = Budget(SHRINK_SECONDS)
        run.findings = [(_shrunk(lines, finding, file, shrinking), file) for finding, file in run.findings]
    return run


def _own_citizens(lines: FuzzLines) -> list[str]:
    return [citizen.cpr for citizen in lines.stage.pool]


def _shrunk(lines: FuzzLines, finding: Finding, file: Path, budget: Budget) -> Finding:
    """Shrink a variant and write it again: only after the hunts, because it empties the stage."""
    if isinstance(finding, CallFinding) and finding.rule == variants.RULE and not budget.exhausted:
        with suppress(UnreachableError, ControlRefused):  # it stays as it was found
            finding = variants.shrink(lines, finding, Budget(min(budget.seconds_left, SHRINK_ONE_SECONDS)))
            findings.save(finding, file.parent)
    return finding


def replay(lines: FuzzLines, finding: Finding, name: str) -> Finding | None:
    """Play a finding again by the hunt that found it; None if it no longer breaks.

    Raises:
        CannotRun: the hunt cannot be played on the stage.
        UnreachableError: nobody is there.
    """
    is_variant = isinstance(finding, CallFinding) and finding.rule == variants.RULE
    if isinstance(finding, CallFinding) and not is_variant:
        return (
            soap.replay(lines, finding) if finding.rule in {soap.ENVELOPE, soap.SCHEMA} else rest.replay(lines, finding)
        )
    reason = HUNTS["variants" if is_variant else "parity"].why_not(lines)
    if reason:
        raise CannotRun(f"--replay {name}: {reason}")
    return variants.replay(lines, finding) if isinstance(finding, CallFinding) else parity.replay(lines, finding)


def replay_file(lines: FuzzLines, file: Path) -> Finding | None:
    """Play a finding again, and remove its file when it no longer breaks.

    Raises:
        CannotRun: it is of another release, or as `replay`.
        UnreachableError: nobody is there.
    """
    finding = findings.restored(findings.read(file), _own_citizens(lines))
    if finding.release != lines.release:
        raise CannotRun(
            f"--replay {file}: was found in release {finding.release}, and the target is in {lines.release}"
        )
    again = replay(lines, finding, str(file))
    if again is None:
        file.unlink()
        return None
    return findings.hidden(again, _own_citizens(lines))
