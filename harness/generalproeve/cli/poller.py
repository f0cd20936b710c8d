"""`generalproeve poller`: how well those who empty WSRM queues on a running stage have behaved."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import Udgang
from generalproeve.cli.linje import linjeflag, styring

if TYPE_CHECKING:
    from vos_simulators.poller_behaviour import Adfaerd


@click.command()
@linjeflag
@click.pass_context
def poller(ctx: click.Context, control: str, som_json: bool) -> None:
    """Tell how well those who empty WSRM queues behave: how often they come, and what they forget.

    Read from the stage's journal, which holds the latest ten thousand entries. Exit code 1 when somebody loses messages or gets
    them again, 5 when nobody has opened a sequence.
    """
    from vos_simulators.poller_behaviour import FOELGE, Uskik, adfaerd, mistet

    with styring(control) as linje:
        journal, now = linje.journal(), linje.status().ur
    alle, tabt = adfaerd(journal.poster, now), mistet(journal)
    if som_json:
        click.echo(json.dumps({"lost": tabt, "owners": [_json(en) for en in alle]}, ensure_ascii=False))
    else:
        if tabt:
            click.echo(f"journalen har mistet de ældste {tabt} poster")
        for en in alle:
            click.echo(
                f"{en.ejer}: {en.sekvenser} sekvenser, {en.afsluttede} afsluttet, {en.beskeder} beskeder, "
                f"{_mellemrum(en.mellemrum)}"
            )
            for fund in en.fund:
                hvad = f" {fund.beskedtype}" if fund.beskedtype else ""
                click.echo(f"  {fund.uskik}{hvad} - følge: {FOELGE[fund.uskik]} (sekvens {fund.sekvens})")
    alvorlige = {Uskik.GLEMTE_AT_AFSLUTTE, Uskik.IGNOREREDE_EN_LINJE}
    brud = any(fund.uskik in alvorlige for en in alle for fund in en.fund)
    ctx.exit(Udgang.INTET_VALGT if not alle else Udgang.KONTRAKT_BRUDT if brud else Udgang.OK)


def _mellemrum(mellemrum: timedelta | None) -> str:
    return "kom én gang" if mellemrum is None else f"kom hvert {mellemrum.total_seconds():g}. sekund (median)"


def _json(en: Adfaerd) -> dict[str, object]:
    return {
        "owner": en.ejer,
        "sequences": en.sekvenser,
        "terminated": en.afsluttede,
        "messages": en.beskeder,
        "interval_s": None if en.mellemrum is None else en.mellemrum.total_seconds(),
        "lapses": [
            {
                "lapse": fund.uskik.value,
                "type": fund.beskedtype,
                "sequence": fund.sekvens,
                "at": fund.tidspunkt.isoformat(),
            }
            for fund in en.fund
        ],
    }
