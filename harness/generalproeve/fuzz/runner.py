"""A fuzz run: plays the hunts, each with its share of the budget, and saves their findings; also replays findings."""

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
"""The most seconds that shrinking takes after the hunts: for all findings of a run, and for one finding."""


@dataclass(frozen=True, slots=True)
class Hunt:
    """A hunt: `why_not` returns a Danish reason why it cannot run on a stage (else an empty text), `play` runs it."""

    why_not: Callable[[FuzzLines], str]
    play: Callable[[FuzzLines, Budget], Iterator[Finding]]


HUNTS = {
    "parity": Hunt(parity.why_not, parity.search),
    "rest": Hunt(lambda lines: "", rest.search),
    "soap": Hunt(lambda lines: "", soap.search),
    "variants": Hunt(variants.why_not, variants.search),
}
"""The hunts by their names in a report."""


@dataclass
class FuzzRun:
    """The result of a run: calls by hunt, hunts left out with the reason, and findings with the file of each."""

    calls: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    left_out: dict[str, str] = field(default_factory=dict)
    findings: list[tuple[Finding, Path]] = field(default_factory=list)
    failure: Exception | None = None
    """The error that ended the run early."""


def play(
    lines: FuzzLines, names: Sequence[str], seconds: float | None, calls: int | None, folder: Path, *, quiet: bool
) -> FuzzRun:
    """Play the named hunts, each with its share of the seconds and calls, and save their findings in the folder.

    An error of the stage ends the run; it is returned in `failure`, together with the findings so far.

    Raises:
        OSError: when a finding cannot be written.
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
                run.failure = failure  # the findings so far are still reported
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
    """Shrink a finding of the variants hunt and save it again; this empties the stage, so it comes after all hunts."""
    if isinstance(finding, CallFinding) and finding.rule == variants.RULE and not budget.exhausted:
        with suppress(UnreachableError, ControlRefused):  # then the finding stays unshrunk
            finding = variants.shrink(lines, finding, Budget(min(budget.seconds_left, SHRINK_ONE_SECONDS)))
            findings.save(finding, file.parent)
    return finding


def replay(lines: FuzzLines, finding: Finding, name: str) -> Finding | None:
    """Play a finding again by the hunt that found it; return None if it no longer fails. `name` is for error messages.

    Raises:
        CannotRun: when the hunt cannot run on this stage.
        UnreachableError: when the stage cannot be reached.
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
    """Play a saved finding again, and remove its file if it no longer fails.

    Raises:
        CannotRun: when the file holds no finding, or the finding is of another release, or its hunt cannot run here.
        UnreachableError: when the stage cannot be reached.
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
