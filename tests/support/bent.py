"""Run the real command on a misbehaving reference.

As a program: `python tests/support/bent.py support.misbehaving:NAME test embedded: ...`, or `... up ...`.
"""

from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from generalproeve import cli
from generalproeve.run import opening
from generalproeve.stage import stage
from vos_contracts.contract import Contract
from vos_reference import bootstrap
from vos_reference.application import registration
from vos_reference.config import Configuration

if TYPE_CHECKING:
    from support.misbehaving.bending import Bent

EVIL_NAME, EVIL_RESPONSE = "<img src=x onerror=alert(1)>", "</pre><script>alert(2)</script>"
_drafts = registration.wsrm_drafts


def _with_evil_name(*arguments: Any) -> Iterator[Any]:
    for draft in _drafts(*arguments):
        row = draft.event.registration
        evil = replace(row.registrant, user=replace(row.registrant.user, name=EVIL_NAME))
        yield replace(draft, event=replace(draft.event, registration=replace(row, registrant=evil)))


def answers_with_html(configuration: Configuration, contract: Contract) -> Bent:
    """Build a stage whose user names and error texts are HTML."""
    from support.misbehaving.bending import Bent

    fix = patch.object(registration, "wsrm_drafts", _with_evil_name)
    fix.start()
    errors = {code: replace(error, danish=EVIL_RESPONSE) for code, error in contract.errors.items()}
    return Bent(bootstrap.build(configuration, replace(contract, errors=errors)), [fix])


def command(builder: str, *flag: str, folder: Path, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command on the application that `builder` (MODULE:FUNCTION) returns, and require the exit code."""
    result = subprocess.run(
        [sys.executable, __file__, builder, *flag],
        cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert result.returncode == code, result.stdout[-3000:] + result.stderr[-3000:]
    return result


def main() -> None:
    sys.path.insert(0, str(Path(__file__).parents[1]))  # a builder is named from the tests' folder
    builder = sys.argv.pop(1)
    opening.embedded = functools.partial(stage.embedded, builder=builder)
    stage.serve_until_signal = functools.partial(stage.serve_until_signal, builder=builder)
    cli.main()


if __name__ == "__main__":
    main()
