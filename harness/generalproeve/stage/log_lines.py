"""What the stage's own log shows: no CPR number, and no character that would act on the terminal it is read on."""

from __future__ import annotations

import logging

from generalproeve.base.masking import mask, visible


class LogLine(logging.Formatter):
    """A record as it may be seen, its traceback too."""

    def format(self, record: logging.LogRecord) -> str:
        """Write it out, then hide."""
        return visible(mask(super().format(record)))


def hold_log_clean() -> None:
    """Let what is logged where nobody has set up logging be written so; errors: none."""
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(LogLine())
