"""The parity hunt: look for a history that has different outcomes by SOAP and by REST."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import msgspec

from generalproeve.fuzz import hunts
from generalproeve.fuzz.diff import Difference
from generalproeve.fuzz.findings import ParityFinding
from generalproeve.fuzz.history import History, encode, histories
from generalproeve.fuzz.hunts import Budget
from generalproeve.fuzz.lines import FuzzLines
from generalproeve.fuzz.twins import TwinStage
from vos_contracts.tables.releases import PrsSoap
from vos_simulators.control import Control
from vos_simulators.inboxes.webhook import WebhookReceiver

_LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


def why_not(lines: FuzzLines) -> str:
    """Return the reason in Danish why the hunt cannot run on this stage; empty if it can."""
    if lines.control is None:
        return f"{lines.without_control}, og tvillinger skal sættes på den"
    if lines.contract.releases[lines.release].prs_soap is PrsSoap.WITHDRAWN:
        return f"i {lines.release} findes PersonRegistrationService ikke mere"
    return ""


def search(lines: FuzzLines, budget: Budget) -> Iterator[ParityFinding]:
    """Play histories until the budget is spent or the twins differ; yield the shortest history in which they do."""
    with _stage(lines) as stage:

        def judge(example: History) -> Difference | None:
            before = stage.calls
            try:
                return stage.play_history(example)
            finally:
                budget.spend(stage.calls - before)

        found = hunts.hunt(histories(lines.contract), judge, encode, lines.seed, budget)
        if found is not None:
            yield _finding(lines, *_without_superfluous(stage, *found))


def _without_superfluous(stage: TwinStage, history: History, difference: Difference) -> tuple[History, Difference]:
    """Remove each step without which the twins differ as well, because Hypothesis does not try to remove every step."""
    number = 0
    while number < len(history.steps):
        shorter = msgspec.structs.replace(history, steps=(*history.steps[:number], *history.steps[number + 1 :]))
        remaining_difference = stage.play_history(shorter)
        if remaining_difference is None:
            number += 1
        else:
            history, difference = shorter, remaining_difference
    return history, stage.play_history(history) or difference


def replay(lines: FuzzLines, finding: ParityFinding) -> ParityFinding | None:
    """Play the history of a finding again; return the finding as it is now, None if the twins no longer differ."""
    with _stage(lines) as stage:
        difference = stage.play_history(finding.history)
    return None if difference is None else _finding(lines, finding.history, difference)


@contextmanager
def _stage(lines: FuzzLines) -> Iterator[TwinStage]:
    """Yield the stage, with a webhook receiver if the stage runs on this machine; empty the stage at the end."""
    assert lines.control is not None, "see why_not"
    with ExitStack() as stack:
        is_local = urlsplit(lines.stage.services).hostname in _LOCAL_HOSTS
        recipient = stack.enter_context(WebhookReceiver(lines.contract)) if is_local else None
        yield TwinStage(lines.services, lines.control, lines.contract, recipient=recipient)
        Control(lines.control).reset()


def _finding(lines: FuzzLines, history: History, difference: Difference) -> ParityFinding:
    return ParityFinding(
        seed=lines.seed, release=lines.release, backend=lines.backend, history=history, difference=difference
    )
