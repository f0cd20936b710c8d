"""What the command line has chosen, read into a profile, a target and the stage's own flags.

Errors of all: KanIkkeKoere; click's UsageError for flags that do not go together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.belastning.scene import Belastet
from generalproeve.settings.exposure import require_loopback
from generalproeve.settings.target import Embedded, Target
from vos_load import profil as profiler
from vos_load import profilfil
from vos_load.opgave import Opgave, antal_spurgte
from vos_load.profil import Kolonne, Profil


def profil(navn: str, valg: Mapping[str, Any]) -> Profil:
    """Read the profile and lay the flags over it."""
    try:
        den = profilfil.indlaes(navn)
        if valg["duration"] is not None:
            profiler.varighed(valg["duration"])
            den.duration = valg["duration"]
    except profilfil.ProfilFejl as brud:
        raise KanIkkeKoere(str(brud)) from brud
    except ValueError as brud:
        raise click.UsageError(f"--duration: {brud}") from brud
    den.people = valg["people"] or den.people
    if den.pairs is not None:
        for flag in ("times", "users"):
            if valg[flag] is not None:
                raise click.UsageError(f"--{flag}: {navn} is a comparison, one call at a time")
        den.pairs.rounds = valg["rounds"] or den.pairs.rounds
        return den
    if valg["rounds"] is not None:
        raise click.UsageError(f"--rounds: {navn} is no comparison")
    if valg["users"] is not None:
        den.users, den.rate = profiler.Brugere(count=valg["users"], think_seconds=valg["think"]), None
    if valg["times"] is not None:
        if den.rate is None:
            raise click.UsageError("--times: closed users call when they have their answer")
        den.rate.times = tuple(en * valg["times"] for en in den.rate.times)
    return den


def kanaler(profilen: Profil, scene: Belastet) -> tuple[Any, ...]:
    """Return the columns of a comparison: what can be forced is forced; what cannot is SOAP as the stage has it."""
    if profilen.pairs is None:
        return ()
    if scene.scenen.styring is None:
        return Kolonne.REST, Kolonne.SOAP
    if not scene.har_prs:
        raise KanIkkeKoere(f"release {scene.oplyst['release']}: has no SOAP registration to compare with")
    return Kolonne.REST, Kolonne.CONVERTER, Kolonne.KLASSISK


def vaert_og_port(flag: str, tekst: str) -> str:
    """Return the host of HOST:PORT."""
    vaert, _, port = tekst.rpartition(":")
    if not vaert or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise click.UsageError(f"{flag} {tekst}: must be HOST:PORT")
    return vaert


def processer(profilen: Profil, maalet: Target, valg: Mapping[str, Any]) -> int:
    """Return how many processes make the calls, of those that go together with the rest."""
    flere = valg["processes"] > 1 or valg["master"] is not None
    if profilen.pairs is not None and (flere or valg["ui"] is not None):
        raise click.UsageError(
            "a comparison is one call at a time, from its first round to its last: no --processes, --master or --ui"
        )
    if valg["ui"] is not None and flere:
        raise click.UsageError("--ui is for one process: no --processes or --master")
    if valg["master"] is None and valg["workers"] > 1:
        raise click.UsageError("--workers come to --master; --processes are on this machine")
    antal = int(valg["processes"])
    if valg["master"] is not None:
        if valg["processes"] > 1:
            raise click.UsageError("--processes are on this machine; --workers come to --master")
        vaert = vaert_og_port("--master", valg["master"])
        require_loopback("--master", f"http://{valg['master']}", allow_remote=valg["allow_remote"])
        if isinstance(maalet, Embedded) and vaert not in {"127.0.0.1", "localhost"}:
            raise click.UsageError(
                f"--master {valg['master']}: workers on other machines cannot reach the embedded stage"
            )
        antal = int(valg["workers"])
    if profilen.users is not None and profilen.users.count < antal:
        raise click.UsageError(f"{profilen.users.count} users cannot be shared out to {antal} processes")
    return antal


def nok_borgere(opgave: Opgave, antal: int) -> None:
    """See that nobody is called about twice where that would be the caller's mistake."""
    par = opgave.profil.pairs
    if par is not None:
        mindst = par.block * len(opgave.kanaler) + antal_spurgte(opgave)
        if len(opgave.borgere) < mindst:
            raise KanIkkeKoere(f"people: {len(opgave.borgere)} are too few; a round of the comparison takes {mindst}")
    elif len(opgave.borgere) < antal:
        raise KanIkkeKoere(f"people: {len(opgave.borgere)} cannot be shared out to {antal} processes")
