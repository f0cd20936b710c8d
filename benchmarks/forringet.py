"""The command on a reference whose converter takes a fifth longer: `python forringet.py up --json ...`."""

from __future__ import annotations

from typing import Any

from generalproeve import cli
from vos_contracts.base import stopwatch
from vos_reference.converter import Converter, LaeseConverter

ANDEL = 0.2


def langsommere(klasse: type, metode: str) -> None:
    """Let a method spend a fifth more of the time that it took, working."""
    rigtig = getattr(klasse, metode)

    async def forringet(self: Any, *argumenter: Any) -> Any:
        begyndt = stopwatch.seconds()
        svar = await rigtig(self, *argumenter)
        til = stopwatch.seconds() + ANDEL * (stopwatch.seconds() - begyndt)
        while stopwatch.seconds() < til:
            pass
        return svar

    setattr(klasse, metode, forringet)


if __name__ == "__main__":
    langsommere(Converter, "registrer")
    langsommere(LaeseConverter, "laes")
    cli.main()
