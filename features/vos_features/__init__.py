"""The Danish scenarios (`scener/`) and their steps as a pytest plugin; never imports the reference."""

from importlib.resources import files
from pathlib import Path

SCENER = Path(str(files("vos_features").joinpath("scener")))
"""The folder of the feature files."""
