"""The real command on a bent reference: `python boejet.py misdaedere:NAVN test embedded: ...`, or `... up ...`."""

from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from misdaedere.boejning import Boejet

from generalproeve import cli, opstilling, scene
from vos_contracts.kontrakt import Kontrakt
from vos_reference import bootstrap
from vos_reference.application import registration
from vos_reference.config import Konfiguration

ONDT_NAVN, ONDT_SVAR = "<img src=x onerror=alert(1)>", "</pre><script>alert(2)</script>"
_drafts = registration.wsrm_drafts


def _med_ondt_navn(*argumenter: Any) -> Iterator[Any]:
    for en in _drafts(*argumenter):
        row = en.event.registrering
        ond = replace(row.registrant, bruger=replace(row.registrant.bruger, navn=ONDT_NAVN))
        yield replace(en, event=replace(en.event, registrering=replace(row, registrant=ond)))


def svarer_med_html(konfiguration: Konfiguration, kontrakt: Kontrakt) -> Boejet:
    """Build a stage whose user names and error texts are HTML."""
    lap = patch.object(registration, "wsrm_drafts", _med_ondt_navn)
    lap.start()
    fejl = {kode: replace(en, dansk=ONDT_SVAR) for kode, en in kontrakt.fejl.items()}
    return Boejet(bootstrap.byg(konfiguration, replace(kontrakt, fejl=fejl)), [lap])


def kommando(bygger: str, *flag: str, mappe: Path, kode: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command on what that builds, and demand the exit code."""
    resultat = subprocess.run(
        [sys.executable, __file__, bygger, *flag],
        cwd=mappe, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert resultat.returncode == kode, resultat.stdout[-3000:] + resultat.stderr[-3000:]
    return resultat


def main() -> None:
    bygger = sys.argv.pop(1)
    opstilling.indlejret = functools.partial(scene.indlejret, bygger=bygger)
    scene.spil_til_signal = functools.partial(scene.spil_til_signal, bygger=bygger)
    cli.main()


if __name__ == "__main__":
    main()
