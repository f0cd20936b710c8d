"""The harness: command line, stage, cast, runs, journal and reports; the only package that may import all the others."""


def __getattr__(name: str) -> str:
    """Look the version up on first use: importing importlib.metadata is a noticeable part of a start."""
    if name == "__version__":
        from importlib.metadata import version

        return version("generalproeve")
    raise AttributeError(name)
