"""Golden messages: for each operation a good request and answer as files, and one refusal per error code.

They stand under the shipped names; an overlay does not change them. A folder is named for its operation, with the service
before it where two services have an operation of that name; a webservice message's for its entity. The refusals differ by
number and text only: each channel has them in one file, a line each, which `generation` writes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

CHANNELS = ("rest", "soap", "wsb")
REFUSALS = "refusals.jsonl"


@dataclass(frozen=True, slots=True)
class Example:
    """One golden message; `folder` is its operation, `name` its file or `refusal.CODE`."""

    channel: str
    folder: str
    name: str
    content: bytes

    @property
    def operation(self) -> str:
        """The operation."""
        return self.folder.rpartition(".")[2]

    @property
    def path(self) -> str:
        """What a reader is told that the message is called."""
        return f"examples/{self.channel}/{self.folder}/{self.name}"

    @property
    def is_refusal(self) -> bool:
        """Say whether it is a line of the channel's file of refusals."""
        return self.name.startswith("refusal.")

    def hears_until(self, service: str) -> bool:
        """Say whether the message may be that service's."""
        return self.folder.rpartition(".")[0] in ("", service)


def everyone() -> Iterator[Example]:
    """List them by channel: the good ones by operation and name, then the refusals by operation and error code."""
    for channel in CHANNELS:
        yield from good_messages(channel)
        yield from refusals(channel)


def good_messages(channel: str) -> Iterator[Example]:
    """List the channel's good requests, answers and messages."""
    for folder in _folders(files("vos_contracts.examples").joinpath(channel)):
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            yield Example(channel, folder.name, file.name, file.read_bytes())


def refusals(channel: str) -> Iterator[Example]:
    """List the channel's refusals; the content is the XML of a SOAP fault, and JSON of a REST answer."""
    for line in refusal_file(channel).splitlines():
        entry = json.loads(line)
        message = entry["message"]
        content = message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
        yield Example(channel, entry["operation"], f"refusal.{entry['code']}", content.encode())


def refusal_file(channel: str) -> bytes:
    """Read the channel's file of refusals: UTF-8, one JSON object per line."""
    return files("vos_contracts.examples").joinpath(channel, REFUSALS).read_bytes()


def _folders(root: Traversable) -> list[Traversable]:
    return sorted((entry for entry in root.iterdir() if entry.is_dir()), key=lambda entry: entry.name)
