"""Which assumed names a verdict rests on: those of every service that a scene called (DESIGN rule 4).

Not here: what the names are (`vos_contracts.navne`), or which rules are assumed (`contracts list`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vos_contracts.kontrakt import Kontrakt

REST = "REST"
Antagelser = Mapping[str, tuple[str, ...]]


def antagelser(kontrakt: Kontrakt) -> Antagelser:
    """List the names that are our choice, by service; REST has headers, members and paths."""
    efter: dict[str, list[str]] = {}
    for noegle in sorted(kontrakt.navne.antagne):
        slags, _, resten = noegle.partition(".")
        tjeneste = REST if slags in {"header", "json", "sti"} else resten.partition(".")[0]
        efter.setdefault(tjeneste, []).append(noegle)
    return {tjeneste: tuple(navne) for tjeneste, navne in efter.items()}


def kaldte(stier: Iterable[str]) -> tuple[str, ...]:
    """Name the services behind these paths, in the order they were first called."""
    return tuple(dict.fromkeys(_tjeneste(sti) for sti in stier))


def _tjeneste(sti: str) -> str:
    sidste = sti.partition("?")[0].rpartition("/")[2]
    return sidste.removesuffix(".svc") if sidste.endswith(".svc") else REST
