"""`generalproeve poller`: grade the systems that have emptied WSRM queues on a running stage."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import Exit
from generalproeve.cli.line import line_flags, open_control

if TYPE_CHECKING:
    from vos_simulators.poller_behaviour import Behaviour


@click.command()
@line_flags
@click.pass_context
def poller(ctx: click.Context, control: str, as_json: bool) -> None:
    """Grade the systems that have emptied WSRM queues on a running stage: how often they poll, and what they forget.

    The grades come from the stage's journal, which holds the latest 10,000 entries. Exit code 1 if a system loses messages or
    gets them again, 5 if none has opened a sequence.
    """
    from vos_simulators.poller_behaviour import CONSEQUENCES, BadHabit, behaviour, lost_entries

    with open_control(control) as stage:
        journal, now = stage.journal(), stage.status().clock
    pollers, lost = behaviour(journal.entries, now), lost_entries(journal)
    if as_json:
        click.echo(json.dumps({"lost": lost, "owners": [_json(party) for party in pollers]}, ensure_ascii=False))
    else:
        if lost:
            click.echo(f"journalen har mistet de ældste {lost} poster")
        for party in pollers:
            click.echo(
                f"{party.owner}: {party.sequences} sekvenser, {party.ended} afsluttet, {party.messages} beskeder, "
                f"{_gap(party.gap)}"
            )
            for finding in party.finding:
                message_type = f" {finding.message_type}" if finding.message_type else ""
                click.echo(
                    f"  {finding.bad_habit}{message_type} - "
                    f"følge: {CONSEQUENCES[finding.bad_habit]} (sekvens {finding.sequence})"
                )
    serious = {BadHabit.DID_NOT_TERMINATE, BadHabit.SKIPPED_A_LINE}
    lapsed = any(finding.bad_habit in serious for party in pollers for finding in party.finding)
    ctx.exit(Exit.NOTHING_CHOSEN if not pollers else Exit.CONTRACT_BROKEN if lapsed else Exit.OK)


def _gap(gap: timedelta | None) -> str:
    return "kom én gang" if gap is None else f"kom hvert {gap.total_seconds():g}. sekund (median)"


def _json(behaviour: Behaviour) -> dict[str, object]:
    return {
        "owner": behaviour.owner,
        "sequences": behaviour.sequences,
        "terminated": behaviour.ended,
        "messages": behaviour.messages,
        "interval_s": None if behaviour.gap is None else behaviour.gap.total_seconds(),
        "lapses": [
            {
                "lapse": finding.bad_habit.value,
                "type": finding.message_type,
                "sequence": finding.sequence,
                "at": finding.instant.isoformat(),
            }
            for finding in behaviour.finding
        ],
    }
