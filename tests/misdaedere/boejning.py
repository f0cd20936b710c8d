"""How a reference is bent: a function of it is given another, or a table of its contract is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any
from unittest.mock import patch

from vos_contracts.kontrakt import Kontrakt
from vos_reference import bootstrap
from vos_reference.config import Konfiguration

Bygger = Callable[[Konfiguration, Kontrakt], "Boejet"]
Tabelaendring = Callable[[Kontrakt], Kontrakt]
MISDAEDERE: dict[str, Bygger] = {}
Sted = tuple[object, str]
STEDER: dict[str, tuple[Sted, ...]] = {}
"""The functions that whoever misbehaves bends: a scene that calls none of them cannot tell. None are known of a bent table."""


@dataclass
class Boejet:
    """A reference whose code is patched until it is closed."""

    applikation: bootstrap.Applikation
    lapper: list[Any]

    def __getattr__(self, navn: str) -> Any:
        return getattr(self.applikation, navn)

    def luk(self) -> None:
        self.applikation.luk()
        for lap in self.lapper:
            lap.stop()


def boejer(*steder: Sted) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let the function stand in for those of the reference; it is given the right one and what that is called with."""

    def misdaeder(ny: Callable[..., Any]) -> Callable[..., Any]:
        def byg(konfiguration: Konfiguration, kontrakt: Kontrakt) -> Boejet:
            lapper = []
            for sted, navn in steder:
                rigtig = getattr(sted, navn)
                stand_in = partial(ny, rigtig)
                lapper.append(patch.object(sted, navn, _metode(stand_in) if isinstance(sted, type) else stand_in))
            for lap in lapper:
                lap.start()
            return Boejet(bootstrap.byg(konfiguration, kontrakt), lapper)

        MISDAEDERE[ny.__name__], STEDER[ny.__name__] = byg, steder
        return ny

    return misdaeder


def saetter(
    sted: object, navn: str, vaerdi: object, *bruges_i: Sted
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Give a constant of the reference another value; `bruges_i` are the functions that use it."""

    def misdaeder(ny: Callable[[], None]) -> Callable[[], None]:
        def byg(konfiguration: Konfiguration, kontrakt: Kontrakt) -> Boejet:
            lap: Any = patch.object(sted, navn, vaerdi)
            lap.start()
            return Boejet(bootstrap.byg(konfiguration, kontrakt), [lap])

        MISDAEDERE[ny.__name__], STEDER[ny.__name__] = byg, bruges_i
        return ny

    return misdaeder


def boejer_tabel(*bruges_i: Sted) -> Callable[[Tabelaendring], Tabelaendring]:
    """Let the reference, and it alone, read the contract so; `bruges_i` are the functions that read it there, if not all do."""

    def misdaeder(ny: Tabelaendring) -> Tabelaendring:
        def byg(konfiguration: Konfiguration, kontrakt: Kontrakt) -> Boejet:
            return Boejet(bootstrap.byg(konfiguration, ny(kontrakt)), [])

        MISDAEDERE[ny.__name__], STEDER[ny.__name__] = byg, bruges_i
        return ny

    return misdaeder


class Spor:
    """The innocent, who remembers which of the functions that others bend have been called."""

    def __init__(self) -> None:
        self._kaldte: set[str] = set()

    def __call__(self, konfiguration: Konfiguration, kontrakt: Kontrakt) -> Boejet:
        """Build it."""
        steder = dict.fromkeys(sted for steder in STEDER.values() for sted in steder)
        lapper: list[Any] = [patch.object(sted, navn, self._optaget(sted, navn)) for sted, navn in steder]
        for lap in lapper:
            lap.start()
        return Boejet(bootstrap.byg(konfiguration, kontrakt), lapper)

    def tag(self) -> frozenset[str]:
        """Return whom the calls since last time would have given away."""
        kaldte, self._kaldte = frozenset(self._kaldte), set()
        return frozenset(
            en for en, steder in STEDER.items() if not steder or any(_navn(*sted) in kaldte for sted in steder)
        )

    def _optaget(self, sted: object, navn: str) -> Callable[..., Any]:
        rigtig, noegle = getattr(sted, navn), _navn(sted, navn)

        def optaget(*argumenter: Any, **andre: Any) -> Any:
            self._kaldte.add(noegle)
            return rigtig(*argumenter, **andre)

        return optaget


def _navn(sted: object, navn: str) -> str:
    return f"{getattr(sted, '__module__', '')}.{getattr(sted, '__name__', '')}.{navn}"


def _metode(stand_in: Callable[..., Any]) -> Callable[..., Any]:
    return lambda selv, *argumenter: stand_in(selv, *argumenter)
