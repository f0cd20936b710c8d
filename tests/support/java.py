"""Runs a Java source file as a client that nobody here wrote; tests are skipped where there is no Java."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

DEADLINE_S = 120


def run(source: Path, *arguments: str) -> list[str]:
    """Run the program and return the lines that it printed.

    Raises:
        AssertionError: it failed; the message is what it wrote.
    """
    java = shutil.which("java")
    if java is None:
        pytest.skip("java is not installed")
    result = subprocess.run(
        [java, str(source), *arguments],
        capture_output=True, text=True, encoding="utf-8", timeout=DEADLINE_S, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()
