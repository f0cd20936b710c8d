"""Run the `generalproeve` command on a reference whose SOAP converter takes a fifth longer; `load` measures with it.

    python benchmarks/degraded.py up --json --port 0

Takes the arguments of `generalproeve` and prints what that command prints. `load` compares a run on it with a run on
the unchanged reference, to show that `generalproeve load compare` reports the difference.
"""

from __future__ import annotations

from typing import Any

from generalproeve import cli
from vos_contracts.base import stopwatch
from vos_reference.edge.soap.converter import Converter, ReadConverter

SHARE = 0.2
"""The added share of the time of a call."""


def slower(class_: type, method: str) -> None:
    """Make a method busy for another fifth of the time that it took; a sleep would free the core for other calls."""
    real = getattr(class_, method)

    async def degraded(self: Any, *arguments: Any) -> Any:
        begun = stopwatch.seconds()
        response = await real(self, *arguments)
        until = stopwatch.seconds() + SHARE * (stopwatch.seconds() - begun)
        while stopwatch.seconds() < until:
            pass
        return response

    setattr(class_, method, degraded)


if __name__ == "__main__":
    slower(Converter, "register")
    slower(ReadConverter, "read")
    cli.main()
