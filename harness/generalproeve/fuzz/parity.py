"""The hunt for a history that parts twin citizens: what it needs of a stage, and playing a finding again."""

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
    """Say why it cannot be played on the stage; empty if it can."""
    if lines.control is None:
        return f"{lines.without_control}, og tvillinger skal sættes på den"
    if lines.contract.releases[lines.release].prs_soap is PrsSoap.WITHDRAWN:
        return f"i {lines.release} findes PersonRegistrationService ikke mere"
    return ""


def search(lines: FuzzLines, budget: Budget) -> Iterator[ParityFinding]:
    """Hunt until the budget is spent or a history parts the twins, then give the shortest that does."""
    with _stage(lines) as stage:

        def judge(item: history.History) -> Difference | None:
            before = stage.calls
            try:
                return stage.scenario(item)
            finally:
                budget.spend(stage.calls - before)

        found = hunts.hunt(histories(lines.contract), judge, history.encode, lines.seed, budget)
        if found is not None:
            yield _finding(lines, *_without_superfluous(stage, *found))


def _without_superfluous(
    stage: TwinStage, played: history.History, difference: Difference
) -> tuple[history.History, Difference]:
    """Leave out every step without which the twins part as well: general shrinking does not try them all."""
    number = 0
    while number < len(played.steps):
        shorter = msgspec.structs.replace(played, steps=(*played.steps[:number], *played.steps[number + 1 :]))
        still_differs = stage.scenario(shorter)
        if still_differs is None:
            number += 1
        else:
            played, difference = shorter, still_differs
    return played, stage.scenario(played) or difference


def replay(lines: FuzzLines, finding: ParityFinding) -> ParityFinding | None:
    """Play it again; None if the twins go together now."""
    with _stage(lines) as stage:
        difference = stage.scenario(finding.history)
    return None if difference is None else _finding(lines, finding.history, difference)


@contextmanager
def _stage(lines: FuzzLines) -> Iterator[TwinStage]:
    """Open it, with a receiver of webservice messages where the stage can reach one here; it is left empty."""
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
