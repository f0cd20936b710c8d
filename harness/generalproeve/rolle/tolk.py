"""Tell what a real system must do: to people in Danish on the console, to machines as a line of JSON in a file.

The citizen's number stands whole in both: the party cannot act without it. Not here: what is waited for (`rolle.ekstern`).
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.status import Status
from rich.table import Table

from generalproeve.base.masking import synlig
from generalproeve.cast.keyboard import Taster
from generalproeve.rolle.ekstern import Opgave, Tolk, Valg
from generalproeve.rolle.handling import Handling
from generalproeve.rolle.iagttagelser import Iagttaget
from generalproeve.rolle.sammenligning import Forskel

_VALG = {"s": Valg.SPRING_OVER, "r": Valg.PROEV_IGEN, "g": Valg.OPGIV}


@contextlib.contextmanager
def aabn(konsol: Console, opgaver: Path | None, *, med_taster: bool, tavs: bool) -> Iterator[Tolk]:
    """Choose who tells: the terminal with its keys, or plain lines, or nobody; and the file of tasks if there is one."""
    with contextlib.ExitStack() as aabne:
        til_mennesker: Tolk
        if tavs:
            til_mennesker = Tavs()
        elif med_taster and konsol.is_terminal and sys.stdin.isatty():
            til_mennesker = skaerm = Skaermtolk(konsol, Taster())
            aabne.callback(skaerm.slut)  # also where Ctrl-C ends the wait
        else:
            til_mennesker = Linjetolk(konsol)
        if opgaver is None:
            yield til_mennesker
            return
        fil = Opgavefil(opgaver)
        aabne.callback(fil.luk)
        yield Begge(til_mennesker, fil)


def instruks(opgave: Opgave) -> list[str]:
    """Say in Danish what the system must do, a line each."""
    handling = opgave.handling
    linjer = [
        f"{opgave.part.upper()} ({_hvem(opgave)}) skal nu: {opgave.trin}",
        f"  kald {handling.tjeneste}, {handling.operation} ({handling.kanal}), fra system {_system(handling)}",
    ]
    if handling.borger:
        linjer.append(f"  borger {handling.borger}")
    linjer += [f"  {felt} = {vaerdi}" for felt, vaerdi in handling.felter.items()]
    return [*linjer, f"  på {opgave.adresse}{handling.sti}"]


def _hvem(opgave: Opgave) -> str:
    kalder = opgave.handling.kalder
    return opgave.rolle if kalder is None else f"{opgave.rolle}, {kalder.aktiv}"


def _system(handling: Handling) -> int:
    return 0 if handling.kalder is None else handling.kalder.system


class Linjetolk:
    """Plain lines, for logs and pipes."""

    def __init__(self, konsol: Console) -> None:
        self._konsol = konsol
        self._vist: Sequence[Forskel] = ()

    def skal(self, opgave: Opgave) -> None:
        """Say it."""
        self._vist = ()
        for linje in instruks(opgave):
            self._skriv(linje)

    def venter(self, opgave: Opgave, rest: float, naer: Sequence[Forskel]) -> Valg | None:
        """Say of a call that came close, once, how it differs."""
        if naer and naer != self._vist:
            self._vist = naer
            for en in naer:
                self._skriv(f"  kom tæt på: {en}")
        return None

    def gjort(self, opgave: Opgave, kom: Iagttaget) -> None:
        """Say that it came."""
        self._skriv(f"  kaldet kom og blev besvaret med HTTP {kom.svar.status}")

    def udeblev(self, opgave: Opgave, naer: Sequence[Forskel]) -> None:
        """Say that it did not."""
        self._skriv(f"  kaldet kom ikke inden for {opgave.frist:g} s")

    def _skriv(self, linje: str) -> None:
        self._konsol.print(synlig(linje), markup=False, highlight=False, soft_wrap=True)


class Skaermtolk:
    """A terminal: the instruction, a countdown, the differences as a table, and keys to skip, retry or give up."""

    def __init__(self, konsol: Console, taster: Taster) -> None:
        self._konsol = konsol
        self._taster = taster
        self._status: Status | None = None
        self._vist: Sequence[Forskel] = ()

    def skal(self, opgave: Opgave) -> None:
        """Draw the instruction, and begin to count down."""
        self._vist = ()
        foerste, *resten = instruks(opgave)
        self._konsol.print(f"\n{foerste}", style="bold cyan", markup=False, highlight=False)
        for linje in resten:
            self._konsol.print(synlig(linje), markup=False, highlight=False, soft_wrap=True)
        self._taster.aabn()
        self._status = self._konsol.status(self._nedtaelling(opgave.frist))
        self._status.start()

    def venter(self, opgave: Opgave, rest: float, naer: Sequence[Forskel]) -> Valg | None:
        """Count down, draw how a call that came close differs, and hear the keys."""
        if self._status is not None:
            self._status.update(self._nedtaelling(rest))
        if naer and naer != self._vist:
            self._vist = naer
            self._konsol.print(tabel(naer))
        valg = _VALG.get(self._taster.tast().lower())
        if valg in {Valg.SPRING_OVER, Valg.OPGIV}:
            self.slut()
        return valg

    def gjort(self, opgave: Opgave, kom: Iagttaget) -> None:
        """Say that it came."""
        self.slut()
        self._konsol.print(f"  kaldet kom: HTTP {kom.svar.status}", style="green", highlight=False)

    def udeblev(self, opgave: Opgave, naer: Sequence[Forskel]) -> None:
        """Say that it did not."""
        self.slut()
        self._konsol.print(f"  kaldet kom ikke inden for {opgave.frist:g} s", style="red", highlight=False)

    def slut(self) -> None:
        """Count no more, and leave the terminal as it was."""
        if self._status is not None:
            self._status.stop()
        self._taster.luk()

    @staticmethod
    def _nedtaelling(rest: float) -> str:
        return f"venter på kaldet, {rest:.0f} s   [bold]s[/] spring over  [bold]r[/] prøv igen  [bold]g[/] giv op"


def tabel(forskelle: Sequence[Forskel]) -> Table:
    """Draw how a call differs from the one that is meant."""
    tegning = Table(title="et kald kom tæt på", title_justify="left", box=None, pad_edge=False)
    tegning.add_column("felt")
    tegning.add_column("ventet", style="green")
    tegning.add_column("kom", style="red")
    for en in forskelle:
        tegning.add_row(en.felt, en.ventet or "(intet)", en.kom or "(intet)")
    return tegning


class Opgavefil:
    """A file that grows by a line for what must be done, and one for how it went: for a party that acts by machine."""

    def __init__(self, fil: Path) -> None:
        self._fil = fil.open("w", encoding="utf-8", newline="\n")

    def skal(self, opgave: Opgave) -> None:
        """Write the task."""
        handling, kalder = opgave.handling, opgave.handling.kalder
        self._skriv(
            art="opgave", nr=opgave.nr, part=opgave.part, rolle=opgave.rolle, trin=opgave.trin,
            kanal=handling.kanal, tjeneste=handling.tjeneste, operation=handling.operation,
            url=f"{opgave.adresse}{handling.sti}", borger=handling.borger,
            organisation="" if kalder is None else str(kalder.aktiv),
            brugerorganisation="" if kalder is None else str(kalder.bruger_organisation),
            brugertype=0 if kalder is None else kalder.bruger.type, system=_system(handling),
            felter=dict(handling.felter), frist=opgave.frist,
        )  # fmt: skip

    def venter(self, opgave: Opgave, rest: float, naer: Sequence[Forskel]) -> Valg | None:
        """Write nothing."""

    def gjort(self, opgave: Opgave, kom: Iagttaget) -> None:
        """Write that it came."""
        self._skriv(art="gjort", nr=opgave.nr, status=kom.svar.status)

    def udeblev(self, opgave: Opgave, naer: Sequence[Forskel]) -> None:
        """Write that it did not, and what came close."""
        self._skriv(
            art="udeblev", nr=opgave.nr,
            forskelle=[{"felt": en.felt, "ventet": en.ventet, "kom": en.kom} for en in naer],
        )  # fmt: skip

    def luk(self) -> None:
        """Write that there is no more."""
        self._skriv(art="slut")
        self._fil.close()

    def _skriv(self, **felter: object) -> None:
        self._fil.write(json.dumps(felter, ensure_ascii=False) + "\n")
        self._fil.flush()


class Tavs:
    """Nobody: the console is a machine's."""

    def skal(self, opgave: Opgave) -> None:
        """Say nothing."""

    def venter(self, opgave: Opgave, rest: float, naer: Sequence[Forskel]) -> Valg | None:
        """Say nothing."""

    def gjort(self, opgave: Opgave, kom: Iagttaget) -> None:
        """Say nothing."""

    def udeblev(self, opgave: Opgave, naer: Sequence[Forskel]) -> None:
        """Say nothing."""


class Begge:
    """Two who tell of the same; the first hears the keys."""

    def __init__(self, foerste: Tolk, anden: Tolk) -> None:
        self._foerste = foerste
        self._anden = anden

    def skal(self, opgave: Opgave) -> None:
        """Tell both."""
        self._foerste.skal(opgave)
        self._anden.skal(opgave)

    def venter(self, opgave: Opgave, rest: float, naer: Sequence[Forskel]) -> Valg | None:
        """Ask the first."""
        return self._foerste.venter(opgave, rest, naer)

    def gjort(self, opgave: Opgave, kom: Iagttaget) -> None:
        """Tell both."""
        self._foerste.gjort(opgave, kom)
        self._anden.gjort(opgave, kom)

    def udeblev(self, opgave: Opgave, naer: Sequence[Forskel]) -> None:
        """Tell both."""
        self._foerste.udeblev(opgave, naer)
        self._anden.udeblev(opgave, naer)
