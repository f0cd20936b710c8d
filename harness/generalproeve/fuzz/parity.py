"""The parity hunt: search for a history whose outcome differs between SOAP and REST, and replay one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import msgspec

from generalproeve.fuzz import history, hunts
from generalproeve.fuzz.diff import Difference
from generalproeve.fuzz.findings import ParityFinding
from generalproeve.fuzz.history import histories
from generalproeve.fuzz.hunts import Budget
from generalproeve.fuzz.lines import FuzzLines
from generalproeve.fuzz.twins import TwinStage
from vos_contracts.tables.releases import PrsSoap
from vos_simulators.control import Control
from vos_simulators.inboxes.webhook import WebhookReceiver

_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


def why_not(lines: FuzzLines) -> str:
    """Return the Danish reason why the hunt cannot be played on the stage; empty if it can."""
    if lines.control is None:
        return f"{lines.without_control}, og tvillinger skal sættes på den"
    if lines.contract.releases[lines.release].prs_soap is PrsSoap.WITHDRAWN:
        return f"i {lines.release} findes PersonRegistrationService ikke mere"
    return ""


def search(lines: FuzzLines, budget: Budget) -> Iterator[ParityFinding]:
    """Search until the budget is spent or a history tells the twins apart; yield the shortest such history."""
    with _stage(lines) as stage:

        def judge(played: history.History) -> Difference | None:
            before = stage.calls
            try:
                return stage.play_history(played)
            finally:
                budget.spend(stage.calls - before)

        found = hunts.hunt(histories(lines.contract), judge, history.encode, lines.seed, budget)
        if found is not None:
            yield _finding(lines, *_without_superfluous(stage, *found))


def _without_superfluous(
    stage: TwinStage, played: history.History, difference: Difference
) -> tuple[history.History, Difference]:
    """Leave out each step that is not needed for the difference; Hypothesis does not try all of them."""
    number = 0
    while number < len(played.steps):
        shorter = msgspec.structs.replace(played, steps=(*played.steps[:number], *played.steps[number + 1 :]))
        still_differs = stage.play_history(shorter)
        if still_differs is None:
            number += 1
        else:
            played, difference = shorter, still_differs
    return played, stage.play_history(played) or difference


def replay(lines: FuzzLines, finding: ParityFinding) -> ParityFinding | None:
    """Replay a finding; None if the twins no longer differ."""
    with _stage(lines) as stage:
        difference = stage.play_history(finding.history)
    return None if difference is None else _finding(lines, finding.history, difference)


@contextmanager
def _stage(lines: FuzzLines) -> Iterator[TwinStage]:
    """Open the stage, with a webhook receiver if the stage is on this machine; it is emptied afterwards."""
    assert lines.control is not None, "see why_not"
    with ExitStack() as stack:
        here = urlsplit(lines.stage.services).hostname in _HERE
        recipient = stack.enter_context(WebhookReceiver(lines.contract)) if here else None
        yield TwinStage(lines.services, lines.control, lines.contract, recipient=recipient)
        Control(lines.control).reset()


def _finding(lines: FuzzLines, played: history.History, difference: Difference) -> ParityFinding:
    return ParityFinding(
        seed=lines.seed, release=lines.release, backend=lines.backend, history=played, difference=difference
    )
