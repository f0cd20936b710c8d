"""The real `generalproeve fuzz`, on a reference with or without a planted defect."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BOEJET = Path(__file__).parent / "boejet.py"


def fuzz(
    *flag: str, mappe: Path, kode: int, bygger: str = "vos_reference.bootstrap:byg"
) -> subprocess.CompletedProcess[str]:
    resultat = subprocess.run(
        [sys.executable, str(BOEJET), bygger, "fuzz", *flag],
        cwd=mappe, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert resultat.returncode == kode, resultat.stdout[-3000:] + resultat.stderr[-3000:]
    return resultat
