"""The command line, the stage and the cast, the journal, verdicts and reports: the only place that sees everyone."""

from importlib.metadata import version

__version__ = version("generalproeve")
