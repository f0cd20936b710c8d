"""Run lint, types, import laws, a minute of fuzzing that is the same every time, and all tests, each by its tool.

Exits with the first failure's code. The same command on every system: `python tools/check.py`. Arguments go on to pytest.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [sys.executable, "-m"]
STEP = (
    ("lint", [*PYTHON, "ruff", "check", "."]),
    ("types", [*PYTHON, "mypy"]),
    ("import laws", [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command as c; c()"]),
    ("fuzz", [*PYTHON, "generalproeve", "fuzz", "embedded:", "--seed", "20241118", "--max-calls", "3200"]),
    ("tests", [*PYTHON, "pytest", "-n", "auto", *sys.argv[1:]]),
)


def main() -> int:
    """Run each step and say which one failed."""
    for name, command in STEP:
        print(f"== {name}", flush=True)
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if code:
            print(f"== {name} failed with exit code {code}", flush=True)
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
