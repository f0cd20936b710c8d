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
from generalproeve.fuzz.lines import Lines
from generalproeve.fuzz.twins import TwinStage
from vos_contracts.tables.releases import PrsSoap
from vos_simulators.control import Control
from vos_simulators.inboxes.webhook import WebhookReceiver

_HERE = frozenset({"127.0.0.1", "localhost", "::1"})


def why_not(linjer: Lines) -> str:
    """Say why it cannot be played on the stage; empty if it can."""
    if linjer.control is None:
        return f"{linjer.without_control}, og tvillinger skal sættes på den"
    if linjer.contract.releases[linjer.release].prs_soap is PrsSoap.WITHDRAWN:
        return f"i {linjer.release} findes PersonRegistrationService ikke mere"
    return ""


def chase(linjer: Lines, budget: Budget) -> Iterator[ParityFinding]:
    """Hunt until the budget is spent or a history parts the twins, then give the shortest that does."""
    with _stage(linjer) as stage:

        def judge(item: history.History) -> Difference | None:
            before = stage.call
            try:
                return stage.scenario(item)
            finally:
                budget.spend(stage.call - before)

        found = hunts.hunt(histories(linjer.contract), judge, history.encode, linjer.seed, budget)
        if found is not None:
            yield _finding(linjer, *_without_superfluous(stage, *found))


def _without_superfluous(
    stage: TwinStage, this_history: history.History, difference: Difference
) -> tuple[history.History, Difference]:
    """Leave out every step without which the twins part as well: general shrinking does not try them all."""
    number = 0
    while number < len(this_history.steps):
        shorter = msgspec.structs.replace(
            this_history, steps=(*this_history.steps[:number], *this_history.steps[number + 1 :])
        )
        separate = stage.scenario(shorter)
        if separate is None:
            number += 1
        else:
            this_history, difference = shorter, separate
    return this_history, stage.scenario(this_history) or difference


def replay(linjer: Lines, finding: ParityFinding) -> ParityFinding | None:
    """Play it again; None if the twins go together now."""
    with _stage(linjer) as stage:
        difference = stage.scenario(finding.history)
    return None if difference is None else _finding(linjer, finding.history, difference)


@contextmanager
def _stage(linjer: Lines) -> Iterator[TwinStage]:
    """Open it, with a receiver of webservice messages where the stage can reach one here; it is left empty."""
    assert linjer.control is not None, "see why_not"
    with ExitStack() as stack:
        here = urlsplit(linjer.stage.services).hostname in _HERE
        recipient = stack.enter_context(WebhookReceiver(linjer.contract)) if here else None
        yield TwinStage(linjer.services, linjer.control, linjer.contract, recipient=recipient)
        Control(linjer.control).reset()


def _finding(linjer: Lines, this_history: history.History, difference: Difference) -> ParityFinding:
    return ParityFinding(
        seed=linjer.seed, release=linjer.release, backend=linjer.backend, history=this_history, difference=difference
    )
