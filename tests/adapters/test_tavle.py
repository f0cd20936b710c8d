"""The page that the processes of a stage share: what was written last is read, whole, and once by each."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.stores import empty_store

from byggeklodser import NU, kontrakt
from vos_contracts.koder.udgave import PrsSoap
from vos_contracts.wire.tid import DANSK_TID
from vos_reference.adapters.idkilde import UuidKilde
from vos_reference.adapters.tavle import Foelgeur, Tavle
from vos_reference.application.drift import Drift, Stilling
from vos_reference.clock import StageClock, SystemClock, Urstand

LAESNINGER = 300_000
TO_GANGE = datetime(2024, 10, 27, 2, 30, tzinfo=DANSK_TID, fold=1)
"""The wall clock shows it for the second time."""


def drift(ur: StageClock) -> Drift:
    udgave = kontrakt().udgaver["2024-4"]
    return Drift(empty_store(), ur, UuidKilde(), kontrakt(), udgave, None, journal=lambda post: None)


@pytest.mark.parametrize(
    "stilling",
    [
        Stilling("2024-4", None, Urstand()),
        Stilling("2025-2", PrsSoap.KLASSISK, Urstand(NU)),
        Stilling("2025-1", PrsSoap.CONVERTER, Urstand(TO_GANGE)),
        Stilling("2024-4", None, Urstand(None, timedelta(days=-400, microseconds=7))),
    ],
)
def test_det_laeses_som_det_blev_skrevet_og_een_gang_af_hver(tmp_path: Path, stilling: Stilling) -> None:
    skriver, laesere = Tavle(tmp_path / "side"), [Tavle(tmp_path / "side") for _ in range(2)]
    assert [en.laes() for en in laesere] == [None, None]
    skriver.skriv(stilling)
    laeste = [en.laes() for en in laesere]
    assert laeste == [stilling, stilling]
    for en in laeste:
        assert en is not None
        if en.ur.frosset is not None:
            assert (en.ur.frosset.tzinfo, en.ur.frosset.fold) == (DANSK_TID, stilling.ur.frosset.fold)
    assert [en.laes() for en in laesere] == [None, None]


SKRIV = """
import sys
from datetime import timedelta
from itertools import count
from pathlib import Path
from vos_reference.adapters.tavle import Tavle
from vos_reference.application.drift import Stilling
from vos_reference.clock import Urstand
tavle = Tavle(Path(sys.argv[1]))
for nr in count():
    tavle.skriv(Stilling(("2024-4", "2025-2" * 40)[nr % 2], None, Urstand(None, timedelta(seconds=nr % 2))))
"""


def test_ingen_laeser_en_halv(tmp_path: Path) -> None:
    """Written in another process: in this one nothing happens in the middle of a write."""
    laeser = Tavle(tmp_path / "side")
    with subprocess.Popen([sys.executable, "-c", SKRIV, str(tmp_path / "side")]) as skriver:
        try:
            laest = 0
            while laest < LAESNINGER:
                assert skriver.poll() is None
                stilling = laeser.laes()
                if stilling is not None:
                    laest += 1
                    sekunder = stilling.ur.forskydning.seconds
                    assert stilling == Stilling(("2024-4", "2025-2" * 40)[sekunder], None, stilling.ur)
        finally:
            skriver.kill()


def test_den_ene_drift_foelger_den_anden(tmp_path: Path) -> None:
    foerst = drift(StageClock(SystemClock(), NU))
    skriver, laeser = Tavle(tmp_path / "side"), Tavle(tmp_path / "side")
    foerst.fortael(skriver.skriv)
    ur = Foelgeur(SystemClock())
    anden = drift(ur)

    def foelg() -> None:
        stilling = laeser.laes()
        if stilling is not None:
            anden.overtag(stilling)

    ur.foer = foelg
    assert anden.ur.now() == NU
    foerst.ur.saet(NU + timedelta(days=1))
    assert anden.ur.now() == NU + timedelta(days=1)
    foerst.ur.gaa()
    assert not anden.ur.frosset or anden.ur.now() > NU + timedelta(days=1)
    assert abs(anden.ur.now() - foerst.ur.now()) < timedelta(minutes=1)
    foerst.skift_udgave(kontrakt().udgaver["2025-2"])
    foerst.tving_bagende(PrsSoap.KLASSISK)
    foelg()
    assert (anden.udgave.navn, anden.bagende, anden.prs_soap) == ("2025-2", PrsSoap.KLASSISK, foerst.prs_soap)
    foerst.ur.nulstil()
    assert anden.ur.now() == NU
