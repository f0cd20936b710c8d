"""Which scenes there are, without playing any: feature and name with the example put in, as every report has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pytest_bdd.feature import get_features

from vos_features import SCENARIOS


def scenenavne() -> Iterator[tuple[str, str]]:
    """List them."""
    for egenskab in get_features([str(SCENARIOS)]):
        for scene in egenskab.scenarios.values():
            eksempler = [eksempel for tabel in scene.examples for eksempel in tabel.as_contexts()]
            for eksempel in eksempler or [{}]:
                yield egenskab.name or "", indsat(scene.name, {navn: str(en) for navn, en in eksempel.items()})


def indsat(tekst: str, eksempel: Mapping[str, str]) -> str:
    """Put the example's values in."""
    for navn, vaerdi in eksempel.items():
        tekst = tekst.replace(f"<{navn}>", vaerdi)
    return tekst
