"""Run the command with a reference whose converter takes a fifth longer: `python benchmarks/degraded.py up --json ...`."""

from __future__ import annotations

from typing import Any

from generalproeve import cli
from vos_contracts.base import stopwatch
from vos_reference.edge.soap.converter import Converter, ReadConverter

SHARE = 0.2


def slower(class_: type, method: str) -> None:
    """Let a method spend a fifth more of the time that it took, working."""
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
