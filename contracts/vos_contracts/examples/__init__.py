"""Golden messages: a good request and answer per operation as files, and one refusal per error code.

They use the shipped names; an overlay does not change them. A folder is named after its operation, prefixed with the service
if two services have an operation of that name. A webservice message's folder is named after its entity. Refusals differ by
code and text only, so each channel has them in one file with one JSON object per line, written by `generation`.
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
    """One golden message; `folder` names its operation, `name` is its file name or `refusal.CODE`."""

    channel: str
    folder: str
    name: str
    content: bytes

    @property
    def operation(self) -> str:
        """The operation's name, without the service."""
        return self.folder.rpartition(".")[2]

    @property
    def path(self) -> str:
        """The message's path in reports, relative to the package."""
        return f"examples/{self.channel}/{self.folder}/{self.name}"

    @property
    def is_refusal(self) -> bool:
        """Whether the message is a line of the channel's file of refusals."""
        return self.name.startswith("refusal.")

    def may_belong_to(self, service: str) -> bool:
        """Return whether the message can belong to that service; a folder without a service prefix can belong to any."""
        return self.folder.rpartition(".")[0] in ("", service)


def all_examples() -> Iterator[Example]:
    """List all golden messages by channel: good messages by folder and file name, then refusals by operation and error code."""
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
