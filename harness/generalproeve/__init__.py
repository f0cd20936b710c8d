"""The command line, the stage and the cast, the journal, verdicts and reports: the only place that sees everyone."""


def __getattr__(name: str) -> str:
    """Look the version up when somebody asks: it takes longer than much of a start."""
    if name == "__version__":
        from importlib.metadata import version

        return version("generalproeve")
    raise AttributeError(name)
