"""`generalproeve seed`: Datakanon registers citizens in bulk through the public services of a running stage."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.base.exit_codes import Udgang
from generalproeve.cli.linje import TJENESTER, linje, linjeflag
from generalproeve.settings.exposure import require_loopback

if TYPE_CHECKING:
    from vos_contracts.kontrakt import Kontrakt
    from vos_simulators.bulk_registration import Optaelling


@click.command()
@click.option("--people", type=click.IntRange(1, 1_000_000), default=10_000, show_default=True, help="How many.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed thinks up the same citizens.")
@click.option(
    "--channel", type=click.Choice(["rest", "soap"]), default="rest", show_default=True, help="How they are registered."
)
@click.option(
    "--connections", type=click.IntRange(1, 64), default=8, show_default=True, help="How many calls at a time."
)
@linjeflag
@click.option(
    "--services",
    "tjenester",
    default=TJENESTER,
    show_default=True,
    metavar="URL",
    help="Services of the running stage.",
)
@click.option(
    "--contract", type=click.Path(file_okay=False, path_type=Path), help="Overlay folder that the stage speaks."
)
@click.option("--allow-remote", is_flag=True, help="Let the addresses be another machine's.")
@click.pass_context
def seed(
    ctx: click.Context,
    people: int,
    seed: int,
    channel: str,
    connections: int,
    control: str,
    tjenester: str,
    contract: Path | None,
    allow_remote: bool,
    som_json: bool,
) -> None:
    """Let Datakanon register citizens through the public services of a running stage.

    The citizens come to the stage as from CPR; their contact groups and person categories come over PersonVisiteringService, or
    over PersonRegistrationService with --channel soap. Whoever is on the stage already is passed over. Exit code 1 if any
    registration was refused.
    """
    from generalproeve.cli.faelles import kontrakt as indlaest
    from vos_contracts.base import stopwatch
    from vos_simulators.bulk_registration import masseopret
    from vos_simulators.control import Styring
    from vos_simulators.party import Kanal
    from vos_simulators.stage_reader import Driftslaeser

    require_loopback("--control", control, allow_remote=allow_remote)
    require_loopback("--services", tjenester, allow_remote=allow_remote)
    kontrakt = indlaest(contract)
    begyndt = stopwatch.seconds()
    with (
        linje("--control", control) as styringslinje,
        linje("--services", tjenester) as services,
        _fremgang(people, stille=som_json) as fremgang,
    ):
        optaelling = masseopret(
            Styring(styringslinje),
            services,
            kontrakt,
            antal=people,
            seed=seed,
            kanal=Kanal.PVS if channel == "rest" else Kanal.PRS,
            forbindelser=connections,
            optagne={en.cpr for side in Driftslaeser(styringslinje).tilstand() for en in side.borgere},
            fremgang=fremgang,
        )
    _sig(optaelling, stopwatch.seconds() - begyndt, kontrakt, som_json=som_json)
    ctx.exit(Udgang.KONTRAKT_BRUDT if optaelling.afslag else Udgang.OK)


@contextmanager
def _fremgang(antal: int, *, stille: bool) -> Iterator[Callable[[Optaelling], None]]:
    from generalproeve.base.progress import fremgang

    with fremgang("borgere", antal, stille=stille) as vis:
        yield lambda optaelling: vis(optaelling.personer)


def _sig(optaelling: Optaelling, sekunder: float, kontrakt: Kontrakt, *, som_json: bool) -> None:
    afslag = dict(sorted(optaelling.afslag.items()))
    if som_json:
        svar = {
            "people": optaelling.personer,
            "registrations": dict(sorted(optaelling.registreringer.items())),
            "refusals": {str(kode): antal for kode, antal in afslag.items()},
            "seconds": round(sekunder, 3),
        }
        click.echo(json.dumps(svar))
        return
    metoder = ", ".join(f"{antal} {metode}" for metode, antal in sorted(optaelling.registreringer.items()))
    click.echo(f"{optaelling.personer} borgere på {sekunder:.1f} s: {metoder or 'ingen registreringer'}")
    for kode, antal in afslag.items():
        tekst = kontrakt.fejl[kode].rest if kode in kontrakt.fejl else ""
        click.echo(f"  afvist {antal} gange med {kode} {tekst}")
