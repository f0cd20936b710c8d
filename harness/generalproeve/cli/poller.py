"""`generalproeve poller`: how well those who empty WSRM queues on a running stage have behaved."""

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
    """Tell how well those who empty WSRM queues behave: how often they come, and what they forget.

    Read from the stage's journal, which holds the latest ten thousand entries. Exit code 1 when somebody loses messages or gets
    them again, 5 when nobody has opened a sequence.
    """
    from vos_simulators.poller_behaviour import FOLLOW, BadHabit, behaviour, mistet

    with open_control(control) as line:
        journal, now = line.journal(), line.status().clock
    everyone, lost = behaviour(journal.entries, now), mistet(journal)
    if as_json:
        click.echo(json.dumps({"lost": lost, "owners": [_json(one_item) for one_item in everyone]}, ensure_ascii=False))
    else:
        if lost:
            click.echo(f"journalen har mistet de ældste {lost} poster")
        for one_item in everyone:
            click.echo(
                f"{one_item.owner}: {one_item.sequences} sekvenser, {one_item.ended} afsluttet, {one_item.messages} beskeder, "
                f"{_gap(one_item.gap)}"
            )
            for finding in one_item.finding:
                what = f" {finding.message_type}" if finding.message_type else ""
                click.echo(
                    f"  {finding.bad_habit}{what} - følge: {FOLLOW[finding.bad_habit]} (sekvens {finding.sequence})"
                )
    serious = {BadHabit.FORGOTTEN_AT_END, BadHabit.IGNORED_ONE_LINE}
    breach = any(finding.bad_habit in serious for one_item in everyone for finding in one_item.finding)
    ctx.exit(Exit.NOTHING_CHOSEN if not everyone else Exit.CONTRACT_BROKEN if breach else Exit.OK)


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
