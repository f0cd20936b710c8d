"""The console's listeners: a live table on a terminal, plain lines elsewhere, one JSON object for machines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from rich.console import Console, Group
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from generalproeve.base.masking import masker, synlig
from generalproeve.forloeb import Forloeb, Lytter, Sceneforloeb
from generalproeve.udfald import Udfald

_FARVE: Mapping[Udfald, str] = {
    Udfald.PASSED: "green", Udfald.FAILED: "bold red", Udfald.ERRORED: "bold magenta",
    Udfald.SKIPPED: "yellow", Udfald.OMITTED: "dim",
}  # fmt: skip


def lytter(konsol: Console) -> Lytter:
    """Choose the listener that suits the console."""
    return Levende(konsol) if konsol.is_terminal else Linjer(konsol)


def tabel(scener: list[Sceneforloeb]) -> Table:
    """Draw the scenes: what, channel, registrant, verdict, duration, and what the WSRM said."""
    tegning = Table(box=None, pad_edge=False, header_style="bold")
    tegning.add_column("scene", ratio=5, overflow="fold")
    tegning.add_column("kanal", no_wrap=True)
    tegning.add_column("registrant", no_wrap=True)
    tegning.add_column("udfald", no_wrap=True)
    tegning.add_column("tid", justify="right", no_wrap=True)
    tegning.add_column("WSRM sagde", ratio=4, overflow="fold")
    for scene in scener:
        tegning.add_row(
            Text(scene.navn), scene.kanal, scene.registrant, Text(scene.udfald.dansk, _FARVE[scene.udfald]),
            f"{scene.sekunder * 1000:.0f} ms", Text(scene.wsrm or "-"),
        )  # fmt: skip
    return tegning


def sammendrag(forloeb: Forloeb) -> str:
    """Say how the run went, in a line."""
    antal = forloeb.antal()
    dele = [f"{antal[udfald]} {udfald.dansk}" for udfald in Udfald if antal.get(udfald)]
    return (
        f"{len(forloeb.scener)} scener: {', '.join(dele) or 'ingen'} på {forloeb.sekunder:.1f} s ({forloeb.ramme.maal}"
        f"{f', rækkefølge random:{forloeb.ramme.orden}' if forloeb.ramme.orden else ''})"
    )


def brud(forloeb: Forloeb) -> list[str]:
    """Say for each scene that did not pass where it stopped and why; CPR numbers are masked."""
    linjer: list[str] = []
    for scene in forloeb.scener:
        if scene.udfald in {Udfald.FAILED, Udfald.ERRORED}:
            stoppet = next((trin for trin in scene.trin if trin.udfald in {Udfald.FAILED, Udfald.ERRORED}), None)
            linjer.append(f"{scene.udfald.dansk.upper()}: {scene.navn}")
            if stoppet is not None:
                linjer.append(f"  {stoppet.tekst}  ({stoppet.sted})" if stoppet.sted else f"  {stoppet.tekst}")
            linjer.append(f"  {masker(scene.forklaring)}")
    return [*linjer, *_udeladte(forloeb), *forloeb.indsamlingsfejl]


def _udeladte(forloeb: Forloeb) -> list[str]:
    """Say why scenes were left out, each reason once with how many it cost."""
    grunde = Counter(scene.forklaring for scene in forloeb.scener if scene.udfald is Udfald.OMITTED)
    return [f"{Udfald.OMITTED.dansk.upper()}: {antal} scener, fordi {grund}" for grund, antal in grunde.items()]


class Levende:
    """A live table of the latest scenes over a progress bar; the whole table at the end."""

    def __init__(self, konsol: Console) -> None:
        self._konsol = konsol
        self._fremgang = Progress(
            TextColumn("[bold]scener"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=konsol
        )
        self._opgave = self._fremgang.add_task("scener", total=None)
        self._live = Live(console=konsol, transient=True, refresh_per_second=8)

    def begyndt(self, forloeb: Forloeb) -> None:
        """Begin to draw."""
        self._fremgang.update(self._opgave, total=forloeb.i_alt)
        self._live.start()

    def scene_spillet(self, forloeb: Forloeb, scene: Sceneforloeb) -> None:
        """Draw the latest scenes that there is room for."""
        self._fremgang.advance(self._opgave)
        plads = max(self._konsol.height - 6, 3) // 2
        self._live.update(Group(tabel(forloeb.scener[-plads:]), self._fremgang))

    def sluttet(self, forloeb: Forloeb) -> None:
        """Leave the whole table and the summary."""
        self._live.stop()
        self._konsol.print(tabel(forloeb.scener))
        for linje in brud(forloeb):
            self._konsol.print(synlig(linje), style="red", markup=False, highlight=False)
        self._konsol.print(f"\n{sammendrag(forloeb)}", style="bold", highlight=False)


class Linjer:
    """A plain line per scene, for logs and pipes."""

    def __init__(self, konsol: Console) -> None:
        self._konsol = konsol

    def begyndt(self, forloeb: Forloeb) -> None:
        """Say how many there are."""
        self._skriv(f"{forloeb.i_alt} scener på {forloeb.ramme.maal}")

    def scene_spillet(self, forloeb: Forloeb, scene: Sceneforloeb) -> None:
        """Say how a scene went."""
        self._skriv(
            f"{scene.udfald.dansk:<10} {scene.kanal:<4} {scene.registrant:<20} {scene.sekunder * 1000:>5.0f} ms  "
            f"{scene.navn}  [{scene.wsrm or '-'}]"
        )

    def sluttet(self, forloeb: Forloeb) -> None:
        """Say how the run went."""
        for linje in (*brud(forloeb), sammendrag(forloeb)):
            self._skriv(linje)

    def _skriv(self, linje: str) -> None:
        self._konsol.print(synlig(linje), markup=False, highlight=False, soft_wrap=True)


def som_json(forloeb: Forloeb, filer: Mapping[str, str]) -> str:
    """Write the run's summary as one JSON object."""
    ramme = forloeb.ramme
    return json.dumps(
        {
            "target": ramme.maal, "release": ramme.udgave, "backend": ramme.bagende, "contract": ramme.kontrakt_hash,
            "overlay": ramme.overlay, "order": ramme.orden, "latency": ramme.latens, "version": ramme.version,
            "versions": dict(ramme.versioner), "verdict": forloeb.udfald, "seconds": round(forloeb.sekunder, 3),
            "counts": {udfald.value: forloeb.antal().get(udfald, 0) for udfald in Udfald},
            "scenes": [
                {"feature": en.egenskab, "scene": en.navn, "channel": en.kanal, "registrant": en.registrant,
                 "roles": en.roller, "verdict": en.udfald,
                 "krav": en.krav, "reason": masker(en.forklaring), "where": en.sted,
                 "assumed": dict(ramme.antaget(en)), "assumed_facts": [fakta.navn for fakta in en.antagne]}
                for en in forloeb.scener
            ],
            "files": dict(filer),
        },
        ensure_ascii=False,
    )  # fmt: skip
