"""Log formatting of a stage: CPR numbers masked, and characters that would control a terminal escaped."""

from __future__ import annotations

import logging

from generalproeve.base.masking import mask, visible


class LogLine(logging.Formatter):
    """Formats a record and its traceback, masked and escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """Format, then mask and escape."""
        return visible(mask(super().format(record)))


def mask_log_records() -> None:
    """Use this formatter for logging's handler of last resort: the stage configures no logging of its own."""
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(LogLine())
