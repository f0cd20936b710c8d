"""Regenerate the golden refusals from the contract: contracts/vos_contracts/examples/<channel>/refusals.jsonl."""

from __future__ import annotations

from pathlib import Path

from vos_contracts.contract import load
from vos_contracts.examples import CHANNELS, REFUSALS
from vos_contracts.examples.generation import refusal_lines

FOLDER = Path(__file__).resolve().parents[1] / "contracts" / "vos_contracts" / "examples"


def main() -> None:
    """Write the file of every channel."""
    for channel in CHANNELS:
        written = list(refusal_lines(channel, load()))
        file = FOLDER / channel / REFUSALS
        file.write_text("".join(f"{line}\n" for line in written), "utf-8")
        print(f"{file.relative_to(FOLDER.parents[2])}: {len(written)} refusals")


if __name__ == "__main__":
    main()
