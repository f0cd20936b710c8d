"""Check the project: lint, format, types, import laws, a short fuzz and the tests, each by its own tool.

`python tools/check.py` is the quick set and what `make test` runs; `--rest` is everything that the quick set leaves out, and
`--all` both. Other arguments go on to pytest. Stops at the first failure and exits with its code. Works on every system.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [sys.executable, "-m"]
FUZZ = [*PYTHON, "generalproeve", "fuzz", "embedded:", "--seed", "20241118", "--max-calls"]
PYTEST = [*PYTHON, "pytest", "-n", "auto", "--dist", "worksteal", "-m"]

QUICK = (
    ("lint", [*PYTHON, "ruff", "check", "."]),
    ("format", [*PYTHON, "ruff", "format", "--check", "."]),
    ("types", [*PYTHON, "mypy"]),
    ("import laws", [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command as c; c()"]),
    ("short fuzz", [*FUZZ, "400"]),
    ("tests", [*PYTEST, "not slow"]),
)
REST = (
    ("fuzz", [*FUZZ, "3200"]),
    ("slow tests", [*PYTEST, "slow"]),
)


def main(arguments: list[str]) -> int:
    """Run the chosen steps, say which one failed, and end with one line that sums up."""
    steps = REST if "--rest" in arguments else (*QUICK, *REST) if "--all" in arguments else QUICK
    for_pytest = [argument for argument in arguments if argument not in ("--rest", "--all")]
    started = time.monotonic()  # noqa: TID251 - a program of its own, which imports nothing of the project
    for name, command in steps:
        print(f"== {name}", flush=True)
        code = subprocess.run([*command, *(for_pytest if "tests" in name else ())], cwd=ROOT, check=False).returncode
        if code:
            print(f"== {name} failed with exit code {code}", flush=True)
            return code
    minutes, seconds = divmod(round(time.monotonic() - started), 60)  # noqa: TID251 - as above
    print(f"== {', '.join(name for name, _ in steps)}: all passed in {minutes} min {seconds} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
