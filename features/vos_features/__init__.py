"""The Danish scenarios (`scenarios/`) and their steps as a pytest plugin; never imports the reference."""

from importlib.resources import files
from pathlib import Path

SCENARIOS = Path(str(files("vos_features").joinpath("scenarios")))
"""The folder of the shipped feature files."""
