"""`generalproeve test`: play the scenes, show them live, write the reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generalproeve.cli.faelles import konfigurationsfil, opsaetning, sceneflag
from generalproeve.base.exit_codes import KanIkkeKoere, Udgang

if TYPE_CHECKING:
    from generalproeve.forloeb import Forloeb
    from generalproeve.rapport.forventet import Opgjort

PROEVEDAG = datetime.fromisoformat("2024-11-18T09:00:00+01:00")
"""The stage clock of an embedded rehearsal where none is given: in the days of release 2024-4, a plain Monday morning."""


@click.command()
@click.argument("target", default="embedded:")
@sceneflag
@click.option("--control", metavar="URL", help="Control API of a stage that is given by its address.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("rehearsal"),
    show_default=True,
    help="Folder of report.html, junit.xml and journal.ndjson.",
)
@click.option(
    "--krav", "noegler", multiple=True, metavar="KEY", help="Play only the scenes of this requirement; repeatable."
)
@click.option(
    "-k",
    "--name",
    "navn",
    default="",
    help="Play only scenes whose feature or name holds this text, as the table shows it.",
)
@click.option(
    "--cast",
    multiple=True,
    metavar="PARTY=external[:PORT][,system=NUMBER]",
    help="Let a real system play a party (kss, akasse, ksd, lss, planner): it is told what to do and calls the printed "
    "address; repeatable. Ports 8490-8494 if not given, 0 for a free one.",
)
@click.option(
    "--cast-deadline",
    type=click.FloatRange(0, min_open=True),
    default=120.0,
    show_default=True,
    help="Seconds that a real system has for each step.",
)
@click.option("--unattended", is_flag=True, help="Nobody is at the keyboard; so it is where there is no terminal.")
@click.option(
    "--tasks",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File that gets a line of JSON for each thing that a real system must do: for one that acts by machine.",
)
@click.option(
    "-n",
    "--parallel",
    "antal",
    type=click.IntRange(1, 32),
    default=1,
    help="Processes that share the scenes, each on an embedded stage of its own. Default 1.",
)
@click.option(
    "--expect",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TOML file of expected differences; `report expect RUN` writes one. A stale entry fails the run.",
)
@click.option("--order", default="file", metavar="file|random[:SEED]", help="In which order. Default file.")
@click.option("--json", "som_json", is_flag=True, help="Print one JSON object at the end, and nothing else.")
@click.pass_context
def test(
    ctx: click.Context,
    target: str,
    fil: Path | None,
    db: Path | None,
    release: str | None,
    backend: str | None,
    contract: Path | None,
    without: tuple[str, ...],
    latency: str | None,
    clock: str | None,
    control: str | None,
    out: Path,
    noegler: tuple[str, ...],
    navn: str,
    cast: tuple[str, ...],
    cast_deadline: float,
    unattended: bool,
    tasks: Path | None,
    antal: int,
    expect: Path | None,
    order: str,
    som_json: bool,
) -> None:
    """Play the scenes against TARGET and give a verdict for each.

    TARGET is `embedded:`, or `embedded:release=2025-1,backend=klassisk`: the reference, started here. Or a stage that runs
    already: an address such as https://host, or the name of a `[profile.NAME]` in generalproeve.toml, which says what it can
    do and which citizens it has. Scenes that need what it cannot do are omitted, each with its reason.
    """
    from rich.console import Console

    from generalproeve import koersel, konsol, parallel
    from generalproeve.settings import configuration as konfiguration
    from generalproeve.settings import target as maal
    from generalproeve.forloeb import Lytter
    from generalproeve.journal import Journalskriver
    from generalproeve.settings.stage import StageSettings
    from generalproeve.opstilling import opstil
    from generalproeve.rapport import forventet, skriv_html, skriv_junit
    from generalproeve.rolle import besaetning as rollebesaetning
    from generalproeve.rolle import tolk
    from generalproeve.rolle.opstil import Rollebesaetning
    from generalproeve.scenenavne import scenenavne
    from generalproeve.udvalg import Udvalg, laes_orden
    from vos_contracts import krav

    konfig = konfigurationsfil(fil)
    profiler = {} if konfig is None else konfiguration.indhold(konfig, konfiguration.miljoe()).get("profile", {})
    maalet = maal.laes(target, profiler, konfig, styring=control, udgave=release)
    if isinstance(maalet, maal.Embedded):
        valgt = opsaetning(
            fil,
            db=db,
            contract=contract,
            without=without,
            port=0,
            control_port=0,
            clock=clock or PROEVEDAG,
            release=release or maalet.udgave,
            backend=backend or maalet.bagende,
            latency=latency or maalet.latens,
        )
        maalet = maalet.valgt(valgt)
    else:
        for flag, vaerdi in (
            ("--db", db), ("--backend", backend), ("--without", without), ("--clock", clock), ("--latency", latency),
        ):  # fmt: skip
            if vaerdi:
                raise click.UsageError(f"{flag} is for the embedded stage; {target} runs already")
        valgt = StageSettings()
        if contract is not None:
            maalet = replace(maalet, scenen=replace(maalet.scenen, kontrakt=contract))
    ukendte = [noegle for noegle in noegler if noegle not in krav.indlaes()]
    if ukendte:
        raise KanIkkeKoere(f"--krav {ukendte[0]}: no such requirement; `generalproeve contracts show krav` lists them")
    eksterne, skaerm = rollebesaetning.laes(cast), Console()
    out.mkdir(parents=True, exist_ok=True)
    filer = {navn_: str(out / navn_) for navn_ in ("report.html", "junit.xml", "journal.ndjson")}
    forventede = () if expect is None else forventet.laes(expect)
    if expect is not None:
        forventet.kend(expect, forventede, scenenavne())
    udvalg = Udvalg(noegler, navn, laes_orden(order))
    lyttere: list[Lytter] = [Journalskriver(out / "journal.ndjson")]
    if not som_json:
        lyttere.append(konsol.Linjer(skaerm) if eksterne else konsol.lytter(skaerm))
    if antal > 1:
        if not isinstance(maalet, maal.Embedded) or eksterne or db:
            raise click.UsageError("--parallel is for the embedded stage with the simulated cast, and without --db")
        forloeb = parallel.spil(maalet, valgt, udvalg, antal, lyttere)
    else:
        with (
            opstil(maalet, valgt) as opstillet,
            tolk.aabn(skaerm, tasks, med_taster=not unattended, tavs=som_json) as fortaeller,
        ):
            if release not in {None, opstillet.ramme.udgave}:
                raise KanIkkeKoere(
                    f"--release {release}: target {target} is in {opstillet.ramme.udgave}; change it there"
                )
            besaetning = Rollebesaetning(eksterne, cast_deadline, fortaeller) if eksterne else None
            forloeb = koersel.spil(opstillet.scenen, opstillet.ramme, lyttere, udvalg, besaetning)
    opgjort = forventet.opgoer(forloeb, forventede, kun_spillede=bool(noegler or navn))
    skriv_html(forloeb, out / "report.html")
    skriv_junit(forloeb, out / "junit.xml")
    if som_json:
        click.echo(konsol.som_json(forloeb, filer))
    else:
        click.echo(f"rapport: {filer['report.html']}  {filer['junit.xml']}  {filer['journal.ndjson']}")
    for linje in opgjort.linjer():
        click.echo(linje, err=som_json)
    ctx.exit(_udgang(forloeb, opgjort))


def _udgang(forloeb: Forloeb, opgjort: Opgjort) -> Udgang:
    from generalproeve.udfald import Udfald

    if forloeb.indsamlingsfejl:
        return Udgang.KUNNE_IKKE_KOERE
    udfald = {scene.udfald for scene in opgjort.uventede}
    if Udfald.FAILED in udfald or opgjort.foraeldede or opgjort.aldrig_spillet:
        return Udgang.KONTRAKT_BRUDT
    if Udfald.ERRORED in udfald:
        return Udgang.UOPNAAELIG
    return Udgang.OK if forloeb.antal().get(Udfald.PASSED) or opgjort.holdt else Udgang.INTET_VALGT
