"""The Locust file as a performance engineer uses it: Locust's own command, its CSV files, its exit code, and our options."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from vos_contracts.control.stage import JournalDto
from vos_simulators.control import Styring
from vos_simulators.transport import HttpTransport

DEADLINE_S = 240
Locust = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(frozen=True)
class OwnStage:
    """A stage in a process of its own, on the machine's clock."""

    services: str
    control: str

    def calls(self) -> Counter[tuple[str, int]]:
        """Count the journal's calls by service and status."""
        with HttpTransport(self.control) as transport:
            journal: JournalDto = Styring(transport).journal()
        return Counter()
