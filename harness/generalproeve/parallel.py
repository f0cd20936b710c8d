"""Play the scenes in several processes, each on an embedded stage of its own, as one run: one table, one report."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from queue import Empty
from typing import Any

from generalproeve import koersel
from generalproeve.base.exit_codes import KanIkkeKoere
from generalproeve.forloeb import Forloeb, Lytter, Ramme, Sceneforloeb
from generalproeve.opstilling import opstil
from generalproeve.settings.stage import StageSettings
from generalproeve.settings.target import Embedded
from generalproeve.udvalg import Udvalg
from vos_contracts.base import stopwatch

TAKT_S = 0.5
"""How often we look whether a process has died without a word."""


@dataclass(frozen=True, slots=True)
class _Begyndt:
    ramme: Ramme
    antal: int


@dataclass(frozen=True, slots=True)
class _Sluttet:
    indsamlingsfejl: tuple[str, ...]


class _Sender:
    """A listener that tells the parent process."""

    def __init__(self, koe: Any) -> None:
        self._koe = koe

    def begyndt(self, forloeb: Forloeb) -> None:
        """Say how many there are."""
        self._koe.put(_Begyndt(forloeb.ramme, forloeb.i_alt))

    def scene_spillet(self, forloeb: Forloeb, scene: Sceneforloeb) -> None:
        """Send a scene whole."""
        self._koe.put(scene)

    def sluttet(self, forloeb: Forloeb) -> None:
        """Say that there are no more."""
        self._koe.put(_Sluttet(tuple(forloeb.indsamlingsfejl)))


def _spil(koe: Any, maal: Embedded, opsaetning: StageSettings, udvalg: Udvalg) -> None:
    try:
        with opstil(maal, opsaetning) as opstillet:
            koersel.spil(opstillet.scenen, opstillet.ramme, [_Sender(koe)], udvalg)
    except KanIkkeKoere as brud:
        koe.put(_Sluttet((str(brud),)))


def spil(maal: Embedded, opsaetning: StageSettings, udvalg: Udvalg, antal: int, lyttere: Sequence[Lytter]) -> Forloeb:
    """Play in that many processes; errors: KanIkkeKoere where the stage cannot be started, or a process dies."""
    begyndt = stopwatch.seconds()
    kontekst = multiprocessing.get_context("spawn")
    koe = kontekst.Queue()
    processer = [
        kontekst.Process(target=_spil, args=(koe, maal, opsaetning, udvalg.del_(nr, antal)), daemon=True)
        for nr in range(antal)
    ]
    for en in processer:
        en.start()
    forloeb: Forloeb | None = None
    ventende: list[Sceneforloeb] = []
    i_gang, begyndte = antal, 0
    while i_gang:
        try:
            besked: _Begyndt | Sceneforloeb | _Sluttet = koe.get(timeout=TAKT_S)
        except Empty:
            if any(en.exitcode not in {None, 0} for en in processer):
                raise KanIkkeKoere("a process of the run ended without a word") from None
            continue
        match besked:
            case _Begyndt():
                begyndte += 1
                forloeb = forloeb or Forloeb(besked.ramme)
                forloeb.i_alt += besked.antal
                if begyndte == antal:
                    for lytter in lyttere:
                        lytter.begyndt(forloeb)
            case Sceneforloeb():
                ventende.append(besked)
            case _Sluttet():
                i_gang -= 1
                if forloeb is None or (begyndte < antal and besked.indsamlingsfejl):
                    raise KanIkkeKoere("; ".join(besked.indsamlingsfejl))
                forloeb.indsamlingsfejl += besked.indsamlingsfejl
        if forloeb is not None and begyndte == antal:
            for scene in ventende:
                forloeb.scener.append(scene)
                for lytter in lyttere:
                    lytter.scene_spillet(forloeb, scene)
            ventende.clear()
    assert forloeb is not None, "every process says that it has begun before it says that it is over"
    for en in processer:
        en.join()
    forloeb.scener.sort(key=lambda scene: scene.nummer)
    forloeb.sekunder = stopwatch.seconds() - begyndt
    for lytter in lyttere:
        lytter.sluttet(forloeb)
    return forloeb
