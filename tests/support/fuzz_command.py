"""Runs `generalproeve fuzz` in a process of its own, on the reference with or without a planted fault."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

BENT = Path(__file__).with_name("bent.py")
FAULTS = "support.planted_faults"


def fuzz(
    *flags: str, folder: Path, code: int, builder: str = "vos_reference.bootstrap:build"
) -> subprocess.CompletedProcess[str]:
    """Run the command in the folder on the reference that the builder makes, and assert that it ends with the exit code."""
    result = subprocess.run(
        [sys.executable, str(BENT), builder, "fuzz", *flags],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert result.returncode == code, result.stdout[-3000:] + result.stderr[-3000:]
    return result


def findings(*flags: str, folder: Path, builder: str) -> list[dict[str, Any]]:
    """Fuzz a faulty reference and assert exit code 1; return the findings, each with `what` and the name of its `file`."""
    found: list[dict[str, Any]] = json.loads(fuzz(*flags, "--json", folder=folder, code=1, builder=builder).stdout)[
        "findings"
    ]
    return found
