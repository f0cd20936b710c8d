"""Load: profiles, Locust's users and shape over our codecs, the paired comparison with its statistics, and the report."""

from __future__ import annotations

from pathlib import Path


def locustfile() -> Path:
    """Return the Locust file: within the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "locustfile.py"
    return installed if installed.is_file() else package.parent / "locustfile.py"
