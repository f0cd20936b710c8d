"""`generalproeve load`: traffic and comparisons from a profile, against a stage of our own or one that runs already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generalproeve.base.exit_codes import KanIkkeKoere, Udgang
from generalproeve.settings.options import Given, settings_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vos_load.profil import Profil
    from vos_load.resultat import Resultat


class _Profiler(click.Group):
    """A group where whatever is not a command is a profile to run."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["run", *args]
        return super().resolve_command(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, "PROFILE [TARGET] [OPTIONS]")
        formatter.write_usage(ctx.command_path, "COMMAND [ARGS]...")


@click.group(cls=_Profiler, context_settings={"ignore_unknown_options": True})
def load() -> None:
    """Load a stage, and say how much slower SOAP is than REST.

    PROFILE is one that comes along (`load profiles` lists them) or a TOML file of your own, and TARGET is as for `test`:
    `embedded:` if left out, an address, or a profile of generalproeve.toml. `load run --help` lists the options.
    """


@load.command()
@click.argument("profile")
@click.argument("target", default="embedded:")
@settings_options("load")
@click.option("--control", metavar="URL", help="The control API of a stage that is given by its address.")
@click.option("--duration", help="How long, such as PT30S or PT8H; the profile says if not given.")
@click.option(
    "--times",
    type=click.FloatRange(0, 10_000, min_open=True),
    help="Make the calls this many times as close as the profile says.",
)
@click.option(
    "--users", type=click.IntRange(1, 100_000), help="Closed users who wait for their answer, in place of arrivals."
)
@click.option(
    "--think",
    type=click.FloatRange(0, 86_400),
    default=1.0,
    show_default=True,
    help="Seconds that a closed user thinks, on average.",
)
@click.option(
    "--rounds", type=click.IntRange(8, 100_000), help="Rounds of a comparison; the profile says if not given."
)
@click.option("--people", type=click.IntRange(1, 1_000_000), help="Citizens; the profile says if not given.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63),
    help="The same seed gives the same calls; a new one, always printed, if not given.",
)
@click.option("--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Share the traffic out.")
@click.option(
    "--master", metavar="HOST:PORT", help="Let workers on other machines make the calls; they come to this address."
)
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="How many come to --master.")
@click.option(
    "--ui", is_flag=False, flag_value=8089, type=click.IntRange(1, 65535), help="Locust's own page, on this port."
)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), default=Path("load"), show_default=True,
    help="Folder of report.html, result.json and the CSV files.",
)  # fmt: skip
@click.option("--allow-remote", is_flag=True, help="Let the target be another machine.")
@click.option("--json", "som_json", is_flag=True, help="Print one JSON object, and nothing else.")
@click.pass_context
def run(ctx: click.Context, /, profile: str, target: str, given: Given, **valg: Any) -> None:
    """Run PROFILE against TARGET, and write a report.

    Exit code 0 when every threshold of the profile was kept, 1 when one was not, 2 when the run could not offer its load and is
    not judged, 3 when nobody answers.
    """
    from generalproeve.base.extras import new_seed, require_extra

    require_extra("load")
    from generalproeve.belastning import loeb, rapportering
    from generalproeve.belastning.folk import befolk
    from generalproeve.belastning.scene import belastet, ryd_op_ved_signal
    from generalproeve.cli import loadvalg
    from generalproeve.settings.target import Embedded, resolve
    from vos_load.opgave import Opgave
    from vos_simulators import parties
    from vos_simulators.parties import JOBCENTER

    profilen = loadvalg.profil(profile, valg)
    resolved = resolve(target, given, control=valg["control"], allow_remote=valg["allow_remote"])
    maalet = resolved.target
    seed = new_seed() if valg["seed"] is None else valg["seed"]
    konsol = rapportering.konsol(stille=valg["som_json"])
    antal = loadvalg.processer(profilen, maalet, valg)
    valg["out"].mkdir(parents=True, exist_ok=True)
    ryd_op_ved_signal()
    konsol.print(f"{profilen.title}, mål {maalet.identity}, seed {seed}", markup=False)
    flags = tuple(resolved.given.arguments()) if isinstance(maalet, Embedded) else ()
    with belastet(maalet, flags, resolved.settings.contract) as scene:
        if profilen.nightly is not None and scene.scenen.styring is None:
            raise KanIkkeKoere(f"profile {profile}: nightly needs a control API; give --control")
        opgave = Opgave(
            profil=profilen, tjenester=scene.scenen.tjenester, sekunder=profilen.sekunder, seed=seed,
            organisation=JOBCENTER, system=parties.KSS.system, borgere=(), ur=_nu(), styring=scene.scenen.styring,
            adresser=scene.scenen.adresser, kontrakt=None if scene.scenen.kontrakt is None else str(scene.scenen.kontrakt),
            kanaler=loadvalg.kanaler(profilen, scene),
        )  # fmt: skip
        opgave = befolk(opgave, scene.scenen, profilen.people, med_gruppe=profilen.pairs is None)
        loadvalg.nok_borgere(opgave, antal)
        begyndt = _nu()
        with _fremgang(profilen, stille=valg["som_json"]) as fremad:
            koert = loeb.koer(
                opgave, fremad, processer=antal, ui=valg["ui"],
                mester=valg["master"], pid=scene.pid,
            )  # fmt: skip
    resultat = rapportering.opgoer(profile, profilen, opgave, koert, scene.oplyst, begyndt)
    filer = rapportering.skriv(resultat, valg["out"])
    if valg["som_json"]:
        click.echo(rapportering.som_json(resultat, filer))
    else:
        rapportering.vis(resultat, konsol)
        click.echo(f"rapport: {filer['report.html']}  {filer['result.json']}")
    ctx.exit(_udgang(resultat))


@load.command()
def profiles() -> None:
    """List the profiles that come along."""
    from rich.console import Console
    from rich.table import Table

    from vos_load import profilfil

    tabel = Table(box=None, pad_edge=False, header_style="bold")
    for kolonne in ("profile", "varighed", "hvad"):
        tabel.add_column(kolonne, no_wrap=kolonne != "hvad", overflow="fold")
    for navn in profilfil.navne():
        en = profilfil.indlaes(navn)
        tabel.add_row(navn, en.duration, f"{en.title}: {' '.join(en.about.split())}")
    Console().print(tabel)


@load.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option("--tolerance", type=click.FloatRange(0, 10), default=0.10, show_default=True,
              help="A smaller change is none, however sure it is.")  # fmt: skip
@click.option("--json", "som_json", is_flag=True, help="Print one JSON object, and nothing else.")
@click.pass_context
def compare(ctx: click.Context, before: Path, after: Path, tolerance: float, som_json: bool) -> None:
    """Say what became slower or quicker from the run BEFORE to the run AFTER.

    Comparisons are held together by each channel's time against REST's in the same rounds, so that a slower machine is not a
    slower converter. Exit code 1 if anything became slower.
    """
    from generalproeve.base.extras import require_extra

    require_extra("load")
    from generalproeve.belastning import rapportering
    from vos_load.resultat import laes
    from vos_load.sammenlign import VAERRE, sammenlign

    try:
        aendringer = sammenlign(laes(before), laes(after), tolerance)
    except ValueError as brud:
        raise KanIkkeKoere(str(brud)) from brud
    rapportering.vis_aendringer(aendringer, som_json=som_json)
    ctx.exit(Udgang.KONTRAKT_BRUDT if any(en.dom == VAERRE for en in aendringer) else Udgang.OK)


@load.command()
@click.argument("master", metavar="HOST:PORT")
def worker(master: str) -> None:
    """Make the calls that a run with --master at HOST:PORT asks for, on this machine."""
    from generalproeve.base.extras import require_extra

    require_extra("load")
    from generalproeve.belastning.loeb import arbejd
    from generalproeve.cli import loadvalg

    loadvalg.vaert_og_port("MASTER", master)
    if arbejd(master):
        raise KanIkkeKoere(f"{master}: the work could not be done")


@contextmanager
def _fremgang(profilen: Profil, *, stille: bool) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    from generalproeve.base.progress import fremgang

    par = profilen.pairs
    i_alt = int(profilen.sekunder) if par is None else par.rounds
    with fremgang("sekunder" if par is None else "runder", i_alt, stille=stille) as vis:

        def fremad(sagt: Mapping[str, Any]) -> None:
            if "ui" in sagt:
                click.echo(f"Locusts side: {sagt['ui']}  (Ctrl-C slutter)", err=True)
            if "mester" in sagt and not stille:
                click.echo(f"venter på arbejdere på {sagt['mester']}", err=True)
            naaet = sagt.get("t" if par is None else "runde")
            if naaet is not None:
                vis(min(int(naaet), i_alt))

        yield fremad


def _nu() -> Any:
    from generalproeve.base import machine_clock as maskinur

    return maskinur.nu()


def _udgang(resultat: Resultat) -> Udgang:
    from vos_load import dom

    return {dom.BESTAAET: Udgang.OK, dom.OVERSKREDET: Udgang.KONTRAKT_BRUDT}.get(
        resultat.verdict, Udgang.KUNNE_IKKE_KOERE
    )
